/* Binary cross entropy of logits: every output is a yes or no of its own. */
#include <math.h>
#include <stddef.h>

#include <snug/kind.h>
#include <snug/loss.h>

#include "kinds/field_macros.h"
#include "math/elementary.h"

typedef struct cross_entropy {
    double label_smoothing, pos_weight;
    snug_weights class_weights;
} cross_entropy;

/* What a kernel needs of it: the target is base + share * t. */
typedef struct terms {
    float base, share, positive;
} terms;

/*
 * Target t in [0, 1], p = sigmoid(z), e = e^(-abs(z)): the loss is w t softplus(-z) + (1 - t)
 * softplus(z), with softplus(x) = log(1 + e) + max(x, 0), so that nothing overflows and nothing
 * cancels when z is right; w weighs the positive part. Its derivative is (1 - t) p - w t (1 - p).
 */
SNUG_INLINE float entropy(const bool fused, const terms *c, float z, float t, float *gradient) {
    float e = snug_exp_negative(fused, -fabsf(z));
    float small = e / (1.0F + e), large = 1.0F / (1.0F + e);
    float target = snug_fma(fused, c->share, t, c->base);
    float yes = c->positive * target, no = 1.0F - target;
    float p = z > 0.0F ? large : small, rest = z > 0.0F ? small : large; /* 1 - p */
    *gradient = snug_fma(fused, no, p, -(yes * rest));
    return snug_fma(fused, yes + no, snug_log1p_unit(fused, e), z > 0.0F ? no * z : -yes * z);
}

/* *sum = sum of the losses of n outputs; dz = factor * derivative, unless dz is NULL. */
SNUG_KERNEL(of_values,
            (const terms *c, size_t n, const float *z, const float *t, float factor, float *dz,
             double *sum),
            (c, n, z, t, factor, dz, sum)) {
    double total = 0.0;
#pragma omp simd reduction(+ : total)
    for (size_t i = 0; i < n; i++) {
        float gradient;
        total += (double)entropy(fused, c, z[i], t[i], &gradient);
        if (dz != NULL) {
            dz[i] = factor * gradient;
        }
    }
    *sum = total;
}

/* Adds the losses of rows of a single output whose target is class 0 or 1, each with its weight. */
SNUG_KERNEL(of_two_classes,
            (const terms *c, size_t n, const float *z, const int32_t *classes,
             const float weights[2], float factor, float *dz, double *sum),
            (c, n, z, classes, weights, factor, dz, sum)) {
    double total = 0.0;
    float weight0 = weights[0], weight1 = weights[1];
#pragma omp simd reduction(+ : total)
    for (size_t i = 0; i < n; i++) {
        float gradient, weight = classes[i] != 0 ? weight1 : weight0;
        float loss = entropy(fused, c, z[i], classes[i] != 0 ? 1.0F : 0.0F, &gradient);
        total += (double)(weight * loss);
        if (dz != NULL) {
            dz[i] = factor * weight * gradient;
        }
    }
    *sum = total;
}

/*
 * Adds the losses of one row of several outputs: the target of the output of its class is 1, that
 * of the others 0.
 */
SNUG_KERNEL(of_one_class,
            (const terms *c, size_t outputs, const float *z, int32_t class, float factor, float *dz,
             double *sum),
            (c, outputs, z, class, factor, dz, sum)) {
    double total = 0.0;
#pragma omp simd reduction(+ : total)
    for (size_t j = 0; j < outputs; j++) {
        float gradient;
        total += (double)entropy(fused, c, z[j], (int32_t)j == class ? 1.0F : 0.0F, &gradient);
        if (dz != NULL) {
            dz[j] = factor * gradient;
        }
    }
    *sum = total;
}

static double of_classes(const cross_entropy *c, const terms *t, size_t rows, size_t outputs,
                         const float *z, const int32_t *classes, double factor, float *dz) {
    const double *weights = c->class_weights.items;
    double total = 0.0, sum;
    for (size_t r = 0; r < rows; r++) {
        double weight = weights != NULL ? weights[classes[r]] : 1.0;
        of_one_class(t, outputs, z + r * outputs, classes[r], (float)(weight * factor),
                     dz != NULL ? dz + r * outputs : NULL, &sum);
        total += weight * sum;
    }
    return total;
}

static double evaluate(const void *config, size_t rows, size_t outputs, const float *z,
                       const snug_targets *targets, double scale, float *dz) {
    const cross_entropy *c = config;
    const double *weights = c->class_weights.items;
    const terms t = {.base = (float)(0.5 * c->label_smoothing),
                     .share = (float)(1.0 - c->label_smoothing),
                     .positive = (float)c->pos_weight};
    double factor = scale / (double)outputs, sum;
    if (targets->classes == NULL) {
        of_values(&t, rows * outputs, z, targets->values, (float)factor, dz, &sum);
    } else if (outputs == 1) {
        const float two[2] = {weights != NULL ? (float)weights[0] : 1.0F,
                              weights != NULL ? (float)weights[1] : 1.0F};
        of_two_classes(&t, rows, z, targets->classes, two, (float)factor, dz, &sum);
    } else {
        sum = of_classes(c, &t, rows, outputs, z, targets->classes, factor, dz);
    }
    return sum / (double)outputs;
}

static const snug_field fields[] = {
    SNUG_REAL_FIELD(
        cross_entropy, label_smoothing, 0, SNUG_FROM_BELOW(0, 1),
        "how far the target t moves towards 1/2: t (1 - label_smoothing) + label_smoothing/2"),
    SNUG_REAL_FIELD(cross_entropy, pos_weight, 1, SNUG_ABOVE_TO(0, 1e30),
                    "a factor on the part of the loss that wants a 1, as -pos_weight t log(p)"),
    {SNUG_FIELD(cross_entropy, class_weights, WEIGHTS,
                "how much each class counts; \"balanced\": classes count the same, however rare")},
    SNUG_FIELDS_END,
};

static const snug_range shares = {.min = 0, .max = 1};

const snug_loss_kind snug_loss_binary_cross_entropy_kind = {
    .base = {.name = "binary_cross_entropy",
             .summary = "the mean over the outputs of -t log(p) - (1 - t) log(1 - p), with "
                        "p = sigmoid(z) of logits z; a class is 0 or 1 for one output, or the "
                        "output whose target t is 1",
             .fields = fields,
             .config_size = sizeof(cross_entropy)},
    .targets = SNUG_TARGET_CLASSES | SNUG_TARGET_VALUES,
    .values = &shares,
    .output = "sigmoid",
    .logits = true,
    .binary = true,
    .evaluate = evaluate};

snug_loss *snug_binary_cross_entropy(void) {
    return snug_loss_make("binary_cross_entropy", NULL);
}
