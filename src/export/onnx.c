#include <snug/export.h>

#include "core/status.h"

/* Without protobuf-c the other files of ONNX are not built. */
#ifdef SNUG_HAVE_ONNX
#include "export/onnx_model.h"

static snug_status write_model(const snug_model *model, size_t opset, const char *path) {
    snug_model_graph *graph = snug_model_graph_new(model);
    if (graph == NULL) {
        return snug_error_status();
    }
    snug_status status = snug_onnx_write(graph, opset, path);
    snug_model_graph_free(graph);
    return status;
}
#else
static snug_status write_model(const snug_model *model, size_t opset, const char *path) {
    (void)model, (void)opset;
    return snug_fail(SNUG_ERROR_FILE,
                     "%s: this build of Snug writes no ONNX models: protobuf-c and onnx.proto were "
                     "missing when it was built (Debian: libprotobuf-c-dev, protobuf-c-compiler, "
                     "libonnx-dev; scripts/setup.sh --export)",
                     path);
}
#endif

snug_status snug_model_export_onnx(const snug_model *model, const char *path,
                                   const snug_onnx_options *options) {
    if (model == NULL) {
        return snug_fail_not_constructed(SNUG_CONSTRUCTED_MODEL, "the model");
    }
    if (path == NULL) {
        return snug_fail_null("the path of the ONNX model");
    }
    const size_t opset = options != NULL && options->opset > 0 ? options->opset : SNUG_MIN_OPSET;
    if (opset < SNUG_MIN_OPSET || opset > SNUG_MAX_OPSET) {
        return snug_fail(SNUG_ERROR_ARGUMENT,
                         "opset: ONNX models are written with the operators of version %d to %d "
                         "(got %zu)",
                         SNUG_MIN_OPSET, SNUG_MAX_OPSET, opset);
    }
    return write_model(model, opset, path);
}
