#include "layers/member_maps.h"
#include "layers/member_sums.h"
#include "math/reduce.h"
#include "math/vector.h"

/*
 * A sum over the samples for each of n columns of some members: of a, or of the products a * b.
 * Rows of a sample's members are a_step floats apart, or n in b; those of the next sample begin
 * a_sample and b_sample floats later.
 */
typedef struct member_sum {
    size_t n;
    const float *a, *b;
    size_t a_step, a_sample, b_sample;
} member_sum;

/* A snug_add_part: column j of the matrix is column j % n of member j / n. */
static void add_part(const void *user, const snug_matrix_part *part, float *const *sums) {
    const member_sum *s = user;
    for (size_t i = part->row; i < part->row + part->rows; i++) {
        float *to = sums[0];
        for (size_t j = part->column, end = j + part->columns, count; j < end; j += count) {
            size_t member = j / s->n, column = j % s->n;
            count = s->n - column < end - j ? s->n - column : end - j;
            const float *a = s->a + i * s->a_sample + member * s->a_step + column;
            if (s->b != NULL) {
                const float *b = s->b + i * s->b_sample + member * s->n + column;
                snug_add_products(count, a, b, to);
            } else {
                snug_vector_add(count, a, to);
            }
            to += count;
        }
    }
}

/* Sums over all samples of a call into gradient, of `members` members. */
static void sum_members(const snug_layer_call *run, const member_sum *sum, size_t members,
                        float *gradient) {
    snug_sum_parts(snug_sample_count(run), members * sum->n, add_part, sum, run->add_gradients, 1,
                   &gradient);
}

void snug_sum_member_outputs(const snug_layer_call *run, const snug_member_part *part,
                             const float *u, float *gradient) {
    const size_t n = run->outputs;
    const member_sum sum = {.n = n,
                            .a = run->dy + part->first * n,
                            .a_step = n,
                            .a_sample = part->members * n,
                            .b = u != NULL ? u + part->first * n : NULL,
                            .b_sample = part->members * n};
    sum_members(run, &sum, part->count, gradient);
}

void snug_sum_member_inputs(const snug_layer_call *run, const snug_member_part *part,
                            const float *q, float *gradient) {
    const size_t n = run->inputs;
    const member_sum sum = {.n = n,
                            .a = run->x + part->first * snug_member_step(run),
                            .a_step = snug_member_step(run),
                            .a_sample = run->members * n,
                            .b = q + part->first * n,
                            .b_sample = part->members * n};
    sum_members(run, &sum, part->count, gradient);
}
