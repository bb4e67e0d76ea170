#include "core/memory.h"
#include "json/json_path.h"
#include "kinds/fields.h"
#include "kinds/input_columns.h"
#include "kinds/object.h"

void snug_input_columns_clear(snug_input_columns *inputs) {
    for (size_t i = 0; inputs->items != NULL && i < inputs->count; i++) {
        snug_release(inputs->items[i].name);
        snug_release(inputs->items[i].column);
    }
    snug_release(inputs->items);
    *inputs = (snug_input_columns){0};
}

/* Copies a feature; what the copy owns is complete or NULL. */
static snug_status copy_column(snug_input_column *copy, const snug_input_column *column) {
    *copy = *column;
    copy->name = snug_copy_string(column->name);
    copy->column = column->column != NULL ? snug_copy_string(column->column) : NULL;
    bool failed = copy->name == NULL || (column->column != NULL && copy->column == NULL);
    return failed ? SNUG_ERROR_MEMORY : SNUG_OK;
}

snug_status snug_input_columns_copy(snug_input_columns *copy, const snug_input_columns *inputs) {
    *copy = (snug_input_columns){.followed = inputs->followed};
    if (inputs->items == NULL) {
        return SNUG_OK;
    }
    copy->items = snug_alloc(inputs->count, sizeof *copy->items);
    snug_status status = copy->items != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
    for (size_t i = 0; i < inputs->count && status == SNUG_OK; i++) {
        copy->count++;
        status = copy_column(&copy->items[i], &inputs->items[i]);
    }
    if (status != SNUG_OK) {
        snug_input_columns_clear(copy);
    }
    return status;
}

/* Returns where the column of the layer's inputs is in its outputs, or SNUG_NO_COLUMN. */
static size_t column_behind(const snug_object *layer, size_t column) {
    const snug_layer_kind *kind = (const snug_layer_kind *)(const void *)layer->kind;
    unsigned flags = kind->flags | (kind->flags_of != NULL ? kind->flags_of(layer->config) : 0U);
    if (kind->column_of != NULL) {
        return kind->column_of(layer->config, column);
    }
    return flags & SNUG_COLUMNWISE ? column : SNUG_NO_COLUMN;
}

/* Returns whether what is known of the inputs of a layer is known of its outputs, too. */
static bool keeps_columns(const snug_object *layer) {
    const snug_layer_kind *kind = (const snug_layer_kind *)(const void *)layer->kind;
    return kind->column_of != NULL || column_behind(layer, 0) == 0;
}

/*
 * Fails where the number of a category enters a layer that is not made for columns: what it adds or
 * multiplies is no category any more, and the numbers have no order that it could learn.
 */
static snug_status refuse_categories(const snug_input_columns *inputs, const snug_object *layer,
                                     const char *path) {
    const snug_layer_kind *kind = (const snug_layer_kind *)(const void *)layer->kind;
    for (size_t i = 0; i < inputs->count && kind->column_of == NULL; i++) {
        const snug_input_column *column = &inputs->items[i];
        if (column->categories > 0 && column->number != SNUG_NO_COLUMN) {
            return snug_fail_at(path,
                                "the column \"%.200s\" enters it as the number of a category "
                                "(\"categories\": \"embedding\"): put the layer "
                                "category_embedding before it",
                                column->name);
        }
    }
    return SNUG_OK;
}

snug_status snug_input_columns_follow(snug_input_columns *inputs, const snug_object *layer,
                                      const char *path) {
    snug_status status = refuse_categories(inputs, layer, path);
    for (size_t i = 0; i < inputs->count; i++) {
        size_t *number = &inputs->items[i].number;
        *number = *number != SNUG_NO_COLUMN ? column_behind(layer, *number) : SNUG_NO_COLUMN;
    }
    inputs->followed = inputs->followed && keeps_columns(layer);
    return status;
}

snug_status snug_input_columns_pass(snug_input_columns *inputs, snug_object *layer,
                                    const char *path) {
    snug_status status =
        snug_fields_resolve_columns(layer->kind->fields, layer->config, inputs, path);
    return status == SNUG_OK ? snug_input_columns_follow(inputs, layer, path) : status;
}
