/*
 * Layer-sequential unit variance (Mishkin and Matas 2016, "All you need is a good init"): the
 * weights of another initializer, orthogonal ones in the paper, divided by the deviation of all of
 * the layer's outputs over the training rows, until their variance is 1. Layers are fitted in their
 * order, so that each sees what the activations before it make of the data, whichever they are.
 */
#include <math.h>

#include "core/memory.h"
#include "init/fill.h"
#include "init/linear_fit.h"
#include "kinds/field_macros.h"
#include "kinds/object.h"

/* The paper's limits: how near to 1 a variance is to come, and in how many rounds. */
#define TOLERANCE 1e-3
enum { ROUNDS = 10 };

typedef struct lsuv_config {
    snug_object *of;
    double gain;
} lsuv_config;

static const snug_init_kind *kind_of(const lsuv_config *c) {
    return (const snug_init_kind *)(const void *)c->of->kind;
}

static double variance(const void *config, size_t fan_in, size_t fan_out) {
    const lsuv_config *c = config;
    return c->gain * c->gain * kind_of(c)->variance(c->of->config, fan_in, fan_out);
}

static void scale(size_t n, double factor, float *w) {
    for (size_t i = 0; i < n; i++) {
        w[i] = (float)(factor * (double)w[i]);
    }
}

static void fill(const void *config, const snug_random *stream, size_t rows, size_t columns,
                 size_t fan_in, size_t fan_out, float *w) {
    const lsuv_config *c = config;
    kind_of(c)->fill(c->of->config, stream, rows, columns, fan_in, fan_out, w);
    scale(rows * columns, c->gain, w);
}

/*
 * Returns the variance of all entries of z by the moments of its columns: the mean of their
 * variances, and the variance of their means.
 */
static double total_variance(size_t columns, const double *means, const double *variances) {
    double mean = 0.0, sum = 0.0;
    for (size_t j = 0; j < columns; j++) {
        mean += means[j] / (double)columns;
    }
    for (size_t j = 0; j < columns; j++) {
        sum += variances[j] + (means[j] - mean) * (means[j] - mean);
    }
    return sum / (double)columns;
}

/* Sets *variance to that of all outputs. Fails without memory. */
static snug_status measure(const snug_linear_data *data, const float *w, double *variance_of_all) {
    float *z = snug_linear_outputs(data, w);
    double *moments = z != NULL ? snug_alloc(data->outputs, 2 * sizeof *moments) : NULL;
    if (moments != NULL) {
        double *variances = moments + data->outputs;
        snug_column_moments(data->rows, data->outputs, z, moments, variances);
        *variance_of_all = total_variance(data->outputs, moments, variances);
    }
    snug_release(z);
    snug_release(moments);
    return moments != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
}

/* Outputs that are all the same keep their weights. */
static snug_status fit_weights(const void *config, const snug_linear_data *data, float *w) {
    const lsuv_config *c = config;
    double wanted = c->gain * c->gain;
    for (size_t round = 0; round < ROUNDS; round++) {
        double now = 0.0;
        if (measure(data, w, &now) != SNUG_OK) {
            return SNUG_ERROR_MEMORY;
        }
        double factor = sqrt(wanted / now);
        if (!(now > 0.0) || !(factor < 1e30) || fabs(now - wanted) <= TOLERANCE * wanted) {
            return SNUG_OK;
        }
        scale(data->inputs * data->outputs, factor, w);
    }
    return SNUG_OK;
}

static const snug_field fields[] = {
    {SNUG_FIELD(lsuv_config, of, OBJECT, "the initializer whose weights are scaled"),
     .initial_text = "orthogonal", .group = SNUG_GROUP_INIT},
    SNUG_GAIN_FIELD(lsuv_config),
    SNUG_FIELDS_END,
};

const snug_init_kind snug_init_lsuv_kind = {
    .base = {.name = "lsuv",
             .summary = "weights of another initializer, scaled so that the layer's outputs have "
                        "variance 1 over the training rows",
             .fields = fields,
             .config_size = sizeof(lsuv_config)},
    .fill = fill,
    .variance = variance,
    .fit_weights = fit_weights,
};
