#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/locale.h"
#include "core/memory.h"
#include "core/status.h"
#include "recipes/profile.h"
#include "tables/table_cells.h"

enum {
    MOST_DISTINCT = 1 << 16, /* different values of a column that are counted */
    LEAST_DISTINCT = 1 << 8, /* also where a table has very many columns */
    ALL_DISTINCT = 1 << 23   /* of all columns together: 128 MiB of hashes at most */
};

/* ---- one cell -------------------------------------------------------------------------------- */

/* Returns whether a string is made of digits and the separators of dates and times. */
static bool is_date(const char *string) {
    size_t length = strlen(string), digits = 0, separators = 0;
    for (size_t i = 0; i < length; i++) {
        bool digit = string[i] >= '0' && string[i] <= '9';
        digits += digit;
        separators += !digit && strchr("-/.:", string[i]) != NULL;
        if (!digit && strchr("-/.: TZ", string[i]) == NULL) {
            return false;
        }
    }
    return separators >= 2 && digits >= 4 && digits <= 20;
}

/* Adds a number; `sign` is 1 for the least ones and -1 for the largest. */
static void extend(snug_extreme *extreme, double value, double sign) {
    if (value == extreme->value) {
        extreme->count++;
    } else if (extreme->count == 0 || sign * value < sign * extreme->value) {
        extreme->second = extreme->value;
        extreme->value = value;
        extreme->count = 1;
    } else if (isnan(extreme->second) || sign * value < sign * extreme->second) {
        extreme->second = value;
    }
}

static void set_example(const snug_profile *profile, snug_example_cell *example, const char *cell) {
    snprintf(example->text, sizeof example->text, "%s", cell);
    example->line = profile->line;
}

static void add_unit(const snug_profile *profile, snug_profiled_units *units, const char *cell) {
    const char *symbol = snug_notation_symbol(cell);
    if (units->symbol == NULL) {
        units->symbol = symbol;
        set_example(profile, &units->first, cell);
    } else if (symbol != units->symbol && units->other.text[0] == 0) {
        set_example(profile, &units->other, cell);
    }
}

static void add_code(const snug_profile *profile, snug_profiled_codes *codes, const char *cell) {
    size_t width = strspn(cell, "0123456789");
    if (cell[width] != 0) {
        return;
    }
    codes->uneven = codes->uneven || (codes->digits > 0 && codes->width != width);
    codes->width = width;
    codes->digits++;
    if (width > 1 && *cell == '0' && codes->zeros.text[0] == 0) {
        set_example(profile, &codes->zeros, cell);
    }
}

static snug_status add_number(const snug_profile *profile, snug_column_profile *column,
                              const char *cell) {
    double value = snug_table_parse_double(&profile->table, cell) + 0.0; /* -0 becomes 0 */
    column->numbers++;
    column->fractional = column->fractional || value != floor(value);
    add_code(profile, &column->codes, cell);
    if (profile->table.notation.formatted && value != 0) {
        add_unit(profile, &column->units, cell);
    }
    extend(&column->least, value, 1);
    extend(&column->largest, value, -1);
    uint64_t hash = snug_hash_bytes(&value, sizeof value, 0);
    snug_status status = snug_value_counter_add(&column->number_values, hash, NULL);
    return status == SNUG_OK ? snug_value_counter_add(&column->values, hash, NULL) : status;
}

/* Adds a string to those that are kept; *more becomes whether there are too many. */
static snug_status add_example(snug_string_set *examples, const char *string, bool *more) {
    if (snug_string_set_find(examples, string) != SNUG_NOT_IN_SET) {
        return SNUG_OK;
    }
    if (examples->list.count == SNUG_PROFILE_STRINGS) {
        *more = true;
        return SNUG_OK;
    }
    return snug_string_set_add(examples, string, NULL);
}

/* Adds a string, or a marker or a number too large, which may turn out to be one. */
static snug_status add_string(const snug_profile *profile, snug_column_profile *column,
                              const char *cell, snug_cell_kind kind) {
    snug_notation formatted = {.decimal = profile->table.notation.decimal, .formatted = true};
    char plain[SNUG_PLAIN_SIZE];
    snug_status status = SNUG_OK;
    if (kind == SNUG_CELL_MARKER) {
        bool more = false;
        column->markers++;
        status = add_example(&column->marker_names, cell, &more);
    } else {
        const char *number = snug_notation_rewrite(&formatted, cell, plain);
        bool infinite = kind == SNUG_CELL_INFINITE,
             is_formatted = !infinite && snug_cell_classify(number) == SNUG_CELL_NUMBER;
        column->strings++;
        column->infinite += infinite;
        column->dates += is_date(cell);
        column->formatted += is_formatted;
        status =
            is_formatted ? SNUG_OK : add_example(&column->examples, cell, &column->more_strings);
    }
    uint64_t hash = snug_hash_bytes(cell, strlen(cell), 1);
    return status == SNUG_OK ? snug_value_counter_add(&column->values, hash, NULL) : status;
}

snug_cell_kind snug_profile_cell_kind(const snug_table *table, const char *cell, bool quoted) {
    snug_cell_kind kind = snug_table_cell_kind(table, cell, quoted);
    bool too_large = kind == SNUG_CELL_NUMBER && isinf((float)snug_table_parse_double(table, cell));
    return too_large ? SNUG_CELL_INFINITE : kind;
}

static snug_status add_cell(const snug_profile *profile, snug_column_profile *column,
                            const char *cell, bool quoted) {
    const snug_table *table = &profile->table;
    snug_cell_kind kind = snug_profile_cell_kind(table, cell, quoted);
    switch (kind) {
    case SNUG_CELL_MISSING:
        column->blanks++;
        return SNUG_OK;
    case SNUG_CELL_MARKER:
        if (!table->markers.listed) {
            return add_string(profile, column, cell, kind);
        }
        column->blanks++;
        return SNUG_OK;
    case SNUG_CELL_NUMBER:
        return add_number(profile, column, cell);
    default:
        return add_string(profile, column, cell, kind);
    }
}

/* ---- all records ----------------------------------------------------------------------------- */

static snug_status receive_record(void *user, const snug_record *record) {
    snug_profile *profile = user;
    snug_status status = SNUG_OK;
    profile->rows++;
    profile->line = record->line;
    for (size_t i = 0; i < record->count && status == SNUG_OK; i++) {
        size_t column = record->columns != NULL ? record->columns[i] : i;
        bool quoted = record->quoted != NULL && record->quoted[i];
        status = add_cell(profile, &profile->columns[column], record->fields[i], quoted);
    }
    return status;
}

/* Counts the cells that records left out: zeros, or missing values. */
static snug_status add_absent(snug_profile *profile) {
    snug_status status = SNUG_OK;
    for (size_t i = 0; i < profile->table.column_count && status == SNUG_OK; i++) {
        snug_column_profile *column = &profile->columns[i];
        size_t cells = column->blanks + column->markers + column->numbers + column->strings;
        size_t absent = profile->rows - cells;
        if (!profile->table.reader.format->absent_is_zero) {
            column->blanks += absent;
        } else if (absent > 0) {
            status = add_number(profile, column, "0");
            column->numbers += absent - 1;
        }
    }
    return status;
}

static snug_status make_columns(snug_profile *profile) {
    size_t count = profile->table.reader.columns.list.count, limit = ALL_DISTINCT / (count + 1);
    limit = limit > MOST_DISTINCT ? MOST_DISTINCT : limit < LEAST_DISTINCT ? LEAST_DISTINCT : limit;
    profile->columns = snug_alloc(count, sizeof *profile->columns);
    if (profile->columns == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    profile->table.column_count = count;
    for (size_t i = 0; i < count; i++) {
        profile->columns[i].least.value = profile->columns[i].least.second = NAN;
        profile->columns[i].largest = profile->columns[i].least;
        profile->columns[i].values.limit = profile->columns[i].number_values.limit = limit;
    }
    return SNUG_OK;
}

static snug_status open_table(snug_table *table, const snug_data_format *format,
                              const snug_byte_source *source) {
    snug_status status =
        snug_record_reader_open(&table->reader, format->records, source, &table->options);
    if (status == SNUG_OK) {
        status = snug_table_set_notation(table);
    }
    return status == SNUG_OK ? snug_table_set_markers(table) : status;
}

snug_status snug_profile_open(snug_profile *profile, const snug_data_format *format,
                              const snug_byte_source *source, const snug_csv_options *options) {
    *profile = (snug_profile){.table = {.options = *options}};
    locale_t before = snug_locale_enter();
    snug_status status = open_table(&profile->table, format, source);
    if (status == SNUG_OK) {
        status = make_columns(profile);
    }
    if (status == SNUG_OK) {
        status = snug_record_reader_run(&profile->table.reader, receive_record, profile);
    }
    if (status == SNUG_OK && profile->rows == 0) {
        status = snug_fail(SNUG_ERROR_DATA, "%s: holds a header and no rows", source->name);
    }
    if (status == SNUG_OK) {
        status = add_absent(profile);
    }
    snug_locale_leave(before);
    return status;
}

void snug_profile_close(snug_profile *profile) {
    for (size_t i = 0; profile->columns != NULL && i < profile->table.column_count; i++) {
        snug_value_counter_clear(&profile->columns[i].values);
        snug_value_counter_clear(&profile->columns[i].number_values);
        snug_string_set_clear(&profile->columns[i].examples);
        snug_string_set_clear(&profile->columns[i].marker_names);
    }
    snug_release(profile->columns);
    snug_table_clear_markers(&profile->table);
    snug_record_reader_close(&profile->table.reader);
    *profile = (snug_profile){0};
}

const char *snug_profile_name(const snug_profile *profile, size_t i) {
    return profile->table.reader.columns.list.items[i];
}

bool snug_profile_is_nameless(const snug_profile *profile, size_t i) {
    return snug_string_set_find(&profile->table.reader.nameless, snug_profile_name(profile, i)) !=
           SNUG_NOT_IN_SET;
}
