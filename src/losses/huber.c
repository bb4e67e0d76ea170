/* Huber's loss: squared near the target, absolute far from it. */
#include <snug/loss.h>

#include "kinds/field_macros.h"
#include "losses/elementwise.h"

typedef struct huber {
    double delta;
} huber;

static const snug_field fields[] = {
    SNUG_REAL_FIELD(huber, delta, 1, SNUG_ABOVE_TO(0, 1e30),
                    "the error from which on the loss grows as a line"),
    SNUG_FIELDS_END,
};

static snug_loss_parameters parameters(const void *config) {
    return (snug_loss_parameters){.a = (float)((const huber *)config)->delta};
}

/*
 * With e = z - t and g = e limited to [-delta, delta]: g (e - g / 2), which is e^2 / 2 inside the
 * limits and grows as a line outside of them. Its slope is g. Huber 1964, "Robust estimation of a
 * location parameter".
 */
SNUG_INLINE double add_loss(double sum, float z, float t, snug_loss_parameters p, float *slope) {
    float error = z - t;
    float limited = error > p.a ? p.a : error;
    limited = error < -p.a ? -p.a : limited;
    *slope = limited;
    double beyond = snug_fma_double(p.fused, -0.5, (double)limited, (double)error);
    return snug_fma_double(p.fused, (double)limited, beyond, sum);
}

SNUG_ELEMENTWISE_LOSS(parameters, add_loss, 1.0);

/* The product of an error and the slope there: its square up to delta. */
static double magnitude(const void *config, double error) {
    double delta = ((const huber *)config)->delta;
    return error * (error < delta ? error : delta);
}

const snug_loss_kind snug_loss_huber_kind = {
    .base = {.name = "huber",
             .summary = "the mean over the outputs of e^2 / 2 for e = abs(z - target) up to delta, "
                        "delta (e - delta / 2) beyond",
             .fields = fields,
             .config_size = sizeof(huber)},
    .targets = SNUG_TARGET_VALUES,
    .output = "identity",
    .evaluate = evaluate,
    .magnitude = magnitude};

snug_loss *snug_huber(double delta) {
    return snug_loss_make("huber", SNUG_FIELDS(snug_number("delta", delta)));
}
