#include <math.h>
#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "kinds/fields.h"
#include "model/loss.h"

/* ---- targets --------------------------------------------------------------------------------- */

size_t snug_loss_classes(const snug_object *loss, size_t outputs) {
    bool binary = loss == NULL || ((const snug_loss_kind *)(const void *)loss->kind)->binary;
    return binary && outputs == 1 ? 2 : outputs;
}

size_t snug_loss_quantiles(const snug_object *loss, const double **shares) {
    const snug_loss_kind *kind =
        loss != NULL ? (const snug_loss_kind *)(const void *)loss->kind : NULL;
    if (kind != NULL && kind->quantiles != NULL) {
        return kind->quantiles(loss->config, shares);
    }
    if (shares != NULL) {
        *shares = NULL;
    }
    return 1;
}

void snug_repeat_values(size_t n, size_t times, float *values) {
    for (size_t i = n; times > 1 && i-- > 0;) { /* the last first: none is overwritten unread */
        float value = values[i];
        for (size_t k = 0; k < times; k++) {
            values[i * times + k] = value;
        }
    }
}

void snug_sort_quantiles(size_t n, size_t count, float *values) {
    for (size_t first = 0; count > 1 && first < n; first += count) {
        float *group = values + first;
        for (size_t i = 1; i < count; i++) {
            float value = group[i];
            size_t at = i;
            for (; at > 0 && group[at - 1] > value; at--) {
                group[at] = group[at - 1];
            }
            group[at] = value;
        }
    }
}

snug_status snug_values_check(const snug_object *loss, size_t row, size_t outputs,
                              const float *values) {
    const snug_loss_kind *kind = (const snug_loss_kind *)(const void *)loss->kind;
    const snug_range *range = kind->values;
    for (size_t j = 0; range != NULL && j < outputs; j++) {
        double value = (double)values[j];
        if (!(value >= range->min)) {
            return snug_fail(SNUG_ERROR_DATA,
                             "row %zu: its target is %g where the loss %s needs at least %g", row,
                             value, kind->base.name, range->min);
        }
        if (!(value <= range->max)) {
            return snug_fail(SNUG_ERROR_DATA,
                             "row %zu: its target is %g where the loss %s needs at most %g", row,
                             value, kind->base.name, range->max);
        }
    }
    return SNUG_OK;
}

static snug_status check_weights(const float *weights, size_t rows) {
    double sum = 0;
    if (weights == NULL) {
        return SNUG_OK;
    }
    for (size_t i = 0; i < rows; i++) {
        if (!(weights[i] >= 0 && isfinite(weights[i]))) {
            return snug_fail(SNUG_ERROR_DATA,
                             "row %zu: its weight must be a finite number of at least 0 (got %g)",
                             i, (double)weights[i]);
        }
        sum += (double)weights[i];
    }
    return sum > 0 ? SNUG_OK : snug_fail(SNUG_ERROR_DATA, "every row weighs 0");
}

static snug_status check_class(size_t row, int32_t class, size_t classes) {
    if (class >= 0 && (size_t)class < classes) {
        return SNUG_OK;
    }
    return snug_fail(SNUG_ERROR_DATA,
                     "row %zu: its class is %d where the model's outputs are the classes 0 to %zu",
                     row, (int)class, classes - 1);
}

snug_status snug_targets_check(const snug_object *loss, const snug_targets *targets, size_t rows,
                               size_t outputs) {
    const snug_loss_kind *kind = (const snug_loss_kind *)(const void *)loss->kind;
    size_t classes = snug_loss_classes(loss, outputs);
    bool fits = (targets->classes != NULL && (kind->targets & SNUG_TARGET_CLASSES)) ||
                (targets->values != NULL && (kind->targets & SNUG_TARGET_VALUES));
    if (!fits) {
        return snug_fail(SNUG_ERROR_DATA, "the loss %s needs targets that are %s", kind->base.name,
                         kind->targets & SNUG_TARGET_CLASSES ? "classes" : "values");
    }
    size_t quantiles = snug_loss_quantiles(loss, NULL);
    if (outputs % quantiles != 0) {
        return snug_fail(SNUG_ERROR_DATA,
                         "the loss %s predicts %zu quantiles of each target, of which %zu outputs "
                         "are no multiple",
                         kind->base.name, quantiles, outputs);
    }
    if (snug_class_weights_check(loss, targets->classes != NULL, classes) != SNUG_OK ||
        check_weights(targets->weights, rows) != SNUG_OK) {
        return snug_error_status();
    }
    for (size_t i = 0; targets->classes == NULL && i < rows; i++) {
        if (snug_values_check(loss, i, outputs, targets->values + i * outputs) != SNUG_OK) {
            return snug_error_status();
        }
    }
    for (size_t i = 0; targets->classes != NULL && i < rows; i++) {
        if (check_class(i, targets->classes[i], classes) != SNUG_OK) {
            return snug_error_status();
        }
    }
    return SNUG_OK;
}

/* ---- weights of classes ---------------------------------------------------------------------- */

/* Returns the class weights of a loss; NULL where its kind has none. */
static snug_weights *class_weights(const snug_object *loss) {
    const snug_field *field = snug_fields_find_type(loss->kind->fields, SNUG_FIELD_WEIGHTS);
    if (field == NULL) {
        return NULL;
    }
    return (snug_weights *)(void *)((char *)loss->config + field->offset);
}

snug_status snug_class_weights_check(const snug_object *loss, bool classes, size_t count) {
    const snug_weights *weights = class_weights(loss);
    if (weights == NULL || (weights->items == NULL && !weights->balanced)) {
        return SNUG_OK;
    }
    if (!classes) {
        return snug_fail(SNUG_ERROR_DATA,
                         "the loss %s has class_weights where the targets are values",
                         loss->kind->name);
    }
    if (weights->balanced) {
        return snug_fail(SNUG_ERROR_DATA,
                         "the loss %s has \"balanced\" class_weights, which training computes from "
                         "its rows: give a list",
                         loss->kind->name);
    }
    if (weights->count != count) {
        return snug_fail(SNUG_ERROR_DATA,
                         "the loss %s has %zu class_weights where the model has %zu classes",
                         loss->kind->name, weights->count, count);
    }
    return SNUG_OK;
}

snug_status snug_class_weights_balance(snug_object *loss, const snug_dataset *training,
                                       size_t count) {
    snug_weights *weights = class_weights(loss);
    double *items, total = 0, present = 0;
    if (weights == NULL || !weights->balanced || snug_dataset_class_count(training) == 0) {
        return SNUG_OK;
    }
    items = snug_alloc(count, sizeof *items);
    if (items == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    for (size_t i = 0; i < snug_dataset_row_count(training); i++) {
        int32_t class = snug_dataset_class(training, i);
        if (check_class(i, class, count) != SNUG_OK) {
            snug_release(items);
            return snug_error_status();
        }
        items[class] += (double)snug_dataset_weight(training, i);
    }
    for (size_t k = 0; k < count; k++) {
        total += items[k];
        present += items[k] > 0;
    }
    for (size_t k = 0; k < count; k++) {
        items[k] = items[k] > 0 ? total / (present * items[k]) : 1.0;
    }
    *weights = (snug_weights){.items = items, .count = count};
    return SNUG_OK;
}

/* ---- means ----------------------------------------------------------------------------------- */

double snug_loss_mean(const snug_loss_sum *loss) {
    return loss->weight > 0 ? loss->sum / loss->weight : 0;
}

static double weight_of(const snug_targets *targets, size_t row) {
    return targets->weights != NULL ? (double)targets->weights[row] : 1.0;
}

double snug_loss_weight(const snug_object *loss, size_t rows, const snug_targets *targets) {
    const snug_weights *of_class = class_weights(loss);
    bool weighed = of_class != NULL && of_class->items != NULL && targets->classes != NULL;
    double total = 0;
    if (!weighed && targets->weights == NULL) {
        return (double)rows;
    }
    for (size_t i = 0; i < rows; i++) {
        total += weight_of(targets, i) * (weighed ? of_class->items[targets->classes[i]] : 1.0);
    }
    return total;
}

/*
 * Evaluates the rows one by one, each with its weight. One of weight 0 is skipped, so that even a
 * NaN in it does not count: 0 times NaN would be NaN.
 */
static double evaluate_rows(const snug_object *loss, size_t rows, size_t outputs, const float *z,
                            const snug_targets *targets, double scale, float *dz) {
    const snug_loss_kind *kind = (const snug_loss_kind *)(const void *)loss->kind;
    double sum = 0;
    for (size_t i = 0; i < rows; i++) {
        size_t at = i * outputs;
        double weight = weight_of(targets, i);
        snug_targets row = {.classes = targets->classes != NULL ? targets->classes + i : NULL,
                            .values = targets->values != NULL ? targets->values + at : NULL};
        if (weight > 0) {
            sum += weight * kind->evaluate(loss->config, 1, outputs, z + at, &row, scale * weight,
                                           dz != NULL ? dz + at : NULL);
        } else if (dz != NULL) {
            memset(dz + at, 0, outputs * sizeof *dz);
        }
    }
    return sum;
}

double snug_loss_evaluate(const snug_object *loss, size_t rows, size_t outputs, const float *z,
                          const snug_targets *targets, double scale, float *dz) {
    const snug_loss_kind *kind = (const snug_loss_kind *)(const void *)loss->kind;
    if (targets->weights != NULL) {
        return evaluate_rows(loss, rows, outputs, z, targets, scale, dz);
    }
    return kind->evaluate(loss->config, rows, outputs, z, targets, scale, dz);
}

snug_loss_sum snug_loss_of(const snug_object *loss, size_t rows, size_t outputs, const float *z,
                           const snug_targets *targets) {
    return (snug_loss_sum){.sum = snug_loss_evaluate(loss, rows, outputs, z, targets, 0.0, NULL),
                           .weight = snug_loss_weight(loss, rows, targets)};
}
