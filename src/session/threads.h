/*
 * How many threads a session uses, and which rows are whose.
 *
 * Threads share out the rows of a batch: each takes its rows through all layers, forward and, in
 * training, backward. Then all wait for each other, and each makes the gradients of its part of
 * every tensor from the rows of all threads, and updates that part.
 *
 * The results do not depend on the number of threads. A row is computed from that row alone, and
 * each gradient is summed over all rows by one thread, in the order of the rows. Nothing is summed
 * across threads. OpenBLAS is the exception: it may give other last bits for another number of
 * rows.
 */
#ifndef SNUG_SESSION_THREADS_H
#define SNUG_SESSION_THREADS_H

#include "core/thread_pool.h"
#include "model/model.h"

/* Rows first .. first + count - 1 of a batch. */
typedef struct snug_row_range {
    size_t first, count;
} snug_row_range;

/* Returns the rows of thread `id` of a pool: each of n threads has one n-th of them. */
snug_row_range snug_rows_of_thread(const snug_thread_pool *pool, size_t id, size_t row_count);

/*
 * Returns the number of threads for passes over row_count rows. wanted = 0 means automatic: as many
 * as the work of a pass repays and the process may use. 1 where a layer mixes rows, so that they
 * cannot be shared out.
 */
size_t snug_threads_for(const snug_model *model, size_t row_count, bool training, size_t wanted);

/* Fails for more than SNUG_MAX_THREADS threads; 0 means automatic. */
snug_status snug_threads_check(size_t threads);

#endif
