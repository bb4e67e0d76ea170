/* Step decay: the rate is multiplied by the same factor every few epochs. */
#include <snug/schedule.h>

#include "kinds/field_macros.h"
#include "schedules/schedule.h"

typedef struct step_config {
    size_t every;
    double gamma;
} step_config;

static double factor(const void *config, const snug_schedule_time *time, const double *state) {
    const step_config *c = config;
    (void)state;
    return pow(c->gamma, floor(snug_schedule_epoch(time) / (double)c->every));
}

static const snug_field fields[] = {
    SNUG_SIZE_FIELD(step_config, every, 10, SNUG_AT_LEAST(1), "epochs from one step to the next"),
    SNUG_REAL_FIELD(step_config, gamma, 0.1, SNUG_FROM_TO(0, 1),
                    "times the learning rate at each step"),
    SNUG_FIELDS_END,
};

const snug_schedule_kind snug_schedule_step_kind = {
    .base = {.name = "step",
             .summary = "multiplied by gamma after every so many epochs",
             .fields = fields,
             .config_size = sizeof(step_config)},
    .factor = factor,
};

snug_schedule *snug_schedule_step(size_t every, double gamma) {
    return snug_schedule_make(
        "step", SNUG_FIELDS(snug_number("every", (double)every), snug_number("gamma", gamma)));
}
