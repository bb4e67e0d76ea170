#include <string.h>

#include "core/locale.h"
#include "core/memory.h"
#include "core/number.h"
#include "core/status.h"
#include "core/string_list.h"
#include "formats/csv_reader.h"
#include "recipes/dialect.h"
#include "schema/notation.h"

enum { SAMPLE = 1000 /* records that are looked at */ };

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

/* The first record, and the values below each of its fields. */
typedef struct first_line {
    snug_notation notation;
    snug_strings names;
    size_t *numbers, *strings; /* of each column */
    size_t *repeats;           /* values that are the column's name */
    size_t records;
} first_line;

static snug_cell_kind kind_of(const first_line *first, const char *field) {
    char plain[SNUG_PLAIN_SIZE];
    return snug_cell_classify(snug_notation_rewrite(&first->notation, field, plain));
}

static snug_status keep_first(first_line *first, const snug_record *record) {
    size_t count = record->count;
    first->numbers = snug_alloc(count, sizeof *first->numbers);
    first->strings = snug_alloc(count, sizeof *first->strings);
    first->repeats = snug_alloc(count, sizeof *first->repeats);
    if (first->numbers == NULL || first->strings == NULL || first->repeats == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    snug_status status = snug_strings_reserve(&first->names, count);
    for (size_t i = 0; i < count && status == SNUG_OK; i++) {
        status = snug_strings_append(&first->names, record->fields[i]);
    }
    return status;
}

static snug_status compare_with_first(void *user, const snug_record *record) {
    first_line *first = user;
    if (first->records++ == 0) {
        return keep_first(first, record);
    }
    for (size_t i = 0; i < record->count && i < first->names.count; i++) {
        snug_cell_kind kind = kind_of(first, record->fields[i]);
        first->numbers[i] += kind == SNUG_CELL_NUMBER;
        first->strings[i] += kind == SNUG_CELL_STRING;
        first->repeats[i] += strcmp(record->fields[i], first->names.items[i]) == 0;
    }
    return SNUG_OK;
}

/* Returns whether two columns would have one name. */
static bool has_twice(const snug_strings *names) {
    for (size_t i = 0; i < names->count; i++) {
        for (size_t j = 0; j < i; j++) {
            if (names->items[i][0] != 0 && strcmp(names->items[i], names->items[j]) == 0) {
                return true;
            }
        }
    }
    return false;
}

/* Returns whether the first record, which was kept, names the columns. */
static bool is_header(const first_line *first) {
    size_t numbers = 0, above_numbers = 0, repeated = 0;
    for (size_t i = 0; i < first->names.count; i++) {
        snug_cell_kind kind = kind_of(first, first->names.items[i]);
        numbers += kind == SNUG_CELL_NUMBER;
        above_numbers +=
            kind == SNUG_CELL_STRING && first->numbers[i] > 0 && first->strings[i] == 0;
        repeated += first->repeats[i] > 0 && first->names.items[i][0] != 0;
    }
    if (above_numbers > 0) {
        return true;
    }
    return numbers == 0 && 2 * repeated <= first->names.count &&
           (first->names.count > 1000 || !has_twice(&first->names));
}

static snug_status find_header(const snug_byte_source *source, snug_dialect *dialect) {
    first_line first = {.notation = {.decimal = dialect->decimal}};
    locale_t before = snug_locale_enter();
    snug_status status =
        look_at(source, dialect->encoding, dialect->delimiter, compare_with_first, &first);
    dialect->header = status == SNUG_OK && is_header(&first);
    snug_locale_leave(before);
    snug_strings_clear(&first.names);
    snug_release(first.numbers);
    snug_release(first.strings);
    snug_release(first.repeats);
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
