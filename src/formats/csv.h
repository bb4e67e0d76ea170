/*
 * Reading a table takes two passes over the file, so that memory holds little but the result: the
 * survey finds how many rows there are and what each column is; the fill writes the values where
 * they belong. A third pass is needed only when a column turns out to be text after its first rows.
 */
#ifndef SNUG_FORMATS_CSV_H
#define SNUG_FORMATS_CSV_H

#include "core/string_set.h"
#include "data/dataset.h"
#include "formats/csv_reader.h"

/* What becomes of a column of the file. */
typedef enum snug_csv_role {
    SNUG_CSV_NUMBER,   /* one feature */
    SNUG_CSV_CATEGORY, /* a feature a name */
    SNUG_CSV_CLASS,    /* the target's class, one of the names */
    SNUG_CSV_VALUE,    /* a target's value */
    SNUG_CSV_WEIGHT,   /* the row's weight */
    SNUG_CSV_PART,     /* which part the row is of */
    SNUG_CSV_IGNORED
} snug_csv_role;

typedef struct snug_csv_column {
    char *name;
    snug_csv_role role;
    bool target;
    bool aside;            /* neither a feature nor a target */
    bool chosen;           /* named as a feature */
    size_t first;          /* its first feature, or which value it is */
    snug_string_set names; /* its different values, where it is text or may be classes */
    bool integer;          /* of a category: its number is the one feature */
    bool text;             /* holds something that is no number */
    bool collects;         /* adds to the names */
    bool partial;          /* values were passed over before it collected */
    bool fractional;       /* holds a number that is not whole */
    size_t text_line;      /* where the first text stands */
} snug_csv_column;

typedef struct snug_csv_job {
    snug_csv_reader csv;
    snug_csv_options options;
    const snug_table_schema *like; /* or NULL */
    snug_csv_column *columns;
    size_t count;
    snug_string_set names; /* of the columns, in their order */
    size_t targets;        /* columns of classes or values */
    size_t header_line;    /* the line of the first record */
    const char *hint;      /* at a delimiter that would cut a first record of one field, or NULL */
    size_t rows;
    bool started; /* in this pass: the first record is past */
    size_t filled;
    float *x, *values;
    int32_t *class_of;
    float *weights;       /* or NULL */
    unsigned char *parts; /* or NULL */
    size_t features, outputs, classes;
    bool missing; /* a value is missing */
} snug_csv_job;

/* Makes the columns from the first record, once; finds the targets. */
snug_status snug_csv_header(snug_csv_job *job, const snug_csv_record *record);

/* Finds what is no feature, before and after the targets are known. */
snug_status snug_csv_exclude_columns(snug_csv_job *job);
snug_status snug_csv_choose_features(snug_csv_job *job);

/*
 * The column of that name, or of that number from 1 where there are no names; NULL after
 * snug_fail().
 */
snug_csv_column *snug_csv_find(snug_csv_job *job, const char *name);

/* For the error message about a table of one column: job->hint, or a question in general. */
const char *snug_csv_fail_delimiter(const snug_csv_job *job);

/* Gives the columns the roles, places and names that job->like says. */
snug_status snug_csv_bind(snug_csv_job *job);

/* Counts the rows and decides what each column is. */
snug_status snug_csv_infer(snug_csv_job *job);

/* Fills x, and class_of or values, which have room for job->rows. */
snug_status snug_csv_parse(snug_csv_job *job);

/*
 * For both passes: deals with the first record and with a wrong number of fields; *data says
 * whether the record is one of data.
 */
snug_status snug_csv_next_cell(snug_csv_job *job, const snug_csv_record *record, bool *data);

/*
 * Fails where `text`, a name or a class on that line, is not UTF-8; `where` says which column it is
 * of.
 */
snug_status snug_csv_check_utf8(const snug_csv_job *job, size_t line, const char *where,
                                const char *text);

/* Fails because a pass over the file does not find what the pass before it found. */
snug_status snug_csv_changed(const snug_csv_job *job);

#endif
