/* The export of a model as an int8 program in C: calibrated and measured on data. */
#include <stdlib.h>
#include <string.h>

#include <snug/export.h>

#include "c_code/c_code.h"
#include "core/memory.h"
#include "core/status.h"
#include "export/graph_rows.h"
#include "int8_code/int8_code.h"
#include "int8_code/quality.h"
#include "model/data_check.h"
#include "model/data_match.h"
#include "quantize/build.h"

/*
 * The most rows that ranges are chosen by. They are spread evenly over the data, whose classes may
 * be sorted.
 */
enum { CALIBRATION_ROWS = 1024 };

/* Makes the int8 program of a graph, by rows of the data. NULL on failure. */
static snug_int8_program *calibrate(snug_model_graph *graph, const snug_dataset *data) {
    size_t count = data->count < CALIBRATION_ROWS ? data->count : CALIBRATION_ROWS;
    snug_graph_rows rows;
    snug_int8_program *program = NULL;
    snug_status status = snug_graph_rows_start(&rows, graph, data, 1);
    float *x = snug_alloc(count, graph->column_count * sizeof *x);
    for (size_t i = 0; x != NULL && status == SNUG_OK && i < count; i++) {
        size_t row = count == data->count ? i : i * data->count / count;
        status = snug_graph_rows_gather(&rows, row, 1, x + i * graph->column_count);
    }
    if (x != NULL && status == SNUG_OK) {
        program = snug_int8_program_new(graph->graph, count, x, SNUG_CALIBRATE_SQUARED_ERROR);
    }
    snug_graph_rows_clear(&rows);
    snug_release(x);
    return program;
}

/*
 * Adds the name of a layer to the error message of its section, "layers.1: ...". Those of blocks
 * and of members of ensembles have other sections.
 */
static snug_status name_layer(const snug_model *model) {
    static const char section[] = "layers.";
    const char *message = snug_error();
    if (strncmp(message, section, strlen(section)) == 0 && model->plan != NULL) {
        char *end;
        size_t i = strtoul(message + strlen(section), &end, 10);
        if (*end == ':' && i < model->plan->count) {
            return snug_fail_in("the layer \"%s\"", model->plan->nodes[i].kind->base.name);
        }
    }
    return snug_error_status();
}

/* Writes the program of a graph, and measures it on data that is matched and checked. */
static snug_status export_graph(snug_model_graph *graph, const snug_dataset *data, const char *path,
                                const snug_c_options *options, snug_int8_report *report) {
    *report = (snug_int8_report){.rows = data->count,
                                 .classes = graph->task != SNUG_EXPORT_VALUES,
                                 .float_bytes = snug_graph_bytes(graph->graph)};
    /* First, because the constants of the graph are folded afterwards. */
    snug_status status = snug_graph_quality(graph, NULL, data, &report->float_quality);
    snug_int8_program *program = status == SNUG_OK ? calibrate(graph, data) : NULL;
    if (program == NULL) {
        return name_layer(graph->model);
    }
    status = snug_graph_quality(graph, program, data, &report->int8_quality);
    if (status == SNUG_OK) {
        report->int8_bytes = snug_int8_program_bytes(program);
        status = snug_int8_write_program(graph, program, path, options);
    }
    snug_int8_program_free(program);
    return status;
}

/* Checks that a model can be measured on data, which is matched with it. */
static snug_status check_data(const snug_model *model, const snug_dataset *data) {
    if (data->count == 0) {
        return snug_fail(SNUG_ERROR_DATA, "the calibration data: has no rows");
    }
    return snug_data_check(model, NULL, data, "the calibration data");
}

snug_status snug_model_export_c_int8(const snug_model *model, const char *path,
                                     const snug_c_options *options, const snug_dataset *data,
                                     snug_int8_report *report) {
    const snug_c_options defaults = {0};
    char header[PATH_MAX];
    snug_int8_report unused;
    snug_dataset *matched = NULL;
    if (model == NULL) {
        return snug_fail_not_constructed(SNUG_CONSTRUCTED_MODEL, "the model");
    }
    if (path == NULL) {
        return snug_fail_null("the path");
    }
    if (snug_c_header_path(header, path) != SNUG_OK) {
        return snug_error_status();
    }
    snug_model_graph *graph = snug_model_graph_new(model);
    if (graph == NULL) {
        return snug_error_status();
    }
    snug_status status = snug_data_match(model, data, "the calibration data", NULL, &matched);
    if (status == SNUG_OK) {
        status = check_data(model, matched);
    }
    if (status == SNUG_OK) {
        status = export_graph(graph, matched, path, options != NULL ? options : &defaults,
                              report != NULL ? report : &unused);
    }
    snug_dataset_free(matched);
    snug_model_graph_free(graph);
    return status;
}
