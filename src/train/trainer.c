#include "calibration/calibration.h"
#include "core/memory.h"
#include "core/status.h"
#include "data/content_warnings.h"
#include "data_init/fit_layers.h"
#include "kinds/handles.h"
#include "model/data_check.h"
#include "model/data_match.h"
#include "model/targets.h"
#include "optim/optimizer.h"
#include "schema/table_schema.h"
#include "train/fit_check.h"
#include "train/fit_options.h"
#include "train/fit_scaler.h"
#include "train/history.h"
#include "train/trainer.h"

/* ---- loss, optimizer, schedule --------------------------------------------------------------- */

/* Takes over the optimizer of the options, or makes the default where there is none. */
static snug_status take_optimizer(snug_trainer *t, snug_status status) {
    snug_optimizer *optimizer = t->options->optimizer;
    if (status != SNUG_OK) {
        snug_optimizer_free(optimizer);
        return status;
    }
    if (optimizer == NULL) {
        optimizer = snug_optimizer_new(SNUG_DEFAULT_OPTIMIZER);
    }
    status = snug_handle_take((snug_handle *)optimizer, SNUG_GROUP_OPTIMIZER,
                              "the optimizer of the options");
    t->optimizer = status == SNUG_OK ? optimizer : NULL;
    if (status == SNUG_OK) {
        snug_optimizer_decay_biases(optimizer, !t->options->keep_biases);
    }
    return status;
}

snug_status snug_trainer_take_handles(snug_trainer *t) {
    const snug_fit_options *o = t->options;
    snug_status status = snug_handle_take_optional((snug_handle *)o->loss, SNUG_GROUP_LOSS,
                                                   "the loss of the options", SNUG_OK, &t->loss);
    status = take_optimizer(t, status);
    status = snug_handle_take_optional((snug_handle *)o->schedule, SNUG_GROUP_SCHEDULE,
                                       "the schedule of the options", status,
                                       &t->schedules.rate.schedule);
    return snug_handle_take_optional((snug_handle *)o->weight_decay_schedule, SNUG_GROUP_SCHEDULE,
                                     "the weight_decay_schedule of the options", status,
                                     &t->schedules.decay.schedule);
}

/* Gives the model the loss of the options; if none, its own stays, or it gets one for its data. */
static snug_status set_loss(snug_trainer *t, const snug_dataset *data) {
    snug_object *loss = t->loss;
    t->loss = NULL;
    if (loss != NULL) {
        return snug_model_replace_loss(t->model, loss);
    }
    if (t->model->loss != NULL) {
        return SNUG_OK;
    }
    return snug_model_set_loss(
        t->model, snug_dataset_class_count(data) > 0 ? snug_softmax_cross_entropy() : snug_mse());
}

/* Computes the class weights of the loss where they are "balanced", and checks them. */
static snug_status set_class_weights(snug_trainer *t) {
    snug_object *loss = t->model->loss;
    size_t classes = snug_model_output_classes(t->model);
    snug_status status = snug_class_weights_balance(loss, t->data.train, classes);
    if (status != SNUG_OK) {
        return status;
    }
    return snug_class_weights_check(loss, snug_dataset_class_count(t->data.train) > 0, classes);
}

/* ---- data ------------------------------------------------------------------------------------ */

/* Takes the caller's validation data, matched by names with the model or the training data. */
static snug_status take_validation(snug_trainer *t, const snug_dataset *data) {
    const char *what = "the validation data";
    const snug_dataset *given = t->options->validation_data;
    snug_warnings *warnings = snug_history_warnings(t->metrics.history);
    snug_dataset **validation = &t->data.validation;
    snug_status status = t->model->preprocessing != NULL
                             ? snug_data_match(t->model, given, what, warnings, validation)
                             : snug_dataset_match(given, what, data->storage->table,
                                                  "the training data", warnings, validation);
    return status == SNUG_OK ? snug_data_check(t->model, NULL, *validation, what) : status;
}

/* Splits the validation rows off the data, by a share. */
static snug_status split(snug_trainer *t, const snug_dataset *data) {
    snug_training_data *d = &t->data;
    snug_status status = snug_dataset_split(data, t->options->validation, t->options->seed,
                                            &d->train, &d->validation);
    if (status == SNUG_OK) {
        status = snug_weights_check(d->train, "the training rows");
    }
    return status == SNUG_OK ? snug_weights_check(d->validation, "the validation rows") : status;
}

/* Sets the training and the validation rows, and leaves training rows without weight out. */
static snug_status select_rows(snug_trainer *t, const snug_dataset *data) {
    snug_status status;
    if (t->options->validation > 0.0) {
        status = split(t, data);
    } else {
        t->data.train = snug_dataset_share(data);
        status = t->data.train != NULL ? SNUG_OK : snug_error_status();
        if (status == SNUG_OK && t->options->validation_data != NULL) {
            status = take_validation(t, data);
        }
    }
    return status == SNUG_OK ? snug_skip_zero_weights(&t->data.train) : status;
}

/*
 * Names classes that are known as numbers only. Data without names has as many classes as its
 * largest number; the model's outputs may be more, and get their numbers as names.
 */
static snug_status name_classes(snug_trainer *t) {
    snug_table_schema *table = t->model->preprocessing->table;
    size_t classes = snug_model_output_classes(t->model);
    size_t known = table->classes.count;
    if (known == 0 || known >= classes) {
        return SNUG_OK;
    }
    snug_status status = snug_warn(
        snug_history_warnings(t->metrics.history),
        "the data has the classes 0 to %zu where the model's outputs are the classes 0 to "
        "%zu: no row trains the others",
        known - 1, classes - 1);
    return status == SNUG_OK ? snug_table_schema_number_classes(table, classes) : status;
}

/* Warns of what the training rows hold that the caller may not know. */
static snug_status warn_of_content(snug_trainer *t) {
    snug_warnings *warnings = snug_history_warnings(t->metrics.history);
    snug_status status = snug_warn_of_constant_columns(t->data.train, warnings);
    if (status == SNUG_OK) {
        status = snug_warn_of_constant_targets(t->data.train, warnings);
    }
    return status == SNUG_OK
               ? snug_warn_of_rare_classes(t->data.train, t->model->preprocessing->table, warnings)
               : status;
}

static snug_status make_order(snug_training_data *d) {
    size_t rows = snug_dataset_row_count(d->train);
    d->order = snug_alloc(rows, sizeof *d->order);
    if (d->order == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    for (size_t i = 0; i < rows; i++) {
        d->order[i] = i;
    }
    return SNUG_OK;
}

/* ---- buffers --------------------------------------------------------------------------------- */

/* Counts batches and steps. An optimizer of full batches makes one step an epoch. */
static void count_steps(snug_trainer *t, size_t batch_size) {
    snug_training_progress *p = &t->progress;
    size_t rows = snug_dataset_row_count(t->data.train);
    p->epochs = t->options->epochs;
    p->batches_per_epoch = (rows + batch_size - 1) / batch_size;
    p->batches_per_step = t->options->accumulate;
    size_t steps = (p->batches_per_epoch - 1) / p->batches_per_step + 1;
    if (snug_optimizer_iterates(t->optimizer)) {
        steps = 1;
    }
    t->schedules.time.steps_an_epoch = steps;
    t->schedules.time.steps = (uint64_t)p->epochs * steps;
}

static snug_status select_metrics(snug_trainer *t) {
    const snug_fit_options *o = t->options;
    snug_selection *selection = &t->metrics.selection;
    *selection = snug_selection_for(t->model, snug_dataset_class_count(t->data.train) > 0);
    snug_status status = snug_select_names(selection, o->metrics, o->metric_count, "metrics");
    if (status == SNUG_OK && o->early_stopping.patience > 0) {
        status = snug_select_name(selection, o->early_stopping.metric, "early_stopping.metric");
    }
    return status;
}

static snug_status start_metrics(snug_trainer *t) {
    snug_training_metrics *m = &t->metrics;
    const snug_dataset *validation = t->data.validation;
    snug_status status = select_metrics(t);
    if (status == SNUG_OK) {
        status = snug_metric_accumulator_start(&m->accumulator, t->model, &m->selection,
                                               snug_dataset_row_count(t->data.train));
    }
    if (status == SNUG_OK && validation != NULL) {
        status = snug_evaluator_start(&m->evaluator, t->model, validation, &m->selection,
                                      t->options->threads);
    }
    if (status == SNUG_OK) {
        status = snug_early_stopping_start(&m->early_stopping, &t->options->early_stopping,
                                           t->model, m->selection.targets, validation != NULL);
    }
    return status;
}

/* Makes what inspects the layers, for a callback that wants it. */
static snug_status start_inspector(snug_trainer *t) {
    const snug_fit_options *o = t->options;
    const snug_inspect_options options = {.rows = o->inspect.rows,
                                          .threads = o->threads,
                                          .no_gradients = o->inspect.no_gradients,
                                          .seed = o->seed};
    if (o->inspect.every == 0 || o->callback == NULL) {
        return SNUG_OK;
    }
    t->metrics.inspector = snug_inspector_new(t->model, t->data.train, &options);
    return t->metrics.inspector != NULL ? SNUG_OK : snug_error_status();
}

static snug_status start_step(snug_trainer *t) {
    const snug_fit_options *o = t->options;
    t->step = (snug_train_step){.session = t->session,
                                .model = t->model,
                                .optimizer = t->optimizer,
                                .clip_norm = o->clip_norm,
                                .clip_value = o->clip_value};
    if (o->ema > 0) {
        t->step.ema = snug_ema_new(t->model, o->ema);
        if (t->step.ema == NULL) {
            return snug_error_status();
        }
    }
    bool accumulates = t->progress.batches_per_step > 1 || snug_optimizer_iterates(t->optimizer);
    snug_status status = snug_session_accumulate(t->session, accumulates);
    return status == SNUG_OK ? snug_train_step_start(&t->step) : status;
}

static snug_status make_buffers(snug_trainer *t) {
    size_t batch_size = t->options->batch_size, rows = snug_dataset_row_count(t->data.train);
    batch_size = batch_size < rows ? batch_size : rows;
    count_steps(t, batch_size);
    t->session =
        snug_session_new_with(t->model, batch_size, true, t->options->seed, t->options->threads);
    if (t->session == NULL) {
        return snug_error_status();
    }
    snug_status status = make_order(&t->data);
    if (status == SNUG_OK) {
        status = snug_batches_start(&t->data.batches, t->model, t->data.train, batch_size);
    }
    if (status == SNUG_OK) {
        status = start_metrics(t);
    }
    if (status == SNUG_OK) {
        status = start_inspector(t);
    }
    return status == SNUG_OK ? start_step(t) : status;
}

/* ---- start and end --------------------------------------------------------------------------- */

/* The history keeps the warnings from here on. */
static snug_status start_history(snug_trainer *t) {
    t->metrics.history = snug_history_new();
    if (t->metrics.history == NULL) {
        return snug_error_status();
    }
    snug_history_warnings(t->metrics.history)->strict = t->options->strict;
    return SNUG_OK;
}

/*
 * Warns of targets that look like classes where the loss takes values, or the other way round. Of
 * classes that were read from a file reading it has warned: they are looked at in arrays alone.
 */
static snug_status warn_of_targets(const snug_trainer *t, const snug_dataset *data) {
    const snug_loss_kind *loss = (const snug_loss_kind *)(const void *)t->model->loss->kind;
    snug_warnings *warnings = snug_history_warnings(t->metrics.history);
    size_t classes = snug_dataset_class_count(data);
    if (classes > 0 && !data->storage->owned) {
        return snug_warn_of_many_classes(warnings, "the data", classes, data->count, false);
    }
    if (classes == 0 && !(loss->targets & SNUG_TARGET_CLASSES)) {
        return snug_warn_of_two_values(data, loss->base.name, warnings);
    }
    return SNUG_OK;
}

/* Sets the loss, checks the data, which is matched with the model, and takes its rows. */
static snug_status take_data(snug_trainer *t, const snug_dataset *data) {
    snug_status status = set_loss(t, data);
    if (status == SNUG_OK) {
        status = snug_training_data_check(t->model, NULL, data, "the data");
    }
    if (status == SNUG_OK) {
        status = warn_of_targets(t, data);
    }
    return status == SNUG_OK ? select_rows(t, data) : status;
}

/* Checks options and data, before the model gets anything but its loss. */
static snug_status check(snug_trainer *t, const snug_dataset *data) {
    snug_dataset *matched = NULL;
    snug_status status = snug_fit_check_options(t->options);
    if (status == SNUG_OK && t->schedules.decay.schedule != NULL &&
        !snug_optimizer_decays(t->optimizer)) {
        status = snug_fail(SNUG_ERROR_ARGUMENT,
                           "weight_decay_schedule: is for optimizers that have a weight_decay, "
                           "which the one that is chosen lacks");
    }
    if (status == SNUG_OK) {
        status = snug_data_match(t->model, data, "the data",
                                 snug_history_warnings(t->metrics.history), &matched);
    }
    if (status == SNUG_OK) {
        status = take_data(t, matched);
    }
    snug_dataset_free(matched);
    return status;
}

static snug_calibration_options calibration_options(const snug_trainer *t) {
    return (snug_calibration_options){t->options->calibration, t->options->threshold_metric};
}

/* Checks what is to be calibrated after training, and drops what the model has of it. */
static snug_status check_calibration(snug_trainer *t) {
    const snug_calibration_options options = calibration_options(t);
    bool calibrates = options.calibration != NULL || options.threshold_metric != NULL;
    if (calibrates && t->data.validation == NULL) {
        return snug_fail(
            SNUG_ERROR_ARGUMENT,
            "%s: needs validation rows, which it is fitted on: a share of the data, or "
            "data of their own",
            options.calibration != NULL ? "calibration" : "threshold_metric");
    }
    snug_status status = snug_calibration_check(t->model, &options);
    if (status == SNUG_OK) {
        snug_calibration_clear(t->model);
    }
    return status;
}

snug_status snug_trainer_calibrate(snug_trainer *t) {
    const snug_calibration_options options = calibration_options(t);
    return t->data.validation == NULL
               ? SNUG_OK
               : snug_calibrate_data(t->model, t->data.validation, &options,
                                     snug_history_warnings(t->metrics.history));
}

snug_status snug_trainer_start(snug_trainer *t, const snug_dataset *data) {
    snug_status status = start_history(t);
    if (status == SNUG_OK) {
        status = check(t, data);
    }
    if (status == SNUG_OK) {
        status = snug_fit_check_rows(t->model, t->options->batch_size,
                                     snug_dataset_row_count(t->data.train));
    }
    if (status == SNUG_OK) {
        status = set_class_weights(t);
    }
    if (status == SNUG_OK) {
        status = snug_fit_scaler(t->model, t->data.train, t->options->scaling,
                                 snug_history_warnings(t->metrics.history));
    }
    if (status == SNUG_OK) {
        status = snug_fit_target_scaler(t->model, t->data.train, t->options->target_scaling);
    }
    if (status == SNUG_OK && t->options->clip_predictions) {
        status = snug_fit_clipping(t->model, t->data.train);
    }
    if (status == SNUG_OK) {
        status = check_calibration(t);
    }
    if (status == SNUG_OK) {
        status = name_classes(t);
    }
    if (status == SNUG_OK) {
        status = warn_of_content(t);
    }
    if (status == SNUG_OK && t->model->parameters == NULL) {
        status = snug_model_init(t->model, t->options->seed);
    }
    if (status == SNUG_OK && snug_optimizer_iterates(t->optimizer)) {
        status = snug_fit_check_full_batch(t->options, t->model);
    }
    if (status == SNUG_OK) {
        status = make_buffers(t);
    }
    /* Last, because it changes weights that the model may have had before. */
    return status == SNUG_OK ? snug_fit_layers(t->model, t->data.train, t->options->seed) : status;
}

void snug_trainer_clear(snug_trainer *t) {
    snug_object_free(t->loss);
    snug_optimizer_delete(t->optimizer);
    snug_object_free(t->schedules.rate.schedule);
    snug_object_free(t->schedules.decay.schedule);
    snug_ema_free(t->step.ema);
    snug_train_step_clear(&t->step);
    snug_session_free(t->session);
    snug_metric_accumulator_clear(&t->metrics.accumulator);
    snug_evaluator_clear(&t->metrics.evaluator);
    snug_early_stopping_clear(&t->metrics.early_stopping);
    snug_inspector_free(t->metrics.inspector);
    snug_batches_clear(&t->data.batches);
    snug_dataset_free(t->data.train);
    snug_dataset_free(t->data.validation);
    snug_release(t->data.order);
}
