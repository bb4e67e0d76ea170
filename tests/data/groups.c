/* Groups: rows that stay together where rows are split off or divided into folds. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/dataset.h"
#include "data/groups.h"
#include "math/random.h"
#include "support/errors.h"
#include "support/failing.h"
#include "support/suite.h"

enum { ROWS = 600, GROUPS = 97, CLASSES = 3, PARTS = 5 };

static float x[ROWS];
static int32_t classes[ROWS];
static uint32_t groups[ROWS];

/* Groups of up to 13 rows, with numbers far apart; a group's rows are mostly of one class. */
static snug_dataset *grouped(void) {
    for (size_t i = 0; i < ROWS; i++) {
        size_t g = (i * i + 3 * i) % GROUPS;
        x[i] = (float)i;
        groups[i] = (uint32_t)(g * 40000019U);
        classes[i] = (int32_t)((g + (i % 5 == 0)) % CLASSES);
    }
    snug_dataset *data = snug_dataset_from_arrays(x, ROWS, 1, classes);
    ck_assert_int_eq(snug_dataset_set_groups(data, groups), SNUG_OK);
    return data;
}

/* Checks that rows of one group are in one part, and returns the number of groups. */
static size_t expect_together(const size_t *part_of) {
    size_t count = 0;
    for (size_t i = 0; i < ROWS; i++) {
        bool first = true;
        for (size_t j = 0; j < i && first; j++) {
            first = groups[j] != groups[i];
            ck_assert(first || part_of[i] == part_of[j]);
        }
        count += first;
    }
    return count;
}

static double share_of(const size_t *part_of, size_t part, int class_index) {
    double in = 0, all = 0;
    for (size_t i = 0; i < ROWS; i++) {
        bool counts = class_index < 0 || classes[i] == class_index;
        all += counts;
        in += counts && part_of[i] == part;
    }
    return in / all;
}

START_TEST(groups_stay_together_in_parts_of_about_their_shares) {
    static const double shares[PARTS] = {0.4, 0.1, 0.2, 0.25, 0.05};
    size_t part_of[ROWS], again[ROWS];
    snug_dataset *data = grouped();
    snug_random stream = {.seed = 3, .purpose = SNUG_PURPOSE_SPLIT};
    ck_assert_int_eq(snug_groups_divide(data, shares, PARTS, &stream, part_of), SNUG_OK);
    ck_assert_uint_eq(expect_together(part_of), snug_groups_count(data));
    for (size_t p = 0; p < PARTS; p++) {
        for (int k = -1; k < CLASSES; k++) {
            ck_assert_double_le(fabs(share_of(part_of, p, k) - shares[p]), 0.04);
        }
    }
    ck_assert_int_eq(snug_groups_divide(data, shares, PARTS, &stream, again), SNUG_OK);
    ck_assert_mem_eq(part_of, again, sizeof again);
    stream.seed++;
    ck_assert_int_eq(snug_groups_divide(data, shares, PARTS, &stream, again), SNUG_OK);
    ck_assert_mem_ne(part_of, again, sizeof again);
    snug_dataset_free(data);
}
END_TEST

/* As many parts as groups: each has one. One more: an error. */
START_TEST(no_part_is_empty) {
    size_t part_of[ROWS], rows[GROUPS] = {0};
    double shares[GROUPS + 1];
    snug_dataset *data = grouped();
    size_t count = snug_groups_count(data);
    for (size_t i = 0; i <= GROUPS; i++) {
        shares[i] = i == 0 ? 0.9 : 0.1 / (double)(count - 1);
    }
    const snug_random stream = {.seed = 3, .purpose = SNUG_PURPOSE_SPLIT};
    ck_assert_int_eq(snug_groups_divide(data, shares, count, &stream, part_of), SNUG_OK);
    for (size_t i = 0; i < ROWS; i++) {
        rows[part_of[i]]++;
    }
    for (size_t p = 0; p < count; p++) {
        ck_assert_uint_gt(rows[p], 0);
    }
    ck_assert_int_eq(snug_groups_divide(data, shares, count + 1, &stream, part_of),
                     SNUG_ERROR_DATA);
    expect_location("the rows are of");
    snug_dataset_free(data);
}
END_TEST

START_TEST(a_split_keeps_groups_together) {
    snug_dataset *data = grouped(), *rest, *part;
    ck_assert_int_eq(snug_dataset_split(data, 0.25, 1, &rest, &part), SNUG_OK);
    size_t part_of[ROWS] = {0};
    for (size_t i = 0; i < snug_dataset_row_count(part); i++) {
        float row;
        ck_assert_int_eq(snug_dataset_row(part, i, &row), SNUG_OK);
        part_of[(size_t)row] = 1;
    }
    ck_assert_uint_eq(snug_dataset_row_count(rest) + snug_dataset_row_count(part), ROWS);
    expect_together(part_of);
    for (int k = -1; k < CLASSES; k++) {
        ck_assert_double_le(fabs(share_of(part_of, 1, k) - 0.25), 0.04);
    }
    /* what was split off keeps its groups */
    snug_dataset *second, *third;
    ck_assert_int_eq(snug_dataset_split(rest, 0.5, 1, &second, &third), SNUG_OK);
    ck_assert_uint_eq(snug_groups_count(second) + snug_groups_count(third),
                      snug_groups_count(rest));
    snug_dataset_free(second);
    snug_dataset_free(third);
    snug_dataset_free(rest);
    snug_dataset_free(part);
    snug_dataset_free(data);
}
END_TEST

START_TEST(groups_are_given_to_whole_datasets) {
    snug_dataset *data = grouped(), *rest, *part;
    ck_assert_int_eq(snug_dataset_set_groups(NULL, groups), SNUG_ERROR_ARGUMENT);
    ck_assert_int_eq(snug_dataset_split(data, 0.25, 1, &rest, &part), SNUG_OK);
    ck_assert_int_eq(snug_dataset_set_groups(data, groups), SNUG_ERROR_ARGUMENT);
    expect_location("groups are given to a whole dataset");
    snug_dataset_free(rest);
    snug_dataset_free(part);
    ck_assert_int_eq(snug_dataset_set_groups(data, NULL), SNUG_OK);
    memset(groups, 0, sizeof groups);
    ck_assert_int_eq(snug_dataset_set_groups(data, groups), SNUG_OK);
    ck_assert_int_eq(snug_dataset_split(data, 0.5, 1, &rest, &part), SNUG_ERROR_DATA);
    ck_assert(rest == NULL && part == NULL);
    snug_dataset_free(data);
}
END_TEST

START_TEST(every_allocation_may_fail) {
    snug_dataset *data = grouped();
    bool done = false;
    for (size_t k = 0; !done; k++) {
        snug_dataset *rest, *part;
        failing_start(k);
        done = snug_dataset_split(data, 0.25, 1, &rest, &part) == SNUG_OK;
        snug_dataset_free(rest);
        snug_dataset_free(part);
        ck_assert_uint_eq(failing_stop(), 0);
        ck_assert(done || snug_error_status() == SNUG_ERROR_MEMORY);
    }
    snug_dataset_free(data);
}
END_TEST

static Suite *groups_suite(void) {
    Suite *suite = suite_create("groups");
    TCase *tc = tcase_create("groups");
    tcase_add_test(tc, groups_stay_together_in_parts_of_about_their_shares);
    tcase_add_test(tc, no_part_is_empty);
    tcase_add_test(tc, a_split_keeps_groups_together);
    tcase_add_test(tc, groups_are_given_to_whole_datasets);
    tcase_add_test(tc, every_allocation_may_fail);
    suite_add_tcase(suite, tc);
    return suite;
}

REGISTER_SUITE(groups_suite)
