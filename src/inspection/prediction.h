/*
 * What the theory of self-normalizing networks predicts of layers: <snug/inspection.h> has the
 * formulas, and theory/quadrature.h the expectations.
 */
#ifndef SNUG_INSPECTION_PREDICTION_H
#define SNUG_INSPECTION_PREDICTION_H

#include "inspection/inspection.h"
#include "theory/quadrature.h"

/*
 * Returns the moments of an activation's outputs for Gaussian inputs of a mean and a variance; not
 * numbers where outputs depend on more than one input, or the variance is none.
 */
snug_gaussian_moments snug_predict_activation(const snug_object *activation, double mean,
                                              double variance);

/* Sets .theory of all layers, from what is measured of the model. Fails without memory. */
snug_status snug_inspection_predict(snug_inspection *inspection, const snug_model *model);

#endif
