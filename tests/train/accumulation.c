/* Gradients of many batches that make one optimizer step. */
#include <math.h>

#include "optim/accumulation.h"
#include "support/suite.h"

enum { N = 3, BATCHES = 70 }; /* more than twice as many as are added in float */

/* Gradient j of a batch; the sums of all are exact in double and not in float. */
static float gradient_of(int batch, int j) {
    return 1.0F + (float)(j + 1) * (float)batch * 0x1p-23F;
}

/* Plays the part of backward: adds to the gradients or sets them. */
static void add_batches(snug_accumulation *a, float *gradients) {
    for (int batch = 0; batch < BATCHES; batch++) {
        bool adds = snug_accumulation_add_batch(a, N, gradients, batch % 2 == 0 ? 1.0 : 3.0);
        ck_assert(adds == (batch % 32 != 0));
        for (int j = 0; j < N; j++) {
            gradients[j] = (adds ? gradients[j] : 0.0F) + gradient_of(batch, j);
        }
    }
}

START_TEST(many_batches_are_divided_by_their_weight_once) {
    snug_accumulation a = {0};
    float gradients[N] = {7, 7, 7};
    ck_assert_int_eq(snug_accumulation_switch(&a, true, N), SNUG_OK);
    for (int round = 0; round < 2; round++) { /* the second one starts anew */
        add_batches(&a, gradients);
        snug_accumulation_average(&a, 1, N - 1, gradients + 1);
        snug_accumulation_average(&a, 0, 1, gradients);
        snug_accumulation_restart(&a);
        for (int j = 0; j < N; j++) {
            double sum = 0;
            for (int batch = 0; batch < BATCHES; batch++) {
                sum += (double)gradient_of(batch, j);
            }
            ck_assert_double_le(fabs((double)gradients[j] - sum / (2.0 * BATCHES)), 2e-7);
        }
    }
    snug_accumulation_clear(&a);
}
END_TEST

START_TEST(off_means_that_each_batch_sets_its_gradients) {
    snug_accumulation a = {0};
    float gradients[N] = {3, 4, 5};
    for (int batch = 0; batch < 3; batch++) {
        ck_assert(!snug_accumulation_add_batch(&a, N, gradients, 2.0));
    }
    snug_accumulation_average(&a, 0, N, gradients);
    ck_assert(gradients[0] == 3 && gradients[1] == 4 && gradients[2] == 5);
    snug_accumulation_clear(&a);
}
END_TEST

START_TEST(batches_that_weigh_nothing_are_not_divided) {
    snug_accumulation a = {0};
    float gradients[N] = {0, 0, 0};
    ck_assert_int_eq(snug_accumulation_switch(&a, true, N), SNUG_OK);
    ck_assert(!snug_accumulation_add_batch(&a, N, gradients, 0.0));
    ck_assert(snug_accumulation_add_batch(&a, N, gradients, 0.0));
    snug_accumulation_average(&a, 0, N, gradients);
    ck_assert(gradients[0] == 0 && gradients[1] == 0 && gradients[2] == 0);
    /* Turning it off drops what was added up. */
    ck_assert(snug_accumulation_add_batch(&a, N, gradients, 5.0));
    ck_assert_int_eq(snug_accumulation_switch(&a, false, N), SNUG_OK);
    gradients[1] = 10;
    snug_accumulation_average(&a, 0, N, gradients);
    ck_assert(gradients[1] == 10);
    snug_accumulation_clear(&a);
}
END_TEST

static Suite *accumulation_suite(void) {
    Suite *suite = suite_create("accumulation");
    TCase *tc = tcase_create("accumulation");
    tcase_add_test(tc, many_batches_are_divided_by_their_weight_once);
    tcase_add_test(tc, off_means_that_each_batch_sets_its_gradients);
    tcase_add_test(tc, batches_that_weigh_nothing_are_not_divided);
    suite_add_tcase(suite, tc);
    return suite;
}

REGISTER_SUITE(accumulation_suite)
