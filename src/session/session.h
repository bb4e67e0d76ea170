/* Running a model: the arena of one thread. */
#ifndef SNUG_SESSION_SESSION_H
#define SNUG_SESSION_SESSION_H

#include "core/guard.h"
#include "core/thread_pool.h"
#include "model/loss.h"
#include "model/model.h"

/* One layer of a session, ready to run. */
typedef struct snug_layer_instance {
    const snug_plan_node *node;
    snug_layer_call run;
    const float *tensors[SNUG_LAYER_TENSORS_MAX];
    float *gradients[SNUG_LAYER_TENSORS_MAX];
    float *state[SNUG_LAYER_TENSORS_MAX];
    float *y, *cache; /* of the whole batch */
    size_t stride;    /* floats of y from one row to the next, between the shares of threads */
    float *dy;        /* of the whole batch, where threads share it out; or NULL */
    struct snug_layer_instance *block; /* of a block, or NULL */
} snug_layer_instance;

struct snug_session {
    const snug_model *model;
    size_t max_rows;
    bool training;      /* has gradients and keeps every layer's output */
    bool add_gradients; /* backward adds to them instead of setting them */
    bool accumulates;   /* gradients are sums over rows until snug_session_average_gradients() */
    double weight;      /* of the rows whose gradients were added up; 0: none */
    double *totals;     /* sums of earlier batches' gradients, flat; NULL unless it accumulates */
    bool has_totals;    /* they count, beside the gradients */
    size_t added;  /* batches whose sums the gradients are; see snug_session_accumulate_batch() */
    uint64_t seed; /* of the masks of random layers */
    snug_layer_instance *steps;
    snug_thread_pool
        *pool; /* threads that share out the rows, and then the parameters; NULL: one */
    snug_layer_instance **lanes; /* the steps of each thread of the pool */
    float *arena;
    size_t arena_floats;
    float *gradients;   /* flat, as the parameters */
    float *input;       /* max_rows x inputs: preprocessed */
    float *pairs;       /* two buffers a depth of max_rows x widest: outputs, or gradients */
    size_t pair_floats; /* from one buffer to the next */
    size_t widest;
    const snug_activation_kind *output;
    float *dz;         /* the gradient that backward starts from */
    const float *last; /* outputs of the forward pass that backward follows */
    const float *last_x;
    size_t last_rows;   /* 0: none */
    double last_weight; /* of their losses: see snug_loss_weight() */
};

/*
 * A session of snug_session_new() or snug_session_new_training() that works in `threads` threads.
 */
snug_session *snug_session_new_with(const snug_model *model, size_t max_rows, bool training,
                                    uint64_t seed, size_t threads);

/*
 * How many threads a step of `rows` rows is worth: `wanted`, or where that is 0 as many as its work
 * repays and the process may use; one where the layers do not let rows be shared out.
 */
size_t snug_threads_for(const snug_model *model, size_t rows, bool training, size_t wanted);

/* Whether a caller may ask for so many threads, 0 meaning automatic. */
snug_status snug_threads_check(size_t threads);

/* Called after each layer of the top with its outputs. */
typedef void snug_observer(void *user, size_t layer, size_t rows, size_t columns, const float *y);

/* SNUG_OK, or the error that NULL was given for a session. */
snug_status snug_session_check(const snug_session *session);

/*
 * Runs preprocessed rows (at most max_rows) forward: outputs, rows x outputs, in the session's
 * memory. A training session runs as in training, with the masks of that number. observer may be
 * NULL.
 */
const float *snug_session_run(snug_session *session, const float *x, size_t rows, uint64_t number,
                              snug_observer *observer, void *user);

/* Makes rows first to first + n of a batch's x. */
typedef void snug_fill(void *user, size_t first, size_t n);

/* The same where fill() first makes x: each thread its rows, at the same time. */
const float *snug_session_run_filled(snug_session *session, const float *x, size_t rows,
                                     uint64_t number, snug_fill *fill, void *user);

/*
 * The losses of the rows that ran last, each with the model's penalty; keeps what backward starts
 * from.
 */
snug_loss_sum snug_session_loss(snug_session *session, const snug_object *loss,
                                const snug_targets *targets);

/*
 * Told by thread `id` in backward that the n gradients of the parameters from `first` on are
 * complete, and that this pass reads those parameters no more; at the thread's end with an n of 0.
 * A thread's parts follow each other from the last parameter to the first, large tensors in
 * portions that suit the cache. The gradients stay in their place of the flat vector; but those of
 * one tensor's portions may lie over each other, there until the next portion comes.
 */
typedef void snug_gradient_ready_fn(void *user, size_t id, size_t first, size_t n,
                                    float *gradients);

/* The gradients after snug_session_loss(); the flat vector has all of them where ready is NULL. */
void snug_session_backward(snug_session *session, snug_gradient_ready_fn *ready, void *user);

/*
 * Before backward where batches are added up: moves the sums of SNUG_BATCHES_AT_ONCE of them, which
 * are float, to the totals, which are double, so that what each addition rounds off does not add
 * up.
 */
void snug_session_accumulate_batch(snug_session *session);
enum { SNUG_BATCHES_AT_ONCE = 32 };

/* Makes gradients that were added up those of the mean loss. The next backward starts anew. */
void snug_session_average_gradients(snug_session *session);

/*
 * The same for who multiplies them while backward hands them out: by what, as it is before that
 * backward; and after it, that the next one starts anew.
 */
double snug_session_gradient_scale(const snug_session *session);
void snug_session_reset_accumulation(snug_session *session);

/* What snug_session_guard() does where there are guards. */
void snug_session_guard_tensors(const snug_session *session, bool forbidden);

/*
 * Forbids the padding between the tensors of the flat vectors while layers run, or allows it again
 * to passes over whole vectors; see core/guard.h. A step calls it often, so that other builds have
 * no call.
 */
static inline void snug_session_guard(const snug_session *session, bool forbidden) {
    if (SNUG_GUARDS) {
        snug_session_guard_tensors(session, forbidden);
    }
}

/*
 * Floats of the arena for rows and a training or prediction session; SIZE_MAX when that overflows.
 */
size_t snug_session_floats(const snug_model *model, size_t max_rows, bool training);

#endif
