#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "core/spelling.h"
#include "core/status.h"
#include "kinds/field_macros.h"
#include "kinds/kind_check.h"
#include "kinds/kind_registry.h"
#include "kinds/object.h"
#include "support/errors.h"
#include "support/every.h"
#include "support/suite.h"

/* ---- complete examples, of which each test breaks one part --------------------------------- */

typedef struct swish_config {
    double beta;
    int mode;
} swish_config;

static const char *const modes[] = {"a", "b", NULL};

static const snug_field good_fields[] = {{.name = "beta",
                                          .help = "h",
                                          .kind = SNUG_FIELD_REAL,
                                          .offset = offsetof(swish_config, beta),
                                          .initial = 1,
                                          .min = 0,
                                          .max = 8},
                                         {.name = "mode",
                                          .help = "h",
                                          .kind = SNUG_FIELD_CHOICE,
                                          .offset = offsetof(swish_config, mode),
                                          .choices = modes},
                                         {.kind = SNUG_FIELD_END}};

static void forward(const void *config, size_t rows, size_t columns, const float *x, float *y) {
    (void)config, (void)rows, (void)columns, (void)x, (void)y;
}

static void backward(const void *config, size_t rows, size_t columns, const float *x,
                     const float *y, const float *dy, float *dx) {
    (void)config, (void)rows, (void)columns, (void)x, (void)y, (void)dy, (void)dx;
}

static double exact(const void *config, double x) {
    (void)config;
    return x;
}

static const snug_activation_kind swish = {
    .base = {.name = "swish_0",
             .summary = "an example",
             .fields = good_fields,
             .config_size = sizeof(swish_config)},
    .flags = SNUG_READS_INPUT,
    .forward = forward,
    .backward = backward,
};

static void assert_refused(const snug_activation_kind *kind, const char *location) {
    ck_assert_int_eq(snug_register_activation(kind), SNUG_ERROR_ARGUMENT);
    expect_location(location);
}

/* ---- descriptors ----------------------------------------------------------------------------- */

START_TEST(incomplete_activations) {
    snug_activation_kind kind = swish;
    assert_refused(NULL, "there is no activation to register:");
    kind.base.name = NULL;
    assert_refused(&kind, "activation:");
    kind.base.name = "Swish";
    assert_refused(&kind, "activation \"Swish\":");
    kind = swish, kind.base.summary = NULL;
    assert_refused(&kind, "activation \"swish_0\":");
    kind = swish, kind.forward = NULL;
    assert_refused(&kind, "activation \"swish_0\":");
    kind = swish, kind.backward = NULL;
    assert_refused(&kind, "activation \"swish_0\":");
    kind = swish, kind.flags = SNUG_IN_PLACE;
    assert_refused(&kind, "activation \"swish_0\":");
    kind = swish, kind.exact = exact;
    assert_refused(&kind, "activation \"swish_0\":");
    kind = swish, kind.exact_derivative = exact;
    assert_refused(&kind, "activation \"swish_0\":");
    kind = swish, kind.derivative = NULL, kind.exact = kind.exact_derivative = exact;
    assert_refused(&kind, "activation \"swish_0\": needs derivative()");
    ck_assert_ptr_null(snug_kind_lookup(SNUG_GROUP_ACTIVATION, "swish_0"));
}
END_TEST

/* Registers with the first field as given. */
static void assert_field_refused(snug_field field, const char *location) {
    const snug_field fields[] = {field, good_fields[1], {.kind = SNUG_FIELD_END}};
    snug_activation_kind kind = swish;
    kind.base.fields = fields;
    char expected[256];
    snprintf(expected, sizeof expected, "activation \"swish_0\": %s", location);
    assert_refused(&kind, expected);
}

START_TEST(wrong_fields) {
    snug_field f = good_fields[0];
    f.name = NULL;
    assert_field_refused(f, "field 0 needs a name");
    f.name = "be ta";
    assert_field_refused(f, "field \"be ta\": a name has lower-case letters, digits and "
                            "underscores, and begins with a letter");
    f.name = "type";
    assert_field_refused(f, "field \"type\": this key names the kind");
    f.name = "mode";
    assert_field_refused(f, "field \"mode\": there are two of that name");
    f = good_fields[0], f.help = "";
    assert_field_refused(f, "field \"beta\": needs one line of help");
    f = good_fields[0], f.kind = (snug_field_kind)77;
    assert_field_refused(f, "field \"beta\": 77 is no kind of field");
    f = good_fields[0], f.offset = sizeof(swish_config) - 4;
    assert_field_refused(f, "field \"beta\": it is outside of the 16 bytes of the configuration");
    f.offset = 4;
    assert_field_refused(f, "field \"beta\": its offset 4 does not suit its type");
    f = good_fields[0], f.initial = 9;
    assert_field_refused(f, "field \"beta\": its default: must be at most 8 (got 9)");
    f = good_fields[0], f.min = 8, f.open = SNUG_OPEN_MIN;
    assert_field_refused(f, "field \"beta\": its range is empty");
    f = good_fields[0], f.kind = SNUG_FIELD_SIZE, f.initial = -1, f.min = f.max = 0;
    assert_field_refused(f, "field \"beta\": its default: must be at least 0 (got -1)");
    f = good_fields[0], f.kind = SNUG_FIELD_CHOICE;
    assert_field_refused(f, "field \"beta\": needs choices");
    f.choices = modes, f.initial = 2;
    assert_field_refused(f, "field \"beta\": its default: must be the number of a choice, from 0 "
                            "to 1 (got 2)");
    f = good_fields[0], f.kind = SNUG_FIELD_CHARACTER, f.initial = '\n';
    assert_field_refused(f,
                         "field \"beta\": its default: must be the code of an ASCII character, no "
                         "quote and no end of a line (got 10)");
    static const char *const known[] = {"mode", NULL}, *const unknown[] = {"mood", NULL};
    f = good_fields[0], f.replaces = known;
    assert_field_refused(f, "field \"beta\": has .replaces without .optional");
    f.optional = true;
    assert_field_refused(f, "field \"beta\": has .replaces, and the kind no prepare()");
    f.replaces = unknown;
    assert_field_refused(f, "field \"beta\": .replaces names no field: \"mood\"");
    f = good_fields[0], f.kind = SNUG_FIELD_SIZE, f.replaces = known;
    assert_field_refused(f, "field \"beta\": has .replaces, which is for a real field");
    f = good_fields[0], f.kind = SNUG_FIELD_OBJECT, f.group = SNUG_GROUP_COUNT;
    assert_field_refused(f, "field \"beta\": needs a group in .group");
}
END_TEST

START_TEST(incomplete_layers) {
    snug_layer_kind kind = every_kind;
    kind.base.name = "broken";
    kind.plan = NULL;
    ck_assert_int_eq(snug_register_layer(&kind), SNUG_ERROR_ARGUMENT);
    expect_location("layer \"broken\":");
    kind.plan = every_kind.plan, kind.backward = NULL;
    ck_assert_int_eq(snug_register_layer(&kind), SNUG_ERROR_ARGUMENT);
    expect_location("layer \"broken\":");
    kind.backward = every_kind.backward, kind.block = "tags";
    ck_assert_int_eq(snug_register_layer(&kind), SNUG_ERROR_ARGUMENT);
    expect_location("layer \"broken\":");
    kind.block = "layers", kind.wraps = "nothing";
    ck_assert_int_eq(snug_register_layer(&kind), SNUG_ERROR_ARGUMENT);
    expect_location("layer \"broken\":");
    kind.wraps = NULL, kind.flags = 1U << 15;
    ck_assert_int_eq(snug_register_layer(&kind), SNUG_ERROR_ARGUMENT);
    expect_location("layer \"broken\":");
    kind.flags = SNUG_ROWWISE | SNUG_MIXES_ROWS;
    ck_assert_int_eq(snug_register_layer(&kind), SNUG_ERROR_ARGUMENT);
    expect_location("layer \"broken\":");
}
END_TEST

static void step(const void *config, size_t n, uint64_t t, double rate, const float *gradient,
                 float *parameters, float *const *moments) {
    (void)config, (void)n, (void)t, (void)rate, (void)gradient, (void)parameters, (void)moments;
}

static double evaluate(const void *config, size_t rows, size_t outputs, const float *z,
                       const snug_targets *targets, double scale, float *dz) {
    (void)config, (void)rows, (void)outputs, (void)z, (void)targets, (void)scale, (void)dz;
    return 0;
}

static void fill(const void *config, const snug_random *stream, size_t rows, size_t columns,
                 size_t fan_in, size_t fan_out, float *w) {
    (void)config, (void)stream, (void)rows, (void)columns, (void)fan_in, (void)fan_out, (void)w;
}

/* An optimizer whose weight decay is not where its descriptor has it. */
static void refuse_decays(void) {
    typedef struct decaying {
        double learning_rate, weight_decay;
    } decaying;
    static const snug_field fields[] = {
        SNUG_REAL_FIELD(decaying, learning_rate, 1, SNUG_AT_LEAST(0), "rate"),
        SNUG_REAL_FIELD(decaying, weight_decay, 0, SNUG_AT_LEAST(0), "decay"),
        SNUG_FIELDS_END,
    };
    snug_optimizer_kind kind = {.base = {.name = "broken",
                                         .summary = "s",
                                         .fields = fields,
                                         .config_size = sizeof(decaying)},
                                .step = step};
    ck_assert_int_eq(snug_register_optimizer(&kind), SNUG_ERROR_ARGUMENT);
    expect_location("optimizer \"broken\": .weight_decay is not the offset");
    kind.weight_decay = offsetof(decaying, weight_decay);
    ck_assert_int_eq(snug_kind_check(SNUG_GROUP_OPTIMIZER, &kind.base), SNUG_OK);
    const snug_field *rate_alone = (snug_field[]){fields[0], SNUG_FIELDS_END};
    kind.base.fields = rate_alone;
    ck_assert_int_eq(snug_register_optimizer(&kind), SNUG_ERROR_ARGUMENT);
    expect_location("optimizer \"broken\": .weight_decay is not the offset");
    kind.weight_decay = 0;
    kind.decoupled_decay = true;
    ck_assert_int_eq(snug_register_optimizer(&kind), SNUG_ERROR_ARGUMENT);
    expect_location("optimizer \"broken\": .decoupled_decay");
}

START_TEST(other_incomplete_kinds) {
    const snug_kind base = {.name = "broken", .summary = "s"};
    snug_loss_kind loss = {.base = base};
    ck_assert_int_eq(snug_register_loss(&loss), SNUG_ERROR_ARGUMENT);
    expect_location("loss \"broken\":");
    loss.evaluate = evaluate;
    ck_assert_int_eq(snug_register_loss(&loss), SNUG_ERROR_ARGUMENT);
    loss.targets = SNUG_TARGET_VALUES;
    ck_assert_int_eq(snug_register_loss(&loss), SNUG_ERROR_ARGUMENT);
    expect_location("loss \"broken\":");
    snug_optimizer_kind optimizer = {.base = base, .step = step, .moments = 9};
    ck_assert_int_eq(snug_register_optimizer(&optimizer), SNUG_ERROR_ARGUMENT);
    expect_location("optimizer \"broken\":");
    optimizer.moments = 8;
    ck_assert_int_eq(snug_register_optimizer(&optimizer), SNUG_ERROR_ARGUMENT);
    expect_location("optimizer \"broken\":");
    refuse_decays();
    const snug_schedule_kind schedule = {.base = base};
    ck_assert_int_eq(snug_register_schedule(&schedule), SNUG_ERROR_ARGUMENT);
    expect_location("schedule \"broken\":");
    const snug_init_kind init = {.base = base, .fill = fill};
    ck_assert_int_eq(snug_register_init(&init), SNUG_ERROR_ARGUMENT);
    expect_location("initializer \"broken\":");
}
END_TEST

/* Prediction calls the output's activation without a configuration: it must have no fields. */
START_TEST(losses_with_unusable_outputs_are_refused) {
    snug_loss_kind loss = {.base = {.name = "broken", .summary = "s"},
                           .evaluate = evaluate,
                           .targets = SNUG_TARGET_VALUES};
    loss.output = "sigmoyd";
    ck_assert_int_eq(snug_register_loss(&loss), SNUG_ERROR_ARGUMENT);
    expect_location("loss \"broken\": .output: unknown activation \"sigmoyd\"");
    loss.output = "elu"; /* has a field, if one with a default */
    ck_assert_int_eq(snug_register_loss(&loss), SNUG_ERROR_ARGUMENT);
    expect_location("loss \"broken\": .output: must be an activation without fields");
    loss.output = "identity";
    loss.single_output = "dense"; /* a kind of another group */
    ck_assert_int_eq(snug_register_loss(&loss), SNUG_ERROR_ARGUMENT);
    expect_location("loss \"broken\": .single_output: unknown activation \"dense\"");
    loss.single_output = "leaky_relu";
    ck_assert_int_eq(snug_register_loss(&loss), SNUG_ERROR_ARGUMENT);
    expect_location("loss \"broken\": .single_output: must be an activation without fields");
    loss.single_output = "sigmoid";
    ck_assert_int_eq(snug_kind_check(SNUG_GROUP_LOSS, &loss.base), SNUG_OK);
}
END_TEST

static double magnitude(const void *config, double error) {
    (void)config;
    return error;
}

START_TEST(a_scaled_loss_compares_values_as_they_are) {
    static const snug_range positive = {.min = 0, .max = 1e30};
    const snug_loss_kind good = {.base = {.name = "scaled", .summary = "s"},
                                 .evaluate = evaluate,
                                 .targets = SNUG_TARGET_VALUES,
                                 .output = "identity",
                                 .magnitude = magnitude};
    ck_assert_int_eq(snug_kind_check(SNUG_GROUP_LOSS, &good.base), SNUG_OK);
    snug_loss_kind loss = good;
    loss.output = "exp";
    ck_assert_int_eq(snug_kind_check(SNUG_GROUP_LOSS, &loss.base), SNUG_ERROR_ARGUMENT);
    expect_location("loss \"scaled\": has magnitude(), for which .output must be \"identity\"");
    loss = good;
    loss.single_output = "sigmoid";
    ck_assert_int_eq(snug_kind_check(SNUG_GROUP_LOSS, &loss.base), SNUG_ERROR_ARGUMENT);
    loss = good;
    loss.targets = SNUG_TARGET_CLASSES;
    ck_assert_int_eq(snug_kind_check(SNUG_GROUP_LOSS, &loss.base), SNUG_ERROR_ARGUMENT);
    expect_location("loss \"scaled\": has magnitude(), which is for target values of any size");
    loss = good;
    loss.values = &positive;
    ck_assert_int_eq(snug_kind_check(SNUG_GROUP_LOSS, &loss.base), SNUG_ERROR_ARGUMENT);
}
END_TEST

START_TEST(builtin_kinds_are_complete) {
    const snug_kind *kind;
    for (size_t g = 0; g < SNUG_GROUP_COUNT; g++) {
        ck_assert_ptr_nonnull(snug_kind_at((snug_group)g, 0));
        for (size_t i = 0; (kind = snug_kind_at((snug_group)g, i)) != NULL; i++) {
            ck_assert_msg(snug_kind_check((snug_group)g, kind) == SNUG_OK, "%s", snug_error());
            ck_assert_ptr_eq(snug_kind_find((snug_group)g, kind->name), kind);
        }
    }
}
END_TEST

/* ---- names ----------------------------------------------------------------------------------- */

START_TEST(registered_kind_is_found) {
    static snug_activation_kind kind, twin;
    kind = twin = swish;
    kind.base.name = twin.base.name = "swish_1";
    ck_assert_int_eq(snug_register_activation(&kind), SNUG_OK);
    ck_assert_int_eq(snug_register_activation(&kind), SNUG_OK);
    ck_assert_ptr_eq(snug_kind_find(SNUG_GROUP_ACTIVATION, "swish_1"), &kind.base);
    ck_assert_ptr_null(snug_kind_lookup(SNUG_GROUP_LAYER, "swish_1"));
    size_t count = 0, found = 0;
    for (const snug_kind *at; (at = snug_kind_at(SNUG_GROUP_ACTIVATION, count)) != NULL; count++) {
        found += at == &kind.base;
    }
    ck_assert_uint_eq(found, 1);
    assert_refused(&twin, "activation \"swish_1\":");
    twin.base.name = "elu";
    assert_refused(&twin, "activation \"elu\":");
    snug_object *layer = snug_object_parse(SNUG_GROUP_LAYER, "{\"type\":\"swish_1\",\"beta\":2}");
    ck_assert_msg(layer != NULL, "%s", snug_error());
    snug_object_free(layer);
}
END_TEST

START_TEST(unknown_names) {
    ck_assert_ptr_null(snug_kind_find(SNUG_GROUP_ACTIVATION, "sleu"));
    expect_location("unknown activation \"sleu\"");
    ck_assert_ptr_null(snug_kind_find(SNUG_GROUP_OPTIMIZER, "lbfgs_with_line_search"));
    ck_assert_ptr_eq(strstr(snug_error(), "unknown optimizer \"lbfgs_with_line_search\"; known are "
                                          "\"sgd\", \"adam\""),
                     snug_error());
    ck_assert_ptr_null(snug_kind_find(SNUG_GROUP_COUNT, "elu"));
    ck_assert_ptr_null(snug_kind_find(SNUG_GROUP_LOSS, NULL));
    ck_assert_ptr_null(snug_kind_at(SNUG_GROUP_COUNT, 0));
    ck_assert_str_eq(snug_group_name(SNUG_GROUP_LOSS), "losses");
    ck_assert_str_eq(snug_group_name(SNUG_GROUP_INIT), "inits");
}
END_TEST

START_TEST(nearest) {
    static const char *const names[] = {"units", "learning_rate", "momentum", "x"};
    ck_assert_str_eq(snug_nearest_name("unit", names, 4), "units");
    ck_assert_str_eq(snug_nearest_name("untis", names, 4), "units");
    ck_assert_str_eq(snug_nearest_name("learningrate", names, 4), "learning_rate");
    ck_assert_str_eq(snug_nearest_name("momentmu", names, 4), "momentum");
    ck_assert_ptr_null(snug_nearest_name("epochs", names, 4));
    ck_assert_ptr_null(snug_nearest_name("y", names, 4));
    ck_assert_ptr_null(snug_nearest_name("", names, 4));
    ck_assert_ptr_null(snug_nearest_name("units", names, 0));
    char longest[200];
    memset(longest, 'x', sizeof longest);
    longest[199] = 0;
    ck_assert_ptr_null(snug_nearest_name(longest, names, 4));
}
END_TEST

/* Capitals are no mistake, except between two names that differ in nothing else. */
START_TEST(nearest_in_capitals) {
    static const char *const names[] = {"elu", "adam", "selu", "adamw", "ID", "id", "leaky_relu"};
    ck_assert_str_eq(snug_nearest_name("Selu", names, 7), "selu");
    ck_assert_str_eq(snug_nearest_name("AdamW", names, 7), "adamw");
    ck_assert_str_eq(snug_nearest_name("ADAM", names, 7), "adam");
    ck_assert_str_eq(snug_nearest_name("LeakyReLU", names, 7), "leaky_relu");
    ck_assert_str_eq(snug_nearest_name("SLEU", names, 7), "selu");
    ck_assert_str_eq(snug_nearest_name("idd", names, 7), "id");
    ck_assert_str_eq(snug_nearest_name("IDD", names, 7), "ID");
}
END_TEST

/* ---- threads --------------------------------------------------------------------------------- */

enum { THREADS = 4, EACH = 50 };

static snug_activation_kind many[THREADS][EACH];
static char many_names[THREADS][EACH][16];

static void *register_many(void *number) {
    size_t t = *(const size_t *)number;
    for (size_t i = 0; i < EACH; i++) {
        many[t][i] = swish;
        snprintf(many_names[t][i], sizeof many_names[t][i], "many_%zu_%zu", t, i);
        many[t][i].base.name = many_names[t][i];
        if (snug_register_activation(&many[t][i]) != SNUG_OK) {
            return number;
        }
    }
    return NULL;
}

START_TEST(threads_register_at_once) {
    pthread_t threads[THREADS];
    size_t numbers[THREADS];
    for (size_t t = 0; t < THREADS; t++) {
        numbers[t] = t;
        ck_assert_int_eq(pthread_create(&threads[t], NULL, register_many, &numbers[t]), 0);
    }
    for (size_t t = 0; t < THREADS; t++) {
        void *failed;
        pthread_join(threads[t], &failed);
        ck_assert_ptr_null(failed);
    }
    for (size_t t = 0; t < THREADS; t++) {
        for (size_t i = 0; i < EACH; i++) {
            ck_assert_ptr_eq(snug_kind_lookup(SNUG_GROUP_ACTIVATION, many_names[t][i]),
                             &many[t][i].base);
        }
    }
}
END_TEST

static Suite *kinds_suite(void) {
    Suite *suite = suite_create("kinds");
    TCase *tests = tcase_create("kinds");
    tcase_add_test(tests, incomplete_activations);
    tcase_add_test(tests, wrong_fields);
    tcase_add_test(tests, incomplete_layers);
    tcase_add_test(tests, other_incomplete_kinds);
    tcase_add_test(tests, losses_with_unusable_outputs_are_refused);
    tcase_add_test(tests, a_scaled_loss_compares_values_as_they_are);
    tcase_add_test(tests, builtin_kinds_are_complete);
    tcase_add_test(tests, registered_kind_is_found);
    tcase_add_test(tests, unknown_names);
    tcase_add_test(tests, nearest);
    tcase_add_test(tests, nearest_in_capitals);
    tcase_add_test(tests, threads_register_at_once);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(kinds_suite)
