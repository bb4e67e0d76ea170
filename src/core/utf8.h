/* UTF-8 (RFC 3629): each character in its shortest form, no surrogates, up to U+10FFFF. */
#ifndef SNUG_CORE_UTF8_H
#define SNUG_CORE_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The length in bytes of the character that n bytes of text begin with; 0 where they begin with
 * none.
 */
size_t snug_utf8_length(const char *text, size_t n);

/* Whether a string is UTF-8 as a whole. */
bool snug_utf8_valid(const char *string);

/*
 * Copies a string to out[size], size above 0, as a terminal can show it safely: a control
 * character, a character that reverses or breaks a line, and a byte that is no UTF-8 become \x1B
 * and the like. Text that does not fit is cut between two characters. A printable copy copies to
 * itself.
 */
void snug_utf8_printable(const char *string, char *out, size_t size);

#endif
