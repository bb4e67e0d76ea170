/*
 * Records of a table file, whatever its format. CSV, JSON lines and libsvm each implement one
 * snug_record_format; table.h makes a dataset of the records that any of them hands over.
 *
 * A format first finds the columns: from the first line, or, where every line may bring new
 * ones, by a pass over the whole file. Then it hands over all records in their order, as often as
 * it is asked to.
 */
#ifndef SNUG_RECORDS_RECORD_READER_H
#define SNUG_RECORDS_RECORD_READER_H

#include "core/string_set.h"
#include "core/warnings.h"
#include "files/text_file.h"
#include "schema/table_schema.h"

/* The key of the target of a model whose target has no name: it was trained on arrays. */
#define SNUG_UNNAMED_TARGET "y"

/* One record of data. Its arrays are valid during the call that receives it. */
typedef struct snug_record {
    size_t line;               /* of the file, from 1, where the record begins */
    size_t count;              /* of fields */
    const char *const *fields; /* strings, each ended by a 0 */
    /* column of each field, each at most once; NULL: field i is of column i, and none is absent */
    const size_t *columns;
    const bool *quoted; /* whether a field is a string whatever it looks like; NULL: none is */
} snug_record;

/* Receives a record; anything but SNUG_OK, after snug_fail(), ends the pass. */
typedef snug_status snug_record_fn(void *user, const snug_record *record);

typedef struct snug_record_format snug_record_format;

/* An open table file. */
typedef struct snug_record_reader {
    const snug_record_format *format;
    snug_text_file file;
    const snug_csv_options *options; /* borrowed */
    const snug_table_schema *like;   /* the table to read this one like, or NULL; borrowed */
    snug_string_set columns;         /* their names, in their order */
    snug_string_set nameless;        /* the names that were made up: the file has none there */
    size_t first_line;               /* number of the line of the first record */
    size_t default_targets;          /* so many last columns are targets unless options name some */
    bool values;                     /* these targets are values, whatever their number */
    snug_warnings warnings;          /* owned; the dataset takes them over */
    const char *hint; /* what else the delimiter may be, for error messages; NULL: no idea */
    void *state;      /* of the format; released by its close() */
} snug_record_reader;

struct snug_record_format {
    /* A record has names for its fields, so that columns have no order. */
    bool keyed;
    /* A column that is absent from a record is 0 there; otherwise its value is missing. */
    bool absent_is_zero;
    /* For error messages where a table has a single column, or NULL. */
    const char *single_column_hint;
    /* Finds the columns, and sets the members of the reader that are named above. */
    snug_status (*open)(snug_record_reader *reader);
    /* Hands all records to `receive`, from the start of the file. */
    snug_status (*run)(snug_record_reader *reader, snug_record_fn *receive, void *user);
    /* Frees the state; NULL: there is none. */
    void (*close)(snug_record_reader *reader);
};

/*
 * Opens a file and finds its columns; options and like are borrowed. Close the reader also after a
 * failure.
 */
snug_status snug_record_reader_open(snug_record_reader *reader, const snug_record_format *format,
                                    const snug_byte_source *source,
                                    const snug_csv_options *options);

/* Hands all records of the file, from its start, to `receive`. */
snug_status snug_record_reader_run(snug_record_reader *reader, snug_record_fn *receive, void *user);

/*
 * Adds the names of the columns of features of a schema to an empty set, without the blanks around
 * them, as those of a table are read; features without names are x1, x2 ...
 */
snug_status snug_add_feature_names(snug_string_set *names, const snug_table_schema *table);

/*
 * For formats whose records name their columns: adds the features of the table to read this one
 * like, if there is one, because a file need not have all of them.
 */
snug_status snug_record_reader_add_features(snug_record_reader *reader);

/* Frees everything but what is borrowed. */
void snug_record_reader_close(snug_record_reader *reader);

/* ---- records whose fields name their columns ------------------------------------------------- */

/* Collects the fields of one record after another. All zero: empty. */
typedef struct snug_record_builder {
    const char **fields;
    size_t *columns;
    bool *quoted;
    size_t count, size;  /* fields of the current record; fields that the arrays can hold */
    size_t *last_record; /* number of the last record that has a field of each column */
    size_t column_count; /* columns that last_record can hold */
    size_t record;       /* number of the current record, from 1 */
} snug_record_builder;

/* Begins a record without fields. */
void snug_record_builder_begin(snug_record_builder *builder);

/*
 * Adds a field, whose string is borrowed. *twice is set, and nothing is added, where the record has
 * one of that column already.
 */
snug_status snug_record_builder_add(snug_record_builder *builder, size_t column, const char *field,
                                    bool quoted, bool *twice);

/* Returns the current record, as of line `line`. */
snug_record snug_record_builder_record(const snug_record_builder *builder, size_t line);

/* Frees the arrays. */
void snug_record_builder_free(snug_record_builder *builder);

#endif
