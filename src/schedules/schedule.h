/*
 * A schedule at work. snug_schedule_factor() decides the factor on the learning rate of each step;
 * optim/optimizer.h has what becomes of it. Kinds compute it from the functions of time below.
 */
#ifndef SNUG_SCHEDULES_SCHEDULE_H
#define SNUG_SCHEDULES_SCHEDULE_H

#include "kinds/object.h"

/*
 * Returns the factor on the learning rate of step number time->step, from 0; 1 where schedule is
 * NULL. `state` has SNUG_SCHEDULE_STATE numbers, all 0 before the first step.
 */
double snug_schedule_factor(const snug_object *schedule, const snug_schedule_time *time,
                            const double *state);

/*
 * Passes the loss after an epoch to a schedule that depends on it, such as reduce_on_plateau, which
 * changes the state. time->step is the next step. Does nothing for other schedules and for NULL.
 */
void snug_schedule_watch(const snug_object *schedule, const snug_schedule_time *time, double loss,
                         double *state);

/*
 * Returns whether the schedule depends on the losses of the epochs, as reduce_on_plateau does; it
 * cannot be used where they are not known.
 */
bool snug_schedule_watches(const snug_object *schedule);

/* Returns the number of the epoch, from 0: whole epochs. */
double snug_schedule_epoch(const snug_schedule_time *time);

/* Returns the number of epochs that have passed, with the fraction of the current one. */
double snug_schedule_position(const snug_schedule_time *time);

/* Returns the share of the whole run that has passed, in [0, 1]. */
double snug_schedule_share(const snug_schedule_time *time);

/* Returns `from` at share 0, `to` at share 1, and in between half a period of a cosine. */
double snug_schedule_half_cosine(double from, double to, double share);

#endif
