/*
 * 1 until a share of the run has passed, then half a cosine down to 0: (1 + cos(pi (t - flat) /
 * (1 - flat))) / 2. With flat = 0.5 it is the schedule "flat_cos" of Holzmueller, Grinsztajn and
 * Steinwart 2024, "Better by default: strong pre-tuned MLPs and boosted trees on tabular data".
 */
#include <snug/schedule.h>

#include "kinds/field_macros.h"
#include "schedules/schedule.h"

typedef struct flat_cosine_config {
    double flat;
} flat_cosine_config;

static double factor(const void *config, const snug_schedule_time *time, const double *state) {
    const flat_cosine_config *c = config;
    double share = snug_schedule_share(time);
    (void)state;
    return share <= c->flat
               ? 1.0
               : snug_schedule_half_cosine(1.0, 0.0, (share - c->flat) / (1.0 - c->flat));
}

static const snug_field fields[] = {
    SNUG_REAL_FIELD(flat_cosine_config, flat, 0.5, SNUG_FROM_BELOW(0, 1),
                    "the share of the run with the factor 1"),
    SNUG_FIELDS_END,
};

const snug_schedule_kind snug_schedule_flat_cosine_kind = {
    .base = {.name = "flat_cosine",
             .summary = "1 for a share of the run, then down to 0 along half a cosine",
             .fields = fields,
             .config_size = sizeof(flat_cosine_config)},
    .factor = factor,
};

snug_schedule *snug_schedule_flat_cosine(double flat) {
    return snug_schedule_make("flat_cosine", SNUG_FIELDS(snug_number("flat", flat)));
}
