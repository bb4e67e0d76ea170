/*
 * What `snug inspect` shows of an ensemble: its members. Memory, means and variances are those of
 * a single model, and are not shown.
 */
#ifndef SNUG_CLI_MEMBERS_H
#define SNUG_CLI_MEMBERS_H

#include <snug/snug.h>

/*
 * Prints a line for each member, with its number, its parameters and its layers on one line, and
 * the parameters of all members together.
 */
void cli_print_members(const snug_model *ensemble);

/*
 * Prints one JSON object: {"inputs", "outputs", "parameters", "members": [{"parameters", "layers":
 * [{"type", "output", "parameters"}]}], "warnings"}.
 */
void cli_print_members_json(const snug_model *ensemble);

#endif
