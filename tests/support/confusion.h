/* The confusion matrix of a model on data. */
#ifndef SNUG_TESTS_SUPPORT_CONFUSION_H
#define SNUG_TESTS_SUPPORT_CONFUSION_H

#include <check.h>

#include <snug/metrics.h>

/*
 * Evaluates the confusion matrix alone and copies it: matrix[classes][classes]. Checks that it is
 * one of that many classes.
 */
static inline snug_status confusion_of(const snug_model *model, const snug_dataset *data,
                                       size_t classes, double *matrix) {
    static const char *const names[] = {"confusion_matrix"};
    snug_metrics metrics;
    snug_status status = snug_evaluate_metrics(model, data, names, 1, &metrics);
    if (status != SNUG_OK) {
        return status;
    }
    ck_assert_uint_eq(metrics.classes, classes);
    for (size_t i = 0; i < classes * classes; i++) {
        matrix[i] = metrics.confusion[i];
    }
    snug_metrics_clear(&metrics);
    ck_assert_ptr_null(metrics.confusion);
    return SNUG_OK;
}

#endif
