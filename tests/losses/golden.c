/*
 * Every registered loss against its golden values, on every path. The vectors' losses are means or
 * sums over all entries; ours are sums over the rows, which a factor brings together. Cases with
 * parameters that a loss has no such field for are left out.
 */
#include <math.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/memory.h"
#include "cpu/cpu.h"
#include "files/file.h"
#include "kinds/object.h"
#include "model/loss.h"
#include "support/suite.h"

enum { MAX_ROWS = 8, MAX_ENTRIES = 64, CASES = 18 /* cases that must be met */ };

typedef struct golden {
    const snug_loss_kind *kind;
    snug_object *object;
    size_t rows, outputs;
    float z[MAX_ENTRIES], values[MAX_ENTRIES];
    int32_t classes[MAX_ROWS];
    snug_targets targets;
    double loss, gradient[MAX_ENTRIES];
    double factor; /* golden loss = factor * sum over the rows of our losses */
} golden;

static const cJSON *get(const cJSON *object, const char *key) {
    const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, key);
    ck_assert_msg(member != NULL, "the vectors lack \"%s\"", key);
    return member;
}

static cJSON *read_vectors(void) {
    size_t size = 0;
    char *text = snug_file_read(SNUG_TEST_DIR "/vectors/losses.json", &size);
    ck_assert_ptr_nonnull(text);
    cJSON *json = cJSON_ParseWithLength(text, size);
    ck_assert_ptr_nonnull(json);
    snug_release(text);
    return json;
}

/* Reads rows x columns numbers; returns the count of columns. */
static size_t read_matrix(const cJSON *rows, double *numbers) {
    size_t n = 0;
    const cJSON *row = NULL, *value = NULL;
    cJSON_ArrayForEach(row, rows) {
        cJSON_ArrayForEach(value, row) {
            ck_assert_uint_lt(n, MAX_ENTRIES);
            numbers[n++] = value->valuedouble;
        }
    }
    return n / (size_t)cJSON_GetArraySize(rows);
}

static void to_floats(const double *from, size_t n, float *to) {
    for (size_t i = 0; i < n; i++) {
        to[i] = (float)from[i];
    }
}

static void read_targets(const cJSON *target, golden *set) {
    if (cJSON_IsArray(target->child)) {
        double values[MAX_ENTRIES] = {0};
        ck_assert_uint_eq(read_matrix(target, values), set->outputs);
        to_floats(values, set->rows * set->outputs, set->values);
        set->targets.values = set->values;
        return;
    }
    for (size_t r = 0; r < set->rows; r++) {
        set->classes[r] = (int32_t)cJSON_GetArrayItem(target, (int)r)->valuedouble;
    }
    set->targets.classes = set->classes;
}

/* Our name for the vectors' loss. */
static const char *name_of(const cJSON *json) {
    const char *name = get(json, "name")->valuestring;
    return strcmp(name, "bce_with_logits") == 0 ? "binary_cross_entropy" : name;
}

/* Our name for a parameter of the vectors; NULL for what is no field of a loss. */
static const char *field_of(const cJSON *param) {
    bool zero = cJSON_IsNumber(param) && fabs(param->valuedouble) <= 0.0;
    bool other = zero || cJSON_IsNull(param) || strcmp(param->string, "note") == 0 ||
                 strcmp(param->string, "reduction") == 0;
    if (other) {
        return NULL;
    }
    return strcmp(param->string, "class_weight") == 0 ? "class_weights" : param->string;
}

/* The loss of the case with its parameters; NULL when there is none. */
static snug_object *object_of(const cJSON *json) {
    cJSON *spec = cJSON_CreateObject();
    ck_assert_ptr_nonnull(cJSON_AddStringToObject(spec, "type", name_of(json)));
    const cJSON *param = NULL;
    cJSON_ArrayForEach(param, get(json, "params")) {
        if (field_of(param) != NULL) {
            cJSON_AddItemToObject(spec, field_of(param), cJSON_Duplicate(param, true));
        }
    }
    snug_object *object = snug_object_read(SNUG_GROUP_LOSS, spec, "loss");
    cJSON_Delete(spec);
    return object;
}

static bool read_case(const cJSON *json, golden *set) {
    double z[MAX_ENTRIES] = {0};
    memset(set, 0, sizeof *set);
    set->object = object_of(json);
    if (set->object == NULL) {
        return false;
    }
    set->kind = (const snug_loss_kind *)snug_object_kind(set->object);
    set->rows = (size_t)cJSON_GetArraySize(get(json, "pred"));
    ck_assert_uint_le(set->rows, MAX_ROWS);
    set->outputs = read_matrix(get(json, "pred"), z);
    to_floats(z, set->rows * set->outputs, set->z);
    read_targets(get(json, "target"), set);
    set->loss = get(json, "loss")->valuedouble;
    ck_assert_uint_eq(read_matrix(get(json, "grad_pred"), set->gradient), set->outputs);
    bool mean = strcmp(get(get(json, "params"), "reduction")->valuestring, "mean") == 0;
    /* A sum over entries, of a loss that is a mean over the outputs of a row. */
    double entries = set->targets.values != NULL ? (double)set->outputs : 1.0;
    double weight = snug_loss_weight(set->object, set->rows, &set->targets);
    set->factor = mean ? 1.0 / weight : entries;
    return true;
}

static void check_case(const golden *set) {
    float dz[MAX_ENTRIES];
    const void *config = snug_object_config(set->object);
    double sum = set->kind->evaluate(config, set->rows, set->outputs, set->z, &set->targets,
                                     set->factor, dz);
    ck_assert_double_eq_tol(set->factor * sum, set->loss, 5e-7 * fmax(1.0, fabs(set->loss)));
    for (size_t i = 0; i < set->rows * set->outputs; i++) {
        ck_assert_double_eq_tol((double)dz[i], set->gradient[i],
                                5e-7 * fmax(1.0, fabs(set->gradient[i])));
    }
    double alone =
        set->kind->evaluate(config, set->rows, set->outputs, set->z, &set->targets, 1.0, NULL);
    ck_assert_double_eq_tol(alone, sum, 1e-6 * fmax(1.0, fabs(sum)));
}

START_TEST(every_registered_loss_has_its_golden_values) {
    snug_cpu_force((snug_cpu)_i);
    cJSON *vectors = read_vectors();
    const cJSON *json = NULL;
    golden set;
    int cases = 0;
    cJSON_ArrayForEach(json, get(vectors, "cases")) {
        if (read_case(json, &set)) {
            check_case(&set);
            cases++;
        }
        snug_object_free(set.object);
    }
    cJSON_Delete(vectors);
    ck_assert_int_ge(cases, CASES);
}
END_TEST

/* The softmax that prediction applies, and its logarithm, which the loss of a class is minus. */
START_TEST(softmax_and_its_logarithm) {
    double z_rows[MAX_ENTRIES] = {0}, probabilities[MAX_ENTRIES] = {0}, logs[MAX_ENTRIES] = {0};
    snug_cpu_force((snug_cpu)_i);
    cJSON *vectors = read_vectors();
    const cJSON *softmax = get(vectors, "softmax");
    size_t rows = (size_t)cJSON_GetArraySize(get(softmax, "logits"));
    size_t outputs = read_matrix(get(softmax, "logits"), z_rows);
    (void)read_matrix(get(softmax, "probabilities"), probabilities);
    (void)read_matrix(get(softmax, "log_softmax"), logs);
    const snug_activation_kind *activation =
        (const snug_activation_kind *)snug_kind_find(SNUG_GROUP_ACTIVATION, "softmax");
    snug_object *object = snug_object_parse(SNUG_GROUP_LOSS, "softmax_cross_entropy");
    const snug_loss_kind *loss = (const snug_loss_kind *)snug_object_kind(object);
    float z[MAX_ENTRIES], p[MAX_ENTRIES];
    to_floats(z_rows, rows * outputs, z);
    activation->forward(NULL, rows, outputs, z, p);
    for (size_t i = 0; i < rows * outputs; i++) {
        int32_t class = (int32_t)(i % outputs);
        double minus_log =
            loss->evaluate(snug_object_config(object), 1, outputs, z + i / outputs * outputs,
                           &(snug_targets){.classes = &class}, 1.0, NULL);
        ck_assert_double_eq_tol((double)p[i], probabilities[i], 4e-7 * probabilities[i] + 1e-45);
        ck_assert_double_eq_tol(minus_log, -logs[i], 2e-7 * fmax(1.0, -logs[i]));
    }
    snug_object_free(object);
    cJSON_Delete(vectors);
}
END_TEST

static Suite *golden_suite(void) {
    Suite *suite = suite_create("golden");
    TCase *tests = tcase_create("values");
    tcase_add_loop_test(tests, every_registered_loss_has_its_golden_values, 0, SNUG_CPU_COUNT);
    tcase_add_loop_test(tests, softmax_and_its_logarithm, 0, SNUG_CPU_COUNT);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(golden_suite)
