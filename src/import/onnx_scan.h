/*
 * A look at the bytes of a protobuf message before protobuf-c unpacks it, which calls itself for
 * each message in a message and allocates for each of them. The scan reads what nests by the same
 * descriptors, and so refuses what would take too deep a stack or too many messages.
 */
#ifndef SNUG_IMPORT_ONNX_SCAN_H
#define SNUG_IMPORT_ONNX_SCAN_H

#include <protobuf-c/protobuf-c.h>
#include <stddef.h>

#include <snug/status.h>

enum {
    SNUG_ONNX_MAX_DEPTH = 16,        /* of messages in messages; models of layers have 8 */
    SNUG_ONNX_MAX_MESSAGES = 1 << 18 /* in a file, with those in others */
};

/* Fails where bytes[size] are no well-formed message of that type, or one beyond the limits. */
snug_status snug_onnx_scan(const ProtobufCMessageDescriptor *type, const unsigned char *bytes,
                           size_t size);

#endif
