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

/*
 * Returns the factor by which an activation changes a small distance of the variance from 1 in each
 * layer, with random weights of variance 1/fan_in: the derivative of E f(z)^2 by the variance of z.
 * Not a number where outputs depend on more than one input.
 */
double snug_activation_rate(const snug_object *activation);

/* Calls .moments of a layer's kind, which must have it; sets not numbers for such inputs. */
void snug_predict_layer(const snug_model *model, const snug_plan_node *node,
                        snug_layer_moments *moments);

/* Sets .theory of all layers, from what is measured of the model. Fails without memory. */
snug_status snug_inspection_predict(snug_inspection *inspection, const snug_model *model);

#endif
