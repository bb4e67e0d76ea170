/*
 * What training does around the optimizer's steps: it adds up batches, limits columns, and averages
 * weights. Without any of it nothing is done.
 */
#ifndef SNUG_TRAIN_REFINE_H
#define SNUG_TRAIN_REFINE_H

#include <snug/train.h>

#include "session/session.h"

typedef struct snug_refine {
    snug_model *model;
    size_t group; /* batches a step */
    snug_ema *ema;
    bool averaged; /* the model has its average now */
} snug_refine;

snug_status snug_refine_check(const snug_fit_options *options);

/*
 * Whether an optimizer that looks at all rows at once can work: the loss must be the same at each
 * look.
 */
snug_status snug_refine_check_iterated(const snug_fit_options *options, const snug_model *model);

/* Whether batches of this size can be trained on: some layers need more than one row. */
snug_status snug_refine_check_rows(const snug_model *model, size_t batch_size, size_t rows);

/*
 * Whether the trained weights and the state are finite: no loss follows the last step that would
 * show it.
 */
snug_status snug_refine_check_weights(const snug_model *model, size_t epoch);

/* Free with snug_refine_clear(), also when it fails. */
snug_status snug_refine_start(snug_refine *refine, const snug_fit_options *options,
                              snug_session *session, snug_model *model);
void snug_refine_clear(snug_refine *refine);

/* After each step. */
void snug_refine_stepped(const snug_refine *refine);

/* Gives the model its average, or its own weights back. */
void snug_refine_average(snug_refine *refine, bool averaged);

#endif
