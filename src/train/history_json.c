/* Writes the metrics of an epoch as one line of JSON. */
#include <math.h>

#include <snug/train.h>

#include "core/status.h"
#include "json/json_build.h"
#include "json/json_print.h"

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
