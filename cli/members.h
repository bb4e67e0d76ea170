/*
 * What `snug inspect` shows of any model, and of an ensemble: its members. Memory, means and
 * variances are those of a single model, and are not shown of an ensemble.
 */
#ifndef SNUG_CLI_MEMBERS_H
#define SNUG_CLI_MEMBERS_H

#include <cjson/cJSON.h>

#include <snug/snug.h>

/* Print or add what prediction does beyond the output function of the loss, if anything. */
void cli_print_predictions(const snug_model *model);
void cli_add_predictions(cJSON *json, const snug_model *model);

/*
 * Returns the outputs of a layer, for free(): "256"; of a batch_ensemble "32 x 256", those of each
 * of its members.
 */
char *cli_layer_outputs(const snug_layer_info *layer);

/* Adds layer i to an array, and returns its object. */
cJSON *cli_add_layer(cJSON *layers, const snug_model *model, size_t i);

/*
 * Prints a line for each member, with its number, its parameters and its layers on one line, and
 * the parameters of all members together.
 */
void cli_print_members(const snug_model *ensemble);

/*
 * Prints one JSON object: {"inputs", "outputs", "parameters", "members": [{"parameters", "layers":
 * [{"type", "output", "parameters"}]}], "warnings"}, and what cli_add_predictions() adds.
 */
void cli_print_members_json(const snug_model *ensemble);

#endif
