#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "core/utf8.h"
#include "tables/table_cells.h"

static const char blanks[] = " \t\r\n";

/* ---- the list of markers --------------------------------------------------------------------- */

/* Adds a marker without the blanks around it; "" adds none, since an empty cell is missing anyway.
 */
static snug_status add_marker(snug_table_markers *markers, const char *string) {
    char *copy = snug_copy_string(string + strspn(string, blanks));
    if (copy == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    size_t length = strlen(copy);
    while (length > 0 && strchr(blanks, copy[length - 1]) != NULL) {
        copy[--length] = 0;
    }
    snug_status status = snug_string_set_add(&markers->strings, copy, NULL);
    snug_release(copy);
    return status;
}

/*
 * Reads a marker that is a number, in the notation of the table or a plain one: -200 or -200,0.
 * Those of a model are in the notation of the model's table.
 */
static bool read_marker(const snug_table *table, const char *string, double *value) {
    char plain[SNUG_PLAIN_SIZE];
    const snug_notation *notation = table->like != NULL ? &table->like->notation : &table->notation;
    const char *cell = snug_notation_rewrite(notation, string, plain);
    *value = snug_parse_double(cell == plain ? plain : string);
    return cell == plain || snug_cell_classify(string) == SNUG_CELL_NUMBER;
}

/* Collects the values of the markers that are numbers. */
static snug_status collect_numbers(snug_table *table) {
    snug_table_markers *markers = &table->markers;
    const snug_strings *list = &markers->strings.list;
    markers->numbers = snug_alloc(list->count, sizeof *markers->numbers);
    if (markers->numbers == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    for (size_t i = 0; i < list->count; i++) {
        const char *string = list->items[i];
        if (read_marker(table, string, &markers->numbers[markers->number_count])) {
            markers->number_count++;
        }
    }
    return SNUG_OK;
}

static snug_status check_marker(const snug_table *table, const char *string) {
    return snug_utf8_valid(string)
               ? SNUG_OK
               : snug_fail(SNUG_ERROR_ARGUMENT, "%s: .missing_values: \"%.60s\" is not UTF-8",
                           table->reader.file.path, string);
}

snug_status snug_table_set_markers(snug_table *table) {
    snug_table_markers *markers = &table->markers;
    const char *const *options = table->options.missing_values;
    snug_strings stored = table->like != NULL ? table->like->missing_values : (snug_strings){0};
    snug_status status = SNUG_OK;
    markers->listed = table->like != NULL ? stored.count > 0 : options != NULL;
    for (size_t i = 0; i < stored.count && status == SNUG_OK; i++) {
        status = add_marker(markers, stored.items[i]);
    }
    for (size_t i = 0; table->like == NULL && options != NULL && options[i] != NULL; i++) {
        status = check_marker(table, options[i]);
        if (status == SNUG_OK) {
            status = add_marker(markers, options[i]);
        }
        if (status != SNUG_OK) {
            return status;
        }
    }
    if (status == SNUG_OK && markers->listed && markers->strings.list.count == 0) {
        /* An empty list is kept as [""], so that it differs from none. */
        status = snug_string_set_add(&markers->strings, "", NULL);
    }
    return status == SNUG_OK && markers->listed ? collect_numbers(table) : status;
}

void snug_table_clear_markers(snug_table *table) {
    snug_string_set_clear(&table->markers.strings);
    snug_release(table->markers.numbers);
    table->markers = (snug_table_markers){0};
}

/* ---- one cell -------------------------------------------------------------------------------- */

/* Whether a cell without the blanks around it is one of the markers. */
static bool has_string(const snug_table_markers *markers, const char *string) {
    const char *start = string + strspn(string, blanks);
    for (size_t i = 0; i < markers->strings.list.count; i++) {
        const char *marker = markers->strings.list.items[i];
        size_t length = strlen(marker);
        if (strncmp(start, marker, length) == 0 &&
            start[length + strspn(start + length, blanks)] == 0) {
            return true;
        }
    }
    return false;
}

static bool has_number(const snug_table_markers *markers, double value) {
    for (size_t i = 0; i < markers->number_count; i++) {
        if (markers->numbers[i] == value) {
            return true;
        }
    }
    return false;
}

snug_cell_kind snug_table_apply_markers(const snug_table *table, snug_cell_kind kind,
                                        const char *string) {
    const snug_table_markers *markers = &table->markers;
    switch (kind) {
    case SNUG_CELL_MISSING:
        return kind;
    case SNUG_CELL_NUMBER:
        return markers->number_count > 0 && has_number(markers, snug_parse_double(string))
                   ? SNUG_CELL_MARKER
                   : kind;
    default:
        if (has_string(markers, string)) {
            return SNUG_CELL_MARKER;
        }
        return kind == SNUG_CELL_MARKER ? SNUG_CELL_STRING : kind;
    }
}

/* ---- other notations than the plain one ------------------------------------------------------ */

snug_status snug_table_set_notation(snug_table *table) {
    const snug_notation *like = table->like != NULL ? &table->like->notation : NULL;
    bool formatted = table->options.number_format == SNUG_NUMBERS_FORMATTED;
    bool libsvm = table->reader.format->absent_is_zero;
    char decimal = table->options.decimal;
    if (decimal != 0 && decimal != '.' && decimal != ',') {
        return snug_fail(SNUG_ERROR_ARGUMENT, "%s: the decimal mark must be \".\" or \",\"",
                         table->reader.file.path);
    }
    if ((formatted || decimal == ',') && libsvm) {
        return snug_fail(SNUG_ERROR_ARGUMENT,
                         "%s: \"%s\" is an option of CSV and JSON lines: libsvm format has plain "
                         "numbers",
                         table->reader.file.path, formatted ? "number_format" : "decimal");
    }
    if (!libsvm) {
        table->notation.decimal = decimal != 0 ? decimal : like != NULL ? like->decimal : 0;
        table->notation.formatted = formatted || (like != NULL && like->formatted);
    }
    table->plain = snug_notation_is_plain(&table->notation);
    return SNUG_OK;
}

const char *snug_table_rewrite(const snug_table *table, const char *string, bool *quoted,
                               char plain[SNUG_PLAIN_SIZE]) {
    if (table->reader.format->keyed && !*quoted) {
        return string;
    }
    const char *rewritten = snug_notation_rewrite(&table->notation, string, plain);
    *quoted = *quoted && rewritten != plain;
    return rewritten;
}

snug_cell_kind snug_table_rewritten_kind(const snug_table *table, const char *string, bool quoted) {
    char plain[SNUG_PLAIN_SIZE];
    const char *cell = snug_table_rewrite(table, string, &quoted, plain);
    snug_cell_kind kind = snug_cell_classify(cell);
    return snug_table_adjust_kind(table, kind, kind == SNUG_CELL_NUMBER ? cell : string, quoted);
}

snug_cell_kind snug_table_rewritten_read(const snug_table *table, const char *string, bool quoted,
                                         snug_cell_number *number) {
    char plain[SNUG_PLAIN_SIZE];
    const char *cell = snug_table_rewrite(table, string, &quoted, plain);
    snug_cell_kind kind = snug_cell_read(cell, number);
    return snug_table_adjust_kind(table, kind, kind == SNUG_CELL_NUMBER ? cell : string, quoted);
}

double snug_table_parse_double(const snug_table *table, const char *string) {
    char plain[SNUG_PLAIN_SIZE];
    const char *cell =
        table->plain ? string : snug_notation_rewrite(&table->notation, string, plain);
    return snug_parse_double(cell == plain ? plain : string);
}

bool snug_table_is_missing(const snug_table *table, snug_cell_kind kind, snug_column_role role) {
    bool listed = table->markers.listed;
    return kind == SNUG_CELL_MISSING ||
           (kind == SNUG_CELL_MARKER &&
            (role == SNUG_COLUMN_NUMBER ||
             (listed && (role == SNUG_COLUMN_CATEGORY || role == SNUG_COLUMN_VALUE))));
}

void snug_table_copy_example(char *example, const char *string) {
    size_t n = strnlen(string, SNUG_EXAMPLE_SIZE);
    if (n == SNUG_EXAMPLE_SIZE) {
        n--;
        while (n > 0 && ((unsigned char)string[n] & 0xC0) == 0x80) {
            n--;
        }
    }
    memcpy(example, string, n);
    example[n] = 0;
}
