/*
 * A suggestion while it is made, in the order of these files: target.c finds the targets and
 * whether they are classes, columns.c what becomes of all other columns, rows.c counts rows and
 * classes, notes.c looks for what is suspicious, expand.c makes the experiment.
 */
#ifndef SNUG_RECIPES_DRAFT_H
#define SNUG_RECIPES_DRAFT_H

#include <snug/suggest.h>

#include "recipes/dialect.h"
#include "recipes/profile.h"
#include "recipes/recipe.h"

typedef struct snug_draft {
    const char *path; /* borrowed, as the options are */
    const snug_suggest_options *options;
    const snug_recipe *recipe;
    const snug_data_format *format;
    snug_dialect dialect;           /* how the file is written, of formats of text */
    snug_profile profile;           /* of formats of tables; of arrays it has no columns */
    bool formatted;                 /* numbers are written as 1,234 */
    size_t *targets;                /* owned; the columns of the targets, in their order */
    size_t target_count;            /* 0 for arrays */
    size_t outputs;                 /* values a row; 0 for classes */
    snug_string_set missing_values; /* owned; the strings that mean a missing value */
    bool listed;                    /* these are in place of the usual ones */
    snug_suggestion *seen;          /* owned */
} snug_draft;

/* Returns whether a column is taken for numbers, as a feature or a target of values. */
bool snug_draft_holds_numbers(const snug_draft *draft, size_t column);

/* Adds a note, printed as by printf(). */
snug_status snug_draft_note(snug_draft *draft, const char *format, ...) SNUG_PRINTF(2, 3);

/* Sets a string of the suggestion, which is NULL so far, to a copy. */
snug_status snug_draft_set(const char **string, const char *value);

#endif
