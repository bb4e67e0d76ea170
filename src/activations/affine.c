#include <math.h>

#include "activations/activation_graph.h"
#include "activations/affine.h"
#include "activations/scalar_function.h"
#include "core/status.h"
#include "cpu/simd.h"
#include "kinds/object.h"

/*
 * Numbers that are computed at once: f runs over a block, then a and b are applied to it while it
 * is in the first cache, which costs one multiply-add a number and no pass over memory.
 */
enum { BLOCK = 1024 };

const snug_field snug_affine_fields[] = {
    {SNUG_FIELD(snug_affine_config, of, OBJECT, "the activation f, any of single numbers"),
     .group = SNUG_GROUP_ACTIVATION, .initial_text = "gelu"},
    SNUG_FIELDS_END,
};

static const snug_activation_kind *kind_of(const snug_affine_config *c) {
    return (const snug_activation_kind *)(const void *)c->of->kind;
}

/* ---- moments --------------------------------------------------------------------------------- */

/* How often an activation may be wrapped: each level costs one more call a number. */
enum { DEPTH_MAX = 4 };

/* Returns how many activations are in the fields of an activation, one in the other. */
static size_t depth_of(const snug_object *activation) {
    size_t depth = 0;
    while (activation != NULL) {
        activation = snug_activation_within(activation->kind, activation->config);
        depth++;
    }
    return depth;
}

static snug_status check_function(const snug_affine_config *c) {
    if (!snug_activation_is_elementwise(kind_of(c))) {
        return snug_fail(SNUG_ERROR_CONFIG,
                         "of must be an activation of single numbers: \"%s\" works on whole rows",
                         c->of->kind->name);
    }
    if (depth_of(c->of) > DEPTH_MAX) {
        return snug_fail(SNUG_ERROR_CONFIG, "of must not be wrapped more than %d times",
                         (int)DEPTH_MAX);
    }
    return SNUG_OK;
}

/*
 * The variance must not be so small beside the mean that the rounding of f in float32, about 1e-7,
 * would be seen in the result.
 */
snug_status snug_affine_moments(const snug_affine_config *c, snug_gaussian_moments *moments) {
    snug_activation_function f;
    snug_status status = check_function(c);
    if (status != SNUG_OK) {
        return status;
    }
    snug_activation_function_init(&f, kind_of(c), c->of->config);
    *moments = snug_theory_moments(&f.function, 0.0, 1.0);
    if (isfinite(moments->second_moment) && isfinite(moments->squared_slope) &&
        moments->variance > 1e-30 && moments->variance > 1e-8 * moments->second_moment) {
        return SNUG_OK;
    }
    return snug_fail(SNUG_ERROR_CONFIG,
                     "of must vary, and be finite: for standard normal x \"%s\" has the mean %.6g "
                     "and the variance %.3g",
                     c->of->kind->name, moments->mean, moments->variance);
}

void snug_affine_set(snug_affine_config *config, double factor, double shift) {
    config->factor = factor;
    config->shift = fabs(shift) < 1e-12 ? 0.0 : shift;
}

/* ---- in double precision --------------------------------------------------------------------- */

double snug_affine_exact(const void *config, double x) {
    const snug_affine_config *c = config;
    snug_activation_function f;
    snug_activation_function_init(&f, kind_of(c), c->of->config);
    return c->factor * f.function.value(f.function.context, x) + c->shift;
}

double snug_affine_exact_derivative(const void *config, double x) {
    const snug_affine_config *c = config;
    snug_activation_function f;
    snug_activation_function_init(&f, kind_of(c), c->of->config);
    return c->factor * f.function.derivative(f.function.context, x);
}

size_t snug_affine_kinks(const void *config, double *kinks) {
    const snug_affine_config *c = config;
    const snug_activation_kind *kind = kind_of(c);
    return kind->kinks != NULL ? kind->kinks(c->of->config, kinks) : 0;
}

/* ---- graph ----------------------------------------------------------------------------------- */

snug_value snug_affine_graph(const void *config, snug_graph *graph, snug_value x) {
    const snug_affine_config *c = config;
    snug_value f = snug_graph_activation(graph, kind_of(c), c->of->config, x);
    f = snug_graph_multiply_number(graph, f, c->factor);
    return c->shift != 0 ? snug_graph_add_number(graph, f, c->shift) : f;
}

/* ---- kernels --------------------------------------------------------------------------------- */

SNUG_KERNEL(apply, (size_t n, float factor, float shift, float *y), (n, factor, shift, y)) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        y[i] = snug_fma(fused, factor, y[i], shift);
    }
}

SNUG_KERNEL(scale, (size_t n, float factor, float *dx), (n, factor, dx)) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        dx[i] *= factor;
    }
}

/* In double, so that a derivative of f, which is rounded to float, is rounded once more only. */
SNUG_KERNEL(scale_derivative, (size_t n, double factor, float *dydx), (n, factor, dydx)) {
#pragma omp simd
    for (size_t i = 0; i < n; i++) {
        dydx[i] = (float)(factor * (double)dydx[i]);
    }
}

static size_t block_length(size_t n, size_t first) {
    return n - first < BLOCK ? n - first : BLOCK;
}

void snug_affine_forward(const void *config, size_t rows, size_t columns, const float *x,
                         float *y) {
    const snug_affine_config *c = config;
    size_t n = rows * columns;
    for (size_t first = 0; first < n; first += BLOCK) {
        size_t count = block_length(n, first);
        kind_of(c)->forward(c->of->config, 1, count, x + first, y + first);
        apply(count, (float)c->factor, (float)c->shift, y + first);
    }
}

/*
 * dx = a f'(x) dy. Where f's own backward reads its output, that is computed from x again: (y - b)
 * / a would have lost the digits by which backward finds the side of a kink.
 */
void snug_affine_backward(const void *config, size_t rows, size_t columns, const float *x,
                          const float *y, const float *dy, float *dx) {
    const snug_affine_config *c = config;
    const snug_activation_kind *kind = kind_of(c);
    size_t n = rows * columns;
    float output[BLOCK];
    bool reads_output = (kind->flags & SNUG_READS_OUTPUT) != 0;
    (void)y;
    for (size_t first = 0; first < n; first += BLOCK) {
        size_t count = block_length(n, first);
        if (reads_output) {
            kind->forward(c->of->config, 1, count, x + first, output);
        }
        kind->backward(c->of->config, 1, count, kind->flags & SNUG_READS_INPUT ? x + first : NULL,
                       reads_output ? output : NULL, dy + first, dx + first);
        scale(count, (float)c->factor, dx + first);
    }
}

void snug_affine_derivative(const void *config, size_t n, const float *x, float *dydx) {
    const snug_affine_config *c = config;
    kind_of(c)->derivative(c->of->config, n, x, dydx);
    scale_derivative(n, c->factor, dydx);
}
