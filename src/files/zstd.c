/* Zstandard (RFC 8878) by libzstd. */
#include <string.h>

#include <zstd.h>
#include <zstd_errors.h>

#include "core/memory.h"
#include "core/status.h"
#include "files/compression.h"

/*
 * 2^27 bytes, 128 MiB, are as far back as a frame may refer, and so the most memory that a frame
 * can claim: what the zstd tool allows without --long, and each of its levels keeps to.
 */
enum { MAX_WINDOW_LOG = 27 };

typedef struct zstd_state {
    ZSTD_DStream *stream;
    bool between_frames;
} zstd_state;

/* A frame of data, or one to skip, with which parallel compressors begin. */
static bool matches(const unsigned char *bytes, size_t n) {
    static const unsigned char frame[] = {0x28, 0xB5, 0x2F, 0xFD}, skippable[] = {0x2A, 0x4D, 0x18};
    return n >= sizeof frame &&
           (memcmp(bytes, frame, sizeof frame) == 0 ||
            (bytes[0] >> 4 == 5 && memcmp(bytes + 1, skippable, sizeof skippable) == 0));
}

/* libzstd allocates by malloc(): hooks for it are not part of its stable interface. */
static void *open_zstd(void) {
    zstd_state *state = snug_alloc(1, sizeof *state);
    if (state == NULL) {
        return NULL;
    }
    state->stream = ZSTD_createDStream();
    if (state->stream == NULL ||
        ZSTD_isError(ZSTD_DCtx_setParameter(state->stream, ZSTD_d_windowLogMax, MAX_WINDOW_LOG))) {
        snug_fail_memory(sizeof *state);
        ZSTD_freeDStream(state->stream);
        snug_release(state);
        return NULL;
    }
    return state;
}

static void close_zstd(void *state) {
    ZSTD_freeDStream(((zstd_state *)state)->stream);
    snug_release(state);
}

static const char *error_of(size_t code) {
    return ZSTD_getErrorCode(code) == ZSTD_error_frameParameter_windowTooLarge
               ? "it was compressed with a window of more than 128 MiB: compress it without --long"
               : ZSTD_getErrorName(code);
}

static snug_decompressed decompress(void *opened, const unsigned char *input, size_t n,
                                    unsigned char *output, size_t size) {
    zstd_state *state = opened;
    if (n == 0 && state->between_frames) {
        return (snug_decompressed){.complete = true};
    }
    ZSTD_inBuffer in = {input, n, 0};
    ZSTD_outBuffer out = {output, size, 0};
    size_t code = ZSTD_decompressStream(state->stream, &out, &in);
    state->between_frames = code == 0;
    bool no_memory = ZSTD_getErrorCode(code) == ZSTD_error_memory_allocation;
    if (no_memory) {
        snug_fail_memory((size_t)1 << MAX_WINDOW_LOG);
    }
    return (snug_decompressed){.used = in.pos,
                               .made = out.pos,
                               .complete = state->between_frames,
                               .error = ZSTD_isError(code) ? error_of(code) : NULL,
                               .no_memory = no_memory};
}

const snug_compression snug_compression_zstd = {
    .name = "zstd",
    .suffix = ".zst",
    .matches = matches,
    .open = open_zstd,
    .decompress = decompress,
    .close = close_zstd,
};
