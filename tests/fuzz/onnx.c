#include "fuzz.h"

enum { LARGEST = 1 << 12 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static float x[LARGEST], y[LARGEST];
    snug_model *model = snug_model_import_onnx(fuzz_file(data, size));
    fuzz_check(model != NULL || snug_error()[0] != 0, "a failure has a message");
    if (model != NULL && snug_model_input_count(model) <= LARGEST &&
        snug_model_output_count(model) <= LARGEST) {
        snug_session *session = snug_session_new(model, 1);
        fuzz_check(session != NULL && snug_predict(session, x, 1, y) == SNUG_OK,
                   "an imported model predicts");
        snug_session_free(session);
    }
    snug_model_free(model);
    return 0;
}
