/*
 * Losses of batches: what targets suit them, weights of rows and classes, and the mean they make.
 */
#ifndef SNUG_MODEL_LOSS_H
#define SNUG_MODEL_LOSS_H

#include "core/object.h"
#include "data/dataset.h"

/*
 * Losses of rows, weighed: the mean of several is .sum / .weight. A weight is that of the row times
 * that of its class.
 */
typedef struct snug_loss_sum {
    double sum, weight;
} snug_loss_sum;

/* .sum / .weight, and 0 where nothing weighs. */
double snug_loss_mean(const snug_loss_sum *loss);

/* The sum of the rows' weights, each times that of its class. */
double snug_loss_weight(const snug_object *loss, size_t rows, const snug_targets *targets);

/*
 * The weighed sum of the rows' losses; dz, unless NULL, becomes scale times its gradient, and may
 * be z.
 */
double snug_loss_evaluate(const snug_object *loss, size_t rows, size_t outputs, const float *z,
                          const snug_targets *targets, double scale, float *dz);

/* Both, without gradients. */
snug_loss_sum snug_loss_of(const snug_object *loss, size_t rows, size_t outputs, const float *z,
                           const snug_targets *targets);

/*
 * Whether a loss's weights of classes, if it has any, suit targets that are `count` classes, or
 * values.
 */
snug_status snug_class_weights_check(const snug_object *loss, bool classes, size_t count);

/*
 * Settles "balanced": class k weighs rows / (K * rows of class k), as in scikit-learn, where K
 * counts the classes that occur and rows count by their weights; a class that does not occur weighs
 * 1.
 */
snug_status snug_class_weights_balance(snug_object *loss, const snug_dataset *training,
                                       size_t count);

/* Whether these targets suit a loss, and each class is one of the outputs. */
snug_status snug_targets_check(const snug_object *loss, const snug_targets *targets, size_t rows,
                               size_t outputs);

/* Whether the target values of a row, `outputs` of them, lie in the loss's range. */
snug_status snug_values_check(const snug_object *loss, size_t row, size_t outputs,
                              const float *values);

/* How many classes `outputs` numbers tell apart under this loss; NULL: one that is not known. */
size_t snug_loss_classes(const snug_object *loss, size_t outputs);

/*
 * The class that a row of the last layer's outputs decides for; `classes` is snug_loss_classes(),
 * which is asked once for many rows. It is that of the largest output, of equal ones the first; a
 * single output of two classes is a logit, above 0 for the second. The output function is not
 * applied: it keeps the order, but rounds different outputs to one prediction.
 */
static inline size_t snug_predicted_class(size_t classes, size_t outputs, const float *z) {
    size_t best = 0;
    float largest = z[0];
    if (outputs == 1) {
        return classes == 2 && z[0] > 0.0F ? 1 : 0;
    }
    for (size_t j = 1; j < outputs; j++) {
        bool larger = z[j] > largest;
        best = larger ? j : best;
        largest = larger ? z[j] : largest;
    }
    return best;
}

#endif
