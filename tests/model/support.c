#include <stdlib.h>
#include <string.h>

#include "support.h"

void set_tensor(snug_model *model, const char *name, size_t out, size_t in, const double *values) {
    snug_tensor_info info;
    for (size_t k = 0; k < snug_model_tensor_count(model); k++) {
        ck_assert_int_eq(snug_model_tensor(model, k, &info), SNUG_OK);
        if (strcmp(info.name, name) != 0) {
            continue;
        }
        ck_assert_uint_eq(info.rows * info.columns, out * in);
        for (size_t i = 0; i < in; i++) {
            for (size_t o = 0; o < out; o++) {
                info.values[i * out + o] = (float)values[o * in + i];
            }
        }
        return;
    }
    ck_abort_msg("no tensor %s", name);
}

void fill_numbers(uint64_t seed, size_t n, float *x) {
    snug_random stream = {.seed = seed, .purpose = 77};
    snug_random_normal(&stream, 0, n, x);
    for (size_t i = 0; i < n; i++) {
        x[i] += 0.1F;
    }
}

snug_model *small_model(void) {
    snug_model *model = snug_model_new(5);
    snug_model_add(model, snug_dense(4));
    snug_model_add(model, snug_tanh());
    snug_model_add(model, snug_dense(3));
    ck_assert_int_eq(snug_model_init(model, 7), SNUG_OK);
    ck_assert_int_eq(snug_model_set_loss(model, snug_softmax_cross_entropy()), SNUG_OK);
    return model;
}
