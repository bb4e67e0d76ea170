#include "files/byte_source.h"
#include "files/byte_stream.h"
#include "fuzz.h"

enum { BLOCK = 4096, MAX_BYTES = 4 << 20 /* a small file may hold far more */ };

/* Decompresses the bytes; returns their sum and, in *size, their number, up to MAX_BYTES. */
static uint32_t sum_bytes(snug_byte_stream *stream, size_t block, size_t *size) {
    static unsigned char bytes[BLOCK];
    uint32_t sum = 0;
    size_t got = block;
    for (*size = 0; got == block && *size < MAX_BYTES; *size += got) {
        if (snug_byte_stream_read(stream, bytes, block, &got) != SNUG_OK) {
            fuzz_check(snug_error()[0] != 0, "a failure has a message");
            return 0;
        }
        fuzz_check(got <= block, "no more bytes are read than were wanted");
        for (size_t i = 0; i < got; i++) {
            sum = sum * 31 + bytes[i];
        }
    }
    return sum;
}

/* A stream that is read again from its start gives the same bytes. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    snug_byte_source source = snug_byte_source_of("input", data, size);
    snug_byte_stream stream;
    if (snug_byte_stream_open(&stream, &source) == SNUG_OK) {
        size_t first_size, second_size;
        uint32_t first = sum_bytes(&stream, BLOCK, &first_size);
        snug_byte_stream_rewind(&stream);
        uint32_t second = sum_bytes(&stream, BLOCK, &second_size);
        fuzz_check(first == second && first_size == second_size, "a second pass is as the first");
    }
    snug_byte_stream_close(&stream);
    return 0;
}
