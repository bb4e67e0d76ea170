/*
 * Gradient accumulation: the gradients of several batches make one optimizer step together.
 *
 * While it is on, the loss gives backward the gradient of the *sum* of a batch's weighted losses,
 * not of their mean, and backward adds to the gradients of the batches before. The step needs the
 * mean, so that everything is divided once by the total weight of all rows: a last batch of fewer
 * rows then counts by its rows, and the result is the gradient of one large batch.
 *
 * Sums of float lose digits as they grow. Hence the gradients of 32 batches are summed in float, in
 * the session's flat vector of gradients, and are then moved to `totals`, which are double:
 *
 *     batch           1 ... 32 | 33 ... 64 | 65, 66
 *     in totals                   1 ... 32    1 ... 64      double
 *     in gradients    1 ... 32   33 ... 64   65, 66         float
 *
 * Three operations do it all, in this order:
 *     snug_accumulation_add_batch()   before the backward pass of each batch
 *     snug_accumulation_average()     for each gradient once, before the optimizer reads it
 *     snug_accumulation_restart()     after all of them were averaged
 * Where accumulation is off, all three do nothing.
 */
#ifndef SNUG_OPTIM_ACCUMULATION_H
#define SNUG_OPTIM_ACCUMULATION_H

#include <stdbool.h>
#include <stddef.h>

#include <snug/status.h>

typedef struct snug_accumulation {
    bool on;
    size_t float_batches; /* whose sums the session's gradients are */
    double weight;        /* total of all rows added since the last restart */
    double *totals;  /* sums of earlier batches, flat; NULL before it was on for the first time */
    bool has_totals; /* the totals hold anything */
} snug_accumulation;

/*
 * Turns accumulation of n gradients on or off and restarts it. The first time on allocates the
 * totals, which snug_accumulation_clear() frees.
 */
snug_status snug_accumulation_switch(snug_accumulation *a, bool on, size_t n);
void snug_accumulation_clear(snug_accumulation *a);

/*
 * Counts a batch whose rows weigh `weight` in all, and moves the n sums of float to the totals when
 * they are those of 32 batches. Returns whether backward adds to `gradients`, instead of setting
 * them.
 */
bool snug_accumulation_add_batch(snug_accumulation *a, size_t n, float *gradients, double weight);

/*
 * Turns the sums of the gradients first .. first + count - 1 into those of the mean loss.
 * `gradients` points to the first of them. May be called by several threads for different parts.
 */
void snug_accumulation_average(const snug_accumulation *a, size_t first, size_t count,
                               float *gradients);

/* Begins anew: the next batch sets the gradients. */
void snug_accumulation_restart(snug_accumulation *a);

#endif
