/*
 * Tables of very many columns: whatever looks a name up does so in constant time. With a search
 * through all names for each of them these tests would take hours.
 */
#include <stdio.h>
#include <stdlib.h>

#include "core/memory.h"
#include "data/preprocessing.h"
#include "support/suite.h"
#include "support/tables.h"

enum { COLUMNS = 100000, TARGETS = 3000 };

/* Names c0, c1 ..., ended by NULL: those whose number leaves `rest` when it is divided by 3. */
static char **make_names(size_t rest) {
    char **names = calloc(COLUMNS + 1, sizeof *names);
    ck_assert_ptr_nonnull(names);
    for (size_t i = rest, count = 0; i < COLUMNS; i += 3) {
        names[count++] = snug_format("c%zu", i);
    }
    return names;
}

static void free_names(char **names) {
    for (size_t i = 0; names[i] != NULL; i++) {
        snug_release(names[i]);
    }
    free(names);
}

static const char *const *as_list(char **names) {
    return (const char *const *)names;
}

/* Two rows, in which column i holds i or -i; the last column is the target. */
static void write_wide(void) {
    FILE *stream = fopen("wide.csv", "w");
    ck_assert_ptr_nonnull(stream);
    for (size_t i = 0; i < COLUMNS; i++) {
        fprintf(stream, "c%zu,", i);
    }
    fputs("y\n", stream);
    for (int row = 0; row < 2; row++) {
        for (size_t i = 0; i < COLUMNS; i++) {
            fprintf(stream, "%s%zu,", row ? "-" : "", i);
        }
        fprintf(stream, "%d\n", row);
    }
    fclose(stream);
}

static snug_dataset *read_wide(const snug_csv_options *options) {
    snug_dataset *data = snug_dataset_read_csv("wide.csv", options);
    ck_assert_msg(data != NULL, "%s", snug_error());
    return data;
}

static snug_preprocessing *learn(const snug_dataset *data) {
    return snug_preprocessing_new(snug_table_schema_copy(data->storage->table),
                                  snug_scaler_fit(data, SNUG_SCALING_NONE));
}

/* Feature k of a row is what column step * k + first holds there. */
static void expect_columns(const snug_dataset *data, size_t count, size_t first, size_t step) {
    ck_assert_uint_eq(snug_dataset_column_count(data), count);
    float *row = malloc(count * sizeof *row);
    ck_assert_int_eq(snug_dataset_row(data, 1, row), SNUG_OK);
    for (size_t k = 0; k < count; k += 997) {
        ck_assert(row[k] == -(float)(step * k + first));
    }
    free(row);
}

START_TEST(chooses_among_many_columns) {
    char **names = make_names(1);
    snug_csv_options options = {.columns = as_list(names), .task = SNUG_TASK_REGRESSION};
    write_wide();
    snug_dataset *data = read_wide(&options);
    expect_columns(data, (COLUMNS + 1) / 3, 1, 3);
    snug_preprocessing *prep = learn(data);
    snug_dataset_free(data);
    data = read_wide(&(snug_csv_options){.like = prep}); /* which ignores two thirds */
    expect_columns(data, (COLUMNS + 1) / 3, 1, 3);
    snug_dataset_free(data);
    snug_preprocessing_free(prep);
    free_names(names);
}
END_TEST

START_TEST(ignores_many_columns) {
    char **names = make_names(0);
    snug_csv_options options = {.ignore = as_list(names), .task = SNUG_TASK_REGRESSION};
    write_wide();
    snug_dataset *data = read_wide(&options);
    ck_assert_uint_eq(snug_dataset_column_count(data), COLUMNS - (COLUMNS + 2) / 3);
    ck_assert_str_eq(snug_dataset_column_name(data, 2), "c4");
    snug_dataset_free(data);
    free_names(names);
}
END_TEST

START_TEST(reads_many_columns_as_another_table) {
    write_wide();
    snug_dataset *data = read_wide(&(snug_csv_options){.task = SNUG_TASK_REGRESSION});
    snug_preprocessing *prep = learn(data);
    snug_dataset_free(data);
    data = read_wide(&(snug_csv_options){.like = prep});
    expect_columns(data, COLUMNS, 0, 1);
    snug_dataset_free(data);
    snug_preprocessing_free(prep);
}
END_TEST

START_TEST(reads_many_targets) {
    char **names = make_names(2);
    snug_csv_options options = {.targets = as_list(names), .task = SNUG_TASK_REGRESSION};
    write_wide();
    snug_dataset *data = read_wide(&options);
    snug_preprocessing *prep = learn(data);
    ck_assert_uint_eq(snug_dataset_output_count(data), COLUMNS / 3);
    snug_dataset_free(data);
    data = read_wide(&(snug_csv_options){.like = prep});
    ck_assert(snug_dataset_values(data, 1)[TARGETS] == -(float)(3 * TARGETS + 2));
    snug_dataset_free(data);
    snug_preprocessing_free(prep);
    free_names(names);
}
END_TEST

static Suite *csv_wide_suite(void) {
    Suite *suite = suite_create("csv, wide");
    TCase *tests = directory_case(suite, "wide");
    tcase_add_test(tests, chooses_among_many_columns);
    tcase_add_test(tests, ignores_many_columns);
    tcase_add_test(tests, reads_many_columns_as_another_table);
    tcase_add_test(tests, reads_many_targets);
    return suite;
}

REGISTER_SUITE(csv_wide_suite)
