#include <float.h>
#include <math.h>

#include "activations/scalar_function.h"

bool snug_activation_is_elementwise(const snug_activation_kind *kind) {
    return kind->derivative != NULL || kind->exact != NULL;
}

/* ---- by functions in double ------------------------------------------------------------------ */

static double exact(const void *context, double x) {
    const snug_activation_function *f = context;
    return f->kind->exact(f->config, x);
}

static double exact_derivative(const void *context, double x) {
    const snug_activation_function *f = context;
    return f->kind->exact_derivative(f->config, x);
}

/* ---- by functions in float ------------------------------------------------------------------- */

static double derivative(const void *context, double x) {
    const snug_activation_function *f = context;
    float at = (float)x, slope;
    f->kind->derivative(f->config, 1, &at, &slope);
    return (double)slope;
}

/* f(x) = f(x') + f'(x') (x - x') for the nearest float x', with a tiny error of second order. */
static double value(const void *context, double x) {
    const snug_activation_function *f = context;
    float at = (float)x, y;
    f->kind->forward(f->config, 1, 1, &at, &y);
    return isfinite(y) ? (double)y + derivative(context, x) * (x - (double)at) : (double)y;
}

void snug_activation_function_init(snug_activation_function *f, const snug_activation_kind *kind,
                                   const void *config) {
    bool in_double = kind->exact != NULL;
    size_t count = kind->kinks != NULL ? kind->kinks(config, f->kinks) : 0;
    f->kind = kind;
    f->config = config;
    f->function = (snug_scalar_function){.value = in_double ? exact : value,
                                         .derivative = in_double ? exact_derivative : derivative,
                                         .context = f,
                                         .kinks = f->kinks,
                                         .kink_count = count,
                                         .rounding = in_double ? 0.0 : (double)FLT_EPSILON};
}
