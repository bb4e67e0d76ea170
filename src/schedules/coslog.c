/*
 * Holzmueller, Grinsztajn and Steinwart 2024, "Better by default: strong pre-tuned MLPs and boosted
 * trees on tabular data": cosine waves in the logarithm of time,
 *
 *     (1 - cos(2 pi log2(1 + (2^cycles - 1) t))) / 2,   t the share of the run that has passed.
 *
 * Each wave goes from 0 to 1 and back, and takes twice as many steps as the one before, so that
 * training has several ends with a small rate.
 */
#include <snug/schedule.h>

#include "kinds/field_macros.h"
#include "schedules/schedule.h"

typedef struct coslog_config {
    size_t cycles;
} coslog_config;

static double factor(const void *config, const snug_schedule_time *time, const double *state) {
    const coslog_config *c = config;
    double waves = log2(1.0 + (exp2((double)c->cycles) - 1.0) * snug_schedule_share(time));
    (void)state;
    return snug_schedule_half_cosine(0.0, 1.0, 2.0 * waves);
}

static const snug_field fields[] = {
    SNUG_SIZE_FIELD(coslog_config, cycles, 4, SNUG_FROM_TO(1, 64),
                    "waves in the run, each twice as long as the one before"),
    SNUG_FIELDS_END,
};

const snug_schedule_kind snug_schedule_coslog_kind = {
    .base = {.name = "coslog",
             .summary = "cosine waves from 0 to 1 and back, each twice as long as the one before",
             .fields = fields,
             .config_size = sizeof(coslog_config)},
    .factor = factor,
};

snug_schedule *snug_schedule_coslog(size_t cycles) {
    return snug_schedule_make("coslog", SNUG_FIELDS(snug_number("cycles", (double)cycles)));
}
