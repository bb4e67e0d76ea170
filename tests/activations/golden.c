/*
 * Every registered activation against its golden values, on every path of the CPU. A set of values
 * whose name is no activation's is left out; a new activation is met without a change here.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/memory.h"
#include "cpu/cpu.h"
#include "files/file.h"
#include "support.h"
#include "support/suite.h"

enum {
    MAX = 256,
    KINDS = 22, /* activations that must be met */
    SETS = 32   /* sets of golden values that must be met */
};

typedef struct golden {
    const char *name;
    char *spec;
    size_t n;
    float x[MAX], y[MAX], dydx[MAX];
} golden;

static cJSON *read_vectors(void) {
    size_t size = 0;
    char *text = snug_file_read(SNUG_TEST_DIR "/vectors/activations.json", &size);
    ck_assert_ptr_nonnull(text);
    cJSON *json = cJSON_ParseWithLength(text, size);
    ck_assert_ptr_nonnull(json);
    snug_release(text);
    return json;
}

static const cJSON *get(const cJSON *object, const char *key) {
    const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, key);
    ck_assert_msg(member != NULL, "the vectors lack \"%s\"", key);
    return member;
}

/* A number, or "inf", "-inf", "nan" as a text. */
static float number_of(const cJSON *value) {
    return cJSON_IsString(value) ? strtof(value->valuestring, NULL) : (float)value->valuedouble;
}

static size_t read_numbers(const cJSON *array, float *numbers) {
    size_t n = 0;
    const cJSON *value = NULL;
    cJSON_ArrayForEach(value, array) {
        ck_assert_uint_lt(n, MAX);
        numbers[n++] = number_of(value);
    }
    return n;
}

static bool has_field(const snug_kind *kind, const char *name) {
    const snug_field *field = kind->fields;
    while (field != NULL && field->kind != SNUG_FIELD_END) {
        if (strcmp(field->name, name) == 0) {
            return true;
        }
        field++;
    }
    return false;
}

/* An ELU whose slope is not 1 goes by the name of selu. */
static const char *name_of(const cJSON *set) {
    const char *name = get(set, "name")->valuestring;
    const cJSON *scale = cJSON_GetObjectItemCaseSensitive(get(set, "params"), "scale");
    bool scaled = cJSON_IsNumber(scale) && fabs(scale->valuedouble - 1.0) > 0.0;
    return strcmp(name, "elu") == 0 && scaled ? "selu" : name;
}

/* {"type": name, parameters that are its fields} */
static char *spec_of(const snug_kind *kind, const cJSON *params) {
    cJSON *json = cJSON_CreateObject();
    const cJSON *param = NULL;
    cJSON_AddStringToObject(json, "type", kind->name);
    cJSON_ArrayForEach(param, params) {
        if (has_field(kind, param->string)) {
            cJSON_AddItemToObject(json, param->string, cJSON_Duplicate(param, true));
        }
    }
    char *spec = cJSON_PrintUnformatted(json);
    cJSON_Delete(json);
    ck_assert_ptr_nonnull(spec);
    return spec;
}

/* Whether the set's name is that of an activation; the set is then read. */
static bool read_set(const cJSON *json, golden *set) {
    set->name = name_of(json);
    const snug_kind *kind = snug_kind_find(SNUG_GROUP_ACTIVATION, set->name);
    if (kind == NULL) {
        return false;
    }
    set->spec = spec_of(kind, get(json, "params"));
    set->n = read_numbers(get(get(json, "f32"), "x"), set->x);
    ck_assert_uint_eq(read_numbers(get(get(json, "f32"), "y"), set->y), set->n);
    ck_assert_uint_eq(read_numbers(get(get(json, "f32"), "dy"), set->dydx), set->n);
    return true;
}

/* ---- checks of one set ----------------------------------------------------------------------- */

static double limit_of(const golden *set) {
    return strcmp(set->name, "elu") == 0 || strcmp(set->name, "selu") == 0 ? 2.0 : 4.0;
}

static void check_near(const golden *set, const char *what, float got, size_t i, float expected,
                       double limit) {
    ck_assert_msg(ulp_between(got, expected) <= limit, "%s, %s: %s at %a is %a, not %a", set->spec,
                  snug_cpu_name(snug_cpu_path()), what, (double)set->x[i], (double)got,
                  (double)expected);
}

static void check_values(const golden *set, const snug_object *object) {
    float y[MAX], dydx[MAX];
    const void *config = snug_object_config(object);
    activation_kind(object)->forward(config, 1, set->n, set->x, y);
    activation_kind(object)->derivative(config, set->n, set->x, dydx);
    for (size_t i = 0; i < set->n; i++) {
        check_near(set, "the value", y[i], i, set->y[i], limit_of(set));
        if (!isnan(set->x[i])) {
            check_near(set, "the derivative", dydx[i], i, set->dydx[i], 2.0);
        }
    }
}

/* Backward of dy = 1 is the derivative, to ulps of its largest slope. */
static void check_backward(const golden *set, const snug_object *object) {
    const snug_activation_kind *kind = activation_kind(object);
    const void *config = snug_object_config(object);
    float y[MAX], dy[MAX], dx[MAX];
    double steepest = 0.0;
    for (size_t i = 0; i < set->n; i++) {
        dy[i] = 1.0F;
        steepest = isfinite(set->dydx[i]) ? fmax(steepest, fabs((double)set->dydx[i])) : steepest;
    }
    kind->forward(config, 1, set->n, set->x, y);
    kind->backward(config, 1, set->n, kind->flags & SNUG_READS_INPUT ? set->x : NULL,
                   kind->flags & SNUG_READS_OUTPUT ? y : NULL, dy, dx);
    for (size_t i = 0; i < set->n; i++) {
        double error = fabs((double)dx[i] - (double)set->dydx[i]);
        ck_assert_msg(isnan(set->x[i]) || error <= limit_of(set) * ulp_of(steepest),
                      "%s, %s: backward at %a is %a, not %a", set->spec,
                      snug_cpu_name(snug_cpu_path()), (double)set->x[i], (double)dx[i],
                      (double)set->dydx[i]);
    }
}

static void check_set(const golden *set) {
    snug_object *object = activation_new(set->spec);
    check_values(set, object);
    check_backward(set, object);
    snug_object_free(object);
}

START_TEST(every_registered_activation_has_its_golden_values) {
    snug_cpu_force((snug_cpu)_i);
    cJSON *vectors = read_vectors();
    const cJSON *json = NULL;
    golden set;
    int sets = 0;
    cJSON_ArrayForEach(json, get(vectors, "functions")) {
        if (read_set(json, &set)) {
            check_set(&set);
            cJSON_free(set.spec);
            sets++;
        }
    }
    cJSON_Delete(vectors);
    ck_assert_int_ge(sets, SETS);
}
END_TEST

/* No kind slips through: each of a single number has a set, and none is missing. */
START_TEST(every_kind_is_met) {
    cJSON *vectors = read_vectors();
    int kinds = 0;
    for (const snug_kind *kind; (kind = snug_kind_at(SNUG_GROUP_ACTIVATION, (size_t)kinds)) != NULL;
         kinds++) {
        /* The sweep compares exp with the C library's. */
        bool met = ((const snug_activation_kind *)kind)->derivative == NULL ||
                   strcmp(kind->name, "exp") == 0;
        const cJSON *json = NULL;
        cJSON_ArrayForEach(json, get(vectors, "functions")) {
            met = met || strcmp(name_of(json), kind->name) == 0;
        }
        ck_assert_msg(met, "%s has no golden values", kind->name);
    }
    cJSON_Delete(vectors);
    ck_assert_int_ge(kinds, KINDS);
}
END_TEST

/* ---- the worked example ---------------------------------------------------------------------- */

static void check_example(const cJSON *example, const char *spec, const char *y_key,
                          const char *dy_key) {
    float x[MAX], y[MAX], dydx[MAX], expected_y[MAX], expected_dydx[MAX];
    snug_object *object = activation_new(spec);
    size_t n = read_numbers(get(example, "x"), x);
    ck_assert_uint_eq(n, 6);
    ck_assert_uint_eq(read_numbers(get(example, y_key), expected_y), n);
    ck_assert_uint_eq(read_numbers(get(example, dy_key), expected_dydx), n);
    activation_kind(object)->forward(snug_object_config(object), 1, n, x, y);
    activation_kind(object)->derivative(snug_object_config(object), n, x, dydx);
    for (size_t i = 0; i < n; i++) {
        ck_assert_float_eq_tol(y[i], expected_y[i], 2e-7F * fmaxf(1.0F, fabsf(expected_y[i])));
        ck_assert_float_eq_tol(dydx[i], expected_dydx[i], 2e-7F);
    }
    snug_object_free(object);
}

START_TEST(the_worked_example_comes_out) {
    snug_cpu_force((snug_cpu)_i);
    cJSON *vectors = read_vectors();
    const cJSON *example = get(vectors, "worked_example");
    check_example(example, "elu", "y", "dy");
    check_example(example, "selu", "selu_y", "selu_dy");
    cJSON_Delete(vectors);
}
END_TEST

static Suite *golden_suite(void) {
    Suite *suite = suite_create("golden");
    TCase *tests = tcase_create("values");
    tcase_add_loop_test(tests, every_registered_activation_has_its_golden_values, 0,
                        SNUG_CPU_COUNT);
    tcase_add_test(tests, every_kind_is_met);
    tcase_add_loop_test(tests, the_worked_example_comes_out, 0, SNUG_CPU_COUNT);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(golden_suite)
