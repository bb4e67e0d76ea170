/* Every 4999th float of all, against the same formula in double, on every path. */
#include <math.h>
#include <string.h>

#include "cpu/cpu.h"
#include "support.h"
#include "support/suite.h"

typedef struct subject {
    const char *spec;
    double alpha, scale;
    double (*value)(const struct subject *, double x);
    double (*slope)(const struct subject *, double x);
    double limit; /* in ulp, of values; of derivatives it is 2 */
} subject;

static double elu_value(const subject *s, double x) {
    return x > 0.0 ? s->scale * x : s->scale * s->alpha * expm1(x);
}

static double elu_slope(const subject *s, double x) {
    return x > 0.0 ? s->scale : s->scale * s->alpha * exp(x);
}

static double tanh_value(const subject *s, double x) {
    (void)s;
    return tanh(x);
}

static double tanh_slope(const subject *s, double x) {
    double e = exp(-2.0 * fabs(x));
    (void)s;
    return 4.0 * e / ((1.0 + e) * (1.0 + e));
}

static double sigmoid_value(const subject *s, double x) {
    (void)s;
    return x > 0.0 ? 1.0 / (1.0 + exp(-x)) : exp(x) / (1.0 + exp(x));
}

static double sigmoid_slope(const subject *s, double x) {
    double e = exp(-fabs(x));
    (void)s;
    return e / ((1.0 + e) * (1.0 + e));
}

static double exp_value(const subject *s, double x) {
    (void)s;
    return exp(x);
}

/* Parameters as float32, which they act as. */
static const subject subjects[] = {
    {"elu", 1.0, 1.0, elu_value, elu_slope, 2.0},
    {"{\"type\": \"elu\", \"alpha\": 0.1}", 0.1F, 1.0, elu_value, elu_slope, 2.0},
    {"{\"type\": \"elu\", \"alpha\": 1.7}", 1.7F, 1.0, elu_value, elu_slope, 2.0},
    {"selu", 1.6732632423543772F, 1.0507009873554805F, elu_value, elu_slope, 2.0},
    {"{\"type\": \"selu\", \"alpha\": 2.3, \"scale\": 0.777}", 2.3F, 0.777F, elu_value, elu_slope,
     2.0},
    {"tanh", 0.0, 0.0, tanh_value, tanh_slope, 4.0},
    {"sigmoid", 0.0, 0.0, sigmoid_value, sigmoid_slope, 4.0},
    {"exp", 0.0, 0.0, exp_value, exp_value, 4.0},
};

enum { SUBJECTS = sizeof subjects / sizeof *subjects, BLOCK = 2048, STRIDE = 4999 };

static void check_block(const subject *s, const snug_object *object, size_t n, const float *x) {
    float y[BLOCK], dydx[BLOCK];
    activation_kind(object)->forward(snug_object_config(object), 1, n, x, y);
    activation_kind(object)->derivative(snug_object_config(object), n, x, dydx);
    for (size_t i = 0; i < n; i++) {
        float value = (float)s->value(s, (double)x[i]), slope = (float)s->slope(s, (double)x[i]);
        if (isnan(x[i])) {
            ck_assert_float_nan(y[i]);
            continue;
        }
        if (ulp_between(y[i], value) > s->limit || ulp_between(dydx[i], slope) > 2.0) {
            ck_abort_msg("%s at %a: %a and slope %a, not %a and %a", s->spec, (double)x[i],
                         (double)y[i], (double)dydx[i], (double)value, (double)slope);
        }
    }
}

static void sweep(const subject *s) {
    snug_object *object = activation_new(s->spec);
    float x[BLOCK];
    size_t n = 0;
    for (uint64_t i = 0; i <= UINT32_MAX; i += STRIDE) {
        uint32_t bits = (uint32_t)i;
        memcpy(x + n++, &bits, sizeof bits);
        if (n == BLOCK || i + STRIDE > UINT32_MAX) {
            check_block(s, object, n, x);
            n = 0;
        }
    }
    snug_object_free(object);
}

START_TEST(all_sizes_of_numbers_are_exact_to_their_last_bits) {
    snug_cpu_force((snug_cpu)(_i / SUBJECTS));
    sweep(&subjects[_i % SUBJECTS]);
}
END_TEST

static Suite *accuracy_suite(void) {
    Suite *suite = suite_create("accuracy");
    TCase *tests = tcase_create("sweep");
    tcase_set_timeout(tests, 300);
    tcase_set_tags(tests, "exhaustive");
    tcase_add_loop_test(tests, all_sizes_of_numbers_are_exact_to_their_last_bits, 0,
                        SNUG_CPU_COUNT * SUBJECTS);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(accuracy_suite)
