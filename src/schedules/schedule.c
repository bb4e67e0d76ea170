#include <math.h>

#include "schedules/schedule.h"

static const snug_schedule_kind *kind_of(const snug_object *schedule) {
    return (const snug_schedule_kind *)(const void *)schedule->kind;
}

double snug_schedule_factor(const snug_object *schedule, const snug_schedule_time *time,
                            const double *state) {
    return schedule == NULL ? 1.0 : kind_of(schedule)->factor(schedule->config, time, state);
}

void snug_schedule_watch(const snug_object *schedule, const snug_schedule_time *time, double loss,
                         double *state) {
    if (schedule != NULL && kind_of(schedule)->watch != NULL) {
        kind_of(schedule)->watch(schedule->config, time, loss, state);
    }
}

bool snug_schedule_watches(const snug_object *schedule) {
    const snug_schedule_kind *kind = kind_of(schedule);
    return kind->watch != NULL && (kind->watches == NULL || kind->watches(schedule->config));
}

double snug_schedule_epoch(const snug_schedule_time *time) {
    uint64_t epoch = time->step / time->steps_an_epoch; /* rounded down */
    return (double)epoch;
}

double snug_schedule_position(const snug_schedule_time *time) {
    return (double)time->step / (double)time->steps_an_epoch;
}

double snug_schedule_share(const snug_schedule_time *time) {
    return time->step < time->steps ? (double)time->step / (double)time->steps : 1.0;
}

double snug_schedule_half_cosine(double from, double to, double share) {
    const double pi = 3.14159265358979323846;
    return to + 0.5 * (from - to) * (1.0 + cos(pi * share));
}
