#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "metrics/evaluate.h"
#include "model/data_check.h"

#define BLOCK 256 /* rows: the same for any data, because GEMM gives other bits for other numbers */

snug_status snug_evaluator_start(snug_evaluator *judge, const snug_model *model,
                                 const snug_dataset *data, const snug_selection *selection,
                                 size_t threads) {
    snug_status status;
    *judge = (snug_evaluator){.session = snug_session_new_parallel(model, BLOCK, threads)};
    if (judge->session == NULL) {
        return snug_error_status();
    }
    status = snug_batches_start(&judge->batches, model, data, BLOCK);
    if (status == SNUG_OK) {
        status = snug_metric_accumulator_start(&judge->tally, model, selection,
                                               snug_dataset_row_count(data));
    }
    return status;
}

void snug_evaluator_clear(snug_evaluator *judge) {
    snug_session_free(judge->session);
    snug_batches_clear(&judge->batches);
    snug_metric_accumulator_clear(&judge->tally);
    judge->session = NULL;
}

/*
 * Adds a block's decisions, from the outputs of the last layer; there are `classes` or fewer of
 * them.
 */
static void count_decisions(const snug_evaluator *judge, const float *z, size_t rows,
                            size_t classes, size_t *counts) {
    const snug_metric_accumulator *tally = &judge->tally;
    size_t decisions = snug_loss_classes(tally->loss, tally->outputs);
    for (size_t i = 0; i < rows; i++) {
        size_t decided = snug_predicted_class(decisions, tally->outputs, z + i * tally->outputs);
        counts[(size_t)judge->batches.classes[i] * classes + decided]++;
    }
}

snug_status snug_evaluator_run(snug_evaluator *judge, snug_metrics *metrics, size_t classes,
                               size_t *counts) {
    const snug_object *loss = judge->session->model->loss;
    snug_metric_accumulator *tally = &judge->tally;
    snug_metric_accumulator_reset(tally);
    for (size_t i = 0; i < judge->batches.data->count; i += BLOCK) {
        const float *z;
        if (snug_batches_run(&judge->batches, judge->session, NULL, i, 0, &z) != SNUG_OK) {
            return snug_error_status();
        }
        size_t rows = judge->batches.rows;
        snug_loss_sum sum = snug_loss_of(loss, rows, tally->outputs, z, &judge->batches.targets);
        snug_metric_accumulator_add(tally, rows, z, &judge->batches.targets, &sum);
        if (counts != NULL) {
            count_decisions(judge, z, rows, classes, counts);
        }
    }
    snug_metric_accumulator_read(tally, 0, metrics);
    return SNUG_OK;
}

/* Whether a model can be judged on data. */
static snug_status check(const snug_model *model, const snug_dataset *data) {
    snug_status status = snug_model_check(model);
    if (status == SNUG_OK) {
        status = snug_data_check(model, NULL, data, "the data");
    }
    if (status == SNUG_OK) {
        status = snug_class_weights_check(model->loss, snug_dataset_class_count(data) > 0,
                                          snug_loss_classes(model->loss, model->plan->outputs));
    }
    return status;
}

static snug_status judge_once(const snug_model *model, const snug_dataset *data,
                              const snug_selection *selection, snug_metrics *metrics,
                              size_t classes, size_t *counts) {
    snug_evaluator judge;
    snug_status status = snug_evaluator_start(&judge, model, data, selection, 0);
    if (status == SNUG_OK) {
        status = snug_evaluator_run(&judge, metrics, classes, counts);
    }
    snug_evaluator_clear(&judge);
    metrics->confusion = NULL; /* it went with the judge: see snug_confusion() */
    return status;
}

snug_status snug_evaluate_metrics(const snug_model *model, const snug_dataset *data,
                                  const char *const *names, size_t count, snug_metrics *metrics) {
    snug_status status = check(model, data);
    if (status != SNUG_OK) {
        return status;
    }
    snug_selection selection = snug_selection_for(model, snug_dataset_class_count(data) > 0);
    status = snug_select_names(&selection, names, count, "metrics");
    return status == SNUG_OK ? judge_once(model, data, &selection, metrics, 0, NULL) : status;
}

snug_status snug_evaluate(const snug_model *model, const snug_dataset *data,
                          snug_metrics *metrics) {
    snug_status status = check(model, data);
    if (status != SNUG_OK) {
        return status;
    }
    snug_selection selection = snug_selection_for(model, snug_dataset_class_count(data) > 0);
    snug_select(&selection, 0, SNUG_METRIC_ON_REQUEST);
    return judge_once(model, data, &selection, metrics, 0, NULL);
}

snug_status snug_confusion(const snug_model *model, const snug_dataset *data, size_t classes,
                           size_t *counts) {
    snug_metrics ignored;
    snug_status status;
    if (data != NULL &&
        (snug_dataset_class_count(data) == 0 || classes < snug_dataset_class_count(data))) {
        return snug_fail(SNUG_ERROR_ARGUMENT,
                         "a confusion matrix of %zu classes does not fit data that has %zu",
                         classes, snug_dataset_class_count(data));
    }
    status = check(model, data);
    if (status != SNUG_OK) {
        return status;
    }
    if (classes < snug_loss_classes(model->loss, model->plan->outputs)) {
        return snug_fail(SNUG_ERROR_ARGUMENT,
                         "a confusion matrix of %zu classes does not fit a model that has %zu",
                         classes, snug_loss_classes(model->loss, model->plan->outputs));
    }
    memset(counts, 0, classes * classes * sizeof *counts);
    snug_selection selection = snug_selection_for(model, true);
    return judge_once(model, data, &selection, &ignored, classes, counts);
}
