/* Categories that the training rows do not have, in rows that are read like them. */
#include <math.h>
#include <string.h>

#include "data/gather.h"
#include "data/preprocessing.h"
#include "support/suite.h"
#include "support/tables.h"

#define ROW(...) ((const float[]){__VA_ARGS__})

static const char training[] = "size,colour,town,y\n1,red,u,0.5\n2,blue,v,1.5\n6,red,w,2.5\n";

/* The preprocessing of a table as a model file keeps it, without the member `lacks`. */
static snug_preprocessing *stored(const char *text, const snug_csv_options *options,
                                  const char *lacks) {
    snug_dataset *data = read_text(text, options);
    snug_preprocessing *prep = snug_preprocessing_new(snug_table_schema_copy(data->storage->table),
                                                      snug_scaler_fit(data, SNUG_SCALING_STANDARD));
    snug_dataset_free(data);
    cJSON *json = snug_preprocessing_write(prep);
    snug_preprocessing_free(prep);
    cJSON_DeleteItemFromObjectCaseSensitive(json, lacks);
    prep = snug_preprocessing_read(json, "p", false);
    cJSON_Delete(json);
    ck_assert_msg(prep != NULL, "%s", snug_error());
    return prep;
}

START_TEST(an_unknown_category_is_none_of_the_features) {
    snug_preprocessing *prep = stored(training, NULL, "nothing");
    const snug_csv_options like = {.like = prep, .task = SNUG_TASK_NONE};
    snug_dataset *data =
        read_text("town,size,colour\nx,1,red\nu,3,green\nv,2,\ny,4,grey\nz,5,blue\n", &like);
    expect_row(data, 0, 6, ROW(1, 0, 1, NAN, NAN, NAN));
    expect_row(data, 1, 6, ROW(3, NAN, NAN, 1, 0, 0));
    float unknown[6], missing[6];
    snug_dataset_gather(data, prep->scaler, NULL, 1, 1, unknown);
    snug_dataset_gather(data, prep->scaler, NULL, 2, 1, missing);
    expect_floats(2, unknown + 1, missing + 1);
    ck_assert_float_eq_tol(unknown[1], -0.70710678f, 1e-6f); /* of means 1/3 and 2/3 */
    ck_assert_float_eq_tol(unknown[2], -1.41421356f, 1e-6f);
    expect_nth_warning(data, 0, "t.csv:4: column \"colour\": 1 value is missing here:");
    expect_nth_warning(data, 1,
                       "t.csv:2: column \"town\": 3 cells hold unknown categories, the first "
                       "one \"x\", and 2 in 1 other column (\"colour\"):");
    ck_assert_ptr_null(snug_dataset_warning(data, 2));
    snug_dataset_free(data);
    snug_preprocessing_free(prep);
}
END_TEST

/* Codes 0, 1, 1: the mean is 2/3. Missing values are errors, and unknown categories are none. */
START_TEST(an_unknown_category_of_numbers_is_filled) {
    snug_preprocessing *prep = stored(
        "colour,y\nblue,0.5\nred,1.5\nred,2.5\n",
        &(snug_csv_options){.categories = SNUG_CATEGORIES_INTEGER, .missing = SNUG_MISSING_ERROR},
        "nothing");
    const snug_csv_options like = {.like = prep};
    snug_dataset *data = read_text("colour\ngreen\nblue\n", &like);
    float x[2];
    snug_dataset_gather(data, prep->scaler, NULL, 0, 2, x);
    ck_assert_float_eq(x[0], 0);
    ck_assert_float_eq_tol(x[1], -1.41421356f, 1e-6f);
    expect_nth_warning(data, 0, "t.csv:2: column \"colour\": 1 cell holds an unknown category");
    ck_assert_ptr_null(snug_dataset_warning(data, 1));
    snug_dataset_free(data);
    expect_refusal("colour\n\nblue\n\"\"\n", &like, "t.csv:4: column \"colour\":");
    snug_preprocessing_free(prep);
}
END_TEST

START_TEST(an_unknown_category_may_be_an_error) {
    static const char text[] = "size,colour,town\n1,red,u\n3,green,u\n";
    const snug_csv_options error = {.unknown_category = SNUG_UNKNOWN_ERROR};
    snug_preprocessing *prep = stored(training, &error, "nothing");
    expect_refusal(text, &(snug_csv_options){.like = prep}, "t.csv:3: column \"colour\":");
    snug_preprocessing_free(prep);
    prep = stored(training, NULL, "unknown_category"); /* as older files are */
    expect_refusal(text, &(snug_csv_options){.like = prep}, "t.csv:3: column \"colour\":");
    snug_preprocessing_free(prep);
    prep = stored(training, NULL, "nothing");
    expect_refusal(text, &(snug_csv_options){.like = prep, .strict = true},
                   "t.csv:3: column \"colour\":");
    expect_refusal("size,colour,town\n1,gr\xFCn,u\n", &(snug_csv_options){.like = prep},
                   "t.csv:2: column \"colour\":");
    snug_preprocessing_free(prep);
}
END_TEST

/* A long name is cut between two characters. */
START_TEST(a_long_unknown_category_is_cut) {
    snug_preprocessing *prep = stored(training, NULL, "nothing");
    char text[256] = "size,colour,town\n1,x", *end = text + strlen(text);
    for (size_t i = 0; i < 40; i++, end += 2) {
        memcpy(end, "\xC3\xA9", 2);
    }
    memcpy(end, ",u\n", 4);
    snug_dataset *data = read_text(text, &(snug_csv_options){.like = prep});
    expect_nth_warning(data, 0,
                       "t.csv:2: column \"colour\": 1 cell holds an unknown category, \"x"
                       "ééééééééééééééééééééééé\":");
    snug_dataset_free(data);
    snug_preprocessing_free(prep);
}
END_TEST

static Suite *csv_unknown_suite(void) {
    Suite *suite = suite_create("csv, unknown categories");
    TCase *tests = directory_case(suite, "unknown");
    tcase_add_test(tests, an_unknown_category_is_none_of_the_features);
    tcase_add_test(tests, an_unknown_category_of_numbers_is_filled);
    tcase_add_test(tests, an_unknown_category_may_be_an_error);
    tcase_add_test(tests, a_long_unknown_category_is_cut);
    return suite;
}

REGISTER_SUITE(csv_unknown_suite)
