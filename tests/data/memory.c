/* Every allocation fails once: nothing is lost, nothing crashes. */
#include <string.h>

#include "core/memory.h"
#include "data/preprocessing.h"
#include "formats/idx.h"
#include "formats/npy.h"
#include "json/json.h"
#include "json/json_print.h"
#include "support/suite.h"
#include "support/tables.h"

static bool done(snug_dataset *data) {
    snug_dataset_free(data);
    return data != NULL;
}

static bool read_table(void) {
    return done(snug_dataset_read_csv(
        "t.csv", &(snug_csv_options){.missing = SNUG_MISSING_MEDIAN, .missing_indicator = true}));
}

START_TEST(reads_tables) {
    write_text("t.csv", "a,colour,size,y\n1,red,2,u\n3,,4,v\n5,\"blue, dark\",six,\"w\n\"\n");
    expect_every_failure(read_table);
}
END_TEST

/*
 * One of the allocations of reading a table, that of its features, fails with this error message.
 */
static void expect_told(const char *text, const char *message) {
    bool told = false, failed = true;
    write_text("t.csv", text);
    for (size_t k = 0; failed; k++) {
        fail_allocation(k);
        snug_dataset_free(snug_dataset_read_csv("t.csv", NULL));
        failed = end_failures();
        told = told || (failed && strcmp(snug_error(), message) == 0);
    }
    ck_assert_msg(told, "%s", message);
}

START_TEST(says_what_takes_the_memory) {
    expect_told("town,a,letter,y\nu,1,k,0.5\nv,2,l,1.5\nw,3,k,2.5\n",
                "t.csv: out of memory: 3 rows of 6 features take 7.2e-05 MB, and 3 of the features "
                "are the categories of column \"town\"; their numbers instead (\"categories\": "
                "\"integer\"), or ignoring the column, take less");
    expect_told("a,b,y\n1,2,0.5\n3,4,1.5\n",
                "t.csv: out of memory: 2 rows of 2 features take 1.6e-05 MB; fewer columns or rows "
                "take less");
}
END_TEST

static snug_preprocessing *learned;

static bool read_alike(void) {
    return done(snug_dataset_read_csv("t.csv", &(snug_csv_options){.like = learned}));
}

static const snug_dataset *scaled;

static bool fit_robust_clip(void) {
    snug_scaler *scaler = snug_scaler_fit(scaled, SNUG_SCALING_ROBUST_CLIP);
    snug_scaler_free(scaler);
    return scaler != NULL;
}

START_TEST(fits_a_scaler) {
    snug_dataset *data =
        read_text("a,b,w\n1,2.5,1\n3,-7,0\n11,,2\n",
                  &(snug_csv_options){
                      .task = SNUG_TASK_NONE, .missing = SNUG_MISSING_MEDIAN, .weights = "w"});
    scaled = data;
    expect_every_failure(fit_robust_clip);
    snug_dataset_free(data);
}
END_TEST

static bool read_unnamed_alike(void) {
    return done(
        snug_dataset_read_csv("t.csv", &(snug_csv_options){.like = learned, .no_header = true}));
}

START_TEST(reads_tables_like_others) {
    snug_dataset *data = read_text("a,colour,y\n1,red,u\n3,blue,v\n", NULL);
    learned = snug_preprocessing_new(snug_table_schema_copy(data->storage->table),
                                     snug_scaler_fit(data, SNUG_SCALING_STANDARD));
    write_text("t.csv", "y,colour,a\nu,red,3\n");
    expect_every_failure(read_alike);
    write_text("t.csv", "3,red,u\n");
    expect_every_failure(read_unnamed_alike);
    write_text("t.csv", "y,colour,a\nu,,3\nv,green,\nv,red,5\nu,\"light, grey\",7\n");
    expect_every_failure(read_alike);
    snug_preprocessing_free(learned);
    snug_dataset_free(data);
}
END_TEST

static bool read_several_targets(void) {
    static const char *const targets[] = {"c", "a", NULL};
    return done(snug_dataset_read_csv("t.csv", &(snug_csv_options){.targets = targets}));
}

START_TEST(reads_several_targets) {
    write_text("t.csv", "a,b,c\n1,2,3\n4,5,7\n");
    expect_every_failure(read_several_targets);
}
END_TEST

/* The message about an unknown column needs memory too. */
static bool read_unknown(void) {
    snug_dataset *data = snug_dataset_read_csv("t.csv", &(snug_csv_options){.target = "colur"});
    ck_assert_ptr_null(data);
    return snug_error_status() == SNUG_ERROR_DATA;
}

START_TEST(says_what_is_wrong) {
    write_text("t.csv", "a,colour,y\n1,red,u\n3,blue,v\n");
    expect_every_failure(read_unknown);
}
END_TEST

static bool read_images(void) {
    return done(snug_dataset_read_idx("images", "labels"));
}

static bool keep_images(void) {
    return done(snug_idx_dataset("images", "labels", 0, 0));
}

START_TEST(reads_images) {
    write_bytes("images", (unsigned char[]){0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6},
                18);
    write_bytes("labels", (unsigned char[]){0, 0, 8, 1, 0, 0, 0, 2, 1, 0}, 10);
    expect_every_failure(read_images);
    expect_every_failure(keep_images);
}
END_TEST

static bool read_npy(void) {
    return done(snug_dataset_read_npy("x.npy", "y.npy"));
}

static bool keep_npy(void) {
    return done(snug_npy_dataset("x.npy", "y.npy", 0, 0));
}

START_TEST(reads_npy) {
    static const char header[] = "\x93NUMPY\1\0\x40\0"
                                 "{'descr':'|i1','fortran_order':False,'shape':(2,1)}"
                                 "             \1\2";
    write_bytes("x.npy", header, sizeof header - 1);
    write_bytes("y.npy", header, sizeof header - 1);
    expect_every_failure(read_npy);
    expect_every_failure(keep_npy);
}
END_TEST

static const float x[] = {1, 2, 3, 4, 5, 7, 8, 9, 1, 0, 3, 3};
static const int32_t classes[] = {1, 0, 1, 0, 0, 1};

static bool split_arrays(void) {
    snug_dataset *all = snug_dataset_from_arrays(x, 6, 2, classes), *rest = NULL, *part = NULL;
    snug_status status =
        all != NULL ? snug_dataset_split(all, 0.4, 3, &rest, &part) : SNUG_ERROR_MEMORY;
    ck_assert_int_eq(status == SNUG_OK, part != NULL);
    ck_assert_int_eq(status == SNUG_OK, rest != NULL);
    snug_dataset *shared = part != NULL ? snug_dataset_share(part) : NULL;
    snug_dataset *values = shared != NULL ? snug_dataset_from_values(x, 3, 4, x, 2) : NULL;
    bool success = values != NULL && snug_dataset_set_weights(values, x) == SNUG_OK;
    snug_dataset *sets[] = {all, rest, part, shared, values};
    for (size_t i = 0; i < 5; i++) {
        snug_dataset_free(sets[i]);
    }
    return success;
}

START_TEST(splits) {
    expect_every_failure(split_arrays);
}
END_TEST

static snug_dataset *fitted;

static bool fit_and_copy(void) {
    snug_scaler *scaler = snug_scaler_fit(fitted, SNUG_SCALING_STANDARD);
    snug_scaler *copy = scaler != NULL ? snug_scaler_copy(scaler) : NULL;
    snug_scaler_free(scaler);
    bool success = copy != NULL;
    snug_preprocessing *prep =
        copy != NULL ? snug_preprocessing_new(snug_table_schema_copy(fitted->storage->table), copy)
                     : NULL;
    success = success && prep != NULL;
    snug_preprocessing_free(prep);
    return success;
}

START_TEST(fits) {
    fitted = read_text("a,colour,y\n1,red,u\n3,blue,v\n", NULL);
    expect_every_failure(fit_and_copy);
    snug_dataset_free(fitted);
}
END_TEST

static cJSON *written;

static bool read_preprocessing(void) {
    snug_preprocessing *prep = snug_preprocessing_read(written, "p", false);
    cJSON *json = prep != NULL ? snug_preprocessing_write(prep) : NULL;
    char *text = json != NULL ? snug_json_print(json, false) : NULL;
    bool success = text != NULL;
    snug_release(text);
    cJSON_Delete(json);
    snug_preprocessing_free(prep);
    return success;
}

START_TEST(reads_and_writes_preprocessing) {
    static const char text[] =
        "{\"columns\":[{\"name\":\"a\"},{\"name\":\"c\",\"categories\":[\"u\",\"v\"]}],"
        "\"target\":\"y\",\"classes\":[\"k\",\"l\"],\"target_columns\":[2],"
        "\"missing\":\"mean\",\"shift\":[0,1,2],"
        "\"factor\":[1,2,3],\"fill\":[1,2,3],\"standardize\":true,\"offset\":[0,3,0]}";
    written = snug_json_parse("p", text, strlen(text));
    expect_every_failure(read_preprocessing);
    cJSON_Delete(written);
}
END_TEST

static Suite *memory_suite(void) {
    Suite *suite = suite_create("memory");
    TCase *tests = directory_case(suite, "memory");
    tcase_add_test(tests, reads_tables);
    tcase_add_test(tests, says_what_takes_the_memory);
    tcase_add_test(tests, reads_tables_like_others);
    tcase_add_test(tests, fits_a_scaler);
    tcase_add_test(tests, reads_several_targets);
    tcase_add_test(tests, says_what_is_wrong);
    tcase_add_test(tests, reads_images);
    tcase_add_test(tests, reads_npy);
    tcase_add_test(tests, splits);
    tcase_add_test(tests, fits);
    tcase_add_test(tests, reads_and_writes_preprocessing);
    return suite;
}

REGISTER_SUITE(memory_suite)
