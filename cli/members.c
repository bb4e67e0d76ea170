#include <stdlib.h>

#include "members.h"
#include "output.h"

static void add_layers(cJSON *json, const snug_model *model) {
    cJSON *layers = cli_json_array(json, "layers");
    for (size_t i = 0; i < snug_model_layer_count(model); i++) {
        snug_layer_info info = {0};
        (void)snug_model_layer(model, i, &info);
        cJSON *layer = cli_json_object(layers, NULL);
        cli_json_string(layer, "type", info.type);
        cli_json_count(layer, "output", info.outputs);
        cli_json_count(layer, "parameters", info.parameters);
    }
}

void cli_print_members_json(const snug_model *ensemble) {
    cJSON *json = cli_json_object(NULL, NULL);
    cli_json_count(json, "inputs", snug_model_input_count(ensemble));
    cli_json_count(json, "outputs", snug_model_output_count(ensemble));
    cli_json_count(json, "parameters", snug_model_parameter_count(ensemble));
    cJSON *members = cli_json_array(json, "members");
    for (size_t i = 0; i < snug_model_member_count(ensemble); i++) {
        const snug_model *member = snug_model_member(ensemble, i);
        cJSON *item = cli_json_object(members, NULL);
        cli_json_count(item, "parameters", snug_model_parameter_count(member));
        add_layers(item, member);
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
        char *longer = info.outputs != columns || info.parameters > 0
                           ? cli_format("%s%s%s %zu", list, comma, info.type, info.outputs)
                           : cli_format("%s%s%s", list, comma, info.type);
        columns = info.outputs;
        free(list);
        list = longer;
    }
    return list;
}

void cli_print_members(const snug_model *ensemble) {
    size_t count = snug_model_member_count(ensemble);
    cli_table table = {.align = "rrl"};
    printf("an ensemble of %zu models, whose predictions are averaged\ninputs: %zu\n\n", count,
           snug_model_input_count(ensemble));
    cli_table_cell(&table, "member");
    cli_table_cell(&table, "parameters");
    cli_table_cell(&table, "layers");
    for (size_t i = 0; i < count; i++) {
        const snug_model *member = snug_model_member(ensemble, i);
        char *layers = list_layers(member);
        cli_table_cell(&table, "%zu", i);
        cli_table_cell(&table, "%zu", snug_model_parameter_count(member));
        cli_table_cell(&table, "%s", layers);
        free(layers);
    }
    cli_table_print(&table);
    printf("\nparameters: %zu\n", snug_model_parameter_count(ensemble));
}
