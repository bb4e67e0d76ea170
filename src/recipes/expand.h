/*
 * The experiment of a recipe for one table: its template, in which the data decides what recipe.h
 * lists, with the data section that the draft decided.
 *
 * Paths in it are relative to the file that it will be written to; how the file is written is in it
 * also where that was found out, so that training reads what was seen.
 */
#ifndef SNUG_RECIPES_EXPAND_H
#define SNUG_RECIPES_EXPAND_H

#include <cjson/cJSON.h>

#include "recipes/draft.h"

/*
 * Returns the experiment, which the caller owns; NULL on failure. It is parsed as an experiment
 * file is, so that every default is filled in and everything in it is checked: a template that is
 * wrong fails here with the path of the field.
 */
snug_experiment *snug_draft_expand(const snug_draft *draft);

/* Returns the share of the rows that a recipe leaves for validation, 0 without memory. */
double snug_recipe_validation(const snug_recipe *recipe);

/*
 * Returns the default space of a recipe, whose lists of layers are written out, for
 * cJSON_Delete(): that where the target holds classes, or for values. NULL on failure.
 */
cJSON *snug_recipe_space(const snug_recipe *recipe, bool classes);

#endif
