#include <snug/export.h>

#include "core/status.h"

snug_status snug_model_export_onnx(const snug_model *model, const char *path,
                                   const snug_onnx_options *options) {
    if (model == NULL || path == NULL) {
        return snug_fail_null(model == NULL ? "the model" : "the path of the ONNX model");
    }
    const size_t opset = options != NULL && options->opset > 0 ? options->opset : SNUG_MIN_OPSET;
    if (opset < SNUG_MIN_OPSET || opset > SNUG_MAX_OPSET) {
        return snug_fail(SNUG_ERROR_ARGUMENT,
                         "opset: ONNX models are written with the operators of version %d to %d "
                         "(got %zu)",
                         SNUG_MIN_OPSET, SNUG_MAX_OPSET, opset);
    }
    return snug_fail(SNUG_ERROR_FILE, "%s: cannot be written: this build of Snug has no protobuf-c",
                     path);
}
