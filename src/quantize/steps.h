/* Steps of int8 programs: a linear map with its own scales, and steps entry by entry. */
#ifndef SNUG_QUANTIZE_STEPS_H
#define SNUG_QUANTIZE_STEPS_H

#include "quantize/builder.h"

/*
 * Adds the step that computes a linear map from the value of its input, which is there. Fails where
 * a weight is not finite, and where a sum could be larger than an int32.
 */
snug_status snug_int8_add_linear(snug_int8_builder *builder, size_t node);

/* Adds the table of a node that is a function of its root, whose value is there. */
snug_status snug_int8_add_table(snug_int8_builder *builder, size_t node);

/* Adds a table that leads from the value of one node to the scale of y, as they are. */
snug_status snug_int8_add_rescaling(snug_int8_builder *builder, size_t node, size_t from, size_t y,
                                    size_t first_column);

/*
 * Adds the step of a sum, a difference or a product, or of a division by a constant, from the
 * values of its inputs, which are there.
 */
snug_status snug_int8_add_binary(snug_int8_builder *builder, size_t node);

#endif
