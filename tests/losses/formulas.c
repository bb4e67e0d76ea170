/* Losses against their formulas in double, on asymmetric numbers and on every path. */
#include <math.h>

#include "cpu/cpu.h"
#include "kinds/object.h"
#include "support/suite.h"

static const snug_loss_kind *find(const char *name) {
    const snug_kind *kind = snug_kind_find(SNUG_GROUP_LOSS, name);
    ck_assert_msg(kind != NULL, "%s: %s", name, snug_error());
    return (const snug_loss_kind *)kind;
}

/* Asymmetric errors on both sides of every kink, near and far. */
static const float z_values[6] = {0.7F, -1.9F, 0.125F, 3.5F, 1.0F, -0.3F};
static const float t_values[6] = {0.2F, 0.6F, 0.25F, 0.5F, 1.0F, 0.55F};

static double of_log_cosh(double e, double slope[1]) {
    *slope = tanh(e);
    return log(cosh(e));
}

static double of_huber(double e, double slope[1]) {
    *slope = fabs(e) <= 0.3 ? e : copysign(0.3, e);
    return fabs(e) <= 0.3 ? e * e / 2.0 : 0.3 * (fabs(e) - 0.15);
}

static double of_quantile(double e, double slope[1]) {
    *slope = e > 0.0 ? 0.1 : (e < 0.0 ? -0.9 : 0.0);
    return *slope * e;
}

static double of_mae(double e, double slope[1]) {
    *slope = e > 0.0 ? 1.0 : (e < 0.0 ? -1.0 : 0.0);
    return fabs(e);
}

static void check_errors(const char *spec, double (*formula)(double, double[1])) {
    snug_object *object = snug_object_parse(SNUG_GROUP_LOSS, spec);
    const snug_loss_kind *kind = (const snug_loss_kind *)snug_object_kind(object);
    float dz[6];
    double sum = kind->evaluate(snug_object_config(object), 2, 3, z_values,
                                &(snug_targets){.values = t_values}, 0.7, dz);
    double expected = 0.0, slope;
    for (int i = 0; i < 6; i++) {
        expected += formula((double)z_values[i] - (double)t_values[i], &slope) / 3.0;
        ck_assert_double_eq_tol((double)dz[i], 0.7 * slope / 3.0, 1e-7);
    }
    ck_assert_double_eq_tol(sum, expected, 3e-7);
    snug_object_free(object);
}

START_TEST(losses_of_errors_have_their_formulas) {
    snug_cpu_force((snug_cpu)_i);
    check_errors("mae", of_mae);
    check_errors("log_cosh", of_log_cosh);
    check_errors("{\"type\": \"huber\", \"delta\": 0.3}", of_huber);
    check_errors("{\"type\": \"quantile\", \"tau\": 0.9}", of_quantile);
}
END_TEST

/* Near 0 the terms of the formula cancel; the series must take over. */
START_TEST(log_cosh_keeps_its_digits) {
    const float t = 0.0F;
    snug_cpu_force((snug_cpu)_i);
    for (float z = 1e-6F; z < 200.0F; z *= 1.37F) {
        double x = (double)z, dz_expected = tanh(x);
        double expected = x < 0.1 ? x * x / 2.0 - pow(x, 4) / 12.0 + pow(x, 6) / 45.0
                                  : x + log1p(exp(-2.0 * x)) - log(2.0);
        float dz;
        double sum =
            find("log_cosh")->evaluate(NULL, 1, 1, &z, &(snug_targets){.values = &t}, 1.0, &dz);
        ck_assert_double_eq_tol(sum, expected, 3e-6 * expected);
        ck_assert_double_eq_tol((double)dz, dz_expected, 3e-7 * dz_expected);
    }
}
END_TEST

START_TEST(poisson_has_its_formula) {
    float dz[6];
    double sum = 0.0;
    snug_cpu_force((snug_cpu)_i);
    double found = find("poisson")->evaluate(NULL, 3, 2, z_values,
                                             &(snug_targets){.values = t_values}, 0.7, dz);
    for (int i = 0; i < 6; i++) {
        double z = (double)z_values[i], t = (double)t_values[i];
        sum += (exp(z) - t * z) / 2.0;
        ck_assert_double_eq_tol((double)dz[i], 0.35 * (exp(z) - t), 3e-6);
    }
    ck_assert_double_eq_tol(found, sum, 3e-6);
}
END_TEST

/* With targets that are no distribution, too: their mass scales the gradient. */
START_TEST(kl_divergence_has_its_formula) {
    const float t[6] = {0.5F, 0.0F, 0.5F, 0.25F, 0.125F, 0.5F};
    float dz[6];
    double sum = 0.0;
    snug_cpu_force((snug_cpu)_i);
    double found = find("kl_divergence")
                       ->evaluate(NULL, 2, 3, z_values, &(snug_targets){.values = t}, 0.7, dz);
    for (int r = 0; r < 6; r += 3) {
        double total = 0.0, mass = 0.0;
        for (int j = r; j < r + 3; j++) {
            total += exp((double)z_values[j]);
            mass += (double)t[j];
        }
        for (int j = r; j < r + 3; j++) {
            double p = exp((double)z_values[j]) / total, share = (double)t[j];
            sum += share > 0.0 ? share * log(share / p) : 0.0;
            ck_assert_double_eq_tol((double)dz[j], 0.7 * (mass * p - share), 2e-7);
        }
    }
    ck_assert_double_eq_tol(found, sum, 1e-6);
}
END_TEST

START_TEST(hinge_is_that_of_crammer_and_singer) {
    const float z[9] = {0.5F, 2.0F, 1.75F, 3.0F, -1.0F, 0.0F, -0.25F, 0.5F, 0.125F};
    const float expected[9] = {0.0F, -0.5F, 0.5F, 0.0F, 0.0F, 0.0F, -0.5F, 0.5F, 0.0F};
    const int32_t classes[3] = {1, 0, 0}, two[3] = {0, 1, 1};
    float dz[9];
    const snug_loss_kind *hinge = find("hinge");
    double sum = hinge->evaluate(NULL, 3, 3, z, &(snug_targets){.classes = classes}, 0.5, dz);
    ck_assert_double_eq_tol(sum, 0.75 + 0.0 + 1.75, 1e-12);
    for (int i = 0; i < 9; i++) {
        ck_assert_float_eq(dz[i], expected[i]);
    }
    sum = hinge->evaluate(NULL, 3, 1, z, &(snug_targets){.classes = two}, 0.5, dz);
    ck_assert_double_eq_tol(sum, 1.5, 1e-12);
    ck_assert_float_eq(dz[0], 0.5F);
    ck_assert_float_eq(dz[1], 0.0F);
}
END_TEST

/* Formulas with the probability itself, which ordinary logits can afford in double. */
START_TEST(focal_has_its_formula) {
    const int32_t classes[2] = {2, 0}, two[6] = {1, 0, 0, 1, 1, 0};
    const double gamma = 1.7, alpha = 0.3;
    snug_object *object =
        snug_object_parse(SNUG_GROUP_LOSS, "{\"type\": \"focal\", \"gamma\": 1.7, \"alpha\": 0.3}");
    const snug_loss_kind *focal = (const snug_loss_kind *)snug_object_kind(object);
    const void *config = snug_object_config(object);
    double sum = 0.0;
    snug_cpu_force((snug_cpu)_i);
    double found =
        focal->evaluate(config, 2, 3, z_values, &(snug_targets){.classes = classes}, 1.0, NULL);
    for (int r = 0; r < 2; r++) {
        double total = 0.0;
        for (int j = 0; j < 3; j++) {
            total += exp((double)z_values[3 * r + j]);
        }
        double p = exp((double)z_values[3 * r + classes[r]]) / total;
        sum -= alpha * pow(1.0 - p, gamma) * log(p);
    }
    ck_assert_double_eq_tol(found, sum, 1e-6);
    found = focal->evaluate(config, 6, 1, z_values, &(snug_targets){.classes = two}, 1.0, NULL);
    sum = 0.0;
    for (int i = 0; i < 6; i++) {
        double p = 1.0 / (1.0 + exp(-(double)z_values[i]));
        p = two[i] != 0 ? p : 1.0 - p;
        sum -= (two[i] != 0 ? alpha : 1.0 - alpha) * pow(1.0 - p, gamma) * log(p);
    }
    ck_assert_double_eq_tol(found, sum, 1e-6);
    snug_object_free(object);
}
END_TEST

static Suite *formulas_suite(void) {
    Suite *suite = suite_create("formulas");
    TCase *single = tcase_create("one by one");
    tcase_add_loop_test(single, losses_of_errors_have_their_formulas, 0, SNUG_CPU_COUNT);
    tcase_add_loop_test(single, log_cosh_keeps_its_digits, 0, SNUG_CPU_COUNT);
    tcase_add_loop_test(single, poisson_has_its_formula, 0, SNUG_CPU_COUNT);
    tcase_add_loop_test(single, kl_divergence_has_its_formula, 0, SNUG_CPU_COUNT);
    tcase_add_test(single, hinge_is_that_of_crammer_and_singer);
    tcase_add_loop_test(single, focal_has_its_formula, 0, SNUG_CPU_COUNT);
    suite_add_tcase(suite, single);
    return suite;
}

REGISTER_SUITE(formulas_suite)
