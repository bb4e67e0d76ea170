#include "core/status.h"
#include "data/dataset_match.h"
#include "model/data_match.h"

snug_status snug_data_match(const snug_model *model, const snug_dataset *data, const char *what,
                            snug_warnings *warnings, snug_dataset **matched) {
    *matched = NULL;
    if (data == NULL) {
        return snug_fail_not_constructed(SNUG_CONSTRUCTED_DATASET, what);
    }
    if (model->preprocessing == NULL) {
        *matched = snug_dataset_share(data);
        return *matched != NULL ? SNUG_OK : snug_error_status();
    }
    return snug_dataset_match(data, what, model->preprocessing->table, "the model", warnings,
                              matched);
}

/* Completes options with what the model knows of its data. */
static void complete(snug_data_options *options, const snug_model *model) {
    options->table.like = snug_model_preprocessing(model);
    if (options->table.task != SNUG_TASK_NONE) {
        options->table.task = snug_model_task(model);
    }
}

snug_dataset *snug_dataset_read_for(const snug_model *model, const char *path,
                                    const snug_data_options *options) {
    snug_data_options completed = options != NULL ? *options : (snug_data_options){0};
    if (model == NULL) {
        snug_fail_not_constructed(SNUG_CONSTRUCTED_MODEL, "the model");
        return snug_constructed(SNUG_CONSTRUCTED_DATASET, NULL);
    }
    complete(&completed, model);
    return snug_dataset_read(path, &completed);
}
