/* gzip (RFC 1952) by zlib. */
#include <limits.h>
#include <stdint.h>

#include <zlib.h>

#include "core/memory.h"
#include "files/compression.h"

typedef struct gzip_state {
    z_stream stream;
    bool between_members; /* a member has ended and no other has begun */
} gzip_state;

static voidpf allocate(voidpf user, uInt count, uInt size) {
    (void)user;
    return snug_alloc(count, size);
}

static void release(voidpf user, voidpf block) {
    (void)user;
    snug_release(block);
}

static bool matches(const unsigned char *bytes, size_t n) {
    return n >= 2 && bytes[0] == 0x1F && bytes[1] == 0x8B;
}

static void *open_gzip(void) {
    gzip_state *state = snug_alloc(1, sizeof *state);
    if (state == NULL) {
        return NULL;
    }
    state->stream.zalloc = allocate;
    state->stream.zfree = release;
    if (inflateInit2(&state->stream, 16 + MAX_WBITS) != Z_OK) { /* 16: of gzip's format alone */
        snug_release(state);
        return NULL;
    }
    return state;
}

static void close_gzip(void *state) {
    inflateEnd(&((gzip_state *)state)->stream);
    snug_release(state);
}

static uInt limited(size_t n) {
    return n < UINT_MAX ? (uInt)n : UINT_MAX;
}

/*
 * Skips zeros, with which archives fill up the last block of a file. Any other byte begins another
 * member: files that are gzip data one after the other are gzip data.
 */
static size_t skip_padding(gzip_state *state, const unsigned char *input, size_t n) {
    size_t skipped = 0;
    while (skipped < n && input[skipped] == 0) {
        skipped++;
    }
    if (skipped < n) {
        inflateReset(&state->stream);
        state->between_members = false;
    }
    return skipped;
}

static snug_decompressed decompress(void *opened, const unsigned char *input, size_t n,
                                    unsigned char *output, size_t size) {
    gzip_state *state = opened;
    z_stream *stream = &state->stream;
    size_t skipped = state->between_members ? skip_padding(state, input, n) : 0;
    if (state->between_members) {
        return (snug_decompressed){.used = skipped, .complete = true};
    }
    uInt available_input = limited(n - skipped), available_output = limited(size);
    stream->next_in = (z_const Bytef *)(uintptr_t)(input + skipped);
    stream->avail_in = available_input;
    stream->next_out = output;
    stream->avail_out = available_output;
    int code = inflate(stream, Z_NO_FLUSH);
    state->between_members = code == Z_STREAM_END;
    bool ok = code == Z_OK || code == Z_STREAM_END || code == Z_BUF_ERROR; /* no progress */
    return (snug_decompressed){.used = skipped + available_input - stream->avail_in,
                               .made = available_output - stream->avail_out,
                               .complete = state->between_members,
                               .error = ok                    ? NULL
                                        : stream->msg != NULL ? stream->msg
                                                              : "not valid",
                               .no_memory = code == Z_MEM_ERROR};
}

const snug_compression snug_compression_gzip = {
    .name = "gzip",
    .suffix = ".gz",
    .matches = matches,
    .open = open_gzip,
    .decompress = decompress,
    .close = close_gzip,
};
