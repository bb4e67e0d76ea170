/* The quantile (pinball) loss: its minimum is a quantile of the targets, not their mean. */
#include <snug/loss.h>

#include "kinds/field_macros.h"
#include "losses/elementwise.h"

typedef struct quantile {
    double tau;
    snug_number_list_value taus;
} quantile;

enum { MOST_TAUS = 64 };

static const snug_field fields[] = {
    SNUG_REAL_FIELD(quantile, tau, 0.5, SNUG_ABOVE_BELOW(0, 1),
                    "which quantile the outputs learn: 0.5 is the median"),
    {SNUG_FIELD(quantile, taus, NUMBERS,
                "several rising quantiles of each target, in place of tau, an output each: the "
                "last layer has as many units as targets times quantiles"),
     SNUG_ABOVE_BELOW(0, 1)},
    SNUG_FIELDS_END,
};

static snug_loss_parameters parameters(const void *config) {
    return (snug_loss_parameters){.a = (float)((const quantile *)config)->tau};
}

/*
 * With e = z - t: (1 - tau) e for e > 0, -tau e otherwise. Its slope is the factor of e, and 0 at
 * 0. Koenker and Bassett 1978, "Regression quantiles".
 */
SNUG_INLINE double add_loss(double sum, float z, float t, snug_loss_parameters p, float *slope) {
    float error = z - t;
    float below = error < 0.0F ? -p.a : error; /* 0 and NaN stay */
    *slope = error > 0.0F ? 1.0F - p.a : below;
    return snug_fma_double(p.fused, (double)*slope, (double)error, sum);
}

SNUG_ELEMENTWISE_LOSS(parameters, add_loss, 1.0);

/* ---- several quantiles ----------------------------------------------------------------------- */

static const char *check(const void *config) {
    const snug_number_list_value *taus = &((const quantile *)config)->taus;
    if (taus->count > MOST_TAUS) {
        return "taus: are at most 64";
    }
    for (size_t i = 1; i < taus->count; i++) {
        if (!(taus->items[i] > taus->items[i - 1])) {
            return "taus: must rise";
        }
    }
    return NULL;
}

static size_t quantiles(const void *config, const double **shares) {
    const quantile *q = config;
    if (shares != NULL) {
        *shares = q->taus.count > 0 ? q->taus.items : &q->tau;
    }
    return q->taus.count > 0 ? q->taus.count : 1;
}

/* The loss of rows whose output j learns tau[j % count]; *sum is that of all. */
SNUG_KERNEL(evaluate_taus,
            (size_t rows, size_t outputs, size_t count, const float *tau, const float *z,
             const float *t, float scale, float *dz, double *sum),
            (rows, outputs, count, tau, z, t, scale, dz, sum)) {
    double total = 0.0;
    for (size_t first = 0; first < rows * outputs; first += outputs) {
        for (size_t j = 0, k = 0; j < outputs; j++, k = k + 1 < count ? k + 1 : 0) {
            const snug_loss_parameters p = {.a = tau[k], .fused = fused};
            float slope;
            total = add_loss(total, z[first + j], t[first + j], p, &slope);
            if (dz != NULL) {
                dz[first + j] = scale * slope;
            }
        }
    }
    *sum = total;
}

/* One quantile by the loop of the other losses, several in turn. */
static double evaluate_quantiles(const void *config, size_t rows, size_t outputs, const float *z,
                                 const snug_targets *targets, double scale, float *dz) {
    const snug_number_list_value *taus = &((const quantile *)config)->taus;
    float tau[MOST_TAUS];
    double sum;
    if (taus->count == 0) {
        return evaluate(config, rows, outputs, z, targets, scale, dz);
    }
    for (size_t k = 0; k < taus->count; k++) {
        tau[k] = (float)taus->items[k];
    }
    evaluate_taus(rows, outputs, taus->count, tau, z, targets->values,
                  (float)(scale / (double)outputs), dz, &sum);
    return sum / (double)outputs;
}

/* An error itself, whatever tau is. */
static double magnitude(const void *config, double error) {
    (void)config;
    return error;
}

const snug_loss_kind snug_loss_quantile_kind = {
    .base = {.name = "quantile",
             .summary = "the mean over the outputs of tau (target - z) where the target is above "
                        "z, (1 - tau) (z - target) where it is below",
             .fields = fields,
             .config_size = sizeof(quantile),
             .check = check},
    .targets = SNUG_TARGET_VALUES,
    .output = "identity",
    .evaluate = evaluate_quantiles,
    .magnitude = magnitude,
    .quantiles = quantiles};

snug_loss *snug_quantile(double tau) {
    return snug_loss_make("quantile", SNUG_FIELDS(snug_number("tau", tau)));
}

snug_loss *snug_quantiles(const double *taus, size_t count) {
    return snug_loss_make("quantile", SNUG_FIELDS(snug_number_list("taus", taus, count)));
}
