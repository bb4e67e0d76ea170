#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "math/vector.h"
#include "metrics/evaluate.h"
#include "model/data_check.h"
#include "model/data_match.h"
#include "model/ensemble.h"
#include "session/target_scaling.h"

#define BLOCK 256 /* rows: the same for any data, because GEMM gives other bits for other numbers */

/*
 * Loss and metrics are those of logits / temperature, where the margin between two classes shrinks
 * as the logits do.
 */
static snug_status start_calibration(snug_evaluator *evaluator) {
    const snug_model *model = evaluator->session->model;
    float sharpness = snug_model_sharpness(model);
    size_t floats;
    if (sharpness == 1.0F) {
        return SNUG_OK;
    }
    if (!snug_multiply(model->plan->outputs, BLOCK, &floats)) {
        return snug_fail_memory(model->plan->outputs);
    }
    evaluator->accumulator.decision.margin *= sharpness;
    evaluator->calibrated = snug_alloc(floats, sizeof *evaluator->calibrated);
    return evaluator->calibrated != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
}

snug_status snug_evaluator_start(snug_evaluator *evaluator, const snug_model *model,
                                 const snug_dataset *data, const snug_selection *selection,
                                 size_t threads) {
    snug_status status;
    *evaluator = (snug_evaluator){.session = snug_session_new_parallel(model, BLOCK, threads)};
    if (evaluator->session == NULL) {
        return snug_error_status();
    }
    status = snug_batches_start(&evaluator->batches, model, data, BLOCK);
    if (status == SNUG_OK) {
        status = snug_metric_accumulator_start(&evaluator->accumulator, model, selection,
                                               snug_dataset_row_count(data));
    }
    return status == SNUG_OK ? start_calibration(evaluator) : status;
}

void snug_evaluator_clear(snug_evaluator *evaluator) {
    snug_session_free(evaluator->session);
    snug_batches_clear(&evaluator->batches);
    snug_metric_accumulator_clear(&evaluator->accumulator);
    snug_release(evaluator->calibrated);
    evaluator->session = NULL;
    evaluator->calibrated = NULL;
}

snug_status snug_evaluator_run(snug_evaluator *evaluator, snug_metrics *metrics) {
    const snug_object *loss = evaluator->session->model->loss;
    snug_metric_accumulator *accumulator = &evaluator->accumulator;
    snug_metric_accumulator_reset(accumulator);
    for (size_t i = 0; i < evaluator->batches.data->count; i += BLOCK) {
        if (snug_batches_run(&evaluator->batches, evaluator->session, NULL, i, 0) != SNUG_OK) {
            return snug_error_status();
        }
        snug_session_unscale(evaluator->session, loss, &evaluator->batches.targets);
        snug_last_pass *last = &evaluator->session->last;
        if (evaluator->calibrated != NULL) {
            size_t n = last->rows * accumulator->outputs;
            memcpy(evaluator->calibrated, last->values, n * sizeof *evaluator->calibrated);
            snug_scale(n, snug_model_sharpness(evaluator->session->model), evaluator->calibrated);
            last->values = evaluator->calibrated;
        }
        snug_loss_sum sum =
            snug_loss_of(loss, last->rows, accumulator->outputs, last->values, &last->targets);
        snug_metric_accumulator_add(accumulator, last->rows, last->values, &last->targets, &sum);
    }
    snug_metric_accumulator_read(accumulator, 0, metrics);
    return SNUG_OK;
}

/* Checks that a model can be evaluated on data, which is matched with it. */
static snug_status check(const snug_model *model, const snug_dataset *data) {
    snug_status status = snug_data_check(model, NULL, data, "the data");
    return status == SNUG_OK
               ? snug_class_weights_check(model->loss, snug_dataset_class_count(data) > 0,
                                          snug_loss_classes(model->loss, model->plan->outputs))
               : status;
}

/* One evaluation of a model on data. */
typedef struct evaluation {
    const snug_model *model;
    snug_dataset *data; /* matched with the model; owned until finish() */
    snug_selection selection;
    size_t threads; /* 0: as many as the work repays */
} evaluation;

/*
 * Evaluates once. A confusion matrix that the selection asks for becomes the caller's, by
 * snug_metrics_clear().
 */
static snug_status evaluate_once(const evaluation *e, snug_metrics *metrics) {
    snug_evaluator evaluator;
    *metrics = (snug_metrics){0};
    snug_status status =
        snug_evaluator_start(&evaluator, e->model, e->data, &e->selection, e->threads);
    if (status == SNUG_OK) {
        status = snug_evaluator_run(&evaluator, metrics);
    }
    snug_class_stats *stats = evaluator.accumulator.stats;
    if (status == SNUG_OK && stats != NULL) {
        stats->confusion = NULL; /* *metrics has it */
    }
    snug_evaluator_clear(&evaluator);
    return status;
}

/* Matches the data with the model, checks both, and starts a selection for them, which is empty. */
static snug_status start(evaluation *e, const snug_model *model, const snug_dataset *data) {
    *e = (evaluation){.model = model};
    snug_status status = snug_model_check_weights(model);
    if (status == SNUG_OK) {
        status = snug_data_match(model, data, "the data", NULL, &e->data);
    }
    if (status == SNUG_OK) {
        status = check(model, e->data);
    }
    if (status == SNUG_OK) {
        e->selection = snug_selection_for(model, snug_dataset_class_count(e->data) > 0);
    }
    return status;
}

/* Evaluates, unless the selection has failed with `status`, and frees the data. */
static snug_status finish(evaluation *e, snug_status status, snug_metrics *metrics) {
    if (status == SNUG_OK) {
        status = metrics != NULL ? evaluate_once(e, metrics) : snug_fail_null("the metrics");
    }
    snug_dataset_free(e->data);
    return status;
}

snug_status snug_evaluate_also(const snug_model *model, const snug_dataset *data,
                               const char *const *names, size_t count, const char *also,
                               size_t threads, snug_metrics *metrics) {
    evaluation e;
    snug_status status = start(&e, model, data);
    e.threads = threads;
    if (status == SNUG_OK) {
        status = snug_select_names(&e.selection, names, count, "metrics");
    }
    if (status == SNUG_OK && also != NULL) {
        status = snug_select_name(&e.selection, also, "metric");
    }
    return finish(&e, status, metrics);
}

snug_status snug_evaluate_parallel(const snug_model *model, const snug_dataset *data,
                                   const char *const *names, size_t count, size_t threads,
                                   snug_metrics *metrics) {
    return snug_evaluate_also(model, data, names, count, NULL, threads, metrics);
}

snug_status snug_evaluate_metrics(const snug_model *model, const snug_dataset *data,
                                  const char *const *names, size_t count, snug_metrics *metrics) {
    return snug_evaluate_parallel(model, data, names, count, 0, metrics);
}

bool snug_model_has_loss(const snug_model *model) {
    return model != NULL && model->loss != NULL;
}

snug_status snug_evaluate(const snug_model *model, const snug_dataset *data,
                          snug_metrics *metrics) {
    evaluation e;
    snug_status status = start(&e, model, data);
    if (status == SNUG_OK) {
        snug_select(&e.selection, 0, SNUG_METRIC_ON_REQUEST);
    }
    if (status == SNUG_OK && snug_loss_quantiles(model->loss, NULL) > 1) {
        snug_select(&e.selection, SNUG_METRIC_OF_QUANTILES, 0);
    }
    return finish(&e, status, metrics);
}

snug_status snug_evaluate_confusion(const snug_model *model, const snug_dataset *data,
                                    snug_metrics *metrics) {
    evaluation e;
    snug_status status = start(&e, model, data);
    if (status == SNUG_OK) {
        snug_select(&e.selection, 0, SNUG_METRIC_ON_REQUEST);
        status = snug_select_name(&e.selection, "confusion_matrix", "metrics");
    }
    return finish(&e, status, metrics);
}

void snug_metrics_clear(snug_metrics *metrics) {
    if (metrics != NULL) {
        snug_release((void *)metrics->confusion);
        *metrics = (snug_metrics){0};
    }
}
