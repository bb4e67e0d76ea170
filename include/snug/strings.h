/* Lists of strings. */
#ifndef SNUG_STRINGS_H
#define SNUG_STRINGS_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* `count` strings, each ended by a NUL byte. The comment of a member says who owns them. */
typedef struct snug_strings {
    char **items;
    size_t count;
} snug_strings;

#ifdef __cplusplus
}
#endif
#endif
