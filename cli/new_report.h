/*
 * What `snug new` prints: what it saw of a table and chose, and why, with the option that would
 * change it. Long names and lists are cut; JSON has all of them.
 */
#ifndef SNUG_CLI_NEW_REPORT_H
#define SNUG_CLI_NEW_REPORT_H

#include <snug/snug.h>

#include "command.h" /* IWYU pragma: export */

/*
 * Prints in about a dozen lines what was seen of the file `data`; `out` is the file of the
 * experiment that was made of it; `target_named`: an option names the target.
 */
void cli_new_print_report(const char *data, const char *out, const snug_suggestion *seen,
                          bool target_named);

/* Prints all of it as JSON. */
void cli_new_print_json(const char *out, const snug_suggestion *seen);

#endif
