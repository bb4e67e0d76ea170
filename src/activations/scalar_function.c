#include <float.h>
#include <math.h>

#include "activations/scalar_function.h"
#include "kinds/fields.h"
#include "kinds/object.h"

bool snug_activation_is_elementwise(const snug_activation_kind *kind) {
    return kind->derivative != NULL;
}

const snug_object *snug_activation_within(const snug_kind *kind, const void *config) {
    const snug_field *field = snug_fields_find_type(kind->fields, SNUG_FIELD_OBJECT);
    return field != NULL && field->group == SNUG_GROUP_ACTIVATION
               ? *(snug_object *const *)(const void *)((const char *)config + field->offset)
               : NULL;
}

/* Returns whether an activation and all that it wraps have functions in double. */
static bool is_in_double(const snug_activation_kind *kind, const void *config) {
    const snug_object *within = snug_activation_within(&kind->base, config);
    bool in_double = kind->exact != NULL;
    while (within != NULL && in_double) {
        in_double = ((const snug_activation_kind *)(const void *)within->kind)->exact != NULL;
        within = snug_activation_within(within->kind, within->config);
    }
    return in_double;
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
    bool has_exact = kind->exact != NULL;
    size_t count = kind->kinks != NULL ? kind->kinks(config, f->kinks) : 0;
    f->kind = kind;
    f->config = config;
    f->function =
        (snug_scalar_function){.value = has_exact ? exact : value,
                               .derivative = has_exact ? exact_derivative : derivative,
                               .context = f,
                               .kinks = f->kinks,
                               .kink_count = count,
                               .rounding = is_in_double(kind, config) ? 0.0 : (double)FLT_EPSILON};
}
