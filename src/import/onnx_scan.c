#include <stdbool.h>
#include <stdint.h>

#include "core/status.h"
#include "import/onnx_scan.h"

/* How a field's value is written: https://protobuf.dev/programming-guides/encoding. */
enum { WIRE_VARINT = 0, WIRE_64 = 1, WIRE_LENGTH = 2, WIRE_32 = 5 };

/* Bytes that are read from the front. */
typedef struct scanned_bytes {
    const unsigned char *next, *end;
} scanned_bytes;

/*
 * Reads a whole number of up to 10 bytes, 7 bits in each, the lowest first; the upper bit of a byte
 * says that another one follows. Returns false where the bytes end before.
 */
static bool read_varint(scanned_bytes *bytes, uint64_t *number) {
    *number = 0;
    for (unsigned shift = 0; shift < 70 && bytes->next < bytes->end; shift += 7) {
        unsigned char byte = *bytes->next++;
        *number |= shift < 64 ? (uint64_t)(byte & 0x7fU) << shift : 0;
        if (byte < 0x80U) {
            return true;
        }
    }
    return false;
}

/* Passes over n bytes; returns false where there are fewer. */
static bool skip(scanned_bytes *bytes, uint64_t n) {
    if (n > (uint64_t)(bytes->end - bytes->next)) {
        return false;
    }
    bytes->next += n;
    return true;
}

/* Returns the message type that a field number holds, or NULL. */
static const ProtobufCMessageDescriptor *message_of(const ProtobufCMessageDescriptor *type,
                                                    uint64_t number) {
    for (unsigned i = 0; i < type->n_fields; i++) {
        if (type->fields[i].id == number && type->fields[i].type == PROTOBUF_C_TYPE_MESSAGE) {
            return type->fields[i].descriptor;
        }
    }
    return NULL;
}

static snug_status fail_damaged(void) {
    return snug_fail(SNUG_ERROR_FILE, "is no ONNX model, or damaged: it is no protobuf message");
}

static snug_status scan(const ProtobufCMessageDescriptor *type, scanned_bytes bytes, size_t depth,
                        size_t *messages);

/* Scans the value of a field, whose number and wire type are in its tag. */
static snug_status scan_value(const ProtobufCMessageDescriptor *type, uint64_t tag,
                              scanned_bytes *bytes, size_t depth, size_t *messages) {
    uint64_t length = 0;
    bool whole = false;
    switch (tag & 7U) {
    case WIRE_VARINT:
        whole = read_varint(bytes, &length);
        break;
    case WIRE_64:
        whole = skip(bytes, 8);
        break;
    case WIRE_32:
        whole = skip(bytes, 4);
        break;
    case WIRE_LENGTH: {
        whole = read_varint(bytes, &length) && length <= (uint64_t)(bytes->end - bytes->next);
        const ProtobufCMessageDescriptor *inner = whole ? message_of(type, tag >> 3) : NULL;
        const unsigned char *start = bytes->next;
        whole = whole && skip(bytes, length);
        if (inner != NULL) {
            return scan(inner, (scanned_bytes){start, bytes->next}, depth + 1, messages);
        }
        break;
    }
    default:
        break; /* groups, which no message of ONNX has */
    }
    return whole ? SNUG_OK : fail_damaged();
}

/* Calls itself by scan_value(), no deeper than SNUG_ONNX_MAX_DEPTH. */
static snug_status scan(const ProtobufCMessageDescriptor *type, scanned_bytes bytes, size_t depth,
                        size_t *messages) {
    snug_status status = SNUG_OK;
    if (depth > SNUG_ONNX_MAX_DEPTH) {
        return snug_fail(SNUG_ERROR_FILE, "has messages more than %d deep in each other",
                         SNUG_ONNX_MAX_DEPTH);
    }
    if (++*messages > SNUG_ONNX_MAX_MESSAGES) {
        return snug_fail(SNUG_ERROR_FILE, "has more than %d messages", SNUG_ONNX_MAX_MESSAGES);
    }
    while (bytes.next < bytes.end && status == SNUG_OK) {
        uint64_t tag = 0;
        bool whole = read_varint(&bytes, &tag) && tag >> 3 > 0 && tag <= UINT32_MAX;
        status = whole ? scan_value(type, tag, &bytes, depth, messages) : fail_damaged();
    }
    return status;
}

snug_status snug_onnx_scan(const ProtobufCMessageDescriptor *type, const unsigned char *bytes,
                           size_t size) {
    size_t messages = 0;
    return scan(type, (scanned_bytes){bytes, bytes + size}, 1, &messages);
}
