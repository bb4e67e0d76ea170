/* Every initializer: its variance, the shape of its distribution, and that it repeats. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include <snug/kind.h>

/* Far from square, and with a ragged last vector. */
enum { FAN_IN = 211, FAN_OUT = 83, COUNT = FAN_IN * FAN_OUT };

static const snug_init_kind *kind_at(size_t index) {
    return (const snug_init_kind *)(const void *)snug_kind_at(SNUG_GROUP_INIT, index);
}

static const snug_init_kind *kind_named(const char *name) {
    const snug_kind *kind = snug_kind_find(SNUG_GROUP_INIT, name);
    ck_assert_ptr_nonnull(kind);
    return (const snug_init_kind *)(const void *)kind;
}

static float *fill(const snug_init_kind *kind, uint64_t seed, uint32_t purpose) {
    const snug_random stream = {.seed = seed, .purpose = purpose};
    float *w = malloc(COUNT * sizeof *w);
    ck_assert_ptr_nonnull(w);
    kind->fill(NULL, &stream, FAN_IN, FAN_OUT, FAN_IN, FAN_OUT, w);
    return w;
}

/* The mean of (w - centre)^power. */
static double moment(const float *w, double centre, double power) {
    double sum = 0.0;
    for (size_t i = 0; i < COUNT; i++) {
        sum += pow((double)w[i] - centre, power);
    }
    return sum / COUNT;
}

static const struct {
    const char *name;
    double variance, kurtosis;
} expected[] = {
    {"lecun_normal", 1.0 / FAN_IN, 3.0},
    {"lecun_uniform", 1.0 / FAN_IN, 1.8},
    {"he_normal", 2.0 / FAN_IN, 3.0},
    {"he_uniform", 2.0 / FAN_IN, 1.8},
    {"glorot_normal", 2.0 / (FAN_IN + FAN_OUT), 3.0},
    {"glorot_uniform", 2.0 / (FAN_IN + FAN_OUT), 1.8},
};

enum { SCALED = sizeof expected / sizeof *expected };

START_TEST(has_its_moments) {
    double variance = expected[_i].variance;
    const snug_init_kind *kind = kind_named(expected[_i].name);
    float *w = fill(kind, 17, 5);
    ck_assert_double_eq_tol(kind->variance(NULL, FAN_IN, FAN_OUT), variance, 1e-15);
    /* Four standard errors: a mean's is sqrt(variance / n), a variance's sqrt(2 / n) of it. */
    ck_assert_double_le(fabs(moment(w, 0.0, 1.0)), 4.0 * sqrt(variance / COUNT));
    ck_assert_double_eq_tol(moment(w, 0.0, 2.0) / variance, 1.0, 4.0 * sqrt(2.0 / COUNT));
    ck_assert_double_eq_tol(moment(w, 0.0, 4.0) / (variance * variance), expected[_i].kurtosis,
                            0.25);
    free(w);
}
END_TEST

START_TEST(keeps_uniform_weights_inside_their_limits) {
    static const char *const names[] = {"lecun_uniform", "he_uniform", "glorot_uniform"};
    const snug_init_kind *kind = kind_named(names[_i]);
    double limit = sqrt(3.0 * kind->variance(NULL, FAN_IN, FAN_OUT));
    float *w = fill(kind, 3, 1);
    double least = 0.0, most = 0.0;
    for (size_t i = 0; i < COUNT; i++) {
        least = fmin(least, (double)w[i]);
        most = fmax(most, (double)w[i]);
    }
    ck_assert(-least < limit && -least > 0.999 * limit);
    ck_assert(most < limit && most > 0.999 * limit);
    free(w);
}
END_TEST

/* A kind walks the same stream whatever the size: weight i is the stream's number i. */
START_TEST(gives_number_i_to_weight_i) {
    const snug_random stream = {.seed = 42, .purpose = 9};
    float normal[12], w[12];
    snug_random_normal(&stream, 0, 12, normal);
    kind_named("he_normal")->fill(NULL, &stream, 4, 3, 4, 3, w);
    for (size_t i = 0; i < 12; i++) {
        ck_assert(w[i] == (float)(sqrt(0.5) * (double)normal[i]));
    }
}
END_TEST

START_TEST(zeros_are_zero) {
    const snug_init_kind *kind = kind_named("zeros");
    float *w = fill(kind, 1, 1);
    ck_assert(kind->variance(NULL, 3, 4) == 0.0);
    for (size_t i = 0; i < COUNT; i++) {
        ck_assert(w[i] == 0.0F && !signbit(w[i]));
    }
    free(w);
}
END_TEST

START_TEST(every_kind_repeats_and_is_finite) {
    size_t count = 0;
    for (const snug_init_kind *kind; (kind = kind_at(count)) != NULL; count++) {
        double variance = kind->variance(NULL, FAN_IN, FAN_OUT);
        bool random = variance > 0.0;
        float *w = fill(kind, 17, 5), *again = fill(kind, 17, 5);
        float *other_seed = fill(kind, 18, 5), *other_tensor = fill(kind, 17, 6);
        ck_assert_msg(memcmp(w, again, COUNT * sizeof *w) == 0, "%s", kind->base.name);
        ck_assert_msg((memcmp(w, other_seed, COUNT * sizeof *w) != 0) == random, "%s",
                      kind->base.name);
        ck_assert_msg((memcmp(w, other_tensor, COUNT * sizeof *w) != 0) == random, "%s",
                      kind->base.name);
        ck_assert_msg(isfinite(moment(w, 0.0, 2.0)), "%s", kind->base.name);
        free(w);
        free(again);
        free(other_seed);
        free(other_tensor);
    }
    /* At least the built-in ones: a new one needs no change here, a lost one is noticed. */
    ck_assert_uint_ge(count, SCALED + 1);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("init");
    TCase *tests = tcase_create("init");
    tcase_add_loop_test(tests, has_its_moments, 0, SCALED);
    tcase_add_loop_test(tests, keeps_uniform_weights_inside_their_limits, 0, 3);
    tcase_add_test(tests, gives_number_i_to_weight_i);
    tcase_add_test(tests, zeros_are_zero);
    tcase_add_test(tests, every_kind_repeats_and_is_finite);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
