#include <pthread.h>
#include <string.h>

#include "core/processors.h"
#include "core/status.h"
#include "core/thread_pool.h"
#include "folds/members.h"
#include "folds/training.h"
#include "session/threads.h"

/* ---- threads --------------------------------------------------------------------------------- */

typedef struct team {
    snug_folds_run *run;
    snug_fold_training *trainings;
    size_t count;
} team;

/*
 * Calls the caller's callback, in one thread at a time. After a batch it is not called where
 * another thread is in it, so that nobody waits; at the end of an epoch it always is.
 */
static bool report(snug_folds_run *run, const snug_fold_training *training,
                   const snug_progress *progress) {
    const snug_folds_options *o = run->options;
    if (atomic_load(&run->stop)) {
        return false;
    }
    if (o->callback == NULL || progress->resumed) { /* of which there is nothing to show yet */
        return true;
    }
    if (!progress->epoch_end && pthread_mutex_trylock(&run->lock) != 0) {
        return true;
    }
    if (progress->epoch_end) {
        pthread_mutex_lock(&run->lock);
    }
    const snug_folds_progress at = {
        .members = run->folds->fold_count * run->folds->seed_count,
        .finished = atomic_load(&run->finished),
        .member = training->refit
                      ? training->result.seed
                      : training->result.seed * run->folds->fold_count + training->result.fold,
        .refit = training->refit,
        .training = progress,
    };
    bool go_on = o->callback(&at, o->user);
    pthread_mutex_unlock(&run->lock);
    if (!go_on) {
        atomic_store(&run->stop, true);
    }
    return go_on;
}

/* Takes one training after the other, until there are no more or one has failed. */
static void work(void *user, size_t id) {
    const team *t = user;
    snug_folds_run *run = t->run;
    (void)id;
    while (!atomic_load(&run->stop)) {
        size_t i = atomic_fetch_add(&run->next, 1);
        if (i >= t->count) {
            return;
        }
        snug_fold_train(run, &t->trainings[i], report);
        if (t->trainings[i].status != SNUG_OK) {
            atomic_store(&run->stop, true);
        } else if (!t->trainings[i].refit) {
            atomic_fetch_add(&run->finished, 1);
        }
    }
}

/* Returns how many threads the work of a training is worth, up to `most`. */
static size_t worth(const snug_folds_run *run, size_t most) {
    size_t batch_size = run->experiment->train.fit.batch_size;
    size_t threads = snug_threads_for(run->template, batch_size, true, 0);
    return threads < most ? threads : most;
}

/*
 * Shares the threads out: to as many trainings at once as there are, and the rest within each. The
 * last ones, which are fewer than the threads, have the threads of those that are done: of five on
 * two threads the fifth has both. These have no more threads than their work is worth, and so have
 * all where the caller asks for no number. The bits do not depend on it.
 */
static size_t share_threads(const snug_folds_run *run, snug_fold_training *trainings,
                            size_t count) {
    bool automatic = run->options->threads == 0;
    size_t threads = automatic ? snug_processors() : run->options->threads;
    size_t at_once = threads < count ? threads : count;
    size_t last = count % at_once;
    for (size_t i = 0; i < count; i++) {
        bool shares = last > 0 && i >= count - last;
        size_t own = threads / (shares ? last : at_once);
        trainings[i].threads = shares || automatic ? worth(run, own) : own;
    }
    return at_once;
}

/* ---- warnings -------------------------------------------------------------------------------- */

static bool has(const snug_fold_training *training, const char *warning) {
    for (size_t i = 0; i < training->warnings.count; i++) {
        if (strcmp(training->warnings.items[i], warning) == 0) {
            return true;
        }
    }
    return false;
}

/* Logs a warning, unless a training before has given it; says in how many trainings it was. */
static snug_status log_warning(snug_folds *folds, const snug_fold_training *trainings, size_t count,
                               size_t first, const char *warning) {
    size_t with = 0;
    for (size_t i = 0; i < count; i++) {
        bool given = has(&trainings[i], warning);
        if (given && i < first) {
            return SNUG_OK;
        }
        with += given;
    }
    return with == count
               ? snug_warn(&folds->warnings, "%s", warning)
               : snug_warn(&folds->warnings, "%s (in %zu of %zu trainings)", warning, with, count);
}

static snug_status log_warnings(snug_folds *folds, const snug_fold_training *trainings,
                                size_t count) {
    snug_status status = SNUG_OK;
    for (size_t i = 0; i < count; i++) {
        const snug_strings *list = &trainings[i].warnings;
        for (size_t k = 0; k < list->count && status == SNUG_OK; k++) {
            status = log_warning(folds, trainings, count, i, list->items[k]);
        }
    }
    return status;
}

/* ---- errors ---------------------------------------------------------------------------------- */

static snug_status fail_training(const snug_folds *folds, const snug_fold_training *training) {
    const char *error = training->error != NULL ? training->error : "out of memory";
    if (training->status == SNUG_ERROR_MEMORY) {
        return snug_fail(SNUG_ERROR_MEMORY, "%s", error);
    }
    if (training->refit) {
        return snug_fail(training->status, "the training on all rows: %s", error);
    }
    return snug_fail(training->status, "fold %zu of %zu, seed %zu of %zu: %s",
                     training->result.fold + 1, folds->fold_count, training->result.seed + 1,
                     folds->seed_count, error);
}

/* Returns the error of the first training that failed by itself, and was not stopped. */
static snug_status first_error(const snug_folds *folds, const snug_fold_training *trainings,
                               size_t count) {
    for (size_t i = 0; i < count; i++) {
        snug_status status = trainings[i].status;
        if (status != SNUG_OK && status != SNUG_STOPPED) {
            return fail_training(folds, &trainings[i]);
        }
    }
    return SNUG_OK;
}

snug_status snug_folds_run_all(snug_folds_run *run, snug_fold_training *trainings, size_t count) {
    team t = {run, trainings, count};
    size_t at_once = share_threads(run, trainings, count);
    snug_thread_pool *pool = NULL;
    if (at_once > 1) {
        pool = snug_thread_pool_new(at_once);
        if (pool == NULL) {
            return snug_error_status();
        }
    }
    atomic_store(&run->next, 0);
    snug_thread_pool_run(pool, work, &t);
    snug_thread_pool_free(pool);
    snug_status status = first_error(run->folds, trainings, count);
    if (status == SNUG_OK) {
        status = log_warnings(run->folds, trainings, count);
    }
    if (status == SNUG_OK && atomic_load(&run->stop)) {
        status = snug_fail(SNUG_STOPPED, "stopped by the callback");
    }
    return status;
}
