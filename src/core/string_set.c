#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "core/number.h"
#include "core/status.h"
#include "core/string_list.h"
#include "core/string_set.h"
#include "core/trim.h"

enum { FIRST_SLOTS = 16 };

/* FNV-1a. */
static size_t hash(const char *text) {
    uint64_t value = 0xcbf29ce484222325u;
    for (; *text; text++) {
        value = (value ^ (unsigned char)*text) * 0x100000001b3u;
    }
    return (size_t)(value ^ value >> 32);
}

/* The slot that holds the text, or the free one where it belongs. */
static size_t slot_of(const snug_string_set *names, const char *text) {
    size_t mask = names->slot_count - 1, slot = hash(text) & mask;
    while (names->slots[slot] && strcmp(names->list.items[names->slots[slot] - 1], text) != 0) {
        slot = (slot + 1) & mask;
    }
    return slot;
}

static void fill_slots(snug_string_set *names) {
    if (names->slot_count == 0) {
        return;
    }
    memset(names->slots, 0, names->slot_count * sizeof *names->slots);
    for (size_t i = 0; i < names->list.count; i++) {
        names->slots[slot_of(names, names->list.items[i])] = (uint32_t)(i + 1);
    }
}

/* Keeps the slots at most half full, and the capacity of the list at half the slots. */
static snug_status reserve(snug_string_set *names) {
    if (names->list.count < names->slot_count / 2) {
        return SNUG_OK;
    }
    if (names->slot_count > UINT32_MAX / 2) {
        return snug_fail(SNUG_ERROR_DATA, "more than %lu different strings", UINT32_MAX / 4ul);
    }
    size_t slots = names->slot_count ? names->slot_count * 2 : FIRST_SLOTS;
    char **items = snug_resize(names->list.items, slots / 2, sizeof *items);
    if (items == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    names->list.items = items;
    uint32_t *fresh = snug_resize(names->slots, slots, sizeof *fresh);
    if (fresh == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    names->slots = fresh;
    names->slot_count = slots;
    fill_slots(names);
    return SNUG_OK;
}

size_t snug_string_set_find(const snug_string_set *names, const char *text) {
    if (names->slot_count == 0) {
        return SNUG_NOT_IN_SET;
    }
    uint32_t index = names->slots[slot_of(names, text)];
    return index ? index - 1 : SNUG_NOT_IN_SET;
}

snug_status snug_string_set_add(snug_string_set *names, const char *text, size_t *index) {
    size_t found = snug_string_set_find(names, text);
    if (found == SNUG_NOT_IN_SET) {
        snug_status status = reserve(names);
        if (status != SNUG_OK) {
            return status;
        }
        char *copy = snug_copy_string(text);
        if (copy == NULL) {
            return SNUG_ERROR_MEMORY;
        }
        found = names->list.count++;
        names->slots[slot_of(names, text)] = (uint32_t)(found + 1);
        names->list.items[found] = copy;
    }
    if (index != NULL) {
        *index = found;
    }
    return SNUG_OK;
}

size_t snug_string_set_find_trimmed(const snug_string_set *names, const char *string) {
    char trimmed[256];
    size_t index = snug_string_set_find(names, string), length = strlen(string);
    const char *start = snug_trim(string, &length);
    if (index != SNUG_NOT_IN_SET || length >= sizeof trimmed) {
        return index;
    }
    memcpy(trimmed, start, length);
    trimmed[length] = 0;
    return snug_string_set_find(names, trimmed);
}

static snug_status add_trimmed(snug_string_set *names, const char *string) {
    size_t length = strlen(string);
    const char *start = snug_trim(string, &length);
    char *trimmed = snug_copy_text(start, length);
    snug_status status =
        trimmed != NULL ? snug_string_set_add(names, trimmed, NULL) : SNUG_ERROR_MEMORY;
    snug_release(trimmed);
    return status;
}

static snug_status add_all(snug_string_set *names, const snug_strings *strings) {
    for (size_t i = 0; i < strings->count; i++) {
        snug_status status = snug_string_set_add(names, strings->items[i], NULL);
        if (status != SNUG_OK) {
            return status;
        }
    }
    return SNUG_OK;
}

snug_status snug_string_set_add_all_trimmed(snug_string_set *names, const snug_strings *strings) {
    snug_status status = SNUG_OK;
    for (size_t i = 0; i < strings->count && status == SNUG_OK; i++) {
        status = add_trimmed(names, strings->items[i]);
    }
    if (status != SNUG_OK || names->list.count == strings->count) {
        return status;
    }
    snug_string_set_clear(names);
    return add_all(names, strings);
}

static int compare_items(const void *a, const void *b) {
    return snug_string_compare(*(char *const *)a, *(char *const *)b);
}

void snug_string_set_sort(snug_string_set *names) {
    if (names->list.count > 1) {
        qsort(names->list.items, names->list.count, sizeof *names->list.items, compare_items);
    }
    fill_slots(names);
}

void snug_string_set_clear(snug_string_set *names) {
    snug_strings_clear(&names->list);
    snug_release(names->slots);
    *names = (snug_string_set){0};
}
