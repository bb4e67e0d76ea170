/* ELU and SELU: two descriptors over one kernel. */
#include <math.h>

#include <snug/activation.h>
#include <snug/kind.h>

#include "kinds/field_macros.h"
#include "math/elementary.h"

/*
 * Both are f(x) = scale x for x > 0 and limit (e^x - 1) for x <= 0, with limit = scale alpha. For
 * x <= 0 the derivative limit e^x is f(x) + limit, so that backward needs the output alone.
 */
/*
 * The parameters act as float32; their product is rounded to float32 once, where a kernel needs it.
 */
static double limit_of(double scale, double alpha) {
    return (double)(float)scale * (double)(float)alpha;
}

SNUG_KERNEL(elu_forward, (size_t n, float scale, float limit, const float *x, float *y),
            (n, scale, limit, x, y)) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        float negative = limit * snug_expm1_where_negative(fused, x[i]);
        float positive = scale * x[i];
        y[i] = x[i] <= 0.0F ? negative : positive; /* NaN stays */
    }
}

SNUG_KERNEL(elu_backward,
            (size_t n, float scale, float limit, const float *y, const float *dy, float *dx),
            (n, scale, limit, y, dy, dx)) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        float negative = y[i] + limit;
        dx[i] = dy[i] * (y[i] > 0.0F ? scale : negative);
    }
}

/* The function and its derivative in double. */
static double wide_value(double x, double scale, double limit) {
    return x <= 0.0 ? limit * expm1(x) : scale * x;
}

static double wide_slope(double x, double scale, double limit) {
    return x > 0.0 ? scale : limit * exp(x);
}

static void elu_derivative(size_t n, double scale, double limit, const float *x, float *dydx) {
    for (size_t i = 0; i < n; i++) {
        dydx[i] = (float)wide_slope((double)x[i], scale, limit);
    }
}

static size_t kinks(const void *config, double *kinks) {
    (void)config;
    kinks[0] = 0.0;
    return 1;
}

/* ---- ELU ------------------------------------------------------------------------------------- */

typedef struct elu_config {
    double alpha;
} elu_config;

static const snug_field elu_fields[] = {
    SNUG_REAL_FIELD(elu_config, alpha, 1, SNUG_ABOVE_TO(0, 1e6),
                    "minus the limit of the function for x to -infinity"),
    SNUG_FIELDS_END,
};

static void forward_elu(const void *config, size_t rows, size_t columns, const float *x, float *y) {
    const elu_config *elu = config;
    elu_forward(rows * columns, 1.0F, (float)elu->alpha, x, y);
}

static void backward_elu(const void *config, size_t rows, size_t columns, const float *x,
                         const float *y, const float *dy, float *dx) {
    const elu_config *elu = config;
    (void)x;
    elu_backward(rows * columns, 1.0F, (float)elu->alpha, y, dy, dx);
}

static void derivative_elu(const void *config, size_t n, const float *x, float *dydx) {
    const elu_config *elu = config;
    elu_derivative(n, 1.0, limit_of(1.0, elu->alpha), x, dydx);
}

static double exact_elu(const void *config, double x) {
    return wide_value(x, 1.0, ((const elu_config *)config)->alpha);
}

static double exact_elu_derivative(const void *config, double x) {
    return wide_slope(x, 1.0, ((const elu_config *)config)->alpha);
}

static snug_value graph_elu(const void *config, snug_graph *g, snug_value x) {
    return snug_graph_elu(g, x, ((const elu_config *)config)->alpha, 1);
}

const snug_activation_kind snug_activation_elu_kind = {
    .base = {.name = "elu",
             .summary = "exponential linear unit: x for x > 0, alpha (e^x - 1) otherwise",
             .fields = elu_fields,
             .config_size = sizeof(elu_config)},
    .flags = SNUG_READS_OUTPUT,
    .forward = forward_elu,
    .backward = backward_elu,
    .derivative = derivative_elu,
    .exact = exact_elu,
    .exact_derivative = exact_elu_derivative,
    .kinks = kinks,
    .init = "he_normal",
    .graph = graph_elu};

/* ---- SELU ------------------------------------------------------------------------------------ */

typedef struct selu_config {
    double alpha, scale;
    double epsilon; /* NaN: none */
} selu_config;

/*
 * Depth-aware SELU (Chen et al. 2020, arXiv 2001.00254): alpha and scale for which E f(z)^2 = 1 and
 * E f'(z)^2 = 1 + epsilon, z standard normal, so that gradients grow as slowly as the depth
 * demands. With
 *
 *     I1 = E[(e^z - 1)^2; z < 0] = e^2 F(-2) - 2 e^(1/2) F(-1) + 1/2      I2 = E[e^(2z); z < 0]
 *                                                                            = e^2 F(-2)
 *
 * for the normal distribution function F, scale^2 (1/2 + alpha^2 I1) = 1 and scale^2 (1/2 + alpha^2
 * I2) = 1 + epsilon. So alpha^2 = (epsilon / 2) / (I2 - (1 + epsilon) I1), which is positive for
 * epsilon from 0 to I2 / I1 - 1 = 0.159761.
 */
#define EPSILON_END 0.15976

static snug_status selu_prepare(void *config) {
    selu_config *selu = config;
    if (isnan(selu->epsilon)) {
        return SNUG_OK;
    }
    const double e2 = 7.3890560989306502, root_e = 1.6487212707001282;
    double below_2 = 0.5 * erfc(sqrt(2.0)), below_1 = 0.5 * erfc(sqrt(0.5));
    double i1 = e2 * below_2 - 2.0 * root_e * below_1 + 0.5, i2 = e2 * below_2;
    double square = 0.5 * selu->epsilon / (i2 - (1.0 + selu->epsilon) * i1);
    selu->alpha = sqrt(square);
    selu->scale = sqrt(1.0 / (0.5 + square * i1));
    return SNUG_OK;
}

static const char *const selu_replaced[] = {"alpha", "scale", NULL};

static const snug_field selu_fields[] = {
    SNUG_REAL_FIELD(selu_config, alpha, SNUG_SELU_ALPHA, SNUG_ABOVE_TO(0, 1e6),
                    "minus the limit of f(x) / scale for x to -infinity"),
    /* scale x > 0 must stay above 0 in float32, for backward to see its sign */
    SNUG_REAL_FIELD(selu_config, scale, SNUG_SELU_SCALE, SNUG_FROM_TO(1e-6, 1e6),
                    "slope for x > 0 (lambda in the paper)"),
    {SNUG_FIELD(selu_config, epsilon, REAL,
                "in place of alpha and scale: those with E f^2 = 1 and E f'^2 = 1 + epsilon, for "
                "standard normal x"),
     .optional = true, .replaces = selu_replaced, SNUG_ABOVE_BELOW(0, EPSILON_END), .sparse = true},
    SNUG_FIELDS_END,
};

static void forward_selu(const void *config, size_t rows, size_t columns, const float *x,
                         float *y) {
    const selu_config *selu = config;
    float limit = (float)limit_of(selu->scale, selu->alpha);
    elu_forward(rows * columns, (float)selu->scale, limit, x, y);
}

static void backward_selu(const void *config, size_t rows, size_t columns, const float *x,
                          const float *y, const float *dy, float *dx) {
    const selu_config *selu = config;
    (void)x;
    float limit = (float)limit_of(selu->scale, selu->alpha);
    elu_backward(rows * columns, (float)selu->scale, limit, y, dy, dx);
}

static void derivative_selu(const void *config, size_t n, const float *x, float *dydx) {
    const selu_config *selu = config;
    elu_derivative(n, (double)(float)selu->scale, limit_of(selu->scale, selu->alpha), x, dydx);
}

static double exact_selu(const void *config, double x) {
    const selu_config *selu = config;
    return wide_value(x, selu->scale, selu->scale * selu->alpha);
}

static double exact_selu_derivative(const void *config, double x) {
    const selu_config *selu = config;
    return wide_slope(x, selu->scale, selu->scale * selu->alpha);
}

static snug_value graph_selu(const void *config, snug_graph *g, snug_value x) {
    const selu_config *selu = config;
    return snug_graph_elu(g, x, selu->alpha, selu->scale);
}

const snug_activation_kind snug_activation_selu_kind = {
    .base = {.name = "selu",
             .summary = "scaled ELU: scale x for x > 0, scale alpha (e^x - 1) otherwise; the "
                        "defaults keep mean 0 and variance 1",
             .fields = selu_fields,
             .config_size = sizeof(selu_config),
             .prepare = selu_prepare},
    .flags = SNUG_READS_OUTPUT,
    .forward = forward_selu,
    .backward = backward_selu,
    .derivative = derivative_selu,
    .exact = exact_selu,
    .exact_derivative = exact_selu_derivative,
    .kinks = kinks,
    .init = "lecun_normal",
    .self_normalizing = true,
    .graph = graph_selu};
