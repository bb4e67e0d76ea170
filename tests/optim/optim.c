/* Optimizers against golden trajectories, and the object that drives them. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>
#include <cjson/cJSON.h>

#include "core/memory.h"
#include "cpu/cpu.h"
#include "files/file.h"
#include "kinds/fields.h"
#include "one_step.h"
#include "optim/optimizer.h"
#include "support/errors.h"
#include "support/failing.h"
#include "support/registry.h"
#include "support/set_field.h"
#include "support/suite.h"

/* ---- golden trajectories --------------------------------------------------------------------- */

/* The vectors' four parameters, repeated, so that whole vectors and a ragged rest are met. */
enum { GOLDEN = 4, REPEATED = 67 };

static const struct {
    const char *name, *spec;
} cases[] = {
    {"sgd", "{\"type\": \"sgd\", \"learning_rate\": 0.1}"},
    {"sgd_weight_decay", "{\"type\": \"sgd\", \"learning_rate\": 0.1, \"weight_decay\": 0.01}"},
    {"momentum", "{\"type\": \"sgd\", \"learning_rate\": 0.05, \"momentum\": 0.9}"},
    {"nesterov",
     "{\"type\": \"sgd\", \"learning_rate\": 0.05, \"momentum\": 0.9, \"nesterov\": true}"},
    {"adam", "{\"type\": \"adam\", \"learning_rate\": 0.01}"},
    {"adam_l2", "{\"type\": \"adam\", \"learning_rate\": 0.01, \"weight_decay\": 0.1}"},
    {"adam_eps", "{\"type\": \"adam\", \"learning_rate\": 0.02, \"beta1\": 0.8, \"beta2\": 0.95, "
                 "\"epsilon\": 0.001}"},
    {"momentum_dampening",
     "{\"type\": \"sgd\", \"learning_rate\": 0.05, \"momentum\": 0.9, \"dampening\": 0.1}"},
    {"amsgrad", "{\"type\": \"adam\", \"learning_rate\": 0.01, \"amsgrad\": true}"},
    {"adamw", "{\"type\": \"adamw\", \"learning_rate\": 0.01, \"weight_decay\": 0.1}"},
    {"nadam", "{\"type\": \"nadam\", \"learning_rate\": 0.02}"},
    {"radam", "{\"type\": \"radam\", \"learning_rate\": 0.02}"},
    {"adamax", "{\"type\": \"adamax\", \"learning_rate\": 0.02}"},
    {"rmsprop", "{\"type\": \"rmsprop\", \"learning_rate\": 0.01}"},
    {"rmsprop_centered_momentum",
     "{\"type\": \"rmsprop\", \"learning_rate\": 0.01, \"alpha\": 0.9, \"epsilon\": 1e-6, "
     "\"momentum\": 0.5, \"centered\": true}"},
    {"adagrad", "{\"type\": \"adagrad\", \"learning_rate\": 0.1}"},
    {"adagrad_decay", "{\"type\": \"adagrad\", \"learning_rate\": 0.1, \"learning_rate_decay\": "
                      "0.05, \"initial_accumulator\": 0.1}"},
    {"adadelta", "adadelta"},
};

enum { CASES = sizeof cases / sizeof *cases };

static cJSON *read_vectors(void) {
    size_t size = 0;
    char *text = snug_file_read(SNUG_TEST_DIR "/vectors/optimizers.json", &size);
    ck_assert_ptr_nonnull(text);
    cJSON *json = cJSON_ParseWithLength(text, size);
    ck_assert_ptr_nonnull(json);
    snug_release(text);
    return json;
}

static const cJSON *trajectory_of(const cJSON *vectors, const char *name) {
    const cJSON *one = NULL;
    cJSON_ArrayForEach(one, cJSON_GetObjectItemCaseSensitive(vectors, "cases")) {
        if (strcmp(cJSON_GetObjectItemCaseSensitive(one, "name")->valuestring, name) == 0) {
            return cJSON_GetObjectItemCaseSensitive(one, "trajectory");
        }
    }
    ck_abort_msg("the vectors have no case %s", name);
    return NULL;
}

static void read_row(const cJSON *row, double *values) {
    ck_assert_int_eq(cJSON_GetArraySize(row), GOLDEN);
    for (int i = 0; i < GOLDEN; i++) {
        values[i] = cJSON_GetArrayItem(row, i)->valuedouble;
    }
}

static void repeat(const double *values, float *repeated) {
    for (size_t i = 0; i < REPEATED; i++) {
        repeated[i] = (float)values[i % GOLDEN];
    }
}

static void follow(const cJSON *vectors, size_t index) {
    const cJSON *gradients = cJSON_GetObjectItemCaseSensitive(vectors, "grads");
    const cJSON *trajectory = trajectory_of(vectors, cases[index].name);
    snug_optimizer *optimizer = snug_optimizer_new(cases[index].spec);
    double row[GOLDEN];
    float parameters[REPEATED], gradient[REPEATED];
    ck_assert_msg(optimizer != NULL, "%s", snug_error());
    read_row(cJSON_GetObjectItemCaseSensitive(vectors, "p0"), row);
    repeat(row, parameters);
    ck_assert_int_eq(cJSON_GetArraySize(trajectory), 20);
    for (int step = 0; step < 20; step++) {
        read_row(cJSON_GetArrayItem(gradients, step), row);
        repeat(row, gradient);
        ck_assert(one_step(optimizer, REPEATED, 1.0, gradient, parameters) == SNUG_OK);
        read_row(cJSON_GetArrayItem(trajectory, step), row);
        for (size_t i = 0; i < REPEATED; i++) {
            double reference = row[i % GOLDEN];
            ck_assert_msg(fabs((double)parameters[i] - reference) <=
                              1e-6 * fmax(1.0, fabs(reference)),
                          "%s: step %d, parameter %zu: %.9g instead of %.9g", cases[index].name,
                          step + 1, i, (double)parameters[i], reference);
        }
    }
    snug_optimizer_free(optimizer);
}

/* All but one, which tells of a fault that is not to be repeated. */
START_TEST(has_a_case_for_each_trajectory) {
    cJSON *vectors = read_vectors();
    const cJSON *golden = cJSON_GetObjectItemCaseSensitive(vectors, "cases");
    ck_assert_int_eq(cJSON_GetArraySize(golden), CASES + 1);
    ck_assert_ptr_nonnull(trajectory_of(vectors, "nadam_torch113"));
    for (size_t i = 0; i < CASES; i++) {
        ck_assert_str_ne(cases[i].name, "nadam_torch113");
        for (size_t j = 0; j < i; j++) {
            ck_assert_str_ne(cases[i].name, cases[j].name);
        }
    }
    cJSON_Delete(vectors);
}
END_TEST

START_TEST(follows_the_golden_trajectory) {
    cJSON *vectors = read_vectors();
    for (int path = 0; path < SNUG_CPU_COUNT; path++) {
        snug_cpu_force((snug_cpu)path);
        follow(vectors, (size_t)_i);
    }
    cJSON_Delete(vectors);
}
END_TEST

/* ---- every kind ------------------------------------------------------------------------------ */

/* Half the sum of a_i (p_i - c_i)^2, and its gradient. */
static double quadratic(size_t n, const float *p, float *gradient) {
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        float a = 0.5F + 0.25F * (float)(i % 5), c = 1.0F - 0.3F * (float)(i % 7);
        gradient[i] = a * (p[i] - c);
        sum += 0.5 * (double)a * (double)(p[i] - c) * (double)(p[i] - c);
    }
    return sum;
}

/* The quadratic at parameters that an optimizer changes. */
typedef struct bowl {
    size_t n;
    const float *p;
} bowl;

static double look(void *user, float *gradient) {
    const bowl *b = user;
    return quadratic(b->n, b->p, gradient);
}

static bool iterates(const snug_kind *kind) {
    return ((const snug_optimizer_kind *)kind)->iterate != NULL;
}

static void decrease(const char *name) {
    enum { N = 29 };
    float p[N] = {0}, gradient[N];
    snug_optimizer *optimizer = snug_optimizer_new(name);
    ck_assert_msg(optimizer != NULL, "%s", snug_error());
    double first = quadratic(N, p, gradient), last = first;
    bowl at = {N, p};
    bool more = true;
    for (int step = 0; step < 100 && more; step++) {
        if (snug_optimizer_iterates(optimizer)) {
            ck_assert(snug_optimizer_iterate(optimizer, &(snug_parameter_ranges){.parameters = N},
                                             (snug_step_factors){0.5, 1.0},
                                             &(snug_objective){look, &at}, p, &more) == SNUG_OK);
            last = quadratic(N, p, gradient);
            continue;
        }
        ck_assert(one_step(optimizer, N, 0.5, gradient, p) == SNUG_OK);
        last = quadratic(N, p, gradient);
    }
    ck_assert_msg(last < first, "%s: from %g to %g", name, first, last);
    snug_optimizer_free(optimizer);
}

/* Three steps whole, and in two parts, the second first. */
static void step_in_parts(const char *name) {
    enum { N = 41, FIRST = 16 };
    float p[N] = {0}, whole[N] = {0}, gradient[N];
    snug_optimizer *one = snug_optimizer_new(name), *two = snug_optimizer_new(name);
    ck_assert_msg(one != NULL && two != NULL, "%s", snug_error());
    for (int step = 0; step < 3; step++) {
        quadratic(N, whole, gradient);
        ck_assert(one_step(one, N, 0.5, gradient, whole) == SNUG_OK);
        ck_assert(snug_optimizer_begin_step(two, &(snug_parameter_ranges){.parameters = N},
                                            (snug_step_factors){0.5, 1.0}) == SNUG_OK);
        snug_optimizer_update(two, FIRST, N - FIRST, gradient + FIRST, p);
        snug_optimizer_update(two, 0, FIRST, gradient, p);
        for (size_t i = 0; i < N; i++) {
            ck_assert_msg(p[i] == whole[i] && p[i] != 0.0F, "%s: parameter %zu", name, i);
        }
    }
    snug_optimizer_free(one);
    snug_optimizer_free(two);
}

START_TEST(every_kind_steps_in_parts) {
    size_t count = 0;
    for (const snug_kind *kind; (kind = snug_kind_at(SNUG_GROUP_OPTIMIZER, count)) != NULL;
         count++) {
        if (!iterates(kind)) {
            step_in_parts(kind->name);
        }
    }
    ck_assert_uint_eq(count, built_in_count(SNUG_GROUP_OPTIMIZER));
}
END_TEST

START_TEST(every_kind_decreases_a_quadratic) {
    size_t count = 0;
    for (const snug_kind *kind; (kind = snug_kind_at(SNUG_GROUP_OPTIMIZER, count)) != NULL;
         count++) {
        decrease(kind->name);
    }
    ck_assert_uint_eq(count, built_in_count(SNUG_GROUP_OPTIMIZER));
}
END_TEST

/* An optimizer of a kind, without weight decay. */
static snug_optimizer *without_decay(const snug_kind *kind) {
    snug_object *object = snug_object_new(SNUG_GROUP_OPTIMIZER, kind);
    ck_assert_ptr_nonnull(object);
    if (snug_fields_find(kind->fields, "weight_decay") != NULL) {
        ck_assert(set_field(object, "weight_decay", 0.0) == SNUG_OK);
    }
    return snug_optimizer_wrap(object);
}

START_TEST(every_kind_leaves_what_has_no_gradient) {
    for (size_t i = 0; snug_kind_at(SNUG_GROUP_OPTIMIZER, i) != NULL; i++) {
        float p[3] = {1.5F, 0.0F, -2.0F}, gradient[3] = {0.0F, 0.0F, 0.0F};
        snug_optimizer *optimizer = without_decay(snug_kind_at(SNUG_GROUP_OPTIMIZER, i));
        for (int step = 0; step < 3 && !snug_optimizer_iterates(optimizer); step++) {
            ck_assert(one_step(optimizer, 3, 1.0, gradient, p) == SNUG_OK);
        }
        ck_assert(p[0] == 1.5F && p[1] == 0.0F && p[2] == -2.0F);
        snug_optimizer_free(optimizer);
    }
}
END_TEST

START_TEST(adam_bears_an_epsilon_that_float_does_not_know) {
    float p = 1.0F, gradient = 0.0F;
    snug_optimizer *optimizer = snug_optimizer_new("{\"type\": \"adam\", \"epsilon\": 1e-60}");
    ck_assert(one_step(optimizer, 1, 1.0, &gradient, &p) == SNUG_OK);
    ck_assert(p == 1.0F);
    snug_optimizer_free(optimizer);
}
END_TEST

/* ---- the object ------------------------------------------------------------------------------ */

START_TEST(multiplies_the_rate_by_the_factor) {
    float p = 1.0F, gradient = 2.0F;
    snug_optimizer *optimizer = snug_sgd(0.5, 0.0);
    ck_assert(one_step(optimizer, 1, 0.25, &gradient, &p) == SNUG_OK);
    ck_assert(p == 0.75F);
    ck_assert_uint_eq(optimizer->t, 1);
    snug_optimizer_free(optimizer);
}
END_TEST

START_TEST(aligns_every_moment) {
    float p[5] = {0}, gradient[5] = {1, 2, 3, 4, 5};
    snug_optimizer *optimizer = snug_adam(0.125);
    ck_assert(one_step(optimizer, 5, 1.0, gradient, p) == SNUG_OK);
    ck_assert_uint_eq((uintptr_t)optimizer->moments % 64, 0);
    ck_assert_uint_eq(optimizer->stride % 16, 0);
    const float *second = optimizer->moments + optimizer->stride;
    for (size_t i = 0; i < 5; i++) {
        ck_assert_float_eq_tol(optimizer->moments[i], 0.1F * gradient[i], 1e-6F);
        ck_assert_float_eq_tol(second[i], 0.001F * gradient[i] * gradient[i], 1e-6F);
    }
    snug_optimizer_free(optimizer);
}
END_TEST

START_TEST(refuses_another_model) {
    float p[5] = {0}, gradient[5] = {1, 2, 3, 4, 5};
    snug_optimizer *optimizer = snug_sgd(1.0, 0.0);
    ck_assert(one_step(optimizer, 3, 1.0, gradient, p) == SNUG_OK);
    ck_assert(one_step(optimizer, 5, 1.0, gradient, p) == SNUG_ERROR_ARGUMENT);
    expect_location("the optimizer has the");
    ck_assert(p[0] == -1.0F && p[3] == 0.0F);
    ck_assert_uint_eq(optimizer->t, 1);
    snug_optimizer_free(optimizer);
}
END_TEST

START_TEST(refuses_more_than_fits_in_memory) {
    snug_optimizer *optimizer = snug_adam(0.001);
    ck_assert(one_step(optimizer, SIZE_MAX, 1.0, NULL, NULL) == SNUG_ERROR_MEMORY);
    ck_assert(one_step(optimizer, SIZE_MAX / 2, 1.0, NULL, NULL) == SNUG_ERROR_MEMORY);
    ck_assert_uint_eq(optimizer->t, 0);
    snug_optimizer_free(optimizer);
}
END_TEST

static const struct {
    const char *spec, *location;
} wrong[] = {
    {"{\"type\": \"sgd\", \"nesterov\": true}", "nesterov needs a momentum"},
    {"{\"type\": \"sgd\", \"nesterov\": true, \"momentum\": 0.5, \"dampening\": 0.5}",
     "nesterov needs a dampening"},
    {"{\"type\": \"sgd\", \"dampening\": 0.5}", "dampening needs a momentum"},
    {"{\"type\": \"rprop\", \"step_min\": 51}", "step_min must be at"},
    {"{\"type\": \"rprop\", \"eta_plus\": 1}", "eta_plus:"},
    {"{\"type\": \"sgd\", \"learning_rate\": -1}", "learning_rate:"},
    {"{\"type\": \"sgd\", \"momentum\": 1}", "momentum:"},
    {"{\"type\": \"adam\", \"epsilon\": 0}", "epsilon:"},
    {"{\"type\": \"adam\", \"beta_1\": 0.8}", "unknown key \"beta_1\""},
};

START_TEST(says_what_is_wrong) {
    snug_optimizer *optimizer = snug_optimizer_new(wrong[_i].spec);
    expect_location(wrong[_i].location);
    snug_fail(SNUG_ERROR_FILE, "something else");
    ck_assert_int_eq(snug_optimizer_status(optimizer), SNUG_ERROR_CONFIG);
    expect_location(wrong[_i].location);
    snug_optimizer_free(optimizer);
}
END_TEST

START_TEST(constructors_check_their_values) {
    snug_optimizer *sgd = snug_sgd(0.1, 1.0), *adam = snug_adam((double)NAN);
    ck_assert_int_eq(snug_optimizer_status(sgd), SNUG_ERROR_ARGUMENT);
    expect_location("sgd.momentum:");
    ck_assert_int_eq(snug_optimizer_status(adam), SNUG_ERROR_ARGUMENT);
    ck_assert_ptr_nonnull(strstr(snug_error(), "adam.learning_rate: must be"));
    snug_optimizer_free(sgd);
    snug_optimizer_free(adam);
    snug_optimizer_free(NULL);
}
END_TEST

/* ---- failing allocations --------------------------------------------------------------------- */

/* One step with Adam, when allocation number `fail_at` fails. */
static snug_status step_without(size_t fail_at) {
    float p[3] = {0}, gradient[3] = {1, 2, 3};
    failing_start(fail_at);
    snug_optimizer *optimizer = snug_adam(0.1);
    snug_status status = snug_optimizer_status(optimizer);
    bool made = status == SNUG_OK;
    if (made) {
        status = one_step(optimizer, 3, 1.0, gradient, p);
    }
    if (status != SNUG_OK) {
        ck_assert(p[0] == 0.0F && (!made || optimizer->t == 0));
    }
    snug_optimizer_free(optimizer);
    ck_assert_uint_eq(failing_stop(), 0);
    return status;
}

START_TEST(bears_every_failing_allocation) {
    size_t limit = 0;
    for (snug_status status; (status = step_without(limit)) != SNUG_OK; limit++) {
        ck_assert_int_eq(status, SNUG_ERROR_MEMORY);
    }
    ck_assert_uint_ge(limit, 4); /* object, configuration, optimizer, moments */
}
END_TEST

/* Where the power is left out it does not count: to the bit, on both sides of where that begins. */
START_TEST(running_means_converge) {
    static const double betas[] = {0.0, 0.5, 0.9, 0.999, 0.99999};
    for (size_t i = 0; i < sizeof betas / sizeof *betas; i++) {
        for (double steps = 0.5; steps < 90.0; steps += 0.25) {
            uint64_t t = 1 + (uint64_t)(steps / (1.0 - betas[i]));
            ck_assert_double_eq(snug_bias_correction(betas[i], t), 1.0 - pow(betas[i], (double)t));
        }
    }
    ck_assert_double_eq_tol(snug_bias_correction(0.75, 3), 1.0 - 0.421875, 1e-15);
    ck_assert_double_eq(snug_bias_correction(0.9, 401), 1.0);
}
END_TEST

static Suite *optim_suite(void) {
    Suite *suite = suite_create("optim");
    TCase *tests = tcase_create("optim");
    tcase_add_test(tests, has_a_case_for_each_trajectory);
    tcase_add_loop_test(tests, follows_the_golden_trajectory, 0, CASES);
    tcase_add_test(tests, every_kind_decreases_a_quadratic);
    tcase_add_test(tests, every_kind_steps_in_parts);
    tcase_add_test(tests, every_kind_leaves_what_has_no_gradient);
    tcase_add_test(tests, adam_bears_an_epsilon_that_float_does_not_know);
    tcase_add_test(tests, multiplies_the_rate_by_the_factor);
    tcase_add_test(tests, running_means_converge);
    tcase_add_test(tests, aligns_every_moment);
    tcase_add_test(tests, refuses_another_model);
    tcase_add_test(tests, refuses_more_than_fits_in_memory);
    tcase_add_loop_test(tests, says_what_is_wrong, 0, sizeof wrong / sizeof *wrong);
    tcase_add_test(tests, constructors_check_their_values);
    tcase_add_test(tests, bears_every_failing_allocation);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(optim_suite)
