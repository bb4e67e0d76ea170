/* Layers of the user's own: a trainable slope, noise, running state, and a block with a skip. */
#include <string.h>

#include "session/session.h"
#include "support.h"
#include "support/errors.h"
#include "support/suite.h"

enum { ROWS = 7, INPUTS = 5 };

/*
 * ---- y = x (x > 0), slope x otherwise; the slope is trained, one a column ----------------------
 */

static snug_status slope_plan(const void *config, snug_layer_shape *shape) {
    (void)config;
    shape->outputs = shape->inputs;
    shape->tensors[0] = (snug_tensor){.name = "weight", .columns = shape->inputs, .initial = 0.25F};
    shape->tensor_count = 1;
    return SNUG_OK;
}

static void slope_forward(const void *config, const snug_layer_call *run) {
    (void)config;
    for (size_t i = 0; i < run->rows * run->inputs; i++) {
        run->y[i] = run->x[i] > 0 ? run->x[i] : run->tensors[0][i % run->inputs] * run->x[i];
    }
}

static void slope_backward(const void *config, const snug_layer_call *run) {
    (void)config;
    for (size_t i = 0; i < run->rows * run->inputs; i++) {
        bool positive = run->x[i] > 0;
        if (!positive) {
            run->gradients[0][i % run->inputs] += run->dy[i] * run->x[i];
        }
        if (run->dx != NULL) {
            run->dx[i] = run->dy[i] * (positive ? 1 : run->tensors[0][i % run->inputs]);
        }
    }
}

static const snug_layer_kind slope = {
    .base = {.name = "test_slope", .summary = "a trained slope"},
    .flags = SNUG_READS_INPUT | SNUG_COLUMNWISE,
    .plan = slope_plan,
    .forward = slope_forward,
    .backward = slope_backward,
};

/*
 * ---- y = m * x with a random mask m in training, kept in the cache ------------------------------
 */

static snug_status mask_plan(const void *config, snug_layer_shape *shape) {
    (void)config;
    shape->outputs = shape->cache = shape->inputs;
    return SNUG_OK;
}

static void mask_forward(const void *config, const snug_layer_call *run) {
    size_t n = run->rows * run->inputs;
    (void)config;
    for (size_t i = 0; !run->training && i < n; i++) {
        run->y[i] = run->x[i];
    }
    if (!run->training) {
        return;
    }
    snug_random_uniform(&run->random, 0, n, run->cache);
    for (size_t i = 0; i < n; i++) {
        run->cache[i] = run->cache[i] < 0.25F ? 0 : 4.0F / 3;
        run->y[i] = run->cache[i] * run->x[i];
    }
}

static void mask_backward(const void *config, const snug_layer_call *run) {
    (void)config;
    for (size_t i = 0; run->dx != NULL && i < run->rows * run->inputs; i++) {
        run->dx[i] = run->cache[i] * run->dy[i];
    }
}

static const snug_layer_kind mask = {
    .base = {.name = "test_mask", .summary = "a random mask"},
    .flags = SNUG_IN_PLACE | SNUG_IS_RANDOM | SNUG_TRAINING_DIFFERS | SNUG_COLUMNWISE,
    .plan = mask_plan,
    .forward = mask_forward,
    .backward = mask_backward,
};

/*
 * ---- y = x - the running mean of the columns, which training moves ------------------------------
 */

static snug_status centre_plan(const void *config, snug_layer_shape *shape) {
    (void)config;
    shape->outputs = shape->inputs;
    shape->tensors[0] =
        (snug_tensor){.name = "running_mean", .columns = shape->inputs, .state = true};
    shape->tensor_count = 1;
    return SNUG_OK;
}

static void centre_forward(const void *config, const snug_layer_call *run) {
    (void)config;
    for (size_t i = 0; i < run->rows * run->inputs; i++) {
        run->y[i] = run->x[i] - run->tensors[0][i % run->inputs];
    }
    for (size_t i = 0; run->state != NULL && i < run->rows * run->inputs; i++) {
        run->state[0][i % run->inputs] += 0.125F * run->x[i] / (float)run->rows;
    }
}

static void centre_backward(const void *config, const snug_layer_call *run) {
    (void)config;
    for (size_t i = 0; run->dx != NULL && i < run->rows * run->inputs; i++) {
        run->dx[i] = run->dy[i];
    }
}

static const snug_layer_kind centre = {
    .base = {.name = "test_centre", .summary = "a running mean"},
    .flags = SNUG_COLUMNWISE | SNUG_TRAINING_DIFFERS,
    .plan = centre_plan,
    .forward = centre_forward,
    .backward = centre_backward,
};

/*
 * ---- lengths of columns that are not there ----------------------------------------------------
 */

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
    .flags = SNUG_COLUMNWISE,
    .plan = lengths_plan,
    .forward = centre_forward,
    .backward = centre_backward,
};

/*
 * ---- y = x + block(x) ---------------------------------------------------------------------------
 */

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
    if (shape->inner != shape->inputs) {
        return snug_fail(SNUG_ERROR_CONFIG, "its block has %zu outputs where %zu come in",
                         shape->inner, shape->inputs);
    }
    shape->outputs = shape->inputs;
    return SNUG_OK;
}

static void skip_forward(const void *config, const snug_layer_call *run) {
    (void)config;
    for (size_t i = 0; i < run->rows * run->inputs; i++) {
        run->y[i] = run->x[i] + run->inner[i];
    }
}

static void skip_backward(const void *config, const snug_layer_call *run) {
    size_t bytes = run->rows * run->inputs * sizeof(float);
    (void)config;
    memcpy(run->dinner, run->dy, bytes);
    if (run->dx != NULL) {
        memcpy(run->dx, run->dy, bytes);
    }
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

START_TEST(tensors_of_blocks) {
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
    ck_assert_uint_eq(snug_model_tensor_count(model), sizeof names / sizeof names[0]);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        snug_tensor_info info;
        ck_assert_int_eq(snug_model_tensor(model, i, &info), SNUG_OK);
        ck_assert_str_eq(info.name, names[i]);
        ck_assert_int_eq(info.state, i == 12);
    }
    snug_model_free(model);
}
END_TEST

START_TEST(gradients_through_all) {
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

START_TEST(training_saving_and_prediction) {
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
    snug_free(bytes);
    snug_model_free(model);
    snug_model_free(again);
    snug_dataset_free(data);
}
END_TEST

START_TEST(a_block_that_does_not_fit) {
    static const char text[] =
        "{\"model\": {\"inputs\": 4, \"layers\": [\"tanh\", {\"type\": \"test_skip\", \"layers\": ["
        "{\"type\": \"test_skip\", \"layers\": [{\"type\": \"dense\", \"units\": 3}]}]}]}}";
    register_all();
    ck_assert_ptr_null(snug_model_parse_config(text, sizeof text - 1));
    expect_location("(string): model.layers[1].layers[0]:");
}
END_TEST

START_TEST(lengths_need_columns) {
    snug_model *model = snug_model_new(3);
    ck_assert_int_eq(snug_register_layer(&lengths), SNUG_OK);
    ck_assert_int_eq(snug_model_add(model, snug_layer_new("test_lengths")), SNUG_ERROR_CONFIG);
    expect_location("model.layers[0]:");
    snug_model_free(model);
}
END_TEST

/*
 * ---- y = w m x in place, with a random m in training -------------------------------------------
 */

static snug_status gain_plan(const void *fields, snug_layer_shape *shape) {
    (void)fields;
    shape->outputs = shape->inputs;
    shape->tensors[0] = (snug_tensor){.name = "gain", .columns = shape->inputs, .initial = 1.25F};
    shape->tensor_count = 1;
    return SNUG_OK;
}

/* m of row r and column j of the call. */
static float factor_at(const snug_layer_call *run, size_t r, size_t j) {
    float uniform = 0;
    if (run->training) {
        snug_random_uniform(&run->random, (run->first_row + r) * run->inputs + j, 1, &uniform);
    }
    return 0.5F + uniform;
}

static void gain_forward(const void *fields, const snug_layer_call *run) {
    (void)fields;
    for (size_t r = 0; r < run->rows; r++) {
        for (size_t j = 0; j < run->inputs; j++) {
            run->y[r * run->inputs + j] =
                run->tensors[0][j] * factor_at(run, r, j) * run->x[r * run->inputs + j];
        }
    }
}

static void gain_backward(const void *fields, const snug_layer_call *run) {
    (void)fields;
    for (size_t r = 0; run->dx != NULL && r < run->rows; r++) {
        for (size_t j = 0; j < run->inputs; j++) {
            run->dx[r * run->inputs + j] =
                run->tensors[0][j] * factor_at(run, r, j) * run->dy[r * run->inputs + j];
        }
    }
}

static void gain_gradients(const void *fields, const snug_layer_call *run, size_t tensor,
                           size_t first, size_t count, float *gradient) {
    (void)fields, (void)tensor, (void)first, (void)count;
    for (size_t j = 0; j < run->inputs; j++) {
        float sum = run->add_gradients ? gradient[j] : 0;
        for (size_t r = 0; r < run->rows; r++) {
            sum +=
                factor_at(run, r, j) * run->x[r * run->inputs + j] * run->dy[r * run->inputs + j];
        }
        gradient[j] = sum;
    }
}

static const snug_layer_kind gain = {
    .base = {.name = "test_gain", .summary = "a trained factor in place"},
    .flags = SNUG_IN_PLACE | SNUG_IS_RANDOM | SNUG_TRAINING_DIFFERS | SNUG_ROWWISE,
    .plan = gain_plan,
    .forward = gain_forward,
    .backward = gain_backward,
    .gradients = gain_gradients,
};

/* The gradients of gains after a step's forward and backward in so many threads. */
static void gain_step(const snug_model *model, const float *x, const int32_t *classes,
                      size_t threads, float *gradients) {
    const snug_targets targets = {.classes = classes};
    snug_session *session = snug_session_new_with(model, ROWS, true, 9, threads);
    snug_loss *loss = snug_softmax_cross_entropy();
    const float *all, *outputs;
    size_t n;
    ck_assert_ptr_nonnull(session);
    ck_assert_int_eq(snug_forward(session, x, ROWS, 4, &outputs), SNUG_OK);
    ck_assert_int_eq(snug_backward(session, loss, &targets, NULL), SNUG_OK);
    all = snug_session_gradients(session, &n);
    memcpy(gradients, all, n * sizeof *all);
    snug_loss_free(loss);
    snug_session_free(session);
}

/* Its gradients are made of x and dy after dx, of all rows: neither may be overwritten. */
START_TEST(a_trained_layer_in_place) {
    static const int32_t classes[ROWS] = {0, 2, 1, 1, 0, 2, 2};
    float x[ROWS * INPUTS], one[256], three[256];
    snug_model *model = snug_model_new(INPUTS);
    snug_gradient_report report = {.seed = 2};
    snug_dataset *data;
    fill_numbers(6, ROWS * INPUTS, x);
    data = snug_dataset_from_arrays(x, ROWS, INPUTS, classes);
    ck_assert_msg(snug_register_layer(&gain) == SNUG_OK, "%s", snug_error());
    snug_model_add(model, snug_dense(4));
    snug_model_add(model, snug_layer_new("test_gain"));
    snug_model_add(model, snug_dense(3));
    ck_assert_int_eq(snug_model_init(model, 5), SNUG_OK);
    ck_assert_int_eq(snug_model_set_loss(model, snug_softmax_cross_entropy()), SNUG_OK);
    ck_assert_msg(snug_check_gradients(model, data, &report) == SNUG_OK, "%s", snug_error());
    ck_assert_uint_eq(report.count, 5);
    snug_gradient_report_clear(&report);
    ck_assert_uint_le(model->plan->parameters, 256);
    gain_step(model, x, classes, 1, one);
    gain_step(model, x, classes, 3, three);
    for (size_t i = 0; i < model->plan->parameters; i++) {
        ck_assert_float_eq(one[i], three[i]);
    }
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

static Suite *kinds_suite(void) {
    Suite *suite = suite_create("kinds of the user's own");
    TCase *tc = tcase_create("layers");
    tcase_add_test(tc, a_trained_layer_in_place);
    tcase_add_test(tc, tensors_of_blocks);
    tcase_add_test(tc, gradients_through_all);
    tcase_add_test(tc, training_saving_and_prediction);
    tcase_add_test(tc, a_block_that_does_not_fit);
    tcase_add_test(tc, lengths_need_columns);
    suite_add_tcase(suite, tc);
    return suite;
}

REGISTER_SUITE(kinds_suite)
