/*
 * Saturated units: outputs of an activation f for which abs(f'(x)) is below 0.01 of the largest
 * there is for x in [-8, 8], so that hardly any gradient passes.
 */
#ifndef SNUG_INSPECTION_SATURATION_H
#define SNUG_INSPECTION_SATURATION_H

#include "kinds/object.h"

/*
 * Returns the slope below which a layer is saturated. NaN where it is no activation, or one whose
 * outputs depend on more than one input.
 */
double snug_saturated_slope(const snug_object *layer);

/*
 * Returns how many of n inputs x saturate the activation that a layer is, by the slope that
 * snug_saturated_slope() returned for it.
 */
size_t snug_count_saturated(const snug_object *layer, double slope, size_t n, const float *x);

#endif
