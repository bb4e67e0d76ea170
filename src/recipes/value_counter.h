/*
 * Counts different values in memory that is bounded: hashes of 64 bits, up to a limit, beyond which
 * no value is looked at. Two of a million values have one hash with a chance of 1 in 30 million.
 */
#ifndef SNUG_RECIPES_VALUE_COUNTER_H
#define SNUG_RECIPES_VALUE_COUNTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <snug/status.h>

/* All zero but for the limit: empty. */
typedef struct snug_value_counter {
    size_t limit;      /* different values that are counted */
    size_t distinct;   /* different values so far, at most the limit */
    size_t counted;    /* values that were looked at: all of them as long as distinct < limit */
    uint64_t *slots;   /* owned; hashes, open addressing, 0 where a slot is free */
    size_t slot_count; /* a power of two, or 0 */
} snug_value_counter;

/* Returns the hash of n bytes, never 0; `seed` is 0, or the hash of what is before them. */
uint64_t snug_hash_bytes(const void *bytes, size_t n, uint64_t seed);

/* Adds a value by its hash; *added, unless it is NULL, is whether it is a new one. */
snug_status snug_value_counter_add(snug_value_counter *counter, uint64_t hash, bool *added);

/* Frees what it owns. */
void snug_value_counter_clear(snug_value_counter *counter);

#endif
