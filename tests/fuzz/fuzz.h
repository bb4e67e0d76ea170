/* What the fuzz targets share. Each file of this directory is a target of libFuzzer. */
#ifndef SNUG_TESTS_FUZZ_FUZZ_H
#define SNUG_TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <snug/snug.h> /* IWYU pragma: export */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Stops the fuzzer with a report where a property does not hold. */
static inline void fuzz_check(int holds, const char *property) {
    if (!holds) {
        fprintf(stderr, "does not hold: %s\n", property);
        abort();
    }
}

/*
 * Returns the path of a temporary file that holds the bytes. It is one file for the whole process,
 * already removed from its directory, which is found again through its descriptor.
 */
static inline const char *fuzz_file(const uint8_t *data, size_t size) {
    static char path[64];
    static int descriptor = -1;
    if (descriptor < 0) {
        char name[] = "/tmp/snug-fuzz-XXXXXX";
        descriptor = mkstemp(name);
        fuzz_check(descriptor >= 0, "a temporary file can be made");
        unlink(name);
        snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
    }
    fuzz_check(ftruncate(descriptor, 0) == 0, "the file can be emptied");
    fuzz_check(pwrite(descriptor, data, size, 0) == (ssize_t)size, "the file can be written");
    return path;
}

#endif
