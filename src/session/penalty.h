/*
 * What the penalties of a model's tensors (l1, l2) add to the training loss and to its gradient,
 * and the limit of column norms (max_norm) after an optimizer step.
 */
#ifndef SNUG_SESSION_PENALTY_H
#define SNUG_SESSION_PENALTY_H

#include "model/model.h"

/* Returns what all parameters together add to the mean loss; 0 where no tensor has a penalty. */
double snug_penalty(const snug_model *model);

/*
 * Adds `scale` times the penalty's gradient to `gradients`, those of `count` numbers of the
 * tensor's slot from number `first` on.
 */
void snug_penalty_backward(const snug_model *model, const snug_tensor_slot *slot, size_t first,
                           size_t count, double scale, float *gradients);

/* Scales each column that is longer than its tensor's max_norm down to that length. */
void snug_model_constrain(snug_model *model);

#endif
