/* The Kullback-Leibler divergence of a distribution over the outputs from the softmax. */
#include <math.h>

#include <snug/kind.h>
#include <snug/loss.h>

#include "math/softmax.h"

/* log(sum of e^z) of a row, and the largest z in it. */
typedef struct partition {
    double log_sum;
    float largest;
} partition;

SNUG_KERNEL(exponentials, (size_t n, const float *z, float largest, double *sum),
            (n, z, largest, sum)) {
    *sum = snug_sum_exponentials(fused, n, z, largest);
}

static partition partition_of(size_t outputs, const float *z) {
    partition p = {.largest = snug_largest(outputs, z)};
    double sum;
    exponentials(outputs, z, p.largest, &sum);
    p.log_sum = log(sum);
    return p;
}

/* sum of t (log t - log softmax(z)); 0 log 0 is 0. *mass is the sum of t. */
static double divergence(size_t outputs, const float *z, const float *t, const partition *p,
                         double *mass) {
    double sum = 0.0;
    *mass = 0.0;
    for (size_t j = 0; j < outputs; j++) {
        double share = (double)t[j];
        double surprise = p->log_sum + ((double)p->largest - (double)z[j]);
        sum += share * surprise + (share > 0.0 ? share * log(share) : 0.0);
        *mass += share;
    }
    return sum;
}

/* dz = scale (mass * softmax(z) - t); dz may be z. */
SNUG_KERNEL(gradients,
            (size_t n, const float *z, const float *t, float largest, float mass, float scale,
             float *dz),
            (n, z, t, largest, mass, scale, dz)) {
#pragma omp simd
    for (size_t j = 0; j < n; j++) {
        dz[j] = scale * snug_fma(fused, mass, snug_exp_negative(fused, z[j] - largest), -t[j]);
    }
}

static double evaluate(const void *config, size_t rows, size_t outputs, const float *z,
                       const snug_targets *targets, double scale, float *dz) {
    double sum = 0.0;
    (void)config;
    for (size_t r = 0; r < rows; r++) {
        const float *row = z + r * outputs, *t = targets->values + r * outputs;
        partition p = partition_of(outputs, row);
        double mass;
        sum += divergence(outputs, row, t, &p, &mass);
        if (dz != NULL) {
            gradients(outputs, row, t, p.largest, (float)(mass * exp(-p.log_sum)), (float)scale,
                      dz + r * outputs);
        }
    }
    return sum;
}

static const snug_range shares = {.min = 0, .max = 1};

const snug_loss_kind snug_loss_kl_divergence_kind = {
    .base = {.name = "kl_divergence",
             .summary = "the sum over the outputs of p log(p / softmax(z)), of logits z and "
                        "targets p that are probabilities"},
    .targets = SNUG_TARGET_VALUES,
    .values = &shares,
    .output = "softmax",
    .evaluate = evaluate};

snug_loss *snug_kl_divergence(void) {
    return snug_loss_make("kl_divergence", NULL);
}
