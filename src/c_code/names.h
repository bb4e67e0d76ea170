/*
 * The names that a generated program defines: all begin with a prefix, in capitals for constants.
 * Names of columns, categories and classes become identifiers; where two would be the same, a
 * number makes them different: "a b" and "a-b" become NET_COLUMN_A_B and NET_COLUMN_A_B_2.
 */
#ifndef SNUG_C_CODE_NAMES_H
#define SNUG_C_CODE_NAMES_H

#include "c_code/writing.h"
#include "core/string_set.h"

typedef struct snug_c_names {
    char prefix[SNUG_C_WORD_SIZE]; /* "net" */
    char upper[SNUG_C_WORD_SIZE];  /* "NET" */
    snug_string_set constants;     /* in use, owned */
} snug_c_names;

/*
 * Starts with the names of every program. The prefix is `name`; where that is NULL, it is made of
 * the name of the file. Fails for a `name` that is no identifier or reserved in C or C++.
 */
snug_status snug_c_names_start(snug_c_names *names, const char *path, const char *name);

/* Frees what is in it. */
void snug_c_names_clear(snug_c_names *names);

/*
 * Adds a constant PREFIX_GROUP_NAME, or PREFIX_GROUP_NUMBER where no character of `name` can be in
 * an identifier. Returns it, valid as long as `names`; NULL without memory.
 */
const char *snug_c_names_add(snug_c_names *names, const char *group, const char *name,
                             size_t number);

#endif
