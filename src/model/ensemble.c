/* Making an ensemble of models that fit together. */
#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "json/json_build.h"
#include "model/ensemble.h"
#include "model/targets.h"

bool snug_model_is_ensemble(const snug_model *model) {
    return model != NULL && model->member_count > 0;
}

snug_status snug_model_check_weights(const snug_model *model) {
    return snug_model_is_ensemble(model) ? SNUG_OK : snug_model_check(model);
}

/* ---- whether members fit together ------------------------------------------------------------ */

static cJSON *schema_json(const snug_model *model) {
    bool failed = false;
    cJSON *json = snug_json_object(NULL, NULL, &failed);
    if (!failed) {
        snug_json_members_write(snug_table_schema_members, model->preprocessing->table, json,
                                &failed);
    }
    if (!failed) {
        return json;
    }
    cJSON_Delete(json);
    return NULL;
}

/* Fails where the tables that two models were trained on differ, but for their rows. */
static snug_status check_schema(const snug_model *first, const snug_model *other, size_t index) {
    bool same = first->preprocessing == NULL && other->preprocessing == NULL;
    if (first->preprocessing != NULL && other->preprocessing != NULL) {
        cJSON *a = schema_json(first), *b = a != NULL ? schema_json(other) : NULL;
        bool failed = a == NULL || b == NULL;
        same = !failed && cJSON_Compare(a, b, true);
        cJSON_Delete(a);
        cJSON_Delete(b);
        if (failed) {
            return snug_error_status();
        }
    }
    return same ? SNUG_OK
                : snug_fail(SNUG_ERROR_CONFIG,
                            "member %zu of the ensemble: was trained on another table than member "
                            "0: columns, categories, classes and targets must be the same",
                            index);
}

static snug_status check_sizes(const snug_model *first, const snug_model *other, size_t index) {
    size_t outputs = first->plan->outputs;
    if (other->inputs != first->inputs || other->plan->outputs != outputs) {
        return snug_fail(SNUG_ERROR_CONFIG,
                         "member %zu of the ensemble: has %zu inputs and %zu outputs where member "
                         "0 has %zu and %zu",
                         index, other->inputs, other->plan->outputs, first->inputs, outputs);
    }
    return SNUG_OK;
}

/* The mean has a meaning where all members predict the same: probabilities, or values. */
static snug_status check_output(const snug_model *first, const snug_model *other, size_t index) {
    const snug_activation_kind *a = snug_model_output(first), *b = snug_model_output(other);
    if (a == NULL || b == NULL) {
        return snug_error_status();
    }
    if (a != b) {
        return snug_fail(SNUG_ERROR_CONFIG,
                         "member %zu of the ensemble: has the output function %s where member 0 "
                         "has %s",
                         index, b->base.name, a->base.name);
    }
    if (a->inverse == NULL) {
        return snug_fail(SNUG_ERROR_CONFIG,
                         "the output function %s has no inverse, which evaluating the mean of an "
                         "ensemble needs",
                         a->base.name);
    }
    return SNUG_OK;
}

static snug_status check_member(snug_model *const *members, size_t index) {
    const snug_model *first = members[0], *other = members[index];
    snug_status status = snug_model_check(other);
    if (status != SNUG_OK) {
        return snug_fail_in("member %zu of the ensemble", index);
    }
    status = check_sizes(first, other, index);
    if (status == SNUG_OK) {
        status = check_output(first, other, index);
    }
    return status == SNUG_OK ? check_schema(first, other, index) : status;
}

/* ---- making ---------------------------------------------------------------------------------- */

/* Gives the ensemble the loss and the preprocessing of its first member, whose values it has. */
static snug_status copy_first(snug_model *ensemble, const snug_model *first) {
    if (first->loss != NULL &&
        snug_model_replace_loss(ensemble, snug_object_copy(first->loss)) != SNUG_OK) {
        return snug_error_status();
    }
    if (first->preprocessing == NULL) {
        return SNUG_OK;
    }
    snug_preprocessing *copy = snug_preprocessing_copy(first->preprocessing);
    if (copy != NULL) {
        snug_target_scaler_free(copy->target_scaler);
        copy->target_scaler = NULL;
    }
    return snug_model_set_preprocessing(ensemble, copy);
}

/* Completes an ensemble that has its members. */
static snug_status complete(snug_model *ensemble) {
    for (size_t i = 0; i < ensemble->member_count; i++) {
        if (check_member(ensemble->members, i) != SNUG_OK) {
            return snug_error_status();
        }
        ensemble->plan->trainable += ensemble->members[i]->plan->trainable;
    }
    ensemble->plan->outputs = ensemble->members[0]->plan->outputs;
    return copy_first(ensemble, ensemble->members[0]);
}

void snug_ensemble_free_members(snug_model **members, size_t count) {
    for (size_t i = 0; members != NULL && i < count; i++) {
        snug_model_free(members[i]);
    }
    snug_release(members);
}

/* Makes an ensemble that has no members yet. NULL on failure, as where the first one is NULL. */
static snug_model *new_for(const snug_model *first) {
    if (first == NULL) {
        snug_model_check(first);
        snug_fail_in("member 0 of the ensemble");
        return NULL;
    }
    return snug_model_new(first->inputs);
}

snug_model *snug_ensemble_take(snug_model **members, size_t count) {
    snug_model *ensemble = new_for(members[0]);
    if (ensemble == NULL) {
        snug_ensemble_free_members(members, count);
        return NULL;
    }
    ensemble->members = members;
    ensemble->member_count = count;
    if (complete(ensemble) == SNUG_OK) {
        return ensemble;
    }
    snug_model_free(ensemble);
    return NULL;
}

/* ---- looking --------------------------------------------------------------------------------- */

size_t snug_model_member_count(const snug_model *model) {
    return model != NULL ? model->member_count : 0;
}

const snug_model *snug_model_member(const snug_model *model, size_t i) {
    return i < snug_model_member_count(model) ? model->members[i] : NULL;
}
