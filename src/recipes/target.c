#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "core/memory.h"
#include "core/status.h"
#include "core/string_list.h"
#include "recipes/columns.h"
#include "recipes/target.h"
#include "tables/table_columns.h"

enum {
    MOST_CLASSES = 20, /* different whole numbers that may be classes: see SNUG_TASK_AUTO */
    MOST_CODES = 12    /* of them, where neither the name nor anything else tells */
};

/* ---- which ----------------------------------------------------------------------------------- */

/* Returns whether the options name a column. */
static bool is_named(const snug_draft *draft, const char *const *names, size_t column) {
    for (size_t i = 0; names != NULL && names[i] != NULL; i++) {
        if (snug_table_find_column(&draft->profile.table, names[i]) == column) {
            return true;
        }
    }
    return false;
}

/* Takes the last columns that could be targets, as many as the format has. */
static snug_status take_last(snug_draft *draft) {
    const snug_profile *profile = &draft->profile;
    size_t wanted = profile->table.reader.default_targets;
    for (size_t i = profile->table.column_count; i > 0 && draft->target_count < wanted; i--) {
        const snug_column_profile *column = &profile->columns[i - 1];
        bool empty = column->numbers + column->strings + column->markers == 0;
        if (!empty && !snug_profile_is_nameless(profile, i - 1) &&
            !is_named(draft, draft->options->ignore, i - 1)) {
            draft->targets[draft->target_count++] = i - 1;
        }
    }
    for (size_t i = 0, j = draft->target_count; i + 1 < j; i++) { /* the first comes first */
        size_t last = draft->targets[--j];
        draft->targets[j] = draft->targets[i];
        draft->targets[i] = last;
    }
    return draft->target_count > 0
               ? SNUG_OK
               : snug_fail(SNUG_ERROR_DATA, "%s: no column could be the target", draft->path);
}

static snug_status take_named(snug_draft *draft, const char *const *names) {
    for (size_t i = 0; names[i] != NULL; i++) {
        size_t column = snug_table_find_column(&draft->profile.table, names[i]);
        if (column == SNUG_NOT_IN_SET) {
            return snug_error_status();
        }
        for (size_t j = 0; j < draft->target_count; j++) {
            if (draft->targets[j] == column) {
                return snug_fail(SNUG_ERROR_DATA, "%s: the target \"%s\" is named twice",
                                 draft->path, names[i]);
            }
        }
        draft->targets[draft->target_count++] = column;
    }
    return SNUG_OK;
}

/* ---- classes or values ----------------------------------------------------------------------- */

/* Returns whether a byte is part of a word: a letter, also one beyond ASCII. */
static bool is_letter(char c) {
    return isalpha((unsigned char)c) || (unsigned char)c >= 0x80;
}

/* Returns the length of the word at the start of a name, which a capital after others ends. */
static size_t word_length(const char *name) {
    size_t length = 0;
    while (is_letter(name[length]) && (length == 0 || !isupper((unsigned char)name[length]) ||
                                       isupper((unsigned char)name[length - 1]))) {
        length++;
    }
    return length;
}

/* Returns whether n letters are a word, in capitals or not, or its plural: classes, labels. */
static bool is_word(const char *letters, size_t n, const char *word) {
    size_t length = strlen(word);
    return n >= length && strncasecmp(letters, word, length) == 0 &&
           (n == length || (n == length + 1 && tolower((unsigned char)letters[length]) == 's') ||
            (n == length + 2 && strncasecmp(letters + length, "es", 2) == 0));
}

/*
 * Returns whether one of the words of a name is one of some words. A name's words end where a
 * letter is followed by none, or a small one by a capital: age_1, patientAge, "Age (years)"; stage
 * is another word.
 */
static bool holds_word(const char *name, const char *const *words) {
    for (size_t length; *name != 0; name += length > 0 ? length : 1) {
        length = word_length(name);
        for (size_t i = 0; words[i] != NULL; i++) {
            if (is_word(name, length, words[i])) {
                return true;
            }
        }
    }
    return false;
}

static bool names_classes(const char *name) {
    static const char *const words[] = {"class",      "label",    "species",    "type",  "category",
                                        "categories", "kind",     "digit",      "group", "cluster",
                                        "diagnosis",  "diagnose", "diagnostic", NULL};
    return holds_word(name, words);
}

static bool names_values(const char *name) {
    static const char *const words[] = {"count",   "number", "num",    "score", "rating",
                                        "quality", "age",    "amount", "price", "rings",
                                        "hours",   "days",   "year",   "total", NULL};
    return holds_word(name, words);
}

/* Decides for a column of few different whole numbers. */
static snug_task task_of_codes(const snug_column_profile *column, const char *name,
                               const char **reason) {
    double least = column->least.value;
    size_t distinct = column->number_values.distinct;
    bool codes = (least == 0 || least == 1) && distinct <= MOST_CODES &&
                 column->largest.value - least == (double)distinct - 1;
    if (distinct <= 2) {
        *reason = "it holds two different numbers";
    } else if (names_classes(name)) {
        *reason = "it holds few different whole numbers, and its name says so";
    } else if (names_values(name)) {
        *reason = "its name says that its few whole numbers are quantities";
        return SNUG_TASK_REGRESSION;
    } else if (codes) {
        *reason = "it holds few whole numbers without a gap, from 0 or 1 on";
    } else {
        *reason = "its whole numbers do not look like those of classes";
        return SNUG_TASK_REGRESSION;
    }
    return SNUG_TASK_CLASSIFICATION;
}

static snug_task task_of(const snug_draft *draft, const char **reason) {
    size_t i = draft->targets[0];
    const snug_column_profile *column = &draft->profile.columns[i];
    bool strings = column->strings > 0 && !snug_column_is_mixed(column);
    if (draft->options->task != SNUG_TASK_AUTO) {
        *reason = "it was asked for";
        return draft->options->task;
    }
    if (draft->target_count > 1 || draft->profile.table.reader.values) {
        *reason = "several targets are values";
        return SNUG_TASK_REGRESSION;
    }
    if (column->numbers == 0 && column->infinite > 0 && !strings) {
        *reason = "it holds numbers"; /* too large: see check_values() */
        return SNUG_TASK_REGRESSION;
    }
    if (strings || column->numbers == 0) {
        *reason = "it holds strings";
        return SNUG_TASK_CLASSIFICATION;
    }
    size_t distinct = column->number_values.distinct;
    if (column->fractional || distinct > MOST_CLASSES || 2 * distinct >= column->numbers + 1) {
        *reason = column->fractional ? "it holds numbers that are not whole"
                                     : "it holds many different numbers";
        return SNUG_TASK_REGRESSION;
    }
    return task_of_codes(column, snug_profile_name(&draft->profile, i), reason);
}

/* Returns whether a column of numbers is the same in every row that has a value. */
static bool is_constant(const snug_draft *draft, const snug_column_profile *column) {
    bool zeros = draft->profile.table.reader.format->absent_is_zero && column->blanks > 0;
    return column->number_values.distinct == 1 && !(zeros && column->least.value != 0);
}

/* Checks a target that holds values. */
static snug_status check_values(const snug_draft *draft, size_t i) {
    const snug_column_profile *column = &draft->profile.columns[i];
    const char *name = snug_profile_name(&draft->profile, i);
    if (column->numbers < column->strings) {
        const char *example = column->examples.list.count > 0 ? column->examples.list.items[0] : "";
        return snug_fail(
            SNUG_ERROR_DATA, "%s: the target \"%.60s\" holds %s, such as \"%.60s\", %s",
            draft->path, name,
            column->infinite == column->strings ? "too large numbers" : "strings", example,
            column->infinite == column->strings ? "which training refuses: divide them"
                                                : "where values are wanted");
    }
    if (draft->target_count == 1 && is_constant(draft, column)) {
        return snug_fail(SNUG_ERROR_DATA,
                         "%s: the target \"%.60s\" is \"%.15g\" in every row: there is nothing to "
                         "learn",
                         draft->path, name, column->least.value);
    }
    return SNUG_OK;
}

static snug_status check_task(const snug_draft *draft) {
    const snug_task task = draft->seen->task;
    if (task == SNUG_TASK_NONE) {
        return snug_fail(SNUG_ERROR_ARGUMENT, "%s: .task must be classification or regression",
                         draft->path);
    }
    if (task == SNUG_TASK_CLASSIFICATION && draft->target_count > 1) {
        return snug_fail(SNUG_ERROR_ARGUMENT,
                         "%s: several targets are values; classes are in one column", draft->path);
    }
    snug_status status = SNUG_OK;
    for (size_t i = 0; i < draft->target_count && status == SNUG_OK; i++) {
        status = task == SNUG_TASK_REGRESSION ? check_values(draft, draft->targets[i]) : SNUG_OK;
    }
    return status;
}

snug_status snug_draft_choose_targets(snug_draft *draft) {
    const char *const *names = draft->options->target;
    size_t most = draft->profile.table.column_count + snug_list_length(names);
    const char *reason = NULL;
    draft->targets = snug_alloc(most, sizeof *draft->targets);
    if (draft->targets == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    snug_status status =
        names != NULL && names[0] != NULL ? take_named(draft, names) : take_last(draft);
    if (status != SNUG_OK) {
        return status;
    }
    draft->seen->task = task_of(draft, &reason);
    draft->outputs = draft->seen->task == SNUG_TASK_REGRESSION ? draft->target_count : 0;
    status = check_task(draft);
    return status == SNUG_OK ? snug_draft_set(&draft->seen->task_reason, reason) : status;
}
