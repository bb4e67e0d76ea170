/* Copies of models, and ensembles of them. */
#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "model/copy.h"
#include "model/ensemble.h"

/* ---- a single model -------------------------------------------------------------------------- */

static snug_status copy_metadata(const snug_model *from, snug_model *to) {
    to->metadata = from->metadata != NULL ? cJSON_Duplicate(from->metadata, true) : NULL;
    return from->metadata == NULL || to->metadata != NULL ? SNUG_OK
                                                          : snug_fail_memory(sizeof(cJSON));
}

static snug_status copy_postprocessing(const snug_model *from, snug_model *to) {
    if (from->postprocessing == NULL) {
        return SNUG_OK;
    }
    to->postprocessing = snug_postprocessing_copy(from->postprocessing);
    return to->postprocessing != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
}

/* Copies everything but the plan, which follows from the layers, into an empty model. */
static snug_status copy_into(snug_model *copy, const snug_model *model) {
    snug_status status = SNUG_OK;
    for (size_t i = 0; i < model->layers.count && status == SNUG_OK; i++) {
        status = snug_model_append(copy, snug_object_copy(model->layers.items[i]));
    }
    if (status == SNUG_OK && model->parameters != NULL) {
        status = snug_model_allocate(copy);
        if (status != SNUG_OK) {
            return status;
        }
        /* NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): just allocated */
        memcpy(copy->parameters, model->parameters, model->plan->parameters * sizeof(float));
        memcpy(copy->state, model->state, model->plan->state * sizeof(float));
        copy->fresh = model->fresh;
        copy->untrained = model->untrained;
    }
    if (status == SNUG_OK && model->loss != NULL) {
        copy->loss = snug_object_copy(model->loss);
        status = copy->loss != NULL ? SNUG_OK : snug_error_status();
    }
    if (status == SNUG_OK && model->preprocessing != NULL) {
        status = snug_model_set_preprocessing(copy, snug_preprocessing_copy(model->preprocessing));
    }
    if (status == SNUG_OK) {
        status = copy_postprocessing(model, copy);
    }
    return status == SNUG_OK ? copy_metadata(model, copy) : status;
}

static snug_model *copy_single(const snug_model *model) {
    snug_model *copy = snug_model_new(model->inputs);
    if (copy != NULL && copy_into(copy, model) == SNUG_OK) {
        return copy;
    }
    snug_model_free(copy);
    return NULL;
}

/* ---- several --------------------------------------------------------------------------------- */

/* Returns how many models the members are, where those of ensembles among them count one by one. */
static size_t count_models(const snug_model *const *members, size_t count) {
    size_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += snug_model_is_ensemble(members[i]) ? members[i]->member_count : 1;
    }
    return sum;
}

/* Appends a copy of a model, or of each member of an ensemble; fails for NULL. */
static snug_status copy_models(const snug_model *model, snug_model **copies, size_t *count) {
    if (model == NULL) {
        return snug_fail_not_constructed(SNUG_CONSTRUCTED_MODEL, "a member of the ensemble");
    }
    size_t models = snug_model_is_ensemble(model) ? model->member_count : 1;
    for (size_t i = 0; i < models; i++) {
        const snug_model *one = snug_model_is_ensemble(model) ? model->members[i] : model;
        copies[*count] = copy_single(one);
        if (copies[*count] == NULL) {
            return snug_error_status();
        }
        ++*count;
    }
    return SNUG_OK;
}

/* Returns an ensemble of copies; NULL on failure. */
static snug_model *copy_all(const snug_model *const *members, size_t count) {
    if (members == NULL || count == 0) {
        snug_fail(SNUG_ERROR_ARGUMENT, "an ensemble has at least one member (got none)");
        return NULL;
    }
    size_t models = count_models(members, count), copied = 0;
    snug_model **copies = snug_alloc(models, sizeof(snug_model *));
    snug_status status = copies != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
    for (size_t i = 0; i < count && status == SNUG_OK; i++) {
        status = copy_models(members[i], copies, &copied);
    }
    if (status == SNUG_OK) {
        return snug_ensemble_take(copies, models);
    }
    snug_ensemble_free_members(copies, copied);
    return NULL;
}

snug_model *snug_model_new_ensemble(snug_model *const *members, size_t count) {
    const snug_model *const *read = (const snug_model *const *)members;
    return snug_constructed(SNUG_CONSTRUCTED_MODEL, copy_all(read, count));
}

static snug_model *copy_ensemble(const snug_model *ensemble) {
    snug_model *copy = copy_all(&ensemble, 1);
    if (copy == NULL || (copy_postprocessing(ensemble, copy) == SNUG_OK &&
                         copy_metadata(ensemble, copy) == SNUG_OK)) {
        return copy;
    }
    snug_model_free(copy);
    return NULL;
}

snug_model *snug_model_copy(const snug_model *model) {
    return snug_model_is_ensemble(model) ? copy_ensemble(model) : copy_single(model);
}
