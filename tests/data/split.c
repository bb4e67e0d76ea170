/* Splits: exact, stratified, in order, and the same for the same seed. */
#include <snug/snug.h>

#include "support/errors.h"
#include "support/suite.h"

enum { MOST = 200 };

static float numbers[MOST];

/* Rows 0, 1, 2 ... whose class is given by how many rows each class has, spread over the rows. */
static snug_dataset *rows_of(size_t rows, int32_t *class_of, const size_t *sizes, size_t classes) {
    size_t left[8];
    for (size_t i = 0; i < rows; i++) {
        numbers[i] = (float)i;
    }
    for (size_t c = 0; c < classes; c++) {
        left[c] = sizes[c];
    }
    for (size_t i = 0, c = 0; class_of != NULL && i < rows; i++) {
        do {
            c = (c + 1) % classes;
        } while (left[c] == 0);
        left[c]--;
        class_of[i] = (int32_t)c;
    }
    snug_dataset *data = snug_dataset_from_arrays(numbers, rows, 1, class_of);
    ck_assert_msg(data != NULL, "%s", snug_error());
    return data;
}

static size_t members(const snug_dataset *data, int32_t class_index) {
    size_t count = 0;
    for (size_t i = 0; i < snug_dataset_row_count(data); i++) {
        count += snug_dataset_class(data, i) == class_index;
    }
    return count;
}

static float number_of(const snug_dataset *data, size_t row) {
    float number;
    snug_dataset_row(data, row, &number);
    return number;
}

/* Both keep the order, share no row, and hold all. */
static void expect_partition(const snug_dataset *rest, const snug_dataset *part, size_t rows) {
    size_t a = 0, b = 0, rest_rows = snug_dataset_row_count(rest),
           part_rows = snug_dataset_row_count(part);
    ck_assert_uint_eq(rest_rows + part_rows, rows);
    for (size_t i = 0; i < rows; i++) {
        if (a < rest_rows && number_of(rest, a) == (float)i) {
            a++;
        } else if (b < part_rows && number_of(part, b) == (float)i) {
            b++;
        } else {
            ck_abort_msg("row %zu is nowhere, or not in order", i);
        }
    }
}

START_TEST(gives_each_class_its_share) {
    static const size_t sizes[] = {60, 25, 12, 3};
    int32_t class_of[100];
    snug_dataset *rest, *part, *all = rows_of(100, class_of, sizes, 4);
    ck_assert_int_eq(snug_dataset_split(all, 0.2, 7, &rest, &part), SNUG_OK);
    expect_partition(rest, part, 100);
    ck_assert_uint_eq(members(part, 0), 12);
    ck_assert_uint_eq(members(part, 1), 5);
    ck_assert_uint_eq(members(part, 2), 2); /* of 2.4 */
    ck_assert_uint_eq(members(part, 3), 1); /* of 0.6 */
    snug_dataset_free(all);
    ck_assert_uint_eq(members(rest, 3), 2);
    snug_dataset_free(rest);
    snug_dataset_free(part);
}
END_TEST

START_TEST(rounds_the_total) {
    static const size_t sizes[] = {7, 7, 7};
    int32_t class_of[21];
    for (int percent = 3; percent < 98; percent++) {
        snug_dataset *rest, *part, *all = rows_of(21, class_of, sizes, 3);
        ck_assert_int_eq(snug_dataset_split(all, percent / 100.0, 7, &rest, &part), SNUG_OK);
        expect_partition(rest, part, 21);
        ck_assert_uint_eq(snug_dataset_row_count(part), (size_t)(percent * 21 / 100.0 + 0.5));
        size_t low = (size_t)(percent * 7 / 100);
        for (int32_t c = 0; c < 3; c++) {
            ck_assert_uint_ge(members(part, c), low);
            ck_assert_uint_le(members(part, c), low + 1);
        }
        snug_dataset_free(all);
        snug_dataset_free(rest);
        snug_dataset_free(part);
    }
}
END_TEST

/*
 * Classes 0 and 1 of 44 and 45 rows, classes 2 to 7 of one row, or of two: the small ones keep one.
 */
START_TEST(leaves_a_row_of_each_class) {
    for (size_t small = 1; small <= 2; small++) {
        const size_t sizes[] = {44, 45, small, small, small, small, small, small};
        size_t rows = 89 + 6 * small;
        int32_t class_of[101];
        for (uint64_t seed = 1; seed <= 20; seed++) {
            snug_dataset *rest, *test, *training, *validation;
            snug_dataset *all = rows_of(rows, class_of, sizes, 8);
            ck_assert_int_eq(snug_dataset_split(all, 0.35, seed, &rest, &test), SNUG_OK);
            expect_partition(rest, test, rows);
            ck_assert_int_eq(snug_dataset_split(rest, 0.45, seed, &training, &validation), SNUG_OK);
            for (int32_t c = 0; c < 8; c++) {
                ck_assert_uint_ge(members(training, c), 1);
            }
            ck_assert_uint_eq(snug_dataset_row_count(test), small == 1 ? 33 : 35);
            ck_assert_uint_eq(snug_dataset_row_count(validation), small == 1 ? 28 : 30);
            snug_dataset *sets[] = {rest, test, training, validation, all};
            for (size_t i = 0; i < 5; i++) {
                snug_dataset_free(sets[i]);
            }
        }
    }
}
END_TEST

/* Each class has one row that weighs something; it stays in the rest, whatever the seed. */
START_TEST(leaves_a_row_that_weighs) {
    static const size_t sizes[] = {3, 5, 2};
    int32_t class_of[10];
    for (uint64_t seed = 1; seed <= 30; seed++) {
        float weights[10] = {0}, left[3] = {0};
        snug_dataset *rest, *part, *all = rows_of(10, class_of, sizes, 3);
        for (size_t i = 0; i < 10; i++) {
            weights[i] = left[class_of[i]]++ == 1 ? 0.5f : 0;
        }
        ck_assert_int_eq(snug_dataset_set_weights(all, weights), SNUG_OK);
        ck_assert_int_eq(snug_dataset_split(all, 0.6, seed, &rest, &part), SNUG_OK);
        expect_partition(rest, part, 10);
        ck_assert_uint_eq(snug_dataset_row_count(part), 6);
        for (size_t i = 0; i < snug_dataset_row_count(part); i++) {
            ck_assert_float_eq(snug_dataset_weight(part, i), 0);
        }
        snug_dataset_free(rest);
        snug_dataset_free(part);
        snug_dataset_free(all);
    }
}
END_TEST

/* Where there are only classes of one row, the share is taken all the same. */
START_TEST(splits_classes_of_one_row) {
    static const size_t sizes[] = {1, 1, 1, 1, 1, 1, 1};
    int32_t class_of[7];
    snug_dataset *rest, *part, *all = rows_of(7, class_of, sizes, 7);
    ck_assert_int_eq(snug_dataset_split(all, 0.4, 11, &rest, &part), SNUG_OK);
    expect_partition(rest, part, 7);
    ck_assert_uint_eq(snug_dataset_row_count(part), 3);
    snug_dataset_free(rest);
    snug_dataset_free(part);
    snug_dataset_free(all);
}
END_TEST

/* How many rows of two splits of 200 rows, 0.3 of them, are the same. */
static size_t common_rows(uint64_t seed_a, uint64_t seed_b) {
    snug_dataset *rest_a, *part_a, *rest_b, *part_b, *all = rows_of(MOST, NULL, NULL, 0);
    ck_assert_int_eq(snug_dataset_split(all, 0.3, seed_a, &rest_a, &part_a), SNUG_OK);
    ck_assert_int_eq(snug_dataset_split(all, 0.3, seed_b, &rest_b, &part_b), SNUG_OK);
    expect_partition(rest_a, part_a, MOST);
    size_t common = 0;
    for (size_t i = 0; i < 60; i++) {
        for (size_t j = 0; j < 60; j++) {
            common += number_of(part_a, i) == number_of(part_b, j);
        }
    }
    snug_dataset *sets[] = {rest_a, part_a, rest_b, part_b, all};
    for (size_t i = 0; i < 5; i++) {
        snug_dataset_free(sets[i]);
    }
    return common;
}

START_TEST(depends_on_the_seed_alone) {
    ck_assert_uint_eq(common_rows(5, 5), 60);
    ck_assert_uint_lt(common_rows(5, 6), 40); /* 18 are expected */
}
END_TEST

START_TEST(splits_a_part_again) {
    static const size_t sizes[] = {30, 50};
    int32_t class_of[80];
    snug_dataset *rest, *part, *inner_rest, *inner, *all = rows_of(80, class_of, sizes, 2);
    ck_assert_int_eq(snug_dataset_split(all, 0.5, 3, &rest, &part), SNUG_OK);
    ck_assert_int_eq(snug_dataset_split(part, 0.2, 3, &inner_rest, &inner), SNUG_OK);
    ck_assert_uint_eq(members(inner, 0), 3);
    ck_assert_uint_eq(members(inner, 1), 5);
    ck_assert_uint_eq(snug_dataset_row_count(inner_rest), 32);
    for (size_t i = 0; i < 8; i++) {
        size_t row = (size_t)number_of(inner, i);
        ck_assert_int_eq(snug_dataset_class(inner, i), class_of[row]);
    }
    snug_dataset *sets[] = {rest, part, inner_rest, inner, all};
    for (size_t i = 0; i < 5; i++) {
        snug_dataset_free(sets[i]);
    }
}
END_TEST

START_TEST(refuses_empty_parts) {
    snug_dataset *rest, *part, *all = rows_of(4, NULL, NULL, 0);
    ck_assert_int_eq(snug_dataset_split(all, 0.1, 3, &rest, &part), SNUG_ERROR_DATA);
    expect_error(SNUG_ERROR_DATA, "a share of 0.1 of 4 rows leaves 4 and 0:");
    ck_assert_ptr_null(rest);
    ck_assert_ptr_null(part);
    ck_assert_int_eq(snug_dataset_split(all, 0.9, 3, &rest, &part), SNUG_ERROR_DATA);
    expect_error(SNUG_ERROR_DATA, "a share of 0.9 of 4 rows leaves 0 and 4:");
    ck_assert_int_eq(snug_dataset_split(all, 1, 3, &rest, &part), SNUG_ERROR_ARGUMENT);
    expect_error(SNUG_ERROR_ARGUMENT, "the share of a");
    snug_dataset_free(all);
}
END_TEST

static Suite *split_suite(void) {
    Suite *suite = suite_create("split");
    TCase *tests = tcase_create("split");
    tcase_add_test(tests, gives_each_class_its_share);
    tcase_add_test(tests, rounds_the_total);
    tcase_add_test(tests, leaves_a_row_of_each_class);
    tcase_add_test(tests, leaves_a_row_that_weighs);
    tcase_add_test(tests, splits_classes_of_one_row);
    tcase_add_test(tests, depends_on_the_seed_alone);
    tcase_add_test(tests, splits_a_part_again);
    tcase_add_test(tests, refuses_empty_parts);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(split_suite)
