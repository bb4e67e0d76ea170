/*
 * Smith and Topin 2018, "Super-convergence: very fast training of neural networks using large
 * learning rates": up to the configured rate and down again, far below where it began. The two
 * turns are at whole steps, as in PyTorch: the first step is the lowest of the way up, and the last
 * of the run has the final factor. A run of fewer steps than 1 / peak begins on the way down.
 */
#include <snug/schedule.h>

#include "kinds/field_macros.h"
#include "schedules/schedule.h"

typedef struct one_cycle_config {
    double peak, initial_divisor, final_divisor;
    int curve;
} one_cycle_config;

enum { COSINE, LINEAR };
static const char *const curves[] = {"cosine", "linear", NULL};

static double between(const one_cycle_config *c, double from, double to, double share) {
    return c->curve == LINEAR ? from + (to - from) * share
                              : snug_schedule_half_cosine(from, to, share);
}

static double factor(const void *config, const snug_schedule_time *time, const double *state) {
    const one_cycle_config *c = config;
    double step = (double)time->step, last = (double)time->steps - 1.0;
    double turn = c->peak * (double)time->steps - 1.0; /* below 0 in a short run: only down */
    double initial = 1.0 / c->initial_divisor;
    (void)state;
    if (step < turn) {
        return between(c, initial, 1.0, step / turn);
    }
    double share = step < last ? (step - turn) / (last - turn) : 1.0;
    return between(c, 1.0, initial / c->final_divisor, share);
}

static const snug_field fields[] = {
    SNUG_REAL_FIELD(one_cycle_config, peak, 0.3, SNUG_ABOVE_BELOW(0, 1),
                    "the share of the run after which the rate is highest"),
    SNUG_REAL_FIELD(one_cycle_config, initial_divisor, 25, SNUG_AT_LEAST(1),
                    "the first rate is the configured one divided by this"),
    SNUG_REAL_FIELD(one_cycle_config, final_divisor, 10000, SNUG_AT_LEAST(1),
                    "the last rate is the first one divided by this"),
    SNUG_CHOICE_FIELD(one_cycle_config, curve, COSINE, curves, "how the rate goes up and down"),
    SNUG_FIELDS_END,
};

const snug_schedule_kind snug_schedule_one_cycle_kind = {
    .base = {.name = "one_cycle",
             .summary = "up to the configured rate and down to almost nothing, once",
             .fields = fields,
             .config_size = sizeof(one_cycle_config)},
    .factor = factor,
};

snug_schedule *snug_schedule_one_cycle(double peak) {
    return snug_schedule_make("one_cycle", SNUG_FIELDS(snug_number("peak", peak)));
}
