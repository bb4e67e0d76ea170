/* Opening what an experiment names: its data, its model, its options. */
#include <stdio.h>

#include "core/status.h"
#include "data/dataset.h"
#include "data/preprocessing.h"
#include "data/scaler.h"
#include "experiment/experiment.h"
#include "experiment/experiment_data.h"
#include "experiment/start.h"
#include "model/model.h"
#include "model/targets.h"
#include "optim/optimizer.h"
#include "schema/table_schema.h"

/* "standardize": false is short for no scaling. */
static snug_scaling scaling_of(const snug_data_settings *data) {
    return data->standardize ? data->scaling : SNUG_SCALING_NONE;
}

static bool names_files(const snug_source *source) {
    return source->paths[0] != NULL;
}

/* Splits a share of the rows off *train; `key` of "data" gives it. */
static snug_status split(const snug_experiment *e, const char *key, double share,
                         snug_dataset **train, snug_dataset **part) {
    snug_dataset *rest = NULL;
    if (snug_dataset_split(*train, share, e->train.fit.seed, &rest, part) != SNUG_OK) {
        return snug_fail_in("%s: data.%s", e->name, key);
    }
    snug_dataset_free(*train);
    *train = rest;
    return SNUG_OK;
}

/* Reads the parts that are files of their own by the columns and classes of the training data. */
static snug_status read_parts(const snug_experiment *e, snug_dataset *train,
                              snug_dataset **validation, snug_dataset **test) {
    snug_scaler *scaler = NULL;
    snug_table_schema *table;
    snug_preprocessing *like;
    if (!names_files(&e->data.validation) && !names_files(&e->data.test)) {
        return SNUG_OK;
    }
    /* Its offsets are what later files are read by: unscaled features would have none. */
    scaler = snug_scaler_fit(train, SNUG_SCALING_STANDARD);
    table = scaler != NULL ? snug_table_schema_copy(train->storage->table) : NULL;
    if (table == NULL) {
        snug_scaler_free(scaler);
        return snug_error_status();
    }
    like = snug_preprocessing_new(table, scaler);
    if (like == NULL) {
        return snug_error_status();
    }
    if (names_files(&e->data.validation)) {
        *validation = snug_experiment_read_source(e, &e->data.validation, like);
    }
    if (names_files(&e->data.test) && (*validation != NULL || !names_files(&e->data.validation))) {
        *test = snug_experiment_read_source(e, &e->data.test, like);
    }
    snug_preprocessing_free(like);
    if ((names_files(&e->data.validation) && *validation == NULL) ||
        (names_files(&e->data.test) && *test == NULL)) {
        return snug_error_status();
    }
    return SNUG_OK;
}

/*
 * Shares are of all rows that the training file holds; the test rows are the same for any
 * validation.
 */
static snug_status split_parts(const snug_experiment *e, double validation_share,
                               snug_dataset **train, snug_dataset **validation,
                               snug_dataset **test) {
    double test_share = e->data.test.fraction;
    snug_status status = SNUG_OK;
    if (test_share > 0) {
        status = split(e, "test", test_share, train, test);
    }
    if (status != SNUG_OK || validation_share <= 0) {
        return status;
    }
    if (test_share <= 0) {
        return split(e, "validation", validation_share, train, validation);
    }
    char key[128];
    (void)snprintf(key, sizeof key, "validation: %g of all rows, of those that data.test leaves",
                   validation_share);
    return split(e, key, validation_share / (1 - test_share), train, validation);
}

/* Splits by the column of parts. A part without rows is NULL; without training rows it fails. */
static snug_status split_by_column(snug_dataset **train, snug_dataset **validation,
                                   snug_dataset **test) {
    snug_dataset **parts[] = {NULL, validation, test}, *all = *train;
    for (int part = 1; part <= 2; part++) {
        *parts[part] = snug_dataset_part(all, (snug_part)part);
        if (*parts[part] == NULL && snug_error_status() != SNUG_ERROR_DATA) {
            return snug_error_status();
        }
    }
    *train = snug_dataset_part(all, SNUG_PART_TRAINING);
    if (*train == NULL) {
        *train = all;
        return snug_fail(SNUG_ERROR_DATA,
                         "data.split: the column has no 0: there are no training rows");
    }
    snug_dataset_free(all);
    return SNUG_OK;
}

/* Loads the data; a validation share of 0 leaves its rows with the training rows. */
static snug_status load_data(const snug_experiment *e, double validation_share,
                             snug_dataset **train, snug_dataset **validation, snug_dataset **test) {
    *train = *validation = *test = NULL;
    *train = snug_experiment_read_source(e, &e->data.train, NULL);
    if (*train == NULL) {
        return snug_error_status();
    }
    snug_status status = read_parts(e, *train, validation, test);
    if (status == SNUG_OK) {
        status = e->data.csv.split != NULL
                     ? split_by_column(train, validation, test)
                     : split_parts(e, validation_share, train, validation, test);
    }
    if (status == SNUG_OK) {
        snug_dataset **parts[] = {train, validation, test};
        status = snug_experiment_match_start(e, parts, sizeof parts / sizeof *parts);
    }
    if (status == SNUG_OK) {
        return SNUG_OK;
    }
    snug_dataset_free(*train);
    snug_dataset_free(*validation);
    snug_dataset_free(*test);
    *train = *validation = *test = NULL;
    return status;
}

/* Fails where early stopping has nothing to watch. */
static snug_status check_validation(const snug_experiment *e) {
    bool watches = e->train.fit.early_stopping.patience > 0;
    if (!watches || snug_source_is_set(&e->data.validation) || e->data.csv.split != NULL) {
        return SNUG_OK;
    }
    return snug_fail(SNUG_ERROR_CONFIG,
                     "%s: train.early_stopping: needs validation rows, which it watches: name them "
                     "in data.validation",
                     e->name);
}

/* Sets the results to NULL; fails where there is no experiment, or no pointer to a result. */
static snug_status check_arguments(const snug_experiment *e, snug_dataset **train,
                                   snug_dataset **validation, snug_dataset **test) {
    if (train == NULL || validation == NULL || test == NULL) {
        return snug_fail_null(train == NULL        ? "the pointer to the training rows"
                              : validation == NULL ? "the pointer to the validation rows"
                                                   : "the pointer to the test rows");
    }
    *train = *validation = *test = NULL;
    return e != NULL ? SNUG_OK : snug_fail_null("the experiment");
}

snug_status snug_experiment_load_data(const snug_experiment *e, snug_dataset **train,
                                      snug_dataset **validation, snug_dataset **test) {
    snug_status status = check_arguments(e, train, validation, test);
    if (status != SNUG_OK) {
        return status;
    }
    return check_validation(e) == SNUG_OK
               ? load_data(e, e->data.validation.fraction, train, validation, test)
               : snug_error_status();
}

snug_status snug_experiment_load_whole(const snug_experiment *e, snug_dataset **train,
                                       snug_dataset **validation, snug_dataset **test) {
    snug_status status = check_arguments(e, train, validation, test);
    return status == SNUG_OK ? load_data(e, 0, train, validation, test) : status;
}

snug_model *snug_experiment_build_model(const snug_experiment *e, const snug_dataset *train) {
    snug_model *model = snug_model_build(&e->model, "model", train->storage->table, e->train.loss);
    if (model == NULL) {
        if (snug_error_status() != SNUG_ERROR_MEMORY) {
            snug_fail_in("%s", e->name);
        }
        return NULL;
    }
    if (snug_model_replace_loss(model, snug_object_copy(e->train.loss)) != SNUG_OK ||
        snug_experiment_prepare_start(e, model) != SNUG_OK) {
        snug_model_free(model);
        return NULL;
    }
    return model;
}

snug_status snug_experiment_load(const snug_experiment *e, snug_model **model, snug_dataset **train,
                                 snug_dataset **validation, snug_dataset **test) {
    if (model == NULL) {
        return snug_fail_null("the pointer to the model");
    }
    *model = NULL;
    snug_status status = snug_experiment_load_data(e, train, validation, test);
    if (status != SNUG_OK) {
        return status;
    }
    *model = *train != NULL ? snug_experiment_build_model(e, *train) : NULL;
    if (*model != NULL && snug_experiment_start_model(e, *model, e->train.fit.seed) == SNUG_OK) {
        return SNUG_OK;
    }
    snug_model_free(*model);
    *model = NULL;
    snug_dataset_free(*train);
    snug_dataset_free(*validation);
    snug_dataset_free(*test);
    *train = *validation = *test = NULL;
    return snug_error_status();
}

/* Returns the status of the first handle in the options whose constructor failed. */
static snug_status check_handles(const snug_fit_options *options) {
    snug_status status = snug_loss_status(options->loss);
    if (status == SNUG_OK) {
        status = snug_optimizer_status(options->optimizer);
    }
    if (status == SNUG_OK) {
        status = snug_schedule_status(options->schedule);
    }
    return status == SNUG_OK && options->weight_decay_schedule != NULL
               ? snug_schedule_status(options->weight_decay_schedule)
               : status;
}

snug_status snug_experiment_options(const snug_experiment *e, snug_fit_options *options) {
    if (options == NULL) {
        return snug_fail_null("the options");
    }
    *options = (snug_fit_options){0};
    if (e == NULL) {
        return snug_fail_null("the experiment");
    }
    *options = e->train.fit;
    options->scaling = scaling_of(&e->data);
    options->target_scaling = e->data.target_scaling;
    options->start_from = e->train.start_from;
    options->loss = snug_loss_handle(snug_object_copy(e->train.loss));
    options->optimizer = snug_optimizer_wrap(snug_object_copy(e->train.optimizer));
    options->schedule = snug_schedule_handle(snug_object_copy(e->train.schedule));
    if (e->train.weight_decay_schedule != NULL) {
        options->weight_decay_schedule =
            snug_schedule_handle(snug_object_copy(e->train.weight_decay_schedule));
    }
    snug_status status = check_handles(options);
    if (status == SNUG_OK) {
        return SNUG_OK;
    }
    snug_loss_free(options->loss);
    snug_optimizer_free(options->optimizer);
    snug_schedule_free(options->schedule);
    snug_schedule_free(options->weight_decay_schedule);
    *options = (snug_fit_options){0};
    return status;
}
