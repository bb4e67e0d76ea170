/* The grammar of RFC 8259, checked before cJSON sees a text: cJSON takes more than that. */
#ifndef SNUG_JSON_JSON_SYNTAX_H
#define SNUG_JSON_JSON_SYNTAX_H

#include <stddef.h>

#include <snug/status.h>

/*
 * Whether n bytes are one JSON value, in UTF-8, with nothing after it. What is wrong is said as
 * "name:line:column: ...". Refused as well: the escape \u0000, which would end a C string, and what
 * is longer or deeper than cJSON reads, or has more than `most` values, objects and arrays among
 * them: cJSON takes some 80 bytes for a value of 2, such as "0,".
 */
snug_status snug_json_check_syntax(const char *name, const char *text, size_t n, size_t most);

/*
 * Checks one line of a file of data, of any number of values: fails with SNUG_ERROR_DATA, and with
 * `line`, from 1, as the number of the line.
 */
snug_status snug_json_check_line(const char *path, size_t line, const char *text, size_t n);

#endif
