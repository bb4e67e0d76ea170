#include <stdbool.h>
#include <string.h>

#include "core/status.h"
#include "model_file/foreign.h"

/* How many bytes are looked at: as many as the length of a header has. */
enum { LOOKED_AT = 8 };

static bool begins_with(const char *bytes, size_t n, const char *start) {
    return n >= strlen(start) && memcmp(bytes, start, strlen(start)) == 0;
}

/* Whether bytes begin a file of torch.save(): a zip archive, or in old files a pickle. */
static bool begins_pytorch(const char *bytes, size_t n) {
    return begins_with(bytes, n, "PK\x03\x04") || begins_with(bytes, n, "\x80\x02");
}

/* Whether bytes begin an ONNX model: the version of the format, and the key of another string. */
static bool begins_onnx(const char *bytes, size_t n) {
    return n > 2 && bytes[0] == '\x08' && bytes[1] > 0 && bytes[1] < 32 &&
           (bytes[2] == '\x12' || bytes[2] == '\x1a' || bytes[2] == '\x3a' || bytes[2] == '\x42');
}

/* Whether bytes are text: no controls but those of lines, and none that UTF-8 does not have. */
static bool is_text(const char *bytes, size_t n) {
    for (size_t i = 0; i < n; i++) {
        const unsigned char c = (unsigned char)bytes[i];
        if ((c < ' ' && !(c >= '\t' && c <= '\r')) || c == 0x7F || c > 0xF4) {
            return false;
        }
    }
    return n > 0;
}

/* Returns what a file looks like, and what to do with it; NULL where it is not known. */
static const char *describe(const char *bytes, size_t n) {
    if (begins_pytorch(bytes, n)) {
        return "it looks like one of torch.save(); safetensors.torch.save_file() saves weights";
    }
    if (begins_onnx(bytes, n)) {
        return "it looks like an ONNX model, which snug import --onnx FILE reads";
    }
    return is_text(bytes, n) ? "it looks like text" : NULL;
}

snug_status snug_refuse_foreign(const char *path, const char *bytes, size_t n) {
    const char *what = describe(bytes, n < LOOKED_AT ? n : LOOKED_AT);
    return what != NULL ? snug_fail(SNUG_ERROR_FILE, "%s: is no safetensors file: %s", path, what)
                        : SNUG_OK;
}
