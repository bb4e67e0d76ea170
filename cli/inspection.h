/* What `snug inspect` shows of layers that were measured. */
#ifndef SNUG_CLI_INSPECTION_H
#define SNUG_CLI_INSPECTION_H

#include <cjson/cJSON.h>

#include <snug/snug.h>

#include "output.h"

/* Adds the first cells of a layer's row: its number, type, outputs and parameters. */
void cli_layer_cells(cli_table *table, const snug_model *model, size_t layer);

/* Prints tables of activations and of gradients and weights, and the notes. */
void cli_print_inspection(const snug_model *model, const snug_inspection *inspection);

/* Adds all that snug_inspection_to_json() writes; "warnings" with those of the library too. */
void cli_add_inspection(cJSON *json, const snug_inspection *inspection);

/* Draws the picture into a file. Returns an exit status. */
int cli_draw_inspection(const snug_inspection *inspection, const char *path);

#endif
