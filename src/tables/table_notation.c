#include "core/number.h"
#include "core/status.h"
#include "tables/table_notation.h"

/* Notations that a table may be in instead of its own, and what reads them. */
enum { FORMATTED, OTHER_DECIMAL, BOTH, OTHERS };

static snug_notation notation_of(const snug_table *table, int other) {
    char decimal = table->notation.decimal == ',' ? '.' : ',';
    return (snug_notation){
        .decimal = other == FORMATTED ? table->notation.decimal : decimal,
        .formatted = other == OTHER_DECIMAL ? table->notation.formatted : true,
    };
}

static bool is_number(const snug_notation *notation, const char *string) {
    char plain[SNUG_PLAIN_SIZE];
    const char *cell = snug_notation_rewrite(notation, string, plain);
    return snug_cell_classify(cell) == SNUG_CELL_NUMBER;
}

/* A column of text fails in every notation at its first value: few strings are looked at. */
void snug_table_note_notation(const snug_table *table, snug_table_column *column,
                              const char *string) {
    snug_column_notes *notes = column->notes;
    for (int i = 0; i < OTHERS; i++) {
        snug_notation notation = notation_of(table, i);
        if (!(notes->failed_notations & 1U << i) && !is_number(&notation, string)) {
            notes->failed_notations |= 1U << i;
        }
    }
    if (!notes->unreadable && notes->failed_notations != (1U << OTHERS) - 1) {
        notes->unreadable = !is_number(&table->notation, string);
    }
}

/* Whether what the column holds decides whether it is refused: classes may be any strings. */
static bool is_open(const snug_table *table, const snug_table_column *column) {
    return column->notes != NULL && column->notes->unreadable && !column->declared &&
           !column->excluded && !table->reader.format->absent_is_zero &&
           !(column->target && table->options.task == SNUG_TASK_CLASSIFICATION);
}

/* Returns the options that read the strings, or NULL. */
static const char *remedy_of(const snug_table *table, unsigned failed_notations) {
    bool comma = table->notation.decimal != ',';
    bool fits[OTHERS];
    for (int i = 0; i < OTHERS; i++) {
        fits[i] = !(failed_notations & 1U << i);
    }
    if (fits[FORMATTED] && fits[OTHER_DECIMAL]) {
        return comma ? "\"number_format\": \"formatted\" reads 1,234 as 1234, \"decimal\": \",\" "
                       "as 1.234"
                     : "\"number_format\": \"formatted\" reads 1.234 as 1234, \"decimal\": \".\" "
                       "as 1.234";
    }
    if (fits[FORMATTED]) {
        return "\"number_format\": \"formatted\" reads them";
    }
    if (fits[OTHER_DECIMAL]) {
        return comma ? "\"decimal\": \",\" (--decimal) reads them"
                     : "\"decimal\": \".\" (--decimal) reads them";
    }
    return !fits[BOTH] ? NULL
           : comma     ? "\"decimal\": \",\" with \"number_format\": \"formatted\" reads them"
                       : "\"decimal\": \".\" with \"number_format\": \"formatted\" reads them";
}

snug_status snug_table_check_notation(const snug_table *table, const snug_table_column *column) {
    const char *remedy =
        is_open(table, column) ? remedy_of(table, column->notes->failed_notations) : NULL;
    if (remedy == NULL) {
        return SNUG_OK;
    }
    const snug_cell_notes *strings = &column->notes->strings;
    bool feature = !column->target;
    snug_fail(SNUG_ERROR_DATA, "holds strings that are all numbers, such as \"%s\": %s%s%.100s%s",
              strings->strings[0], remedy, feature ? "; \"categorical\": [\"" : "",
              feature ? column->name : "", feature ? "\"] keeps them as categories" : "");
    return snug_fail_in("%s:%zu: column \"%s\"", table->reader.file.path, strings->lines[0],
                        column->name);
}
