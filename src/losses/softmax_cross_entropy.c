/* Softmax and cross entropy in one: the class's -log(probability), from logits. */
#include <stddef.h>

#include <snug/kind.h>
#include <snug/loss.h>

#include "kinds/field_macros.h"
#include "math/softmax.h"

/* The loss of a row is log(sum of e^(z - largest)) + largest - z[class]. */
SNUG_KERNEL(losses,
            (size_t rows, size_t outputs, const float *z, const int32_t *classes, double *sum),
            (rows, outputs, z, classes, sum)) {
    snug_log_product logs = {.product = 1.0, .sum = 0.0};
    double picked = 0.0;
    for (size_t r = 0; r < rows; r++) {
        const float *row = z + r * outputs;
        float largest = snug_largest(outputs, row);
        snug_log_product_add(&logs, snug_sum_exponentials(fused, outputs, row, largest));
        picked += (double)(largest - row[classes[r]]);
    }
    *sum = picked + snug_log_product_total(&logs);
}

/*
 * Returns the sum of the losses, and sets dz = scale (probability - 1 for the class); dz may be z.
 */
static double losses_and_gradients(size_t rows, size_t outputs, const float *z,
                                   const int32_t *classes, float scale, float *dz) {
    double picked = 0.0;
    for (size_t r = 0; r < rows; r++) {
        picked += (double)z[r * outputs + (size_t)classes[r]];
    }
    double logs = snug_softmax_rows(rows, outputs, scale, z, dz);
    for (size_t r = 0; r < rows; r++) {
        dz[r * outputs + (size_t)classes[r]] -= scale;
    }
    return logs - picked;
}

typedef struct cross_entropy {
    double label_smoothing;
    snug_weights class_weights;
} cross_entropy;

/*
 * One row with a target at every output: t_j = w_j smoothing / outputs, and w_j (1 - smoothing)
 * more for the class, as in PyTorch. The loss is the sum of t_j (-log softmax(z)_j), and dz = scale
 * (softmax(z)_j (the sum of t) - t_j); dz may be z. weights NULL: each w is 1.
 */
SNUG_KERNEL(smoothed_row,
            (double smoothing, const double *weights, size_t outputs, const float *z, int32_t class,
             double scale, float *dz, double *loss),
            (smoothing, weights, outputs, z, class, scale, dz, loss)) {
    const double spread = smoothing / (double)outputs;
    const double extra = (1.0 - smoothing) * (weights != NULL ? weights[class] : 1.0);
    const float largest = snug_largest(outputs, z);
    double exponentials = 0.0, below = 0.0, mass = 0.0;
#pragma omp simd reduction(+ : exponentials, below, mass)
    for (size_t j = 0; j < outputs; j++) {
        double weight = weights != NULL ? weights[j] : 1.0;
        exponentials += (double)snug_exp_negative(fused, z[j] - largest);
        below += weight * (double)(largest - z[j]);
        mass += weight;
    }
    mass = spread * mass + extra;
    /* cppcheck-suppress invalidFunctionArg ; one of the terms is e^0 */
    *loss = extra * (double)(largest - z[class]) + mass * log(exponentials);
    if (spread > 0.0) {
        *loss += spread * below;
    }
    if (dz != NULL) {
        const float share = (float)(scale * mass / exponentials);
#pragma omp simd
        for (size_t j = 0; j < outputs; j++) {
            double weight = weights != NULL ? weights[j] : 1.0;
            dz[j] = snug_fma(fused, share, snug_exp_negative(fused, z[j] - largest),
                             -(float)(scale * spread * weight));
        }
        dz[class] -= (float)(scale * extra);
    }
}

/* All rows by smoothed_row(). */
static double weighed(const cross_entropy *c, size_t rows, size_t outputs, const float *z,
                      const int32_t *classes, double scale, float *dz) {
    double sum = 0.0, loss;
    for (size_t r = 0; r < rows; r++) {
        smoothed_row(c->label_smoothing, c->class_weights.items, outputs, z + r * outputs,
                     classes[r], scale, dz != NULL ? dz + r * outputs : NULL, &loss);
        sum += loss;
    }
    return sum;
}

static double evaluate(const void *config, size_t rows, size_t outputs, const float *z,
                       const snug_targets *targets, double scale, float *dz) {
    const cross_entropy *c = config;
    double sum;
    if (c->label_smoothing > 0.0 || c->class_weights.items != NULL) {
        return weighed(c, rows, outputs, z, targets->classes, scale, dz);
    }
    if (dz != NULL) {
        return losses_and_gradients(rows, outputs, z, targets->classes, (float)scale, dz);
    }
    losses(rows, outputs, z, targets->classes, &sum);
    return sum;
}

static const snug_field fields[] = {
    SNUG_REAL_FIELD(cross_entropy, label_smoothing, 0, SNUG_FROM_BELOW(0, 1),
                    "the share of the target that is spread evenly over all classes"),
    {SNUG_FIELD(cross_entropy, class_weights, WEIGHTS,
                "how much each class counts; \"balanced\": classes count the same, however rare")},
    SNUG_FIELDS_END,
};

const snug_loss_kind snug_loss_softmax_cross_entropy_kind = {
    .base = {.name = "softmax_cross_entropy",
             .summary = "-log(softmax(z)[class]), of logits z, an output a class",
             .fields = fields,
             .config_size = sizeof(cross_entropy)},
    .targets = SNUG_TARGET_CLASSES,
    .output = "softmax",
    .logits = true,
    .evaluate = evaluate};

snug_loss *snug_softmax_cross_entropy(void) {
    return snug_loss_make("softmax_cross_entropy", NULL);
}
