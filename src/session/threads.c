#include <snug/session.h>

#include "core/processors.h"
#include "core/status.h"
#include "model/ensemble.h"
#include "session/threads.h"

/* With fewer multiplications a thread costs more, in waiting for the others, than it saves. */
static const double multiplications_per_thread = 2.5e7;

snug_row_range snug_rows_of_thread(const snug_thread_pool *pool, size_t id, size_t row_count) {
    size_t threads = snug_thread_pool_threads(pool);
    size_t first = row_count * id / threads;
    return (snug_row_range){first, row_count * (id + 1) / threads - first};
}

/* The members of an ensemble run one after the other, each in all threads. */
static size_t threads_for_members(const snug_model *model, size_t row_count, size_t wanted) {
    size_t most = 1;
    for (size_t i = 0; i < model->member_count; i++) {
        size_t threads = snug_threads_for(model->members[i], row_count, false, wanted);
        most = threads > most ? threads : most;
    }
    return most;
}

size_t snug_threads_for(const snug_model *model, size_t row_count, bool training, size_t wanted) {
    if (snug_model_is_ensemble(model)) {
        return threads_for_members(model, row_count, wanted);
    }
    if (!model->plan->rowwise || model->plan->count == 0) {
        return 1;
    }
    if (wanted > 0) {
        return wanted;
    }
    /* Per weight and row one product forward, and two backward: for dx and for the gradient. */
    double products = training ? 3.0 : 1.0;
    double rows = (double)row_count * (double)model->plan->members;
    double multiplications = products * rows * (double)model->plan->trainable;
    double threads = multiplications / multiplications_per_thread;
    if (threads < 2.0) {
        return 1;
    }
    size_t limit = snug_processors();
    limit = limit < SNUG_MAX_THREADS ? limit : SNUG_MAX_THREADS;
    return threads < (double)limit ? (size_t)threads : limit;
}

snug_status snug_threads_check(size_t threads) {
    if (threads <= SNUG_MAX_THREADS) {
        return SNUG_OK;
    }
    return snug_fail(SNUG_ERROR_ARGUMENT, "threads: must be at most %d (got %zu)", SNUG_MAX_THREADS,
                     threads);
}
