/* Columns of many categories as numbers for category_embedding: read, not scaled, filled, kept. */
#include <math.h>

#include "data/gather.h"
#include "data/preprocessing.h"
#include "support/suite.h"
#include "support/tables.h"

/* Columns "a" (numbers), "few" (2 categories) and "many" (4), of which one is missing. */
static const char table[] =
    "a,many,few,y\n10,w,on,1\n20,x,off,2\n30,,on,3\n44,y,off,4\n50,z,on,5\n";

static const snug_csv_options options = {
    .task = SNUG_TASK_REGRESSION, .categories = SNUG_CATEGORIES_EMBEDDING, .embedding_above = 2};

START_TEST(many_categories_are_one_feature) {
    snug_dataset *data = read_text(table, &options);
    ck_assert_uint_eq(snug_dataset_column_count(data), 4);
    ck_assert_str_eq(snug_dataset_column_name(data, 1), "many");
    ck_assert_str_eq(snug_dataset_column_name(data, 3), "few=on");
    expect_row(data, 0, 4, (float[]){10, 0, 0, 1});
    expect_row(data, 2, 4, (float[]){30, NAN, 0, 1});
    expect_row(data, 4, 4, (float[]){50, 3, 0, 1});
    expect_nth_warning(data, 0, "t.csv:4: column \"many\": 1 value is missing here");
    snug_dataset_free(data);
    snug_csv_options above = options;
    above.embedding_above = 0; /* 8 */
    data = read_text(table, &above);
    ck_assert_uint_eq(snug_dataset_column_count(data), 1 + 4 + 2);
    snug_dataset_free(data);
}
END_TEST

/* No scaling changes the number of a category; a missing one is the number behind the last. */
START_TEST(numbers_of_categories_are_not_scaled) {
    float x[5 * 4];
    snug_dataset *data = read_text(table, &options);
    snug_scaler *scaler = snug_scaler_fit(data, (snug_scaling)_i);
    ck_assert_ptr_nonnull(scaler);
    ck_assert_int_eq(snug_dataset_gather(data, scaler, NULL, 0, 5, x), SNUG_OK);
    for (size_t i = 0; i < 5; i++) {
        static const float wanted[] = {0, 1, 4, 2, 3};
        ck_assert(x[4 * i + 1] == wanted[i]);
    }
    ck_assert((x[0] == 10) == (_i == SNUG_SCALING_NONE));
    ck_assert(fabsf(x[16]) < 3 || _i == SNUG_SCALING_NONE);
    snug_scaler_free(scaler);
    snug_dataset_free(data);
}
END_TEST

/* What a model stores reads other tables alike: categories by name, unknown ones as missing. */
START_TEST(other_tables_are_read_alike) {
    float x[3 * 4];
    snug_dataset *data = read_text(table, &options);
    snug_preprocessing *made =
        snug_preprocessing_new(snug_table_schema_copy(data->storage->table),
                               snug_scaler_fit(data, SNUG_SCALING_ROBUST_CLIP));
    cJSON *json = snug_preprocessing_write(made);
    snug_preprocessing *kept = snug_preprocessing_read(json, "p", false);
    ck_assert_msg(kept != NULL, "%s", snug_error());
    snug_preprocessing *copy = snug_preprocessing_copy(kept);
    snug_dataset_free(data);
    data = read_text("few,many,a\non,z,1\noff,new,2\non,,3\n", &(snug_csv_options){.like = copy});
    ck_assert_int_eq(snug_dataset_gather(data, copy->scaler, NULL, 0, 3, x), SNUG_OK);
    ck_assert(x[1] == 3 && x[5] == 4 && x[9] == 4);
    snug_dataset_free(data);
    cJSON_Delete(json);
    snug_preprocessing_free(made);
    snug_preprocessing_free(kept);
    snug_preprocessing_free(copy);
}
END_TEST

/* A model that a program builds, with or without the layer, and trains on the table. */
static snug_status fit(snug_dataset *data, bool embeds, snug_model **model) {
    *model = snug_model_new(4);
    if (embeds) {
        snug_model_add(*model,
                       snug_layer_new("{\"type\": \"category_embedding\", \"units\": 2, "
                                      "\"columns\": [{\"column\": 1, \"categories\": 4}]}"));
    }
    snug_model_add(*model, snug_selu());
    ck_assert_int_eq(snug_model_add(*model, snug_dense(1)), SNUG_OK);
    return snug_fit(*model, data, &(snug_fit_options){.epochs = 3, .seed = 1}, NULL);
}

/* Rows of a program hold numbers of categories, and NaN or any other where one is missing. */
START_TEST(programs_predict_rows_of_their_own) {
    const float x[4 * 4] = {30, NAN, 1, 0, 30, 4, 1, 0, 30, -7, 1, 0, 30, 2, 1, 0};
    float y[4];
    snug_model *model;
    snug_dataset *data = read_text(table, &options);
    ck_assert_msg(fit(data, true, &model) == SNUG_OK, "%s", snug_error());
    snug_session *session = snug_session_new(model, 4);
    ck_assert_int_eq(snug_predict(session, x, 4, y), SNUG_OK);
    ck_assert(y[0] == y[1] && y[0] == y[2] && y[0] != y[3]);
    snug_session_free(session);
    snug_model_free(model);
    ck_assert_int_eq(fit(data, false, &model), SNUG_ERROR_CONFIG);
    expect_location("model.layers[0]: the column \"many\" enters it as the number of a category");
    snug_model_free(model);
    snug_dataset_free(data);
}
END_TEST

static snug_dataset *rows;

static bool fit_scaler(void) {
    snug_scaler *scaler = snug_scaler_fit(rows, SNUG_SCALING_ROBUST_CLIP);
    snug_scaler *copy = scaler != NULL ? snug_scaler_copy(scaler) : NULL;
    bool done = copy != NULL;
    snug_scaler_free(scaler);
    snug_scaler_free(copy);
    return done;
}

START_TEST(every_failing_allocation) {
    rows = read_text(table, &options);
    expect_every_failure(fit_scaler);
    snug_dataset_free(rows);
}
END_TEST

START_TEST(a_file_with_an_embedding_of_numbers_is_refused) {
    static const char text[] =
        "{\"columns\": [{\"name\": \"a\", \"embedding\": true}], \"targets\": [], \"ignored\": [], "
        "\"shift\": [0], \"factor\": [1], \"fill\": [0], \"standardize\": false}";
    cJSON *json = cJSON_Parse(text);
    ck_assert_ptr_nonnull(json);
    ck_assert_ptr_null(snug_preprocessing_read(json, "p", false));
    expect_location("p.columns[0].embedding: ");
    cJSON_Delete(json);
}
END_TEST

static Suite *embedded_suite(void) {
    Suite *suite = suite_create("embedded categories");
    TCase *tests = directory_case(suite, "embedded categories");
    tcase_add_test(tests, many_categories_are_one_feature);
    tcase_add_loop_test(tests, numbers_of_categories_are_not_scaled, 0,
                        SNUG_SCALING_STANDARD_CLIP + 1);
    tcase_add_test(tests, other_tables_are_read_alike);
    tcase_add_test(tests, programs_predict_rows_of_their_own);
    tcase_add_test(tests, every_failing_allocation);
    tcase_add_test(tests, a_file_with_an_embedding_of_numbers_is_refused);
    return suite;
}

REGISTER_SUITE(embedded_suite)
