/* CSV files: a header of names, or none, and records of as many fields as the first. */
#include <stdio.h>
#include <string.h>

#include "core/number.h"
#include "core/status.h"
#include "data/preprocessing.h"
#include "formats/csv_reader.h"
#include "formats/data_files.h"
#include "tables/table_read.h"

static char delimiter_of(const snug_csv_options *options) {
    return options->delimiter != 0 ? options->delimiter : ',';
}

/* ---- the first record ------------------------------------------------------------------------ */

/* Returns what a first record of one field holds that could be the delimiter, or NULL. */
static const char *delimiter_hint(char delimiter, const snug_record *record) {
#define HINT(what)                                                                                 \
    "the first line holds " what ": is that the delimiter? (\"delimiter\", --delimiter)"
    static const struct {
        char delimiter;
        const char *hint;
    } others[] = {
        {'\t', HINT("a tab")}, {';', HINT("\";\"")}, {'|', HINT("\"|\"")}, {',', HINT("\",\"")}};
#undef HINT
    for (size_t i = 0; record->count == 1 && i < sizeof others / sizeof *others; i++) {
        if (others[i].delimiter != delimiter &&
            strchr(record->fields[0], others[i].delimiter) != NULL) {
            return others[i].hint;
        }
    }
    return NULL;
}

/* ---- names of columns ------------------------------------------------------------------------ */

/* The first record, as it becomes the names of the columns. */
typedef struct header {
    snug_record_reader *reader;
    const snug_record *record;
    snug_string_set names; /* those in the record, where some column has none */
} header;

static snug_status add_column(const header *h, size_t i, const char *name) {
    snug_record_reader *reader = h->reader;
    size_t index;
    snug_status status = snug_string_set_add(&reader->columns, name, &index);
    if (status == SNUG_OK && index < i) {
        if (snug_cell_classify(name) == SNUG_CELL_NUMBER) {
            return snug_fail(SNUG_ERROR_DATA,
                             "%s:%zu: the column \"%s\" is there twice: does the first line hold "
                             "values? (\"header\": false, --no-header)",
                             reader->file.path, reader->first_line, name);
        }
        return snug_fail(SNUG_ERROR_DATA,
                         "%s:%zu: the column \"%s\" is there twice, as columns %zu and %zu: rename "
                         "or remove one of them",
                         reader->file.path, reader->first_line, name, index + 1, i + 1);
    }
    return status;
}

static snug_status add_named_column(const header *h, size_t i) {
    char number[24];
    snprintf(number, sizeof number, "%zu", i + 1);
    snug_status status =
        snug_check_utf8(h->reader->file.path, h->record->line, number, h->record->fields[i]);
    return status == SNUG_OK ? add_column(h, i, h->record->fields[i]) : status;
}

/* Calls a column by its number; underscores follow where another column has that name. */
static snug_status add_numbered_column(const header *h, size_t i) {
    char name[64];
    int length = snprintf(name, sizeof name, "column%zu", i + 1);
    while (length + 1 < (int)sizeof name &&
           snug_string_set_find(&h->names, name) != SNUG_NOT_IN_SET) {
        name[length++] = '_';
        name[length] = 0;
    }
    return add_column(h, i, name);
}

/* Collects the names in the record once a column has none; an empty one is then among them. */
static snug_status collect_names(header *h) {
    snug_status status = SNUG_OK;
    bool collected = h->names.list.count > 0;
    for (size_t j = 0; !collected && j < h->record->count && status == SNUG_OK; j++) {
        status = snug_string_set_add(&h->names, h->record->fields[j], NULL);
    }
    return status;
}

static snug_status add_nameless_column(header *h, size_t i) {
    snug_status status = collect_names(h);
    if (status == SNUG_OK) {
        status = add_numbered_column(h, i);
    }
    return status == SNUG_OK
               ? snug_string_set_add(&h->reader->nameless, h->reader->columns.list.items[i], NULL)
               : status;
}

static snug_status read_names(snug_record_reader *reader, const snug_record *record) {
    header h = {.reader = reader, .record = record};
    snug_status status = SNUG_OK;
    for (size_t i = 0; i < record->count && status == SNUG_OK; i++) {
        status = reader->options->no_header  ? add_numbered_column(&h, i)
                 : record->fields[i][0] != 0 ? add_named_column(&h, i)
                                             : add_nameless_column(&h, i);
    }
    snug_string_set_clear(&h.names);
    return status;
}

/* ---- the first record ------------------------------------------------------------------------ */

/* Receives the first record alone. */
typedef struct header_pass {
    snug_record_reader *reader;
    snug_status status;
    bool found;
} header_pass;

/* Ends the pass at the first record; header_pass.status is what came of it. */
static snug_status receive_first(void *user, const snug_record *record) {
    header_pass *p = user;
    p->found = true;
    if (record->count == 0) {
        p->status = snug_fail(SNUG_ERROR_DATA, "%s:%zu: the first line has no fields",
                              p->reader->file.path, record->line);
    } else {
        p->reader->first_line = record->line;
        p->reader->hint = delimiter_hint(delimiter_of(p->reader->options), record);
        p->status = read_names(p->reader, record);
    }
    return SNUG_ERROR_DATA;
}

static snug_status open_csv(snug_record_reader *reader) {
    header_pass p = {.reader = reader};
    snug_status status =
        snug_csv_reader_run(&reader->file, delimiter_of(reader->options), receive_first, &p);
    if (p.found) {
        return p.status;
    }
    return status == SNUG_OK ? snug_fail(SNUG_ERROR_DATA, "%s: is empty", reader->file.path)
                             : status;
}

/* ---- records of data ------------------------------------------------------------------------- */

typedef struct data_pass {
    const snug_record_reader *reader;
    snug_record_fn *receive;
    void *user;
    bool skip; /* the next record is the header */
} data_pass;

/* Writes what a message about numbers of fields says of a delimiter that is no comma. */
static void describe_delimiter(char delimiter, char text[80]) {
    char quoted[] = {'"', delimiter, '"', 0};
    const char *name = delimiter == ' ' ? "blanks" : delimiter == '\t' ? "tabs" : quoted;
    text[0] = 0;
    if (delimiter != ',') {
        snprintf(text, 80, ", between %s: is that the delimiter? (\"delimiter\", --delimiter)",
                 name);
    }
}

static snug_status fail_count(const snug_record_reader *reader, const snug_record *record) {
    size_t count = reader->columns.list.count;
    const char *plural = record->count == 1 ? "" : "s";
    char delimiter[80];
    describe_delimiter(delimiter_of(reader->options), delimiter);
    if (reader->options->no_header) {
        return snug_fail(SNUG_ERROR_DATA, "%s:%zu: has %zu field%s where line %zu has %zu%s",
                         reader->file.path, record->line, record->count, plural, reader->first_line,
                         count, delimiter);
    }
    return snug_fail(SNUG_ERROR_DATA, "%s:%zu: has %zu field%s where the header has %zu%s",
                     reader->file.path, record->line, record->count, plural, count, delimiter);
}

static snug_status receive_record(void *user, const snug_record *record) {
    data_pass *p = user;
    if (record->count != p->reader->columns.list.count) {
        return fail_count(p->reader, record);
    }
    if (p->skip) {
        p->skip = false;
        return SNUG_OK;
    }
    return p->receive(p->user, record);
}

static snug_status run_csv(snug_record_reader *reader, snug_record_fn *receive, void *user) {
    data_pass p = {reader, receive, user, !reader->options->no_header};
    return snug_csv_reader_run(&reader->file, delimiter_of(reader->options), receive_record, &p);
}

static const snug_record_format csv_format = {
    .single_column_hint = "is the delimiter right?",
    .open = open_csv,
    .run = run_csv,
};

/* ---- the start of a file --------------------------------------------------------------------- */

/* Reads the first bytes of a file, as UTF-8, and sets *n to their number. */
static snug_status read_start(const snug_byte_source *source, const char *encoding,
                              char bytes[SNUG_SNIFFED_BYTES], size_t *n) {
    snug_text_file file;
    *n = 0;
    snug_status status = snug_text_file_open(&file, source, encoding);
    if (status == SNUG_OK) {
        status = snug_text_file_read(&file, bytes, SNUG_SNIFFED_BYTES, n);
    }
    snug_text_file_close(&file);
    return status;
}

/*
 * Where no option names the delimiter, it is that of the model's table if the first line of this
 * file has it, and otherwise a comma.
 */
static snug_status choose_delimiter(const snug_byte_source *source, snug_csv_options *options) {
    char bytes[SNUG_SNIFFED_BYTES], model = 0;
    size_t n = 0;
    if (options->delimiter == 0 && options->like != NULL) {
        model = options->like->table->delimiter;
    }
    if (model == 0) {
        return SNUG_OK;
    }
    snug_status status = read_start(source, options->encoding, bytes, &n);
    for (size_t i = 0; i < n && bytes[i] != '\n'; i++) {
        options->delimiter = bytes[i] == model ? model : options->delimiter;
    }
    return status;
}

/* A look at the first field of a file: whether it is the name of a column. */
typedef struct first_field {
    const snug_table_schema *like;
    bool is_name;
} first_field;

/* Compares the first field with the names of the columns, and ends the pass. */
static snug_status look_at_first(void *user, const snug_record *record) {
    first_field *look = user;
    const snug_table_schema *like = look->like;
    const char *field = record->count > 0 ? record->fields[0] : "";
    look->is_name = like->target != NULL && strcmp(field, like->target) == 0;
    for (size_t i = 0; like->columns != NULL && i < like->column_count && !look->is_name; i++) {
        look->is_name = strcmp(field, like->columns[i].name) == 0;
    }
    const snug_strings *const others[] = {&like->targets, &like->weights, &like->ignored};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        for (size_t j = 0; j < others[i]->count && !look->is_name; j++) {
            look->is_name = strcmp(field, others[i]->items[j]) == 0;
        }
    }
    return SNUG_ERROR_DATA;
}

/*
 * Where the model's table had no header, this one has none either, unless its first field is a
 * name that the columns got then, such as column1.
 */
static snug_status choose_header(const snug_byte_source *source, snug_csv_options *options) {
    if (options->no_header || options->like == NULL || !options->like->table->no_header) {
        return SNUG_OK;
    }
    first_field look = {.like = options->like->table};
    snug_text_file file;
    snug_status status = snug_text_file_open(&file, source, options->encoding);
    if (status == SNUG_OK) {
        /* The pass ends at the first record; what else is wrong is found when the file is read. */
        (void)snug_csv_reader_run(&file, delimiter_of(options), look_at_first, &look);
    }
    snug_text_file_close(&file);
    options->no_header = !look.is_name;
    return status;
}

/* Whether the quoted field that begins behind `quote` is a number with a decimal comma. */
static bool is_decimal(const char *quote, const char *end) {
    const char *c = quote + 1;
    c += c < end && (*c == '-' || *c == '+');
    const char *digits = c;
    while (c < end && *c >= '0' && *c <= '9') {
        c++;
    }
    if (c == digits || c >= end || *c != ',') {
        return false;
    }
    const char *fraction = ++c;
    while (c < end && *c >= '0' && *c <= '9') {
        c++;
    }
    return c > fraction && c < end && *c == '"';
}

/* What quoted fields at the start of a file, which may hold the delimiter, are. */
typedef struct quoted_fields {
    bool any, decimals; /* decimals: one is a number with a decimal comma */
} quoted_fields;

static snug_status look_at_quotes(const snug_byte_source *source, const char *encoding,
                                  quoted_fields *found) {
    char bytes[SNUG_SNIFFED_BYTES];
    size_t n;
    snug_status status = read_start(source, encoding, bytes, &n);
    for (size_t i = 0; i < n; i++) {
        found->any = found->any || bytes[i] == '"';
        found->decimals = found->decimals || (bytes[i] == '"' && is_decimal(bytes + i, bytes + n));
    }
    return status;
}

/*
 * Where the model's data had decimal commas, and commas delimit here, this file has them only if
 * they are in quotes.
 */
static snug_status choose_model_decimal(const snug_byte_source *source, snug_csv_options *options) {
    quoted_fields quoted = {0};
    snug_status status = SNUG_OK;
    if (options->like != NULL && options->like->table->notation.decimal == ',') {
        status = look_at_quotes(source, options->encoding, &quoted);
    }
    options->decimal = quoted.decimals ? ',' : '.';
    return status;
}

/* Checks that decimal commas are not between commas, unless fields are quoted. */
static snug_status choose_decimal(const snug_byte_source *source, snug_csv_options *options) {
    quoted_fields quoted = {0};
    if (delimiter_of(options) != ',' || options->decimal == '.') {
        return SNUG_OK;
    }
    if (options->decimal == 0) {
        return choose_model_decimal(source, options);
    }
    snug_status status = look_at_quotes(source, options->encoding, &quoted);
    if (status != SNUG_OK || quoted.any) {
        return status;
    }
    return snug_fail(SNUG_ERROR_DATA,
                     "%s: \"decimal\" and \"delimiter\" are both a comma, and no field is quoted: "
                     "the delimiter must be another, such as \";\"",
                     source->name);
}

/* ---- the format ------------------------------------------------------------------------------ */

static snug_dataset *read_dataset(snug_byte_source *files, const snug_data_request *request) {
    snug_csv_options own = request->table, *options = &own;
    if (options->delimiter != 0 && strchr("\"\r\n", options->delimiter) != NULL) {
        snug_fail(SNUG_ERROR_ARGUMENT, "%s: a quote or the end of a line cannot be the delimiter",
                  files[0].name);
        return NULL;
    }
    return choose_delimiter(&files[0], options) == SNUG_OK &&
                   choose_header(&files[0], options) == SNUG_OK &&
                   choose_decimal(&files[0], options) == SNUG_OK
               ? snug_table_read(&csv_format, &files[0], options)
               : NULL;
}

static const char *const extensions[] = {".csv", ".tsv", NULL};

/* It is asked last: what is no other format is taken for CSV, and read with its error messages. */
static bool sniff(const unsigned char *bytes, size_t n) {
    (void)bytes;
    (void)n;
    return true;
}

const snug_data_format snug_data_format_csv = {
    .name = "csv",
    .title = "CSV",
    .summary = "a table of fields between commas, or another delimiter",
    .extensions = extensions,
    .settings = SNUG_DATA_TABLE | SNUG_DATA_DELIMITED,
    .sniff = sniff,
    .records = &csv_format,
    .read = read_dataset,
};

/* ---- the public function --------------------------------------------------------------------- */

snug_dataset *snug_dataset_read_csv(const char *path, const snug_csv_options *options) {
    return snug_data_read_table(path, &snug_data_format_csv, options);
}
