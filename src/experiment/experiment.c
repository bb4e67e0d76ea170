/* Experiment files: reading, overriding, writing. */
#include <string.h>

#include "core/memory.h"
#include "core/spelling.h"
#include "core/status.h"
#include "core/string_list.h"
#include "experiment/data_sources.h"
#include "experiment/experiment.h"
#include "experiment/overrides.h"
#include "files/byte_source.h"
#include "files/file.h"
#include "json/json.h"
#include "json/json_build.h"
#include "json/json_print.h"
#include "kinds/field_type.h"
#include "kinds/fields.h"
#include "metrics/metrics.h"

/* ---- reading --------------------------------------------------------------------------------- */

static const cJSON *section(const cJSON *root, const char *name) {
    const cJSON *json = snug_json_get(root, name);
    if (cJSON_IsObject(json)) {
        return json;
    }
    if (json == NULL) {
        snug_fail(SNUG_ERROR_CONFIG, "%s: is required", name);
    } else {
        snug_fail(SNUG_ERROR_CONFIG, "%s: must be an object (got %s)", name, snug_json_type(json));
    }
    return NULL;
}

#define SCHEMA_KEY "$schema"
#define RECIPE_KEY "recipe"

static snug_status check_keys(const cJSON *root) {
    static const char *const known[] = {"data", "model", "train", RECIPE_KEY};
    enum { KNOWN = sizeof known / sizeof *known };
    if (!cJSON_IsObject(root)) {
        return snug_fail(SNUG_ERROR_CONFIG, "must be a JSON object (got %s)", snug_json_type(root));
    }
    for (const cJSON *m = root->child; m != NULL; m = m->next) {
        bool found = strcmp(m->string, SCHEMA_KEY) == 0;
        const char *near = snug_nearest_name(m->string, known, KNOWN);
        for (size_t i = 0; i < KNOWN; i++) {
            found = found || strcmp(m->string, known[i]) == 0;
        }
        if (!found && near != NULL) {
            return snug_fail(SNUG_ERROR_CONFIG, "unknown key \"%s\"; did you mean \"%s\"?",
                             m->string, near);
        }
        if (!found) {
            return snug_fail(SNUG_ERROR_CONFIG,
                             "unknown key \"%s\"; there are \"data\", \"model\" and \"train\"",
                             m->string);
        }
    }
    return SNUG_OK;
}

/* Checks what the table cannot say of the data section. */
static snug_status check_data(snug_experiment *e) {
    snug_status status = snug_data_check_sources(&e->data, e->name);
    return status == SNUG_OK ? snug_data_check_settings(&e->data) : status;
}

static const snug_loss_kind *loss_of(const snug_experiment *e) {
    return (const snug_loss_kind *)(const void *)e->train.loss->kind;
}

snug_target snug_experiment_target(const snug_experiment *e) {
    bool one = snug_list_length(e->data.csv.targets) < 2;
    return one && loss_of(e)->targets & SNUG_TARGET_CLASSES ? SNUG_TARGET_CLASSES
                                                            : SNUG_TARGET_VALUES;
}

unsigned snug_experiment_metric_targets(const snug_experiment *e) {
    return snug_metric_targets(loss_of(e), snug_experiment_target(e) == SNUG_TARGET_CLASSES);
}

static snug_status check_metrics(const snug_experiment *e) {
    const snug_fit_options *fit = &e->train.fit;
    for (size_t i = 0; i < fit->metric_count; i++) {
        char *place = snug_format("train.metrics[%zu]", i);
        bool known =
            place != NULL &&
            snug_metric_find(fit->metrics[i], snug_experiment_metric_targets(e), place) != NULL;
        snug_release(place);
        if (!known) {
            return snug_error_status();
        }
    }
    return SNUG_OK;
}

/* Checks the names of what is fitted after training; snug_fit() checks whether it can be. */
static snug_status check_calibration(const snug_experiment *e) {
    const char *calibration = e->train.fit.calibration, *metric = e->train.fit.threshold_metric;
    if (calibration != NULL && strcmp(calibration, "temperature") != 0) {
        return snug_fail(SNUG_ERROR_CONFIG,
                         "train.calibration: must be \"temperature\" or null (got \"%.40s\")",
                         calibration);
    }
    if (metric == NULL || snug_metric_find(metric, snug_experiment_metric_targets(e),
                                           "train.threshold_metric") != NULL) {
        return SNUG_OK;
    }
    return snug_error_status();
}

/* Checks what the table cannot say of the train section. */
static snug_status check_train(const snug_experiment *e) {
    const snug_early_stopping *stop = &e->train.fit.early_stopping;
    if (snug_list_length(e->data.csv.targets) > 1 && !(loss_of(e)->targets & SNUG_TARGET_VALUES)) {
        return snug_fail(SNUG_ERROR_CONFIG,
                         "data.target: several targets are values, where train.loss, %s, takes "
                         "classes, which are in one column",
                         e->train.loss->kind->name);
    }
    if (e->train.fit.clip_predictions && snug_experiment_target(e) == SNUG_TARGET_CLASSES) {
        return snug_fail(
            SNUG_ERROR_CONFIG,
            "train.clip_predictions: is for targets that are values, where train.loss, "
            "%s, takes classes",
            e->train.loss->kind->name);
    }
    if (check_metrics(e) != SNUG_OK || check_calibration(e) != SNUG_OK) {
        return snug_error_status();
    }
    if (stop->patience == 0) {
        return SNUG_OK;
    }
    return snug_metric_find(stop->metric, snug_experiment_metric_targets(e),
                            "train.early_stopping.metric") != NULL
               ? SNUG_OK
               : snug_error_status();
}

/* Copies the string under a key that is kept and has no effect, if it is there. */
static snug_status read_note(const cJSON *root, const char *key, char **note) {
    const cJSON *json = snug_json_get(root, key);
    if (json == NULL) {
        return SNUG_OK;
    }
    if (!cJSON_IsString(json)) {
        return snug_fail(SNUG_ERROR_CONFIG, "%s: must be a string (got %s)", key,
                         snug_json_type(json));
    }
    *note = snug_copy_string(json->valuestring);
    return *note != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
}

static snug_status read_sections(snug_experiment *e, const cJSON *root) {
    const cJSON *data, *model, *train;
    snug_status status = check_keys(root);
    if (status == SNUG_OK) {
        status = read_note(root, SCHEMA_KEY, &e->schema);
    }
    if (status == SNUG_OK) {
        status = read_note(root, RECIPE_KEY, &e->recipe);
    }
    if (status != SNUG_OK) {
        return status;
    }
    data = section(root, "data");
    model = data != NULL ? section(root, "model") : NULL;
    train = model != NULL && snug_json_get(root, "train") != NULL ? section(root, "train") : NULL;
    if (data == NULL || model == NULL || (train == NULL && snug_json_get(root, "train") != NULL)) {
        return SNUG_ERROR_CONFIG;
    }
    status = snug_fields_read(snug_data_fields, &e->data, data, "data", NULL);
    if (status == SNUG_OK && train != NULL) {
        status = snug_fields_read(snug_train_fields, &e->train, train, "train", NULL);
    }
    if (status == SNUG_OK) {
        status = check_data(e);
    }
    if (status == SNUG_OK) {
        status = check_train(e);
    }
    if (status == SNUG_OK) {
        status = snug_fields_read(snug_model_fields, &e->model, model, "model", NULL);
    }
    return status;
}

/*
 * Writes the default names of missing objects into the JSON, so that an override such as
 * train.optimizer.learning_rate finds the object that it changes.
 */
static snug_status name_defaults(cJSON *root, const char *name, const snug_field *fields) {
    bool failed = false;
    cJSON *json = cJSON_GetObjectItemCaseSensitive(root, name);
    if (json == NULL) {
        json = snug_json_object(root, name, &failed);
    }
    for (; !failed && cJSON_IsObject(json) && snug_is_field(fields); fields++) {
        if (snug_field_type_of(fields->kind)->nested && fields->initial_text != NULL &&
            snug_json_get(json, fields->name) == NULL) {
            snug_json_string(json, fields->name, fields->initial_text, &failed);
        }
    }
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
            snug_fields_default(snug_data_fields, &e->data) != SNUG_OK ||
            snug_fields_default(snug_model_fields, &e->model) != SNUG_OK ||
            snug_fields_default(snug_train_fields, &e->train) != SNUG_OK) {
            status = snug_error_status();
        }
    }
    if (root != NULL && status == SNUG_OK) {
        if (count > 0 && cJSON_IsObject(root)) {
            status = name_defaults(root, "train", snug_train_fields);
        }
        if (status == SNUG_OK) {
            status = snug_overrides_apply(root, overrides, count);
        }
        if (status == SNUG_OK) {
            status = snug_shorthands_expand(root);
        }
        if (status == SNUG_OK) {
            status = read_sections(e, root);
        }
        if (status != SNUG_OK && status != SNUG_ERROR_MEMORY) {
            snug_fail_in("%s", name);
        }
    }
    cJSON_Delete(root);
    if (status == SNUG_OK) {
        return e;
    }
    snug_experiment_free(e);
    return NULL;
}

/*
 * Whether a path leads to a file in a directory, and not to a pipe or one of the process's
 * descriptors.
 */
static bool has_directory(const char *path) {
    return snug_is_file(path) && strncmp(path, "/dev/", 5) != 0 && strncmp(path, "/proc/", 6) != 0;
}

snug_experiment *snug_experiment_read(const char *path, const char *const *overrides,
                                      size_t count) {
    size_t n = 0;
    char *text = snug_file_read(path, &n);
    snug_experiment *e =
        text != NULL ? parse(path, has_directory(path) ? path : NULL, text, n, overrides, count)
                     : NULL;
    snug_release(text);
    return e;
}

snug_experiment *snug_experiment_parse(const char *text, size_t n, const char *directory_of) {
    if (text == NULL) {
        snug_fail_null("the text of the experiment");
        return NULL;
    }
    return parse("(string)", directory_of, text, n, NULL, 0);
}

snug_experiment *snug_experiment_override(const snug_experiment *e, const char *const *overrides,
                                          size_t count) {
    char *config = snug_experiment_config(e);
    snug_experiment *copy =
        config != NULL ? parse(e->name, e->path, config, strlen(config), overrides, count) : NULL;
    snug_release(config);
    return copy;
}

void snug_experiment_free(snug_experiment *e) {
    if (e == NULL) {
        return;
    }
    snug_fields_free(snug_data_fields, &e->data);
    snug_fields_free(snug_train_fields, &e->train);
    snug_fields_free(snug_model_fields, &e->model);
    snug_release(e->name);
    snug_release(e->path);
    snug_release(e->schema);
    snug_release(e->recipe);
    snug_release(e);
}

/* Adds a section that its table describes. */
static void add_section(cJSON *root, const char *name, const snug_field *fields, const void *config,
                        bool *failed) {
    cJSON *json = snug_json_object(root, name, failed);
    if (!*failed && snug_fields_write(fields, config, json) != SNUG_OK) {
        *failed = true;
    }
}

char *snug_experiment_config(const snug_experiment *e) {
    bool failed = false;
    if (e == NULL) {
        snug_fail_null("the experiment");
        return NULL;
    }
    cJSON *root = snug_json_object(NULL, NULL, &failed);
    char *text = NULL;
    if (!failed && e->schema != NULL) {
        snug_json_string(root, SCHEMA_KEY, e->schema, &failed);
    }
    if (!failed && e->recipe != NULL) {
        snug_json_string(root, RECIPE_KEY, e->recipe, &failed);
    }
    if (!failed) {
        add_section(root, "data", snug_data_fields, &e->data, &failed);
    }
    if (!failed) {
        add_section(root, "model", snug_model_fields, &e->model, &failed);
    }
    if (!failed) {
        add_section(root, "train", snug_train_fields, &e->train, &failed);
    }
    if (!failed) {
        text = snug_json_print(root, true);
    }
    cJSON_Delete(root);
    return text;
}
