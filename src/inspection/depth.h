/*
 * How the variance of activations changes from the first to the last hidden layer, whatever the
 * activations are: where it is lost on the way, the last layer sees the same numbers for every row,
 * and where it explodes, gradients do too. Both begin with the initial weights, so that trained
 * weights are allowed more.
 */
#ifndef SNUG_INSPECTION_DEPTH_H
#define SNUG_INSPECTION_DEPTH_H

#include "inspection/inspection.h"
#include "model/model.h"

/*
 * Adds a note, with its cure, where the variance grows or shrinks by a factor of more than 100 or,
 * in a trained model, of a million: the variances are those that the inspection has measured, of
 * the hidden layers' activations over the rows. A model without two hidden layers has none to
 * compare. Fails without memory.
 */
snug_status snug_inspection_check_depth(snug_inspection *inspection, const snug_model *model);

#endif
