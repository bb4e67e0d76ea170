#include <math.h>
#include <stdlib.h>

#include "inspection.h"
#include "members.h"

void cli_layer_cells(cli_table *table, const snug_model *model, size_t layer) {
    snug_layer_info info = {0};
    (void)snug_model_layer(model, layer, &info);
    char *outputs = cli_layer_outputs(&info);
    cli_table_cell(table, "%zu", layer);
    cli_table_cell(table, "%s", info.type);
    cli_table_cell(table, "%s", outputs);
    cli_table_cell(table, "%zu", info.parameters);
    free(outputs);
}

static void mean_cell(cli_table *table, double mean) {
    if (isfinite(mean)) {
        cli_table_cell(table, "%.4f", mean);
    } else {
        cli_table_cell(table, "-");
    }
}

/* Adds a number with four digits behind the point, or of three where it is small or large. */
static void number_cell(cli_table *table, double number) {
    if (!isfinite(number)) {
        cli_table_cell(table, "-");
    } else if (number != 0 && (fabs(number) < 1e-3 || fabs(number) >= 1e5)) {
        cli_table_cell(table, "%.2e", number);
    } else {
        cli_table_cell(table, "%.4f", number);
    }
}

static void add_heads(cli_table *table, const char *const *heads) {
    for (; *heads != NULL; heads++) {
        cli_table_cell(table, "%s", *heads);
    }
}

static void print_activations(const snug_model *model, const snug_inspection *inspection) {
    static const char *const heads[] = {"layer",     "type",     "output",      "parameters",
                                        "mean",      "variance", "theory_mean", "theory_variance",
                                        "saturated", NULL};
    cli_table table = {.align = "rlrrrrrrr"};
    add_heads(&table, heads);
    for (size_t i = 0; i < snug_inspection_layer_count(inspection); i++) {
        const snug_layer_statistics *layer = snug_inspection_layer(inspection, i);
        cli_layer_cells(&table, model, i);
        mean_cell(&table, layer->mean);
        number_cell(&table, layer->variance);
        mean_cell(&table, layer->theory.mean);
        number_cell(&table, layer->theory.variance);
        number_cell(&table, layer->saturated);
    }
    cli_table_print(&table);
}

static void print_gradients(const snug_inspection *inspection) {
    static const char *const heads[] = {"layer",
                                        "type",
                                        "gradient_mean",
                                        "gradient_variance",
                                        "theory_variance",
                                        "omega",
                                        "+-",
                                        "tau",
                                        "+-",
                                        NULL};
    cli_table table = {.align = "rlrrrrrrr"};
    add_heads(&table, heads);
    for (size_t i = 0; i < snug_inspection_layer_count(inspection); i++) {
        const snug_layer_statistics *layer = snug_inspection_layer(inspection, i);
        cli_table_cell(&table, "%zu", i);
        cli_table_cell(&table, "%s", layer->layer.type);
        number_cell(&table, layer->gradient_mean);
        number_cell(&table, layer->gradient_variance);
        number_cell(&table, layer->theory.gradient_variance);
        number_cell(&table, layer->omega.mean);
        number_cell(&table, layer->omega.deviation);
        number_cell(&table, layer->tau.mean);
        number_cell(&table, layer->tau.deviation);
    }
    cli_table_print(&table);
}

void cli_print_inspection(const snug_model *model, const snug_inspection *inspection) {
    double mean, variance;
    const char *note;
    snug_inspection_input(inspection, &mean, &variance);
    print_activations(model, inspection);
    printf("\nmean and variance of each layer's outputs over %zu rows; the inputs have mean %.4f "
           "and variance %.4f\n\n",
           snug_inspection_row_count(inspection), mean, variance);
    print_gradients(inspection);
    printf("\ngradients of a row's loss by each layer's outputs; omega and tau of its units\n");
    for (size_t i = 0; (note = snug_inspection_warning(inspection, i)) != NULL; i++) {
        printf("%snote: %s\n", i == 0 ? "\n" : "", note);
    }
}

void cli_add_inspection(cJSON *json, const snug_inspection *inspection) {
    char *text = snug_inspection_to_json(inspection);
    cJSON *found = text != NULL ? cJSON_Parse(text) : NULL;
    snug_free(text);
    if (found == NULL) {
        exit(cli_runtime_error("out of memory"));
    }
    cJSON *notes = cJSON_DetachItemFromObjectCaseSensitive(found, "warnings");
    for (cJSON *item; (item = found->child) != NULL;) {
        cJSON *detached = cJSON_DetachItemViaPointer(found, item);
        cJSON_AddItemToObject(json, detached->string, detached);
    }
    cJSON_Delete(found);
    cli_json_warnings(json);
    cJSON *warnings = cJSON_GetObjectItemCaseSensitive(json, "warnings");
    for (cJSON *note; (note = notes->child) != NULL;) {
        cJSON_AddItemToArray(warnings, cJSON_DetachItemViaPointer(notes, note));
    }
    cJSON_Delete(notes);
}

int cli_draw_inspection(const snug_inspection *inspection, const char *path) {
    char *picture = snug_plot_inspection(inspection);
    int status = picture != NULL ? cli_output_text(path, picture) : cli_library_error();
    snug_free(picture);
    return status;
}
