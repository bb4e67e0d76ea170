/*
 * Which columns are the targets, and whether they hold classes or values.
 *
 * Unless the options name it the target is the last column that has a name and values. It holds
 *
 *     strings                                         classes
 *     a number that is not whole, or more than 20
 *     different ones, or a different one in at
 *     least half of the rows                          values
 *     two different numbers                           classes
 *     a name of classes: class, label, type ...       classes
 *     a name of quantities: count, score, price ...   values
 *     at most 12 numbers without a gap from 0 or 1    classes
 *     other numbers                                   values
 */
#ifndef SNUG_RECIPES_TARGET_H
#define SNUG_RECIPES_TARGET_H

#include "recipes/draft.h"

/*
 * Finds the targets and decides what they hold. Fails where a column is unknown, or holds strings
 * where values are wanted.
 */
snug_status snug_draft_choose_targets(snug_draft *draft);

#endif
