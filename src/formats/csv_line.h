/* Lines of a table without quotes, split in place: most lines of most tables. */
#ifndef SNUG_FORMATS_CSV_LINE_H
#define SNUG_FORMATS_CSV_LINE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * How many of n bytes are a line, its end included, that can be split at its delimiters alone; 0
 * where libcsv has to look: quotes, NUL bytes, lone returns, blank lines, or a line that does not
 * end here.
 */
size_t snug_csv_line_length(const char *bytes, size_t n);

/*
 * The field that begins at *at, without the spaces around it, ended by a 0 that is written over
 * what follows it. *at moves to the next field, or becomes NULL. `end` is the end of the line.
 */
char *snug_csv_line_field(char **at, const char *end, char delimiter);

#endif
