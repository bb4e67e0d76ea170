#include <math.h>

#include "core/memory.h"
#include "core/spelling.h"
#include "core/status.h"
#include "core/utf8.h"
#include "tables/table_cells.h"
#include "tables/table_missing.h"
#include "tables/table_names.h"
#include "tables/table_parse.h"

enum { MAX_LIST = 256 };

/* One field that is being parsed. */
typedef struct cell {
    snug_table *table;
    snug_table_column *column;
    size_t line;
    const char *string;
    bool quoted; /* a string, whatever it looks like */
} cell;

/* Puts "iris.csv:7: column "sepal_width": " before the error message that has just been set. */
static snug_status fail_at(const cell *c) {
    return snug_fail_in("%s:%zu: column \"%s\"", c->table->reader.file.path, c->line,
                        c->column->name);
}

/* ---- missing values -------------------------------------------------------------------------- */

/* Sets the n features of a cell without a usable value to NaN, and the indicator to 1. */
static void leave_gap(const cell *c, snug_gap gap, float *features, size_t n) {
    for (size_t i = 0; i < n; i++) {
        features[i] = NAN;
    }
    if (c->column->indicator) {
        features[n] = 1;
    }
    c->table->values.missing = true;
    snug_table_note_gap(c->table, gap, c->column, c->line, c->string);
}

/* Sets the n features of a missing value to NaN, or refuses it, as it does weights and parts. */
static snug_status parse_missing(const cell *c, float *features, size_t n) {
    if (c->column->excluded) {
        snug_fail(SNUG_ERROR_DATA, "the %s is missing",
                  c->column->role == SNUG_COLUMN_WEIGHT ? "weight" : "part");
        return fail_at(c);
    }
    if (c->table->options.missing == SNUG_MISSING_ERROR) {
        snug_fail(SNUG_ERROR_DATA,
                  "the value is missing; fill it or read with \"missing\": \"mean\"");
        return fail_at(c);
    }
    leave_gap(c, SNUG_GAP_MISSING, features, n);
    return SNUG_OK;
}

/* ---- numbers --------------------------------------------------------------------------------- */

static snug_status fail_not_finite(const cell *c) {
    snug_fail(SNUG_ERROR_DATA, "must be a finite number (got \"%.60s\")", c->string);
    return fail_at(c);
}

/* Returns the end of the message about a string that should be a number: which option matters. */
static const char *hint_of(const cell *c) {
    if (c->table->notation.decimal == ',' && snug_cell_classify(c->string) == SNUG_CELL_NUMBER) {
        return "; \"decimal\" is \",\" here";
    }
    if (c->table->like != NULL || c->column->role != SNUG_COLUMN_VALUE) {
        return "";
    }
    return c->column->counts.numbers > 0
               ? "; \"missing_values\" lists what means that there is none"
               : "; \"loss\": \"softmax_cross_entropy\" takes strings, as classes";
}

static snug_status fail_no_number(const cell *c) {
    snug_fail(SNUG_ERROR_DATA, "must be a number (got %s\"%.60s\")%s",
              c->quoted ? "the string " : "", c->string, hint_of(c));
    return fail_at(c);
}

/*
 * Stores a number that has many digits, or whose column has an offset, and notes what it loses.
 * Neighbours that differ and are stored alike are what a person would miss: the seconds of twenty
 * years, or numbers of accounts.
 */
static void keep_digits(const cell *c, const snug_cell_number *number, float *stored) {
    snug_table_digits *digits = &c->column->digits;
    *stored = digits->offset != 0 ? (float)(number->value - digits->offset) : *stored;
    snug_span_add(&digits->wide, number->value,
                  fabs(number->value - digits->offset - (double)*stored));
    if (*stored == digits->last_stored && number->value != digits->last) {
        if (digits->equal++ == 0) {
            digits->equal_line = c->line;
            digits->equal_value = number->value;
        }
    }
    digits->last = number->value;
    digits->last_stored = *stored;
}

/* Parses a cell of a number that is no finite number. */
static snug_status parse_other(const cell *c, snug_cell_kind kind, float *value) {
    if (snug_table_is_missing(c->table, kind, c->column->role)) {
        return parse_missing(c, value, 1);
    }
    switch (kind) {
    case SNUG_CELL_NUMBER:
        snug_fail(SNUG_ERROR_DATA, "%.60s is too large for a 32-bit float", c->string);
        return fail_at(c);
    case SNUG_CELL_INFINITE:
        return fail_not_finite(c);
    default:
        return fail_no_number(c);
    }
}

/* Reads a cell of weights or parts, where the markers of missing values are numbers like others. */
static snug_cell_kind read_unlisted(const cell *c, snug_cell_number *number) {
    char plain[SNUG_PLAIN_SIZE];
    bool quoted = c->quoted;
    const char *string =
        c->table->plain ? c->string : snug_table_rewrite(c->table, c->string, &quoted, plain);
    return quoted ? SNUG_CELL_STRING : snug_cell_read(string, number);
}

static snug_status parse_number(const cell *c, float *value) {
    snug_cell_number number;
    snug_cell_kind kind = snug_table_cell_read(c->table, c->string, c->quoted, &number);
    if (kind == SNUG_CELL_MARKER && c->column->excluded) {
        kind = read_unlisted(c, &number);
    }
    if (kind != SNUG_CELL_NUMBER || !isfinite(number.nearest)) {
        return parse_other(c, kind, value);
    }
    *value = number.nearest;
    if (number.wide || c->column->digits.offset != 0) {
        keep_digits(c, &number, value);
    }
    return SNUG_OK;
}

static snug_status parse_weight(const cell *c, float *weight) {
    snug_status status = parse_number(c, weight);
    if (status != SNUG_OK || *weight >= 0) {
        return status;
    }
    snug_fail(SNUG_ERROR_DATA, "a weight must be at least 0 (got %.60s)", c->string);
    return fail_at(c);
}

static snug_status parse_part(const cell *c, unsigned char *part) {
    float number = 0;
    snug_status status = parse_number(c, &number);
    if (status != SNUG_OK) {
        return status;
    }
    if (number == 0 || number == 1 || number == 2) {
        *part = (unsigned char)number;
        return SNUG_OK;
    }
    snug_fail(SNUG_ERROR_DATA, "must be 0 (training), 1 (validation) or 2 (test) (got %.60s)",
              c->string);
    return fail_at(c);
}

/* Groups are numbered in the order in which they come; a pass that is repeated finds the same. */
static snug_status parse_group(const cell *c, uint32_t *group) {
    size_t index = 0;
    snug_status status = snug_string_set_add(&c->column->names, c->string, &index);
    /* table_read.c allocates .groups, since a column has the role */
    *group = (uint32_t)index; /* NOLINT(clang-analyzer-core.NullDereference) */
    return status;
}

/* ---- names ----------------------------------------------------------------------------------- */

static snug_status fail_unknown_name(const cell *c, const char *what) {
    if (!snug_utf8_valid(c->string)) {
        snug_fail(SNUG_ERROR_DATA, "\"%.60s\" is not UTF-8; " SNUG_ENCODING_HINT, c->string);
        return fail_at(c);
    }
    const snug_strings *known = &c->column->names.list;
    char list[MAX_LIST];
    snug_quote_names((const char *const *)known->items, known->count, list, sizeof list);
    snug_fail(SNUG_ERROR_DATA, "unknown %s \"%.60s\"; known are %s", what, c->string, list);
    return fail_at(c);
}

/* Whether a category that the other table does not have is no error. */
static bool counts_as_missing(const cell *c) {
    const snug_table_schema *like = c->table->like;
    return like != NULL && like->unknown_category == SNUG_UNKNOWN_MISSING &&
           snug_utf8_valid(c->string);
}

/* Sets one of the features of a category, which are 0, to 1; or the only one to its number. */
static snug_status parse_category(const cell *c, float *features) {
    size_t count = snug_table_column_values(c->column);
    snug_cell_kind kind = snug_table_cell_kind(c->table, c->string, c->quoted);
    if (snug_table_is_missing(c->table, kind, SNUG_COLUMN_CATEGORY)) {
        return parse_missing(c, features, count);
    }
    size_t index = snug_table_names_find(c->table, c->column, c->string);
    if (index == SNUG_NOT_IN_SET && counts_as_missing(c)) {
        leave_gap(c, SNUG_GAP_UNKNOWN, features, count);
        return SNUG_OK;
    }
    if (index == SNUG_NOT_IN_SET) {
        return fail_unknown_name(c, "category");
    }
    if (c->column->integer) {
        features[0] = (float)index;
    } else {
        features[index] = 1;
    }
    return SNUG_OK;
}

static snug_status parse_class(const cell *c, int32_t *class_of) {
    snug_cell_kind kind = snug_table_cell_kind(c->table, c->string, c->quoted);
    if (kind == SNUG_CELL_INFINITE && !c->column->found.has_strings && c->table->like == NULL) {
        return fail_not_finite(c);
    }
    size_t index = snug_table_names_find(c->table, c->column, c->string);
    if (index == SNUG_NOT_IN_SET) {
        return fail_unknown_name(c, "class");
    }
    *class_of = (int32_t)index;
    return SNUG_OK;
}

/* ---- rows ------------------------------------------------------------------------------------ */

static snug_status parse_cell(const cell *c) {
    snug_table *table = c->table;
    snug_table_values *v = &table->values;
    size_t row = table->filled, first = c->column->first;
    switch (c->column->role) {
    case SNUG_COLUMN_NUMBER:
        return parse_number(c, v->x + row * table->features + first);
    case SNUG_COLUMN_CATEGORY:
        return parse_category(c, v->x + row * table->features + first);
    case SNUG_COLUMN_CLASS:
        return parse_class(c, v->class_of + row);
    case SNUG_COLUMN_WEIGHT:
        return parse_weight(c, v->weights + row);
    case SNUG_COLUMN_PART:
        return parse_part(c, v->parts + row);
    case SNUG_COLUMN_GROUP:
        return parse_group(c, v->groups + row);
    case SNUG_COLUMN_IGNORED:
        return SNUG_OK;
    default:
        return parse_number(c, v->targets + row * table->outputs + first);
    }
}

/*
 * Parses the columns that a record leaves out: as missing values, or as 0. Features and values that
 * are 0 are so by now; only classes and groups have to be looked up, and offsets subtracted.
 */
static snug_status parse_absent(snug_table *table, size_t line) {
    bool zero = table->reader.format->absent_is_zero;
    bool targets = zero && table->values.offsets == NULL && table->values.groups == NULL;
    size_t first = targets ? table->first_target : 0;
    size_t end = targets ? table->end_target : table->column_count;
    snug_status status = SNUG_OK;
    for (size_t i = first; i < end && status == SNUG_OK; i++) {
        snug_table_column *column = &table->columns[i];
        bool named = column->role == SNUG_COLUMN_CLASS || column->role == SNUG_COLUMN_GROUP;
        bool needed = !zero || named || column->digits.offset != 0;
        if (column->last_row != table->filled + 1 && needed) {
            status = parse_cell(&(cell){table, column, line, zero ? "0" : "", false});
        }
    }
    return status;
}

/*
 * Stores the number of the current record as that of the row that is filled next. As long as no
 * record was left out, rows have the numbers of records, and no memory is needed.
 */
static snug_status number_row(snug_table *table) {
    size_t *numbers = table->values.row_numbers;
    if (numbers == NULL && table->records == table->filled + 1) {
        return SNUG_OK;
    }
    if (numbers == NULL) {
        numbers = snug_alloc(table->rows, sizeof *numbers);
        if (numbers == NULL) {
            return SNUG_ERROR_MEMORY;
        }
        for (size_t i = 0; i < table->filled; i++) {
            numbers[i] = i + 1;
        }
        table->values.row_numbers = numbers;
    }
    numbers[table->filled] = table->records;
    return SNUG_OK;
}

static snug_status receive_record(void *user, const snug_record *record) {
    snug_table *table = user;
    table->records++;
    snug_table_column *without = snug_table_missing_target(table, record);
    if (without != NULL) {
        snug_table_note_gap(table, SNUG_GAP_TARGET, without, record->line, "");
        return SNUG_OK;
    }
    if (table->filled == table->rows) {
        return snug_fail_changed(table->reader.file.path);
    }
    snug_status status = number_row(table);
    for (size_t i = 0; i < record->count && status == SNUG_OK; i++) {
        snug_table_column *column = &table->columns[i];
        if (record->columns != NULL) {
            column = &table->columns[record->columns[i]];
            column->last_row = table->filled + 1;
        }
        status = parse_cell(&(cell){table, column, record->line, record->fields[i],
                                    record->quoted != NULL && record->quoted[i]});
    }
    if (status == SNUG_OK && record->count < table->column_count) {
        status = parse_absent(table, record->line);
    }
    table->filled += status == SNUG_OK;
    return status;
}

snug_status snug_table_parse(snug_table *table) {
    size_t records = table->records;
    table->filled = table->records = 0;
    snug_table_clear_gaps(table);
    for (size_t i = 0; i < table->column_count; i++) {
        snug_table_column *column = &table->columns[i];
        column->last_row = 0;
        column->digits = (snug_table_digits){
            .offset = column->digits.offset, .wide = SNUG_EMPTY_SPAN, .last_stored = NAN};
    }
    snug_status status = snug_record_reader_run(&table->reader, receive_record, table);
    if (status == SNUG_OK && table->records != records) {
        return snug_fail_changed(table->reader.file.path);
    }
    /* Targets that turned out to be values may have missing ones by the list of markers. */
    table->rows = table->filled;
    return status == SNUG_OK && table->filled == 0 ? snug_table_fail_no_target(table) : status;
}
