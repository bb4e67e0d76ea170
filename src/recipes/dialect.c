#include <math.h>
#include <string.h>

#include "core/locale.h"
#include "core/memory.h"
#include "core/number.h"
#include "core/status.h"
#include "core/string_list.h"
#include "formats/csv_reader.h"
#include "recipes/dialect.h"
#include "recipes/value_counter.h"
#include "schema/notation.h"

enum {
    SAMPLE = 1000,     /* records that are looked at */
    MOST_DISTINCT = 64 /* different strings of a column that are counted */
};

/* ---- records --------------------------------------------------------------------------------- */

/* The first records of a file, which one of the functions below looks at. */
typedef struct sample {
    snug_record_fn *look;
    void *user;
    size_t records;
    snug_status status; /* of `look` */
} sample;

static snug_status receive(void *user, const snug_record *record) {
    sample *s = user;
    s->status = s->look(s->user, record);
    s->records++;
    /* Any failure ends the pass. */
    return s->status == SNUG_OK && s->records < SAMPLE ? SNUG_OK : SNUG_ERROR_DATA;
}

/*
 * Hands the first records to `look`. What is no table with that delimiter ends the pass and is no
 * failure: whoever reads the whole file will say what is wrong.
 */
static snug_status look_at(const snug_byte_source *source, const char *encoding, char delimiter,
                           snug_record_fn *look, void *user) {
    sample s = {.look = look, .user = user, .status = SNUG_OK};
    snug_text_file file;
    snug_status status = snug_text_file_open(&file, source, encoding);
    if (status == SNUG_OK) {
        status = snug_csv_reader_run(&file, delimiter, receive, &s);
    }
    snug_text_file_close(&file);
    return status == SNUG_ERROR_DATA ? s.status : status;
}

/* ---- delimiter ------------------------------------------------------------------------------- */

/* How many records have as many fields as the first. */
typedef struct field_counts {
    size_t first, equal, records;
} field_counts;

static snug_status count_fields(void *user, const snug_record *record) {
    field_counts *counts = user;
    counts->first = counts->records == 0 ? record->count : counts->first;
    counts->equal += record->count == counts->first;
    counts->records++;
    return SNUG_OK;
}

/*
 * Of several that fit, the first of the list: numbers and text hold commas and blanks more often
 * than tabs. Blanks are taken only where nothing else nearly fits.
 */
static snug_status find_delimiter(const snug_byte_source *source, snug_dialect *dialect) {
    static const char delimiters[] = "\t;|, ";
    double best = 0;
    dialect->delimiter = ',';
    for (const char *c = delimiters; *c != 0; c++) {
        field_counts counts = {0};
        snug_status status = look_at(source, dialect->encoding, *c, count_fields, &counts);
        if (status != SNUG_OK) {
            return status;
        }
        double share = counts.first > 1 ? (double)counts.equal / (double)counts.records : 0;
        if (share > best && (*c != ' ' || best < 0.9)) {
            best = share;
            dialect->delimiter = *c;
        }
    }
    return SNUG_OK;
}

/* ---- decimal mark ---------------------------------------------------------------------------- */

/* The fields of each column below the first line, which may name the columns. */
typedef struct marked_columns {
    snug_column_marks *columns; /* owned */
    size_t count;
} marked_columns;

static snug_status count_marks(void *user, const snug_record *record) {
    marked_columns *marked = user;
    if (marked->columns == NULL) {
        marked->columns = snug_alloc(record->count, sizeof *marked->columns);
        marked->count = marked->columns != NULL ? record->count : 0;
        return marked->columns != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
    }
    for (size_t i = 0; i < record->count && i < marked->count; i++) {
        snug_column_marks_add(&marked->columns[i], record->fields[i]);
    }
    return SNUG_OK;
}

static snug_status find_decimal(const snug_byte_source *source, snug_dialect *dialect) {
    marked_columns marked = {0};
    snug_status status =
        look_at(source, dialect->encoding, dialect->delimiter, count_marks, &marked);
    dialect->marks = snug_decimal_choose(marked.columns, marked.count, dialect->delimiter);
    dialect->decimal = dialect->marks.decimal;
    snug_release(marked.columns);
    return status;
}

/* ---- header ---------------------------------------------------------------------------------- */

/* The cells of one column below the first line. */
typedef struct first_column {
    size_t numbers, strings, missing;
    size_t repeats;            /* cells that are the column's name */
    double least, largest;     /* of the numbers */
    snug_value_counter values; /* different strings, of which few are counted */
} first_column;

/* The first record, and the values below each of its fields. */
typedef struct first_line {
    snug_notation notation;
    snug_strings names;
    first_column *columns;
    size_t records;
} first_line;

/* Returns what a field is; *number is its value where it is a number. */
static snug_cell_kind read_field(const first_line *first, const char *field, double *number) {
    char plain[SNUG_PLAIN_SIZE];
    const char *cell = snug_notation_rewrite(&first->notation, field, plain);
    snug_cell_kind kind = snug_cell_classify(cell);
    *number = kind == SNUG_CELL_NUMBER ? snug_parse_double(cell) : 0;
    return kind;
}

static snug_status keep_first(first_line *first, const snug_record *record) {
    size_t count = record->count;
    first->columns = snug_alloc(count, sizeof *first->columns);
    if (first->columns == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    snug_status status = snug_strings_reserve(&first->names, count);
    for (size_t i = 0; i < count && status == SNUG_OK; i++) {
        first->columns[i].values.limit = MOST_DISTINCT;
        status = snug_strings_append(&first->names, record->fields[i]);
    }
    return status;
}

static snug_status add_below(first_line *first, first_column *column, const char *field) {
    double number = 0;
    switch (read_field(first, field, &number)) {
    case SNUG_CELL_NUMBER:
        column->least = column->numbers == 0 ? number : fmin(column->least, number);
        column->largest = column->numbers == 0 ? number : fmax(column->largest, number);
        column->numbers++;
        return SNUG_OK;
    case SNUG_CELL_STRING:
        column->strings++;
        return snug_value_counter_add(&column->values, snug_hash_bytes(field, strlen(field), 0),
                                      NULL);
    default:
        column->missing++;
        return SNUG_OK;
    }
}

static snug_status compare_with_first(void *user, const snug_record *record) {
    first_line *first = user;
    if (first->records++ == 0) {
        return keep_first(first, record);
    }
    snug_status status = SNUG_OK;
    for (size_t i = 0; i < record->count && i < first->names.count && status == SNUG_OK; i++) {
        first_column *column = &first->columns[i];
        column->repeats += strcmp(record->fields[i], first->names.items[i]) == 0;
        status = add_below(first, column, record->fields[i]);
    }
    return status;
}

/* Returns whether two of at most 1000 columns would have one name. */
static bool has_twice(const snug_strings *names) {
    for (size_t i = 0; i < names->count && names->count <= SAMPLE; i++) {
        for (size_t j = 0; j < i; j++) {
            if (names->items[i][0] != 0 && strcmp(names->items[i], names->items[j]) == 0) {
                return true;
            }
        }
    }
    return false;
}

/*
 * Returns the chance that a field of the first line differs from those below it as it does, were it
 * one of them and the rows in any order: a string that is not among the few others, a number that
 * is farther from them than they are from each other, or one field of another kind than all.
 */
static double chance_of(const first_line *first, size_t i) {
    const first_column *column = &first->columns[i];
    double rows = (double)(column->numbers + column->strings + column->missing), number = 0;
    switch (read_field(first, first->names.items[i], &number)) {
    case SNUG_CELL_NUMBER: {
        double gap = fmax(column->least - number, number - column->largest);
        bool far =
            column->numbers > 0 ? gap > column->largest - column->least : column->strings > 0;
        return far ? 2 / (rows + 1) : 1;
    }
    case SNUG_CELL_STRING: {
        bool few = column->values.distinct < MOST_DISTINCT;
        return few ? (double)(column->values.distinct + 1) / (rows + 1) : 1;
    }
    case SNUG_CELL_MISSING:
        return (double)(column->missing + 1) / (rows + 1);
    default:
        return 1;
    }
}

/* What the first record looks like. */
typedef struct first_counts {
    size_t numbers, fractions; /* fields that are numbers, and those that are not whole */
    size_t above_numbers;      /* strings above nothing but numbers */
    size_t repeated, filled;   /* fields that are below too; those that are not empty */
    size_t unlike;             /* fields that differ from those below */
    double chance;             /* that all of them do */
    bool twice;                /* two fields are the same */
} first_counts;

static first_counts count_first(const first_line *first) {
    first_counts counts = {.chance = 1, .twice = has_twice(&first->names)};
    for (size_t i = 0; i < first->names.count; i++) {
        const first_column *column = &first->columns[i];
        double number = 0, chance = chance_of(first, i);
        snug_cell_kind kind = read_field(first, first->names.items[i], &number);
        bool filled = first->names.items[i][0] != 0;
        counts.numbers += kind == SNUG_CELL_NUMBER;
        counts.fractions += number != floor(number);
        counts.above_numbers +=
            kind == SNUG_CELL_STRING && column->numbers > 0 && column->strings == 0;
        counts.repeated += column->repeats > 0 && filled;
        counts.filled += filled;
        counts.unlike += chance < 1;
        counts.chance *= chance;
    }
    return counts;
}

/* Decides whether the first record, which was kept, names the columns. */
static void decide_header(const first_line *first, snug_dialect *dialect) {
    first_counts counts = count_first(first);
    if (counts.above_numbers > 0) {
        dialect->header = true;
        dialect->header_unsure = counts.numbers > 0 && counts.repeated > 0;
    } else if (counts.numbers == 0) {
        dialect->header = 2 * counts.repeated <= first->names.count && !counts.twice;
        dialect->header_unsure =
            counts.repeated > 0 ? counts.repeated < counts.filled : counts.twice;
    } else if (counts.repeated == 0 && counts.fractions == 0 && !counts.twice) {
        dialect->header = counts.unlike > 1 && counts.chance < 0.01;
        dialect->header_unsure = counts.chance < 0.1;
    }
}

static snug_status find_header(const snug_byte_source *source, snug_dialect *dialect) {
    first_line first = {.notation = {.decimal = dialect->decimal}};
    locale_t before = snug_locale_enter();
    snug_status status =
        look_at(source, dialect->encoding, dialect->delimiter, compare_with_first, &first);
    if (status == SNUG_OK) {
        decide_header(&first, dialect);
    }
    snug_locale_leave(before);
    for (size_t i = 0; first.columns != NULL && i < first.names.count; i++) {
        snug_value_counter_clear(&first.columns[i].values);
    }
    snug_strings_clear(&first.names);
    snug_release(first.columns);
    return status;
}

/* ---- all ------------------------------------------------------------------------------------- */

snug_status snug_dialect_detect(const snug_byte_source *source, snug_header header,
                                snug_dialect *dialect) {
    snug_status status = dialect->delimiter == 0 ? find_delimiter(source, dialect) : SNUG_OK;
    if (status == SNUG_OK && dialect->decimal == 0) {
        status = find_decimal(source, dialect);
    }
    dialect->header = header == SNUG_HEADER_NAMES;
    return status == SNUG_OK && header == SNUG_HEADER_AUTO ? find_header(source, dialect) : status;
}
