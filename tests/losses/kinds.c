/* Every registered loss: gradients, places, paths, extremes, and what each takes as targets. */
#include <math.h>
#include <string.h>

#include <snug/layer.h>

#include "core/object.h"
#include "math/cpu.h"
#include "suites.h"

enum { MAX_ROWS = 9, MAX_OUTPUTS = 37, MAX_ENTRIES = MAX_ROWS * MAX_OUTPUTS };

/* Logits and targets of one shape; values lie within [0, 1], which every loss takes. */
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

static double evaluate(const snug_loss_kind *kind, const batch *b, unsigned target, const float *z,
                       double scale, float *dz) {
    snug_targets targets = {.classes = target == SNUG_TARGET_CLASSES ? b->classes : NULL,
                            .values = target == SNUG_TARGET_VALUES ? b->values : NULL};
    return kind->evaluate(NULL, b->rows, b->outputs, z, &targets, scale, dz);
}

typedef void check_fn(const snug_loss_kind *kind, unsigned target, const batch *b);

/* Every loss without fields, each kind of target, several shapes; answers how many losses. */
static int for_every_kind(check_fn *check) {
    static const size_t shapes[][2] = {{1, 2}, {3, 5}, {MAX_ROWS, 1}, {7, 4}, {4, MAX_OUTPUTS}};
    int kinds = 0;
    for (const snug_kind *kind; (kind = snug_kind_at(SNUG_GROUP_LOSS, (size_t)kinds)) != NULL;
         kinds++) {
        const snug_loss_kind *loss = (const snug_loss_kind *)kind;
        for (size_t s = 0; s < sizeof shapes / sizeof *shapes && kind->fields == NULL; s++) {
            batch b = batch_of(shapes[s][0], shapes[s][1]);
            bool softmax = strcmp(loss->output, "softmax") == 0 && b.outputs < 2;
            if (loss->targets & SNUG_TARGET_CLASSES && !softmax) {
                check(loss, SNUG_TARGET_CLASSES, &b);
            }
            if (loss->targets & SNUG_TARGET_VALUES) {
                check(loss, SNUG_TARGET_VALUES, &b);
            }
        }
    }
    return kinds;
}

/* ---- gradients ------------------------------------------------------------------------------- */

static void check_gradient(const snug_loss_kind *kind, unsigned target, const batch *b) {
    const double scale = 0.3;
    const float step = 1.0F / 64.0F;
    float dz[MAX_ENTRIES], z[MAX_ENTRIES];
    double largest = 0.0;
    (void)evaluate(kind, b, target, b->z, scale, dz);
    memcpy(z, b->z, sizeof z);
    for (size_t i = 0; i < b->rows * b->outputs; i++) {
        z[i] = b->z[i] + step;
        double width = (double)z[i];
        double above = evaluate(kind, b, target, z, 1.0, NULL);
        z[i] = b->z[i] - step;
        width -= (double)z[i];
        double below = evaluate(kind, b, target, z, 1.0, NULL);
        z[i] = b->z[i];
        double expected = scale * (above - below) / width;
        ck_assert_msg(fabs((double)dz[i] - expected) <= 1e-4, "%s: gradient %g, not %g",
                      kind->base.name, (double)dz[i], expected);
        largest = fmax(largest, fabs((double)dz[i]));
    }
    ck_assert_double_gt(largest, 1e-3); /* zeros would prove nothing */
}

START_TEST(gradients_are_central_differences) {
    snug_cpu_force((snug_cpu)_i);
    ck_assert_int_ge(for_every_kind(check_gradient), 3);
}
END_TEST

/* ---- places and paths ------------------------------------------------------------------------ */

static void check_in_place(const snug_loss_kind *kind, unsigned target, const batch *b) {
    float dz[MAX_ENTRIES + 1], both[MAX_ENTRIES + 1];
    size_t n = b->rows * b->outputs;
    dz[n] = both[n] = 77.0F;
    memcpy(both, b->z, n * sizeof *both);
    double apart = evaluate(kind, b, target, b->z, 0.7, dz);
    double together = evaluate(kind, b, target, both, 0.7, both);
    ck_assert_double_eq(apart, together);
    ck_assert_int_eq(memcmp(dz, both, n * sizeof *dz), 0);
    ck_assert_float_eq(dz[n], 77.0F);
    ck_assert_float_eq(both[n], 77.0F);
}

START_TEST(the_gradient_may_lie_on_the_logits) {
    snug_cpu_force((snug_cpu)_i);
    ck_assert_int_ge(for_every_kind(check_in_place), 3);
}
END_TEST

static void check_paths(const snug_loss_kind *kind, unsigned target, const batch *b) {
    float dz[MAX_ENTRIES], first[MAX_ENTRIES];
    snug_cpu_force(SNUG_CPU_PORTABLE);
    double loss = evaluate(kind, b, target, b->z, 1.0, first);
    for (int path = 1; path < SNUG_CPUS; path++) {
        snug_cpu_force((snug_cpu)path);
        ck_assert_double_eq_tol(evaluate(kind, b, target, b->z, 1.0, dz), loss, 1e-6 * loss);
        for (size_t i = 0; i < b->rows * b->outputs; i++) {
            ck_assert_float_eq_tol(dz[i], first[i], 5e-7F);
        }
    }
}

START_TEST(paths_agree) {
    ck_assert_int_ge(for_every_kind(check_paths), 3);
}
END_TEST

static void check_nan(const snug_loss_kind *kind, unsigned target, const batch *b) {
    batch with_nan = *b;
    float dz[MAX_ENTRIES];
    with_nan.z[b->outputs - 1] = NAN;
    ck_assert_double_nan(evaluate(kind, &with_nan, target, with_nan.z, 1.0, NULL));
    ck_assert_double_nan(evaluate(kind, &with_nan, target, with_nan.z, 1.0, dz));
    ck_assert_float_nan(dz[b->outputs - 1]);
}

START_TEST(nan_comes_through) {
    snug_cpu_force((snug_cpu)_i);
    ck_assert_int_ge(for_every_kind(check_nan), 3);
}
END_TEST

/* ---- one by one ------------------------------------------------------------------------------ */

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
    double sum = find("mse")->evaluate(NULL, 2, 3, z, &targets, 0.5, dz);
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
    double sum = find("softmax_cross_entropy")->evaluate(NULL, 2, 3, z, &targets, 1.0, dz);
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
    const snug_loss_kind *loss = find("softmax_cross_entropy");
    double expected = ROWS * log(3.0);
    ck_assert_double_eq_tol(loss->evaluate(NULL, ROWS, OUTPUTS, z, &targets, 1.0, dz), expected,
                            1e-3);
    ck_assert_double_eq_tol(loss->evaluate(NULL, ROWS, OUTPUTS, z, &targets, 1.0, NULL), expected,
                            1e-3);
}
END_TEST

/* Classes are values of 0 and 1: of the one output, or of the class's output. */
START_TEST(binary_cross_entropy_takes_classes_as_zeros_and_ones) {
    const snug_loss_kind *loss = find("binary_cross_entropy");
    const float z[6] = {0.3F, -1.2F, 2.2F, 30.0F, -40.0F, 800.0F};
    const int32_t two[6] = {0, 1, 1, 1, 0, 1}, three[2] = {2, 0};
    const float two_values[6] = {0, 1, 1, 1, 0, 1}, three_values[6] = {0, 0, 1, 1, 0, 0};
    float dz[6], expected[6];
    snug_cpu_force((snug_cpu)_i);
    double sum = loss->evaluate(NULL, 6, 1, z, &(snug_targets){.classes = two}, 1.0, dz);
    double same =
        loss->evaluate(NULL, 6, 1, z, &(snug_targets){.values = two_values}, 1.0, expected);
    ck_assert_double_eq_tol(sum, same, 1e-6);
    ck_assert_float_eq_tol(dz[3], -9.357623e-14F, 1e-19F); /* not lost to cancellation */
    for (int i = 0; i < 6; i++) {
        ck_assert_float_eq_tol(dz[i], expected[i], 1e-7F);
    }
    sum = loss->evaluate(NULL, 2, 3, z, &(snug_targets){.classes = three}, 1.0, dz);
    same = loss->evaluate(NULL, 2, 3, z, &(snug_targets){.values = three_values}, 1.0, expected);
    ck_assert_double_eq_tol(sum, same, 1e-4);
    for (int i = 0; i < 6; i++) {
        ck_assert_float_eq_tol(dz[i], expected[i], 1e-7F);
    }
}
END_TEST

START_TEST(losses_name_their_output_function_and_targets) {
    ck_assert_str_eq(find("mse")->output, "identity");
    ck_assert_str_eq(find("softmax_cross_entropy")->output, "softmax");
    ck_assert_str_eq(find("binary_cross_entropy")->output, "sigmoid");
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
        ck_assert_ptr_nonnull(loss);
        ck_assert_str_eq(snug_object_kind((const snug_object *)loss)->name, losses[i].name);
        snug_loss_free(loss);
    }
}
END_TEST

Suite *kinds_suite(void) {
    Suite *suite = suite_create("kinds");
    TCase *every = tcase_create("every kind");
    tcase_add_loop_test(every, gradients_are_central_differences, 0, SNUG_CPUS);
    tcase_add_loop_test(every, the_gradient_may_lie_on_the_logits, 0, SNUG_CPUS);
    tcase_add_test(every, paths_agree);
    tcase_add_loop_test(every, nan_comes_through, 0, SNUG_CPUS);
    suite_add_tcase(suite, every);
    TCase *single = tcase_create("one by one");
    tcase_add_test(single, mse_is_the_mean_over_outputs_and_the_sum_over_rows);
    tcase_add_loop_test(single, cross_entropy_is_stable_at_large_logits, 0, SNUG_CPUS);
    tcase_add_test(single, cross_entropy_of_many_rows);
    tcase_add_loop_test(single, binary_cross_entropy_takes_classes_as_zeros_and_ones, 0, SNUG_CPUS);
    tcase_add_test(single, losses_name_their_output_function_and_targets);
    tcase_add_test(single, constructors_make_their_kind);
    suite_add_tcase(suite, single);
    return suite;
}
