/*
 * How a file of delimited fields is written, found out from its bytes: encoding, delimiter, decimal
 * mark, and whether its first line is a header.
 */
#ifndef SNUG_RECIPES_DIALECT_H
#define SNUG_RECIPES_DIALECT_H

#include <snug/suggest.h>

#include "files/byte_source.h"
#include "schema/number_marks.h"

typedef struct snug_dialect {
    const char *encoding; /* "utf-8" */
    char delimiter;
    char decimal;
    snug_decimal_choice marks; /* how the decimal mark was found; all zero where it was known */
    bool header;
    bool header_unsure; /* the first line may be the other thing too */
} snug_dialect;

/*
 * Finds the other members by the first thousand records of the file in dialect->encoding. A member
 * that is not 0 is known and kept; `header` is what is known of the header.
 *
 * The delimiter is the one that cuts the records into equal numbers of fields, more than one. The
 * decimal mark is that of schema/number_marks.h. There is a header where the first line
 *
 *     holds a name above a column of numbers;
 *     holds no number and no name twice, and its names are not values below it;
 *     or holds whole numbers, such as years, none of its fields is a value below it, and so many
 *     differ from all others of their columns that they are hardly values of these.
 */
snug_status snug_dialect_detect(const snug_byte_source *source, snug_header header,
                                snug_dialect *dialect);

#endif
