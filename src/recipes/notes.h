/*
 * What looks wrong in a table, or was assumed of it: rows without a target, many duplicates, a rare
 * or a very large class, strings among numbers, and numbers that may mean a missing value, such as
 * -200 where all others are between 0.1 and 11.9.
 *
 * Such a number is whole, not 0, the least or the largest of more than 10 different ones, in at
 * least 5 cells, and farther from its neighbour than that is from the other end.
 */
#ifndef SNUG_RECIPES_NOTES_H
#define SNUG_RECIPES_NOTES_H

#include "recipes/draft.h"

/*
 * Adds a note of each, which ends with what would change it. A note is one line for people, without
 * a full stop.
 */
snug_status snug_draft_add_notes(snug_draft *draft);

#endif
