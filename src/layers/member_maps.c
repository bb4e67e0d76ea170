/*
 * A product for each member. Rows of one member are members x columns floats apart, so that a
 * product reads and writes them where they are.
 */
#include "layers/member_maps.h"
#include "math/gemm.h"

/* Returns the product y = x W_m + b_m of member m; the other passes exchange what they need. */
static snug_product product_of(const snug_member_maps *maps, const snug_layer_call *run, size_t m) {
    return (snug_product){.large = snug_gemm_is_large(run->inputs * run->outputs),
                          .m = snug_sample_count(run),
                          .n = run->outputs,
                          .k = run->inputs,
                          .a = run->x + m * snug_member_step(run),
                          .lda = run->members * run->inputs,
                          .b = maps->weight + m * run->inputs * run->outputs,
                          .ldb = run->outputs,
                          .c = run->y + m * run->outputs,
                          .ldc = maps->members * run->outputs};
}

void snug_member_maps_forward(const snug_member_maps *maps, const snug_layer_call *run) {
    for (size_t m = 0; m < maps->members; m++) {
        snug_product product = product_of(maps, run, m);
        product.bias = maps->bias != NULL ? maps->bias + m * run->outputs : NULL;
        snug_gemm(&product);
    }
}

void snug_member_maps_backward(const snug_member_maps *maps, const snug_layer_call *run) {
    for (size_t m = 0; run->dx != NULL && m < maps->members; m++) {
        snug_product product = product_of(maps, run, m);
        product.transpose_b = true;
        product.n = run->inputs;
        product.k = run->outputs;
        product.a = run->dy + m * run->outputs;
        product.lda = maps->members * run->outputs;
        product.c = run->dx + m * snug_member_step(run);
        product.ldc = run->members * run->inputs;
        product.add = run->members == 1 && m > 0;
        snug_gemm(&product);
    }
}

void snug_member_maps_gradient(const snug_member_maps *maps, const snug_layer_call *run,
                               size_t first, size_t count, float *gradient) {
    for (size_t end = first + count, rows; first < end; first += rows) {
        size_t m = first / run->inputs, row = first % run->inputs;
        snug_product product = product_of(maps, run, m);
        rows = run->inputs - row < end - first ? run->inputs - row : end - first;
        product.transpose_a = true;
        product.add = run->add_gradients;
        product.m = rows;
        product.k = snug_sample_count(run);
        product.a += row;
        product.b = run->dy + m * run->outputs;
        product.ldb = maps->members * run->outputs;
        product.c = gradient;
        product.ldc = run->outputs;
        snug_gemm(&product);
        gradient += rows * run->outputs;
    }
}
