/* Every registered loss: gradients, places, paths, extremes, and what each takes as targets. */
#include <math.h>
#include <string.h>

#include "cpu/cpu.h"
#include "kinds/handles.h"
#include "support/suite.h"

enum { MAX_ROWS = 9, MAX_OUTPUTS = 37, MAX_ENTRIES = MAX_ROWS * MAX_OUTPUTS };

/* Logits and targets of one shape; values are within [0, 1], which every loss takes. */
typedef struct batch {
    size_t rows, outputs;
    float z[MAX_ENTRIES], values[MAX_ENTRIES];
    int32_t classes[MAX_ROWS];
} batch;

static batch batch_of(size_t rows, size_t outputs) {
    batch b = {.rows = rows, .outputs = outputs};
    for (size_t i = 0; i < rows * outputs; i++) {
        b.z[i] = 3.0F * sinf(1.7F * (float)i + 0.4F);
        b.values[i] = 0.5F + 0.5F * sinf(2.3F * (float)i);
    }
    for (size_t r = 0; r < rows; r++) {
        b.classes[r] = (int32_t)((3 * r + 1) % (outputs == 1 ? 2 : outputs));
    }
    return b;
}

typedef struct subject {
    const snug_object *object;
    const snug_loss_kind *kind;
    unsigned target;
} subject;

static double evaluate(const subject *s, const batch *b, const float *z, double scale, float *dz) {
    snug_targets targets = {.classes = s->target == SNUG_TARGET_CLASSES ? b->classes : NULL,
                            .values = s->target == SNUG_TARGET_VALUES ? b->values : NULL};
    return s->kind->evaluate(snug_object_config(s->object), b->rows, b->outputs, z, &targets, scale,
                             dz);
}

typedef void check_fn(const subject *s, const batch *b);

/* One loss with each kind of target and several shapes. */
static void for_every_shape(const snug_object *object, check_fn *check) {
    static const size_t shapes[][2] = {{1, 2}, {3, 5}, {MAX_ROWS, 1}, {7, 4}, {4, MAX_OUTPUTS}};
    const snug_loss_kind *kind = (const snug_loss_kind *)snug_object_kind(object);
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        batch b = batch_of(shapes[i][0], shapes[i][1]);
        bool classes = strcmp(kind->output, "softmax") != 0 || kind->binary || b.outputs > 1;
        if (kind->targets & SNUG_TARGET_CLASSES && classes) {
            check(&(subject){object, kind, SNUG_TARGET_CLASSES}, &b);
        }
        if (kind->targets & SNUG_TARGET_VALUES) {
            check(&(subject){object, kind, SNUG_TARGET_VALUES}, &b);
        }
    }
}

/* What the walk adds to the defaults. */
static const char *const specs[] = {
    "{\"type\": \"huber\", \"delta\": 0.3}",
    "{\"type\": \"softmax_cross_entropy\", \"label_smoothing\": 0.2}",
    "{\"type\": \"binary_cross_entropy\", \"label_smoothing\": 0.2, \"pos_weight\": 1.7}",
    "{\"type\": \"quantile\", \"tau\": 0.9}",
    "{\"type\": \"quantile\", \"taus\": [0.2, 0.9]}",
    "{\"type\": \"focal\", \"gamma\": 0.5, \"alpha\": 0.7}",
    "{\"type\": \"focal\", \"gamma\": 0, \"alpha\": 0.9}",
};

/* Every registered loss. */
static void for_every_kind(check_fn *check) {
    size_t kinds = 0;
    for (const snug_kind *kind; (kind = snug_kind_at(SNUG_GROUP_LOSS, kinds)) != NULL; kinds++) {
        snug_object *object = snug_object_new(SNUG_GROUP_LOSS, kind);
        for_every_shape(object, check);
        snug_object_free(object);
    }
    ck_assert_uint_ge(kinds, 11);
    for (size_t i = 0; i < sizeof specs / sizeof *specs; i++) {
        snug_object *object = snug_object_parse(SNUG_GROUP_LOSS, specs[i]);
        ck_assert_msg(object != NULL, "%s", snug_error());
        for_every_shape(object, check);
        snug_object_free(object);
    }
}

/* ---- gradients ------------------------------------------------------------------------------- */

/* The central difference of the loss by z[i]. */
static double slope_at(const subject *s, const batch *b, size_t i, float step) {
    float z[MAX_ENTRIES];
    memcpy(z, b->z, sizeof z);
    z[i] = b->z[i] + step;
    double width = (double)z[i], above = evaluate(s, b, z, 1.0, NULL);
    z[i] = b->z[i] - step;
    width -= (double)z[i];
    return (above - evaluate(s, b, z, 1.0, NULL)) / width;
}

/* Whether a gradient is the difference over a wide or a narrow step; near a kink neither is. */
static bool agrees(const subject *s, const batch *b, size_t i, double gradient) {
    static const float steps[] = {1.0F / 64.0F, 1.0F / 512.0F};
    for (size_t k = 0; k < sizeof steps / sizeof *steps; k++) {
        double slope = slope_at(s, b, i, steps[k]);
        if (fabs(gradient - slope) <= fmax(1.5e-4, 3e-4 * fabs(slope))) {
            return true;
        }
    }
    return false;
}

static void check_gradient(const subject *s, const batch *b) {
    float dz[MAX_ENTRIES];
    double largest = 0.0, loss = evaluate(s, b, b->z, 0.3, dz);
    size_t kinks = 0, entries = b->rows * b->outputs;
    for (size_t i = 0; i < entries; i++) {
        kinks += !agrees(s, b, i, (double)dz[i] / 0.3);
        largest = fmax(largest, fabs((double)dz[i]));
    }
    ck_assert_msg(kinks <= entries / 32, "%s: %zu of %zu gradients differ", s->kind->base.name,
                  kinks, entries);
    ck_assert(largest > 1e-3 || loss <= 0.0); /* zeros would prove nothing */
}

START_TEST(gradients_are_central_differences) {
    snug_cpu_force((snug_cpu)_i);
    for_every_kind(check_gradient);
}
END_TEST

/* ---- places and paths ------------------------------------------------------------------------ */

static void check_in_place(const subject *s, const batch *b) {
    float dz[MAX_ENTRIES + 1], both[MAX_ENTRIES + 1];
    size_t n = b->rows * b->outputs;
    dz[n] = both[n] = 77.0F;
    memcpy(both, b->z, n * sizeof *both);
    double apart = evaluate(s, b, b->z, 0.7, dz);
    double together = evaluate(s, b, both, 0.7, both);
    ck_assert_double_eq(apart, together);
    ck_assert_int_eq(memcmp(dz, both, n * sizeof *dz), 0);
    ck_assert_float_eq(dz[n], 77.0F);
    ck_assert_float_eq(both[n], 77.0F);
}

START_TEST(the_gradient_may_overwrite_the_logits) {
    snug_cpu_force((snug_cpu)_i);
    for_every_kind(check_in_place);
}
END_TEST

static void check_paths(const subject *s, const batch *b) {
    float dz[MAX_ENTRIES], first[MAX_ENTRIES];
    snug_cpu_force(SNUG_CPU_PORTABLE);
    double loss = evaluate(s, b, b->z, 1.0, first);
    for (int path = 1; path < SNUG_CPU_COUNT; path++) {
        snug_cpu_force((snug_cpu)path);
        ck_assert_double_eq_tol(evaluate(s, b, b->z, 1.0, dz), loss, 1e-6 * fabs(loss) + 1e-12);
        for (size_t i = 0; i < b->rows * b->outputs; i++) {
            ck_assert_float_eq_tol(dz[i], first[i], 5e-7F);
        }
    }
}

START_TEST(paths_agree) {
    for_every_kind(check_paths);
}
END_TEST

static void check_nan(const subject *s, const batch *b) {
    batch with_nan = *b;
    float dz[MAX_ENTRIES];
    with_nan.z[b->outputs - 1] = NAN;
    ck_assert_double_nan(evaluate(s, &with_nan, with_nan.z, 1.0, NULL));
    ck_assert_double_nan(evaluate(s, &with_nan, with_nan.z, 1.0, dz));
    ck_assert_float_nan(dz[b->outputs - 1]);
}

START_TEST(nan_comes_through) {
    snug_cpu_force((snug_cpu)_i);
    for_every_kind(check_nan);
}
END_TEST

/* ---- one by one ------------------------------------------------------------------------------ */

/* The sum of losses with the defaults of the kind. */
static double plain(const char *name, size_t rows, size_t outputs, const float *z,
                    const snug_targets *targets, double scale, float *dz) {
    snug_object *object = snug_object_parse(SNUG_GROUP_LOSS, name);
    const snug_loss_kind *kind = (const snug_loss_kind *)snug_object_kind(object);
    double sum = kind->evaluate(snug_object_config(object), rows, outputs, z, targets, scale, dz);
    snug_object_free(object);
    return sum;
}

static const snug_loss_kind *find(const char *name) {
    const snug_kind *kind = snug_kind_find(SNUG_GROUP_LOSS, name);
    ck_assert_msg(kind != NULL, "%s: %s", name, snug_error());
    return (const snug_loss_kind *)kind;
}

START_TEST(mse_is_the_mean_over_outputs_and_the_sum_over_rows) {
    const float z[6] = {1.0F, 2.0F, 3.0F, -1.0F, 0.0F, 4.0F};
    const float t[6] = {0.0F, 2.0F, 5.0F, -1.0F, 3.0F, 4.0F};
    float dz[6];
    snug_targets targets = {.values = t};
    double sum = plain("mse", 2, 3, z, &targets, 0.5, dz);
    ck_assert_double_eq_tol(sum, (1.0 + 4.0) / 3.0 + 9.0 / 3.0, 1e-12);
    ck_assert_float_eq_tol(dz[0], 0.33333334F, 1e-7F);
    ck_assert_float_eq_tol(dz[2], -0.6666667F, 1e-7F);
    ck_assert_float_eq_tol(dz[4], -1.0F, 1e-7F);
}
END_TEST

START_TEST(cross_entropy_is_stable_at_large_logits) {
    const float z[6] = {1000.0F, -1000.0F, 0.0F, -1000.0F, 1000.0F, 999.0F};
    const int32_t classes[2] = {1, 1};
    float dz[6];
    snug_targets targets = {.classes = classes};
    snug_cpu_force((snug_cpu)_i);
    double sum = plain("softmax_cross_entropy", 2, 3, z, &targets, 1.0, dz);
    ck_assert_double_eq_tol(sum, 2000.0 + 0.31326168751822286, 1e-6);
    ck_assert_float_eq(dz[0], 1.0F);
    ck_assert_float_eq(dz[1], -1.0F);
    ck_assert_float_eq(dz[2], 0.0F);
    ck_assert_float_eq_tol(dz[4], -0.26894143F, 1e-7F);
}
END_TEST

/* The sum of many rows' logarithms is taken of their product, which must not overflow. */
START_TEST(cross_entropy_of_many_rows) {
    enum { ROWS = 5000, OUTPUTS = 3 };
    static float z[ROWS * OUTPUTS], dz[ROWS * OUTPUTS];
    static int32_t classes[ROWS];
    snug_targets targets = {.classes = classes};
    double expected = ROWS * log(3.0);
    ck_assert_double_eq_tol(plain("softmax_cross_entropy", ROWS, OUTPUTS, z, &targets, 1.0, dz),
                            expected, 1e-3);
    ck_assert_double_eq_tol(plain("softmax_cross_entropy", ROWS, OUTPUTS, z, &targets, 1.0, NULL),
                            expected, 1e-3);
}
END_TEST

/* Classes are values of 0 and 1: of the one output, or of the class's output. */
START_TEST(binary_cross_entropy_takes_classes_as_zeros_and_ones) {
    const float z[6] = {0.3F, -1.2F, 2.2F, 30.0F, -40.0F, 800.0F};
    const int32_t two[6] = {0, 1, 1, 1, 0, 1}, three[2] = {2, 0};
    const float two_values[6] = {0, 1, 1, 1, 0, 1}, three_values[6] = {0, 0, 1, 1, 0, 0};
    float dz[6], expected[6];
    snug_cpu_force((snug_cpu)_i);
    double sum = plain("binary_cross_entropy", 6, 1, z, &(snug_targets){.classes = two}, 1.0, dz);
    double same = plain("binary_cross_entropy", 6, 1, z, &(snug_targets){.values = two_values}, 1.0,
                        expected);
    ck_assert_double_eq_tol(sum, same, 1e-6);
    ck_assert_float_eq_tol(dz[3], -9.357623e-14F, 1e-19F); /* not lost to cancellation */
    for (int i = 0; i < 6; i++) {
        ck_assert_float_eq_tol(dz[i], expected[i], 1e-7F);
    }
    sum = plain("binary_cross_entropy", 2, 3, z, &(snug_targets){.classes = three}, 1.0, dz);
    same = plain("binary_cross_entropy", 2, 3, z, &(snug_targets){.values = three_values}, 1.0,
                 expected);
    ck_assert_double_eq_tol(sum, same, 1e-4);
    for (int i = 0; i < 6; i++) {
        ck_assert_float_eq_tol(dz[i], expected[i], 1e-7F);
    }
}
END_TEST

/* Finite at logits of 1000 on either side, but for Poisson's, whose expected count is infinite. */
static void check_extremes(const subject *s, const batch *b) {
    batch far = *b;
    float dz[MAX_ENTRIES];
    bool exponential = strcmp(s->kind->output, "exp") == 0;
    for (size_t i = 0; i < b->rows * b->outputs; i++) {
        far.z[i] = i % 3 == 0 || exponential ? -1000.0F : 1000.0F;
    }
    ck_assert(isfinite(evaluate(s, &far, far.z, 1.0, NULL)));
    ck_assert(isfinite(evaluate(s, &far, far.z, 1.0, dz)));
    for (size_t i = 0; i < b->rows * b->outputs; i++) {
        ck_assert(isfinite(dz[i]));
    }
}

START_TEST(losses_are_stable_at_large_logits) {
    snug_cpu_force((snug_cpu)_i);
    for_every_kind(check_extremes);
}
END_TEST

/* ---- descriptors and objects ----------------------------------------------------------------- */

START_TEST(fields_out_of_range_are_refused) {
    static const struct {
        const char *spec, *location;
    } wrong[] = {
        {"{\"type\": \"huber\", \"delta\": 0}", "delta:"},
        {"{\"type\": \"quantile\", \"tau\": 1}", "tau:"},
        {"{\"type\": \"quantile\", \"tau\": 0}", "tau:"},
        {"{\"type\": \"quantile\", \"taus\": [0.5, 1]}", "taus[1]: must be below 1 (got 1)"},
        {"{\"type\": \"quantile\", \"taus\": [0.5, 0.5]}", "taus: must rise"},
        {"{\"type\": \"focal\", \"gamma\": -1}", "gamma: must be at least 0 (got -1)"},
        {"{\"type\": \"focal\", \"alpha\": 1.5}", "alpha: must be below 1 (got 1.5)"},
        {"{\"type\": \"softmax_cross_entropy\", \"label_smoothing\": 1}", "label_smoothing:"},
        {"{\"type\": \"binary_cross_entropy\", \"pos_weight\": 0}", "pos_weight:"},
        {"{\"type\": \"softmax_cross_entropy\", \"class_weights\": \"even\"}",
         "class_weights: must be \"balanced\", an array of numbers or null (got \"even\")"},
        {"{\"type\": \"softmax_cross_entropy\", \"class_weights\": [1, 2.5, -3]}",
         "class_weights: weight 2 (from 0) must be above 0 (got -3)"},
        {"{\"type\": \"softmax_cross_entropy\", \"class_weights\": [1, null]}",
         "class_weights: must be an array of numbers (got null)"},
        {"{\"type\": \"softmax_cross_entropy\", \"class_weights\": []}",
         "class_weights: must hold a weight a class (got an empty array)"},
        {"{\"type\": \"mae\", \"delta\": 1}", "unknown key \"delta\"; known are \"type\""},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        ck_assert_ptr_null(snug_object_parse(SNUG_GROUP_LOSS, wrong[i].spec));
        ck_assert_msg(strstr(snug_error(), wrong[i].location) != NULL, "%s", snug_error());
    }
}
END_TEST

static void check_round_trip(const snug_object *object) {
    cJSON *json = snug_object_write(object);
    snug_object *again = snug_object_read(SNUG_GROUP_LOSS, json, "loss");
    ck_assert_msg(again != NULL, "%s", snug_error());
    cJSON *same = snug_object_write(again);
    ck_assert(cJSON_Compare(json, same, true));
    snug_object_free(again);
    cJSON_Delete(json);
    cJSON_Delete(same);
}

START_TEST(losses_come_back_from_json) {
    const snug_kind *kind;
    for (size_t i = 0; (kind = snug_kind_at(SNUG_GROUP_LOSS, i)) != NULL; i++) {
        snug_object *object = snug_object_new(SNUG_GROUP_LOSS, kind);
        check_round_trip(object);
        snug_object_free(object);
    }
    static const char *const weighted[] = {
        "{\"type\": \"binary_cross_entropy\", \"class_weights\": \"balanced\"}",
        "{\"type\": \"softmax_cross_entropy\", \"class_weights\": [0.1, 3, 0.7]}"};
    for (size_t i = 0; i < 2; i++) {
        snug_object *object = snug_object_parse(SNUG_GROUP_LOSS, weighted[i]);
        snug_object *copy = snug_object_copy(object);
        check_round_trip(copy);
        snug_object_free(object);
        snug_object_free(copy);
    }
    for (size_t i = 0; i < sizeof specs / sizeof *specs; i++) {
        snug_object *object = snug_object_parse(SNUG_GROUP_LOSS, specs[i]);
        check_round_trip(object);
        snug_object_free(object);
    }
}
END_TEST

START_TEST(losses_name_their_output_function_and_targets) {
    ck_assert_str_eq(find("mse")->output, "identity");
    ck_assert_str_eq(find("softmax_cross_entropy")->output, "softmax");
    ck_assert_str_eq(find("binary_cross_entropy")->output, "sigmoid");
    ck_assert_str_eq(find("poisson")->output, "exp");
    ck_assert_str_eq(find("hinge")->single_output, "sigmoid");
    ck_assert_uint_eq(find("focal")->targets, SNUG_TARGET_CLASSES);
    ck_assert_uint_eq(find("kl_divergence")->targets, SNUG_TARGET_VALUES);
    ck_assert_uint_eq(find("mse")->targets, SNUG_TARGET_VALUES);
    ck_assert_uint_eq(find("softmax_cross_entropy")->targets, SNUG_TARGET_CLASSES);
    ck_assert_uint_eq(find("binary_cross_entropy")->targets,
                      SNUG_TARGET_CLASSES | SNUG_TARGET_VALUES);
}
END_TEST

START_TEST(constructors_make_their_kind) {
    static const struct {
        snug_loss *(*make)(void);
        const char *name;
    } losses[] = {{snug_mse, "mse"},
                  {snug_softmax_cross_entropy, "softmax_cross_entropy"},
                  {snug_binary_cross_entropy, "binary_cross_entropy"}};
    for (size_t i = 0; i < sizeof losses / sizeof *losses; i++) {
        snug_loss *loss = losses[i].make();
        ck_assert_int_eq(snug_loss_status(loss), SNUG_OK);
        ck_assert_str_eq(((const snug_handle *)loss)->object->kind->name, losses[i].name);
        snug_loss_free(loss);
    }
}
END_TEST

static Suite *kinds_suite(void) {
    Suite *suite = suite_create("kinds");
    TCase *every = tcase_create("every kind");
    tcase_add_loop_test(every, gradients_are_central_differences, 0, SNUG_CPU_COUNT);
    tcase_add_loop_test(every, the_gradient_may_overwrite_the_logits, 0, SNUG_CPU_COUNT);
    tcase_add_test(every, paths_agree);
    tcase_add_loop_test(every, nan_comes_through, 0, SNUG_CPU_COUNT);
    suite_add_tcase(suite, every);
    TCase *single = tcase_create("one by one");
    tcase_add_test(single, mse_is_the_mean_over_outputs_and_the_sum_over_rows);
    tcase_add_loop_test(single, cross_entropy_is_stable_at_large_logits, 0, SNUG_CPU_COUNT);
    tcase_add_test(single, cross_entropy_of_many_rows);
    tcase_add_loop_test(single, binary_cross_entropy_takes_classes_as_zeros_and_ones, 0,
                        SNUG_CPU_COUNT);
    tcase_add_loop_test(single, losses_are_stable_at_large_logits, 0, SNUG_CPU_COUNT);
    tcase_add_test(single, fields_out_of_range_are_refused);
    tcase_add_test(single, losses_come_back_from_json);
    tcase_add_test(single, losses_name_their_output_function_and_targets);
    tcase_add_test(single, constructors_make_their_kind);
    suite_add_tcase(suite, single);
    return suite;
}

REGISTER_SUITE(kinds_suite)
