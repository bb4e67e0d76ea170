#include <math.h>
#include <stdlib.h>

#include "bench.h"
#include "command.h"
#include "output.h"

static const char adam[] = "adam";
static const char momentum[] = "{\"type\": \"sgd\", \"learning_rate\": 0.001, \"momentum\": 0.9}";

const bench_shape bench_shapes[] = {
    {"W1", "tiny", {4, 16, 16, 3}, 0, 0, 16, 8192, false, adam},
    {"W2", "tabular", {32, 128, 128, 64, 2}, 0, 0, 64, 8192, false, adam},
    {"W3", "images", {784, 256, 256, 256, 10}, 0, 0, 128, 60000, true, adam},
    {"W4", "deep", {64, 10}, 32, 64, 64, 8192, false, momentum},
    {"W5", "wide", {1024, 2048, 2048, 10}, 0, 0, 256, 4096, false, momentum},
};

const size_t bench_shape_count = sizeof bench_shapes / sizeof *bench_shapes;

size_t *bench_widths(const bench_shape *shape, size_t *count) {
    size_t *widths =
        cli_allocate(shape->deep + sizeof shape->widths / sizeof *shape->widths, sizeof *widths);
    size_t n = 0;
    widths[n++] = shape->widths[0];
    for (size_t i = 0; i < shape->deep; i++) {
        widths[n++] = shape->deep_width;
    }
    for (size_t i = 1; shape->widths[i] != 0; i++) {
        widths[n++] = shape->widths[i];
    }
    *count = n;
    return widths;
}

char *bench_config(const bench_shape *shape) {
    size_t count = 0;
    size_t *widths = bench_widths(shape, &count);
    cJSON *json = cli_json_object(NULL, NULL);
    cJSON *model = cli_json_object(json, "model");
    cli_json_count(model, "inputs", widths[0]);
    cJSON *layers = cli_json_array(model, "layers");
    for (size_t i = 1; i < count; i++) {
        cJSON *dense = cli_json_object(layers, NULL);
        cli_json_string(dense, "type", "dense");
        cli_json_count(dense, "units", widths[i]);
        if (i + 1 < count) {
            cli_json_string(layers, NULL, "selu");
        }
    }
    char *printed = cJSON_PrintUnformatted(json);
    char *text = cli_format("%s", printed != NULL ? printed : "");
    cJSON_free(printed);
    cJSON_Delete(json);
    free(widths);
    return text;
}

/* ---- data ------------------------------------------------------------------------------------ */

/* A hash of the place, so that other programs can make the same rows. */
static uint32_t hash(size_t i) {
    uint32_t bits = (uint32_t)i * 2654435761U;
    bits ^= bits >> 15;
    bits *= 2246822519U;
    return bits ^ bits >> 13;
}

void bench_numbers(float *x, size_t count) {
    const float scale = (float)(sqrt(3.0) / 4294967296.0 * 2.0);
    for (size_t i = 0; i < count; i++) {
        x[i] = ((float)hash(i) - 2147483648.0F) * scale;
    }
}

/* The class follows from the row's first feature, so that there is something to learn. */
static void fill(bench_data *data, const bench_shape *shape, size_t columns, size_t classes) {
    for (size_t i = 0; data->bytes != NULL && i < shape->rows * columns; i++) {
        data->bytes[i] = (uint8_t)(hash(i) >> 24);
    }
    if (data->x != NULL) {
        bench_numbers(data->x, shape->rows * columns);
    }
    for (size_t i = 0; i < shape->rows; i++) {
        data->classes[i] = (int32_t)((uint64_t)hash(i * columns) * classes >> 32);
    }
}

int bench_data_make(bench_data *data, const bench_shape *shape) {
    size_t count = 0;
    size_t *widths = bench_widths(shape, &count);
    size_t columns = widths[0], classes = widths[count - 1];
    free(widths);
    *data = (bench_data){.classes = cli_allocate(shape->rows, sizeof(int32_t))};
    if (shape->images) {
        data->bytes = cli_allocate(shape->rows, columns);
    } else {
        data->x = cli_allocate(shape->rows, columns * sizeof *data->x);
    }
    fill(data, shape, columns, classes);
    data->dataset = shape->images
                        ? snug_dataset_from_bytes(data->bytes, shape->rows, columns, data->classes)
                        : snug_dataset_from_arrays(data->x, shape->rows, columns, data->classes);
    return data->dataset != NULL ? CLI_DONE : cli_library_error();
}

void bench_data_clear(bench_data *data) {
    snug_dataset_free(data->dataset);
    free(data->x);
    free(data->bytes);
    free(data->classes);
    *data = (bench_data){0};
}
