#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "import/onnx_file.h"
#include "import/onnx_scan.h"

/*
 * protobuf-c keeps strings and raw numbers as copies, and messages as structs of up to 200 bytes
 * with an array of pointers to them: a file of weights takes little more than its size, and one of
 * empty messages up to the second number.
 */
#define MEMORY_FACTOR ((size_t)3)
#define MEMORY_EXTRA ((size_t)96 << 20)

#define MAX_FILE_BYTES ((size_t)2 << 30) /* the most that protobuf takes */

/* Each block begins with its size, so that freeing it gives its bytes back to the limit. */
enum { HEAD = 16 };

/* Allocates for protobuf-c, within the limit. */
static void *allocate(void *user, size_t size) {
    snug_onnx_file *file = user;
    if (size > SIZE_MAX - HEAD || size + HEAD > file->left) {
        file->exceeded = true;
        return NULL;
    }
    unsigned char *block = snug_alloc(size + HEAD, 1);
    if (block == NULL) {
        file->no_memory = true;
        return NULL;
    }
    file->left -= size + HEAD;
    memcpy(block, &size, sizeof size);
    return block + HEAD;
}

/* Frees what allocate() returned. */
static void release(void *user, void *pointer) {
    snug_onnx_file *file = user;
    if (pointer != NULL) {
        unsigned char *block = (unsigned char *)pointer - HEAD;
        size_t size;
        memcpy(&size, block, sizeof size);
        file->left += size + HEAD;
        snug_release(block);
    }
}

/* Scans the bytes, unpacks them, and tells the reasons apart for which protobuf-c gives up. */
static snug_status unpack(snug_onnx_file *file, const unsigned char *bytes, size_t size) {
    snug_status status = snug_onnx_scan(&onnx__model_proto__descriptor, bytes, size);
    if (status != SNUG_OK) {
        return status;
    }
    file->model = onnx__model_proto__unpack(&file->allocator, size, bytes);
    if (file->model != NULL) {
        return SNUG_OK;
    }
    if (file->exceeded) {
        return snug_fail(SNUG_ERROR_FILE, "takes more memory than a model of its size can need");
    }
    return file->no_memory
               ? SNUG_ERROR_MEMORY
               : snug_fail(SNUG_ERROR_FILE, "is no ONNX model, or damaged: a message or a field "
                                            "of it is not what ONNX has there");
}

/* Returns whether a domain is that of ONNX's own operators. */
static bool is_onnx_domain(const char *domain) {
    return domain == NULL || *domain == 0 || strcmp(domain, "ai.onnx") == 0;
}

static snug_status check_model(snug_onnx_file *file) {
    const Onnx__ModelProto *model = file->model;
    if (model->graph == NULL) {
        return snug_fail(SNUG_ERROR_FILE, "is no ONNX model: it has no graph");
    }
    for (size_t i = 0; i < model->n_opset_import; i++) {
        const Onnx__OperatorSetIdProto *set = model->opset_import[i];
        if (is_onnx_domain(set->domain)) {
            file->opset = set->version > 0 && set->version < 1000 ? (size_t)set->version : 0;
        }
    }
    if (file->opset < SNUG_ONNX_MIN_OPSET || file->opset > SNUG_ONNX_MAX_OPSET) {
        return snug_fail(SNUG_ERROR_FILE,
                         "has operators of version %zu, and versions %d to %d are read: export it "
                         "with one of these",
                         file->opset, SNUG_ONNX_MIN_OPSET, SNUG_ONNX_MAX_OPSET);
    }
    return SNUG_OK;
}

snug_status snug_onnx_file_open(snug_onnx_file *file, const snug_byte_source *source) {
    *file = (snug_onnx_file){.allocator = {allocate, release, file}};
    if (source->size > MAX_FILE_BYTES) {
        return snug_fail(SNUG_ERROR_FILE, "has %zu bytes, more than the 2 GiB of an ONNX model",
                         source->size);
    }
    file->left = source->size * MEMORY_FACTOR + MEMORY_EXTRA;
    unsigned char *bytes = snug_alloc(source->size, 1);
    snug_status status =
        bytes != NULL ? snug_byte_source_read(source, 0, source->size, bytes) : SNUG_ERROR_MEMORY;
    if (status == SNUG_OK) {
        status = unpack(file, bytes, source->size);
    }
    snug_release(bytes);
    return status == SNUG_OK ? check_model(file) : status;
}

void snug_onnx_file_clear(snug_onnx_file *file) {
    if (file->model != NULL) {
        onnx__model_proto__free_unpacked(file->model, &file->allocator);
        file->model = NULL;
    }
}
