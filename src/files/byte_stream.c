#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "files/byte_stream.h"

enum {
    BLOCK = 65536,        /* compressed bytes that are read at a time */
    FIRST_BYTES = 1048576 /* of a block that grows */
};

snug_status snug_byte_stream_open(snug_byte_stream *stream, const snug_byte_source *source) {
    unsigned char start[SNUG_COMPRESSION_BYTES];
    size_t n = source->size < sizeof start ? source->size : sizeof start;
    *stream = (snug_byte_stream){.source = source};
    snug_status status = snug_byte_source_read(source, 0, n, start);
    if (status != SNUG_OK) {
        return status;
    }
    stream->compression = snug_compression_of(start, n);
    if (stream->compression == NULL) {
        return SNUG_OK;
    }
    stream->block = snug_alloc(BLOCK, 1);
    return stream->block != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
}

void snug_byte_stream_rewind(snug_byte_stream *stream) {
    if (stream->state != NULL) {
        stream->compression->close(stream->state);
    }
    stream->state = NULL;
    stream->offset = stream->begin = stream->end = 0;
    stream->complete = false;
}

void snug_byte_stream_close(snug_byte_stream *stream) {
    snug_byte_stream_rewind(stream);
    snug_release(stream->block);
    *stream = (snug_byte_stream){0};
}

/* ---- compressed data ------------------------------------------------------------------------- */

static snug_status fail_damaged(const snug_byte_stream *stream, const char *error) {
    return snug_fail(SNUG_ERROR_DATA, "%s: damaged %s data near byte %zu: %s", stream->source->name,
                     stream->compression->name, stream->offset - (stream->end - stream->begin),
                     error);
}

static snug_status fail_truncated(const snug_byte_stream *stream) {
    return snug_fail(SNUG_ERROR_DATA, "%s: the %s data ends too early, at byte %zu",
                     stream->source->name, stream->compression->name, stream->offset);
}

/* Fills the block, which is empty; it stays so at the end of the source. */
static snug_status fill_block(snug_byte_stream *stream) {
    size_t left = stream->source->size - stream->offset;
    size_t n = left < BLOCK ? left : BLOCK;
    snug_status status = snug_byte_source_read(stream->source, stream->offset, n, stream->block);
    stream->begin = 0;
    stream->end = status == SNUG_OK ? n : 0;
    stream->offset += stream->end;
    return status;
}

static snug_status start_pass(snug_byte_stream *stream) {
    if (stream->state == NULL) {
        stream->state = stream->compression->open();
    }
    return stream->state != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
}

/*
 * Decompresses what the block holds, and reads the next block where that gives nothing. *got is 0
 * at the end only, or where all that was read are headers: *ended tells the two apart.
 */
static snug_status decompress_some(snug_byte_stream *stream, unsigned char *bytes, size_t n,
                                   size_t *got, bool *ended) {
    snug_decompressed result = stream->compression->decompress(
        stream->state, stream->block + stream->begin, stream->end - stream->begin, bytes, n);
    stream->begin += result.used;
    stream->complete = result.complete;
    *got = result.made;
    if (result.no_memory) {
        return SNUG_ERROR_MEMORY;
    }
    if (result.error != NULL) {
        return fail_damaged(stream, result.error);
    }
    if (result.used > 0 || result.made > 0) {
        return SNUG_OK;
    }
    if (stream->begin < stream->end) {
        return fail_damaged(stream, "the decompression does not go on");
    }
    snug_status status = fill_block(stream);
    *ended = status == SNUG_OK && stream->end == 0;
    return *ended && !stream->complete ? fail_truncated(stream) : status;
}

static snug_status decompress(snug_byte_stream *stream, unsigned char *bytes, size_t n,
                              size_t *got) {
    snug_status status = start_pass(stream);
    for (bool ended = false; status == SNUG_OK && !ended && *got < n;) {
        size_t made;
        status = decompress_some(stream, bytes + *got, n - *got, &made, &ended);
        *got += made;
    }
    return status;
}

/* ---- both ------------------------------------------------------------------------------------ */

snug_status snug_byte_stream_read(snug_byte_stream *stream, void *bytes, size_t n, size_t *got) {
    *got = 0;
    if (stream->compression != NULL) {
        return decompress(stream, bytes, n, got);
    }
    size_t left = stream->source->size - stream->offset;
    n = n < left ? n : left;
    snug_status status = snug_byte_source_read(stream->source, stream->offset, n, bytes);
    *got = status == SNUG_OK ? n : 0;
    stream->offset += *got;
    return status;
}

void *snug_byte_stream_read_block(snug_byte_stream *stream, size_t n, size_t *got) {
    size_t capacity = 0;
    unsigned char *block = NULL;
    *got = 0;
    for (bool ended = false; !ended;) {
        capacity = capacity == 0 ? FIRST_BYTES : capacity > n / 2 ? n : capacity * 2;
        capacity = capacity < n ? capacity : n;
        unsigned char *larger = snug_resize(block, capacity, 1);
        size_t wanted = capacity - *got, more = 0;
        if (larger != NULL) {
            block = larger;
        }
        if (larger == NULL ||
            snug_byte_stream_read(stream, block + *got, wanted, &more) != SNUG_OK) {
            snug_release(block);
            return NULL;
        }
        *got += more;
        ended = more < wanted || capacity == n;
    }
    return block;
}
