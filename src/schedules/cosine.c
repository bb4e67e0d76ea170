/* Loshchilov and Hutter 2017, "SGDR: stochastic gradient descent with warm restarts". */
#include <snug/schedule.h>

#include "kinds/field_macros.h"
#include "schedules/schedule.h"

typedef struct cosine_config {
    size_t period, multiplier;
    double minimum;
} cosine_config;

/* How much of its period has passed at a position, in epochs from the start. */
static double share_of_period(const cosine_config *c, double position) {
    double length = (double)c->period, multiplier = (double)c->multiplier;
    if (c->multiplier == 1) {
        return fmod(position, length) / length;
    }
    while (position >= length) {
        position -= length;
        length *= multiplier;
    }
    return position / length;
}

static double factor(const void *config, const snug_schedule_time *time, const double *state) {
    const cosine_config *c = config;
    double share = c->period == 0 ? snug_schedule_share(time)
                                  : share_of_period(c, snug_schedule_position(time));
    (void)state;
    return snug_schedule_half_cosine(1.0, c->minimum, share);
}

static const snug_field fields[] = {
    SNUG_SIZE_FIELD(cosine_config, period, 0, SNUG_AT_LEAST(0),
                    "epochs to the first restart; 0: the whole run, without restarts"),
    SNUG_SIZE_FIELD(cosine_config, multiplier, 1, SNUG_AT_LEAST(1),
                    "how many times longer each period is"),
    SNUG_REAL_FIELD(cosine_config, minimum, 0, SNUG_FROM_TO(0, 1),
                    "the factor at the end of a period"),
    SNUG_FIELDS_END,
};

const snug_schedule_kind snug_schedule_cosine_kind = {
    .base = {.name = "cosine",
             .summary = "down along half a cosine, once or with warm restarts",
             .fields = fields,
             .config_size = sizeof(cosine_config)},
    .factor = factor,
};

snug_schedule *snug_schedule_cosine(size_t period) {
    return snug_schedule_make("cosine", SNUG_FIELDS(snug_number("period", (double)period)));
}
