/* An optimizer step over all parameters at once, as tests of formulas want it. */
#ifndef SNUG_TESTS_OPTIM_ONE_STEP_H
#define SNUG_TESTS_OPTIM_ONE_STEP_H

#include "optim/optimizer.h"

static inline snug_status one_step(snug_optimizer *optimizer, size_t n, double factor,
                                   const float *gradients, float *parameters) {
    const snug_parameter_ranges ranges = {.parameters = n};
    snug_status status =
        snug_optimizer_begin_step(optimizer, &ranges, (snug_step_factors){factor, 1.0});
    if (status == SNUG_OK) {
        snug_optimizer_update(optimizer, 0, n, gradients, parameters);
    }
    return status;
}

#endif
