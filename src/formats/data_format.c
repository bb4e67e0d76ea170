#include <stdio.h>
#include <string.h>

#include "core/spelling.h"
#include "core/status.h"
#include "files/byte_stream.h"
#include "files/text_encoding.h"
#include "formats/data_format.h"
#include "kinds/fields.h"

#define LIST(name) &snug_data_format_##name,
static const snug_data_format *const formats[] = {SNUG_DATA_FORMATS(LIST) NULL};
#undef LIST

enum { COUNT = sizeof formats / sizeof *formats - 1 };

const snug_data_format *snug_data_format_at(size_t index) {
    return index < COUNT ? formats[index] : NULL;
}

static const snug_data_format *fail_unknown(const char *name) {
    const char *names[COUNT];
    char known[256] = "";
    for (size_t i = 0; i < COUNT; i++) {
        size_t used = strlen(known);
        names[i] = formats[i]->name;
        snprintf(known + used, sizeof known - used, "%s\"%s\"", i > 0 ? ", " : "", names[i]);
    }
    const char *nearest = snug_nearest_name(name, names, COUNT);
    if (nearest != NULL) {
        snug_fail(SNUG_ERROR_CONFIG, "unknown data format \"%.200s\"; did you mean \"%s\"?", name,
                  nearest);
    } else {
        snug_fail(SNUG_ERROR_CONFIG, "unknown data format \"%.200s\"; known are %s", name, known);
    }
    return NULL;
}

const snug_data_format *snug_data_format_find(const char *name) {
    for (size_t i = 0; i < COUNT; i++) {
        if (strcmp(formats[i]->name, name) == 0) {
            return formats[i];
        }
    }
    return fail_unknown(name);
}

const snug_field *snug_source_names(size_t index) {
    for (size_t i = 0; i < COUNT; i++) {
        if (formats[i]->files != NULL && index-- == 0) {
            return formats[i]->files;
        }
    }
    return NULL;
}

/* ---- which format a file is in --------------------------------------------------------------- */

static bool has_extension(const snug_data_format *format, const char *path) {
    size_t length = snug_length_without_suffix(path);
    for (const char *const *extension = format->extensions; *extension != NULL; extension++) {
        size_t n = strlen(*extension);
        if (length > n && memcmp(path + length - n, *extension, n) == 0) {
            return true;
        }
    }
    return false;
}

static const snug_data_format *format_of_name(const char *path) {
    for (size_t i = 0; i < COUNT; i++) {
        if (has_extension(formats[i], path)) {
            return formats[i];
        }
    }
    return NULL;
}

static const snug_data_format *format_of_bytes(const unsigned char *bytes, size_t n) {
    size_t i = 0;
    while (i + 1 < COUNT && !formats[i]->sniff(bytes, n)) {
        i++;
    }
    return formats[i];
}

/*
 * Removes a byte order mark, and makes a byte of each character of UTF-16: other than ASCII does
 * not matter here. Returns how many bytes are left.
 */
static size_t narrow(unsigned char *bytes, size_t n) {
    size_t length, count = 0;
    const snug_text_encoding *encoding = snug_text_encoding_of_mark(bytes, n, &length);
    bool wide = encoding != NULL && encoding->iconv != NULL;
    size_t low = wide && bytes[0] == 0xFE ? 1 : 0; /* big endian: the second byte is the low one */
    for (size_t i = length; i + low < n; i += wide ? 2 : 1) {
        bytes[count++] = bytes[i + low];
    }
    return count;
}

snug_status snug_data_format_detect(const snug_byte_source *source,
                                    const snug_data_format **format) {
    unsigned char bytes[SNUG_SNIFFED_BYTES] = {0};
    snug_byte_stream stream;
    size_t n = 0;
    *format = format_of_name(source->name);
    if (*format != NULL) {
        return SNUG_OK;
    }
    snug_status status = snug_byte_stream_open(&stream, source);
    if (status == SNUG_OK) {
        status = snug_byte_stream_read(&stream, bytes, sizeof bytes, &n);
    }
    snug_byte_stream_close(&stream);
    *format = format_of_bytes(bytes, narrow(bytes, n));
    return status;
}

/* ---- the public functions -------------------------------------------------------------------- */

const char *snug_data_format_name(size_t index) {
    const snug_data_format *format = snug_data_format_at(index);
    return format != NULL ? format->name : NULL;
}

const char *snug_data_format_summary(size_t index) {
    const snug_data_format *format = snug_data_format_at(index);
    return format != NULL ? format->summary : NULL;
}

const char *snug_data_format_file(const char *format, size_t index) {
    const snug_data_format *found = format != NULL ? snug_data_format_find(format) : NULL;
    return found != NULL && found->files != NULL && index < SNUG_SOURCE_FILES
               ? found->files[index].name
               : NULL;
}

bool snug_data_format_delimited(const char *format) {
    const snug_data_format *found = format != NULL ? snug_data_format_find(format) : NULL;
    return found != NULL && found->settings & SNUG_DATA_DELIMITED;
}
