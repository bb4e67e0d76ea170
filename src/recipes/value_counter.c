#include "core/memory.h"
#include "core/status.h"
#include "recipes/value_counter.h"

enum { FIRST_SLOTS = 64 };

/* FNV-1a of 64 bits, whose low bits are then mixed with all others as in MurmurHash3. */
uint64_t snug_hash_bytes(const void *bytes, size_t n, uint64_t seed) {
    const unsigned char *from = bytes;
    uint64_t value = 0xcbf29ce484222325U ^ seed;
    for (size_t i = 0; i < n; i++) {
        value = (value ^ from[i]) * 0x100000001b3U;
    }
    value = (value ^ value >> 33) * 0xff51afd7ed558ccdU;
    value ^= value >> 33;
    return value != 0 ? value : 1;
}

static size_t slot_of(const snug_value_counter *counter, uint64_t hash) {
    size_t mask = counter->slot_count - 1, slot = (size_t)hash & mask;
    while (counter->slots[slot] != 0 && counter->slots[slot] != hash) {
        slot = (slot + 1) & mask;
    }
    return slot;
}

/* Doubles the slots where they are more than half full. */
static snug_status grow(snug_value_counter *counter) {
    if (2 * counter->distinct < counter->slot_count) {
        return SNUG_OK;
    }
    snug_value_counter larger = *counter;
    larger.slot_count = counter->slot_count > 0 ? 2 * counter->slot_count : FIRST_SLOTS;
    larger.slots = snug_alloc(larger.slot_count, sizeof *larger.slots);
    if (larger.slots == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    for (size_t i = 0; i < counter->slot_count; i++) {
        if (counter->slots[i] != 0) {
            larger.slots[slot_of(&larger, counter->slots[i])] = counter->slots[i];
        }
    }
    snug_release(counter->slots);
    *counter = larger;
    return SNUG_OK;
}

snug_status snug_value_counter_add(snug_value_counter *counter, uint64_t hash, bool *added) {
    bool full = counter->distinct == counter->limit;
    if (added != NULL) {
        *added = false;
    }
    if (full || grow(counter) != SNUG_OK) {
        return full ? SNUG_OK : SNUG_ERROR_MEMORY;
    }
    counter->counted++;
    size_t slot = slot_of(counter, hash);
    if (counter->slots[slot] == 0) {
        counter->slots[slot] = hash;
        counter->distinct++;
        if (added != NULL) {
            *added = true;
        }
    }
    return SNUG_OK;
}

void snug_value_counter_clear(snug_value_counter *counter) {
    snug_release(counter->slots);
    *counter = (snug_value_counter){0};
}
