/* The metrics of each epoch. */
#include "train/history.h"

#include "core/memory.h"

struct snug_history {
    size_t epochs;
    snug_metrics *train, *validation; /* validation NULL: none */
};

snug_history *snug_history_new(size_t epochs, bool validation) {
    snug_history *history = snug_alloc(1, sizeof *history);
    if (history == NULL)
        return NULL;
    history->train = snug_alloc(epochs, sizeof *history->train);
    history->validation = validation ? snug_alloc(epochs, sizeof *history->validation) : NULL;
    if (history->train != NULL && (!validation || history->validation != NULL))
        return history;
    snug_history_free(history);
    return NULL;
}

void snug_history_add(snug_history *history, const snug_metrics *train,
                      const snug_metrics *validation) {
    history->train[history->epochs] = *train;
    if (validation != NULL)
        history->validation[history->epochs] = *validation;
    ++history->epochs;
}

size_t snug_history_epochs(const snug_history *history) {
    return history->epochs;
}

const snug_metrics *snug_history_train(const snug_history *history, size_t epoch) {
    return epoch < history->epochs ? &history->train[epoch] : NULL;
}

const snug_metrics *snug_history_validation(const snug_history *history, size_t epoch) {
    return epoch < history->epochs && history->validation != NULL ? &history->validation[epoch]
                                                                  : NULL;
}

void snug_history_free(snug_history *history) {
    if (history == NULL)
        return;
    snug_release(history->train);
    snug_release(history->validation);
    snug_release(history);
}
