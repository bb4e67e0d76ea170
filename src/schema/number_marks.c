#include <string.h>

#include "schema/notation.h"
#include "schema/number_marks.h"

static const char digits[] = "0123456789", marks[] = ".,";

/* ---- one cell -------------------------------------------------------------------------------- */

static bool is_mark(char c) {
    return c == '.' || c == ',';
}

static snug_mark_counts *counts_of(snug_column_marks *column, char mark) {
    return mark == '.' ? &column->points : &column->commas;
}

/*
 * Returns the length of digits in groups that `mark` separates: one to three digits, the first not
 * 0, then groups of three. Without a group it is 0.
 */
static size_t grouped_length(const char *number, char mark) {
    size_t length = strspn(number, digits), groups = 0;
    if (length < 1 || length > 3 || *number == '0') {
        return 0;
    }
    while (number[length] == mark && strspn(number + length + 1, digits) == 3) {
        length += 4;
        groups++;
    }
    return groups > 0 ? length : 0;
}

/* Counts a number with one mark, of `length` characters. */
static void add_one_mark(snug_column_marks *column, const char *number, size_t length) {
    size_t whole = strspn(number, digits);
    snug_mark_counts *counts = counts_of(column, number[whole]);
    if (length == whole + 1) { /* 7. */
        return;
    }
    if (grouped_length(number, number[whole]) != length) {
        counts->decimals++;
        return;
    }
    counts->open++;
    counts->zeros += number[length - 1] == '0';
    if (counts->first[0] == 0) {
        memcpy(counts->first, number, length);
        counts->first[length] = 0;
    }
}

/* Counts a number with several marks: groups of one mark, perhaps followed by the other. */
static void add_marks(snug_column_marks *column, const char *number, size_t length) {
    char mark = number[strspn(number, digits)];
    size_t grouped = grouped_length(number, mark);
    char last = number[grouped];
    size_t fraction = is_mark(last) ? strspn(number + grouped + 1, digits) : 0;
    if (grouped == 0 || (grouped != length &&
                         (last == mark || fraction == 0 || grouped + 1 + fraction != length))) {
        column->others++;
        return;
    }
    counts_of(column, mark)->groups++;
    if (grouped != length) {
        counts_of(column, last)->decimals++;
    }
}

/* Returns the length of an exponent, as e-3, or 0. */
static size_t exponent_length(const char *text) {
    if (*text != 'e' && *text != 'E') {
        return 0;
    }
    size_t sign = text[1] == '+' || text[1] == '-', count = strspn(text + 1 + sign, digits);
    return count > 0 ? 1 + sign + count : 0;
}

void snug_column_marks_add(snug_column_marks *column, const char *cell) {
    const char *number = snug_notation_skip_signs(cell);
    size_t length = 0, mark_count = 0;
    while (is_mark(number[length]) || (number[length] >= '0' && number[length] <= '9')) {
        mark_count += is_mark(number[length]);
        length++;
    }
    size_t exponent = exponent_length(number + length);
    if (length == mark_count || *snug_notation_skip_signs(number + length + exponent) != 0) {
        return;
    }
    if (exponent > 0) {
        if (mark_count == 1) {
            counts_of(column, number[strcspn(number, marks)])->decimals++;
        }
    } else if (mark_count == 0) {
        column->below_1000 += length <= 3;
        column->large += length > 3;
    } else if (mark_count == 1) {
        add_one_mark(column, number, length);
    } else {
        add_marks(column, number, length);
    }
}

/* ---- the table ------------------------------------------------------------------------------- */

/* One mark in all columns. */
typedef struct mark_totals {
    size_t decimals, groups, open;
    size_t open_column; /* with open numbers */
    bool thousands;     /* in some column, by its whole numbers below 1000 */
    bool zeros;         /* where open numbers end with 0 too, as 1,000 */
    size_t thousands_column;
} mark_totals;

/* Returns whether a column is one of dates, versions or lists instead of numbers. */
static bool holds_others(const snug_column_marks *column) {
    size_t numbers = 0;
    for (int i = 0; i < 2; i++) {
        const snug_mark_counts *counts = i == 0 ? &column->points : &column->commas;
        numbers += counts->decimals + counts->groups + counts->open;
    }
    return 10 * column->others > numbers;
}

static mark_totals total(const snug_column_marks *columns, size_t count, char mark) {
    mark_totals totals = {0};
    for (size_t i = 0; i < count; i++) {
        const snug_mark_counts *counts = mark == '.' ? &columns[i].points : &columns[i].commas;
        if (holds_others(&columns[i])) {
            continue;
        }
        bool thousands = counts->open > 0 && counts->decimals == 0 && columns[i].below_1000 > 0 &&
                         columns[i].large == 0;
        bool zeros = thousands && counts->zeros > 0;
        totals.open_column = totals.open == 0 ? i : totals.open_column;
        totals.thousands_column = (thousands && !totals.thousands) || (zeros && !totals.zeros)
                                      ? i
                                      : totals.thousands_column;
        totals.decimals += counts->decimals;
        totals.groups += counts->groups;
        totals.open += counts->open;
        totals.thousands = totals.thousands || thousands;
        totals.zeros = totals.zeros || zeros;
    }
    return totals;
}

/* Names a number whose mark may be both. */
static void leave_open(snug_decimal_choice *choice, const snug_column_marks *columns, char mark,
                       size_t column) {
    const snug_mark_counts *counts =
        mark == '.' ? &columns[column].points : &columns[column].commas;
    choice->unsure = mark;
    choice->column = column;
    memcpy(choice->example, counts->first, sizeof choice->example);
}

/* Chooses where only numbers such as 1,234 have a mark. */
static void choose_open(snug_decimal_choice *choice, const snug_column_marks *columns,
                        const mark_totals *points, const mark_totals *commas, char delimiter) {
    bool separated = delimiter == ',' || points->open > 0;
    if (commas->zeros) {
        choice->decimal = '.';
    } else if (points->thousands && delimiter != ',') {
        choice->decimal = points->zeros ? ',' : '.';
        leave_open(choice, columns, '.', points->thousands_column);
    } else if (commas->open > 0 && !separated) {
        choice->decimal = commas->thousands ? '.' : ',';
        leave_open(choice, columns, ',',
                   commas->thousands ? commas->thousands_column : commas->open_column);
    }
}

snug_decimal_choice snug_decimal_choose(const snug_column_marks *columns, size_t count,
                                        char delimiter) {
    mark_totals points = total(columns, count, '.'), commas = total(columns, count, ',');
    size_t for_point = points.decimals + commas.groups, for_comma = commas.decimals + points.groups;
    snug_decimal_choice choice = {.decimal = '.'};
    if (for_point == 0 && for_comma == 0) {
        choose_open(&choice, columns, &points, &commas, delimiter);
        return choice;
    }
    choice.decimal = for_comma > for_point ? ',' : '.';
    const mark_totals *decimal = choice.decimal == ',' ? &commas : &points;
    if (decimal->zeros) {
        leave_open(&choice, columns, choice.decimal, decimal->thousands_column);
    }
    return choice;
}
