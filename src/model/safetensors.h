/*
 * The safetensors format, as far as a model needs it: 8 bytes of little-endian length, that many
 * bytes of JSON header, then the tensors' bytes (https://huggingface.co/docs/safetensors).
 */
#ifndef SNUG_MODEL_SAFETENSORS_H
#define SNUG_MODEL_SAFETENSORS_H

#include <stdbool.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include <snug/status.h>

#include "core/byte_source.h"

#define SNUG_HEADER_LIMIT ((size_t)100 * 1000 * 1000) /* bytes; the format's own */

/* A file, taken apart: the header, and where the data begins. */
typedef struct snug_safetensors {
    cJSON *header;         /* owned */
    const cJSON **by_name; /* its members, sorted; owned */
    size_t count;          /* of them: the tensors, and the metadata */
    const snug_byte_source *source;
    size_t data; /* the place in the source */
    size_t size; /* of the data */
} snug_safetensors;

/* One entry of the header, checked: F32, its shape, and its bytes inside the data. */
typedef struct snug_entry {
    size_t shape[2]; /* shape[0] is 1 for a vector */
    size_t rank;     /* 1 or 2 */
    size_t begin, end;
} snug_entry;

/* Whether bytes can begin a file: a length, and an opening brace. */
snug_status snug_safetensors_check_start(const char *path, const char *bytes, size_t n);

/*
 * Takes a source apart, which has to stay. Every byte of the data must belong to exactly one
 * tensor. Release with snug_safetensors_clear().
 */
snug_status snug_safetensors_open(snug_safetensors *file, const snug_byte_source *source);
void snug_safetensors_clear(snug_safetensors *file);

/* The object of metadata, or NULL. */
const cJSON *snug_safetensors_metadata(const snug_safetensors *file);

/* The text of a metadata key, or NULL. */
const char *snug_safetensors_text(const snug_safetensors *file, const char *key);

/* The member of the header with that name, by bisection; NULL: there is none. */
const cJSON *snug_safetensors_find(const snug_safetensors *file, const char *name);

/* Reads the entry of a tensor. */
snug_status snug_safetensors_entry(const cJSON *json, snug_entry *entry);

/* n float32 from place `at` in the data, whatever the machine's byte order. */
snug_status snug_safetensors_floats(const snug_safetensors *file, size_t at, size_t n,
                                    float *values);
void snug_safetensors_put(unsigned char *bytes, float value);

#endif
