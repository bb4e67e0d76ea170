#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include "program.h"

void fail(const char *what, const char *why) {
    fprintf(stderr, "export_models: %s: %s\n", what, why);
    exit(1);
}

void *allocate(size_t count, size_t size) {
    void *block = calloc(count > 0 ? count : 1, size);
    if (block == NULL) {
        fail("memory", "none is left");
    }
    return block;
}

FILE *open_file(const char *name, const char *ending, const char *mode) {
    char path[LONGEST_NAME + 16];
    snprintf(path, sizeof path, "%s%s", name, ending);
    FILE *file = fopen(path, mode);
    if (file == NULL) {
        fail(path, "cannot be opened");
    }
    return file;
}

/* ---- random numbers -------------------------------------------------------------------------- */

static uint64_t random_state;

void seed_numbers(size_t seed) {
    random_state = seed + 1;
}

/* Knuth's generator (MMIX). */
size_t below(size_t n) {
    random_state = random_state * 6364136223846793005U + 1442695040888963407U;
    return (size_t)(random_state >> 33U) % n;
}

double uniform(double low, double high) {
    return low + (high - low) * (double)below(1 << 20) / (1 << 20);
}

/* ---- strings --------------------------------------------------------------------------------- */

void add(text *t, const char *format, ...) {
    va_list list;
    va_start(list, format);
    int length = vsnprintf(t->bytes + t->length, sizeof t->bytes - t->length, format, list);
    va_end(list);
    if (length < 0 || (size_t)length >= sizeof t->bytes - t->length) {
        fail("text", "too long");
    }
    t->length += (size_t)length;
}
