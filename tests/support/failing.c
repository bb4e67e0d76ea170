#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include <snug/memory.h>

#include "failing.h"

static size_t calls, fails_at, held;

static int fails_now(void) {
    return calls++ == fails_at;
}

static void *resize(void *user, void *pointer, size_t old_size, size_t size, size_t alignment) {
    (void)user;
    if (size == 0) {
        held -= pointer != NULL;
        free(pointer);
        return NULL;
    }
    if (fails_now()) {
        return NULL;
    }
    void *block;
    if (posix_memalign(&block, alignment, size) != 0) {
        return NULL;
    }
    memset(block, 0xA5, size); /* nothing may count on zeros */
    if (pointer != NULL) {
        memcpy(block, pointer, old_size < size ? old_size : size);
    }
    held += pointer == NULL;
    free(pointer);
    return block;
}

static void *json_malloc(size_t size) {
    void *block = fails_now() ? NULL : malloc(size);
    held += block != NULL;
    return block;
}

static void json_free(void *block) {
    held -= block != NULL;
    free(block);
}

void failing_start(size_t fail_at) {
    calls = held = 0;
    fails_at = fail_at;
    snug_set_allocator(&(snug_allocator){.resize = resize});
    cJSON_InitHooks(&(cJSON_Hooks){.malloc_fn = json_malloc, .free_fn = json_free});
}

size_t failing_stop(void) {
    snug_set_allocator(NULL);
    cJSON_InitHooks(NULL);
    return held;
}

size_t failing_calls(void) {
    return calls;
}
