/*
 * Sums over the samples of a batch for each member of an ensemble: the gradients of vectors that
 * every member has of its own.
 */
#ifndef SNUG_LAYERS_MEMBER_SUMS_H
#define SNUG_LAYERS_MEMBER_SUMS_H

#include <snug/kind.h>

/* A part of a tensor of `members` rows: the rows of members first .. first + count - 1. */
typedef struct snug_member_part {
    size_t members, first, count;
} snug_member_part;

/*
 * Sets gradient, part->count x outputs, to the sums of dy or, with u, of dy * u; or adds them if
 * run->add_gradients. u has a row for each row of dy.
 */
void snug_sum_member_outputs(const snug_layer_call *run, const snug_member_part *part,
                             const float *u, float *gradient);

/*
 * Sets gradient, part->count x inputs, to the sums of x * q, or adds them if run->add_gradients. q
 * has a row for each member of a sample, x either as many or one for all members.
 */
void snug_sum_member_inputs(const snug_layer_call *run, const snug_member_part *part,
                            const float *q, float *gradient);

#endif
