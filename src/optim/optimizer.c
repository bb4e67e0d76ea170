#include "optim/optimizer.h"

#include <float.h>
#include <math.h>

#include "core/memory.h"
#include "core/status.h"

snug_optimizer *snug_optimizer_wrap(snug_object *object) {
    if (object == NULL) {
        return NULL;
    }
    snug_optimizer *optimizer = snug_alloc(1, sizeof *optimizer);
    if (optimizer == NULL) {
        snug_object_free(object);
        return NULL;
    }
    optimizer->object = object;
    return optimizer;
}

snug_optimizer *snug_optimizer_new(const char *spec) {
    return snug_optimizer_wrap(snug_object_parse(SNUG_GROUP_OPTIMIZER, spec));
}

void snug_optimizer_free(snug_optimizer *optimizer) {
    if (optimizer == NULL) {
        return;
    }
    snug_object_free(optimizer->object);
    snug_release(optimizer->moments);
    snug_release(optimizer);
}

static const snug_optimizer_kind *kind_of(const snug_optimizer *optimizer) {
    return (const snug_optimizer_kind *)optimizer->object->kind;
}

size_t snug_optimizer_moments(const snug_optimizer *optimizer) {
    const snug_optimizer_kind *kind = kind_of(optimizer);
    if (kind->moments_of == NULL) {
        return kind->moments;
    }
    size_t used = kind->moments_of(optimizer->object->config);
    return used < kind->moments ? used : kind->moments;
}

float snug_optimizer_epsilon(double epsilon) {
    return fmaxf((float)epsilon, FLT_MIN);
}

/* Floats from one moment to the next: n, rounded up so that each starts aligned. */
static bool moment_stride(size_t n, size_t *stride) {
    const size_t floats = SNUG_ALIGNMENT / sizeof(float);
    if (!snug_add(n, floats - 1, stride)) {
        return false;
    }
    *stride -= *stride % floats;
    return true;
}

/* Before the first step: binds the optimizer to n parameters. */
static snug_status bind(snug_optimizer *optimizer, size_t n, size_t stride) {
    size_t floats = 0;
    if (!snug_multiply(stride, snug_optimizer_moments(optimizer), &floats)) {
        return snug_fail_memory(SIZE_MAX);
    }
    snug_release(optimizer->moments);
    optimizer->moments = NULL;
    if (floats > 0) {
        optimizer->moments = snug_alloc(floats, sizeof *optimizer->moments);
        if (optimizer->moments == NULL) {
            return SNUG_ERROR_MEMORY;
        }
    }
    optimizer->n = n;
    return SNUG_OK;
}

static snug_status prepare(snug_optimizer *optimizer, size_t n, size_t *stride) {
    if (!moment_stride(n, stride)) {
        return snug_fail_memory(SIZE_MAX);
    }
    if (optimizer->t == 0) {
        return bind(optimizer, n, *stride);
    }
    if (optimizer->n != n) {
        return snug_fail(SNUG_ERROR_ARGUMENT,
                         "the optimizer has the moments of a model of %zu parameters; one of %zu "
                         "needs an optimizer of its own",
                         optimizer->n, n);
    }
    return SNUG_OK;
}

/* The configured learning rate, from the place that the kind names. */
static double learning_rate(const snug_optimizer *optimizer) {
    const char *config = optimizer->object->config;
    return *(const double *)(const void *)(config + kind_of(optimizer)->learning_rate);
}

snug_status snug_optimizer_apply(snug_optimizer *optimizer, size_t n, double factor,
                                 const float *gradient, float *parameters) {
    size_t stride = 0;
    snug_status status = prepare(optimizer, n, &stride);
    if (status != SNUG_OK) {
        return status;
    }
    const snug_optimizer_kind *kind = kind_of(optimizer);
    float *moments[SNUG_MOMENTS] = {NULL};
    for (size_t k = 0; k < snug_optimizer_moments(optimizer); k++) {
        moments[k] = optimizer->moments + k * stride;
    }
    optimizer->t++;
    kind->step(optimizer->object->config, n, optimizer->t, learning_rate(optimizer) * factor,
               gradient, parameters, moments);
    return SNUG_OK;
}
