#include "core/memory.h"
#include "core/status.h"
#include "tune/halving.h"

/* ---- brackets -------------------------------------------------------------------------------- */

static void clear_bracket(snug_bracket *bracket) {
    snug_release(bracket->trials);
    snug_release(bracket->runs);
    *bracket = (snug_bracket){.count = 0};
}

/* Returns how many trials a new bracket has: those of rung 0, or trial 0 alone. */
static size_t bracket_size(const snug_halving *h) {
    size_t size = 1, left = h->trials - h->next_trial;
    for (size_t rung = 1; h->next_trial > 0 && rung < h->rungs; rung++) {
        size *= SNUG_TUNE_ETA;
    }
    return size < left ? size : left;
}

/* Adds a bracket of the next trials, which are not all tried yet. */
static snug_status add_bracket(snug_halving *h) {
    snug_bracket *brackets = snug_resize(h->brackets, h->count + 1, sizeof *brackets);
    if (brackets == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    h->brackets = brackets;
    size_t size = bracket_size(h);
    snug_bracket new = {.rung = h->next_trial == 0 ? h->rungs - 1 : 0,
                        .count = size,
                        .trials = snug_alloc(size, sizeof *new.trials),
                        .runs = snug_alloc(size, sizeof(snug_run *))};
    if (new.trials == NULL || new.runs == NULL) {
        clear_bracket(&new);
        return SNUG_ERROR_MEMORY;
    }
    for (size_t i = 0; i < size; i++) {
        new.trials[i] = h->next_trial++;
    }
    h->brackets[h->count++] = new;
    return SNUG_OK;
}

bool snug_halving_next(snug_halving *h, size_t *trial, size_t *rung, snug_status *status) {
    *status = SNUG_OK;
    size_t i = h->first_open;
    while (i < h->count && h->brackets[i].started == h->brackets[i].count) {
        i++;
    }
    if (i == h->count && h->next_trial < h->trials) {
        *status = add_bracket(h);
    }
    if (i == h->count) {
        return false;
    }
    snug_bracket *bracket = &h->brackets[i];
    *trial = bracket->trials[bracket->started++];
    *rung = bracket->rung;
    return true;
}

/* ---- promotion ------------------------------------------------------------------------------- */

/* Begins the next rung with the best third, at least one, of those that did not fail. */
static void promote(snug_bracket *bracket, const snug_metric_kind *metric) {
    size_t best = bracket->count / SNUG_TUNE_ETA, count = 0;
    best = best > 0 ? best : 1;
    snug_run_sort(bracket->runs, bracket->ended, metric);
    while (count < best && bracket->runs[count]->status == SNUG_TRIAL_OK) {
        bracket->trials[count] = bracket->runs[count]->trial;
        count++;
    }
    bracket->rung++;
    bracket->count = count;
    bracket->started = bracket->ended = 0;
}

/* Returns the bracket that trains a trial in a rung. */
static snug_bracket *find_bracket(const snug_halving *h, const snug_run *run) {
    for (size_t i = h->first_open; i < h->count; i++) {
        snug_bracket *bracket = &h->brackets[i];
        for (size_t k = 0; bracket->rung == run->rung && k < bracket->started; k++) {
            if (bracket->trials[k] == run->trial) {
                return bracket;
            }
        }
    }
    return NULL;
}

void snug_halving_end(snug_halving *h, snug_run *run) {
    snug_bracket *bracket = find_bracket(h, run);
    if (bracket == NULL) {
        return;
    }
    bracket->runs[bracket->ended++] = run;
    if (bracket->ended == bracket->count && bracket->rung + 1 < h->rungs) {
        promote(bracket, h->metric);
    } else if (bracket->ended == bracket->count) {
        bracket->count = bracket->started = bracket->ended = 0;
    }
    while (h->first_open < h->count && h->brackets[h->first_open].count == 0) {
        clear_bracket(&h->brackets[h->first_open++]);
    }
}

void snug_halving_clear(snug_halving *h) {
    for (size_t i = 0; i < h->count; i++) {
        clear_bracket(&h->brackets[i]);
    }
    snug_release(h->brackets);
    *h = (snug_halving){.rungs = 0};
}
