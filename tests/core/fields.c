#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "json/json.h"
#include "json/json_print.h"
#include "kinds/field_value.h"
#include "kinds/fields.h"
#include "kinds/handles.h"
#include "kinds/object.h"
#include "support/errors.h"
#include "support/every.h"
#include "support/failing.h"
#include "support/suite.h"

static void setup(void) {
    ck_assert_int_eq(snug_register_layer(&every_kind), SNUG_OK);
}

static snug_object *read_at(snug_group group, const char *text, const char *path) {
    cJSON *json = snug_json_parse("x", text, strlen(text));
    snug_object *object = json != NULL ? snug_object_read(group, json, path) : NULL;
    cJSON_Delete(json);
    return object;
}

static void assert_written(const snug_object *object, const char *expected) {
    cJSON *json = snug_object_write(object);
    char *text = snug_json_print(json, false);
    ck_assert_str_eq(text, expected);
    snug_release(text);
    cJSON_Delete(json);
}

/* ---- messages ------------------------------------------------------------------------------- */

/* The configuration of {"type": "every", "units": 4, ...} at model.layers[2]. */
static const struct {
    const char *members, *location; /* the location after "model.layers[2]" */
} wrong[] = {
    {"\"rate\": -1", ".rate: must be at least 0 (got -1)"},
    {"\"rate\": 1", ".rate: must be below 1 (got 1)"},
    {"\"rate\": \"x\"", ".rate: must be a number (got a string)"},
    {"\"rate\": null", ".rate: must be a number (got null)"},
    {"\"slope\": 0", ".slope: must be below 0 (got 0)"},
    {"\"count\": 0", ".count: must be at least 1 (got 0)"},
    {"\"count\": -3", ".count: must be at least 1 (got -3)"},
    {"\"count\": 10", ".count: must be at most 9 (got 10)"},
    {"\"count\": 2.5", ".count: must be a whole number (got 2.5)"},
    {"\"count\": true", ".count: must be a whole number (got true)"},
    {"\"count\": 1e300", ".count: must be at most 9 (got 1e+300)"},
    {"\"units\": 0", ": the key \"units\" is given twice"},
    {"\"flag\": 1", ".flag: must be true or false (got a number)"},
    {"\"mode\": \"quick\"", ".mode: must be one of \"fast\", \"slow\", \"exact\" (got \"quick\")"},
    {"\"mode\": 1", ".mode: must be one of \"fast\", \"slow\", \"exact\" (got a number)"},
    {"\"label\": null", ".label: must be a string (got null)"},
    {"\"note\": \"\"", ".note: must be the name of a file (got \"\")"},
    {"\"note\": 3", ".note: must be the name of a file (got a number)"},
    {"\"tags\": 3", ".tags: must be a string or an array of strings (got a number)"},
    {"\"tags\": [\"a\", {}]", ".tags[1]: must be a string (got an object)"},
    {"\"init\": \"he_norml\"",
     ".init: unknown initializer \"he_norml\"; did you mean \"he_normal\"?"},
    {"\"init\": null",
     ".init: must be the name of one initializer or an object with \"type\" (got null)"},
    {"\"function\": {\"type\": \"elu\", \"alpha\": 0}", ".function.alpha: must be above 0 (got 0)"},
    {"\"function\": {\"alpha\": 1}", ".function: needs a \"type\", the name of one activation"},
    {"\"function\": {\"type\": 3}",
     ".function: \"type\" must be the name of one activation (got a number)"},
    {"\"layers\": {}", ".layers: must be an array of layers (got an object)"},
    {"\"layers\": [\"elu\", {\"type\": \"elu\", \"alfa\": 1}]",
     ".layers[1]: unknown key \"alfa\"; did you mean \"alpha\"?"},
    {"\"layers\": [\"dens\"]", ".layers[0]: unknown layer \"dens\"; did you mean \"dense\"?"},
    {"\"layers\": [\"seluu\"]", ".layers[0]: unknown layer \"seluu\"; did you mean \"selu\"?"},
    {"\"layers\": [\"dense\"]", ".layers[0].units: is required"},
    {"\"layers\": [7]",
     ".layers[0]: must be the name of one layer or an object with \"type\" (got a number)"},
    {"\"source\": 1", ".source: must be below 1 (got 1)"},
    {"\"source\": 0", ".source: must be above 0 (got 0)"},
    {"\"source\": \"\"", ".source: must be the name of a file (got \"\")"},
    {"\"source\": true", ".source: must be the name of a file, a fraction, or {\"images\": FILE, "
                         "\"labels\": FILE} or {\"features\": FILE, \"targets\": FILE} (got true)"},
    {"\"source\": {\"images\": \"i\"}", ".source.labels: is required"},
    {"\"source\": {\"images\": \"i\", \"labels\": 2}",
     ".source.labels: must be the name of a file (got a number)"},
    {"\"source\": {\"features\": \"f\", \"labels\": \"l\"}",
     ".source: unknown key \"labels\"; known are \"features\", \"targets\""},
    {"\"source\": {\"image\": \"i\"}", ".source: unknown key \"image\"; did you mean \"images\"?"},
    {"\"files\": 0.5", ".files: must be the name of a file, or {\"images\": FILE, \"labels\": "
                       "FILE} or {\"features\": "
                       "FILE, \"targets\": FILE} (got a number)"},
    {"\"watch\": 3", ".watch: must be an object or null (got a number)"},
    {"\"watch\": {\"turns\": 0}", ".watch.turns: must be at least 1 (got 0)"},
    {"\"watch\": {\"turns\": 13}", ".watch: turns must not be 13"},
    {"\"watch\": {\"wort\": \"a\"}", ".watch: unknown key \"wort\"; did you mean \"word\"?"},
    {"\"seed\": -1", ".seed: must be at least 0 (got -1)"},
    {"\"seed\": \"a\"", ".seed: must be a whole number (got a string)"},
    {"\"kept\": 1", ".kept: must be true or false (got a number)"},
    {"\"mark\": 3",
     ".mark: must be one character, or comma, semicolon, tab or space (got a number)"},
    {"\"mark\": \"\\\"\"",
     ".mark: must be one character, or comma, semicolon, tab or space (got \"\"\")"},
    {"\"mark\": \"tabs\"",
     ".mark: must be one character, or comma, semicolon, tab or space (got \"tabs\")"},
    {"\"point\": \";\"", ".point: must be one of \".\", \",\" (got \";\")"},
    {"\"point\": 1", ".point: must be one of \".\", \",\" (got a number)"},
    {"\"columns\": 3", ".columns: must be \"numeric\", \"categorical\" or an array of columns (got "
                       "a number)"},
    {"\"columns\": \"numerical\"", ".columns: must be \"numeric\", \"categorical\" or an array of "
                                   "columns (got \"numerical\")"},
    {"\"columns\": [0, -1]", ".columns[1]: must be a name or the number of a column, from 0"},
    {"\"columns\": [0.5]", ".columns[0]: must be a name or the number of a column, from 0"},
    {"\"columns\": [4, 1, 4]", ".columns: has column 4 twice"},
    {"\"columns\": [{\"column\": 1}]",
     ".columns[0]: must have the keys \"column\" and \"categories\""},
    {"\"columns\": [{\"column\": 1, \"categories\": 0}]",
     ".columns[0]: \"categories\" must be a whole number from 1 to 16777216"},
    {"\"shares\": 0.5", ".shares: must be an array of numbers or null (got a number)"},
    {"\"shares\": []", ".shares: must hold at least one number (got an empty array)"},
    {"\"shares\": [0.5, \"1\"]", ".shares: must be an array of numbers (got a string)"},
    {"\"shares\": [0.5, 1]", ".shares[1]: must be below 1 (got 1)"},
    {"\"unit\": 3", ": unknown key \"unit\"; did you mean \"units\"?"},
    {"\"mode\": \"fast\", \"rate\": 0.95", ": rate must be at most 0.9 where mode is \"fast\""},
};

START_TEST(wrong_values) {
    char text[512], expected[512];
    snprintf(text, sizeof text, "{\"type\": \"every\", \"units\": 4, %s}", wrong[_i].members);
    snprintf(expected, sizeof expected, "model.layers[2]%s", wrong[_i].location);
    failing_start(SIZE_MAX);
    snug_object *object = read_at(SNUG_GROUP_LAYER, text, "model.layers[2]");
    ck_assert_uint_eq(failing_stop(), 0);
    ck_assert_ptr_null(object);
    ck_assert_int_eq(snug_error_status(), SNUG_ERROR_CONFIG);
    if (strstr(expected, "is given twice") != NULL) {
        expect_location("x:");
    } else {
        expect_location(expected);
    }
}
END_TEST

START_TEST(wrong_units) {
    ck_assert_ptr_null(
        read_at(SNUG_GROUP_LAYER, "{\"type\": \"every\", \"units\": \"clases\"}", "a"));
    expect_location("a.units:");
    ck_assert_ptr_null(read_at(SNUG_GROUP_LAYER, "{\"type\": \"every\", \"units\": 1e17}", "a"));
    expect_location("a.units:");
    ck_assert_ptr_null(read_at(SNUG_GROUP_LAYER, "{\"type\": \"every\"}", "a"));
    expect_location("a.units:");
}
END_TEST

/* At the top, where the path is "", a location begins with the key or the fault. */
START_TEST(messages_at_the_top) {
    ck_assert_ptr_null(snug_object_parse(SNUG_GROUP_LAYER, "every"));
    expect_location("units:");
    ck_assert_ptr_null(
        snug_object_parse(SNUG_GROUP_ACTIVATION, " {\"type\": \"elu\", \"beta_0\": 1}"));
    expect_location("unknown key \"beta_0\"");
    ck_assert_ptr_null(snug_object_parse(SNUG_GROUP_ACTIVATION, "{\"type\": }"));
    expect_location("(string):1:10:");
    ck_assert_ptr_null(snug_object_parse(SNUG_GROUP_SCHEDULE, "zzzzzzzzzz"));
    ck_assert_ptr_eq(
        strstr(snug_error(), "unknown schedule \"zzzzzzzzzz\"; known are \"constant\""),
        snug_error());
    ck_assert_ptr_null(snug_object_parse(SNUG_GROUP_LOSS, NULL));
    ck_assert_int_eq(snug_error_status(), SNUG_ERROR_ARGUMENT);
    ck_assert_ptr_null(snug_object_parse(SNUG_GROUP_LOSS, ""));
}
END_TEST

/* ---- reading, writing, copying --------------------------------------------------------------- */

START_TEST(defaults) {
    snug_object *object =
        snug_object_parse(SNUG_GROUP_LAYER, "{\"type\": \"every\", \"units\": 6}");
    ck_assert_ptr_nonnull(object);
    const every_config *config = snug_object_config(object);
    ck_assert_ptr_eq(snug_object_kind(object), &every_kind.base);
    ck_assert_double_eq(config->rate, 0.5);
    ck_assert_double_eq(config->slope, -2);
    ck_assert_uint_eq(config->count, 3);
    ck_assert_uint_eq(config->units, 6);
    ck_assert(config->flag);
    ck_assert_int_eq(config->mode, 1);
    ck_assert_str_eq(config->label, "none");
    ck_assert_ptr_null(config->note);
    ck_assert_ptr_null(config->tags);
    ck_assert_uint_eq(config->seed, 7);
    ck_assert(!config->unkept);
    ck_assert_uint_eq(config->watch.turns, 0);
    ck_assert_str_eq(config->init->kind->name, "zeros");
    ck_assert_ptr_null(config->function);
    ck_assert_uint_eq(config->layers.count, 0);
    ck_assert_double_eq(config->source.fraction, 0);
    snug_object_free(object);
}
END_TEST

START_TEST(everything_comes_back) {
    snug_object *object = snug_object_parse(SNUG_GROUP_LAYER, every_spec);
    ck_assert_msg(object != NULL, "%s", snug_error());
    const every_config *config = snug_object_config(object);
    ck_assert_uint_eq(config->units, SNUG_UNITS_CLASSES);
    ck_assert_int_eq(config->mode, 2);
    ck_assert_str_eq(config->tags[1], "b");
    ck_assert_ptr_null(config->tags[2]);
    ck_assert_uint_eq(config->tag_count, 2);
    ck_assert_uint_eq(config->seed, (uint64_t)1 << 53);
    ck_assert(config->unkept);
    ck_assert_uint_eq(config->watch.turns, 2);
    ck_assert_str_eq(config->watch.word, "x");
    ck_assert_double_eq(config->source.fraction, 0.125);
    ck_assert_ptr_null(config->source.paths[0]);
    ck_assert_str_eq(config->files.paths[1], "l.idx");
    ck_assert_str_eq(config->layers.items[0]->kind->name, "activation");
    assert_written(object, every_spec);
    snug_object *copy = snug_object_copy(object);
    snug_object_free(object);
    assert_written(copy, every_spec);
    ck_assert_int_eq(snug_object_check(copy, "x"), SNUG_OK);
    snug_object_free(copy);
}
END_TEST

/* A value that is read twice is replaced, and a wrong one leaves the old. */
START_TEST(reading_replaces) {
    failing_start(SIZE_MAX);
    snug_object *object = snug_object_parse(SNUG_GROUP_LAYER, every_spec);
    cJSON *json = cJSON_Parse("{\"label\": \"m\", \"tags\": [\"c\"], \"init\": \"he_uniform\", "
                              "\"layers\": [\"tanh\"], \"source\": \"s.csv\", \"files\": null, "
                              "\"note\": null, \"function\": null, \"units\": 2, "
                              "\"watch\": {\"word\": \"y\"}}");
    ck_assert_int_eq(snug_fields_read(every_fields, object->config, json, "", NULL), SNUG_OK);
    cJSON_Delete(json);
    json = cJSON_Parse("{\"layers\": [\"elu\", 1], \"units\": 3}");
    ck_assert_int_eq(snug_fields_read(every_fields, object->config, json, "", NULL),
                     SNUG_ERROR_CONFIG);
    cJSON_Delete(json);
    const every_config *config = object->config;
    ck_assert_str_eq(config->label, "m");
    ck_assert_ptr_null(config->note);
    ck_assert_uint_eq(config->tag_count, 1);
    ck_assert_ptr_null(config->tags[1]);
    ck_assert_uint_eq(config->watch.turns, 4);
    ck_assert_str_eq(config->watch.word, "y");
    ck_assert_uint_eq(config->layers.count, 1);
    ck_assert_str_eq(config->source.paths[0], "s.csv");
    ck_assert_double_eq(config->source.fraction, 0);
    ck_assert_ptr_null(config->files.paths[0]);
    ck_assert_ptr_null(config->function);
    snug_object_free(object);
    ck_assert_uint_eq(failing_stop(), 0);
}
END_TEST

START_TEST(others_are_left_alone) {
    static const char *const others[] = {"extra", NULL};
    every_config config = {0};
    cJSON *json = cJSON_Parse("{\"units\": 3, \"extra\": []}");
    ck_assert_int_eq(snug_fields_default(every_fields, &config), SNUG_OK);
    ck_assert_int_eq(snug_fields_read(every_fields, &config, json, "", others), SNUG_OK);
    ck_assert_int_eq(snug_fields_read(every_fields, &config, json, "", NULL), SNUG_ERROR_CONFIG);
    snug_fields_free(every_fields, &config);
    cJSON_Delete(json);
}
END_TEST

/* ---- wrapping -------------------------------------------------------------------------------- */

START_TEST(layers_by_the_name_of_an_activation) {
    static const char *const specs[] = {"elu", "{\"type\": \"elu\"}",
                                        "{\"type\": \"activation\", \"function\": \"elu\"}"};
    for (int i = 0; i < 3; i++) {
        snug_object *layer = snug_object_parse(SNUG_GROUP_LAYER, specs[i]);
        ck_assert_msg(layer != NULL, "%s", snug_error());
        ck_assert_int_eq(layer->group, SNUG_GROUP_LAYER);
        ck_assert_str_eq(layer->kind->name, "activation");
        assert_written(layer, "{\"type\":\"elu\",\"alpha\":1}");
        snug_object_free(layer);
    }
    ck_assert_ptr_null(snug_object_parse(SNUG_GROUP_LAYER, "{\"type\": \"elu\", \"alpha\": -1}"));
    expect_location("alpha:");
}
END_TEST

/* ---- constructors ---------------------------------------------------------------------------- */

START_TEST(makes_an_object_of_typed_values) {
    snug_object *object =
        snug_object_make(SNUG_GROUP_ACTIVATION, "elu", SNUG_FIELDS(snug_number("alpha", 1.5)));
    assert_written(object, "{\"type\":\"elu\",\"alpha\":1.5}");
    snug_object_free(object);
    object = snug_object_make(SNUG_GROUP_LAYER, "every",
                              SNUG_FIELDS(snug_string("units", "classes"), snug_flag("flag", false),
                                          snug_string("mode", "slow")));
    const every_config *config = snug_object_config(object);
    ck_assert_uint_eq(config->units, SNUG_UNITS_CLASSES);
    ck_assert(!config->flag);
    ck_assert_int_eq(config->mode, 1);
    snug_object_free(object);
}
END_TEST

/* "every" with 2 units and one wrong value; nothing of it may be left. */
static void assert_not_made(snug_field_value value, const char *location) {
    failing_start(SIZE_MAX);
    ck_assert_ptr_null(
        snug_object_make(SNUG_GROUP_LAYER, "every", SNUG_FIELDS(snug_number("units", 2.0), value)));
    ck_assert_uint_eq(failing_stop(), 0);
    expect_location(location);
    ck_assert_int_eq(snug_error_status(), SNUG_ERROR_ARGUMENT);
}

START_TEST(refuses_wrong_values) {
    assert_not_made(snug_number("rate", NAN), "every.rate:");
    assert_not_made(snug_number("rate", 1), "every.rate:");
    assert_not_made(snug_number("count", 1.5), "every.count:");
    assert_not_made(snug_number("count", -INFINITY), "every.count:");
    assert_not_made(snug_string("mode", "fats"), "every.mode:");
    assert_not_made(snug_nested("init", "zeroes", NULL), "every.init:");
    assert_not_made(snug_nested("init", "constant", SNUG_FIELDS(snug_number("valeu", 1))),
                    "every.init:");
    assert_not_made(snug_number("rat", 0.5), "every:");
    assert_not_made(snug_number("units", 3), "every.units:");
    assert_not_made((snug_field_value){.name = "rate", .type = (snug_value_type)99}, "rate:");
    ck_assert_ptr_null(snug_object_make(SNUG_GROUP_LAYER, "every", NULL));
    expect_location("every.units:");
    ck_assert_ptr_null(
        snug_object_make(SNUG_GROUP_LAYER, "every",
                         SNUG_FIELDS(snug_number("units", 2), snug_string("mode", "fast"),
                                     snug_number("rate", 0.95))));
    expect_location("every:");
    ck_assert_ptr_null(snug_object_make(SNUG_GROUP_LAYER, "dens", NULL));
    expect_location("unknown layer \"dens\"; did you mean \"dense\"?");
    ck_assert_ptr_null(snug_object_make(SNUG_GROUP_LOSS, NULL, NULL));
    expect_location("there is no name of one loss: the pointer is NULL");
}
END_TEST

static void assert_wrong_type(snug_field_value value, const char *location) {
    snug_object *object =
        snug_object_make(SNUG_GROUP_LAYER, "every", SNUG_FIELDS(snug_number("units", 2.0), value));
    ck_assert_ptr_null(object);
    expect_location(location);
    ck_assert_int_eq(snug_error_status(), SNUG_ERROR_ARGUMENT);
}

START_TEST(refuses_values_of_a_wrong_type) {
    static const double numbers[] = {1, 2};
    static const char *const strings[] = {"a", "b", NULL};
    assert_wrong_type(snug_string("rate", "half"), "every.rate:");
    assert_wrong_type(snug_flag("rate", true), "every.rate:");
    assert_wrong_type(snug_number("flag", 1), "every.flag:");
    assert_wrong_type(snug_number("label", 2), "every.label:");
    assert_wrong_type(snug_number_list("rate", numbers, 2), "every.rate:");
    assert_wrong_type(snug_string_list("flag", strings), "every.flag:");
    assert_wrong_type(snug_nested("rate", "elu", NULL), "every.rate:");
    assert_wrong_type(snug_number("init", 2), "every.init:");
    assert_wrong_type(snug_nested_schedule("rate", snug_schedule_constant()), "every.rate:");
}
END_TEST

/* Layers and schedules belong to the constructor, whichever value it refuses. */
START_TEST(a_failure_frees_the_handles_in_the_values) {
    size_t before = snug_handle_count();
    failing_start(SIZE_MAX);
    snug_layer *layers[] = {snug_dense(2), snug_relu(), NULL};
    snug_layer *more[] = {snug_dense(0), snug_relu(), NULL};
    ck_assert_ptr_null(snug_object_make(
        SNUG_GROUP_LAYER, "residual",
        SNUG_FIELDS(snug_nested_layers("layers", more), snug_nested_layers("other", layers),
                    snug_nested("third", "elu",
                                SNUG_FIELDS(snug_nested_schedule("s", snug_schedule_cosine(3)))))));
    expect_location("dense.units: must be at least 1 (got 0)");
    ck_assert_ptr_null(snug_object_make(SNUG_GROUP_LAYER, "residual",
                                        SNUG_FIELDS(snug_nested_layers("layers", layers))));
    expect_location("a layer in the list");
    ck_assert_ptr_null(snug_object_make(SNUG_GROUP_LAYER, "residual",
                                        SNUG_FIELDS(snug_nested_layers("layers", NULL))));
    expect_location("residual.layers: must have at least one layer");
    ck_assert_ptr_null(
        snug_object_make(SNUG_GROUP_LOSS, "no such loss",
                         SNUG_FIELDS(snug_nested_layers("layers", SNUG_LAYERS(snug_dense(3))))));
    ck_assert_uint_eq(failing_stop(), 0);
    ck_assert_uint_eq(snug_handle_count(), before);
}
END_TEST

START_TEST(every_allocation_of_make_may_fail) {
    for (size_t allowed = 0;; allowed++) {
        failing_start(allowed);
        snug_object *object = snug_object_make(
            SNUG_GROUP_LAYER, "every",
            SNUG_FIELDS(snug_number("units", 2), snug_string("label", "x"),
                        snug_nested_layers("layers", SNUG_LAYERS(snug_dense(2), snug_selu())),
                        snug_nested("init", "normal", SNUG_FIELDS(snug_number("std", 0.5)))));
        snug_status status = object != NULL ? SNUG_OK : snug_error_status();
        snug_object_free(object);
        ck_assert_uint_eq(failing_stop(), 0);
        if (status == SNUG_OK) {
            ck_assert_uint_gt(allowed, 10);
            return;
        }
        ck_assert_int_eq(status, SNUG_ERROR_MEMORY);
    }
}
END_TEST

/* ---- out of memory --------------------------------------------------------------------------- */

/* Reads, copies and writes; returns the string, or NULL with everything freed. */
static char *round_trip(void) {
    char *text = NULL;
    snug_object *object = snug_object_parse(SNUG_GROUP_LAYER, every_spec);
    snug_object *copy = object != NULL ? snug_object_copy(object) : NULL;
    cJSON *json = NULL;
    if (copy != NULL && snug_object_check(copy, "layers[0]") == SNUG_OK) {
        json = snug_object_write(copy);
    }
    if (json != NULL) {
        text = snug_json_print(json, false);
    }
    cJSON_Delete(json);
    snug_object_free(copy);
    snug_object_free(object);
    return text;
}

START_TEST(every_allocation_may_fail) {
    char *text = NULL;
    size_t k = 0;
    for (; text == NULL; k++) {
        failing_start(k);
        text = round_trip();
        ck_assert_uint_ge(failing_calls(), k);
        if (text == NULL) {
            ck_assert_int_eq(snug_error_status(), SNUG_ERROR_MEMORY);
        } else {
            ck_assert_str_eq(text, every_spec);
        }
        snug_release(text);
        ck_assert_uint_eq(failing_stop(), 0);
    }
    ck_assert_uint_gt(k, 200);
}
END_TEST

/* A location may need memory, too. */
START_TEST(messages_without_memory) {
    static const char *const specs[] = {
        "{\"type\": \"every\", \"units\": 4, \"unit\": 1}", "{\"type\": \"evry\"}",
        "{\"type\": \"every\", \"layers\": [\"tanh\", {\"type\": \"elu\", \"alpha\": 0}]}"};
    for (int i = 0; i < 3; i++) {
        snug_status status = SNUG_ERROR_MEMORY;
        for (size_t k = 0; status != SNUG_ERROR_CONFIG; k++) {
            failing_start(k);
            ck_assert_ptr_null(snug_object_parse(SNUG_GROUP_LAYER, specs[i]));
            status = snug_error_status();
            ck_assert(status == SNUG_ERROR_MEMORY || status == SNUG_ERROR_CONFIG);
            ck_assert_uint_eq(failing_stop(), 0);
        }
    }
}
END_TEST

static Suite *fields_suite(void) {
    Suite *suite = suite_create("fields");
    TCase *tests = tcase_create("fields");
    tcase_add_checked_fixture(tests, setup, NULL);
    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, wrong_values, 0, (int)(sizeof wrong / sizeof *wrong));
    tcase_add_test(tests, wrong_units);
    tcase_add_test(tests, messages_at_the_top);
    tcase_add_test(tests, defaults);
    tcase_add_test(tests, everything_comes_back);
    tcase_add_test(tests, reading_replaces);
    tcase_add_test(tests, others_are_left_alone);
    tcase_add_test(tests, layers_by_the_name_of_an_activation);
    tcase_add_test(tests, makes_an_object_of_typed_values);
    tcase_add_test(tests, refuses_wrong_values);
    tcase_add_test(tests, refuses_values_of_a_wrong_type);
    tcase_add_test(tests, a_failure_frees_the_handles_in_the_values);
    tcase_add_test(tests, every_allocation_of_make_may_fail);
    tcase_add_test(tests, every_allocation_may_fail);
    tcase_add_test(tests, messages_without_memory);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(fields_suite)
