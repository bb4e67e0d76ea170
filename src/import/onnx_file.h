/* An ONNX file as protobuf-c's structs: bounded before it is unpacked, and checked afterwards. */
#ifndef SNUG_IMPORT_ONNX_FILE_H
#define SNUG_IMPORT_ONNX_FILE_H

#include <onnx.pb-c.h>
#include <stdbool.h>

#include "files/byte_source.h"

enum { SNUG_ONNX_MIN_OPSET = 9, SNUG_ONNX_MAX_OPSET = 17 };

typedef struct snug_onnx_file {
    Onnx__ModelProto *model; /* owned */
    ProtobufCAllocator allocator;
    size_t left;    /* bytes that unpacking may still allocate */
    bool exceeded;  /* it wanted more */
    bool no_memory; /* an allocation within the limit failed */
    size_t opset;   /* the version of ONNX's operators */
} snug_onnx_file;

/*
 * Unpacks a source. Fails for what is no model with a graph and one of the opsets that are known.
 * Its address must stay: the allocator points to it. To be cleared also after a failure.
 */
snug_status snug_onnx_file_open(snug_onnx_file *file, const snug_byte_source *source);
void snug_onnx_file_clear(snug_onnx_file *file);

#endif
