#include <math.h>
#include <stdlib.h>

#include <cjson/cJSON.h>

#include "agreement.h"
#include "model/model.h"
#include "program.h"

enum { MOST_ROWS = 64 };

/* ---- raw rows -------------------------------------------------------------------------------- */

/*
 * Returns the raw value of a column whose features are x: what a program without Snug gives to an
 * exported model. Missing and unknown categories are NaN or a number that no category has.
 */
static float raw_value(const snug_column *column, const double *x, double offset, size_t row) {
    const float none = row % 2 == 0 ? NAN : row % 3 == 0 ? -1.0F : 1e6F;
    if (column == NULL || column->categories.count == 0) {
        return (float)(x[0] - offset);
    }
    if (column->integer) {
        return x[0] >= 0 && x[0] < (double)column->categories.count ? (float)x[0] : none;
    }
    for (size_t k = 0; k < column->categories.count; k++) {
        if (x[k] == 1) {
            return (float)k;
        }
    }
    return none;
}

/* Sets offsets[columns] to those of an exported model's description. */
static void read_offsets(const snug_model *model, size_t columns, double *offsets) {
    char *printed = snug_model_export_description(model);
    if (printed == NULL) {
        fail("description", snug_error());
    }
    cJSON *description = cJSON_Parse(printed);
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(description, "columns");
    const cJSON *column = NULL;
    size_t j = 0;
    cJSON_ArrayForEach(column, list) {
        const cJSON *offset = cJSON_GetObjectItemCaseSensitive(column, "offset");
        if (j < columns) {
            offsets[j] = offset != NULL ? offset->valuedouble : 0;
        }
        j++;
    }
    if (j != columns) {
        fail("description", "the number of columns is wrong");
    }
    cJSON_Delete(description);
    snug_free(printed);
}

/* Sets raw[rows][columns] to the raw values of the rows of features x. Returns the columns. */
static size_t raw_rows(const snug_model *model, size_t rows, const double *x, float *raw) {
    const snug_table_schema *schema = model->preprocessing->table;
    const size_t columns = schema->column_count;
    double *offsets = allocate(columns, sizeof *offsets);
    read_offsets(model, columns, offsets);
    for (size_t i = 0; i < rows; i++) {
        const double *row = x + i * schema->features;
        for (size_t j = 0; j < columns; j++) {
            const snug_column *column = schema->columns != NULL ? &schema->columns[j] : NULL;
            raw[i * columns + j] = raw_value(column, row, offsets[j], i);
            row += column != NULL ? snug_column_features(column) : 1;
        }
    }
    free(offsets);
    return columns;
}

/* ---- files ----------------------------------------------------------------------------------- */

void write_agreement(const char *name, const agreement *a) {
    FILE *file = open_file(name, ".bin", "wb");
    const int32_t sizes[] = {(int32_t)a->rows, (int32_t)a->columns,
                             a->both ? 2 : (int32_t)a->outputs};
    fwrite(sizes, sizeof *sizes, 3, file);
    fwrite(a->raw, sizeof *a->raw, a->rows * a->columns, file);
    for (size_t i = 0; i < a->rows * a->outputs; i++) {
        const float other = 1 - a->predictions[i];
        fwrite(&other, sizeof other, a->both ? 1 : 0, file);
        fwrite(&a->predictions[i], sizeof *a->predictions, 1, file);
    }
    fwrite(a->classes, sizeof *a->classes, a->rows, file);
    if (fclose(file) != 0) {
        fail(name, "cannot be written");
    }
    file = open_file("index", ".txt", "a");
    fprintf(file, "%s\n", name);
    fclose(file);
}

/* Predicts the first rows of data, at most MOST_ROWS. */
static void predict(const char *name, const snug_model *model, const snug_dataset *data,
                    agreement *a) {
    const size_t features = snug_dataset_column_count(data), all = snug_dataset_row_count(data);
    const bool classifies = snug_model_class_count(model) > 0;
    a->rows = all < MOST_ROWS ? all : MOST_ROWS;
    a->outputs = snug_model_output_count(model);
    a->raw = allocate(a->rows * features, sizeof *a->raw);
    a->predictions = allocate(a->rows * a->outputs, sizeof *a->predictions);
    a->classes = allocate(a->rows, sizeof *a->classes);
    double *x = allocate(a->rows * features, sizeof *x);
    snug_session *session = snug_session_new(model, a->rows);
    snug_status status = session != NULL ? SNUG_OK : snug_error_status();
    for (size_t i = 0; i < a->rows && status == SNUG_OK; i++) {
        status = snug_dataset_row_f64(data, i, x + i * features);
    }
    if (status == SNUG_OK) {
        status = snug_predict_classes_f64(session, x, a->rows, a->predictions,
                                          classifies ? a->classes : NULL);
    }
    if (status != SNUG_OK) {
        fail(name, snug_error());
    }
    for (size_t i = 0; i < a->rows && !classifies; i++) {
        a->classes[i] = -1;
    }
    snug_session_free(session);
    a->both = classifies && a->outputs == 1;
    a->columns = raw_rows(model, a->rows, x, a->raw);
    free(x);
}

void export_model(const char *name, const snug_model *model, const snug_dataset *data,
                  size_t opset) {
    char path[LONGEST_NAME + 16];
    agreement a = {0};
    snprintf(path, sizeof path, "%s.onnx", name);
    if (snug_model_export_onnx(model, path, &(snug_onnx_options){.opset = opset}) != SNUG_OK) {
        fail(name, snug_error());
    }
    predict(name, model, data, &a);
    write_agreement(name, &a);
    free(a.raw);
    free(a.predictions);
    free(a.classes);
}
