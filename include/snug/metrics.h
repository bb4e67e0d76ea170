/* Metrics: evaluating a model on data that has targets. */
#ifndef SNUG_METRICS_H
#define SNUG_METRICS_H

#include <snug/model.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SNUG_METRICS_MAX 32

/*
 * Values by their names, always with "loss"; `snug describe` lists them. There are metrics of
 * classes, of values and of labels, which are values of 0 and 1 under binary_cross_entropy. They
 * are defined as in scikit-learn, with zero_division=0, sample_weight the rows' weights and, of
 * several outputs, the mean; a row of weight 0 counts not at all. Not a number: the rows do not
 * define it, as the area under the ROC curve of a single class, or r2 of a single row. For early
 * stopping such a value is no improvement.
 */
typedef struct snug_metrics {
    size_t rows;
    size_t count;
    struct {
        const char *name;
        double value;
    } values[SNUG_METRICS_MAX];
    /*
     * Where snug_fit() was asked for "confusion_matrix": confusion[k * classes + j] = weights of
     * the rows of class k that were taken for j; it lives as long as the history, in a callback
     * until that returns. NULL otherwise, and from snug_evaluate_metrics(): see snug_confusion().
     */
    size_t classes;
    const double *confusion;
} snug_metrics;

/* The value of that name, or NaN. */
SNUG_API double snug_metrics_get(const snug_metrics *metrics, const char *name);

/*
 * Judges a model on data that has targets, by its loss (see snug_model_set_loss) and every metric.
 * Where the model and the data know the names of columns, categories, classes and targets, they
 * must be the same in the same order (the data may have the first classes alone): read a table
 * with .like = snug_model_preprocessing(model). The error message names the first difference. The
 * same holds for the functions below, for snug_fit() of a model that was trained before, and for
 * its .validation_data.
 */
SNUG_API snug_status snug_evaluate(const snug_model *model, const snug_dataset *data,
                                   snug_metrics *metrics);

/* By `count` metrics alone; none: accuracy, or mae and r2. */
SNUG_API snug_status snug_evaluate_metrics(const snug_model *model, const snug_dataset *data,
                                           const char *const *names, size_t count,
                                           snug_metrics *metrics);

/*
 * counts[k * classes + j] = rows of class k that were predicted as j. classes: at least as many as
 * the model has names for.
 */
SNUG_API snug_status snug_confusion(const snug_model *model, const snug_dataset *data,
                                    size_t classes, size_t *counts);

#ifdef __cplusplus
}
#endif
#endif
