#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "init/linear_fit.h"
#include "layers/member_fit.h"

/* Returns the row of x that a member has of a sample; before the ensemble all have the same. */
static const float *member_row(const snug_layer_fit *fit, size_t sample, size_t member) {
    size_t members = fit->shape->members;
    return fit->x + (sample * members + (members > 1 ? member : 0)) * fit->shape->inputs;
}

/* Sets x, fit->rows x inputs, to the rows of one member. */
static void copy_member(const snug_layer_fit *fit, size_t member, float *x) {
    size_t inputs = fit->shape->inputs;
    for (size_t i = 0; i < fit->rows; i++) {
        memcpy(x + i * inputs, member_row(fit, i, member), inputs * sizeof *x);
    }
}

/* Sets row i of x to that of member i mod k, scaled by its r: a mixture of all members. */
static void mix_members(const snug_member_fit *maps, const snug_layer_fit *fit, float *x) {
    size_t inputs = fit->shape->inputs;
    for (size_t i = 0; i < fit->rows; i++, x += inputs) {
        size_t member = i % maps->members;
        const float *row = member_row(fit, i, member), *scale = maps->scale + member * inputs;
        for (size_t j = 0; j < inputs; j++) {
            x[j] = row[j] * scale[j];
        }
    }
}

/* Returns the biases of a member, or NULL. */
static float *biases_of(const snug_member_fit *maps, size_t member, size_t outputs) {
    return maps->biases != NULL ? maps->biases + member * outputs : NULL;
}

/* Fits the map of each member to the member's rows. */
static snug_status fit_each(const snug_member_fit *maps, const snug_layer_fit *fit, float *x) {
    size_t inputs = fit->shape->inputs, outputs = fit->shape->outputs;
    snug_linear_data data = {fit->rows, inputs, outputs, x, fit->random};
    snug_status status = SNUG_OK;
    for (size_t m = 0; m < maps->members && status == SNUG_OK; m++) {
        copy_member(fit, m, x);
        data.random.step = (uint32_t)m;
        status = snug_fit_linear(&data, maps->weight_init, maps->weight + m * inputs * outputs,
                                 maps->bias_init, biases_of(maps, m, outputs));
    }
    return status;
}

/* Fits the one W, and then the biases of each member. */
static snug_status fit_shared(const snug_member_fit *maps, const snug_layer_fit *fit, float *x) {
    size_t outputs = fit->shape->outputs;
    snug_linear_data data = {fit->rows, fit->shape->inputs, outputs, x, fit->random};
    mix_members(maps, fit, x);
    snug_status status = snug_fit_linear(&data, maps->weight_init, maps->weight, NULL, NULL);
    for (size_t m = 0; m < maps->members && maps->biases != NULL && status == SNUG_OK; m++) {
        data.random.step = (uint32_t)m;
        status = snug_fit_linear(&data, NULL, maps->weight, maps->bias_init,
                                 biases_of(maps, m, outputs));
    }
    return status;
}

snug_status snug_fit_members(const snug_member_fit *maps, const snug_layer_fit *fit) {
    size_t count;
    if (!snug_multiply(fit->rows, fit->shape->inputs, &count)) {
        return snug_fail_memory(SIZE_MAX);
    }
    float *x = snug_alloc(count, sizeof *x);
    if (x == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    snug_status status = maps->scale != NULL ? fit_shared(maps, fit, x) : fit_each(maps, fit, x);
    snug_release(x);
    return status;
}
