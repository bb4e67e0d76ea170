/* Single characters, which options name by themselves or in words: the delimiter of a table. */
#ifndef SNUG_KINDS_CHARACTER_H
#define SNUG_KINDS_CHARACTER_H

#include <stdbool.h>

/* What snug_character_parse() takes, for error messages. */
#define SNUG_CHARACTER_EXPECTED "one character, or comma, semicolon, tab or space"

/* The names of characters, ended by NULL. */
extern const char *const snug_character_names[];

/* Whether an option may hold the character: ASCII, but no quote, end of a line, or NUL byte. */
bool snug_character_allowed(double code);

/*
 * Sets *character to the one that a string is or names. Returns false where it is neither, or the
 * character is not allowed.
 */
bool snug_character_parse(const char *string, char *character);

/*
 * Writes the string that snug_character_parse() reads as the character to string[8]: its name where
 * it is blank, otherwise the character itself.
 */
void snug_character_print(char character, char string[8]);

#endif
