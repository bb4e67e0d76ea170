/* The hinge loss: zero once the right class leads by a margin of 1. */
#include <math.h>

#include <snug/kind.h>
#include <snug/loss.h>

/* The output other than `class` that is largest; NaN is. There are at least two outputs. */
static size_t rival(size_t outputs, const float *z, size_t class) {
    size_t best = class == 0 ? 1 : 0;
    for (size_t j = best + 1; j < outputs; j++) {
        if (j != class && !isnan(z[best]) && !(z[j] <= z[best])) {
            best = j;
        }
    }
    return best;
}

/* max(0, x), where NaN stays, and its slope. */
static float hinge(float x, float *slope) {
    *slope = x > 0.0F ? 1.0F : (x <= 0.0F ? 0.0F : x);
    return x <= 0.0F ? 0.0F : x;
}

/* One output: class 1 is wanted at 1 or above, class 0 at -1 or below. */
static double of_two_classes(size_t rows, const float *z, const int32_t *classes, float scale,
                             float *dz) {
    double sum = 0.0;
    for (size_t r = 0; r < rows; r++) {
        float side = classes[r] != 0 ? 1.0F : -1.0F, slope;
        sum += (double)hinge(1.0F - side * z[r], &slope);
        if (dz != NULL) {
            dz[r] = -side * scale * slope;
        }
    }
    return sum;
}

/*
 * An output a class: max(0, 1 + the largest other z - z[class]). Crammer and Singer 2001, "On the
 * algorithmic implementation of multiclass kernel-based vector machines".
 */
static double of_classes(size_t rows, size_t outputs, const float *z, const int32_t *classes,
                         float scale, float *dz) {
    double sum = 0.0;
    for (size_t r = 0; r < rows; r++) {
        const float *row = z + r * outputs;
        size_t class = (size_t)classes[r], other = rival(outputs, row, class);
        float slope;
        sum += (double)hinge(1.0F + (row[other] - row[class]), &slope);
        for (size_t j = 0; dz != NULL && j < outputs; j++) {
            float side = j == class ? -1.0F : 1.0F;
            dz[r * outputs + j] = j == class || j == other ? side * scale * slope : 0.0F;
        }
    }
    return sum;
}

static double evaluate(const void *config, size_t rows, size_t outputs, const float *z,
                       const snug_targets *targets, double scale, float *dz) {
    (void)config;
    if (outputs == 1) {
        return of_two_classes(rows, z, targets->classes, (float)scale, dz);
    }
    return of_classes(rows, outputs, z, targets->classes, (float)scale, dz);
}

const snug_loss_kind snug_loss_hinge_kind = {
    .base = {.name = "hinge",
             .summary = "max(0, 1 + the largest other z - z[class]), an output a class; for one "
                        "output max(0, 1 - y z), with y = -1 for class 0 and 1 for class 1"},
    .targets = SNUG_TARGET_CLASSES,
    .output = "softmax",
    .single_output = "sigmoid",
    .binary = true,
    .evaluate = evaluate};

snug_loss *snug_hinge(void) {
    return snug_loss_make("hinge", NULL);
}
