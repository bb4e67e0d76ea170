/* Datasets of arrays, and gathering from datasets. */
#include <math.h>

#include "data/gather.h"
#include "support/suite.h"
#include "support/tables.h"

#define ROW(...)                                                                                   \
    (float[]) {                                                                                    \
        __VA_ARGS__                                                                                \
    }

static const float x[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
static const int32_t classes[] = {2, 0, 3, 0};

START_TEST(borrows_arrays) {
    snug_dataset *data = snug_dataset_from_arrays(x, 4, 3, classes);
    ck_assert_ptr_eq(data->storage->x, x);
    ck_assert_ptr_eq(data->storage->class_of, classes);
    ck_assert_uint_eq(snug_dataset_row_count(data), 4);
    ck_assert_uint_eq(snug_dataset_class_count(data), 4);
    ck_assert_str_eq(snug_dataset_class_name(data, 3), "3");
    ck_assert_str_eq(snug_dataset_column_name(data, 2), "x3");
    ck_assert_ptr_null(snug_dataset_target_name(data, 0));
    expect_row(data, 2, 3, ROW(7, 8, 9));
    snug_dataset_free(data);
    data = snug_dataset_from_values(x, 2, 3, x + 6, 2);
    ck_assert_uint_eq(snug_dataset_output_count(data), 2);
    ck_assert_ptr_eq(snug_dataset_values(data, 1), x + 8);
    ck_assert_ptr_null(snug_dataset_values(data, 2));
    ck_assert_str_eq(snug_dataset_target_name(data, 1), "y2");
    snug_dataset_free(data);
    snug_dataset_free(NULL);
}
END_TEST

START_TEST(refuses_wrong_arrays) {
    float bad[] = {1, 2, 3, 4, 5, 6};
    const int32_t negative[] = {0, -7}, huge[] = {0, 2000000000};
    ck_assert_ptr_null(snug_dataset_from_arrays(NULL, 2, 3, NULL));
    expect_error(SNUG_ERROR_ARGUMENT, "x is NULL");
    ck_assert_ptr_null(snug_dataset_from_arrays(bad, 0, 3, NULL));
    expect_error(SNUG_ERROR_ARGUMENT, "x must have rows");
    ck_assert_ptr_null(snug_dataset_from_arrays(bad, SIZE_MAX / 2, 3, NULL));
    expect_error(SNUG_ERROR_ARGUMENT, "x cannot have 9223372036854775807");
    ck_assert_ptr_null(snug_dataset_from_arrays(bad, 2, 3, negative));
    expect_error(SNUG_ERROR_DATA, "classes:");
    ck_assert_ptr_null(snug_dataset_from_arrays(bad, 2, 3, huge));
    expect_error(SNUG_ERROR_DATA, "classes:");
    bad[5] = INFINITY;
    ck_assert_ptr_null(snug_dataset_from_arrays(bad, 2, 3, NULL));
    expect_error(SNUG_ERROR_DATA, "x:");
    ck_assert_ptr_null(snug_dataset_from_values(x, 2, 3, bad + 2, 2));
    expect_error(SNUG_ERROR_DATA, "y:");
    bad[5] = NAN;
    ck_assert_ptr_null(snug_dataset_from_values(bad, 3, 2, x, 1));
    expect_error(SNUG_ERROR_DATA, "x:");
    ck_assert_ptr_null(snug_dataset_from_values(x, 3, 2, NULL, 1));
    expect_error(SNUG_ERROR_ARGUMENT, "y must hold at");
}
END_TEST

START_TEST(selects_of_selections) {
    snug_dataset *all = snug_dataset_from_arrays(x, 4, 3, classes);
    snug_dataset *some = snug_dataset_select(all, (size_t[]){3, 1, 2}, 3);
    snug_dataset *twice = snug_dataset_select(some, (size_t[]){2, 0, 2, 1}, 4);
    snug_dataset *shared = snug_dataset_share(twice);
    snug_dataset_free(all);
    snug_dataset_free(some);
    expect_row(twice, 0, 3, ROW(7, 8, 9));
    expect_row(twice, 1, 3, ROW(10, 11, 12));
    ck_assert_int_eq(snug_dataset_class(twice, 2), 3);
    ck_assert_uint_eq(snug_dataset_class_count(twice), 4);
    snug_dataset_free(twice);
    ck_assert_uint_eq(snug_dataset_row_count(shared), 4);
    expect_row(shared, 3, 3, ROW(4, 5, 6));
    ck_assert_ptr_null(snug_dataset_select(shared, (size_t[]){4}, 1));
    expect_error(SNUG_ERROR_ARGUMENT, "row 4 cannot be selected:");
    ck_assert_ptr_null(snug_dataset_select(shared, NULL, 0));
    expect_error(SNUG_ERROR_ARGUMENT, "a selection of no");
    snug_dataset_free(shared);
}
END_TEST

START_TEST(gathers_in_any_order) {
    static const uint8_t bytes[] = {0, 100, 200, 255, 3, 7, 9, 11, 13, 1, 2, 4};
    static const size_t order[] = {9, 2, 0, 1};
    float shift[] = {1, 2, 3}, factor[] = {2, 0.5f, 4}, fill[] = {5, 6, 7}, out[6];
    snug_scaler scaler = {.features = 3,
                          .shift = shift,
                          .factor = factor,
                          .fill = fill,
                          .scaling = SNUG_SCALING_STANDARD};
    snug_dataset *data = snug_dataset_from_bytes(bytes, 4, 3, classes);
    snug_dataset *view = snug_dataset_select(data, (size_t[]){3, 0, 1}, 3);
    snug_dataset_gather(view, &scaler, order, 1, 2, out);
    expect_floats(6, out, ROW(508, 0.5f, 16, 0, 0, 4));
    snug_dataset_gather(view, NULL, order, 1, 2, out);
    expect_floats(6, out, ROW(255, 3, 7, 1, 2, 4));
    snug_dataset_gather(view, NULL, NULL, 1, 2, out);
    expect_floats(6, out, ROW(0, 100, 200, 255, 3, 7));
    int32_t got[2];
    snug_dataset_gather_targets(view, order, 1, 2, got, NULL);
    ck_assert_int_eq(got[0], 0);
    ck_assert_int_eq(got[1], 0);
    snug_dataset_gather_targets(view, NULL, 0, 2, got, NULL);
    ck_assert_int_eq(got[0], 0);
    ck_assert_int_eq(got[1], 2);
    snug_dataset_free(view);
    snug_dataset_free(data);
    data = snug_dataset_from_values(x, 2, 3, x + 6, 2);
    snug_dataset_gather(data, &scaler, (size_t[]){1, 0}, 0, 2, out);
    expect_floats(6, out, ROW(6, 1.5f, 12, 0, 0, 0));
    snug_dataset_gather_targets(data, (size_t[]){1, 0}, 0, 2, NULL, out);
    expect_floats(4, out, ROW(9, 10, 7, 8));
    snug_dataset_free(data);
}
END_TEST

START_TEST(keeps_weights_through_views) {
    const float weights[] = {0.5F, 0, 3, 2.25F}, lighter[] = {1, 1, 1, 7};
    float got[3];
    snug_dataset *all = snug_dataset_from_arrays(x, 4, 3, classes), *rest, *part;
    ck_assert(!snug_dataset_weighted(all));
    ck_assert_float_eq(snug_dataset_weight(all, 3), 1);
    ck_assert_int_eq(snug_dataset_set_weights(all, lighter), SNUG_OK);
    ck_assert_int_eq(snug_dataset_set_weights(all, weights), SNUG_OK);
    ck_assert(snug_dataset_weighted(all));
    ck_assert_float_eq(snug_dataset_weight(all, 3), 2.25F);
    ck_assert_float_eq(snug_dataset_weight(all, 4), 0);
    snug_dataset *some = snug_dataset_select(all, (size_t[]){3, 1, 2}, 3);
    ck_assert_float_eq(snug_dataset_weight(some, 2), 3);
    snug_dataset_gather_weights(some, (size_t[]){9, 2, 0}, 1, 2, got);
    expect_floats(2, got, ROW(3, 2.25F));
    ck_assert_int_eq(snug_dataset_set_weights(all, NULL), SNUG_ERROR_ARGUMENT);
    expect_error(SNUG_ERROR_ARGUMENT, "weights are given to");
    ck_assert_int_eq(snug_dataset_split(all, 0.5, 4, &rest, &part), SNUG_OK);
    for (size_t i = 0; i < 2; i++) { /* x[3 row] tells which row of the whole it is */
        snug_dataset_row(part, i, got);
        ck_assert_float_eq(snug_dataset_weight(part, i), weights[((size_t)got[0] - 1) / 3]);
    }
    snug_dataset *sets[] = {rest, part, some};
    for (size_t i = 0; i < 3; i++) {
        snug_dataset_free(sets[i]);
    }
    ck_assert_int_eq(snug_dataset_set_weights(all, NULL), SNUG_OK);
    ck_assert(!snug_dataset_weighted(all));
    snug_dataset_free(all);
}
END_TEST

START_TEST(refuses_wrong_weights) {
    snug_dataset *data = snug_dataset_from_arrays(x, 3, 4, NULL);
    ck_assert_int_eq(snug_dataset_set_weights(data, ROW(1, -0.5F, 2)), SNUG_ERROR_DATA);
    expect_error(SNUG_ERROR_DATA, "weights:");
    ck_assert_int_eq(snug_dataset_set_weights(data, ROW(1, 2, INFINITY)), SNUG_ERROR_DATA);
    expect_error(SNUG_ERROR_DATA, "weights:");
    ck_assert_int_eq(snug_dataset_set_weights(data, ROW(NAN, 2, 1)), SNUG_ERROR_DATA);
    ck_assert_int_eq(snug_dataset_set_weights(data, ROW(0, 0, 0)), SNUG_ERROR_DATA);
    expect_error(SNUG_ERROR_DATA, "weights:");
    ck_assert(!snug_dataset_weighted(data));
    snug_dataset_free(data);
}
END_TEST

/* Wide enough that the vector loops run with and without their rest. */
START_TEST(gathers_wide_rows) {
    enum { WIDE = 83 };
    uint8_t bytes[2 * WIDE];
    float shift[WIDE], factor[WIDE], fill[WIDE], out[WIDE];
    for (size_t j = 0; j < WIDE; j++) {
        bytes[j] = 0;
        bytes[WIDE + j] = (uint8_t)(j * 7);
        shift[j] = (float)j / 3;
        factor[j] = 1 / (float)(j + 2);
        fill[j] = 0;
    }
    snug_scaler scaler = {.features = WIDE,
                          .shift = shift,
                          .factor = factor,
                          .fill = fill,
                          .scaling = SNUG_SCALING_STANDARD};
    snug_dataset *data = snug_dataset_from_bytes(bytes, 2, WIDE, NULL);
    snug_dataset_gather(data, &scaler, NULL, 1, 1, out);
    for (size_t j = 0; j < WIDE; j++) {
        ck_assert_float_eq(out[j], ((float)bytes[WIDE + j] - shift[j]) * factor[j]);
    }
    snug_dataset_free(data);
}
END_TEST

static Suite *arrays_suite(void) {
    Suite *suite = suite_create("arrays");
    TCase *tests = tcase_create("arrays");
    tcase_add_test(tests, borrows_arrays);
    tcase_add_test(tests, refuses_wrong_arrays);
    tcase_add_test(tests, selects_of_selections);
    tcase_add_test(tests, gathers_in_any_order);
    tcase_add_test(tests, keeps_weights_through_views);
    tcase_add_test(tests, refuses_wrong_weights);
    tcase_add_test(tests, gathers_wide_rows);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(arrays_suite)
