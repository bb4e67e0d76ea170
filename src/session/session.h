/*
 * A session: everything that running a model needs beside the model itself.
 *
 *     session  --> model (borrowed: layers, flat parameters, state)
 *       |-- layers        an instance of each layer of the model, ready to run
 *       |-- arena         one block of memory with all buffers             session/arena.h
 *       |-- pool          the threads that share out rows                  session/threads.h
 *       |-- accumulation  batches that make one optimizer step together    optim/accumulation.h
 *       |-- ensemble      a session of each member of an ensemble          session/ensemble.h
 *       `-- last          the forward pass that the next backward pass follows
 *
 * The passes are in forward.c, backward.c and predict.c; target_scaling.c and members.c are between
 * the outputs and the loss. batches.c feeds the passes from a dataset, and train/step.c turns
 * gradients into an optimizer step. A session serves one caller at a time.
 */
#ifndef SNUG_SESSION_SESSION_H
#define SNUG_SESSION_SESSION_H

#include <snug/session.h> /* IWYU pragma: export */

#include "core/guard.h"
#include "core/thread_pool.h"
#include "model/loss.h" /* IWYU pragma: export */
#include "model/model.h"
#include "optim/accumulation.h"
#include "session/arena.h"
#include "session/ensemble.h"
#include "session/layer_instance.h"

/* A forward pass, as backward needs it. */
typedef struct snug_last_pass {
    size_t rows; /* 0: there was none, or backward has followed it */
    const float *x;
    const float *outputs; /* snug_session_output_rows() x outputs: session/members.h */
    /* what the loss compares: session/target_scaling.h; since snug_session_unscale() */
    const float *values;
    snug_targets targets;
    snug_targets of_samples; /* in the training of an ensemble: .targets, not yet repeated */
    double weight;           /* total of the rows' weights in the loss: see snug_loss_weight() */
} snug_last_pass;

struct snug_session {
    const snug_model *model; /* borrowed */
    snug_model *trained;     /* .model where a caller's own loop updates it, or NULL */
    size_t max_rows;
    bool training;           /* has gradients, and keeps the outputs of all layers for backward */
    uint64_t seed;           /* of the masks of random layers */
    snug_schedule_time time; /* for schedules of layers; .steps is 0 where it is not known */
    const snug_activation_kind *output; /* applied to the last layer's outputs in prediction */
    snug_layer_instance *layers;
    snug_arena arena;
    snug_thread_pool *pool; /* NULL: the caller's thread alone */
    bool pool_is_borrowed;  /* it belongs to the session of an ensemble */
    /* NULL, or of an ensemble, whose session has neither layers nor an arena */
    snug_ensemble_session *ensemble;
    /*
     * [thread][layer], with a pool; otherwise NULL. Each thread has calls of its own, which are for
     * its rows, on the same buffers. Entry 0 is .layers.
     */
    snug_layer_instance **thread_layers;
    snug_accumulation accumulation;
    snug_last_pass last;
};

/*
 * Makes a session, as snug_session_new() or, if `training`, snug_session_new_training() does, that
 * works in `threads` threads; 0 means automatic. NULL on failure.
 */
snug_session *snug_session_new_with(const snug_model *model, size_t max_rows, bool training,
                                    uint64_t seed, size_t threads);

/*
 * Makes a session for a member of an ensemble, as snug_session_new() does, that works in the
 * threads of a pool, which must outlive it; NULL: the caller's alone. NULL on failure.
 */
snug_session *snug_session_new_in_pool(const snug_model *model, size_t max_rows,
                                       snug_thread_pool *pool);

/* Fails for NULL with the error of the constructor that returned it. */
snug_status snug_session_check(const snug_session *session);

/*
 * Returns the number of floats of the arena of a session in one thread; SIZE_MAX after snug_fail()
 * where it overflows or memory is missing.
 */
size_t snug_session_floats(const snug_model *model, size_t max_rows, bool training);

/* Does what snug_session_guard() promises, in builds that have guards. */
void snug_session_guard_tensors(const snug_session *session, bool forbidden);

/*
 * Forbids the padding between the tensors of the flat vectors, while layers run, or allows it
 * again, for passes over whole vectors: see core/guard.h. Inline, because each step calls it
 * several times and it does nothing in most builds.
 */
static inline void snug_session_guard(const snug_session *session, bool forbidden) {
    if (SNUG_GUARDS) {
        snug_session_guard_tensors(session, forbidden);
    }
}

#endif
