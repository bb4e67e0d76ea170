#include <errno.h>
#include <iconv.h>
#include <string.h>
#include <strings.h>

#include "core/memory.h"
#include "core/spelling.h"
#include "core/status.h"
#include "core/utf8.h"
#include "files/text_encoding.h"

enum { BLOCK = 65536, LONGEST = 4 /* bytes of a character of UTF-8 */ };

enum { UTF_8, WINDOWS_1252, LATIN_1, ISO_8859_1, UTF_16LE, UTF_16BE, COUNT };

/* Files that are called Latin-1 hold quotes and dashes of Windows-1252, of which it is a part. */
static const snug_text_encoding encodings[COUNT] = {
    [UTF_8] = {"utf-8", "UTF-8", NULL},
    [WINDOWS_1252] = {"windows-1252", "Windows-1252", "CP1252"},
    [LATIN_1] = {"latin-1", "Windows-1252", "CP1252"},
    [ISO_8859_1] = {"iso-8859-1", "Windows-1252", "CP1252"},
    [UTF_16LE] = {"utf-16le", "UTF-16 (little endian)", "UTF-16LE"},
    [UTF_16BE] = {"utf-16be", "UTF-16 (big endian)", "UTF-16BE"},
};

const char *snug_text_encoding_name(size_t index) {
    return index < COUNT ? encodings[index].name : NULL;
}

const snug_text_encoding *snug_text_encoding_find(const char *name) {
    const char *names[COUNT];
    char list[128];
    for (size_t i = 0; i < COUNT; i++) {
        names[i] = encodings[i].name;
        if (name == NULL || strcasecmp(name, names[i]) == 0) {
            return &encodings[i];
        }
    }
    snug_quote_names(names, COUNT, list, sizeof list);
    snug_fail(SNUG_ERROR_CONFIG, "unknown encoding \"%.60s\"; known are %s", name, list);
    return NULL;
}

const snug_text_encoding *snug_text_encoding_of_mark(const unsigned char *bytes, size_t n,
                                                     size_t *length) {
    static const struct {
        int encoding;
        size_t length;
        unsigned char bytes[3];
    } marks[] = {
        {UTF_8, 3, {0xEF, 0xBB, 0xBF}}, {UTF_16LE, 2, {0xFF, 0xFE}}, {UTF_16BE, 2, {0xFE, 0xFF}}};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        *length = marks[i].length;
        if (n >= *length && memcmp(bytes, marks[i].bytes, *length) == 0) {
            return &encodings[marks[i].encoding];
        }
    }
    *length = 0;
    return NULL;
}

/* ---- detection ------------------------------------------------------------------------------- */

/*
 * Returns how many bytes of bytes[n] are whole characters of UTF-8, up to the first that is not. A
 * NUL is none: text in UTF-16 has them.
 */
static size_t valid_length(const char *bytes, size_t n) {
    size_t at = 0;
    for (size_t length = 1; at < n && length > 0; at += length) {
        length = bytes[at] != 0 ? snug_utf8_length(bytes + at, n - at) : 0;
    }
    return at;
}

/* Reads the whole stream; *valid is whether it is UTF-8. bytes[BLOCK] is space. */
static snug_status check_utf8(snug_byte_stream *stream, char *bytes, size_t begun, bool *valid) {
    snug_status status = SNUG_OK;
    size_t filled = begun, got = 1;
    *valid = true;
    while (status == SNUG_OK && got > 0 && *valid) {
        size_t whole = valid_length(bytes, filled);
        /* A character may be cut at the end of the block. */
        *valid = filled - whole < LONGEST;
        filled -= whole;
        memmove(bytes, bytes + whole, filled);
        status = snug_byte_stream_read(stream, bytes + filled, BLOCK - filled, &got);
        filled += got;
    }
    *valid = *valid && valid_length(bytes, filled) == filled;
    return status;
}

static snug_status detect(snug_byte_stream *stream, char *bytes, const char *other,
                          const char **encoding) {
    size_t got = 0, length = 0;
    snug_status status = snug_byte_stream_read(stream, bytes, BLOCK, &got);
    const snug_text_encoding *marked =
        snug_text_encoding_of_mark((const unsigned char *)bytes, got, &length);
    if (status != SNUG_OK || marked != NULL) {
        *encoding = marked != NULL ? marked->name : NULL;
        return status;
    }
    bool valid = false;
    status = check_utf8(stream, bytes, got, &valid);
    *encoding = valid ? encodings[UTF_8].name : other;
    return status;
}

snug_status snug_text_encoding_detect(const snug_byte_source *source, const char *other,
                                      const char **encoding) {
    snug_byte_stream stream = {0};
    char *bytes = snug_alloc(BLOCK, 1);
    snug_status status = bytes != NULL ? snug_byte_stream_open(&stream, source) : SNUG_ERROR_MEMORY;
    if (status == SNUG_OK) {
        status = detect(&stream, bytes, other, encoding);
    }
    snug_byte_stream_close(&stream);
    snug_release(bytes);
    return status;
}

/* ---- decoders -------------------------------------------------------------------------------- */

snug_status snug_text_decoder_open(snug_text_decoder *decoder, const snug_text_encoding *encoding) {
    *decoder = (snug_text_decoder){.encoding = encoding, .raw = snug_alloc(BLOCK, 1)};
    if (decoder->raw == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    iconv_t converter = iconv_open("UTF-8", encoding->iconv);
    if (converter != (iconv_t)-1) {
        decoder->converter = converter;
        return SNUG_OK;
    }
    return errno == ENOMEM ? snug_fail_memory(BLOCK)
                           : snug_fail(SNUG_ERROR_FILE,
                                       "iconv() of this system does not know %s: convert the "
                                       "file to UTF-8",
                                       encoding->title);
}

void snug_text_decoder_close(snug_text_decoder *decoder) {
    if (decoder->converter != NULL) {
        iconv_close(decoder->converter);
    }
    snug_release(decoder->raw);
    *decoder = (snug_text_decoder){0};
}

void snug_text_decoder_rewind(snug_text_decoder *decoder) {
    if (decoder->converter != NULL) {
        iconv(decoder->converter, NULL, NULL, NULL, NULL);
    }
    decoder->begin = decoder->end = decoder->line = 0;
    decoder->ended = false;
}

static snug_status fail_byte(const snug_text_decoder *decoder, const char *path) {
    unsigned byte = (unsigned char)decoder->raw[decoder->begin];
    return snug_fail(SNUG_ERROR_DATA,
                     "%s:%zu: is not %s: the byte 0x%02X is no part of a character there", path,
                     decoder->line + 1, decoder->encoding->title, byte);
}

/* Reads more bytes behind those that are left, part of a character. */
static snug_status fill(snug_text_decoder *decoder, snug_byte_stream *stream) {
    size_t left = decoder->end - decoder->begin, got = 0;
    memmove(decoder->raw, decoder->raw + decoder->begin, left);
    decoder->begin = 0;
    decoder->end = left;
    snug_status status = snug_byte_stream_read(stream, decoder->raw + left, BLOCK - left, &got);
    decoder->end += got;
    decoder->ended = status == SNUG_OK && got == 0;
    return status;
}

static void count_lines(snug_text_decoder *decoder, const char *bytes, size_t n) {
    for (const char *end = bytes + n; (bytes = memchr(bytes, '\n', (size_t)(end - bytes))) != NULL;
         bytes++) {
        decoder->line++;
    }
}

/* Converts what was read, as far as there is space; *needs is whether more must be read first. */
static snug_status convert(snug_text_decoder *decoder, const char *path, char *bytes, size_t n,
                           size_t *got, bool *needs) {
    char *in = decoder->raw + decoder->begin, *out = bytes;
    size_t in_left = decoder->end - decoder->begin, out_left = n;
    size_t result = iconv(decoder->converter, &in, &in_left, &out, &out_left);
    int error = result == (size_t)-1 ? errno : 0;
    *got = n - out_left;
    *needs = error != E2BIG;
    decoder->begin = decoder->end - in_left;
    count_lines(decoder, bytes, *got);
    return error == EILSEQ && *got == 0 ? fail_byte(decoder, path) : SNUG_OK;
}

snug_status snug_text_decoder_read(snug_text_decoder *decoder, snug_byte_stream *stream,
                                   const char *path, char *bytes, size_t n, size_t *got) {
    snug_status status = SNUG_OK;
    bool needs = decoder->begin == decoder->end;
    for (*got = 0; status == SNUG_OK && *got == 0 && !decoder->ended;) {
        status = needs ? fill(decoder, stream) : SNUG_OK;
        if (status == SNUG_OK && !decoder->ended) {
            status = convert(decoder, path, bytes, n, got, &needs);
        }
    }
    return status == SNUG_OK && decoder->ended && decoder->begin < decoder->end
               ? fail_byte(decoder, path)
               : status;
}
