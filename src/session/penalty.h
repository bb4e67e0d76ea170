/* The penalties that a model's tensors ask for, and the limits of their columns. */
#ifndef SNUG_SESSION_PENALTY_H
#define SNUG_SESSION_PENALTY_H

#include "model/model.h"

/* What the parameters add to the mean loss; 0 where no tensor asks for it. */
double snug_penalty(const snug_model *model);

/* Adds `scale` times its gradient to those of `count` numbers of a tensor from `first` on. */
void snug_penalty_backward(const snug_model *model, const snug_tensor_slot *slot, size_t first,
                           size_t count, double scale, float *gradients);

/* After a step: cuts what has become too long. */
void snug_model_constrain(snug_model *model);

#endif
