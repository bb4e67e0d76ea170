#include "core/memory.h"
#include "core/string_list.h"
#include "schema/table_schema.h"

/* Describes feature k, from 0, of a column. */
static snug_status describe(snug_input_column *input, const snug_column *column, size_t k) {
    if (k == snug_column_values(column)) {
        return SNUG_OK; /* the indicator of missing values */
    }
    input->numeric = column->categories.count == 0;
    input->categories = column->embedding ? column->categories.count : 0;
    input->column = snug_copy_string(column->name);
    return input->column != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
}

/* Describes the features of a table whose columns have names. */
static snug_status describe_columns(const snug_table_schema *table, snug_input_columns *inputs) {
    snug_status status = SNUG_OK;
    size_t j = 0;
    for (size_t i = 0; i < table->column_count; i++) {
        size_t features = snug_column_features(&table->columns[i]);
        for (size_t k = 0; k < features && status == SNUG_OK; k++) {
            status = describe(&inputs->items[j++], &table->columns[i], k);
        }
    }
    return status;
}

/* Moves the names of the features to the inputs. */
static void give_names(snug_input_columns *inputs, snug_strings *names, bool numeric) {
    for (size_t j = 0; j < names->count; j++) {
        inputs->items[j] =
            (snug_input_column){.name = names->items[j], .numeric = numeric, .number = j};
    }
    inputs->count = names->count;
    names->count = 0;
}

snug_status snug_table_schema_input_columns(const snug_table_schema *table,
                                            snug_input_columns *inputs) {
    snug_strings names;
    *inputs = (snug_input_columns){.followed = true};
    snug_status status = snug_table_schema_feature_names(table, &names);
    if (status != SNUG_OK) {
        return status;
    }
    inputs->items = snug_alloc(names.count, sizeof *inputs->items);
    if (inputs->items == NULL) {
        status = SNUG_ERROR_MEMORY;
    } else {
        give_names(inputs, &names, table->columns == NULL);
    }
    snug_strings_clear(&names);
    if (status == SNUG_OK && table->columns != NULL) {
        status = describe_columns(table, inputs);
    }
    if (status != SNUG_OK) {
        snug_input_columns_clear(inputs);
    }
    return status;
}
