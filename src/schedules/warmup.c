/*
 * Goyal et al. 2017, "Accurate, large minibatch SGD": from little to all of the learning rate in
 * equal steps, and then any other schedule, for which the run starts where the warm-up ends.
 */
#include <float.h>

#include <snug/schedule.h>

#include "kinds/field_macros.h"
#include "schedules/schedule.h"

typedef struct warmup_config {
    size_t steps;
    double epochs;
    snug_object *then;
} warmup_config;

/* The steps of so many epochs; a part of a step counts as one, unless it comes from rounding. */
static double steps_of(double epochs, uint64_t steps_an_epoch) {
    double steps = epochs * (double)steps_an_epoch, nearest = round(steps);
    return fabs(steps - nearest) <= 4.0 * DBL_EPSILON * nearest ? nearest : ceil(steps);
}

/* The steps of the warm-up: at most the whole run. */
static uint64_t length(const warmup_config *c, const snug_schedule_time *time) {
    double wanted = c->steps > 0 ? (double)c->steps : steps_of(c->epochs, time->steps_an_epoch);
    return wanted < (double)time->steps ? (uint64_t)wanted : time->steps;
}

/* The time as the schedule after the warm-up counts it: its first step until it begins. */
static snug_schedule_time time_after(uint64_t warm, const snug_schedule_time *time) {
    return (snug_schedule_time){.step = time->step > warm ? time->step - warm : 0,
                                .steps = time->steps > warm ? time->steps - warm : 1,
                                .steps_an_epoch = time->steps_an_epoch};
}

static double factor(const void *config, const snug_schedule_time *time, const double *state) {
    const warmup_config *c = config;
    uint64_t warm = length(c, time);
    const snug_schedule_time after = time_after(warm, time);
    double share = time->step < warm ? ((double)time->step + 1.0) / (double)warm : 1.0;
    return share * snug_schedule_factor(c->then, &after, state);
}

static void watch(const void *config, const snug_schedule_time *time, double loss, double *state) {
    const warmup_config *c = config;
    uint64_t warm = length(c, time);
    const snug_schedule_time after = time_after(warm, time);
    if (time->step > warm) {
        snug_schedule_watch(c->then, &after, loss, state);
    }
}

static bool watches(const void *config) {
    return snug_schedule_watches(((const warmup_config *)config)->then);
}

static const snug_field fields[] = {
    SNUG_SIZE_FIELD(warmup_config, steps, 0, SNUG_AT_LEAST(0),
                    "steps of the warm-up; 0: as many epochs"),
    SNUG_REAL_FIELD(warmup_config, epochs, 1, SNUG_ABOVE(0),
                    "epochs of the warm-up, where steps is 0"),
    {SNUG_FIELD(warmup_config, then, OBJECT,
                "the schedule after the warm-up, over the rest of the run"),
     .initial_text = "constant", .group = SNUG_GROUP_SCHEDULE},
    SNUG_FIELDS_END,
};

const snug_schedule_kind snug_schedule_warmup_kind = {
    .base = {.name = "warmup",
             .summary = "linear from little to all, and then any other schedule",
             .fields = fields,
             .config_size = sizeof(warmup_config)},
    .factor = factor,
    .watch = watch,
    .watches = watches,
};

snug_schedule *snug_schedule_warmup(double epochs, snug_schedule *then) {
    return snug_schedule_make(
        "warmup", SNUG_FIELDS(snug_number("epochs", epochs), snug_nested_schedule("then", then)));
}
