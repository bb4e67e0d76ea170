#include <stdio.h>
#include <string.h>

#include "core/spelling.h"

enum { LONGEST = 48 }; /* longer names are never near */

static size_t smaller(size_t a, size_t b) {
    return a < b ? a : b;
}

/* Returns the lower case of an ASCII letter, whatever the locale. */
static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/*
 * How many insertions, deletions, substitutions and swaps of neighbours turn a into b: the distance
 * of Damerau and Levenshtein, each part changed at most once. A capital for a small letter costs
 * nothing.
 */
static size_t edit_distance(const char *a, size_t a_length, const char *b, size_t b_length) {
    size_t rows[3][LONGEST + 1];
    size_t *before = rows[0], *above = rows[1], *row = rows[2];
    for (size_t j = 0; j <= b_length; j++) {
        above[j] = j;
    }
    for (size_t i = 1; i <= a_length; i++) {
        row[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            size_t replaced = above[j - 1] + (lower(a[i - 1]) != lower(b[j - 1]));
            row[j] = smaller(replaced, smaller(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
                lower(a[i - 2]) == lower(b[j - 1])) {
                row[j] = smaller(row[j], before[j - 2] + 1);
            }
        }
        size_t *oldest = before;
        before = above;
        above = row;
        row = oldest;
    }
    return above[b_length];
}

/* How many letters of two words at the same position are not written alike. */
static size_t differences(const char *a, const char *b) {
    size_t count = 0;
    for (size_t i = 0; a[i] != '\0' && b[i] != '\0'; i++) {
        count += a[i] != b[i];
    }
    return count;
}

const char *snug_nearest_name(const char *name, const char *const *names, size_t count) {
    const char *nearest = NULL;
    size_t length = strlen(name), best = 0;
    if (length > LONGEST) {
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        size_t other = strlen(names[i]);
        if (other > LONGEST) {
            continue;
        }
        size_t distance = edit_distance(name, length, names[i], other);
        /* A third of the letters may be wrong: more is another word. */
        if (distance * 3 > (length > other ? length : other) + 1) {
            continue;
        }
        if (nearest == NULL || distance < best ||
            (distance == best && differences(name, names[i]) < differences(name, nearest))) {
            nearest = names[i];
            best = distance;
        }
    }
    return nearest;
}

void snug_quote_names(const char *const *names, size_t count, char *buffer, size_t size) {
    static const char more[] = " ...";
    size_t used = 0;
    buffer[0] = 0;
    for (size_t i = 0; i < count; i++) {
        const char *comma = i > 0 ? ", " : "";
        size_t needed = strlen(comma) + strlen(names[i]) + 2;
        if (used + needed + sizeof more > size) {
            snprintf(buffer + used, size - used, "%s", more);
            return;
        }
        snprintf(buffer + used, size - used, "%s\"%s\"", comma, names[i]);
        used += needed;
    }
}
