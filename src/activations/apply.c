/* Activation functions on plain arrays. */
#include <snug/activation.h>

#include "core/status.h"
#include "kinds/field_value.h"
#include "kinds/object.h"

static snug_status apply(const snug_object *object, size_t n, const float *x, float *y,
                         float *dydx) {
    const snug_activation_kind *kind = (const snug_activation_kind *)snug_object_kind(object);
    const void *config = snug_object_config(object);
    if (dydx != NULL && kind->derivative == NULL) {
        return snug_fail(SNUG_ERROR_ARGUMENT,
                         "%s: has no derivative of a single number; give NULL for dydx",
                         kind->base.name);
    }
    /* The derivative first: y may be x. */
    if (dydx != NULL) {
        kind->derivative(config, n, x, dydx);
    }
    if (y != NULL) {
        kind->forward(config, 1, n, x, y);
    }
    return SNUG_OK;
}

/* Takes over the activation; NULL: its error is the thread's. */
static snug_status apply_once(snug_object *object, size_t n, const float *x, float *y,
                              float *dydx) {
    if (object == NULL) {
        return snug_error_status();
    }
    snug_status status = SNUG_OK;
    if (x == NULL && n > 0) {
        status = snug_fail(SNUG_ERROR_ARGUMENT, "x: must point to %zu numbers, not be NULL", n);
    } else if (n > 0) {
        status = apply(object, n, x, y, dydx);
    }
    snug_object_free(object);
    return status;
}

snug_status snug_activation_apply(const char *spec, size_t n, const float *x, float *y,
                                  float *dydx) {
    if (spec == NULL) {
        return snug_fail(SNUG_ERROR_ARGUMENT, "spec: must name an activation, not be NULL");
    }
    return apply_once(snug_object_parse(SNUG_GROUP_ACTIVATION, spec), n, x, y, dydx);
}

snug_status snug_activation_apply_fields(const char *kind, const snug_field_value *fields, size_t n,
                                         const float *x, float *y, float *dydx) {
    return apply_once(snug_object_make(SNUG_GROUP_ACTIVATION, kind, fields), n, x, y, dydx);
}
