/* Poisson regression: counts whose expected value is e^z. */
#include <math.h>

#include <snug/loss.h>

#include "losses/elementwise.h"
#include "math/elementary.h"

/*
 * e^z - t z, the negative log likelihood without its term log(t!), which does not depend on z. Its
 * slope is e^z - t. Above z = 88.7 both are infinite in float.
 */
SNUG_INLINE double add_loss(double sum, float z, float t, snug_loss_parameters p, float *slope) {
    float expected = snug_expf(p.fused, z);
    *slope = expected - t;
    return sum + snug_fma_double(p.fused, -(double)t, (double)z, (double)expected);
}

SNUG_ELEMENTWISE_LOSS(snug_no_loss_parameters, add_loss, 1.0);

static const snug_range counts = {.min = 0, .max = HUGE_VAL};

const snug_loss_kind snug_loss_poisson_kind = {
    .base = {.name = "poisson",
             .summary = "the mean over the outputs of e^z - target z: counts from 0 on, whose "
                        "logarithm of the expected value is z"},
    .targets = SNUG_TARGET_VALUES,
    .values = &counts,
    .output = "exp",
    .evaluate = evaluate};

snug_loss *snug_poisson(void) {
    return snug_loss_make("poisson", NULL);
}
