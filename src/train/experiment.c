/* Experiment files: reading, overriding, and opening what they name. */
#include <string.h>

#include "core/file.h"
#include "core/json.h"
#include "core/memory.h"
#include "core/status.h"
#include "data/dataset.h"
#include "model/config.h"
#include "model/objects.h"
#include "optim/optimizer.h"
#include "train/experiment_fields.h"
#include "train/metric_kinds.h"
#include "train/overrides.h"

#include <snug/experiment.h>

struct snug_experiment {
    char *name; /* for sentences */
    char *path; /* what paths in it are relative to, or NULL */
    snug_data_config data;
    snug_model_settings model; /* built once the data is known */
    snug_train_config train;
};

/* ---- reading --------------------------------------------------------------------------------- */

static const cJSON *section(const cJSON *root, const char *name) {
    const cJSON *json = snug_json_get(root, name);
    if (cJSON_IsObject(json))
        return json;
    if (json == NULL)
        snug_fail(SNUG_ERROR_CONFIG, "%s: is required", name);
    else
        snug_fail(SNUG_ERROR_CONFIG, "%s: must be an object (got %s)", name, snug_json_type(json));
    return NULL;
}

static snug_status check_keys(const cJSON *root) {
    static const char *const known[] = {"data", "model", "train"};
    if (!cJSON_IsObject(root))
        return snug_fail(SNUG_ERROR_CONFIG, "must be a JSON object (got %s)", snug_json_type(root));
    for (const cJSON *m = root->child; m != NULL; m = m->next) {
        bool found = false;
        const char *near = snug_nearest(m->string, known, 3);
        for (size_t i = 0; i < 3; ++i)
            found = found || strcmp(m->string, known[i]) == 0;
        if (!found && near != NULL)
            return snug_fail(SNUG_ERROR_CONFIG, "unknown key \"%s\"; did you mean \"%s\"?",
                             m->string, near);
        if (!found)
            return snug_fail(SNUG_ERROR_CONFIG,
                             "unknown key \"%s\"; there are \"data\", \"model\" and \"train\"",
                             m->string);
    }
    return SNUG_OK;
}

/* "standardize": false is short for no scaling. */
static snug_scaling scaling_of(const snug_data_config *data) {
    return data->standardize ? (snug_scaling)data->scaling : SNUG_SCALING_NONE;
}

/* What the tables cannot say of the data section. */
static snug_status check_data(const snug_data_config *data) {
    if (!data->standardize && data->scaling > SNUG_SCALING_NONE)
        return snug_fail(SNUG_ERROR_CONFIG,
                         "data.scaling: is \"%s\" where \"standardize\": false wants none",
                         snug_scaling_names[data->scaling]);
    double shares = data->validation.fraction + data->test.fraction;
    if (shares >= 1.0)
        return snug_fail(SNUG_ERROR_CONFIG,
                         "data.validation and data.test: together must leave training rows: a sum "
                         "below 1 (got %g)",
                         shares);
    if (data->delimiter == NULL || strlen(data->delimiter) != 1 ||
        strchr("\"\r\n", *data->delimiter))
        return snug_fail(SNUG_ERROR_CONFIG, "data.delimiter: must be one character");
    return SNUG_OK;
}

static bool names_rows(const snug_source *source) {
    return source->path != NULL || source->images != NULL || source->fraction > 0;
}

static const snug_loss_kind *loss_of(const snug_experiment *e) {
    return (const snug_loss_kind *)(const void *)e->train.loss->kind;
}

/* What the loss compares with; classes where it takes either, but several targets are values. */
static snug_target target_of(const snug_experiment *e) {
    bool one = e->data.target.count < 2;
    return one && loss_of(e)->targets & SNUG_TARGET_CLASSES ? SNUG_TARGET_CLASSES
                                                            : SNUG_TARGET_VALUES;
}

static unsigned metric_targets(const snug_experiment *e) {
    return snug_metric_targets(loss_of(e), target_of(e) == SNUG_TARGET_CLASSES);
}

static snug_status check_metrics(const snug_experiment *e) {
    const snug_strings *metrics = &e->train.metrics;
    for (size_t i = 0; i < metrics->count; ++i) {
        char *place = snug_format("train.metrics[%zu]", i);
        bool known = place != NULL && snug_metric_find(metrics->items[i], metric_targets(e), place);
        snug_release(place);
        if (!known)
            return snug_error_status();
    }
    return SNUG_OK;
}

/* What the tables cannot say of the train section. */
static snug_status check_train(const snug_experiment *e) {
    const snug_early_stopping_config *stop =
        e->train.early_stopping != NULL ? e->train.early_stopping->config : NULL;
    if (e->data.target.count > 1 && !(loss_of(e)->targets & SNUG_TARGET_VALUES))
        return snug_fail(SNUG_ERROR_CONFIG,
                         "data.target: several targets are values, where train.loss, %s, takes "
                         "classes, which stand in one column",
                         e->train.loss->kind->name);
    if (check_metrics(e) != SNUG_OK)
        return snug_error_status();
    if (stop == NULL)
        return SNUG_OK;
    if (!names_rows(&e->data.validation))
        return snug_fail(SNUG_ERROR_CONFIG,
                         "train.early_stopping: needs validation rows, which it watches: name them "
                         "in data.validation");
    return snug_metric_find(stop->metric, metric_targets(e), "train.early_stopping.metric") != NULL
               ? SNUG_OK
               : snug_error_status();
}

static snug_status read_sections(snug_experiment *e, const cJSON *root) {
    const cJSON *data, *model, *train;
    snug_status status = check_keys(root);
    if (status != SNUG_OK)
        return status;
    data = section(root, "data");
    model = data != NULL ? section(root, "model") : NULL;
    train = model != NULL && snug_json_get(root, "train") != NULL ? section(root, "train") : NULL;
    if (data == NULL || model == NULL || (train == NULL && snug_json_get(root, "train") != NULL))
        return SNUG_ERROR_CONFIG;
    status = snug_fields_read(snug_experiment_data_fields, &e->data, data, "data", NULL);
    if (status == SNUG_OK && train != NULL)
        status = snug_fields_read(snug_experiment_train_fields, &e->train, train, "train", NULL);
    if (status == SNUG_OK)
        status = check_data(&e->data);
    if (status == SNUG_OK)
        status = check_train(e);
    if (status == SNUG_OK)
        status = snug_fields_read(snug_model_fields, &e->model, model, "model", NULL);
    return status;
}

/* Writes the names of objects that are left out, so that an override finds what it changes. */
static snug_status name_defaults(cJSON *root, const char *name, const snug_field *fields) {
    bool failed = false;
    cJSON *json = cJSON_GetObjectItemCaseSensitive(root, name);
    if (json == NULL)
        json = snug_json_object(root, name, &failed);
    for (; !failed && cJSON_IsObject(json) && fields->kind != SNUG_FIELD_END; ++fields)
        if (fields->kind == SNUG_FIELD_OBJECT && fields->initial_text != NULL &&
            snug_json_get(json, fields->name) == NULL)
            snug_json_text(json, fields->name, fields->initial_text, &failed);
    return failed ? snug_error_status() : SNUG_OK;
}

static snug_experiment *parse(const char *name, const char *path, const char *text, size_t n,
                              const char *const *overrides, size_t count) {
    snug_experiment *e = snug_alloc(1, sizeof *e);
    cJSON *root = e != NULL ? snug_json_parse(name, text, n) : NULL;
    snug_status status = root != NULL ? SNUG_OK : snug_error_status();
    if (root != NULL) {
        e->name = snug_copy_string(name);
        e->path = path != NULL ? snug_copy_string(path) : NULL;
        if (e->name == NULL || (path != NULL && e->path == NULL) ||
            snug_fields_default(snug_experiment_data_fields, &e->data) != SNUG_OK ||
            snug_fields_default(snug_model_fields, &e->model) != SNUG_OK ||
            snug_fields_default(snug_experiment_train_fields, &e->train) != SNUG_OK)
            status = snug_error_status();
    }
    if (root != NULL && status == SNUG_OK) {
        if (count > 0 && cJSON_IsObject(root))
            status = name_defaults(root, "train", snug_experiment_train_fields);
        if (status == SNUG_OK)
            status = snug_overrides_apply(root, overrides, count);
        if (status == SNUG_OK)
            status = read_sections(e, root);
        if (status != SNUG_OK && status != SNUG_ERROR_MEMORY)
            snug_fail_in("%s", name);
    }
    cJSON_Delete(root);
    if (status == SNUG_OK)
        return e;
    snug_experiment_free(e);
    return NULL;
}

snug_experiment *snug_experiment_read(const char *path, const char *const *overrides,
                                      size_t count) {
    size_t n = 0;
    char *text = snug_file_read(path, &n);
    snug_experiment *e = text != NULL ? parse(path, path, text, n, overrides, count) : NULL;
    snug_release(text);
    return e;
}

snug_experiment *snug_experiment_parse(const char *text, size_t n, const char *directory_of) {
    return parse("(text)", directory_of, text, n, NULL, 0);
}

void snug_experiment_free(snug_experiment *e) {
    if (e == NULL)
        return;
    snug_fields_free(snug_experiment_data_fields, &e->data);
    snug_fields_free(snug_experiment_train_fields, &e->train);
    snug_fields_free(snug_model_fields, &e->model);
    snug_release(e->name);
    snug_release(e->path);
    snug_release(e);
}

/* Adds a section that its table describes. */
static void add_section(cJSON *root, const char *name, const snug_field *fields, const void *config,
                        bool *failed) {
    cJSON *json = snug_json_object(root, name, failed);
    if (!*failed && snug_fields_write(fields, config, json) != SNUG_OK)
        *failed = true;
}

char *snug_experiment_config(const snug_experiment *e) {
    bool failed = false;
    cJSON *root = snug_json_object(NULL, NULL, &failed);
    char *text = NULL;
    if (!failed)
        add_section(root, "data", snug_experiment_data_fields, &e->data, &failed);
    if (!failed)
        add_section(root, "model", snug_model_fields, &e->model, &failed);
    if (!failed)
        add_section(root, "train", snug_experiment_train_fields, &e->train, &failed);
    if (!failed)
        text = snug_json_print(root, true);
    cJSON_Delete(root);
    return text;
}

/* ---- opening --------------------------------------------------------------------------------- */

static snug_task task_of(const snug_experiment *e) {
    return target_of(e) == SNUG_TARGET_CLASSES ? SNUG_TASK_CLASSIFICATION : SNUG_TASK_REGRESSION;
}

static snug_dataset *read_images(const snug_experiment *e, const snug_source *source) {
    char *images = snug_path_beside(e->path, source->images);
    char *labels = source->labels != NULL ? snug_path_beside(e->path, source->labels) : NULL;
    snug_dataset *data = NULL;
    if (images != NULL && (source->labels == NULL || labels != NULL))
        data = snug_dataset_read_idx(images, labels);
    snug_release(images);
    snug_release(labels);
    return data;
}

/* The texts with a NULL at their end. Release it. */
static const char **list_of(const snug_strings *strings) {
    const char **list = snug_alloc(strings->count + 1, sizeof *list);
    for (size_t i = 0; list != NULL && i < strings->count; ++i)
        list[i] = strings->items[i];
    return list;
}

/* Reads a table; `like` is the training data's preprocessing, or NULL for that data itself. */
static snug_dataset *read_table(const snug_experiment *e, const snug_source *source,
                                const snug_preprocessing *like) {
    const char **targets = list_of(&e->data.target);
    snug_csv_options options = {
        .targets = e->data.target.count > 0 ? targets : NULL,
        .task = task_of(e),
        .delimiter = *e->data.delimiter,
        .no_header = !e->data.header,
        .missing = (snug_missing)e->data.missing,
        .like = like,
    };
    char *path;
    snug_dataset *data;
    path = targets != NULL ? snug_path_beside(e->path, source->path) : NULL;
    data = path != NULL ? snug_dataset_read_csv(path, &options) : NULL;
    snug_release(path);
    snug_release(targets);
    return data;
}

static snug_dataset *read_source(const snug_experiment *e, const snug_source *source,
                                 const snug_preprocessing *like) {
    return source->images != NULL ? read_images(e, source) : read_table(e, source, like);
}

static bool names_files(const snug_source *source) {
    return source->path != NULL || source->images != NULL;
}

/* Splits a share of all rows off *train. */
static snug_status split(const snug_experiment *e, double share, snug_dataset **train,
                         snug_dataset **part) {
    snug_dataset *rest = NULL;
    snug_status status = snug_dataset_split(*train, share, (uint64_t)e->train.seed, &rest, part);
    if (status != SNUG_OK)
        return status;
    snug_dataset_free(*train);
    *train = rest;
    return SNUG_OK;
}

/* The parts that are files of their own are read as the training data is. */
static snug_status read_parts(const snug_experiment *e, snug_dataset *train,
                              snug_dataset **validation, snug_dataset **test) {
    snug_scaler *scaler = NULL;
    snug_table *table;
    snug_preprocessing *like;
    if (!names_files(&e->data.validation) && !names_files(&e->data.test))
        return SNUG_OK;
    scaler = snug_scaler_fit(train, SNUG_SCALING_NONE);
    table = scaler != NULL ? snug_table_copy(train->storage->table) : NULL;
    if (table == NULL) {
        snug_scaler_free(scaler);
        return snug_error_status();
    }
    like = snug_preprocessing_new(table, scaler);
    if (like == NULL)
        return snug_error_status();
    if (names_files(&e->data.validation))
        *validation = read_source(e, &e->data.validation, like);
    if (names_files(&e->data.test) && (*validation != NULL || !names_files(&e->data.validation)))
        *test = read_source(e, &e->data.test, like);
    snug_preprocessing_free(like);
    if ((names_files(&e->data.validation) && *validation == NULL) ||
        (names_files(&e->data.test) && *test == NULL))
        return snug_error_status();
    return SNUG_OK;
}

/* Shares are of all rows that the training file holds; the test rows are the same for any validation. */
static snug_status split_parts(const snug_experiment *e, snug_dataset **train,
                               snug_dataset **validation, snug_dataset **test) {
    double test_share = e->data.test.fraction, validation_share = e->data.validation.fraction;
    snug_status status = SNUG_OK;
    if (test_share > 0)
        status = split(e, test_share, train, test);
    if (status == SNUG_OK && validation_share > 0)
        status = split(e, validation_share / (1 - test_share), train, validation);
    return status;
}

static snug_status open_model(const snug_experiment *e, const snug_dataset *train,
                              snug_model **model) {
    *model = snug_model_build(&e->model, "model", snug_dataset_columns(train),
                              snug_dataset_classes(train));
    if (*model == NULL) {
        if (snug_error_status() != SNUG_ERROR_MEMORY)
            snug_fail_in("%s", e->name);
        return snug_error_status();
    }
    return snug_model_set_loss(*model, (snug_loss *)snug_object_copy(e->train.loss));
}

snug_status snug_experiment_open(const snug_experiment *e, snug_model **model, snug_dataset **train,
                                 snug_dataset **validation, snug_dataset **test) {
    snug_status status;
    *model = NULL;
    *validation = *test = NULL;
    *train = read_source(e, &e->data.train, NULL);
    if (*train == NULL)
        return snug_error_status();
    status = read_parts(e, *train, validation, test);
    if (status == SNUG_OK)
        status = split_parts(e, train, validation, test);
    if (status == SNUG_OK)
        status = open_model(e, *train, model);
    if (status == SNUG_OK)
        return SNUG_OK;
    snug_model_free(*model);
    snug_dataset_free(*train);
    snug_dataset_free(*validation);
    snug_dataset_free(*test);
    *model = NULL;
    *train = *validation = *test = NULL;
    return status;
}

static snug_early_stopping early_stopping_of(const snug_experiment *e) {
    const snug_object *record = e->train.early_stopping;
    const snug_early_stopping_config *c = record != NULL ? record->config : NULL;
    if (c == NULL)
        return (snug_early_stopping){0};
    return (snug_early_stopping){.patience = c->patience,
                                 .min_delta = c->min_delta,
                                 .metric = c->metric,
                                 .keep_last = !c->restore_best_weights};
}

snug_status snug_experiment_options(const snug_experiment *e, snug_fit_options *options) {
    *options = (snug_fit_options){
        .epochs = e->train.epochs,
        .batch_size = e->train.batch_size,
        .seed = (uint64_t)e->train.seed,
        .keep_order = !e->train.shuffle,
        .scaling = scaling_of(&e->data),
        .metrics = (const char *const *)e->train.metrics.items,
        .metric_count = e->train.metrics.count,
        .clip_norm = e->train.clip_norm,
        .clip_value = e->train.clip_value,
        .accumulate = e->train.accumulate,
        .ema = e->train.ema,
        .early_stopping = early_stopping_of(e),
    };
    options->loss = (snug_loss *)snug_object_copy(e->train.loss);
    options->optimizer = snug_optimizer_wrap(snug_object_copy(e->train.optimizer));
    options->schedule = (snug_schedule *)snug_object_copy(e->train.schedule);
    if (options->loss != NULL && options->optimizer != NULL && options->schedule != NULL)
        return SNUG_OK;
    snug_loss_free(options->loss);
    snug_optimizer_free(options->optimizer);
    snug_schedule_free(options->schedule);
    *options = (snug_fit_options){0};
    return snug_error_status();
}
