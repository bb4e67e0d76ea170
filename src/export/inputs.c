#include "core/memory.h"
#include "core/string_list.h"
#include "export/inputs.h"
#include "graph/graph.h"
#include "model/model.h"
#include "schema/offsets.h"

static const snug_table_schema *table_of(const snug_model *model) {
    return model->preprocessing != NULL ? model->preprocessing->table : NULL;
}

static const snug_scaler *scaler_of(const snug_model *model) {
    return model->preprocessing != NULL ? model->preprocessing->scaler : NULL;
}

/* ---- columns --------------------------------------------------------------------------------- */

/* Appends the name of column i. */
static snug_status append_name(snug_model_graph *m, const snug_table_schema *table, size_t i) {
    if (table != NULL && table->columns != NULL) {
        return snug_strings_append(&m->names, table->columns[i].name);
    }
    char *name = snug_format("x%zu", i + 1);
    snug_status status = name != NULL ? snug_strings_append(&m->names, name) : SNUG_ERROR_MEMORY;
    snug_release(name);
    return status;
}

snug_status snug_export_columns(snug_model_graph *m) {
    const snug_table_schema *table = table_of(m->model);
    const snug_scaler *scaler = scaler_of(m->model);
    const snug_column *columns = table != NULL ? table->columns : NULL;
    m->column_count = columns != NULL ? table->column_count : m->model->inputs;
    snug_status status = snug_strings_reserve(&m->names, m->column_count);
    if (status != SNUG_OK) {
        return status;
    }
    m->columns = snug_alloc(m->column_count, sizeof *m->columns);
    if (m->columns == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    for (size_t i = 0, feature = 0; i < m->column_count; i++) {
        status = append_name(m, table, i);
        if (status != SNUG_OK) {
            return status;
        }
        m->columns[i].name = m->names.items[i];
        m->columns[i].offset =
            scaler != NULL && scaler->offsets != NULL ? scaler->offsets[feature] : 0;
        m->columns[i].categories = columns != NULL ? columns[i].categories : (snug_strings){0};
        feature += columns != NULL ? snug_column_features(&columns[i]) : 1;
    }
    return SNUG_OK;
}

/* ---- features -------------------------------------------------------------------------------- */

static snug_value number(snug_graph *graph, double value) {
    const float narrow = (float)value;
    return snug_graph_constant(graph, 1, 1, &narrow);
}

/* Adds 1 - x. */
static snug_value opposite(snug_graph *graph, snug_value x) {
    return snug_graph_binary(graph, SNUG_SUBTRACT, number(graph, 1), x);
}

/* Adds 1 for each category that x is, otherwise 0: 1 x count. */
static snug_value one_hot(snug_graph *graph, snug_value x, size_t count) {
    float *codes = snug_alloc(count, sizeof *codes);
    if (codes == NULL) {
        return snug_graph_fail_as(graph, SNUG_ERROR_MEMORY);
    }
    for (size_t i = 0; i < count; i++) {
        codes[i] = (float)i;
    }
    snug_value all = snug_graph_constant(graph, 1, count, codes);
    snug_release(codes);
    return snug_graph_binary(graph, SNUG_EQUAL, x, all);
}

/* Adds the number of x's category and 1, or for an unknown one 0 and 0: 1 x 2. */
static snug_value code_and_known(snug_graph *graph, snug_value x, size_t count) {
    float *table = snug_alloc(count + 1, 2 * sizeof *table);
    if (table == NULL) {
        return snug_graph_fail_as(graph, SNUG_ERROR_MEMORY);
    }
    for (size_t i = 0; i < count; i++) {
        table[2 * i] = (float)i;
        table[2 * i + 1] = 1;
    }
    snug_value row = snug_graph_look_up(graph, x, count + 1, 2, table);
    snug_release(table);
    return row;
}

static snug_value column_at(snug_graph *graph, snug_value x, size_t i) {
    return snug_graph_columns(graph, x, 1, &i);
}

/* Adds 1 where x is one of the categories of a column, otherwise 0. */
static snug_value known_category(snug_graph *graph, const snug_column *column, snug_value x) {
    const size_t count = column->categories.count;
    if (snug_column_is_one_hot(column)) {
        return snug_graph_reduce_columns(graph, SNUG_SUM, one_hot(graph, x, count));
    }
    return column_at(graph, code_and_known(graph, x, count), 1);
}

/* Adds the features of a column, 1 x snug_column_features(). */
static snug_value column_features(snug_graph *graph, const snug_column *column, snug_value x) {
    const size_t count = column->categories.count;
    snug_value value = x, missing = {0};
    if (count == 0) {
        missing = column->indicator ? snug_graph_unary(graph, SNUG_IS_NAN, x) : missing;
    } else if (snug_column_is_one_hot(column)) {
        value = one_hot(graph, x, count);
        snug_value known = snug_graph_reduce_columns(graph, SNUG_SUM, value);
        missing = column->indicator ? opposite(graph, known) : missing;
    } else {
        snug_value row = code_and_known(graph, x, count), known = column_at(graph, row, 1);
        /* 0 / 0 is NaN, which the scaler fills */
        value = snug_graph_binary(graph, SNUG_DIVIDE, column_at(graph, row, 0), known);
        missing = column->indicator ? opposite(graph, known) : missing;
    }
    return column->indicator ? snug_graph_concatenate(graph, 2, (snug_value[]){value, missing})
                             : value;
}

/* Returns whether all columns are single numbers, so that the features are the columns. */
static bool is_plain(const snug_table_schema *table) {
    for (size_t i = 0; table != NULL && table->columns != NULL && i < table->column_count; i++) {
        if (table->columns[i].categories.count > 0 || table->columns[i].indicator) {
            return false;
        }
    }
    return true;
}

/* Adds the columns `from` to `to` - 1 of the input. */
static snug_value column_run(snug_graph *graph, size_t from, size_t to) {
    size_t *numbers = snug_alloc(to - from, sizeof *numbers);
    if (numbers == NULL) {
        return snug_graph_fail_as(graph, SNUG_ERROR_MEMORY);
    }
    for (size_t i = from; i < to; i++) {
        numbers[i - from] = i;
    }
    snug_value run = snug_graph_columns(graph, snug_graph_input(graph), to - from, numbers);
    snug_release(numbers);
    return run;
}

static bool is_number(const snug_column *column) {
    return column->categories.count == 0 && !column->indicator;
}

/* Runs of columns that are one number each are taken at once. */
snug_value snug_export_features(const snug_model_graph *m) {
    const snug_table_schema *table = table_of(m->model);
    snug_graph *graph = m->graph;
    if (is_plain(table)) {
        return snug_graph_input(graph);
    }
    snug_value *parts = snug_alloc(table->column_count, sizeof *parts);
    if (parts == NULL) {
        return snug_graph_fail_as(graph, SNUG_ERROR_MEMORY);
    }
    size_t count = 0;
    for (size_t i = 0, next; i < table->column_count; i = next) {
        next = i + 1;
        if (is_number(&table->columns[i])) {
            while (next < table->column_count && is_number(&table->columns[next])) {
                next++;
            }
            parts[count++] = column_run(graph, i, next);
        } else {
            snug_value x = column_run(graph, i, next);
            parts[count++] = column_features(graph, &table->columns[i], x);
        }
    }
    snug_value features = snug_graph_concatenate(graph, count, parts);
    snug_release(parts);
    return features;
}

/* ---- scaling --------------------------------------------------------------------------------- */

static bool all_equal(size_t n, const float *values, float value) {
    for (size_t i = 0; i < n; i++) {
        if (values[i] != value) {
            return false;
        }
    }
    return true;
}

/* Adds the difference of the offsets of a member to those of the input. */
static snug_value move_offsets(const snug_model_graph *m, const snug_scaler *scaler, snug_value x) {
    const snug_scaler *input = scaler_of(m->model);
    if (input == scaler || snug_offsets_equal(input->offsets, scaler->offsets, scaler->features)) {
        return x;
    }
    float *change = snug_alloc(scaler->features, sizeof *change);
    if (change == NULL) {
        return snug_graph_fail_as(m->graph, SNUG_ERROR_MEMORY);
    }
    for (size_t j = 0; j < scaler->features; j++) {
        change[j] = (float)(snug_offset(input->offsets, j) - snug_offset(scaler->offsets, j));
    }
    x = snug_graph_binary(m->graph, SNUG_ADD, x,
                          snug_graph_constant(m->graph, 1, scaler->features, change));
    snug_release(change);
    return x;
}

static snug_value row_of(snug_graph *graph, const snug_scaler *scaler, const float *values) {
    return snug_graph_constant(graph, 1, scaler->features, values);
}

/* Adds z / sqrt(1 + (z / limit)^2), as data/gather.c has it: NaN of 0 times infinity is 0. */
static snug_value clip_smoothly(snug_graph *graph, const snug_scaler *scaler, double limit,
                                snug_value z) {
    for (size_t j = 0; j < scaler->features; j++) {
        if (scaler->factor[j] == 0) {
            snug_value lost = snug_graph_unary(graph, SNUG_IS_NAN, z);
            z = snug_graph_select(graph, lost, number(graph, 0), z);
            break;
        }
    }
    z = snug_graph_clip(graph, z, -1e9, 1e9);
    snug_value share = snug_graph_multiply_number(graph, z, 1 / limit);
    share = snug_graph_binary(graph, SNUG_MULTIPLY, share, share);
    share = snug_graph_unary(graph, SNUG_SQRT, snug_graph_add_number(graph, share, 1));
    return snug_graph_binary(graph, SNUG_DIVIDE, z, share);
}

/* Adds the clipped numbers, but for the numbers of categories. */
static snug_value clip_features(snug_graph *graph, const snug_scaler *scaler, snug_value z) {
    const float limit = snug_scaling_limit(scaler->scaling);
    if (limit == 0 || scaler->code_count == scaler->features) {
        return z;
    }
    snug_value clipped = clip_smoothly(graph, scaler, (double)limit, z);
    if (scaler->code_count == 0) {
        return clipped;
    }
    float *is_code = snug_alloc(scaler->features, sizeof *is_code);
    if (is_code == NULL) {
        return snug_graph_fail_as(graph, SNUG_ERROR_MEMORY);
    }
    for (size_t i = 0; i < scaler->code_count; i++) {
        is_code[scaler->codes[i]] = 1;
    }
    snug_value codes = row_of(graph, scaler, is_code);
    snug_release(is_code);
    return snug_graph_select(graph, codes, z, clipped);
}

snug_value snug_export_scaling(const snug_model_graph *m, const snug_model *model,
                               snug_value features) {
    const snug_scaler *scaler = scaler_of(model);
    snug_graph *graph = m->graph;
    if (scaler == NULL) {
        return features;
    }
    snug_value x = move_offsets(m, scaler, features);
    x = snug_graph_select(graph, snug_graph_unary(graph, SNUG_IS_NAN, x),
                          row_of(graph, scaler, scaler->fill), x);
    if (!all_equal(scaler->features, scaler->shift, 0)) {
        x = snug_graph_binary(graph, SNUG_SUBTRACT, x, row_of(graph, scaler, scaler->shift));
    }
    if (!all_equal(scaler->features, scaler->factor, 1)) {
        x = snug_graph_binary(graph, SNUG_MULTIPLY, x, row_of(graph, scaler, scaler->factor));
    }
    return clip_features(graph, scaler, x);
}

/* ---- rows that are refused ------------------------------------------------------------------- */

/* Adds the number of values of a column that make the row be refused, 0 or 1. */
static snug_value refused(snug_graph *graph, const snug_table_schema *table, size_t i) {
    const snug_column *column = &table->columns[i];
    snug_value x = column_at(graph, snug_graph_input(graph), i);
    snug_value missing = snug_graph_unary(graph, SNUG_IS_NAN, x);
    if (column->categories.count == 0 || table->unknown_category != SNUG_UNKNOWN_ERROR) {
        return missing;
    }
    snug_value unknown = opposite(graph, known_category(graph, column, x));
    return table->missing == SNUG_MISSING_ERROR
               ? unknown
               : snug_graph_binary(graph, SNUG_SUBTRACT, unknown, missing);
}

/* Returns whether a column can make a row be refused, other than by NaN where all can. */
static bool refuses(const snug_table_schema *table, size_t i) {
    return table->columns[i].categories.count > 0 && table->unknown_category == SNUG_UNKNOWN_ERROR;
}

snug_value snug_export_refusal(const snug_model_graph *m) {
    const snug_table_schema *table = table_of(m->model);
    snug_graph *graph = m->graph;
    snug_value count = {0};
    if (table == NULL || table->columns == NULL) {
        return count;
    }
    if (table->missing == SNUG_MISSING_ERROR) {
        count = snug_graph_unary(graph, SNUG_IS_NAN, snug_graph_input(graph));
        count = snug_graph_reduce_columns(graph, SNUG_SUM, count);
    }
    for (size_t i = 0; i < table->column_count; i++) {
        if (refuses(table, i)) {
            snug_value one = refused(graph, table, i);
            count = count.rows == 0 ? one : snug_graph_binary(graph, SNUG_ADD, count, one);
        }
    }
    if (count.rows == 0) {
        return count;
    }
    snug_value taken = snug_graph_binary(graph, SNUG_EQUAL, count, number(graph, 0));
    return snug_graph_binary(graph, SNUG_DIVIDE, number(graph, 0), taken);
}
