/* Exponential decay: the rate loses the same share in each epoch. */
#include <snug/schedule.h>

#include "kinds/field_macros.h"
#include "schedules/schedule.h"

typedef struct exponential_config {
    double gamma;
} exponential_config;

static double factor(const void *config, const snug_schedule_time *time, const double *state) {
    const exponential_config *c = config;
    (void)state;
    return pow(c->gamma, snug_schedule_epoch(time));
}

static const snug_field fields[] = {
    SNUG_REAL_FIELD(exponential_config, gamma, 0.95, SNUG_FROM_TO(0, 1),
                    "times the learning rate after each epoch"),
    SNUG_FIELDS_END,
};

const snug_schedule_kind snug_schedule_exponential_kind = {
    .base = {.name = "exponential",
             .summary = "multiplied by gamma after each epoch",
             .fields = fields,
             .config_size = sizeof(exponential_config)},
    .factor = factor,
};

snug_schedule *snug_schedule_exponential(double gamma) {
    return snug_schedule_make("exponential", SNUG_FIELDS(snug_number("gamma", gamma)));
}
