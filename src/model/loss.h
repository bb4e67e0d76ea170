/*
 * The loss of a batch, beside what each kind of loss computes: which targets suit it, the weights
 * of rows and of classes, and the mean.
 *
 * The loss of row i counts with the weight of the row times that of its class. Losses are summed
 * with their weights, and the sums of weights beside them, so that the mean of several batches is
 * exact whatever their sizes.
 */
#ifndef SNUG_MODEL_LOSS_H
#define SNUG_MODEL_LOSS_H

#include "data/dataset.h"
#include "kinds/object.h"

typedef struct snug_loss_sum {
    double sum;    /* of weight times loss */
    double weight; /* sum of the weights */
} snug_loss_sum;

/* Returns .sum / .weight; 0 where the weight is 0. */
double snug_loss_mean(const snug_loss_sum *loss);

/* Returns the sum of the rows' weights, each times that of its class. */
double snug_loss_weight(const snug_object *loss, size_t rows, const snug_targets *targets);

/*
 * Returns the weighted sum of the losses of rows, whose outputs of the last layer are
 * z[rows][outputs]. dz, unless NULL, gets `scale` times the gradient of that sum by z; dz may be z.
 */
double snug_loss_evaluate(const snug_object *loss, size_t rows, size_t outputs, const float *z,
                          const snug_targets *targets, double scale, float *dz);

/* Returns the weighted sum of the losses and the sum of weights, without gradients. */
snug_loss_sum snug_loss_of(const snug_object *loss, size_t rows, size_t outputs, const float *z,
                           const snug_targets *targets);

/*
 * Fails where the loss has weights of classes that do not suit the targets: values instead of
 * classes, another number of classes than `count`, or "balanced" ones that were not computed yet.
 */
snug_status snug_class_weights_check(const snug_object *loss, bool classes, size_t count);

/*
 * Computes "balanced" weights of classes, as in scikit-learn: class k gets rows / (K * rows of
 * class k), where rows count by their weights and K is the number of classes that occur. A class
 * that does not occur gets 1. Does nothing for other weights.
 */
snug_status snug_class_weights_balance(snug_object *loss, const snug_dataset *training,
                                       size_t count);

/* Fails where the targets do not suit the loss, or a class is none of the outputs. */
snug_status snug_targets_check(const snug_object *loss, const snug_targets *targets, size_t rows,
                               size_t outputs);

/* Fails where one of the target values of a row, values[outputs], is not in the loss's range. */
snug_status snug_values_check(const snug_object *loss, size_t row, size_t outputs,
                              const float *values);

/* Returns how many classes the outputs distinguish: 2 for a single one of a binary loss or NULL. */
size_t snug_loss_classes(const snug_object *loss, size_t outputs);

/* Returns how many neighbouring outputs predict each target value; *shares: see snug_loss_kind. */
size_t snug_loss_quantiles(const snug_object *loss, const double **shares);

/*
 * Writes each of n values `times` times, in place: values has memory for n * times.
 */
void snug_repeat_values(size_t n, size_t times, float *values);

/* Sorts each group of `count` neighbouring numbers of n, rising; NaN stays where it is. */
void snug_sort_quantiles(size_t n, size_t count, float *values);

/* How the outputs of the last layer decide on a class; snug_model_decision() returns it. */
typedef struct snug_decision {
    size_t classes, outputs; /* .classes is snug_loss_classes() */
    float margin;            /* of two classes: see snug_predicted_class() */
} snug_decision;

/*
 * Returns the class that a row of the last layer's outputs, z[outputs], predicts. It is that of the
 * largest output, of equal ones the first; where a single output distinguishes two classes, it is a
 * logit, and the class is 1 where it is above 0. A threshold other than 0.5 is a margin other than
 * 0, by which the logit of the second of two classes must exceed the first's.
 *
 * Everything that predicts a class calls this: snug_predict_classes(), all metrics, the confusion
 * matrix and the tool. The output function is not applied before. It keeps the order of the
 * outputs, but would round different ones to equal predictions.
 */
static inline size_t snug_predicted_class(const snug_decision *by, const float *z) {
    size_t best = 0;
    float largest = z[0];
    if (by->outputs == 1) {
        return by->classes == 2 && z[0] > by->margin ? 1 : 0;
    }
    if (by->margin != 0) {
        return z[1] - z[0] > by->margin ? 1 : 0;
    }
    for (size_t j = 1; j < by->outputs; j++) {
        bool larger = z[j] > largest;
        best = larger ? j : best;
        largest = larger ? z[j] : largest;
    }
    return best;
}

#endif
