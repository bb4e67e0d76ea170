#include <float.h>
#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "init/linear_fit.h"
#include "kinds/object.h"
#include "math/gemm.h"
#include "math/linear.h"

static const snug_init_kind *kind_of(const snug_object *init) {
    return (const snug_init_kind *)(const void *)init->kind;
}

bool snug_init_needs_data(const snug_object *init) {
    return init != NULL &&
           (kind_of(init)->fit_weights != NULL || kind_of(init)->fit_biases != NULL);
}

snug_status snug_fit_linear(const snug_linear_data *data, const snug_object *weight_init, float *w,
                            const snug_object *bias_init, float *b) {
    if (weight_init != NULL && kind_of(weight_init)->fit_weights != NULL) {
        snug_status status = kind_of(weight_init)->fit_weights(weight_init->config, data, w);
        if (status != SNUG_OK) {
            return status;
        }
    }
    if (bias_init == NULL || kind_of(bias_init)->fit_biases == NULL) {
        return SNUG_OK;
    }
    return kind_of(bias_init)->fit_biases(bias_init->config, data, w, b);
}

float *snug_linear_outputs(const snug_linear_data *data, const float *w) {
    size_t count;
    if (!snug_multiply(data->rows, data->outputs, &count)) {
        snug_fail_memory(SIZE_MAX);
        return NULL;
    }
    float *z = snug_alloc(count, sizeof *z);
    if (z != NULL) {
        const snug_linear map = {data->rows, data->inputs, data->outputs,
                                 snug_gemm_is_large(data->inputs * data->outputs)};
        snug_linear_forward(&map, data->x, w, NULL, z);
    }
    return z;
}

/* Returns a variance, or 0 where the rounding of values around that mean explains it. */
static double without_rounding(double variance, double mean) {
    double rounding = 8.0 * (double)FLT_EPSILON * mean;
    return variance > rounding * rounding ? variance : 0.0;
}

/*
 * Two passes: the squares of differences from the mean lose no digits where the mean is far from 0.
 */
void snug_column_moments(size_t rows, size_t columns, const float *z, double *means,
                         double *variances) {
    memset(means, 0, columns * sizeof *means);
    memset(variances, 0, columns * sizeof *variances);
    for (size_t i = 0; i < rows; i++) {
        for (size_t j = 0; j < columns; j++) {
            means[j] += (double)z[i * columns + j];
        }
    }
    for (size_t j = 0; j < columns; j++) {
        means[j] /= (double)rows;
    }
    for (size_t i = 0; i < rows; i++) {
        for (size_t j = 0; j < columns; j++) {
            double apart = (double)z[i * columns + j] - means[j];
            variances[j] += apart * apart;
        }
    }
    for (size_t j = 0; j < columns; j++) {
        variances[j] = without_rounding(variances[j] / (double)rows, means[j]);
    }
}
