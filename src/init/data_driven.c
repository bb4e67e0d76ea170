/*
 * Initial weights and biases by the training rows, as in RealMLP (Holzmueller, Grinsztajn and
 * Steinwart 2024, "Better by default: strong pre-tuned MLPs and boosted trees on tabular data"):
 *
 *     weights   normal numbers; each unit's are scaled so that its pre-activation, without the
 *               bias, has the variance gain^2 over the rows
 *     biases    minus a random point among the unit's pre-activations, so that the kinks of the
 *               units spread over the data (Steinwart 2019, "A sober look at neural network
 *               initializations"): sum_k e_k z_k / sum_k e_k over 5 rows, with repetition, that are
 *               drawn for each unit, and weights e_k of the exponential distribution
 */
#include <math.h>

#include "core/memory.h"
#include "init/fill.h"
#include "init/linear_fit.h"
#include "kinds/field_macros.h"

/* Rows whose pre-activations a bias is made of. */
enum { POINTS = 5 };

typedef struct data_driven_config {
    double gain;
} data_driven_config;

static double variance(const void *config, size_t fan_in, size_t fan_out) {
    double gain = ((const data_driven_config *)config)->gain;
    (void)fan_out;
    return fan_in > 0 ? gain * gain / (double)fan_in : 0.0;
}

static void fill(const void *config, const snug_random *stream, size_t rows, size_t columns,
                 size_t fan_in, size_t fan_out, float *w) {
    double deviation = sqrt(variance(config, fan_in, fan_out));
    snug_fill_normal(stream, 0.0, deviation, rows * columns, w);
}

/*
 * Divides each column of w by the deviation that it gives its unit. A unit that is the same for
 * all rows keeps its weights, and so does one for which the division would leave the floats.
 */
static void scale_columns(const data_driven_config *c, const snug_linear_data *data,
                          const double *variances, float *w) {
    for (size_t j = 0; j < data->outputs; j++) {
        double factor = c->gain / sqrt(variances[j]);
        for (size_t i = 0; variances[j] > 0.0 && factor < 1e30 && i < data->inputs; i++) {
            float *weight = &w[i * data->outputs + j];
            *weight = (float)((double)*weight * factor);
        }
    }
}

static snug_status fit_weights(const void *config, const snug_linear_data *data, float *w) {
    float *z = snug_linear_outputs(data, w);
    double *moments = z != NULL ? snug_alloc(data->outputs, 2 * sizeof *moments) : NULL;
    if (moments != NULL) {
        double *variances = moments + data->outputs;
        snug_column_moments(data->rows, data->outputs, z, moments, variances);
        scale_columns(config, data, variances, w);
    }
    snug_release(z);
    snug_release(moments);
    return moments != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
}

/*
 * Returns the random point among column `unit` of z. The unit has 2 POINTS random numbers of its
 * own: rows, then weights. A uniform number is a multiple of 2^-24 from 0; half a step more keeps
 * the logarithm finite and the weight above 0.
 */
static double random_point(const snug_linear_data *data, const float *z, size_t unit) {
    float random[2 * POINTS];
    double sum = 0.0, total = 0.0;
    snug_random_uniform(&data->random, (uint64_t)unit * (2 * POINTS), 2 * POINTS, random);
    for (size_t k = 0; k < POINTS; k++) {
        size_t row = (size_t)((double)random[k] * (double)data->rows);
        double weight = -log((double)random[POINTS + k] + 0x1p-25);
        sum += weight * (double)z[row * data->outputs + unit];
        total += weight;
    }
    return sum / total;
}

static snug_status fit_biases(const void *config, const snug_linear_data *data, const float *w,
                              float *b) {
    const data_driven_config *c = config;
    float *z = snug_linear_outputs(data, w);
    if (z == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    for (size_t j = 0; j < data->outputs; j++) {
        b[j] = (float)(-c->gain * random_point(data, z, j));
    }
    snug_release(z);
    return SNUG_OK;
}

static const snug_field fields[] = {
    SNUG_GAIN_FIELD(data_driven_config),
    SNUG_FIELDS_END,
};

const snug_init_kind snug_init_data_driven_kind = {
    .base = {.name = "data_driven",
             .summary = "normal weights, scaled so that each unit has variance 1 over the training "
                        "rows; a bias is minus a random point among the unit's values",
             .fields = fields,
             .config_size = sizeof(data_driven_config)},
    .fill = fill,
    .variance = variance,
    .fit_weights = fit_weights,
    .fit_biases = fit_biases,
};
