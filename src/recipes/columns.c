#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/memory.h"
#include "core/number.h"
#include "core/status.h"
#include "recipes/columns.h"
#include "tables/table_columns.h"

enum {
    FEW = 20,        /* so many different values may be codes, and say little about a column */
    REASON = 128,    /* bytes of a reason */
    MOST_DATES = 50, /* different dates that may be categories, such as hours of the day */
    TEXT_SHARE = 4   /* a column of strings has at most rows / 4 different ones */
};

/* ---- what a column looks like ---------------------------------------------------------------- */

/*
 * Returns whether so many strings of a column, all of them or those that are no formatted numbers,
 * are mistakes among numbers. tables/table_report.c refuses a column in which at most one of ten
 * values is a string, or one of twenty where few are different. More strings are taken for mistakes
 * only where there are few different ones, as "unknown", among many numbers. Infinite numbers and
 * those too large for a float always are.
 */
static bool are_mistakes(const snug_column_profile *column, size_t strings) {
    size_t all = column->numbers + column->strings;
    if (strings == column->infinite) {
        return true;
    }
    if (all < FEW) {
        return false;
    }
    size_t others = column->examples.list.count + column->marker_names.list.count;
    size_t share = column->values.distinct > FEW ? 10 : 20;
    bool few_strings = column->examples.list.count <= 2 && column->values.distinct > others + FEW;
    return strings <= all / share || (few_strings && strings <= all / 2);
}

bool snug_column_is_mixed(const snug_column_profile *column) {
    return column->strings > 0 && are_mistakes(column, column->strings);
}

bool snug_column_is_formatted(const snug_column_profile *column) {
    size_t others = column->strings - column->formatted;
    return column->formatted > 0 && (others == 0 || are_mistakes(column, others));
}

bool snug_column_is_flag(const snug_column_profile *column) {
    bool gaps = column->blanks + column->markers + column->strings > 0;
    return column->number_values.distinct == 1 && gaps &&
           (column->strings == 0 || snug_column_is_mixed(column));
}

/* Returns whether a name is that of an identifier: id, Id, customerID, user_id, uuid, index. */
static bool names_identifier(const char *name) {
    static const char *const words[] = {"id",  "uuid", "guid", "index", "key", "rownum",
                                        "row", "no",   "nr",   "#",     NULL};
    size_t length = strlen(name);
    for (size_t i = 0; words[i] != NULL; i++) {
        if (strcasecmp(name, words[i]) == 0) {
            return true;
        }
    }
    if (length < 3 || strcasecmp(name + length - 2, "id") != 0) {
        return false;
    }
    char before = name[length - 3];
    bool word = !isalpha((unsigned char)before); /* user_id, Bean ID */
    bool camel = name[length - 2] == 'I' && islower((unsigned char)before);
    return word || camel;
}

/* Returns which share of the values of a column that were looked at is different. */
static double share_of_different(const snug_column_profile *column) {
    const snug_value_counter *values = &column->values;
    return values->counted > 0 ? (double)values->distinct / (double)values->counted : 0;
}

bool snug_column_holds_codes(const snug_column_profile *column) {
    const snug_profiled_codes *codes = &column->codes;
    return codes->zeros.text[0] != 0 && !codes->uneven && codes->digits == column->numbers &&
           column->strings == 0 && column->markers == 0;
}

bool snug_column_numbers_rows(const snug_column_profile *column, size_t rows) {
    double first = column->least.value;
    return rows > FEW && column->numbers == rows && !column->fractional &&
           (first == 0 || first == 1) && column->largest.value - first == (double)rows - 1 &&
           share_of_different(column) == 1;
}

/* Returns why a column of numbers is no feature, or NULL. */
static const char *reason_of_numbers(const snug_profile *profile, size_t i) {
    const snug_column_profile *column = &profile->columns[i];
    if (column->number_values.distinct == 1) {
        return "the same in every row";
    }
    if (column->fractional) {
        return NULL;
    }
    if (snug_column_numbers_rows(column, profile->rows)) {
        return "numbers the rows";
    }
    return (snug_profile_is_nameless(profile, i) ||
            names_identifier(snug_profile_name(profile, i))) &&
                   share_of_different(column) > 0.5 && profile->rows > FEW
               ? "an identifier, by its name and its different numbers"
               : NULL;
}

/* Returns why a column of categories is no feature, perhaps in reason[REASON], or NULL. */
static const char *reason_of_categories(const snug_profile *profile,
                                        const snug_column_profile *column, char *reason) {
    size_t distinct = column->values.distinct;
    if (distinct == 1 && column->blanks == 0) {
        return "the same in every row";
    }
    if (column->dates > column->numbers && 10 * column->dates > 9 * column->strings &&
        distinct > MOST_DATES) {
        return "dates or times, of which later rows have others";
    }
    size_t filled = profile->rows - column->blanks;
    double all = share_of_different(column) * (double)filled;
    if (distinct > SNUG_MAX_CATEGORIES ||
        (distinct > FEW && (double)TEXT_SHARE * all > (double)profile->rows)) {
        snprintf(reason, REASON, "%s%zu different strings in %zu rows",
                 distinct == column->values.limit ? "at least " : "", distinct, profile->rows);
        return reason;
    }
    if (distinct > FEW && column->blanks > filled && (double)TEXT_SHARE * all > (double)filled) {
        snprintf(reason, REASON, "mostly missing, and %zu different strings in the other %zu rows",
                 distinct, filled);
        return reason;
    }
    return NULL;
}

/* ---- strings that mean a missing value ------------------------------------------------------- */

/* Adds the strings and markers that a column of numbers holds. */
static snug_status list_strings(snug_draft *draft, const snug_column_profile *column) {
    const snug_strings *const lists[] = {&column->examples.list, &column->marker_names.list};
    snug_status status = SNUG_OK;
    for (size_t i = 0; i < 2; i++) {
        for (size_t j = 0; j < lists[i]->count && status == SNUG_OK; j++) {
            status = snug_string_set_add(&draft->missing_values, lists[i]->items[j], NULL);
        }
    }
    return status;
}

/*
 * Lists the strings that mean a missing value where the usual ones do not suffice: some column of
 * numbers holds others, or the target does, in which there are no usual ones. All usual ones are
 * then listed too, since a list replaces them and later tables may hold them.
 */
static snug_status choose_missing_values(snug_draft *draft) {
    const char *const *given = draft->options->missing_values;
    snug_status status = SNUG_OK;
    draft->listed = given != NULL;
    for (size_t i = 0; given != NULL && given[i] != NULL && status == SNUG_OK; i++) {
        status = snug_string_set_add(&draft->missing_values, given[i], NULL);
    }
    bool needed = false;
    for (size_t i = 0; i < draft->profile.table.column_count; i++) {
        const snug_column_profile *column = &draft->profile.columns[i];
        bool target = draft->seen->columns[i].use == SNUG_USE_TARGET;
        needed = needed || (snug_draft_holds_numbers(draft, i) &&
                            (column->strings > 0 || (target && column->markers > 0)));
    }
    for (size_t i = 0; needed && i < draft->profile.table.column_count && status == SNUG_OK; i++) {
        if (snug_draft_holds_numbers(draft, i)) {
            status = list_strings(draft, &draft->profile.columns[i]);
        }
    }
    for (size_t i = 0; needed && snug_usual_marker(i) != NULL && status == SNUG_OK; i++) {
        status = snug_string_set_add(&draft->missing_values, snug_usual_marker(i), NULL);
    }
    draft->listed = draft->listed || needed;
    return status;
}

/* ---- all columns ----------------------------------------------------------------------------- */

/* Gives a column its use; returns why it is no feature, perhaps in space[REASON], or NULL. */
static const char *choose_use(snug_draft *draft, size_t i, bool keep, char *space) {
    const snug_column_profile *column = &draft->profile.columns[i];
    bool mixed = snug_column_is_mixed(column);
    bool numbers =
        column->numbers > 0 && (column->strings == 0 || mixed) && !snug_column_is_flag(column);
    const char *reason = numbers ? reason_of_numbers(&draft->profile, i)
                                 : reason_of_categories(&draft->profile, column, space);
    if (numbers && reason == NULL && snug_column_holds_codes(column)) {
        numbers = reason_of_categories(&draft->profile, column, space) != NULL;
    }
    draft->seen->columns[i].use = numbers ? SNUG_USE_NUMBERS : SNUG_USE_CATEGORIES;
    if (column->numbers + column->strings == 0) {
        return "empty in every row";
    }
    if (mixed && column->more_strings) {
        return "numbers with many different strings among them";
    }
    return keep ? NULL : reason;
}

static snug_status mark_named(snug_draft *draft, const char *const *names, bool *marks) {
    for (size_t i = 0; names != NULL && names[i] != NULL; i++) {
        size_t column = snug_table_find_column(&draft->profile.table, names[i]);
        if (column == SNUG_NOT_IN_SET) {
            return snug_error_status();
        }
        if (draft->seen->columns[column].use == SNUG_USE_TARGET) {
            return snug_fail(SNUG_ERROR_DATA, "%s: the target \"%s\" cannot be ignored or kept too",
                             draft->path, names[i]);
        }
        marks[column] = true;
    }
    return SNUG_OK;
}

/* Fails because no column is left as a feature: all are targets, or ignored. */
static snug_status fail_no_feature(const snug_draft *draft) {
    const snug_suggestion *seen = draft->seen;
    for (size_t i = 0; i < seen->column_count; i++) {
        const snug_suggested_column *column = &seen->columns[i];
        if (column->use == SNUG_USE_IGNORED) {
            return snug_fail(SNUG_ERROR_DATA,
                             "%s: no column is left as a feature: \"%.60s\" is ignored (%s); "
                             "\"keep\" takes a column whatever it looks like",
                             draft->path, column->name, column->reason);
        }
    }
    return snug_fail(
        SNUG_ERROR_DATA, "%s: no column is left as a feature: there is none beside the target%s",
        draft->path,
        seen->delimiter != 0 ? "; \"delimiter\" names what is between the fields" : "");
}

static snug_status choose(snug_draft *draft, const bool *ignored, const bool *kept) {
    snug_suggestion *seen = draft->seen;
    bool any = false;
    for (size_t i = 0; i < seen->column_count; i++) {
        snug_suggested_column *column = &seen->columns[i];
        if (column->use == SNUG_USE_TARGET) {
            continue;
        }
        char space[REASON];
        const char *reason = ignored[i] ? "as told" : choose_use(draft, i, kept[i], space);
        if (reason != NULL) {
            column->use = SNUG_USE_IGNORED;
            if (snug_draft_set(&column->reason, reason) != SNUG_OK) {
                return SNUG_ERROR_MEMORY;
            }
        }
        any = any || reason == NULL;
    }
    return any ? SNUG_OK : fail_no_feature(draft);
}

/* Sets what is counted of each column, now that it is known what it holds. */
static void count_columns(snug_draft *draft) {
    for (size_t i = 0; i < draft->seen->column_count; i++) {
        const snug_column_profile *from = &draft->profile.columns[i];
        snug_suggested_column *column = &draft->seen->columns[i];
        bool numbers = snug_draft_holds_numbers(draft, i);
        bool feature = column->use == SNUG_USE_NUMBERS || column->use == SNUG_USE_CATEGORIES;
        bool markers = !numbers && feature && draft->listed; /* all usual ones are listed */
        column->missing = from->blanks + (numbers   ? from->markers + from->strings
                                          : markers ? from->markers
                                                    : 0);
        column->distinct =
            numbers ? from->number_values.distinct
                    : from->values.distinct - (markers ? from->marker_names.list.count : 0);
        draft->seen->features += !feature ? 0 : numbers ? 1 : column->distinct;
    }
}

static snug_status make_columns(snug_draft *draft) {
    size_t count = draft->profile.table.column_count;
    draft->seen->columns = snug_alloc(count, sizeof *draft->seen->columns);
    if (draft->seen->columns == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    draft->seen->column_count = count;
    for (size_t i = 0; i < count; i++) {
        if (snug_draft_set(&draft->seen->columns[i].name, snug_profile_name(&draft->profile, i)) !=
            SNUG_OK) {
            return SNUG_ERROR_MEMORY;
        }
    }
    for (size_t i = 0; i < draft->target_count; i++) {
        draft->seen->columns[draft->targets[i]].use = SNUG_USE_TARGET;
    }
    return SNUG_OK;
}

snug_status snug_draft_choose_columns(snug_draft *draft) {
    size_t count = draft->profile.table.column_count;
    bool *ignored = snug_alloc(count, sizeof *ignored), *kept = snug_alloc(count, sizeof *kept);
    snug_status status = ignored != NULL && kept != NULL ? make_columns(draft) : SNUG_ERROR_MEMORY;
    if (status == SNUG_OK) {
        status = mark_named(draft, draft->options->ignore, ignored);
    }
    if (status == SNUG_OK) {
        status = mark_named(draft, draft->options->keep, kept);
    }
    for (size_t i = 0; status == SNUG_OK && i < count; i++) {
        if (ignored[i] && kept[i]) {
            status = snug_fail(SNUG_ERROR_ARGUMENT, "%s: \"%s\" cannot be both ignored and kept",
                               draft->path, draft->seen->columns[i].name);
        }
    }
    if (status == SNUG_OK) {
        status = choose(draft, ignored, kept);
    }
    snug_release(ignored);
    snug_release(kept);
    if (status == SNUG_OK) {
        status = choose_missing_values(draft);
    }
    if (status == SNUG_OK) {
        count_columns(draft);
    }
    return status;
}
