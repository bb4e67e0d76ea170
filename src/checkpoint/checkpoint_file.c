/*
 * A checkpoint as the bytes of a safetensors file:
 *
 *     8 bytes   length of the header, little-endian
 *     header    JSON: "__metadata__", and an entry for each value: its type, count and offsets
 *     data      the values, little-endian: those of 8 bytes a number first, so that all are aligned
 */
#include <string.h>

#include "checkpoint/checkpoint_file.h"
#include "core/memory.h"
#include "core/status.h"
#include "files/file_write.h"
#include "json/json.h"
#include "json/json_build.h"
#include "json/json_print.h"
#include "json/json_syntax.h"
#include "model_file/format.h"

enum { WIDE = 8, NARROW = 4, LENGTH_BYTES = 8 };

/* The type in a file of a type in memory. */
static const snug_dtype dtypes[SNUG_SAVED_TYPES] = {
    [SNUG_SAVED_FLOAT] = SNUG_DTYPE_F32, [SNUG_SAVED_DOUBLE] = SNUG_DTYPE_F64,
    [SNUG_SAVED_INT32] = SNUG_DTYPE_I32, [SNUG_SAVED_UINT64] = SNUG_DTYPE_U64,
    [SNUG_SAVED_SIZE] = SNUG_DTYPE_U64,  [SNUG_SAVED_BOOL] = SNUG_DTYPE_U64};

/* Returns the bytes of a number of the value in a file: WIDE or NARROW. */
static size_t width_of(const snug_saved_value *value) {
    return snug_dtype_size(dtypes[value->type]);
}

/* ---- numbers as bytes ------------------------------------------------------------------------ */

static void put(unsigned char *bytes, size_t width, uint64_t bits) {
    for (size_t i = 0; i < width; i++) {
        bytes[i] = (unsigned char)(bits >> (8 * i));
    }
}

static uint64_t get(const unsigned char *bytes, size_t width) {
    uint64_t bits = 0;
    for (size_t i = 0; i < width; i++) {
        bits |= (uint64_t)bytes[i] << (8 * i);
    }
    return bits;
}

/* Returns the bits that a file has of the number at `from`. */
static uint64_t bits_of(snug_saved_type type, const void *from) {
    uint64_t wide = 0;
    uint32_t narrow = 0;
    switch (type) {
    case SNUG_SAVED_SIZE:
        return *(const size_t *)from;
    case SNUG_SAVED_BOOL:
        return *(const bool *)from;
    case SNUG_SAVED_FLOAT:
    case SNUG_SAVED_INT32:
        memcpy(&narrow, from, sizeof narrow);
        return narrow;
    default:
        memcpy(&wide, from, sizeof wide);
        return wide;
    }
}

/* Sets the number at `to` from the bits of a file. */
static void set_bits(snug_saved_type type, uint64_t bits, void *to) {
    const uint32_t narrow = (uint32_t)bits;
    switch (type) {
    case SNUG_SAVED_SIZE:
        *(size_t *)to = (size_t)bits;
        break;
    case SNUG_SAVED_BOOL:
        *(bool *)to = bits != 0;
        break;
    case SNUG_SAVED_FLOAT:
    case SNUG_SAVED_INT32:
        memcpy(to, &narrow, sizeof narrow);
        break;
    default:
        memcpy(to, &bits, sizeof bits);
        break;
    }
}

/* ---- writing --------------------------------------------------------------------------------- */

static void add_metadata(cJSON *header, const char *conditions, bool *failed) {
    cJSON *metadata = snug_json_object(header, "__metadata__", failed);
    snug_json_string(metadata, SNUG_KEY_FORMAT, snug_format_written(), failed);
    snug_json_string(metadata, SNUG_KEY_VERSION, snug_version(), failed);
    snug_json_string(metadata, SNUG_KEY_KIND, SNUG_KIND_CHECKPOINT, failed);
    snug_json_string(metadata, SNUG_KEY_CONDITIONS, conditions, failed);
}

/* Adds the entry of a value, whose bytes begin at *begin, and sets *begin to their end. */
static void add_entry(cJSON *header, const snug_saved_value *value, size_t *begin, bool *failed) {
    size_t end = *begin + value->count * width_of(value);
    cJSON *entry = snug_json_object(header, value->name, failed);
    snug_json_string(entry, "dtype", snug_dtype_name(dtypes[value->type]), failed);
    cJSON *shape = snug_json_array(entry, "shape", failed);
    snug_json_number(shape, NULL, (double)value->count, failed);
    cJSON *offsets = snug_json_array(entry, "data_offsets", failed);
    snug_json_number(offsets, NULL, (double)*begin, failed);
    snug_json_number(offsets, NULL, (double)end, failed);
    *begin = end;
}

/* Adds the entries of all values of a width, in the order of their bytes. */
static void add_entries(cJSON *header, const snug_saved_values *values, size_t width, size_t *begin,
                        bool *failed) {
    for (size_t i = 0; i < values->count && !*failed; i++) {
        if (width_of(&values->items[i]) == width) {
            add_entry(header, &values->items[i], begin, failed);
        }
    }
}

/* Returns the header with spaces up to a multiple of 8 bytes; NULL on failure. */
static char *pad(const char *text) {
    size_t length = (strlen(text) + 7) / 8 * 8;
    if (length <= SNUG_HEADER_LIMIT) {
        return snug_format("%-*s", (int)length, text);
    }
    snug_fail(SNUG_ERROR_CONFIG,
              "the checkpoint cannot be saved: its header takes %zu bytes, and a file has %zu for "
              "it; fewer or shorter names, layers and metrics are needed",
              length, SNUG_HEADER_LIMIT);
    return NULL;
}

/* Returns the header, to be released, or NULL. *data: the bytes of all values. */
static char *write_header(const char *conditions, const snug_saved_values *values, size_t *data) {
    bool failed = false;
    cJSON *header = snug_json_object(NULL, NULL, &failed);
    *data = 0;
    add_metadata(header, conditions, &failed);
    add_entries(header, values, WIDE, data, &failed);
    add_entries(header, values, NARROW, data, &failed);
    char *text = failed ? NULL : snug_json_print(header, false);
    char *padded = NULL;
    cJSON_Delete(header);
    if (text != NULL &&
        snug_json_check_syntax("header", text, strlen(text), SNUG_JSON_MAX_VALUES) == SNUG_OK) {
        padded = pad(text);
    }
    snug_release(text);
    return padded;
}

/* Writes the bytes of all values of a width; returns where they end. */
static unsigned char *put_values(unsigned char *to, const snug_saved_values *values, size_t width) {
    for (size_t k = 0; k < values->count; k++) {
        const snug_saved_value *value = &values->items[k];
        const unsigned char *from = value->first;
        for (size_t i = 0; width_of(value) == width && i < value->count; i++) {
            put(to, width, bits_of(value->type, from + i * value->stride));
            to += width;
        }
    }
    return to;
}

snug_status snug_checkpoint_write(const char *path, const char *conditions,
                                  const snug_saved_values *values) {
    if (values->status != SNUG_OK) {
        return values->status;
    }
    size_t data = 0;
    char *header = write_header(conditions, values, &data);
    size_t length = header != NULL ? strlen(header) : 0, size = LENGTH_BYTES + length + data;
    unsigned char *bytes = header != NULL ? snug_alloc(size, 1) : NULL;
    if (bytes == NULL) {
        snug_release(header);
        return snug_error_status();
    }
    put(bytes, LENGTH_BYTES, length);
    memcpy(bytes + LENGTH_BYTES, header, length);
    snug_release(header);
    unsigned char *narrow = put_values(bytes + LENGTH_BYTES + length, values, WIDE);
    (void)put_values(narrow, values, NARROW);
    snug_status status = snug_file_write(path, bytes, size);
    snug_release(bytes);
    return status;
}

/* ---- opening --------------------------------------------------------------------------------- */

/* Fails where the file is too short for its header; a model's message would call it a model. */
static snug_status check_length(const snug_byte_source *source) {
    unsigned char bytes[LENGTH_BYTES] = {0};
    bool is_short = source->size < LENGTH_BYTES;
    snug_status status = is_short ? SNUG_OK : snug_byte_source_read(source, 0, sizeof bytes, bytes);
    if (status == SNUG_OK && (is_short || get(bytes, WIDE) > source->size - LENGTH_BYTES)) {
        return snug_fail(SNUG_ERROR_FILE, "%s: is no checkpoint, or truncated: it has %zu bytes",
                         source->name, source->size);
    }
    return status;
}

static snug_status check_kind(const snug_safetensors *file) {
    const char *format = snug_safetensors_text(file, SNUG_KEY_FORMAT);
    const char *kind = snug_safetensors_text(file, SNUG_KEY_KIND);
    bool newer = false;
    if (format == NULL || kind == NULL || strcmp(kind, SNUG_KIND_CHECKPOINT) != 0) {
        return snug_fail(SNUG_ERROR_FILE,
                         "is no checkpoint of Snug: its metadata has no \"%s\" that is \"%s\"",
                         SNUG_KEY_KIND, SNUG_KIND_CHECKPOINT);
    }
    snug_status status =
        snug_format_check(format, snug_safetensors_text(file, SNUG_KEY_VERSION), &newer);
    if (status == SNUG_OK && newer) {
        snug_log(SNUG_LOG_WARNING,
                 "%s: has format %s, newer than the %s of this Snug, which ignores what it does "
                 "not know",
                 file->source->name, format, snug_format_written());
    }
    return status;
}

static snug_status read_conditions(snug_checkpoint_file *file) {
    const char *text = snug_safetensors_text(&file->tensors, SNUG_KEY_CONDITIONS);
    if (text == NULL) {
        return snug_fail(SNUG_ERROR_FILE, "the metadata has no string \"%s\"", SNUG_KEY_CONDITIONS);
    }
    file->conditions = snug_json_parse(SNUG_KEY_CONDITIONS, text, strlen(text));
    if (file->conditions == NULL) {
        return snug_error_status();
    }
    return cJSON_IsObject(file->conditions)
               ? SNUG_OK
               : snug_fail(SNUG_ERROR_FILE, "%s: must be an object (got %s)", SNUG_KEY_CONDITIONS,
                           snug_json_type(file->conditions));
}

snug_status snug_checkpoint_open(snug_checkpoint_file *file, const char *path) {
    *file = (snug_checkpoint_file){.source = {.descriptor = -1}};
    snug_status status = snug_byte_source_open(&file->source, path, snug_safetensors_check_start);
    if (status == SNUG_OK) {
        status = check_length(&file->source);
    }
    if (status == SNUG_OK) {
        status = snug_safetensors_open(&file->tensors, &file->source);
    }
    if (status != SNUG_OK) {
        return status; /* its message has the path */
    }
    status = check_kind(&file->tensors);
    if (status == SNUG_OK) {
        status = read_conditions(file);
    }
    return status == SNUG_OK || status == SNUG_ERROR_MEMORY ? status : snug_fail_in("%s", path);
}

void snug_checkpoint_close(snug_checkpoint_file *file) {
    cJSON_Delete(file->conditions);
    snug_safetensors_clear(&file->tensors);
    snug_byte_source_close(&file->source);
    *file = (snug_checkpoint_file){.source = {.descriptor = -1}};
}

/* ---- reading --------------------------------------------------------------------------------- */

size_t snug_checkpoint_count(const snug_checkpoint_file *file, const char *name) {
    const cJSON *json = snug_safetensors_find(&file->tensors, name);
    snug_entry entry = {0};
    return json != NULL && snug_safetensors_entry(json, &entry) == SNUG_OK && entry.rank == 1
               ? entry.shape[1]
               : 0;
}

/* Finds a value in the file; fails where it is not of its type and length. */
static snug_status find_value(const snug_checkpoint_file *file, const snug_saved_value *value,
                              snug_entry *entry) {
    const cJSON *json = snug_safetensors_find(&file->tensors, value->name);
    if (json == NULL) {
        return snug_fail(SNUG_ERROR_FILE, "%s: is missing", value->name);
    }
    snug_status status = snug_safetensors_entry(json, entry);
    if (status != SNUG_OK) {
        return snug_fail_in("%s", value->name);
    }
    if (entry->type != dtypes[value->type]) {
        return snug_fail(SNUG_ERROR_FILE, "%s: dtype: must be \"%s\" (got %s)", value->name,
                         snug_dtype_name(dtypes[value->type]), snug_dtype_name(entry->type));
    }
    if (entry->rank != 1 || entry->shape[1] != value->count) {
        return snug_fail(SNUG_ERROR_FILE, "%s: has %zu numbers where this run has %zu", value->name,
                         entry->shape[0] * entry->shape[1], value->count);
    }
    return SNUG_OK;
}

/* Reads the bytes of a value, which was found, and checks those of a bool. */
static snug_status read_bytes(const snug_checkpoint_file *file, const snug_saved_value *value,
                              unsigned char *to) {
    snug_entry entry = {0};
    snug_status status = find_value(file, value, &entry);
    if (status == SNUG_OK) {
        status = snug_byte_source_read(&file->source, file->tensors.data + entry.begin,
                                       entry.end - entry.begin, to);
    }
    bool is_bool = value->type == SNUG_SAVED_BOOL;
    for (size_t i = 0; is_bool && status == SNUG_OK && i < value->count; i++) {
        if (get(to + WIDE * i, WIDE) > 1) {
            status = snug_fail(SNUG_ERROR_FILE, "%s: must be 0 or 1", value->name);
        }
    }
    return status;
}

static void set_value(const snug_saved_value *value, const unsigned char *from) {
    unsigned char *to = value->first;
    size_t width = width_of(value);
    for (size_t i = 0; i < value->count; i++) {
        set_bits(value->type, get(from + i * width, width), to + i * value->stride);
    }
}

/* Checks that all values are in the file, before memory is allocated for them; sums their bytes. */
static snug_status find_values(const snug_checkpoint_file *file, const snug_saved_values *values,
                               size_t *bytes) {
    snug_status status = values->status;
    snug_entry entry = {0};
    *bytes = 0;
    for (size_t i = 0; i < values->count && status == SNUG_OK; i++) {
        status = find_value(file, &values->items[i], &entry);
        *bytes += status == SNUG_OK ? entry.end - entry.begin : 0; /* at most those of the file */
    }
    return status;
}

/* Reads the bytes of all values and, where each could be read, sets them: all of them or none. */
static snug_status read_values(const snug_checkpoint_file *file, const snug_saved_values *values,
                               unsigned char *bytes) {
    snug_status status = SNUG_OK;
    unsigned char *at = bytes;
    for (size_t i = 0; i < values->count && status == SNUG_OK; i++) {
        status = read_bytes(file, &values->items[i], at);
        at += values->items[i].count * width_of(&values->items[i]);
    }
    at = bytes;
    for (size_t i = 0; i < values->count && status == SNUG_OK; i++) {
        set_value(&values->items[i], at);
        at += values->items[i].count * width_of(&values->items[i]);
    }
    return status;
}

snug_status snug_checkpoint_read(const snug_checkpoint_file *file,
                                 const snug_saved_values *values) {
    size_t size = 0;
    snug_status status = find_values(file, values, &size);
    unsigned char *bytes = status == SNUG_OK ? snug_alloc(size, 1) : NULL;
    if (bytes != NULL) {
        status = read_values(file, values, bytes);
    } else if (status == SNUG_OK) {
        status = SNUG_ERROR_MEMORY;
    }
    snug_release(bytes);
    return status == SNUG_OK || status == SNUG_ERROR_MEMORY ? status
                                                            : snug_fail_in("%s", file->source.name);
}
