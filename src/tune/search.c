#include <math.h>

#include "core/memory.h"
#include "core/status.h"
#include "core/thread_pool.h"
#include "tune/search.h"

/* A result is made of this many times as many models as it has at most. */
enum { CANDIDATES_PER_MEMBER = 4 };

/* The share of the time that is left for what comes after the search. */
#define SHARE_AT_THE_END 0.01

/* ---- models that are kept -------------------------------------------------------------------- */

size_t snug_search_candidate_count(const snug_tune_plan *plan) {
    return plan->options.ensemble * CANDIDATES_PER_MEMBER;
}

/* Inserts a run into a sorted array of `count`. */
static void insert(snug_run **sorted, size_t count, snug_run *run, const snug_metric_kind *metric) {
    size_t k = count;
    for (; k > 0 && snug_run_compare(run, sorted[k - 1], metric) < 0; k--) {
        sorted[k] = sorted[k - 1];
    }
    sorted[k] = run;
}

/* Frees a run's model, also the one beside the journal, and takes it out of those kept. */
static void drop(snug_search *s, snug_run *run) {
    size_t left = 0;
    for (size_t i = 0; i < s->kept_count; i++) {
        if (s->kept[i] != run) {
            s->kept[left++] = s->kept[i];
        }
    }
    s->kept_count = left;
    snug_model_free(run->model);
    run->model = NULL;
    snug_journal_remove_model(s->journal, run);
}

/* Marks the one of two runs of the same trial, of which one has just ended, that does not count. */
static void supersede(snug_search *s, snug_run *older, snug_run *newer) {
    bool newer_counts =
        newer->status == SNUG_TRIAL_OK || (older->status != SNUG_TRIAL_OK && newer->rung > 0);
    snug_run *loser = newer_counts ? older : newer;
    loser->superseded = true;
    drop(s, loser);
}

/*
 * Marks which run of its trial counts, now that `run` has ended: that of the highest rung which did
 * not fail. Keeps the models of the best trials, from which the result is made, and frees the
 * others, also beside the journal: a trial that is not among the best so far will hardly be at the
 * end. Where it is after all, because a better one became worse in a higher rung, it is trained
 * again.
 */
static void keep_best(snug_search *s, snug_run *run) {
    for (size_t i = 0; i < s->count && run->rung > 0; i++) {
        snug_run *other = s->runs[i];
        if (other != run && other->trial == run->trial && other->ended && !other->superseded) {
            supersede(s, other, run);
        }
    }
    if (run->superseded || run->status != SNUG_TRIAL_OK) {
        return;
    }
    insert(s->kept, s->kept_count++, run, s->plan->metric);
    if (s->kept_count > snug_search_candidate_count(s->plan)) {
        drop(s, s->kept[s->kept_count - 1]);
    }
}

/* ---- the end of the search ------------------------------------------------------------------- */

/* Lets nothing more start, with the calling thread's error or SNUG_STOPPED. */
static void end_search(snug_search *s, snug_status status) {
    if (s->status == SNUG_OK && status != SNUG_OK) {
        s->status = status;
        s->message = status != SNUG_STOPPED ? snug_copy_string(snug_error()) : NULL;
    }
    s->closed = true;
    if (status != SNUG_OK) {
        atomic_store(&s->stop, true);
    }
}

static double elapsed(const snug_search *s) {
    return snug_tune_seconds() - s->plan->started;
}

/* Returns the seconds at which trainings must have ended; infinite without a limit. */
static double time_limit(const snug_search *s) {
    double seconds = s->plan->options.seconds;
    return seconds > 0 ? seconds * (1 - SHARE_AT_THE_END) : (double)INFINITY;
}

/* ---- progress -------------------------------------------------------------------------------- */

/* Calls the callback with a run that has ended, or NULL; the caller holds the mutex. */
static void report_progress(snug_search *s, const snug_run *run) {
    const snug_tune_options *o = &s->plan->options;
    if (o->callback == NULL) {
        return;
    }
    char *values = run != NULL ? snug_tune_plan_print_values(s->plan, run->trial) : NULL;
    if (run != NULL && values == NULL) {
        end_search(s, SNUG_ERROR_MEMORY);
        return;
    }
    snug_trial trial = run != NULL ? snug_run_describe(run, values) : (snug_trial){0};
    snug_tune_progress progress = {.trial = run != NULL ? &trial : NULL,
                                   .done = s->done,
                                   .planned = s->plan->trials != SIZE_MAX ? s->plan->trials : 0,
                                   .best = s->kept_count > 0 ? s->kept[0]->metric : (double)NAN,
                                   .seconds = elapsed(s)};
    if (!o->callback(&progress, o->user)) {
        end_search(s, SNUG_STOPPED);
    }
    snug_release(values);
}

/* After each batch of a training: returns whether it goes on. */
static bool on_batch(const snug_progress *at, void *user) {
    snug_search *s = user;
    if (at->epoch_end && s->plan->options.callback != NULL) {
        pthread_mutex_lock(&s->mutex);
        report_progress(s, NULL);
        pthread_mutex_unlock(&s->mutex);
    }
    return !atomic_load(&s->stop) && elapsed(s) < time_limit(s);
}

/* ---- starting trainings ---------------------------------------------------------------------- */

static double share_of(const snug_search *s, size_t rung) {
    return pow(SNUG_TUNE_ETA, (double)rung - (double)(s->plan->options.rungs - 1));
}

/* Returns whether a training of a rung is expected to end in time, by those that have ended. */
static bool fits_in_time(const snug_search *s, size_t rung) {
    double expected = s->share > 0 ? s->spent / s->share * share_of(s, rung) : 0;
    return elapsed(s) + expected < time_limit(s);
}

/* Adds a run that begins; a NULL is a failure, of memory. */
static snug_run *add_run(snug_search *s, size_t trial, size_t rung) {
    snug_run **runs = snug_resize(s->runs, s->count + 1, sizeof(snug_run *));
    if (runs == NULL) {
        return NULL;
    }
    s->runs = runs;
    snug_run *run = snug_alloc(1, sizeof *run);
    if (run != NULL) {
        *run = (snug_run){.trial = trial, .rung = rung, .metric = (double)NAN, .loss = (double)NAN};
        s->runs[s->count++] = run;
        s->running++;
    }
    return run;
}

/* Waits until a training can start and returns it; NULL at the end. The caller has the mutex. */
static snug_run *next_run(snug_search *s) {
    while (!s->closed) {
        size_t trial, rung;
        snug_status status;
        if (snug_halving_next(&s->halving, &trial, &rung, &status)) {
            bool fits = fits_in_time(s, rung);
            snug_run *run = fits ? add_run(s, trial, rung) : NULL;
            if (run != NULL) {
                return run;
            }
            end_search(s, fits ? SNUG_ERROR_MEMORY : SNUG_OK);
        } else if (status != SNUG_OK) {
            end_search(s, status);
        } else if (s->running == 0) {
            end_search(s, SNUG_OK);
        } else {
            pthread_cond_wait(&s->changed, &s->mutex);
        }
    }
    return NULL;
}

/* ---- ending trainings ------------------------------------------------------------------------ */

/* Writes a run that has ended into the journal, with its model where that is kept. */
static snug_status write_journal(snug_search *s, const snug_run *run) {
    cJSON *values = snug_tune_plan_values(s->plan, run->trial);
    if (values == NULL) {
        return snug_error_status();
    }
    bool kept = run->model != NULL && run->status == SNUG_TRIAL_OK;
    snug_status status = kept ? snug_journal_save_model(s->journal, run) : SNUG_OK;
    if (status == SNUG_OK) {
        status = snug_journal_add(s->journal, run, values);
    }
    cJSON_Delete(values);
    return status;
}

/* Takes in the result of a run; `recorded`: it is from the journal. The caller has the mutex. */
static void end_run(snug_search *s, snug_run *run, const snug_run *result, bool recorded) {
    *run = *result;
    run->ended = true;
    s->running--;
    s->done++;
    if (run->status != SNUG_TRIAL_STOPPED) {
        snug_halving_end(&s->halving, run);
        if (!recorded && run->status == SNUG_TRIAL_OK) {
            s->spent += run->seconds;
            s->share += share_of(s, run->rung);
        }
    }
    keep_best(s, run);
    snug_status status = recorded ? SNUG_OK : write_journal(s, run);
    if (status == SNUG_ERROR_FILE) {
        snug_journal_give_up(s->journal);
    } else if (status != SNUG_OK) {
        end_search(s, status);
    }
    report_progress(s, run);
    pthread_cond_broadcast(&s->changed);
}

/* Returns a copy of a run's record in the journal, whose message is a copy. */
static snug_run copy_record(const snug_run *record) {
    snug_run copy = *record;
    if (copy.message != NULL) {
        copy.message = snug_copy_string(copy.message);
    }
    return copy;
}

/* A thread's share of the search: trains as long as there is anything to train. */
static void work(void *user, size_t id) {
    (void)id;
    snug_search *s = user;
    pthread_mutex_lock(&s->mutex);
    for (snug_run *run; (run = next_run(s)) != NULL;) {
        const snug_run *record = snug_journal_find(s->journal, run->trial, run->rung);
        snug_run result = record != NULL ? copy_record(record) : *run;
        if (record == NULL) {
            pthread_mutex_unlock(&s->mutex);
            snug_run_train(&result, s->plan, s->data, on_batch, s);
            pthread_mutex_lock(&s->mutex);
        }
        end_run(s, run, &result, record != NULL);
    }
    pthread_cond_broadcast(&s->changed);
    while (s->running > 0) { /* asleep: the pool's own barrier would watch a counter instead */
        pthread_cond_wait(&s->changed, &s->mutex);
    }
    pthread_mutex_unlock(&s->mutex);
}

/* ---- the whole ------------------------------------------------------------------------------- */

snug_status snug_search_run(snug_search *s, const snug_tune_plan *plan, snug_trial_data_set *data,
                            snug_journal *journal) {
    *s = (snug_search){
        .plan = plan,
        .data = data,
        .journal = journal,
        .halving = {.rungs = plan->options.rungs, .trials = plan->trials, .metric = plan->metric}};
    pthread_mutex_init(&s->mutex, NULL);
    pthread_cond_init(&s->changed, NULL);
    s->kept = snug_alloc(snug_search_candidate_count(plan) + 1, sizeof(snug_run *));
    if (s->kept == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    size_t jobs = plan->options.jobs;
    snug_thread_pool *pool = snug_thread_pool_new(jobs < plan->trials ? jobs : plan->trials);
    if (pool == NULL) {
        return snug_error_status();
    }
    snug_thread_pool_run(pool, work, s);
    snug_thread_pool_free(pool);
    if (s->status == SNUG_OK || s->status == SNUG_STOPPED) {
        return s->status;
    }
    return s->message != NULL ? snug_fail(s->status, "%s", s->message) : SNUG_ERROR_MEMORY;
}

void snug_search_clear(snug_search *s) {
    for (size_t i = 0; i < s->count; i++) {
        snug_run_clear(s->runs[i]);
        snug_release(s->runs[i]);
    }
    snug_release(s->runs);
    snug_release(s->kept);
    snug_halving_clear(&s->halving);
    snug_release(s->message);
    pthread_mutex_destroy(&s->mutex);
    pthread_cond_destroy(&s->changed);
    *s = (snug_search){.plan = NULL};
}

snug_run **snug_search_ranking(const snug_search *search, size_t *count) {
    *count = 0;
    snug_run **sorted = snug_alloc(search->count, sizeof(snug_run *));
    for (size_t i = 0; i < search->count && sorted != NULL; i++) {
        snug_run *run = search->runs[i];
        if (run->ended && !run->superseded) {
            sorted[(*count)++] = run;
        }
    }
    if (sorted != NULL) {
        snug_run_sort(sorted, *count, search->plan->metric);
    }
    return sorted;
}
