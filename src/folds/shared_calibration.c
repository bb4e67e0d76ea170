#include "calibration/logit_rows.h"
#include "core/status.h"
#include "folds/shared_calibration.h"
#include "folds/training.h"
#include "model/data_match.h"
#include "model/model.h"

/* ---- giving it to models --------------------------------------------------------------------- */

snug_status snug_shared_calibration_apply(const snug_shared_calibration *shared,
                                          snug_model *model) {
    if (shared->temperature != 1) {
        snug_postprocessing *own = snug_model_need_postprocessing(model);
        if (own == NULL) {
            return SNUG_ERROR_MEMORY;
        }
        own->temperature = shared->temperature;
    }
    return snug_calibration_set_threshold(model, shared->threshold);
}

/* ---- fitting --------------------------------------------------------------------------------- */

static snug_status append_fold(const snug_folds_run *run, const snug_fold_training *member,
                               snug_logit_rows *rows) {
    snug_dataset *fold = snug_fold_rows(run, member), *matched = NULL;
    snug_status status = fold != NULL
                             ? snug_data_match(member->model, fold, "the data", NULL, &matched)
                             : snug_error_status();
    if (status == SNUG_OK) {
        status = snug_logit_rows_append(rows, member->model, matched);
    }
    snug_dataset_free(matched);
    snug_dataset_free(fold);
    return status;
}

/* Appends the logits of all folds whose members are finished, and sets *first to one of these. */
static snug_status collect(const snug_folds_run *run, snug_logit_rows *rows, snug_model **first) {
    const snug_folds *folds = run->folds;
    snug_status status =
        snug_logit_rows_make(rows, folds->row_count * folds->seed_count, folds->outputs);
    for (size_t i = 0; i < snug_folds_member_count(folds) && status == SNUG_OK; i++) {
        const snug_fold_training *member = &folds->members[i];
        if (member->result.finished) {
            *first = *first == NULL ? member->model : *first;
            status = append_fold(run, member, rows);
        }
    }
    return status;
}

/* Fits to one of the members, whose logits are like those of the others; *shared has the result. */
static snug_status fit(snug_folds_run *run, snug_shared_calibration *shared) {
    snug_logit_rows rows;
    snug_model *first = NULL;
    snug_status status = collect(run, &rows, &first);
    if (status == SNUG_OK && first != NULL) {
        const snug_logits logits = snug_logit_rows_view(&rows);
        status = snug_calibrate_logits(first, &logits, &run->calibration, &run->folds->warnings);
        shared->temperature = snug_model_temperature(first);
        shared->threshold = snug_model_threshold(first);
    }
    snug_logit_rows_clear(&rows);
    return status;
}

snug_status snug_folds_calibrate(snug_folds_run *run, snug_shared_calibration *shared) {
    *shared = (snug_shared_calibration){.temperature = 1, .threshold = 0.5};
    if (!snug_calibrates(&run->calibration)) {
        return SNUG_OK;
    }
    snug_status status = fit(run, shared);
    for (size_t i = 0; i < snug_folds_member_count(run->folds) && status == SNUG_OK; i++) {
        snug_fold_training *member = &run->folds->members[i];
        if (member->result.finished) {
            status = snug_shared_calibration_apply(shared, member->model);
            status = status == SNUG_OK ? snug_fold_evaluate(run, member) : status;
        }
    }
    return status;
}
