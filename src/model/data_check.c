#include "core/memory.h"
#include "core/status.h"
#include "kinds/input_columns.h"
#include "model/data_check.h"
#include "model/loss.h"
#include "schema/table_schema.h"

static const snug_loss_kind *kind_of(const snug_object *loss) {
    return (const snug_loss_kind *)(const void *)loss->kind;
}

snug_status snug_weights_check(const snug_dataset *data, const char *what) {
    for (size_t i = 0; i < snug_dataset_row_count(data); i++) {
        if (snug_dataset_weight(data, i) > 0) {
            return SNUG_OK;
        }
    }
    return snug_fail(SNUG_ERROR_DATA, "%s: every row weighs 0", what);
}

snug_status snug_features_check(const snug_model *model, const snug_dataset *data,
                                const char *what) {
    if (snug_dataset_column_count(data) == model->inputs) {
        return SNUG_OK;
    }
    return snug_fail(SNUG_ERROR_DATA, "%s: has %zu features where the model has %zu inputs", what,
                     snug_dataset_column_count(data), model->inputs);
}

static snug_status check_kind(const snug_object *loss, const snug_dataset *data, const char *what) {
    const snug_loss_kind *kind = kind_of(loss);
    size_t classes = snug_dataset_class_count(data), values = snug_dataset_output_count(data);
    if (classes == 0 && values == 0) {
        return snug_fail(SNUG_ERROR_DATA, "%s: has no targets", what);
    }
    if (classes > 0 && !(kind->targets & SNUG_TARGET_CLASSES)) {
        return snug_fail(
            SNUG_ERROR_DATA,
            "%s: its targets are classes where the loss %s needs values: read them with "
            ".task = SNUG_TASK_REGRESSION",
            what, kind->base.name);
    }
    if (values > 0 && !(kind->targets & SNUG_TARGET_VALUES)) {
        return snug_fail(
            SNUG_ERROR_DATA,
            "%s: its targets are values where the loss %s needs classes: read them with "
            ".task = SNUG_TASK_CLASSIFICATION",
            what, kind->base.name);
    }
    return SNUG_OK;
}

static snug_status check_targets(const snug_model *model, const snug_object *loss,
                                 const snug_dataset *data, const char *what) {
    size_t classes = snug_dataset_class_count(data), values = snug_dataset_output_count(data);
    size_t outputs = model->plan->outputs, most = snug_loss_classes(loss, outputs);
    if (check_kind(loss, data, what) != SNUG_OK) {
        return snug_error_status();
    }
    size_t quantiles = snug_loss_quantiles(loss, NULL);
    if (values > 0 && quantiles > 1 && values * quantiles != outputs) {
        return snug_fail(SNUG_ERROR_DATA,
                         "%s: has %zu target values a row, of each of which the loss predicts %zu "
                         "quantiles: the model's last layer needs %zu outputs (got %zu)",
                         what, values, quantiles, values * quantiles, outputs);
    }
    if (values > 0 && values * quantiles != outputs) {
        return snug_fail(SNUG_ERROR_DATA,
                         "%s: has %zu target values a row where the model has %zu outputs", what,
                         values, outputs);
    }
    if (classes > most) {
        return snug_fail(SNUG_ERROR_DATA,
                         "%s: has %zu classes where the model's last layer has %zu "
                         "outputs, which are %zu classes",
                         what, classes, outputs, most);
    }
    for (size_t i = 0; values > 0 && i < data->count; i++) {
        if (snug_values_check(loss, i, values, snug_dataset_values(data, i)) != SNUG_OK) {
            return snug_fail_in("%s", what);
        }
    }
    return SNUG_OK;
}

snug_status snug_data_check(const snug_model *model, const snug_object *loss,
                            const snug_dataset *data, const char *what) {
    if (loss == NULL) {
        loss = model->loss;
    }
    if (loss == NULL) {
        return snug_fail(
            SNUG_ERROR_ARGUMENT,
            "the model has no loss, by which it is evaluated: see snug_model_set_loss()");
    }
    if (snug_dataset_row_count(data) == 0) {
        return snug_fail(SNUG_ERROR_DATA, "%s: has no rows", what);
    }
    if (snug_features_check(model, data, what) != SNUG_OK ||
        snug_weights_check(data, what) != SNUG_OK) {
        return snug_error_status();
    }
    return check_targets(model, loss, data, what);
}

/* Returns the table with the names of the classes: the model's, where it has one. */
static const snug_table_schema *class_table(const snug_model *model, const snug_dataset *data) {
    const snug_preprocessing *own = model->preprocessing;
    return own != NULL && own->table->classes.count > 0 ? own->table : data->storage->table;
}

/* Whether a table has columns whose numbers of categories are for category_embedding. */
static bool has_embedded_categories(const snug_table_schema *table) {
    bool found = false;
    for (size_t i = 0; table->columns != NULL && i < table->column_count && !found; i++) {
        found = table->columns[i].embedding;
    }
    return found;
}

/* Fails where such a number would be taken for a quantity, as in a model that a program builds. */
static snug_status check_categories(const snug_model *model, const snug_table_schema *table) {
    snug_input_columns columns = {0};
    if (!has_embedded_categories(table)) {
        return SNUG_OK;
    }
    snug_status status = snug_table_schema_input_columns(table, &columns);
    for (size_t i = 0; i < model->layers.count && status == SNUG_OK; i++) {
        char *path = snug_format("model.layers[%zu]", i);
        status = path != NULL ? snug_input_columns_follow(&columns, model->layers.items[i], path)
                              : SNUG_ERROR_MEMORY;
        snug_release(path);
    }
    snug_input_columns_clear(&columns);
    return status;
}

snug_status snug_training_data_check(const snug_model *model, const snug_object *loss,
                                     const snug_dataset *data, const char *what) {
    size_t outputs = model->plan->outputs, classes, named;
    const snug_table_schema *table;
    if (snug_data_check(model, loss, data, what) != SNUG_OK ||
        check_categories(model, data->storage->table) != SNUG_OK) {
        return snug_error_status();
    }
    if (snug_dataset_class_count(data) == 0) {
        return SNUG_OK;
    }
    loss = loss != NULL ? loss : model->loss;
    classes = snug_loss_classes(loss, outputs);
    table = class_table(model, data);
    named = table->classes.count;
    if (named < 2) {
        return snug_fail(SNUG_ERROR_DATA, "%s: has a single class: training needs two at least",
                         what);
    }
    if (named == classes || (named < classes && !snug_table_schema_has_class_names(table))) {
        return SNUG_OK;
    }
    return snug_fail(SNUG_ERROR_DATA,
                     "%s: has %zu classes where the model's last layer has %zu outputs: the loss "
                     "%s needs one a class%s",
                     what, named, outputs, loss->kind->name,
                     kind_of(loss)->binary ? ", or one for two classes" : "");
}
