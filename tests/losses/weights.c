/* Weights of rows and classes, and smoothed labels, against formulas in double. */
#include <math.h>
#include <string.h>

#include "cpu/cpu.h"
#include "kinds/object.h"
#include "model/loss.h"
#include "support/errors.h"
#include "support/suite.h"

enum { ROWS = 5, OUTPUTS = 3, ENTRIES = ROWS * OUTPUTS };

static const float z_values[ENTRIES] = {0.7F,  -1.9F, 0.125F, 3.5F,  1.0F,  -0.3F, -2.5F, 0.4F,
                                        2.25F, 0.6F,  0.9F,   -1.1F, -0.2F, 1.7F,  0.8F};
static const float t_values[ENTRIES] = {0.2F, 0.6F, 0.2F,  0.5F, 0.25F, 0.25F, 0,   0.875F,
                                        0.1F, 1,    0.75F, 0.3F, 0.4F,  0.1F,  0.5F};
static const int32_t classes[ROWS] = {2, 0, 1, 1, 0}, two[ROWS] = {1, 0, 0, 1, 1};

static snug_object *loss_of(const char *spec) {
    snug_object *loss = snug_object_parse(SNUG_GROUP_LOSS, spec);
    ck_assert_msg(loss != NULL, "%s", snug_error());
    return loss;
}

/* The losses with the gradient of their mean. */
static snug_loss_sum evaluate(const snug_object *loss, size_t rows, size_t outputs, const float *z,
                              const snug_targets *targets, float *dz) {
    snug_loss_sum sum = {.weight = snug_loss_weight(loss, rows, targets)};
    sum.sum = snug_loss_evaluate(loss, rows, outputs, z, targets,
                                 sum.weight > 0 ? 1 / sum.weight : 1, dz);
    return sum;
}

/* ---- rows ------------------------------------------------------------------------------------ */

/* Row 0 twice, row 1 not at all, row 2 once, row 3 three times, row 4 once. */
static const float row_weights[ROWS] = {2, 0, 1, 3, 1};
static const size_t repeated[] = {0, 0, 2, 3, 3, 3, 4};
enum { REPEATED = sizeof repeated / sizeof *repeated };

typedef struct batch {
    float z[REPEATED * OUTPUTS], values[REPEATED * OUTPUTS];
    int32_t classes[REPEATED];
} batch;

static batch repeat(size_t outputs, const int32_t *from) {
    batch b;
    for (size_t i = 0; i < REPEATED; i++) {
        memcpy(b.z + i * outputs, z_values + repeated[i] * outputs, outputs * sizeof(float));
        memcpy(b.values + i * outputs, t_values + repeated[i] * outputs, outputs * sizeof(float));
        b.classes[i] = from[repeated[i]];
    }
    return b;
}

/* The loss of weighed rows is that of the rows as often as they weigh, and so are the gradients. */
static void check_rows(const snug_object *loss, size_t outputs, bool by_class) {
    const int32_t *from = outputs == 1 ? two : classes;
    batch b = repeat(outputs, from);
    float z[ENTRIES], dz[ENTRIES], expected[REPEATED * OUTPUTS], added[ENTRIES] = {0};
    snug_targets targets = {.classes = by_class ? from : NULL,
                            .values = by_class ? NULL : t_values,
                            .weights = row_weights};
    snug_targets plain = {.classes = by_class ? b.classes : NULL,
                          .values = by_class ? NULL : b.values};
    memcpy(z, z_values, sizeof z);
    z[outputs] = NAN; /* row 1 weighs nothing: what it holds must not matter */
    snug_loss_sum got = evaluate(loss, ROWS, outputs, z, &targets, dz);
    snug_loss_sum want = evaluate(loss, REPEATED, outputs, b.z, &plain, expected);
    ck_assert_double_eq_tol(got.weight, want.weight, 1e-12 * want.weight);
    ck_assert_double_eq_tol(got.sum, want.sum, 1e-6 * fabs(want.sum) + 1e-12);
    for (size_t i = 0; i < REPEATED; i++) {
        for (size_t j = 0; j < outputs; j++) {
            added[repeated[i] * outputs + j] += expected[i * outputs + j];
        }
    }
    for (size_t i = 0; i < ROWS * outputs; i++) {
        ck_assert_float_eq_tol(dz[i], added[i], 3e-7F);
    }
}

static void check_every_target(const snug_object *loss) {
    const snug_loss_kind *kind = (const snug_loss_kind *)snug_object_kind(loss);
    for (size_t outputs = 1; outputs <= OUTPUTS; outputs += 2) {
        if (kind->targets & SNUG_TARGET_CLASSES && (outputs > 1 || kind->binary)) {
            check_rows(loss, outputs, true);
        }
        if (kind->targets & SNUG_TARGET_VALUES) {
            check_rows(loss, outputs, false);
        }
    }
}

START_TEST(a_row_counts_as_often_as_it_weighs) {
    size_t kinds = 0;
    snug_cpu_force((snug_cpu)_i);
    for (const snug_kind *kind; (kind = snug_kind_at(SNUG_GROUP_LOSS, kinds)) != NULL; kinds++) {
        snug_object *loss = snug_object_new(SNUG_GROUP_LOSS, kind);
        check_every_target(loss);
        snug_object_free(loss);
    }
    ck_assert_uint_ge(kinds, 11);
}
END_TEST

START_TEST(rows_and_classes_weigh_together) {
    snug_object *three = loss_of("{\"type\": \"softmax_cross_entropy\", \"label_smoothing\": 0.1, "
                                 "\"class_weights\": [0.5, 2, 3.25]}");
    snug_object *binary = loss_of("{\"type\": \"binary_cross_entropy\", \"class_weights\": [0.3, "
                                  "1.9]}");
    check_rows(three, 3, true);
    check_rows(binary, 1, true);
    snug_object_free(three);
    snug_object_free(binary);
}
END_TEST

START_TEST(a_batch_that_weighs_nothing_is_still) {
    const float none[2] = {0, 0}, t[2] = {5, 6};
    float z[2] = {1, 2};
    snug_object *loss = loss_of("mse");
    snug_loss_sum sum = evaluate(loss, 2, 1, z, &(snug_targets){.values = t, .weights = none}, z);
    ck_assert_double_eq(snug_loss_mean(&sum), 0);
    ck_assert_float_eq(z[0], 0);
    ck_assert_float_eq(z[1], 0);
    snug_object_free(loss);
}
END_TEST

/* ---- classes and smoothed labels ------------------------------------------------------------- */

/* The mean of PyTorch's CrossEntropyLoss with weight and label_smoothing, and its slope. */
static double softmax_formula(const double *w, double e, double slope[ENTRIES]) {
    double sum = 0, total = 0;
    for (int r = 0; r < ROWS; r++) {
        total += w[classes[r]];
    }
    for (int r = 0; r < ROWS; r++) {
        const float *z = z_values + (size_t)r * OUTPUTS;
        double partition = 0, target[OUTPUTS], mass = 0;
        for (int j = 0; j < OUTPUTS; j++) {
            partition += exp((double)z[j]);
            target[j] = w[j] * ((j == classes[r] ? 1 - e : 0) + e / OUTPUTS) / total;
            mass += target[j];
        }
        for (int j = 0; j < OUTPUTS; j++) {
            double p = exp((double)z[j]) / partition;
            sum -= target[j] * log(p);
            slope[r * OUTPUTS + j] = p * mass - target[j];
        }
    }
    return sum;
}

static void check_softmax(const char *spec, const double *w, double e) {
    double slope[ENTRIES], expected = softmax_formula(w, e, slope);
    float dz[ENTRIES];
    snug_object *loss = loss_of(spec);
    snug_targets targets = {.classes = classes};
    snug_loss_sum sum = evaluate(loss, ROWS, OUTPUTS, z_values, &targets, dz);
    ck_assert_double_eq_tol(snug_loss_mean(&sum), expected, 5e-7);
    for (int i = 0; i < ENTRIES; i++) {
        ck_assert_double_eq_tol((double)dz[i], slope[i], 2e-7);
    }
    snug_object_free(loss);
}

START_TEST(softmax_cross_entropy_has_pytorchs_formula) {
    const double ones[] = {1, 1, 1}, w[] = {0.4, 2.5, 1.3};
    snug_cpu_force((snug_cpu)_i);
    check_softmax("softmax_cross_entropy", ones, 0);
    check_softmax("{\"type\": \"softmax_cross_entropy\", \"label_smoothing\": 0.3}", ones, 0.3);
    check_softmax("{\"type\": \"softmax_cross_entropy\", \"class_weights\": [0.4, 2.5, 1.3]}", w,
                  0);
    check_softmax("{\"type\": \"softmax_cross_entropy\", \"label_smoothing\": 0.15, "
                  "\"class_weights\": [0.4, 2.5, 1.3]}",
                  w, 0.15);
}
END_TEST

/* The mean over all outputs of the entropies of smoothed targets; a row weighs as its class. */
static void check_binary(size_t outputs, const double *w) {
    const int32_t *class_of = outputs == 1 ? two : classes;
    const double e = 0.2, positive = 1.7;
    double total = 0, expected = 0;
    float dz[ENTRIES];
    char spec[160] = "{\"type\": \"binary_cross_entropy\", \"label_smoothing\": 0.2, "
                     "\"pos_weight\": 1.7, \"class_weights\": [0.4, 2.5, 1.3]}";
    if (outputs == 1) {
        memcpy(strstr(spec, ", 1.3]"), "]}", 3);
    }
    snug_object *loss = loss_of(spec);
    snug_targets targets = {.classes = class_of};
    snug_loss_sum sum = evaluate(loss, ROWS, outputs, z_values, &targets, dz);
    for (size_t r = 0; r < ROWS; r++) {
        total += w[class_of[r]];
    }
    for (size_t i = 0; i < ROWS * outputs; i++) {
        int32_t class = class_of[i / outputs];
        bool hit = outputs == 1 ? class == 1 : (size_t)class == i % outputs;
        double t = (hit ? 1 - e : 0) + e / 2, p = 1 / (1 + exp(-(double)z_values[i]));
        double share = w[class] / total / (double)outputs;
        expected -= share * (positive * t * log(p) + (1 - t) * log(1 - p));
        ck_assert_double_eq_tol((double)dz[i], share * ((1 - t) * p - positive * t * (1 - p)),
                                2e-7);
    }
    ck_assert_double_eq_tol(snug_loss_mean(&sum), expected, 5e-7);
    snug_object_free(loss);
}

START_TEST(binary_cross_entropy_has_its_formula) {
    const double w[] = {0.4, 2.5, 1.3};
    snug_cpu_force((snug_cpu)_i);
    check_binary(1, w);
    check_binary(3, w);
}
END_TEST

/* ---- balanced -------------------------------------------------------------------------------- */

static const snug_weights *weights_of(snug_object *loss) {
    return (const snug_weights *)((const char *)snug_object_config(loss) +
                                  snug_object_kind(loss)->fields[1].offset);
}

/* Class 3 does not occur; scikit-learn: 6 / (3 * [3, 2, 1]). */
START_TEST(balanced_weights_are_scikit_learns) {
    const float x[6] = {0}, weights[6] = {1, 1, 2, 0, 0.5F, 0.5F};
    const int32_t rows[6] = {0, 1, 0, 2, 1, 0};
    const double expected[4] = {6.0 / 9, 1, 2, 1};
    snug_object *loss =
        loss_of("{\"type\": \"softmax_cross_entropy\", \"class_weights\": \"balanced\"}");
    snug_object *again = snug_object_copy(loss);
    snug_dataset *data = snug_dataset_from_arrays(x, 6, 1, rows);
    ck_assert_int_eq(snug_class_weights_check(loss, true, 4), SNUG_ERROR_DATA);
    expect_location("the loss softmax_cross_entropy has \"balanced\" class_weights, which training "
                    "computes from its rows:");
    ck_assert_int_eq(snug_class_weights_balance(loss, data, 4), SNUG_OK);
    ck_assert_uint_eq(weights_of(loss)->count, 4);
    ck_assert(!weights_of(loss)->balanced);
    for (size_t k = 0; k < 4; k++) {
        ck_assert_double_eq_tol(weights_of(loss)->items[k], expected[k], 1e-12);
    }
    ck_assert_int_eq(snug_class_weights_check(loss, true, 4), SNUG_OK);
    ck_assert_int_eq(snug_class_weights_check(loss, true, 5), SNUG_ERROR_DATA);
    expect_location("the loss softmax_cross_entropy has");
    ck_assert_int_eq(snug_class_weights_check(loss, false, 4), SNUG_ERROR_DATA);
    expect_location("the loss softmax_cross_entropy has");
    /* Rows count by their weights: 3.5, 1.5 and none of class 2. */
    ck_assert_int_eq(snug_dataset_set_weights(data, weights), SNUG_OK);
    ck_assert_int_eq(snug_class_weights_balance(again, data, 3), SNUG_OK);
    ck_assert_double_eq_tol(weights_of(again)->items[0], 5.0 / 7, 1e-12);
    ck_assert_double_eq_tol(weights_of(again)->items[1], 5.0 / 3, 1e-12);
    ck_assert_double_eq(weights_of(again)->items[2], 1);
    snug_dataset_free(data);
    snug_object_free(again);
    snug_object_free(loss);
}
END_TEST

static Suite *weights_suite(void) {
    Suite *suite = suite_create("weights");
    TCase *rows = tcase_create("rows");
    tcase_add_loop_test(rows, a_row_counts_as_often_as_it_weighs, 0, SNUG_CPU_COUNT);
    tcase_add_test(rows, rows_and_classes_weigh_together);
    tcase_add_test(rows, a_batch_that_weighs_nothing_is_still);
    suite_add_tcase(suite, rows);
    TCase *kinds = tcase_create("classes");
    tcase_add_loop_test(kinds, softmax_cross_entropy_has_pytorchs_formula, 0, SNUG_CPU_COUNT);
    tcase_add_loop_test(kinds, binary_cross_entropy_has_its_formula, 0, SNUG_CPU_COUNT);
    tcase_add_test(kinds, balanced_weights_are_scikit_learns);
    suite_add_tcase(suite, kinds);
    return suite;
}

REGISTER_SUITE(weights_suite)
