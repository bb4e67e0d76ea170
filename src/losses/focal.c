/* The focal loss: cross entropy that turns away from what is right already. */
#include <math.h>
#include <stddef.h>

#include <snug/kind.h>
#include <snug/loss.h>

#include "kinds/field_macros.h"
#include "math/softmax.h"

typedef struct focal {
    double gamma, alpha;
} focal;

/*
 * alpha (1 - p)^gamma (-log p) of the class's probability p. Lin et al. 2017, "Focal loss for dense
 * object detection", equation 5. *pull is minus its derivative by the class's logit, divided by
 * 1 - p; minus_log is -log p and rest is 1 - p, each with all its digits where it is small.
 */
static double focal_loss(double gamma, double alpha, double minus_log, double rest, double *pull) {
    double modulation = alpha * pow(rest, gamma);
    double ratio = rest > 0.0 ? minus_log / rest : 1.0; /* -log p / (1 - p), 1 for p = 1 */
    *pull = modulation * (1.0 + gamma * (1.0 - rest) * ratio);
    return modulation * minus_log;
}

/* One output, the logit of class 1, which weighs alpha; class 0 weighs 1 - alpha. */
static double of_two_classes(const focal *f, size_t rows, const float *z, const int32_t *classes,
                             double scale, float *dz) {
    double sum = 0.0;
    for (size_t r = 0; r < rows; r++) {
        double side = classes[r] != 0 ? 1.0 : -1.0, alpha = side > 0 ? f->alpha : 1.0 - f->alpha;
        double s = side * (double)z[r], e = exp(-fabs(s)), pull;
        double rest = (s > 0.0 ? e : 1.0) / (1.0 + e);
        sum += focal_loss(f->gamma, alpha, log1p(e) + (s > 0.0 ? 0.0 : -s), rest, &pull);
        if (dz != NULL) {
            dz[r] = (float)(-side * scale * pull * rest);
        }
    }
    return sum;
}

/* The sum of e^(z - largest) over a row. */
SNUG_KERNEL(exponentials, (size_t n, const float *z, float largest, double *sum),
            (n, z, largest, sum)) {
    *sum = snug_sum_exponentials(fused, n, z, largest);
}

/* dz = factor e^(z - largest); dz may be z. */
SNUG_KERNEL(gradients, (size_t n, const float *z, float largest, float factor, float *dz),
            (n, z, largest, factor, dz)) {
#pragma omp simd
    for (size_t j = 0; j < n; j++) {
        dz[j] = factor * snug_exp_negative(fused, z[j] - largest);
    }
}

/* An output a class; alpha weighs all of them. */
static double of_classes(const focal *f, size_t rows, size_t outputs, const float *z,
                         const int32_t *classes, double scale, float *dz) {
    double sum = 0.0;
    for (size_t r = 0; r < rows; r++) {
        const float *row = z + r * outputs;
        size_t class = (size_t)classes[r];
        float largest = snug_largest(outputs, row);
        double before, after, total, pull;
        exponentials(class, row, largest, &before);
        exponentials(outputs - class - 1, row + class + 1, largest, &after);
        total =
            before + after + (double)snug_exp_negative(SNUG_PORTABLE_FUSES, row[class] - largest);
        double rest = (before + after) / total;
        sum += focal_loss(f->gamma, f->alpha, log(total) + ((double)largest - (double)row[class]),
                          rest, &pull);
        if (dz != NULL) {
            gradients(outputs, row, largest, (float)(scale * pull / total), dz + r * outputs);
            dz[r * outputs + class] = (float)(-scale * pull * rest);
        }
    }
    return sum;
}

static double evaluate(const void *config, size_t rows, size_t outputs, const float *z,
                       const snug_targets *targets, double scale, float *dz) {
    if (outputs == 1) {
        return of_two_classes(config, rows, z, targets->classes, scale, dz);
    }
    return of_classes(config, rows, outputs, z, targets->classes, scale, dz);
}

static const snug_field fields[] = {
    SNUG_REAL_FIELD(focal, gamma, 2, SNUG_FROM_TO(0, 100),
                    "how fast the loss turns away from what is right; 0: cross entropy"),
    SNUG_REAL_FIELD(focal, alpha, 0.25, SNUG_ABOVE_BELOW(0, 1),
                    "a factor; for one output that of class 1, and 1 - alpha that of class 0"),
    SNUG_FIELDS_END,
};

const snug_loss_kind snug_loss_focal_kind = {
    .base = {.name = "focal",
             .summary = "-alpha (1 - p)^gamma log(p), with p the class's softmax(z), or sigmoid(z) "
                        "for one output",
             .fields = fields,
             .config_size = sizeof(focal)},
    .targets = SNUG_TARGET_CLASSES,
    .output = "softmax",
    .logits = true,
    .single_output = "sigmoid",
    .binary = true,
    .evaluate = evaluate};

snug_loss *snug_focal(double gamma) {
    return snug_loss_make("focal", SNUG_FIELDS(snug_number("gamma", gamma)));
}
