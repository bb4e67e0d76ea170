#include <snug/import.h>

#include "core/status.h"

#ifdef SNUG_HAVE_ONNX
#include "import/onnx_file.h"
#include "import/onnx_network.h"

static snug_model *read_model(const char *path) {
    snug_byte_source source;
    snug_onnx_file file;
    snug_model *model = NULL;
    snug_status status = snug_byte_source_open(&source, path, NULL);
    if (status == SNUG_OK) {
        status = snug_onnx_file_open(&file, &source);
        model = status == SNUG_OK ? snug_onnx_network(&file, path) : NULL;
        snug_onnx_file_clear(&file);
        if (model == NULL && snug_error_status() != SNUG_ERROR_MEMORY) {
            snug_fail_in("%s", path);
        }
    }
    snug_byte_source_close(&source);
    return model;
}
#else
static snug_model *read_model(const char *path) {
    snug_fail(SNUG_ERROR_FILE,
              "%s: this build of Snug reads no ONNX models: protobuf-c and onnx.proto were missing "
              "when it was built (Debian: libprotobuf-c-dev, protobuf-c-compiler, libonnx-dev; "
              "scripts/setup.sh --export)",
              path);
    return NULL;
}
#endif

snug_model *snug_model_import_onnx(const char *path) {
    if (path == NULL) {
        snug_fail_null("the path of the ONNX model");
        return snug_constructed(SNUG_CONSTRUCTED_MODEL, NULL);
    }
    return snug_constructed(SNUG_CONSTRUCTED_MODEL, read_model(path));
}
