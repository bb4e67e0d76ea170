#include "core/memory.h"
#include "core/status.h"
#include "data/dataset.h"
#include "experiment/start.h"
#include "files/file.h"
#include "model/data_match.h"
#include "model_file/start.h"

/* Puts the field and the file in front of an error message; that of missing memory stays. */
static snug_status fail_in_start(const snug_experiment *e) {
    return snug_error_status() == SNUG_ERROR_MEMORY
               ? SNUG_ERROR_MEMORY
               : snug_fail_in("%s: train.start_from: %s", e->name, e->train.start_from);
}

snug_status snug_experiment_load_start(const snug_experiment *e, snug_model **from) {
    *from = NULL;
    if (e->train.start_from == NULL) {
        return SNUG_OK;
    }
    char *path = snug_path_beside(e->path, e->train.start_from);
    *from = path != NULL ? snug_model_load(path) : NULL;
    snug_release(path);
    if (*from != NULL) {
        return SNUG_OK;
    }
    return snug_error_status() == SNUG_ERROR_MEMORY ? SNUG_ERROR_MEMORY
                                                    : snug_fail_in("%s: train.start_from", e->name);
}

/* Replaces a dataset by its rows as the model takes them. */
static snug_status match(const snug_model *from, snug_dataset **part) {
    snug_dataset *matched;
    snug_status status = snug_data_match(from, *part, "the data", NULL, &matched);
    if (status == SNUG_OK) {
        snug_dataset_free(*part);
        *part = matched;
    }
    return status;
}

snug_status snug_experiment_match_start(const snug_experiment *e, snug_dataset **parts[],
                                        size_t count) {
    snug_model *from;
    snug_status status = snug_experiment_load_start(e, &from);
    if (from == NULL) {
        return status;
    }
    for (size_t i = 0; i < count && status == SNUG_OK; i++) {
        if (*parts[i] != NULL && match(from, parts[i]) != SNUG_OK) {
            status = fail_in_start(e);
        }
    }
    snug_model_free(from);
    return status;
}

snug_status snug_experiment_prepare_start(const snug_experiment *e, snug_model *model) {
    snug_model *from;
    snug_start_report report;
    snug_status status = snug_experiment_load_start(e, &from);
    if (from == NULL) {
        return status;
    }
    if (snug_start_compare(model, from, &report) != SNUG_OK ||
        snug_start_take_preprocessing(model, from) != SNUG_OK) {
        status = fail_in_start(e);
    } else {
        snug_start_log(&report, e->name, e->train.start_from);
    }
    snug_model_free(from);
    return status;
}

snug_status snug_experiment_start_model(const snug_experiment *e, snug_model *model,
                                        uint64_t seed) {
    snug_model *from;
    snug_status status = snug_experiment_load_start(e, &from);
    if (from != NULL && snug_model_start_from(model, from, seed) != SNUG_OK) {
        status = fail_in_start(e);
    }
    snug_model_free(from);
    return status;
}
