/*
 * The safetensors format, as far as a model needs it: 8 bytes of little-endian length, that many
 * bytes of JSON header, then the tensors' bytes (https://huggingface.co/docs/safetensors).
 */
#ifndef SNUG_MODEL_FILE_SAFETENSORS_H
#define SNUG_MODEL_FILE_SAFETENSORS_H

#include <stdbool.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include <snug/status.h>

#include "files/byte_source.h"
#include "model_file/dtype.h"

#define SNUG_HEADER_LIMIT ((size_t)100 * 1000 * 1000) /* bytes; the format's own limit */

/* An open file: its parsed header, and where the data begins. */
typedef struct snug_safetensors {
    cJSON *header;                  /* owned */
    const cJSON **by_name;          /* the members of the header, sorted; the array is owned */
    size_t count;                   /* of the members: the tensors, and the metadata */
    const snug_byte_source *source; /* borrowed */
    size_t data;                    /* offset of the data in the source */
    size_t size;                    /* bytes of data */
    const char *prefix; /* of names and keys that are looked up; borrowed, "" when it is opened */
} snug_safetensors;

enum { SNUG_MAX_RANK = 8 };

/* The entry of a tensor in the header. */
typedef struct snug_entry {
    snug_dtype type;
    size_t dims[SNUG_MAX_RANK]; /* the shape: dims[rank] */
    size_t rank;                /* 0: a single number */
    size_t shape[2];            /* where rank <= 2, as a matrix: shape[0] is 1 for a vector */
    size_t count;               /* of the numbers */
    size_t begin, end;          /* its bytes in the data: end is behind the last one */
} snug_entry;

/* Returns whether a member of the header is no tensor but the metadata. */
bool snug_safetensors_is_metadata(const cJSON *member);

/* Fails where n bytes cannot begin a file: a length of the header, and an opening brace. */
snug_status snug_safetensors_check_start(const char *path, const char *bytes, size_t n);

/*
 * Parses the header of a source, which must outlive the file. Refuses what another reader might
 * read otherwise: a header that is too long, does not begin with a brace, or has a key twice;
 * metadata that are no strings; data of which a byte belongs to no tensor or to two. To be freed
 * with snug_safetensors_clear() where it succeeds.
 */
snug_status snug_safetensors_open(snug_safetensors *file, const snug_byte_source *source);
void snug_safetensors_clear(snug_safetensors *file);

/* Returns the object of metadata, or NULL. */
const cJSON *snug_safetensors_metadata(const snug_safetensors *file);

/* Returns the string of a metadata key, behind the prefix; NULL where there is none. */
const char *snug_safetensors_text(const snug_safetensors *file, const char *key);

/*
 * Returns the member of the header of that name, behind the prefix, by bisection; NULL where there
 * is none.
 */
const cJSON *snug_safetensors_find(const snug_safetensors *file, const char *name);

/* Reads the entry of a tensor. Fails for an unknown type, and for bytes that do not fit. */
snug_status snug_safetensors_entry(const cJSON *json, snug_entry *entry);

/* Reads n floats from byte `at` of the data on, whatever the byte order of the machine. */
snug_status snug_safetensors_floats(const snug_safetensors *file, size_t at, size_t n,
                                    float *values);

/* Writes the 4 little-endian bytes of a float. */
void snug_safetensors_put(unsigned char *bytes, float value);

#endif
