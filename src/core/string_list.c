#include "core/memory.h"
#include "core/string_list.h"

snug_status snug_strings_reserve(snug_strings *strings, size_t count) {
    *strings = (snug_strings){0};
    if (count > 0) {
        strings->items = snug_alloc(count, sizeof *strings->items);
    }
    return count == 0 || strings->items != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
}

size_t snug_list_length(const char *const *list) {
    size_t length = 0;
    while (list != NULL && list[length] != NULL) {
        length++;
    }
    return length;
}

snug_status snug_strings_append(snug_strings *strings, const char *string) {
    char *copy = snug_copy_string(string);
    if (copy == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    strings->items[strings->count++] = copy;
    return SNUG_OK;
}

snug_status snug_strings_copy(snug_strings *copy, const snug_strings *strings) {
    snug_status status = snug_strings_reserve(copy, strings->count);
    for (size_t i = 0; status == SNUG_OK && i < strings->count; i++) {
        status = snug_strings_append(copy, strings->items[i]);
    }
    if (status != SNUG_OK) {
        snug_strings_clear(copy);
    }
    return status;
}

void snug_strings_clear(snug_strings *strings) {
    for (size_t i = 0; i < strings->count; i++) {
        snug_release(strings->items[i]);
    }
    snug_release(strings->items);
    *strings = (snug_strings){0};
}
