/* Schedules at work: any kind's factor and watch(), and where a run is. */
#ifndef SNUG_SCHEDULES_SCHEDULE_H
#define SNUG_SCHEDULES_SCHEDULE_H

#include "core/object.h"

/* The factor on the learning rate; 1 where there is no schedule. */
double snug_schedule_factor(const snug_object *schedule, const snug_schedule_time *time,
                            const double *state);

/* Tells a schedule that wants to know it the loss after an epoch; it may be NULL. */
void snug_schedule_watch(const snug_object *schedule, const snug_schedule_time *time, double loss,
                         double *state);

/* The epoch, counted from 0: whole ones, and with the part of the one which runs. */
double snug_schedule_epoch(const snug_schedule_time *time);
double snug_schedule_position(const snug_schedule_time *time);

/* The share of the run that is done, in [0, 1]. */
double snug_schedule_share(const snug_schedule_time *time);

/* From `from` at share 0 to `to` at share 1, along half a cosine. */
double snug_schedule_half_cosine(double from, double to, double share);

#endif
