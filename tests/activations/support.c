#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support.h"

snug_object *activation_new(const char *spec) {
    snug_object *object = snug_object_parse(SNUG_GROUP_ACTIVATION, spec);
    ck_assert_msg(object != NULL, "%s: %s", spec, snug_error());
    return object;
}

snug_object *activation_of_kind(const snug_kind *kind) {
    char spec[128];
    const snug_field *field = kind->fields;
    while (field != NULL && field->kind != SNUG_FIELD_END && field->kind != SNUG_FIELD_OBJECT) {
        field++;
    }
    bool wraps = field != NULL && field->kind == SNUG_FIELD_OBJECT;
    snprintf(spec, sizeof spec, wraps ? "{\"type\": \"%s\", \"%s\": \"tanh\"}" : "%s", kind->name,
             wraps ? field->name : "");
    return activation_new(spec);
}

const snug_activation_kind *activation_kind(const snug_object *object) {
    return (const snug_activation_kind *)snug_object_kind(object);
}

/* The floats in their order as whole numbers. */
static int64_t place_of(float x) {
    int32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits < 0 ? -(int64_t)(bits & INT32_MAX) : (int64_t)bits;
}

double ulp_between(float a, float b) {
    if (isnan(a) || isnan(b)) {
        return isnan(a) && isnan(b) ? 0.0 : INFINITY;
    }
    return fabs((double)(place_of(a) - place_of(b)));
}

double ulp_of(double x) {
    int exponent;
    (void)frexp(fmax(fabs(x), 0x1p-126), &exponent);
    return ldexp(1.0, exponent - 24);
}
