#include <float.h>
#include <math.h>

#include "core/guard.h"
#include "core/memory.h"
#include "core/status.h"
#include "kinds/field_value.h"
#include "optim/optimizer.h"

snug_optimizer *snug_optimizer_wrap(snug_object *object) {
    return (snug_optimizer *)snug_handle_new(SNUG_GROUP_OPTIMIZER, object, sizeof(snug_optimizer));
}

snug_optimizer *snug_optimizer_new(const char *spec) {
    return snug_optimizer_wrap(snug_object_parse(SNUG_GROUP_OPTIMIZER, spec));
}

snug_optimizer *snug_optimizer_make(const char *kind, const snug_field_value *fields) {
    return snug_optimizer_wrap(snug_object_make(SNUG_GROUP_OPTIMIZER, kind, fields));
}

void snug_optimizer_delete(snug_optimizer *optimizer) {
    if (optimizer == NULL) {
        return;
    }
    if (optimizer->handle.status == SNUG_OK) {
        snug_release(optimizer->moments);
        snug_step_parts_clear(&optimizer->parts);
    }
    snug_handle_release(&optimizer->handle);
}

void snug_optimizer_free(snug_optimizer *optimizer) {
    if (snug_handle_unlink((snug_handle *)optimizer, SNUG_GROUP_OPTIMIZER)) {
        snug_optimizer_delete(optimizer);
    }
}

snug_status snug_optimizer_status(const snug_optimizer *optimizer) {
    return snug_handle_check((const snug_handle *)optimizer, SNUG_GROUP_OPTIMIZER, "the optimizer");
}

static const snug_optimizer_kind *kind_of(const snug_optimizer *optimizer) {
    return (const snug_optimizer_kind *)optimizer->handle.object->kind;
}

size_t snug_optimizer_moments(const snug_optimizer *optimizer) {
    const snug_optimizer_kind *kind = kind_of(optimizer);
    if (kind->moments_of == NULL) {
        return kind->moments;
    }
    size_t used = kind->moments_of(optimizer->handle.object->config);
    return used < kind->moments ? used : kind->moments;
}

float snug_optimizer_epsilon(double epsilon) {
    return fmaxf((float)epsilon, FLT_MIN);
}

double snug_bias_correction(double beta, uint64_t t) {
    /* Otherwise beta^t is below e^-40, which is lost when 1 - beta^t is rounded. */
    return (1.0 - beta) * (double)t > 40.0 ? 1.0 : 1.0 - pow(beta, (double)t);
}

/* Computes the floats from one moment to the next: n, rounded up so that each starts aligned. */
static bool moment_stride(size_t n, size_t *stride) {
    const size_t floats = SNUG_ALIGNMENT / sizeof(float);
    if (!snug_add(n, floats - 1 + SNUG_GUARD_FLOATS, stride)) {
        return false;
    }
    *stride -= *stride % floats;
    return true;
}

/* Forbids the padding between two moments and behind the last: see core/guard.h. */
static void guard_moments(const snug_optimizer *optimizer) {
    for (size_t k = 0; k < snug_optimizer_moments(optimizer); k++) {
        snug_forbid(optimizer->moments + k * optimizer->stride + optimizer->n,
                    (optimizer->stride - optimizer->n) * sizeof *optimizer->moments);
    }
}

/* Before the first step: binds the optimizer to the parameters. */
static snug_status bind(snug_optimizer *optimizer, const snug_parameter_ranges *ranges) {
    size_t n = ranges->parameters, floats = 0, stride = 0;
    if (!moment_stride(n, &stride) ||
        !snug_multiply(stride, snug_optimizer_moments(optimizer), &floats)) {
        return snug_fail_memory(SIZE_MAX);
    }
    snug_release(optimizer->moments);
    optimizer->moments = NULL;
    /* With n == 0 too: an offset from NULL is undefined even if it is 0. */
    if (snug_optimizer_moments(optimizer) > 0) {
        optimizer->moments = snug_alloc(floats, sizeof *optimizer->moments);
        if (optimizer->moments == NULL) {
            return SNUG_ERROR_MEMORY;
        }
    }
    optimizer->n = n;
    optimizer->stride = stride;
    guard_moments(optimizer);
    return SNUG_OK;
}

snug_status snug_optimizer_resume(snug_optimizer *optimizer, const snug_parameter_ranges *ranges,
                                  uint64_t t) {
    snug_status status = t > 0 ? bind(optimizer, ranges) : SNUG_OK;
    optimizer->t = status == SNUG_OK ? t : 0;
    return status;
}

void snug_optimizer_decay_biases(snug_optimizer *optimizer, bool decays) {
    optimizer->keeps_biases = !decays;
    snug_step_parts_clear(&optimizer->parts);
}

bool snug_optimizer_decays(const snug_optimizer *optimizer) {
    return kind_of(optimizer)->weight_decay > 0;
}

/* Returns the configured learning rate, the member at the offset that the kind names. */
static double configured_rate(const snug_optimizer *optimizer) {
    const char *config = optimizer->handle.object->config;
    return *(const double *)(const void *)(config + kind_of(optimizer)->learning_rate);
}

bool snug_optimizer_iterates(const snug_optimizer *optimizer) {
    return kind_of(optimizer)->iterate != NULL;
}

/*
 * Binds the optimizer to the parameters, or checks that it is bound to as many; counts the step and
 * decides its learning rate and its weight decay.
 */
static snug_status start_step(snug_optimizer *optimizer, const snug_parameter_ranges *ranges,
                              snug_step_factors factors) {
    snug_status status = optimizer->t == 0 ? bind(optimizer, ranges) : SNUG_OK;
    if (status != SNUG_OK) {
        return status;
    }
    if (optimizer->n != ranges->parameters) {
        return snug_fail(SNUG_ERROR_ARGUMENT,
                         "the optimizer has the moments of a model of %zu parameters; one of %zu "
                         "needs an optimizer of its own",
                         optimizer->n, ranges->parameters);
    }
    if (optimizer->parts.count == 0) {
        status = snug_step_parts_make(&optimizer->parts, ranges, optimizer->handle.object,
                                      !optimizer->keeps_biases);
        if (status != SNUG_OK) {
            return status;
        }
    }
    optimizer->t++;
    snug_step_parts_begin(&optimizer->parts, optimizer->handle.object,
                          configured_rate(optimizer) * factors.rate, factors.decay);
    return SNUG_OK;
}

snug_status snug_optimizer_begin_step(snug_optimizer *optimizer,
                                      const snug_parameter_ranges *ranges,
                                      snug_step_factors factors) {
    if (snug_optimizer_iterates(optimizer)) {
        return snug_fail(SNUG_ERROR_ARGUMENT,
                         "the optimizer %s uses all rows at once: snug_fit() runs it, a step of "
                         "one batch cannot",
                         kind_of(optimizer)->base.name);
    }
    return start_step(optimizer, ranges, factors);
}

/* Sets moments[k] to the address of moment k of the parameter `first`. */
static void find_moments(const snug_optimizer *optimizer, size_t first, float **moments) {
    for (size_t k = 0; k < snug_optimizer_moments(optimizer); k++) {
        moments[k] = optimizer->moments + k * optimizer->stride + first;
    }
}

snug_status snug_optimizer_iterate(snug_optimizer *optimizer, const snug_parameter_ranges *ranges,
                                   snug_step_factors factors, const snug_objective *objective,
                                   float *parameters, bool *more) {
    float *moments[SNUG_ITERATE_MOMENTS_MAX] = {NULL};
    snug_status status = start_step(optimizer, ranges, factors);
    if (status != SNUG_OK) {
        return status;
    }
    find_moments(optimizer, 0, moments);
    /* All parameters at once: snug_fit_check_full_batch() refuses what differs among them. */
    const snug_step_part *all = &optimizer->parts.items[0];
    *more = kind_of(optimizer)->iterate(all->config, optimizer->n, optimizer->t, all->rate,
                                        objective, parameters, moments, optimizer->numbers);
    return SNUG_OK;
}

void snug_optimizer_update(const snug_optimizer *optimizer, size_t first, size_t count,
                           const float *gradients, float *parameters) {
    float *moments[SNUG_MOMENTS_MAX] = {NULL};
    const snug_step_part *part = snug_step_parts_find(&optimizer->parts, first);
    for (size_t n; count > 0; part++) {
        n = part->end - first < count ? part->end - first : count;
        find_moments(optimizer, first, moments);
        kind_of(optimizer)->step(part->config, n, optimizer->t, part->rate, gradients,
                                 parameters + first, moments);
        first += n;
        gradients += n;
        count -= n;
    }
}
