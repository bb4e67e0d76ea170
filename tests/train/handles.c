/* Handles of failed constructors, given to every function that takes one. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "handles.h"
#include "kinds/field_range.h"
#include "kinds/handles.h"
#include "support/errors.h"
#include "support/failing.h"
#include "support/suite.h"

enum { TEXT = 1024 };

/* ---- what takes a handle --------------------------------------------------------------------- */

void fail_otherwise(void) {
    ck_assert_ptr_null(snug_model_load("/nonexistent/model.safetensors"));
}

/* A model with weights and a loss. */
static snug_model *ready_model(void) {
    snug_model *model = mlp(BLOB_COLUMNS, BLOB_CLASSES);
    ck_assert_int_eq(snug_model_set_loss(model, snug_softmax_cross_entropy()), SNUG_OK);
    ck_assert_int_eq(snug_model_init(model, 11), SNUG_OK);
    return model;
}

static snug_status fit_with(snug_fit_options options) {
    snug_dataset *data = blobs();
    snug_model *model = ready_model();
    options.epochs = 1;
    fail_otherwise();
    snug_status status = snug_fit(model, data, &options, NULL);
    snug_model_free(model);
    snug_dataset_free(data);
    return status;
}

snug_status fit_by_loss(void *handle) {
    return fit_with((snug_fit_options){.loss = handle});
}

static snug_status fit_optimizer(void *handle) {
    return fit_with((snug_fit_options){.optimizer = handle});
}

static snug_status fit_schedule(void *handle) {
    return fit_with((snug_fit_options){.schedule = handle});
}

static snug_status fit_decay_schedule(void *handle) {
    return fit_with((snug_fit_options){.weight_decay_schedule = handle});
}

static snug_status add_layer(void *handle) {
    snug_model *model = mlp(BLOB_COLUMNS, BLOB_CLASSES);
    fail_otherwise();
    snug_status status = snug_model_add(model, handle);
    ck_assert(status == SNUG_OK || snug_model_init(model, 1) == status); /* the first error stays */
    snug_model_free(model);
    return status;
}

static snug_status set_loss(void *handle) {
    snug_model *model = ready_model();
    fail_otherwise();
    snug_status status = snug_model_set_loss(model, handle);
    snug_model_free(model);
    return status;
}

static const float some_x[2 * BLOB_COLUMNS] = {0.5F, -1, 2, 0.25F, 1.5F, -0.75F};
static const int32_t some_classes[2] = {2, 0};

/* forward, backward by the loss, a step of the optimizer */
static snug_status step_with(const snug_loss *loss, snug_optimizer *optimizer) {
    snug_model *model = ready_model();
    snug_session *session = snug_session_new_training(model, 2, 3);
    const snug_targets targets = {.classes = some_classes};
    const float *outputs;
    ck_assert_int_eq(snug_forward(session, some_x, 2, 0, &outputs), SNUG_OK);
    fail_otherwise();
    snug_status status = snug_backward(session, loss, &targets, NULL);
    if (status == SNUG_OK) {
        status = snug_optimizer_step(optimizer, session);
    }
    snug_session_free(session);
    snug_model_free(model);
    return status;
}

snug_status backward_by(void *handle) {
    snug_optimizer *sgd = snug_sgd(0.125, 0);
    snug_status status = step_with(handle, sgd);
    snug_optimizer_free(sgd);
    return status;
}

static snug_status optimizer_step(void *handle) {
    snug_loss *loss = snug_softmax_cross_entropy();
    snug_status status = step_with(loss, handle);
    snug_loss_free(loss);
    return status;
}

snug_status check_gradients_by(void *handle) {
    snug_dataset *data = blobs();
    snug_model *model = ready_model();
    snug_gradient_report report = {.loss = handle, .max_entries = 1};
    fail_otherwise();
    snug_status status = snug_check_gradients(model, data, &report);
    snug_gradient_report_clear(&report);
    snug_model_free(model);
    snug_dataset_free(data);
    return status;
}

static snug_status model_memory(void *handle) {
    snug_model *model = ready_model();
    snug_memory_info info;
    fail_otherwise();
    snug_status status = snug_model_memory(model, 5, handle, &info);
    snug_model_free(model);
    return status;
}

static snug_status layer_status(void *handle) {
    fail_otherwise();
    return snug_layer_status(handle);
}

static snug_status loss_status(void *handle) {
    fail_otherwise();
    return snug_loss_status(handle);
}

static snug_status optimizer_status(void *handle) {
    fail_otherwise();
    return snug_optimizer_status(handle);
}

static snug_status schedule_status(void *handle) {
    fail_otherwise();
    return snug_schedule_status(handle);
}

static const struct use {
    snug_group group;
    snug_status (*call)(void *handle);
    bool takes;    /* takes the handle over; otherwise it borrows */
    bool optional; /* NULL is a default */
} uses[] = {
    {SNUG_GROUP_LAYER, add_layer, true, false},
    {SNUG_GROUP_LAYER, layer_status, false, false},
    {SNUG_GROUP_LOSS, set_loss, true, false},
    {SNUG_GROUP_LOSS, fit_by_loss, true, true},
    {SNUG_GROUP_LOSS, backward_by, false, false},
    {SNUG_GROUP_LOSS, check_gradients_by, false, true},
    {SNUG_GROUP_LOSS, loss_status, false, false},
    {SNUG_GROUP_OPTIMIZER, fit_optimizer, true, true},
    {SNUG_GROUP_OPTIMIZER, optimizer_step, false, false},
    {SNUG_GROUP_OPTIMIZER, model_memory, false, true},
    {SNUG_GROUP_OPTIMIZER, optimizer_status, false, false},
    {SNUG_GROUP_SCHEDULE, fit_schedule, true, true},
    {SNUG_GROUP_SCHEDULE, fit_decay_schedule, true, true},
    {SNUG_GROUP_SCHEDULE, schedule_status, false, false},
};
enum { USES = sizeof uses / sizeof uses[0] };

/* ---- what makes a handle --------------------------------------------------------------------- */

static void *make(snug_group group, const char *spec) {
    switch (group) {
    case SNUG_GROUP_LAYER:
        return snug_layer_new(spec);
    case SNUG_GROUP_LOSS:
        return snug_loss_new(spec);
    case SNUG_GROUP_OPTIMIZER:
        return snug_optimizer_new(spec);
    default:
        return snug_schedule_new(spec);
    }
}

static void free_handle(snug_group group, void *handle) {
    switch (group) {
    case SNUG_GROUP_LAYER:
        snug_layer_free(handle);
        break;
    case SNUG_GROUP_LOSS:
        snug_loss_free(handle);
        break;
    case SNUG_GROUP_OPTIMIZER:
        snug_optimizer_free(handle);
        break;
    default:
        snug_schedule_free(handle);
    }
}

void is_refused(snug_status status) {
    ck_assert_int_eq(status, SNUG_ERROR_ARGUMENT);
    ck_assert_msg(strstr(snug_error(), " was handed over or freed before; make a new ") != NULL,
                  "%s", snug_error());
}

/* One use of a handle whose constructor has just failed, and another one after it is gone. */
static void use_failed(const struct use *use, void *handle, const char *spec) {
    const snug_status status = snug_error_status();
    char message[TEXT];
    snprintf(message, sizeof message, "%s", snug_error());
    ck_assert_ptr_nonnull(handle);
    ck_assert_msg(use->call(handle) == status, "%s: %s", spec, snug_error());
    expect_location(message);
    if (!use->takes) {
        free_handle(use->group, handle);
    }
    is_refused(use->call(handle));
    free_handle(use->group, handle);
    ck_assert_uint_eq(snug_handle_count(), 0);
}

/* Every use of what a spec cannot make. */
static void refuse_spec(snug_group group, const char *spec, const char *reason) {
    for (size_t i = 0; i < USES; i++) {
        if (uses[i].group != group) {
            continue;
        }
        void *handle = make(group, spec);
        ck_assert_msg(snug_error_status() == SNUG_ERROR_CONFIG, "%s is taken", spec);
        ck_assert_msg(strstr(snug_error(), reason) != NULL, "%s: %s", spec, snug_error());
        use_failed(&uses[i], handle, spec);
    }
}

/* ---- every kind of the registry -------------------------------------------------------------- */

/* Adds what a kind cannot do without, but the field `but`. */
static void add_required(const snug_kind *kind, const snug_field *but, char *spec) {
    const snug_field *field = kind->fields;
    for (; field != NULL && field->kind != SNUG_FIELD_END; field++) {
        size_t used = strlen(spec);
        const char *value = field->kind == SNUG_FIELD_UNITS    ? "2"
                            : field->kind == SNUG_FIELD_LAYERS ? "[\"selu\"]"
                                                               : "\"selu\"";
        if (field->required && field != but) {
            snprintf(spec + used, TEXT - used, ", \"%s\": %s", field->name, value);
        }
    }
}

static void refuse_value(snug_group group, const snug_kind *kind, const snug_field *field,
                         double value) {
    char spec[TEXT], reason[64];
    snprintf(spec, sizeof spec, "{\"type\": \"%s\", \"%s\": %.17g", kind->name, field->name, value);
    add_required(kind, field, spec);
    strcat(spec, "}");
    snprintf(reason, sizeof reason, "%s: must be", field->name);
    refuse_spec(group, spec, reason);
}

/* Values just outside of the range of each number. Returns how many there were. */
static size_t refuse_ranges(snug_group group, const snug_kind *kind) {
    size_t count = 0;
    const snug_field *field = kind->fields;
    for (; field != NULL && field->kind != SNUG_FIELD_END; field++) {
        if (field->kind != SNUG_FIELD_REAL && field->kind != SNUG_FIELD_SIZE &&
            field->kind != SNUG_FIELD_UNITS) {
            continue;
        }
        snug_bounds bounds = snug_field_bounds(field);
        bool real = field->kind == SNUG_FIELD_REAL;
        double below = real ? nextafter(bounds.min, -INFINITY) : bounds.min - 1;
        double above = real ? nextafter(bounds.max, INFINITY) : bounds.max + 1;
        if (bounds.has_min) {
            refuse_value(group, kind, field, bounds.open_min ? bounds.min : below);
        }
        if (bounds.has_max) {
            refuse_value(group, kind, field, bounds.open_max ? bounds.max : above);
        }
        count += bounds.has_min + bounds.has_max;
    }
    return count;
}

static size_t refuse_group(snug_group group, snug_group kinds) {
    size_t count = 0;
    const snug_kind *kind;
    for (size_t i = 0; (kind = snug_kind_at(kinds, i)) != NULL; i++) {
        count += refuse_ranges(group, kind);
    }
    return count;
}

START_TEST(values_out_of_range_fail_wherever_they_are_given) {
    ck_assert_uint_ge(refuse_group(SNUG_GROUP_LAYER, SNUG_GROUP_LAYER), 10);
    ck_assert_uint_ge(refuse_group(SNUG_GROUP_LAYER, SNUG_GROUP_ACTIVATION), 5);
    ck_assert_uint_ge(refuse_group(SNUG_GROUP_LOSS, SNUG_GROUP_LOSS), 5);
    ck_assert_uint_ge(refuse_group(SNUG_GROUP_OPTIMIZER, SNUG_GROUP_OPTIMIZER), 30);
    ck_assert_uint_ge(refuse_group(SNUG_GROUP_SCHEDULE, SNUG_GROUP_SCHEDULE), 10);
}
END_TEST

START_TEST(misspelt_names_fail_wherever_they_are_given) {
    refuse_spec(SNUG_GROUP_LAYER, "dens", "did you mean \"dense\"?");
    refuse_spec(SNUG_GROUP_LOSS, "mze", "did you mean \"mse\"?");
    refuse_spec(SNUG_GROUP_OPTIMIZER, "adan", "did you mean \"adam\"?");
    refuse_spec(SNUG_GROUP_OPTIMIZER, "{\"type\": \"sgd\", \"learning_rat\": 3}",
                "did you mean \"learning_rate\"?");
    refuse_spec(SNUG_GROUP_SCHEDULE, "cosin", "did you mean \"cosine\"?");
}
END_TEST

/* ---- constructors of their own --------------------------------------------------------------- */

static void *new_dense(double units) {
    return snug_dense((size_t)units);
}
static void *new_elu(double alpha) {
    return snug_elu(alpha);
}
static void *new_leaky_relu(double slope) {
    return snug_leaky_relu(slope);
}
static void *new_selu(double unused) {
    (void)unused;
    return snug_selu();
}
static void *new_relu(double unused) {
    (void)unused;
    return snug_relu();
}
static void *new_tanh(double unused) {
    (void)unused;
    return snug_tanh();
}
static void *new_sigmoid(double unused) {
    (void)unused;
    return snug_sigmoid();
}
static void *new_identity(double unused) {
    (void)unused;
    return snug_identity();
}
static void *new_mse(double unused) {
    (void)unused;
    return snug_mse();
}
static void *new_softmax(double unused) {
    (void)unused;
    return snug_softmax_cross_entropy();
}
static void *new_binary(double unused) {
    (void)unused;
    return snug_binary_cross_entropy();
}
static void *new_sgd(double rate) {
    return snug_sgd(rate, 0.5);
}
static void *new_heavy_sgd(double momentum) {
    return snug_sgd(0.25, momentum);
}
static void *new_adam(double rate) {
    return snug_adam(rate);
}
static void *parse_layer(double unused) {
    (void)unused;
    return snug_layer_new("{\"type\": \"dense\", \"units\": 3, \"l2\": 0.125}");
}
static void *parse_loss(double unused) {
    (void)unused;
    return snug_loss_new("{\"type\": \"focal\", \"gamma\": 1.5}");
}
static void *parse_optimizer(double unused) {
    (void)unused;
    return snug_optimizer_new("{\"type\": \"rmsprop\", \"learning_rate\": 0.125}");
}
static void *parse_schedule(double unused) {
    (void)unused;
    return snug_schedule_new("{\"type\": \"warmup\", \"epochs\": 1, \"then\": \"cosine\"}");
}

static const struct maker {
    snug_group group;
    void *(*make)(double value);
    double right, wrong; /* a wrong value of 0 with a right one of 0: it takes none */
} makers[] = {
    {SNUG_GROUP_LAYER, new_dense, 5, 0},
    {SNUG_GROUP_LAYER, new_elu, 1.5, -1},
    {SNUG_GROUP_LAYER, new_leaky_relu, 0.125, (double)INFINITY},
    {SNUG_GROUP_LAYER, new_selu, 0, 0},
    {SNUG_GROUP_LAYER, new_relu, 0, 0},
    {SNUG_GROUP_LAYER, new_tanh, 0, 0},
    {SNUG_GROUP_LAYER, new_sigmoid, 0, 0},
    {SNUG_GROUP_LAYER, new_identity, 0, 0},
    {SNUG_GROUP_LAYER, parse_layer, 0, 0},
    {SNUG_GROUP_LOSS, new_mse, 0, 0},
    {SNUG_GROUP_LOSS, new_softmax, 0, 0},
    {SNUG_GROUP_LOSS, new_binary, 0, 0},
    {SNUG_GROUP_LOSS, parse_loss, 0, 0},
    {SNUG_GROUP_OPTIMIZER, new_sgd, 0.25, -0.25},
    {SNUG_GROUP_OPTIMIZER, new_heavy_sgd, 0.75, 1},
    {SNUG_GROUP_OPTIMIZER, new_adam, 0.01, -0.01},
    {SNUG_GROUP_OPTIMIZER, parse_optimizer, 0, 0},
    {SNUG_GROUP_SCHEDULE, parse_schedule, 0, 0},
};
enum { MAKERS = sizeof makers / sizeof makers[0] };

START_TEST(wrong_arguments_fail_wherever_they_are_given) {
    const struct maker *maker = &makers[_i];
    if (maker->right == maker->wrong) {
        return;
    }
    for (size_t i = 0; i < USES; i++) {
        if (uses[i].group != maker->group) {
            continue;
        }
        void *handle = maker->make(maker->wrong);
        ck_assert_int_eq(snug_error_status(), SNUG_ERROR_ARGUMENT);
        use_failed(&uses[i], handle, "a constructor");
    }
}
END_TEST

/* Whether allocation number `fail_at` of a constructor was the last that can fail. */
static bool use_without(const struct maker *maker, const struct use *use, size_t fail_at) {
    failing_start(fail_at);
    void *handle = maker->make(maker->right);
    bool failed = failing_calls() > fail_at;
    if (failed) {
        ck_assert_ptr_nonnull(handle);
        ck_assert_int_eq(snug_error_status(), SNUG_ERROR_MEMORY);
        ck_assert_int_eq(use->call(handle), SNUG_ERROR_MEMORY);
        ck_assert_ptr_nonnull(strstr(snug_error(), "out of memory"));
    }
    free_handle(maker->group, handle);
    ck_assert_uint_eq(failing_stop(), 0);
    ck_assert_uint_eq(snug_handle_count(), 0);
    return !failed;
}

START_TEST(constructors_without_memory_fail_wherever_they_are_given) {
    for (size_t i = 0; i < USES; i++) {
        size_t fail_at = 0;
        if (uses[i].group != makers[_i].group) {
            continue;
        }
        while (!use_without(&makers[_i], &uses[i], fail_at)) {
            fail_at++;
        }
        ck_assert_uint_ge(fail_at, 2); /* an object, a handle */
    }
}
END_TEST

/* ---- NULL ------------------------------------------------------------------------------------ */

START_TEST(null_is_a_default_in_options_alone) {
    for (size_t i = 0; i < USES; i++) {
        snug_status status = uses[i].call(NULL);
        ck_assert_int_eq(status, uses[i].optional ? SNUG_OK : SNUG_ERROR_ARGUMENT);
        if (!uses[i].optional) {
            ck_assert_msg(strstr(snug_error(), ": NULL was given") != NULL, "%s", snug_error());
        }
    }
}
END_TEST

static Suite *handles_suite(void) {
    Suite *suite = suite_create("handles");
    TCase *tc = tcase_create("handles");
    tcase_set_timeout(tc, 300);
    tcase_add_test(tc, values_out_of_range_fail_wherever_they_are_given);
    tcase_add_test(tc, misspelt_names_fail_wherever_they_are_given);
    tcase_add_loop_test(tc, wrong_arguments_fail_wherever_they_are_given, 0, MAKERS);
    tcase_add_loop_test(tc, constructors_without_memory_fail_wherever_they_are_given, 0, MAKERS);
    tcase_add_test(tc, null_is_a_default_in_options_alone);
    suite_add_tcase(suite, tc);
    return suite;
}

REGISTER_SUITE(handles_suite)
