/* Parsing a safetensors file, which may be damaged or made to do harm: every number is checked. */
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "json/json.h"
#include "model_file/foreign.h"
#include "model_file/safetensors.h"

#define LENGTH_BYTES 8
#define METADATA "__metadata__"

void snug_safetensors_put(unsigned char *b, float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    for (int i = 0; i < 4; i++) {
        b[i] = (unsigned char)(bits >> (8 * i));
    }
}

static bool is_little_endian(void) {
    const uint16_t one = 1;
    unsigned char first;
    memcpy(&first, &one, sizeof first);
    return first == 1;
}

/* Returns the float whose little-endian bytes are those of `raw` in memory. */
static float from_little_endian(float raw) {
    unsigned char b[4];
    memcpy(b, &raw, sizeof b);
    uint32_t bits =
        (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
    memcpy(&raw, &bits, sizeof raw);
    return raw;
}

snug_status snug_safetensors_floats(const snug_safetensors *file, size_t at, size_t n,
                                    float *values) {
    snug_status status =
        snug_byte_source_read(file->source, file->data + at, n * sizeof *values, values);
    for (size_t i = 0; !is_little_endian() && i < n; i++) {
        values[i] = from_little_endian(values[i]);
    }
    return status;
}

static uint64_t length_at(const unsigned char *b) {
    uint64_t length = 0;
    for (int i = 0; i < LENGTH_BYTES; i++) {
        length |= (uint64_t)b[i] << (8 * i);
    }
    return length;
}

static snug_status read_dtype(const cJSON *json, snug_entry *entry) {
    const cJSON *dtype = snug_json_get(json, "dtype");
    if (!cJSON_IsString(dtype)) {
        return snug_fail(SNUG_ERROR_FILE, "dtype: must be a string such as \"F32\" (got %s)",
                         snug_json_type(dtype));
    }
    if (!snug_dtype_find(dtype->valuestring, &entry->type)) {
        return snug_fail(
            SNUG_ERROR_FILE,
            "dtype: must be a type of safetensors files such as \"F32\" (got \"%.40s\")",
            dtype->valuestring);
    }
    return SNUG_OK;
}

/* Reads the shape, and counts the numbers. */
static snug_status read_shape(const cJSON *json, snug_entry *entry) {
    const cJSON *shape = snug_json_get(json, "shape");
    const int rank = cJSON_IsArray(shape) ? cJSON_GetArraySize(shape) : -1;
    if (rank < 0 || rank > SNUG_MAX_RANK) {
        return snug_fail(SNUG_ERROR_FILE, "shape: must be an array of up to %d sizes",
                         SNUG_MAX_RANK);
    }
    entry->rank = (size_t)rank;
    entry->count = 1;
    for (size_t i = 0; i < entry->rank; i++) {
        uint64_t size = 0;
        if (!snug_json_whole(cJSON_GetArrayItem(shape, (int)i), &size)) {
            return snug_fail(SNUG_ERROR_FILE, "shape: must hold whole numbers");
        }
        entry->dims[i] = (size_t)size;
        if (!snug_multiply(entry->count, entry->dims[i], &entry->count)) {
            return snug_fail(SNUG_ERROR_FILE, "shape: has more numbers than memory can hold");
        }
    }
    entry->shape[0] = rank == 2 ? entry->dims[0] : 1;
    entry->shape[1] = rank == 2 ? entry->dims[1] : rank == 1 ? entry->dims[0] : 1;
    return SNUG_OK;
}

static snug_status read_offsets(const cJSON *json, snug_entry *entry) {
    const cJSON *offsets = snug_json_get(json, "data_offsets");
    uint64_t begin = 0, end = 0;
    if (!cJSON_IsArray(offsets) || cJSON_GetArraySize(offsets) != 2 ||
        !snug_json_whole(cJSON_GetArrayItem(offsets, 0), &begin) ||
        !snug_json_whole(cJSON_GetArrayItem(offsets, 1), &end) || begin > end) {
        return snug_fail(SNUG_ERROR_FILE, "data_offsets: must be [begin, end] with begin <= end");
    }
    entry->begin = (size_t)begin;
    entry->end = (size_t)end;
    return SNUG_OK;
}

snug_status snug_safetensors_entry(const cJSON *json, snug_entry *entry) {
    *entry = (snug_entry){0};
    size_t bytes = 0;
    snug_status status = read_dtype(json, entry);
    if (status == SNUG_OK) {
        status = read_shape(json, entry);
    }
    if (status == SNUG_OK) {
        status = read_offsets(json, entry);
    }
    if (status != SNUG_OK) {
        return status;
    }
    if (!snug_multiply(entry->count, snug_dtype_size(entry->type), &bytes)) {
        return snug_fail(SNUG_ERROR_FILE, "shape: has more bytes than memory can hold");
    }
    if (bytes != entry->end - entry->begin) {
        return snug_fail(SNUG_ERROR_FILE,
                         "data_offsets: span %zu bytes where the shape needs %zu of %s",
                         entry->end - entry->begin, bytes, snug_dtype_name(entry->type));
    }
    return SNUG_OK;
}

static int by_begin(const void *a, const void *b) {
    const snug_entry *x = a, *y = b;
    if (x->begin != y->begin) {
        return x->begin < y->begin ? -1 : 1;
    }
    return (x->end > y->end) - (x->end < y->end);
}

/* Sorts the entries; fails where they overlap, leave a hole, or end before or after the data. */
static snug_status check_cover(snug_entry *entries, size_t count, size_t size) {
    size_t end = 0;
    qsort(entries, count, sizeof *entries, by_begin);
    for (size_t i = 0; i < count; i++) {
        if (entries[i].end > size) {
            return snug_fail(SNUG_ERROR_FILE,
                             "a tensor ends at byte %zu of the data, which has %zu: "
                             "the file is truncated",
                             entries[i].end, size);
        }
        if (entries[i].begin < end) {
            return snug_fail(SNUG_ERROR_FILE, "two tensors overlap at byte %zu of the data",
                             entries[i].begin);
        }
        if (entries[i].begin > end) {
            return snug_fail(SNUG_ERROR_FILE, "bytes %zu to %zu of the data belong to no tensor",
                             end, entries[i].begin);
        }
        end = entries[i].end;
    }
    if (end != size) {
        return snug_fail(SNUG_ERROR_FILE, "%zu bytes follow the last tensor", size - end);
    }
    return SNUG_OK;
}

/* Compares a name behind a prefix with another, as strcmp() compares them. */
static int compare_names(const char *prefix, const char *name, const char *other) {
    size_t length = strlen(prefix);
    int order = strncmp(prefix, other, length);
    return order != 0 ? order : strcmp(name, other + length);
}

static const cJSON *find(const snug_safetensors *file, const char *prefix, const char *name) {
    size_t low = 0, high = file->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare_names(prefix, name, file->by_name[middle]->string);
        if (order == 0) {
            return file->by_name[middle];
        }
        low = order > 0 ? middle + 1 : low;
        high = order > 0 ? high : middle;
    }
    return NULL;
}

bool snug_safetensors_is_metadata(const cJSON *member) {
    return strcmp(member->string, METADATA) == 0;
}

/* Fails where the metadata is there and not an object of strings, as the format has it. */
static snug_status check_metadata(const snug_safetensors *file) {
    const cJSON *metadata = find(file, "", METADATA);
    if (metadata == NULL) {
        return SNUG_OK;
    }
    if (!cJSON_IsObject(metadata)) {
        return snug_fail(SNUG_ERROR_FILE, METADATA ": must be an object (got %s)",
                         snug_json_type(metadata));
    }
    for (const cJSON *e = metadata->child; e != NULL; e = e->next) {
        if (!cJSON_IsString(e)) {
            return snug_fail(SNUG_ERROR_FILE, METADATA ".%.100s: must be a string (got %s)",
                             e->string, snug_json_type(e));
        }
    }
    return SNUG_OK;
}

static snug_status check_entries(const snug_safetensors *file) {
    size_t count = 0;
    snug_status status = SNUG_OK;
    snug_entry *entries = snug_alloc(file->count + 1, sizeof *entries);
    if (entries == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    const cJSON *first = file->header != NULL ? file->header->child : NULL;
    for (const cJSON *e = first; e != NULL && status == SNUG_OK; e = e->next) {
        if (snug_safetensors_is_metadata(e)) {
            continue;
        }
        status = snug_safetensors_entry(e, &entries[count++]);
        if (status != SNUG_OK) {
            snug_fail_in("%s", e->string);
        }
    }
    if (status == SNUG_OK) {
        status = check_cover(entries, count, file->size);
    }
    snug_release(entries);
    return status;
}

static int by_name(const void *a, const void *b) {
    return strcmp((*(const cJSON *const *)a)->string, (*(const cJSON *const *)b)->string);
}

/* Makes the list of the header's members that is sorted by name; no two have the same. */
static snug_status sort_members(snug_safetensors *file) {
    size_t i = 0;
    file->count = (size_t)cJSON_GetArraySize(file->header);
    file->by_name = snug_alloc(file->count, sizeof *file->by_name);
    if (file->by_name == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    for (const cJSON *e = file->header->child; e != NULL; e = e->next) {
        file->by_name[i++] = e;
    }
    qsort(file->by_name, file->count, sizeof *file->by_name, by_name);
    return SNUG_OK;
}

const cJSON *snug_safetensors_find(const snug_safetensors *file, const char *name) {
    return find(file, file->prefix, name);
}

/* Reads the header, of `length` bytes, as JSON; NULL on failure. */
static cJSON *read_header(const snug_byte_source *source, size_t length) {
    char *text = snug_alloc(length + 1, 1);
    cJSON *header = NULL;
    if (text != NULL && snug_byte_source_read(source, LENGTH_BYTES, length, text) == SNUG_OK) {
        if (length > 0 && text[0] != '{') {
            /* Blanks before it would let a file begin as one of another format, too. */
            snug_fail(SNUG_ERROR_FILE, "%s: the header must begin with '{'", source->name);
            snug_release(text);
            return NULL;
        }
        header = snug_json_parse(source->name, text, length);
        if (header == NULL && snug_error_status() != SNUG_ERROR_MEMORY) {
            snug_fail_in("the header of the model file");
        }
    }
    snug_release(text);
    return header;
}

snug_status snug_safetensors_check_start(const char *path, const char *bytes, size_t n) {
    if (n <= LENGTH_BYTES) {
        return SNUG_OK;
    }
    uint64_t length = length_at((const unsigned char *)bytes);
    if (length > 0 && length <= SNUG_HEADER_LIMIT && bytes[LENGTH_BYTES] == '{') {
        return SNUG_OK;
    }
    if (snug_refuse_foreign(path, bytes, n) != SNUG_OK) {
        return snug_error_status();
    }
    return snug_fail(SNUG_ERROR_FILE,
                     "%s: is no model file: it does not begin with the length of a JSON header",
                     path);
}

/* Checks the length of a header, in a file of n bytes that begins with `bytes`. */
static snug_status check_length(const char *name, const unsigned char bytes[LENGTH_BYTES],
                                size_t n) {
    const uint64_t length = length_at(bytes);
    if (length > SNUG_HEADER_LIMIT &&
        snug_refuse_foreign(name, (const char *)bytes, LENGTH_BYTES) != SNUG_OK) {
        return snug_error_status();
    }
    if (length > SNUG_HEADER_LIMIT && length <= n - LENGTH_BYTES) {
        return snug_fail(SNUG_ERROR_FILE,
                         "%s: has a header of %llu bytes, more than the %zu that the format allows",
                         name, (unsigned long long)length, SNUG_HEADER_LIMIT);
    }
    if (length > n - LENGTH_BYTES) {
        return snug_fail(SNUG_ERROR_FILE,
                         "%s: is no model file, or truncated: a header of %llu bytes is announced "
                         "where %zu follow",
                         name, (unsigned long long)length, n - LENGTH_BYTES);
    }
    return SNUG_OK;
}

static snug_status open_header(snug_safetensors *file, const snug_byte_source *source) {
    unsigned char bytes[LENGTH_BYTES] = {0};
    const char *name = source->name;
    size_t n = source->size;
    if (n < LENGTH_BYTES) {
        return snug_fail(SNUG_ERROR_FILE, "%s: is no model file: it has %zu bytes", name, n);
    }
    if (snug_byte_source_read(source, 0, sizeof bytes, bytes) != SNUG_OK) {
        return snug_error_status();
    }
    const uint64_t length = length_at(bytes);
    if (check_length(name, bytes, n) != SNUG_OK) {
        return snug_error_status();
    }
    file->header = read_header(source, (size_t)length);
    if (file->header == NULL) {
        return snug_error_status();
    }
    if (!cJSON_IsObject(file->header)) {
        return snug_fail(SNUG_ERROR_FILE, "%s: the header must be a JSON object", name);
    }
    if (sort_members(file) != SNUG_OK) {
        return SNUG_ERROR_MEMORY;
    }
    file->source = source;
    file->data = LENGTH_BYTES + (size_t)length;
    file->size = n - file->data;
    return SNUG_OK;
}

snug_status snug_safetensors_open(snug_safetensors *file, const snug_byte_source *source) {
    *file = (snug_safetensors){.prefix = ""};
    snug_status status = open_header(file, source);
    if (status == SNUG_OK) {
        status = check_metadata(file);
        if (status == SNUG_OK) {
            status = check_entries(file);
        }
        if (status != SNUG_OK && status != SNUG_ERROR_MEMORY) {
            snug_fail_in("%s", source->name);
        }
    }
    if (status != SNUG_OK) {
        snug_safetensors_clear(file);
    }
    return status;
}

void snug_safetensors_clear(snug_safetensors *file) {
    cJSON_Delete(file->header);
    snug_release(file->by_name);
    *file = (snug_safetensors){0};
}

const cJSON *snug_safetensors_metadata(const snug_safetensors *file) {
    const cJSON *metadata = find(file, "", METADATA);
    return cJSON_IsObject(metadata) ? metadata : NULL;
}

const char *snug_safetensors_text(const snug_safetensors *file, const char *key) {
    const cJSON *metadata = snug_safetensors_metadata(file);
    const cJSON *entry = metadata != NULL ? metadata->child : NULL;
    while (entry != NULL && compare_names(file->prefix, key, entry->string) != 0) {
        entry = entry->next;
    }
    return entry != NULL && cJSON_IsString(entry) ? entry->valuestring : NULL;
}
