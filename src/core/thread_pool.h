/* A few threads that work on one task at a time, all of them and the caller together. */
#ifndef SNUG_CORE_THREAD_POOL_H
#define SNUG_CORE_THREAD_POOL_H

#include <stddef.h>

typedef struct snug_thread_pool snug_thread_pool;

/* One thread's share of a task: id counts from 0, the caller's. */
typedef void snug_thread_pool_fn(void *user, size_t id);

/* `threads` with the caller, at least 1. NULL after snug_fail() where the system gives no more. */
snug_thread_pool *snug_thread_pool_new(size_t threads);
void snug_thread_pool_free(snug_thread_pool *pool); /* takes NULL */

/* 1 for NULL. */
size_t snug_thread_pool_threads(const snug_thread_pool *pool);

/* Runs task in every thread and returns when all are done; NULL: in the caller alone. */
void snug_thread_pool_run(snug_thread_pool *pool, snug_thread_pool_fn *task, void *user);

/* Called by every thread of a task: none goes on before all have come. Nothing for NULL. */
void snug_thread_pool_wait(snug_thread_pool *pool);

#endif
