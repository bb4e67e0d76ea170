/* Pieces of C source: numbers, strings, comments and identifiers that any compiler reads. */
#ifndef SNUG_C_CODE_WRITING_H
#define SNUG_C_CODE_WRITING_H

#include <stddef.h>
#include <stdio.h>

enum { SNUG_C_NUMBER_SIZE = 32, SNUG_C_WORD_SIZE = 64 };

/* Formats a float that reads back to the same bits: "0.100000001f". Returns `text`. */
const char *snug_c_number(char text[SNUG_C_NUMBER_SIZE], float value);

/* Writes values[count] as an initializer in braces, of several lines. */
void snug_c_write_floats(FILE *file, size_t count, const float *values);

/* Writes number i of an initializer, from 0, with what separates it from the one before. */
void snug_c_write_float(FILE *file, size_t i, float value);

/*
 * Writes a string literal in quotes. Bytes that are not printable ASCII are octal, and a question
 * mark behind another is escaped, so that there are no trigraphs.
 */
void snug_c_write_string(FILE *file, const char *string);

/* Writes a name inside a comment: printable, cut after some 80 bytes, without ends of comments. */
void snug_c_write_comment(FILE *file, const char *name);

/*
 * Makes a part of an identifier of a string: its ASCII letters and digits, and "_" for each run of
 * others, without "_" at the ends or twice. "" where nothing is left.
 */
void snug_c_word(char word[SNUG_C_WORD_SIZE], const char *string);

/* Makes the letters of a string capitals. */
void snug_c_capitalize(char *string);

#endif
