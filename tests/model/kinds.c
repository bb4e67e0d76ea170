/* Layers of the user's own: a trainable slope, noise, running state, and a block with a skip. */
#include <math.h>
#include <string.h>

#include "suites.h"

enum { ROWS = 7, INPUTS = 5 };

/* ---- y = x (x > 0), slope x otherwise; the slope is trained, one a column ---------------------- */

static snug_status slope_plan(const void *config, snug_layer_shape *shape) {
    (void)config;
    shape->outputs = shape->inputs;
    shape->tensors[0] = (snug_tensor){.name = "weight", .columns = shape->inputs, .initial = 0.25F};
    shape->tensor_count = 1;
    return SNUG_OK;
}

static void slope_forward(const void *config, const snug_layer_run *run) {
    (void)config;
    for (size_t i = 0; i < run->rows * run->inputs; ++i)
        run->y[i] = run->x[i] > 0 ? run->x[i] : run->tensors[0][i % run->inputs] * run->x[i];
}

static void slope_backward(const void *config, const snug_layer_run *run) {
    (void)config;
    for (size_t i = 0; i < run->rows * run->inputs; ++i) {
        bool positive = run->x[i] > 0;
        if (!positive)
            run->gradients[0][i % run->inputs] += run->dy[i] * run->x[i];
        if (run->dx != NULL)
            run->dx[i] = run->dy[i] * (positive ? 1 : run->tensors[0][i % run->inputs]);
    }
}

static const snug_layer_kind slope = {
    .base = {.name = "test_slope", .summary = "a trained slope"},
    .uses = SNUG_USES_INPUT | SNUG_KEEPS_ROWS,
    .plan = slope_plan,
    .forward = slope_forward,
    .backward = slope_backward,
};

/* ---- y = m * x with a random mask m in training, kept in the cache ------------------------------ */

static snug_status mask_plan(const void *config, snug_layer_shape *shape) {
    (void)config;
    shape->outputs = shape->cache = shape->inputs;
    return SNUG_OK;
}

static void mask_forward(const void *config, const snug_layer_run *run) {
    size_t n = run->rows * run->inputs;
    (void)config;
    for (size_t i = 0; !run->training && i < n; ++i)
        run->y[i] = run->x[i];
    if (!run->training)
        return;
    snug_random_uniform(&run->random, 0, n, run->cache);
    for (size_t i = 0; i < n; ++i) {
        run->cache[i] = run->cache[i] < 0.25F ? 0 : 4.0F / 3;
        run->y[i] = run->cache[i] * run->x[i];
    }
}

static void mask_backward(const void *config, const snug_layer_run *run) {
    (void)config;
    for (size_t i = 0; run->dx != NULL && i < run->rows * run->inputs; ++i)
        run->dx[i] = run->cache[i] * run->dy[i];
}

static const snug_layer_kind mask = {
    .base = {.name = "test_mask", .summary = "a random mask"},
    .uses = SNUG_IN_PLACE | SNUG_IS_RANDOM | SNUG_TRAINING_DIFFERS | SNUG_KEEPS_ROWS,
    .plan = mask_plan,
    .forward = mask_forward,
    .backward = mask_backward,
};

/* ---- y = x - the running mean of the columns, which training moves ------------------------------ */

static snug_status centre_plan(const void *config, snug_layer_shape *shape) {
    (void)config;
    shape->outputs = shape->inputs;
    shape->tensors[0] =
        (snug_tensor){.name = "running_mean", .columns = shape->inputs, .state = true};
    shape->tensor_count = 1;
    return SNUG_OK;
}

static void centre_forward(const void *config, const snug_layer_run *run) {
    (void)config;
    for (size_t i = 0; i < run->rows * run->inputs; ++i)
        run->y[i] = run->x[i] - run->tensors[0][i % run->inputs];
    for (size_t i = 0; run->state != NULL && i < run->rows * run->inputs; ++i)
        run->state[0][i % run->inputs] += 0.125F * run->x[i] / (float)run->rows;
}

static void centre_backward(const void *config, const snug_layer_run *run) {
    (void)config;
    for (size_t i = 0; run->dx != NULL && i < run->rows * run->inputs; ++i)
        run->dx[i] = run->dy[i];
}

static const snug_layer_kind centre = {
    .base = {.name = "test_centre", .summary = "a running mean"},
    .uses = SNUG_KEEPS_ROWS | SNUG_TRAINING_DIFFERS,
    .plan = centre_plan,
    .forward = centre_forward,
    .backward = centre_backward,
};

/* ---- lengths of columns that are not there ------------------------------------------------------ */

static snug_status lengths_plan(const void *config, snug_layer_shape *shape) {
    (void)config;
    shape->outputs = shape->inputs;
    shape->tensors[0] =
        (snug_tensor){.name = "length", .columns = shape->inputs, .column_lengths = true};
    shape->tensor_count = 1;
    return SNUG_OK;
}

static const snug_layer_kind lengths = {
    .base = {.name = "test_lengths", .summary = "lengths of a tensor that is missing"},
    .uses = SNUG_KEEPS_ROWS,
    .plan = lengths_plan,
    .forward = centre_forward,
    .backward = centre_backward,
};

/* ---- y = x + block(x) --------------------------------------------------------------------------- */

typedef struct skip_config {
    snug_layer_list layers;
} skip_config;

static const snug_field skip_fields[] = {
    {.name = "layers",
     .kind = SNUG_FIELD_LAYERS,
     .offset = offsetof(skip_config, layers),
     .required = true,
     .help = "the block"},
    {.kind = SNUG_FIELD_END},
};

static snug_status skip_plan(const void *config, snug_layer_shape *shape) {
    (void)config;
    if (shape->inner != shape->inputs)
        return snug_fail(SNUG_ERROR_CONFIG, "its block has %zu outputs where %zu come in",
                         shape->inner, shape->inputs);
    shape->outputs = shape->inputs;
    return SNUG_OK;
}

static void skip_forward(const void *config, const snug_layer_run *run) {
    (void)config;
    for (size_t i = 0; i < run->rows * run->inputs; ++i)
        run->y[i] = run->x[i] + run->inner[i];
}

static void skip_backward(const void *config, const snug_layer_run *run) {
    size_t bytes = run->rows * run->inputs * sizeof(float);
    (void)config;
    memcpy(run->dinner, run->dy, bytes);
    if (run->dx != NULL)
        memcpy(run->dx, run->dy, bytes);
}

static const snug_layer_kind skip = {
    .base = {.name = "test_skip",
             .summary = "a block with a skip",
             .fields = skip_fields,
             .config_size = sizeof(skip_config)},
    .plan = skip_plan,
    .forward = skip_forward,
    .backward = skip_backward,
    .block = "layers",
};

static void register_all(void) {
    ck_assert_msg(snug_register_layer(&slope) == SNUG_OK, "%s", snug_error());
    ck_assert_msg(snug_register_layer(&mask) == SNUG_OK, "%s", snug_error());
    ck_assert_msg(snug_register_layer(&centre) == SNUG_OK, "%s", snug_error());
    ck_assert_msg(snug_register_layer(&skip) == SNUG_OK, "%s", snug_error());
}

static const char config[] =
    "{\"model\": {\"inputs\": 5, \"layers\": ["
    "{\"type\": \"test_skip\", \"layers\": [{\"type\": \"dense\", \"units\": 5}, \"tanh\"]},"
    "{\"type\": \"dense\", \"units\": 6}, \"test_slope\", \"test_mask\","
    "{\"type\": \"test_skip\", \"layers\": [\"selu\", {\"type\": \"test_skip\", \"layers\": ["
    "{\"type\": \"dense\", \"units\": 3}, \"tanh\", \"test_mask\", {\"type\": \"dense\", "
    "\"units\": 6}]},"
    "\"test_slope\"]}, \"test_centre\", {\"type\": \"dense\", \"units\": 3}]}}";

static snug_model *model_of_all(void) {
    snug_model *model = snug_model_parse_config(config, sizeof config - 1);
    ck_assert_msg(model != NULL, "%s", snug_error());
    ck_assert_int_eq(snug_model_init(model, 4), SNUG_OK);
    ck_assert_int_eq(snug_model_set_loss(model, snug_softmax_cross_entropy()), SNUG_OK);
    return model;
}

static snug_dataset *some_data(float x[ROWS * INPUTS]) {
    static const int32_t classes[ROWS] = {0, 2, 1, 1, 0, 2, 2};
    fill_numbers(21, ROWS * INPUTS, x);
    return snug_dataset_from_arrays(x, ROWS, INPUTS, classes);
}

START_TEST(test_tensors_of_blocks) {
    static const char *const names[] = {"0.layers.0.weight",
                                        "0.layers.0.bias",
                                        "1.weight",
                                        "1.bias",
                                        "2.weight",
                                        "4.layers.1.layers.0.weight",
                                        "4.layers.1.layers.0.bias",
                                        "4.layers.1.layers.3.weight",
                                        "4.layers.1.layers.3.bias",
                                        "4.layers.2.weight",
                                        "6.weight",
                                        "6.bias",
                                        "5.running_mean"};
    snug_model *model;
    register_all();
    model = model_of_all();
    ck_assert_uint_eq(snug_model_tensors(model), sizeof names / sizeof names[0]);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; ++i) {
        snug_tensor_info info;
        ck_assert_int_eq(snug_model_tensor(model, i, &info), SNUG_OK);
        ck_assert_str_eq(info.name, names[i]);
        ck_assert_int_eq(info.state, i == 12);
    }
    snug_model_free(model);
}
END_TEST

START_TEST(test_gradients_through_all) {
    float x[ROWS * INPUTS];
    snug_gradient_report report = {.max_entries = 100};
    snug_dataset *data = some_data(x);
    snug_model *model;
    snug_status status;
    register_all();
    model = model_of_all();
    status = snug_check_gradients(model, data, &report);
    /* the running mean moves with each forward pass, so its gradient is that of a constant */
    ck_assert_msg(status == SNUG_OK, "%s", snug_error());
    ck_assert_uint_eq(report.count, 12);
    snug_gradient_report_clear(&report);
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

START_TEST(test_training_saving_and_prediction) {
    float x[ROWS * INPUTS], before[ROWS * 3], after[ROWS * 3];
    snug_dataset *data = some_data(x);
    snug_model *model, *again;
    snug_session *session;
    char *bytes;
    size_t size;
    register_all();
    model = model_of_all();
    ck_assert_msg(snug_fit(model, data,
                           &(snug_fit_options){.epochs = 20, .batch_size = 3, .seed = 2},
                           NULL) == SNUG_OK,
                  "%s", snug_error());
    ck_assert_int_eq(snug_model_save_to_memory(model, &bytes, &size), SNUG_OK);
    again = snug_model_load_from_memory(bytes, size);
    ck_assert_msg(again != NULL, "%s", snug_error());
    session = snug_session_new(model, 4);
    ck_assert_int_eq(snug_predict(session, x, ROWS, before), SNUG_OK);
    snug_session_free(session);
    session = snug_session_new(again, 4);
    ck_assert_int_eq(snug_predict(session, x, ROWS, after), SNUG_OK);
    snug_session_free(session);
    ck_assert_mem_eq(before, after, sizeof before);
    snug_text_free(bytes);
    snug_model_free(model);
    snug_model_free(again);
    snug_dataset_free(data);
}
END_TEST

START_TEST(test_a_block_that_does_not_fit) {
    static const char text[] =
        "{\"model\": {\"inputs\": 4, \"layers\": [\"tanh\", {\"type\": \"test_skip\", \"layers\": ["
        "{\"type\": \"test_skip\", \"layers\": [{\"type\": \"dense\", \"units\": 3}]}]}]}}";
    register_all();
    ck_assert_ptr_null(snug_model_parse_config(text, sizeof text - 1));
    ck_assert_str_eq(snug_error(),
                     "(text): model.layers[1].layers[0]: its block has 3 outputs where "
                     "4 come in");
}
END_TEST

START_TEST(test_lengths_need_columns) {
    snug_model *model = snug_model_new(3);
    ck_assert_int_eq(snug_register_layer(&lengths), SNUG_OK);
    ck_assert_int_eq(snug_model_add(model, snug_layer_new("test_lengths")), SNUG_ERROR_CONFIG);
    ck_assert_str_eq(snug_error(),
                     "model.layers[0]: its tensor \"length\" starts with the lengths "
                     "of the columns of the one before it, and there are not as many");
    snug_model_free(model);
}
END_TEST

Suite *kinds_suite(void) {
    Suite *suite = suite_create("kinds of the user's own");
    TCase *tc = tcase_create("layers");
    tcase_add_test(tc, test_tensors_of_blocks);
    tcase_add_test(tc, test_gradients_through_all);
    tcase_add_test(tc, test_training_saving_and_prediction);
    tcase_add_test(tc, test_a_block_that_does_not_fit);
    tcase_add_test(tc, test_lengths_need_columns);
    suite_add_tcase(suite, tc);
    return suite;
}
