/* Schedules of the learning rate: making and freeing them. */
#ifndef SNUG_SCHEDULE_H
#define SNUG_SCHEDULE_H

#include <snug/field_value.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A schedule: a factor at each step on the optimizer's learning rate, on its weight decay, or on
 * the rate of a layer's dropout. Its constructors follow the rules of <snug/layer.h>: they never
 * return NULL, and a failed one makes the call that gets it fail. snug_fit() takes a schedule over.
 */
typedef struct snug_schedule snug_schedule;

/* Makes a schedule by its name or from a JSON object: "{\"type\": \"step\", \"every\": 30}". */
SNUG_API snug_schedule *snug_schedule_new(const char *spec);

/* Makes a schedule by its name, with typed values of its fields; NULL: the defaults. */
SNUG_API snug_schedule *snug_schedule_make(const char *kind, const snug_field_value *fields);

/*
 * Returns SNUG_OK, or why the constructor failed, with its error message in snug_error().
 * SNUG_ERROR_ARGUMENT for NULL and for a handle that was taken over or freed.
 */
SNUG_API snug_status snug_schedule_status(const snug_schedule *schedule);

/* Frees a schedule that nothing has taken over; takes NULL and failed handles. */
SNUG_API void snug_schedule_free(snug_schedule *schedule);

/* The factor is 1. */
SNUG_API snug_schedule *snug_schedule_constant(void);

/* Times `gamma`, in [0, 1], after every `every` epochs. */
SNUG_API snug_schedule *snug_schedule_step(size_t every, double gamma);

/* Times `gamma`, in [0, 1], after each epoch. */
SNUG_API snug_schedule *snug_schedule_exponential(double gamma);

/*
 * Half a cosine from 1 to 0 over `period` epochs, again and again; 0: once over the whole run
 * (Loshchilov and Hutter 2017).
 */
SNUG_API snug_schedule *snug_schedule_cosine(size_t period);

/*
 * `cycles` >= 1 cosine waves from 0 to 1 and back over the run, each twice as long as the one
 * before (Holzmueller et al. 2024).
 */
SNUG_API snug_schedule *snug_schedule_coslog(size_t cycles);

/* 1 until the share `flat`, in [0, 1), of the run has passed; then half a cosine from 1 to 0. */
SNUG_API snug_schedule *snug_schedule_flat_cosine(double flat);

/* (1 - share of the run)^power, from 1 to 0; a power of 1 is a line. */
SNUG_API snug_schedule *snug_schedule_polynomial(double power);

/* Up to 1 at the share `peak`, in (0, 1), of the run and down to almost nothing (Smith 2018). */
SNUG_API snug_schedule *snug_schedule_one_cycle(double peak);

/* Times `factor`, in (0, 1), after more than `patience` epochs without a smaller loss. */
SNUG_API snug_schedule *snug_schedule_reduce_on_plateau(double factor, size_t patience);

/*
 * Takes over `then`: a line up to 1 during the first `epochs` > 0 epochs, and then the schedule
 * `then` over the rest of the run.
 */
SNUG_API snug_schedule *snug_schedule_warmup(double epochs, snug_schedule *then);

#ifdef __cplusplus
}
#endif
#endif
