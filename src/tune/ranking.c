/* Which runs of a search count, and which of their models are kept. */
#include "core/memory.h"
#include "core/status.h"
#include "tune/search.h"

/* A result is made of this many times as many models as it has at most. */
enum { CANDIDATES_PER_MEMBER = 4 };

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

void snug_search_keep_best(snug_search *s, snug_run *run) {
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
