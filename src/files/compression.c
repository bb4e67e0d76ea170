#include <string.h>

#include "files/compression.h"

#define LIST(name) &snug_compression_##name,
static const snug_compression *const compressions[] = {SNUG_COMPRESSIONS(LIST)};
#undef LIST

enum { COUNT = sizeof compressions / sizeof *compressions };

const snug_compression *snug_compression_of(const unsigned char *bytes, size_t n) {
    for (size_t i = 0; i < COUNT; i++) {
        if (compressions[i]->matches(bytes, n)) {
            return compressions[i];
        }
    }
    return NULL;
}

size_t snug_length_without_suffix(const char *path) {
    size_t length = strlen(path);
    for (size_t i = 0; i < COUNT; i++) {
        size_t suffix = strlen(compressions[i]->suffix);
        if (length > suffix && strcmp(path + length - suffix, compressions[i]->suffix) == 0) {
            return length - suffix;
        }
    }
    return length;
}
