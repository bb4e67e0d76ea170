#include <stdio.h>
#include <string.h>

#include "checkpoint/data_conditions.h"
#include "core/memory.h"
#include "data/gather.h"
#include "json/json_build.h"
#include "json/json_print.h"

enum { BLOCK_FLOATS = 1 << 14, HASH_SIZE = 17 };

/*
 * Adds n words of 4 bytes to a hash: each is mixed in by a multiplication, and the high bits, which
 * depend on all bits before, are moved down (Fibonacci hashing; the constant is 2^64 / phi). It
 * finds what changed by accident, not what was made to have the same hash.
 */
static uint64_t add_words(uint64_t hash, const void *words, size_t n) {
    const unsigned char *bytes = words;
    for (size_t i = 0; i < n; i++) {
        uint32_t word;
        memcpy(&word, bytes + i * sizeof word, sizeof word);
        hash = (hash ^ word) * UINT64_C(0x9E3779B97F4A7C15);
        hash ^= hash >> 29;
    }
    return hash;
}

static void add_hash(cJSON *to, const char *key, uint64_t hash, bool *failed) {
    char text[HASH_SIZE];
    snprintf(text, sizeof text, "%016llx", (unsigned long long)hash);
    snug_json_string(to, key, text, failed);
}

/* The work space of a pass over a dataset. */
typedef struct block {
    size_t rows; /* at most so many at a time */
    float *x, *values, *weights;
    int32_t *classes;
} block;

static void clear_block(block *b) {
    snug_release(b->x);
    snug_release(b->values);
    snug_release(b->weights);
    snug_release(b->classes);
}

static snug_status make_block(block *b, const snug_storage *from) {
    size_t widest = from->columns > from->outputs ? from->columns : from->outputs;
    b->rows = widest < BLOCK_FLOATS ? BLOCK_FLOATS / (widest + 1) + 1 : 1;
    b->x = snug_alloc(b->rows * from->columns, sizeof *b->x);
    b->values = snug_alloc(b->rows * from->outputs, sizeof *b->values);
    b->weights = snug_alloc(b->rows, sizeof *b->weights);
    b->classes = snug_alloc(b->rows, sizeof *b->classes);
    return b->x != NULL && b->values != NULL && b->weights != NULL && b->classes != NULL
               ? SNUG_OK
               : SNUG_ERROR_MEMORY;
}

/* Adds features, targets and weights of some rows to the hash. */
static snug_status add_rows(const block *b, const snug_dataset *data, size_t first, size_t count,
                            uint64_t *hash) {
    const snug_storage *s = data->storage;
    snug_status status = snug_dataset_gather_stored(data, first, count, b->x);
    if (status != SNUG_OK) {
        return status;
    }
    snug_dataset_gather_targets(data, NULL, first, count, b->classes, b->values);
    *hash = add_words(*hash, b->x, count * s->columns);
    *hash = s->class_of != NULL ? add_words(*hash, b->classes, count)
                                : add_words(*hash, b->values, count * s->outputs);
    if (s->weights != NULL) {
        snug_dataset_gather_weights(data, NULL, first, count, b->weights);
        *hash = add_words(*hash, b->weights, count);
    }
    return SNUG_OK;
}

static snug_status hash_data(const snug_dataset *data, uint64_t *hash) {
    const snug_storage *s = data->storage;
    block b = {0};
    snug_status status = make_block(&b, s);
    *hash = data->count;
    for (size_t first = 0; first < data->count && status == SNUG_OK; first += b.rows) {
        size_t count = data->count - first < b.rows ? data->count - first : b.rows;
        status = add_rows(&b, data, first, count, hash);
    }
    if (status == SNUG_OK && s->offsets != NULL) {
        *hash = add_words(*hash, s->offsets, 2 * s->columns);
    }
    clear_block(&b);
    return status;
}

snug_status snug_conditions_add_data(cJSON *conditions, const char *key, const snug_dataset *data,
                                     bool *failed) {
    uint64_t hash = 0;
    snug_status status = hash_data(data, &hash);
    if (status != SNUG_OK) {
        return status;
    }
    cJSON *to = snug_json_object(conditions, key, failed);
    snug_json_number(to, "rows", (double)data->count, failed);
    snug_json_number(to, "columns", (double)data->storage->columns, failed);
    add_hash(to, "contents", hash, failed);
    return SNUG_OK;
}

snug_status snug_conditions_add_preprocessing(cJSON *conditions, const snug_model *model,
                                              bool *failed) {
    cJSON *json = snug_preprocessing_write(model->preprocessing);
    char *text = json != NULL ? snug_json_print(json, false) : NULL;
    cJSON_Delete(json);
    if (text == NULL) {
        return snug_error_status();
    }
    uint64_t hash = 0;
    for (size_t i = 0; text[i] != '\0'; i++) {
        const uint32_t character = (unsigned char)text[i];
        hash = add_words(hash, &character, 1);
    }
    snug_release(text);
    add_hash(conditions, "preprocessing", hash, failed);
    return SNUG_OK;
}
