/* Constant schedule: factor 1 at every step; the default. */
#include <snug/kind.h>
#include <snug/schedule.h>

static double factor(const void *config, const snug_schedule_time *time, const double *state) {
    (void)config;
    (void)time;
    (void)state;
    return 1.0;
}

const snug_schedule_kind snug_schedule_constant_kind = {
    .base = {.name = "constant", .summary = "the learning rate as it is configured"},
    .factor = factor,
};

snug_schedule *snug_schedule_constant(void) {
    return snug_schedule_make("constant", NULL);
}
