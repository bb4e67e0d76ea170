#include <stdlib.h>

#include "members.h"
#include "output.h"

/* ---- any model ------------------------------------------------------------------------------- */

void cli_print_predictions(const snug_model *model) {
    double min, max;
    for (size_t j = 0; snug_model_prediction_range(model, j, &min, &max); j++) {
        const char *name = snug_model_target_name(model, j);
        char *printable = cli_printable(name != NULL ? name : "");
        printf("predicted values%s%s: clipped to %.9g to %.9g\n", name != NULL ? " of " : "",
               printable, min, max);
        free(printable);
    }
    if (snug_model_temperature(model) != 1) {
        printf("temperature of the probabilities: %.6g\n", snug_model_temperature(model));
    }
    if (snug_model_threshold(model) != 0.5) {
        const char *name = snug_model_class_name(model, 1);
        char *printable = cli_printable(name != NULL ? name : "1");
        printf("predicted class: %s above a probability of %.6g\n", printable,
               snug_model_threshold(model));
        free(printable);
    }
}

void cli_add_predictions(cJSON *json, const snug_model *model) {
    double min, max;
    cJSON *ranges = NULL;
    for (size_t j = 0; snug_model_prediction_range(model, j, &min, &max); j++) {
        ranges = ranges != NULL ? ranges : cli_json_array(json, "prediction_ranges");
        cJSON *range = cli_json_object(ranges, NULL);
        cli_json_number(range, "min", min);
        cli_json_number(range, "max", max);
    }
    if (snug_model_temperature(model) != 1) {
        cli_json_number(json, "temperature", snug_model_temperature(model));
    }
    if (snug_model_threshold(model) != 0.5) {
        cli_json_number(json, "threshold", snug_model_threshold(model));
    }
}

char *cli_layer_outputs(const snug_layer_info *layer) {
    return layer->members > 1 ? cli_format("%zu x %zu", layer->members, layer->outputs)
                              : cli_format("%zu", layer->outputs);
}

cJSON *cli_add_layer(cJSON *layers, const snug_model *model, size_t i) {
    snug_layer_info info = {0};
    (void)snug_model_layer(model, i, &info);
    cJSON *layer = cli_json_object(layers, NULL);
    cli_json_string(layer, "type", info.type);
    cli_json_count(layer, "output", info.outputs);
    if (info.members > 1) {
        cli_json_count(layer, "members", info.members);
    }
    cli_json_count(layer, "parameters", info.parameters);
    return layer;
}

/* ---- ensembles ------------------------------------------------------------------------------- */

void cli_print_members_json(const snug_model *ensemble) {
    cJSON *json = cli_json_object(NULL, NULL);
    cli_json_count(json, "inputs", snug_model_input_count(ensemble));
    cli_json_count(json, "outputs", snug_model_output_count(ensemble));
    cli_json_count(json, "parameters", snug_model_parameter_count(ensemble));
    cli_add_predictions(json, ensemble);
    cJSON *members = cli_json_array(json, "members");
    for (size_t i = 0; i < snug_model_member_count(ensemble); i++) {
        const snug_model *member = snug_model_member(ensemble, i);
        cJSON *item = cli_json_object(members, NULL);
        cli_json_count(item, "parameters", snug_model_parameter_count(member));
        cli_add_predictions(item, member);
        cJSON *layers = cli_json_array(item, "layers");
        for (size_t j = 0; j < snug_model_layer_count(member); j++) {
            (void)cli_add_layer(layers, member, j);
        }
    }
    cli_json_warnings(json);
    cli_json_print(json);
}

/* Returns the layers on one line, for free(): "dense 16, selu, dense 3". */
static char *list_layers(const snug_model *model) {
    char *list = cli_format("%s", "");
    size_t columns = snug_model_input_count(model);
    for (size_t i = 0; i < snug_model_layer_count(model); i++) {
        snug_layer_info info = {0};
        (void)snug_model_layer(model, i, &info);
        const char *comma = i > 0 ? ", " : "";
        char *outputs = cli_layer_outputs(&info);
        char *longer = info.outputs != columns || info.parameters > 0
                           ? cli_format("%s%s%s %s", list, comma, info.type, outputs)
                           : cli_format("%s%s%s", list, comma, info.type);
        columns = info.outputs;
        free(outputs);
        free(list);
        list = longer;
    }
    return list;
}

/* Returns whether members have a temperature of their own. */
static bool have_temperatures(const snug_model *ensemble) {
    for (size_t i = 0; i < snug_model_member_count(ensemble); i++) {
        if (snug_model_temperature(snug_model_member(ensemble, i)) != 1) {
            return true;
        }
    }
    return false;
}

void cli_print_members(const snug_model *ensemble) {
    size_t count = snug_model_member_count(ensemble);
    bool temperatures = have_temperatures(ensemble);
    cli_table table = {.align = temperatures ? "rrrl" : "rrl"};
    printf("an ensemble of %zu models, whose predictions are averaged\ninputs: %zu\n\n", count,
           snug_model_input_count(ensemble));
    cli_table_cell(&table, "member");
    cli_table_cell(&table, "parameters");
    if (temperatures) {
        cli_table_cell(&table, "temperature");
    }
    cli_table_cell(&table, "layers");
    for (size_t i = 0; i < count; i++) {
        const snug_model *member = snug_model_member(ensemble, i);
        char *layers = list_layers(member);
        cli_table_cell(&table, "%zu", i);
        cli_table_cell(&table, "%zu", snug_model_parameter_count(member));
        if (temperatures) {
            cli_table_cell(&table, "%.4g", snug_model_temperature(member));
        }
        cli_table_cell(&table, "%s", layers);
        free(layers);
    }
    cli_table_print(&table);
    printf("\nparameters: %zu\n", snug_model_parameter_count(ensemble));
    cli_print_predictions(ensemble);
}
