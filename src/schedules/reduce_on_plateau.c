/*
 * Reduces the rate where the loss has stopped falling, as PyTorch's ReduceLROnPlateau: after
 * `patience` epochs without a loss that is lower by the threshold the factor is multiplied, and for
 * some epochs more nothing is counted.
 */
#include <snug/schedule.h>

#include "kinds/field_macros.h"

typedef struct plateau_config {
    double factor, threshold, minimum;
    size_t patience, cooldown;
} plateau_config;

/* The entries of the state, all 0 before the first epoch. */
enum {
    STARTED,    /* 1 once BEST is a loss, below infinity */
    BEST,       /* the lowest loss so far that was lower by the threshold */
    WAITED,     /* epochs since then */
    COOLING,    /* epochs left in which nothing is counted */
    REDUCTIONS, /* how often the rate was reduced */
    STATE
};
_Static_assert(STATE <= SNUG_SCHEDULE_STATE, "the state has its place");

static double factor(const void *config, const snug_schedule_time *time, const double *state) {
    const plateau_config *c = config;
    (void)time;
    return fmax(pow(c->factor, state[REDUCTIONS]), c->minimum);
}

static bool improves(const plateau_config *c, double loss, const double *state) {
    return state[STARTED] == 0.0 ? loss < (double)INFINITY
                                 : loss < state[BEST] - c->threshold * fabs(state[BEST]);
}

static void watch(const void *config, const snug_schedule_time *time, double loss, double *state) {
    const plateau_config *c = config;
    (void)time;
    state[WAITED] += 1.0;
    if (improves(c, loss, state)) {
        state[STARTED] = 1.0;
        state[BEST] = loss;
        state[WAITED] = 0.0;
    }
    if (state[COOLING] > 0.0) {
        state[COOLING] -= 1.0;
        state[WAITED] = 0.0;
    }
    if (state[WAITED] > (double)c->patience) {
        state[REDUCTIONS] += 1.0;
        state[COOLING] = (double)c->cooldown;
        state[WAITED] = 0.0;
    }
}

static const snug_field fields[] = {
    SNUG_REAL_FIELD(plateau_config, factor, 0.1, SNUG_ABOVE_BELOW(0, 1),
                    "times the learning rate at each reduction"),
    SNUG_SIZE_FIELD(plateau_config, patience, 10, SNUG_AT_LEAST(0),
                    "epochs without a lower loss before the rate is reduced"),
    SNUG_REAL_FIELD(plateau_config, threshold, 0.0001, SNUG_FROM_BELOW(0, 1),
                    "the share of the best loss which it must fall by to be progress"),
    SNUG_SIZE_FIELD(plateau_config, cooldown, 0, SNUG_AT_LEAST(0),
                    "epochs after a reduction that do not count"),
    SNUG_REAL_FIELD(plateau_config, minimum, 0, SNUG_FROM_TO(0, 1), "the least factor"),
    SNUG_FIELDS_END,
};

const snug_schedule_kind snug_schedule_reduce_on_plateau_kind = {
    .base = {.name = "reduce_on_plateau",
             .summary = "reduced where the validation loss, or else the training loss, stays",
             .fields = fields,
             .config_size = sizeof(plateau_config)},
    .factor = factor,
    .watch = watch,
};

snug_schedule *snug_schedule_reduce_on_plateau(double factor, size_t patience) {
    return snug_schedule_make(
        "reduce_on_plateau",
        SNUG_FIELDS(snug_number("factor", factor), snug_number("patience", (double)patience)));
}
