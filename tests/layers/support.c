#include <stdlib.h>
#include <string.h>

#include "support.h"

snug_model *model_of(size_t inputs, const char *spec) {
    snug_model *model = snug_model_new(inputs);
    ck_assert_msg(snug_model_add(model, snug_layer_new(spec)) == SNUG_OK, "%s", snug_error());
    ck_assert_int_eq(snug_model_init(model, 3), SNUG_OK);
    return model;
}

void run_layer(snug_model *model, bool training, size_t rows, const float *x, float *y) {
    snug_session *session =
        training ? snug_session_new_training(model, rows, 1) : snug_session_new(model, rows);
    const float *out;
    ck_assert_int_eq(snug_forward(session, x, rows, 0, &out), SNUG_OK);
    memcpy(y, out, rows * snug_model_output_count(model) * sizeof *y);
    snug_session_free(session);
}

float *tensor_of(snug_model *model, const char *name) {
    for (size_t k = 0; k < snug_model_tensor_count(model); k++) {
        snug_tensor_info info;
        ck_assert_int_eq(snug_model_tensor(model, k, &info), SNUG_OK);
        if (strcmp(info.name, name) == 0) {
            return info.values;
        }
    }
    ck_abort_msg("no tensor %s", name);
    return NULL;
}
