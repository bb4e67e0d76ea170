/* What the tool prints: errors, tables, JSON, and whole files. */
#ifndef SNUG_CLI_OUTPUT_H
#define SNUG_CLI_OUTPUT_H

#include <stdbool.h>
#include <stdio.h>

#include <cjson/cJSON.h>

#include <snug/snug.h>

#include "core/file_write.h"

/* count * size zeroed bytes, for free(); ends the process with a sentence without memory. */
void *cli_allocate(size_t count, size_t size);

/* A text made as by printf, of cli_allocate(). */
char *cli_format(const char *format, ...) SNUG_PRINTF(1, 2);

/* A copy of a name for people, of cli_allocate(): a control character of it is printed as '?'. */
char *cli_printable(const char *text);

/* ---- errors ---------------------------------------------------------------------------------- */

/* Print "snug: ..." on standard error; wrong answers CLI_WRONG, failed CLI_FAILED. */
int cli_usage_error(const char *format, ...) SNUG_PRINTF(1, 2);
int cli_runtime_error(const char *format, ...) SNUG_PRINTF(1, 2);

/* Prints the library's sentence and answers the exit status that belongs to its status. */
int cli_library_error(void);

/* From now on the library's warnings go to standard error. */
void cli_show_warnings(void);

/* ---- tables ---------------------------------------------------------------------------------- */

/* Cells, filled row by row; one letter a column, 'l' or 'r', says how it is aligned. */
typedef struct cli_table {
    const char *align;
    char **cells;
    size_t count, capacity;
} cli_table;

void cli_table_cell(cli_table *table, const char *format, ...) SNUG_PRINTF(2, 3);
void cli_table_number(cli_table *table, double number); /* with five digits; NaN as "-" */
void cli_table_print(cli_table *table);                 /* and empties it */

/* The columns of a terminal that a text takes. */
size_t cli_width(const char *text);

/* "512 bytes", "1.5 KiB": release it with free(). */
char *cli_bytes(size_t bytes);

/* ---- JSON ------------------------------------------------------------------------------------ */

/* As cJSON's, but end the process with a sentence without memory. NULL parent: a new one. */
cJSON *cli_json_object(cJSON *parent, const char *key);
cJSON *cli_json_array(cJSON *parent, const char *key);
void cli_json_number(cJSON *object, const char *key, double number); /* not finite: null */
void cli_json_count(cJSON *object, const char *key, size_t count);
void cli_json_bool(cJSON *object, const char *key, bool value);
void cli_json_text(cJSON *parent, const char *key, const char *text); /* key NULL: into an array */
void cli_json_metrics(cJSON *object, const snug_metrics *metrics);

/* A text as JSON writes it, in quotes: release it with free(). */
char *cli_json_quote(const char *text);

/* As JSON text over several lines, for free(); deletes the object. */
char *cli_json_format(cJSON *json);

/* Prints it on standard output and deletes it. */
void cli_json_print(cJSON *json);

/* ---- files ----------------------------------------------------------------------------------- */

/* What is printed: standard output, or a file that is written beside its place and then renamed. */
typedef struct cli_output {
    FILE *stream;
    snug_file file;
} cli_output;

/* path NULL: standard output. Answers CLI_DONE, or CLI_FAILED after saying why. */
int cli_output_open(cli_output *output, const char *path);
int cli_output_close(cli_output *output);
void cli_output_abandon(cli_output *output); /* leaves no file behind */

/* A text to a file or standard output, in one. */
int cli_output_text(const char *path, const char *text);

/* Whether cli_output_open() could make the file: checked before work is done for it. */
int cli_output_check(const char *path);

/* Flushes standard output. CLI_FAILED where a write to it failed; the error is printed once. */
int cli_stdout_finish(void);

/*
 * A file of lines that others may read while it grows. A line that cannot be written is an error
 * once, and the work goes on without the lines after it. A signal that was caught (cli_signal())
 * ends the waiting for a slow reader.
 */
typedef struct cli_lines {
    const char *path;
    snug_file file;
    bool open, failed;
} cli_lines;

/* path NULL: no lines are written. Returns CLI_DONE, or CLI_FAILED after an error message. */
int cli_lines_open(cli_lines *lines, const char *path);
void cli_lines_add(cli_lines *lines, const char *text);

/* CLI_FAILED where one of the lines was not written. */
int cli_lines_close(cli_lines *lines);

/* The text of a file, of cli_allocate(), or NULL. */
char *cli_file_read(const char *path);

#endif
