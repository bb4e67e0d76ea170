/*
 * Partial dependence: the mean prediction where every row has the same value in one column. Rows
 * are kept in double, as snug_predict_f64() takes them, so that no digit of large numbers is lost.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <snug/explain.h>
#include <snug/session.h>

#include "core/memory.h"
#include "core/status.h"
#include "explain/columns.h"
#include "model/data_check.h"
#include "model/data_match.h"
#include "model/ensemble.h"

enum { DEFAULT_POINTS = 21, MOST_ROWS = 2000, BLOCK = 256 };

typedef struct sweep {
    const snug_model *model;
    const snug_explain_column *column;
    size_t rows, features;
    double *x;      /* rows x features */
    double *sorted; /* the values that the column has, in order, without missing ones */
    size_t sorted_count;
    float *predictions; /* rows x outputs */
    snug_session *session;
} sweep;

/* ---- rows ------------------------------------------------------------------------------------ */

/* Reads every n-th row of the data, at most MOST_ROWS. */
static snug_status read_rows(sweep *s, const snug_dataset *data, size_t outputs) {
    size_t step = (data->count + MOST_ROWS - 1) / MOST_ROWS, floats = 0, numbers = 0;
    s->rows = (data->count + step - 1) / step;
    s->features = snug_dataset_column_count(data);
    if (!snug_multiply(s->rows, s->features, &numbers) ||
        !snug_multiply(s->rows, outputs, &floats)) {
        snug_fail_memory(SIZE_MAX);
        return SNUG_ERROR_MEMORY;
    }
    s->x = snug_alloc(numbers, sizeof *s->x);
    s->sorted = snug_alloc(s->rows, sizeof *s->sorted);
    s->predictions = snug_alloc(floats, sizeof *s->predictions);
    if (s->x == NULL || s->sorted == NULL || s->predictions == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    snug_status status = SNUG_OK;
    for (size_t i = 0; i < s->rows && status == SNUG_OK; i++) {
        status = snug_dataset_row_f64(data, i * step, s->x + i * s->features);
    }
    return status;
}

static int compare(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Sorts the column's values; a missing one is NaN. */
static void sort_values(sweep *s) {
    for (size_t i = 0; i < s->rows; i++) {
        double value = s->x[i * s->features + s->column->first];
        if (isfinite(value)) {
            s->sorted[s->sorted_count++] = value;
        }
    }
    qsort(s->sorted, s->sorted_count, sizeof *s->sorted, compare);
}

/* ---- points ---------------------------------------------------------------------------------- */

/* Sets the points to quantiles, from the least value to the largest, without repetition. */
static snug_status choose_values(sweep *s, size_t points, snug_dependence *result) {
    sort_values(s);
    result->values = snug_alloc(points, sizeof *result->values);
    if (result->values == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    if (s->sorted_count == 0) {
        return snug_fail(SNUG_ERROR_DATA, "column \"%s\": every value is missing", s->column->name);
    }
    for (size_t k = 0; k < points; k++) {
        double at = (double)k / (double)(points - 1) * (double)(s->sorted_count - 1);
        double value = s->sorted[(size_t)(at + 0.5)];
        if (result->points == 0 || value > result->values[result->points - 1]) {
            result->values[result->points++] = value;
        }
    }
    return SNUG_OK;
}

/* Sets the points to the names of all categories. */
static snug_status choose_categories(const sweep *s, snug_dependence *result) {
    const snug_strings *categories = &s->column->table->categories;
    result->categories = snug_alloc(categories->count, sizeof *result->categories);
    if (result->categories == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    for (; result->points < categories->count; result->points++) {
        char *name = snug_copy_string(categories->items[result->points]);
        result->categories[result->points] = name;
        if (name == NULL) {
            return SNUG_ERROR_MEMORY;
        }
    }
    return SNUG_OK;
}

static bool has_categories(const snug_explain_column *column) {
    return column->table != NULL && column->table->categories.count > 0;
}

/* Gives the column the value of a point in every row; an indicator then says that it is there. */
static void set_point(const sweep *s, const snug_dependence *result, size_t point) {
    const snug_explain_column *column = s->column;
    bool one_hot = column->table != NULL && snug_column_is_one_hot(column->table);
    for (size_t i = 0; i < s->rows; i++) {
        double *row = s->x + i * s->features + column->first;
        for (size_t j = 0; j < column->count; j++) {
            row[j] = one_hot && j == point ? 1.0 : 0.0;
        }
        if (!one_hot) {
            row[0] = result->values != NULL ? result->values[point] : (double)point;
        }
    }
}

/* ---- predictions ----------------------------------------------------------------------------- */

/* Returns the name of output j, of its class or of its values, which the caller releases. */
static char *output_name(const snug_model *model, size_t outputs, size_t j) {
    const bool single = outputs == 1 && snug_model_class_count(model) == 2;
    const char *name = snug_model_class_name(model, single ? 1 : j);
    return name != NULL ? snug_copy_string(name) : snug_model_prediction_name(model, j);
}

static snug_status name_outputs(const snug_model *model, snug_dependence *result) {
    result->names = snug_alloc(result->outputs, sizeof *result->names);
    for (size_t j = 0; result->names != NULL && j < result->outputs; j++) {
        result->names[j] = output_name(model, result->outputs, j);
        if (result->names[j] == NULL) {
            return SNUG_ERROR_MEMORY;
        }
    }
    return result->names != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
}

/* Predicts all rows with each point in turn, and sets the means. */
static snug_status run_points(const sweep *s, snug_dependence *result) {
    const size_t outputs = result->outputs;
    result->predictions = snug_alloc(result->points * outputs, sizeof *result->predictions);
    snug_status status = result->predictions != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
    for (size_t k = 0; k < result->points && status == SNUG_OK; k++) {
        double *mean = result->predictions + k * outputs;
        set_point(s, result, k);
        status = snug_predict_f64(s->session, s->x, s->rows, s->predictions);
        for (size_t i = 0; i < s->rows * outputs; i++) {
            mean[i % outputs] += (double)s->predictions[i];
        }
        for (size_t j = 0; j < outputs; j++) {
            mean[j] /= (double)s->rows;
        }
    }
    return status;
}

/* ---- the whole ------------------------------------------------------------------------------- */

static snug_status sweep_column(sweep *s, const snug_dataset *data, size_t threads, size_t points,
                                snug_dependence *result) {
    result->outputs = snug_model_output_count(s->model);
    snug_status status = read_rows(s, data, result->outputs);
    if (status == SNUG_OK) {
        status = has_categories(s->column) ? choose_categories(s, result)
                                           : choose_values(s, points, result);
    }
    if (status == SNUG_OK) {
        status = name_outputs(s->model, result);
    }
    if (status == SNUG_OK) {
        result->column = snug_copy_string(s->column->name);
        s->session = snug_session_new_parallel(s->model, BLOCK, threads);
        status = result->column != NULL && s->session != NULL ? run_points(s, result)
                                                              : snug_error_status();
    }
    snug_release(s->x);
    snug_release(s->sorted);
    snug_release(s->predictions);
    snug_session_free(s->session);
    return status;
}

snug_status snug_explain_dependence(const snug_model *model, const snug_dataset *data,
                                    const char *column, const snug_explain_options *options,
                                    snug_dependence *result) {
    const snug_explain_options defaults = {0};
    snug_explain_columns columns = {0};
    snug_dataset *matched = NULL;
    if (result == NULL) {
        return snug_fail_null("the dependence");
    }
    *result = (snug_dependence){0};
    options = options != NULL ? options : &defaults;
    if (options->points == 1) {
        return snug_fail(SNUG_ERROR_ARGUMENT, "points: must be at least 2 (got 1)");
    }
    snug_status status = snug_model_check_weights(model);
    if (status == SNUG_OK) {
        status = snug_data_match(model, data, "the data", NULL, &matched);
    }
    if (status == SNUG_OK) {
        status = snug_features_check(model, matched, "the data");
    }
    if (status == SNUG_OK) {
        status = snug_explain_columns_list(matched, &column, 1, &columns);
    }
    if (status == SNUG_OK) {
        sweep s = {.model = model, .column = &columns.items[0]};
        status = sweep_column(&s, matched, options->threads,
                              options->points > 0 ? options->points : DEFAULT_POINTS, result);
    }
    snug_release(columns.items);
    snug_dataset_free(matched);
    if (status != SNUG_OK) {
        snug_dependence_clear(result);
    }
    return status;
}

/* Frees an array of strings, of which some may be missing. */
static void free_strings(char **strings, size_t count) {
    for (size_t i = 0; strings != NULL && i < count; i++) {
        snug_release(strings[i]);
    }
    snug_release(strings);
}

void snug_dependence_clear(snug_dependence *result) {
    if (result == NULL) {
        return;
    }
    snug_release(result->column);
    snug_release(result->values);
    free_strings(result->categories, result->points);
    snug_release(result->predictions);
    free_strings(result->names, result->outputs);
    *result = (snug_dependence){0};
}
