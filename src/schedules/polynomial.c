/* Polynomial decay: the factor falls as a power of the share of the run that is left. */
#include <snug/schedule.h>

#include "kinds/field_macros.h"
#include "schedules/schedule.h"

typedef struct polynomial_config {
    double power, end;
} polynomial_config;

static double factor(const void *config, const snug_schedule_time *time, const double *state) {
    const polynomial_config *c = config;
    (void)state;
    return c->end + (1.0 - c->end) * pow(1.0 - snug_schedule_share(time), c->power);
}

static const snug_field fields[] = {
    SNUG_REAL_FIELD(polynomial_config, power, 1, SNUG_ABOVE(0),
                    "1: along a line; 2: along a parabola"),
    SNUG_REAL_FIELD(polynomial_config, end, 0, SNUG_FROM_TO(0, 1),
                    "the factor at the end of the run"),
    SNUG_FIELDS_END,
};

const snug_schedule_kind snug_schedule_polynomial_kind = {
    .base = {.name = "polynomial",
             .summary = "down to an end factor as a power of the steps that are left",
             .fields = fields,
             .config_size = sizeof(polynomial_config)},
    .factor = factor,
};

snug_schedule *snug_schedule_polynomial(double power) {
    return snug_schedule_make("polynomial", SNUG_FIELDS(snug_number("power", power)));
}
