/* The forward pass: rows through all layers, the outputs kept for backward in training. */
#ifndef SNUG_SESSION_FORWARD_H
#define SNUG_SESSION_FORWARD_H

#include "session/session.h"
#include "session/threads.h"

/* Called after each layer of the model, blocks as a whole, with its outputs, rows x columns. */
typedef void snug_observer(void *user, size_t layer, size_t rows, size_t columns, const float *y);

/*
 * Runs preprocessed rows, x[row_count][inputs] with at most max_rows, through the layers. In a
 * training session the layers run as in training: batch_number selects the masks of random layers.
 * observer may be NULL; it is called in a session of one thread only.
 * Returns the last layer's outputs, row_count x outputs, which are in the session's memory. In a
 * training session x must stay as it is until backward is done.
 */
const float *snug_session_forward(snug_session *session, const float *x, size_t row_count,
                                  uint64_t batch_number, snug_observer *observer, void *user);

/*
 * Fills rows first .. first + count - 1 of a batch's x. Called during the forward pass by the
 * thread that runs these rows, right before it runs them: several threads gather their rows at the
 * same time, and each finds its rows in its own cache.
 */
typedef void snug_gather_rows_fn(void *user, size_t first, size_t count);

/* Runs a forward pass as snug_session_forward() does, after gather() has filled x. */
const float *snug_session_forward_gathered(snug_session *session, const float *x, size_t row_count,
                                           uint64_t batch_number, snug_gather_rows_fn *gather,
                                           void *user);

/*
 * Runs some rows of the batch at x through `layers`, the instances of one thread. For models whose
 * layers take rows one by one (snug_plan.rowwise).
 */
void snug_session_forward_rows(const snug_session *session, snug_layer_instance *layers,
                               const float *x, snug_row_range rows, uint64_t batch_number);

/*
 * Sets out[rows.count][outputs] to what the model predicts for rows of the last pass, of the
 * outputs of the last layer: their output function, in the targets' units.
 */
void snug_session_predictions(const snug_session *session, snug_row_range rows, float *out);

/*
 * Runs some rows of the batch through one layer; x points to the first of them. A block's inner
 * layers have run before, and layer->call.inner has their outputs.
 */
void snug_session_forward_layer(snug_layer_instance *layer, const float *x, snug_row_range rows,
                                uint64_t batch_number);

#endif
