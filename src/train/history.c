#include <math.h>
#include <string.h>

#include "core/memory.h"
#include "core/spelling.h"
#include "core/status.h"
#include "json/json_build.h"
#include "json/json_print.h"
#include "train/history.h"

struct snug_history {
    size_t epochs;
    size_t capacity;                  /* of the arrays, in epochs */
    size_t best;                      /* from 1; 0: the model has the last weights */
    snug_metrics *train, *validation; /* validation NULL: there are no validation rows */
    snug_warnings warnings;
};

snug_history *snug_history_new(void) {
    return snug_alloc(1, sizeof(snug_history));
}

static snug_status grow(snug_metrics **metrics, size_t capacity) {
    snug_metrics *longer = snug_resize(*metrics, capacity, sizeof *longer);
    if (longer == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    *metrics = longer;
    return SNUG_OK;
}

/* Copies metrics with their confusion matrix, to be freed by clear_metrics(). */
static snug_status copy_metrics(const snug_metrics *from, snug_metrics *to) {
    double *confusion = NULL;
    if (from->confusion != NULL) {
        size_t cells = from->classes * from->classes;
        confusion = snug_alloc(cells, sizeof *confusion);
        if (confusion == NULL) {
            return SNUG_ERROR_MEMORY;
        }
        memcpy(confusion, from->confusion, cells * sizeof *confusion);
    }
    *to = *from;
    to->confusion = confusion;
    return SNUG_OK;
}

static void clear_metrics(snug_metrics *metrics, size_t epochs) {
    for (size_t i = 0; i < epochs && metrics != NULL; i++) {
        snug_release((void *)metrics[i].confusion);
    }
    snug_release(metrics);
}

snug_status snug_history_add(snug_history *history, const snug_metrics *train,
                             const snug_metrics *validation) {
    if (history->epochs == history->capacity) {
        size_t capacity = history->capacity > 0 ? 2 * history->capacity : 16;
        if (grow(&history->train, capacity) != SNUG_OK ||
            (validation != NULL && grow(&history->validation, capacity) != SNUG_OK)) {
            return SNUG_ERROR_MEMORY;
        }
        history->capacity = capacity;
    }
    snug_metrics *kept = &history->train[history->epochs];
    if (copy_metrics(train, kept) != SNUG_OK) {
        return SNUG_ERROR_MEMORY;
    }
    if (validation != NULL &&
        copy_metrics(validation, &history->validation[history->epochs]) != SNUG_OK) {
        snug_release((void *)kept->confusion);
        return SNUG_ERROR_MEMORY;
    }
    history->epochs++;
    return SNUG_OK;
}

size_t snug_history_epoch_count(const snug_history *history) {
    return history != NULL ? history->epochs : 0;
}

/* Whether the history has an epoch of that number, from 1. */
static bool has_epoch(const snug_history *history, size_t epoch) {
    return epoch > 0 && epoch <= snug_history_epoch_count(history);
}

const snug_metrics *snug_history_train(const snug_history *history, size_t epoch) {
    return has_epoch(history, epoch) ? &history->train[epoch - 1] : NULL;
}

const snug_metrics *snug_history_validation(const snug_history *history, size_t epoch) {
    return has_epoch(history, epoch) && history->validation != NULL
               ? &history->validation[epoch - 1]
               : NULL;
}

void snug_history_set_best(snug_history *history, size_t epoch) {
    history->best = epoch;
}

size_t snug_history_best(const snug_history *history) {
    if (history == NULL) {
        return 0;
    }
    return history->best > 0 ? history->best : history->epochs;
}

bool snug_history_restored(const snug_history *history) {
    return history != NULL && history->best > 0;
}

snug_warnings *snug_history_warnings(snug_history *history) {
    return &history->warnings;
}

const char *snug_history_warning(const snug_history *history, size_t index) {
    return history != NULL ? snug_warnings_get(&history->warnings, index) : NULL;
}

/* ---- metrics without a value ----------------------------------------------------------------- */

/* Returns whether value j of the metrics is not a number in every epoch. */
static bool is_never_defined(const snug_metrics *metrics, size_t epochs, size_t j) {
    for (size_t i = 0; i < epochs; i++) {
        if (!isnan(metrics[i].values[j].value)) {
            return false;
        }
    }
    return true;
}

snug_status snug_history_warn_of_undefined(snug_history *history, const char *known) {
    const snug_metrics *metrics =
        history->validation != NULL ? history->validation : history->train;
    const char *names[SNUG_METRICS_MAX];
    char list[256];
    size_t count = 0;
    for (size_t j = 0; history->epochs > 0 && j < metrics[0].count; j++) {
        const char *name = metrics[0].values[j].name;
        if (is_never_defined(metrics, history->epochs, j) &&
            (known == NULL || strcmp(name, known) != 0)) {
            names[count++] = name;
        }
    }
    if (count == 0) {
        return SNUG_OK;
    }
    snug_quote_names(names, count, list, sizeof list);
    return snug_warn(&history->warnings,
                     "metrics: %s of the %s rows had no value in any epoch, because the rows or "
                     "the predictions do not define %s; \"metrics\" chooses others",
                     list, history->validation != NULL ? "validation" : "training",
                     count == 1 ? "it" : "them");
}

void snug_history_free(snug_history *history) {
    if (history == NULL) {
        return;
    }
    clear_metrics(history->train, history->epochs);
    clear_metrics(history->validation, history->epochs);
    snug_warnings_clear(&history->warnings);
    snug_release(history);
}

/* ---- in a checkpoint ------------------------------------------------------------------------- */

/* Adds the metrics of all epochs, of the training or of the validation rows. */
static void add_part(snug_metrics *metrics, size_t epochs, const char *part,
                     snug_saved_values *values) {
    const size_t stride = sizeof *metrics, cells = metrics->classes * metrics->classes;
    snug_saved_add(values, SNUG_SAVED_SIZE, &metrics->rows, epochs, stride, "history.%s.rows",
                   part);
    for (size_t j = 0; j < metrics->count; j++) {
        snug_saved_add(values, SNUG_SAVED_DOUBLE, &metrics->values[j].value, epochs, stride,
                       "history.%s.%s", part, metrics->values[j].name);
    }
    for (size_t i = 0; metrics->confusion != NULL && i < epochs; i++) {
        snug_saved_add(values, SNUG_SAVED_DOUBLE, (void *)metrics[i].confusion, cells,
                       sizeof(double), "history.%s.confusion_matrix.%zu", part, i + 1);
    }
}

void snug_history_add_to(snug_history *history, snug_saved_values *values) {
    if (history->epochs > 0) {
        add_part(history->train, history->epochs, "train", values);
    }
    if (history->epochs > 0 && history->validation != NULL) {
        add_part(history->validation, history->epochs, "validation", values);
    }
}

/* ---- an epoch as one line of JSON ------------------------------------------------------------ */

/* Adds the confusion matrix as an array of rows. */
static void add_confusion(cJSON *json, const snug_metrics *metrics, bool *failed) {
    cJSON *rows = snug_json_array(json, "confusion_matrix", failed);
    for (size_t k = 0; k < metrics->classes && !*failed; k++) {
        cJSON *row = snug_json_array(rows, NULL, failed);
        for (size_t j = 0; j < metrics->classes && !*failed; j++) {
            snug_json_number(row, NULL, metrics->confusion[k * metrics->classes + j], failed);
        }
    }
}

/* Adds metrics as an object. JSON has no NaN and no infinity: they become null. */
static void add_metrics(cJSON *json, const char *key, const snug_metrics *metrics, bool *failed) {
    cJSON *values = snug_json_object(json, key, failed);
    for (size_t i = 0; i < metrics->count && !*failed; i++) {
        double value = metrics->values[i].value;
        if (isfinite(value)) {
            snug_json_number(values, metrics->values[i].name, value, failed);
        } else {
            snug_json_null(values, metrics->values[i].name, failed);
        }
    }
    if (metrics->confusion != NULL && !*failed) {
        add_confusion(values, metrics, failed);
    }
}

char *snug_metrics_to_json(size_t epoch, const snug_metrics *train,
                           const snug_metrics *validation) {
    bool failed = false;
    if (train == NULL) {
        snug_fail_null("the metrics of the training batches");
        return NULL;
    }
    cJSON *json = snug_json_object(NULL, NULL, &failed);
    char *text;
    snug_json_number(json, "epoch", (double)epoch, &failed);
    add_metrics(json, "train", train, &failed);
    if (validation != NULL) {
        add_metrics(json, "validation", validation, &failed);
    }
    text = failed ? NULL : snug_json_print(json, false);
    cJSON_Delete(json);
    return text;
}

char *snug_history_to_json(const snug_history *history, size_t epoch) {
    const snug_metrics *train = snug_history_train(history, epoch);
    if (train != NULL) {
        return snug_metrics_to_json(epoch, train, snug_history_validation(history, epoch));
    }
    snug_fail(SNUG_ERROR_ARGUMENT, "epoch %zu: the history has %zu", epoch,
              snug_history_epoch_count(history));
    return NULL;
}
