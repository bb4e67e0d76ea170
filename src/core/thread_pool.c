/*
 * Tasks and barriers last microseconds, so threads wait by watching a counter; a pool without work
 * for longer puts its threads to sleep.
 */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "core/thread_pool.h"

/*
 * How often a thread looks before it lets others run, and how often it lets others run before it
 * sleeps.
 */
enum { LOOKS = 300, YIELDS = 300 };

typedef struct worker {
    snug_thread_pool *pool;
    size_t id;
    pthread_t thread;
} worker;

struct snug_thread_pool {
    size_t threads;
    size_t started; /* workers[0] to workers[started - 1] run */
    worker *workers;
    snug_thread_pool_fn *task;
    void *user;
    atomic_uint tasks;   /* how many were given out */
    atomic_uint waiting; /* threads at the barrier */
    atomic_uint passed;  /* how often the barrier opened */
    atomic_bool quit;
    pthread_mutex_t mutex; /* of the sleepers */
    pthread_cond_t wake;
    size_t sleepers;
};

static void pause_briefly(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
}

/* Whether `counter` has left `value`, after a while of looking. */
static bool changes_soon(atomic_uint *counter, unsigned value) {
    for (int i = 0; i < YIELDS; i++) {
        for (int k = 0; k < LOOKS; k++) {
            if (atomic_load_explicit(counter, memory_order_acquire) != value) {
                return true;
            }
            pause_briefly();
        }
        sched_yield();
    }
    return false;
}

void snug_thread_pool_wait(snug_thread_pool *pool) {
    if (pool == NULL) {
        return;
    }
    unsigned passed = atomic_load_explicit(&pool->passed, memory_order_relaxed);
    if (atomic_fetch_add_explicit(&pool->waiting, 1, memory_order_acq_rel) + 1 == pool->threads) {
        atomic_store_explicit(&pool->waiting, 0, memory_order_relaxed);
        atomic_fetch_add_explicit(&pool->passed, 1, memory_order_release);
        return;
    }
    while (!changes_soon(&pool->passed, passed)) {
    }
}

static void sleep_until_task(snug_thread_pool *pool, unsigned seen) {
    pthread_mutex_lock(&pool->mutex);
    pool->sleepers++;
    while (atomic_load_explicit(&pool->tasks, memory_order_acquire) == seen) {
        pthread_cond_wait(&pool->wake, &pool->mutex);
    }
    pool->sleepers--;
    pthread_mutex_unlock(&pool->mutex);
}

static void *work(void *argument) {
    const worker *self = argument;
    snug_thread_pool *pool = self->pool;
    for (unsigned seen = 0;; seen++) {
        if (!changes_soon(&pool->tasks, seen)) {
            sleep_until_task(pool, seen);
        }
        if (atomic_load_explicit(&pool->quit, memory_order_relaxed)) {
            return NULL;
        }
        pool->task(pool->user, self->id);
        snug_thread_pool_wait(pool);
    }
}

/* Lets the workers see a task, or that they are to quit. */
static void give_out(snug_thread_pool *pool) {
    pthread_mutex_lock(&pool->mutex);
    atomic_fetch_add_explicit(&pool->tasks, 1, memory_order_release);
    if (pool->sleepers > 0) {
        pthread_cond_broadcast(&pool->wake);
    }
    pthread_mutex_unlock(&pool->mutex);
}

void snug_thread_pool_run(snug_thread_pool *pool, snug_thread_pool_fn *task, void *user) {
    if (pool == NULL || pool->threads == 1) {
        task(user, 0);
        return;
    }
    pool->task = task;
    pool->user = user;
    give_out(pool);
    task(user, 0);
    snug_thread_pool_wait(pool);
}

size_t snug_thread_pool_threads(const snug_thread_pool *pool) {
    return pool != NULL ? pool->threads : 1;
}

static bool start_workers(snug_thread_pool *pool) {
    for (size_t i = 0; i + 1 < pool->threads; i++) {
        worker *one = &pool->workers[i];
        *one = (worker){.pool = pool, .id = i + 1};
        int trouble = pthread_create(&one->thread, NULL, work, one);
        if (trouble != 0) {
            snug_fail(SNUG_ERROR_MEMORY, "the system gives no more than %zu of %zu threads: %s",
                      i + 1, pool->threads, strerror(trouble));
            return false;
        }
        pool->started++;
    }
    return true;
}

snug_thread_pool *snug_thread_pool_new(size_t threads) {
    snug_thread_pool *pool = snug_alloc(1, sizeof *pool);
    if (pool == NULL) {
        return NULL;
    }
    pool->threads = threads;
    pthread_mutex_init(&pool->mutex, NULL);
    pthread_cond_init(&pool->wake, NULL);
    pool->workers = snug_alloc(threads, sizeof *pool->workers);
    if (pool->workers == NULL || !start_workers(pool)) {
        snug_thread_pool_free(pool);
        return NULL;
    }
    return pool;
}

void snug_thread_pool_free(snug_thread_pool *pool) {
    if (pool == NULL) {
        return;
    }
    atomic_store_explicit(&pool->quit, true, memory_order_relaxed);
    give_out(pool);
    for (size_t i = 0; i < pool->started; i++) {
        pthread_join(pool->workers[i].thread, NULL);
    }
    pthread_cond_destroy(&pool->wake);
    pthread_mutex_destroy(&pool->mutex);
    snug_release(pool->workers);
    snug_release(pool);
}
