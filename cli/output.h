/* What the tool prints: errors, tables, JSON, and whole files. */
#ifndef SNUG_CLI_OUTPUT_H
#define SNUG_CLI_OUTPUT_H

#include <stdbool.h>
#include <stdio.h>

#include <cjson/cJSON.h>

#include <snug/snug.h>

#include "files/file_write.h"

/*
 * Returns count * size zeroed bytes, for free(). Ends the process with an error message where there
 * is no memory.
 */
void *cli_allocate(size_t count, size_t size);

/* Returns a string made as by printf, allocated by cli_allocate(). */
char *cli_format(const char *format, ...) SNUG_PRINTF(1, 2);

/* Returns a copy of a name for people, for free(): control characters are replaced by '?'. */
char *cli_printable(const char *text);

/* ---- errors ---------------------------------------------------------------------------------- */

/* Print "snug: ..." on standard error. Return CLI_WRONG for a usage error, CLI_FAILED otherwise. */
int cli_usage_error(const char *format, ...) SNUG_PRINTF(1, 2);
int cli_runtime_error(const char *format, ...) SNUG_PRINTF(1, 2);

/* Prints the library's error message. Returns the exit status that belongs to its status. */
int cli_library_error(void);

/* The same of a function that writes a file: 1, as the work failed, where that does not work. */
int cli_write_error(void);

/* Prints the library's warnings on standard error from now on, and keeps them. */
void cli_show_warnings(void);

/*
 * Leaves out what the library notes of the start of a run, such as the model that it starts from,
 * where the directory has the checkpoint that it is resumed from instead.
 */
void cli_hide_start(const char *directory, const char *name);

/* Prints and keeps a warning of the tool itself. */
void cli_warning(const char *format, ...) SNUG_PRINTF(1, 2);

/* Adds all warnings so far as the array "warnings". */
void cli_json_warnings(cJSON *object);

/* Frees the warnings, before the process ends. */
void cli_forget_warnings(void);

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

/* Returns how many columns of a terminal a UTF-8 string takes. */
size_t cli_width(const char *text);

/* Returns "512 bytes" or "1.5 KiB", for free(). */
char *cli_bytes(size_t bytes);

/* ---- JSON ------------------------------------------------------------------------------------ */

/*
 * As the functions of json/json_build.h, but end the process with an error message where there is
 * no memory.
 */
cJSON *cli_json_object(cJSON *parent, const char *key);
cJSON *cli_json_array(cJSON *parent, const char *key);
void cli_json_number(cJSON *object, const char *key, double number); /* not finite: null */
void cli_json_count(cJSON *object, const char *key, size_t count);
void cli_json_bool(cJSON *object, const char *key, bool value);
void cli_json_string(cJSON *parent, const char *key,
                     const char *string); /* key NULL: into an array */
void cli_json_metrics(cJSON *object, const snug_metrics *metrics);

/* Returns a string as JSON writes it, in quotes, for free(). */
char *cli_json_quote(const char *text);

/* Returns JSON text over several lines, for free(), and deletes the object. */
char *cli_json_format(cJSON *json);

/* Prints it on standard output and deletes it. */
void cli_json_print(cJSON *json);

/* ---- files ----------------------------------------------------------------------------------- */

/* Where a command prints: standard output, or a file that is replaced as a whole. */
typedef struct cli_output {
    FILE *stream;
    snug_file file;
} cli_output;

/* path NULL: standard output. Both return CLI_DONE, or CLI_FAILED after an error message. */
int cli_output_open(cli_output *output, const char *path);
int cli_output_close(cli_output *output);
void cli_output_abandon(cli_output *output); /* leaves no file behind */

/* Writes a string to a file or standard output: opens, writes and closes. */
int cli_output_text(const char *path, const char *text);

/* Fails as cli_output_open() would, before work is done for the file. Returns an exit status. */
int cli_output_check(const char *path);

/*
 * The same of a picture, which is written as SVG: refuses a name that ends as those of another
 * picture format do.
 */
int cli_picture_check(const char *path);

/*
 * Whether two paths name one file, which may not be there yet, so that one would replace the other;
 * not so for a device. b may be NULL.
 */
bool cli_is_same_file(const char *a, const char *b);

/* Flushes standard output. Returns CLI_FAILED where a write failed, which is printed once. */
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

/* As cli_lines_open(), of a file that keeps the lines that it has. path is not NULL. */
int cli_lines_append(cli_lines *lines, const char *path);
void cli_lines_add(cli_lines *lines, const char *text);

/* CLI_FAILED where one of the lines was not written. */
int cli_lines_close(cli_lines *lines);

/* Returns the bytes of a regular file and a 0, for free(), or NULL. */
char *cli_file_read(const char *path);

#endif
