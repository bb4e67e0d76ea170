/* Every registered activation as a vector kernel: lengths, alignment, places, paths, gradients. */
#include <math.h>
#include <string.h>

#include "cpu/cpu.h"
#include "kinds/fields.h"
#include "support.h"
#include "support/suite.h"

enum { LENGTHS = 71, OFFSETS = 4, GUARD = 0x5a };

/* What a test does with one activation, with its defaults. */
typedef void check_fn(const snug_activation_kind *kind, const void *config);

static void for_every_kind(check_fn *check) {
    int kinds = 0;
    for (const snug_kind *kind; (kind = snug_kind_at(SNUG_GROUP_ACTIVATION, (size_t)kinds)) != NULL;
         kinds++) {
        snug_object *object = activation_new(kind->name);
        check(activation_kind(object), snug_object_config(object));
        snug_object_free(object);
    }
    ck_assert_int_ge(kinds, 8);
}

/* Numbers on both sides of 0, of many sizes. */
static void fill(size_t n, float *x) {
    for (size_t i = 0; i < n; i++) {
        x[i] = sinf((float)(3 * i + 1)) * expf((float)(i % 7) - 3.0F);
    }
}

static void run_backward(const snug_activation_kind *kind, const void *config, size_t rows,
                         size_t columns, const float *x, const float *y, const float *dy,
                         float *dx) {
    kind->backward(config, rows, columns, kind->flags & SNUG_READS_INPUT ? x : NULL,
                   kind->flags & SNUG_READS_OUTPUT ? y : NULL, dy, dx);
}

/* ---- lengths and alignment ------------------------------------------------------------------- */

typedef struct guarded {
    float before[OFFSETS + 16], values[LENGTHS + OFFSETS], after[16];
} guarded;

static float *guard(guarded *block, size_t offset) {
    memset(block, GUARD, sizeof *block);
    return block->values + offset;
}

/* Nothing but the n floats from values + offset on has changed. */
static void check_guard(const guarded *block, size_t offset, size_t n, const char *name) {
    const unsigned char *bytes = (const unsigned char *)block;
    size_t first = offsetof(guarded, values) + offset * sizeof(float);
    size_t touched = 0;
    for (size_t i = 0; i < sizeof *block; i++) {
        bool inside = i >= first && i < first + n * sizeof(float);
        touched += !inside && bytes[i] != GUARD;
    }
    ck_assert_msg(touched == 0, "%s writes outside its %zu numbers", name, n);
}

/* The largest distance between two arrays, in ulp. */
static double ulp_apart(size_t n, const float *a, const float *b) {
    double largest = 0.0;
    for (size_t i = 0; i < n; i++) {
        largest = fmax(largest, ulp_between(a[i], b[i]));
    }
    return largest;
}

/* Many numbers at once give what each gives alone. */
static void check_alone(const snug_activation_kind *kind, const void *config, size_t n,
                        const float *x, const float *y, const float *dy, const float *dx,
                        const float *dydx) {
    float alone[LENGTHS], gradient[LENGTHS], slope[LENGTHS];
    for (size_t i = 0; i < n; i++) {
        kind->forward(config, 1, 1, x + i, alone + i);
        run_backward(kind, config, 1, 1, x + i, y + i, dy + i, gradient + i);
        kind->derivative(config, 1, x + i, slope + i);
    }
    ck_assert_double_le(ulp_apart(n, y, alone), 2.0);
    ck_assert_double_le(ulp_apart(n, dx, gradient), 2.0);
    ck_assert_double_le(ulp_apart(n, dydx, slope), 2.0);
}

static void check_length(const snug_activation_kind *kind, const void *config, size_t n,
                         size_t offset) {
    guarded y_block, dx_block, dydx_block;
    float x[LENGTHS + OFFSETS], dy[LENGTHS + OFFSETS];
    float *y = guard(&y_block, offset), *dx = guard(&dx_block, offset);
    float *dydx = guard(&dydx_block, offset);
    fill(LENGTHS + OFFSETS, x);
    fill(LENGTHS + OFFSETS, dy);
    kind->forward(config, 1, n, x + offset, y);
    run_backward(kind, config, 1, n, x + offset, y, dy + 1, dx);
    check_guard(&y_block, offset, n, kind->base.name);
    check_guard(&dx_block, offset, n, kind->base.name);
    if (kind->derivative != NULL) {
        kind->derivative(config, n, x + offset, dydx);
        check_alone(kind, config, n, x + offset, y, dy + 1, dx, dydx);
    }
    check_guard(&dydx_block, offset, kind->derivative != NULL ? n : 0, kind->base.name);
}

static void check_lengths(const snug_activation_kind *kind, const void *config) {
    for (size_t n = 0; n < LENGTHS; n++) {
        for (size_t offset = 0; offset < OFFSETS; offset++) {
            check_length(kind, config, n, offset);
        }
    }
}

START_TEST(any_length_at_any_place) {
    snug_cpu_force((snug_cpu)_i);
    for_every_kind(check_lengths);
}
END_TEST

/* ---- in place, and as a matrix --------------------------------------------------------------- */

static void check_in_place(const snug_activation_kind *kind, const void *config) {
    enum { ROWS = 5, COLUMNS = 7, N = ROWS * COLUMNS };
    float x[N], y[N], dy[N], dx[N], both[N];
    fill(N, x);
    fill(N, dy);
    kind->forward(config, ROWS, COLUMNS, x, y);
    memcpy(both, x, sizeof both);
    kind->forward(config, ROWS, COLUMNS, both, both);
    ck_assert_msg(memcmp(both, y, sizeof y) == 0, "%s differs in place", kind->base.name);
    run_backward(kind, config, ROWS, COLUMNS, x, y, dy, dx);
    memcpy(both, dy, sizeof both);
    run_backward(kind, config, ROWS, COLUMNS, x, y, both, both);
    ck_assert_msg(memcmp(both, dx, sizeof dx) == 0, "%s: backward differs in place",
                  kind->base.name);
}

START_TEST(in_place_gives_the_same_bits) {
    snug_cpu_force((snug_cpu)_i);
    for_every_kind(check_in_place);
}
END_TEST

static void check_rows(const snug_activation_kind *kind, const void *config) {
    enum { ROWS = 6, COLUMNS = 19, N = ROWS * COLUMNS };
    float x[N], y[N], dy[N], dx[N], row_y[COLUMNS], row_dx[COLUMNS];
    fill(N, x);
    fill(N, dy);
    kind->forward(config, ROWS, COLUMNS, x, y);
    run_backward(kind, config, ROWS, COLUMNS, x, y, dy, dx);
    for (size_t r = 0; r < ROWS; r++) {
        size_t at = r * COLUMNS;
        kind->forward(config, 1, COLUMNS, x + at, row_y);
        run_backward(kind, config, 1, COLUMNS, x + at, y + at, dy + at, row_dx);
        for (size_t j = 0; j < COLUMNS; j++) {
            ck_assert_double_le(ulp_between(y[at + j], row_y[j]), 2.0);
            ck_assert_float_eq_tol(dx[at + j], row_dx[j], 1e-5F);
        }
    }
}

START_TEST(a_matrix_is_its_rows) {
    snug_cpu_force((snug_cpu)_i);
    for_every_kind(check_rows);
}
END_TEST

/* ---- paths ----------------------------------------------------------------------------------- */

enum { SPREAD = 4000 };

/* All sizes of numbers: every exponent, both signs, infinities and NaN. */
static void spread(float *x) {
    for (uint32_t i = 0; i < SPREAD; i++) {
        uint32_t bits = i * 1073677U;
        memcpy(x + i, &bits, sizeof bits);
    }
    x[0] = INFINITY;
    x[1] = -INFINITY;
    x[2] = NAN;
}

/*
 * Two paths agree to 2 ulp of the value; of 1 where it is the difference of two numbers of that
 * size, as around another activation.
 */
static void check_close(const snug_activation_kind *kind, float a, float b) {
    bool wraps = snug_fields_find_type(kind->base.fields, SNUG_FIELD_OBJECT) != NULL;
    ck_assert_msg(ulp_between(a, b) <= 2.0 ||
                      (wraps && fabs((double)a - (double)b) <= 2.0 * ulp_of(1.0)),
                  "%s is %a, not %a", kind->base.name, (double)a, (double)b);
}

static void check_paths(const snug_activation_kind *kind, const void *config) {
    static float x[SPREAD], y[SNUG_CPU_COUNT][SPREAD], dydx[SNUG_CPU_COUNT][SPREAD];
    spread(x);
    for (int path = 0; path < SNUG_CPU_COUNT && kind->derivative != NULL; path++) {
        snug_cpu_force((snug_cpu)path);
        kind->forward(config, 1, SPREAD, x, y[path]);
        kind->derivative(config, SPREAD, x, dydx[path]);
        for (size_t i = 0; i < SPREAD; i++) {
            check_close(kind, y[path][i], y[0][i]);
        }
        ck_assert_double_le(ulp_apart(SPREAD, dydx[path], dydx[0]), 2.0);
    }
}

START_TEST(paths_agree) {
    for_every_kind(check_paths);
}
END_TEST

static void check_nan(const snug_activation_kind *kind, const void *config) {
    enum { N = 37 };
    float x[N], y[N], dy[N], dx[N];
    fill(N, x);
    fill(N, dy);
    x[20] = NAN;
    kind->forward(config, 1, N, x, y);
    ck_assert_float_nan(y[20]);
    run_backward(kind, config, 1, N, x, y, dy, dx);
    /* Where the slope is known without x, dy itself may come through. */
    ck_assert_msg(isnan(dx[20]) || ulp_between(dx[20], dy[20]) <= 0.0, "%s: backward loses NaN",
                  kind->base.name);
    for (size_t i = 0; i < N && kind->derivative != NULL; i++) {
        ck_assert_int_eq(isnan(y[i]) != 0, i == 20);
    }
}

START_TEST(nan_comes_through) {
    snug_cpu_force((snug_cpu)_i);
    for_every_kind(check_nan);
}
END_TEST

/* ---- gradients ------------------------------------------------------------------------------- */

/* The sum of dy f(x), which backward is the gradient of. */
static double weighted(const snug_activation_kind *kind, const void *config, size_t n,
                       const float *x, const float *dy) {
    float y[16];
    double sum = 0.0;
    kind->forward(config, 2, n / 2, x, y);
    for (size_t i = 0; i < n; i++) {
        sum += (double)dy[i] * (double)y[i];
    }
    return sum;
}

static void check_gradient(const snug_activation_kind *kind, const void *config) {
    enum { N = 10 };
    const float step = 1.0F / 128.0F;
    float x[N], y[N], dx[N];
    const float dy[N] = {0.7F, -1.3F, 2.1F, 0.4F, -0.9F, 1.7F, -0.2F, 1.1F, -2.3F, 0.6F};
    for (size_t i = 0; i < N; i++) {
        x[i] = 0.37F * (float)i - 1.5F; /* no kink within a step of 0 */
    }
    kind->forward(config, 2, N / 2, x, y);
    run_backward(kind, config, 2, N / 2, x, y, dy, dx);
    double largest = 0.0;
    for (size_t i = 0; i < N; i++) {
        float kept = x[i];
        x[i] = kept + step;
        double above = weighted(kind, config, N, x, dy);
        x[i] = kept - step;
        double below = weighted(kind, config, N, x, dy);
        x[i] = kept;
        ck_assert_double_eq_tol((double)dx[i], (above - below) / (2.0 * (double)step), 5e-4);
        largest = fmax(largest, fabs((double)dx[i]));
    }
    ck_assert_double_gt(largest, 0.05); /* zeros would prove nothing */
}

START_TEST(backward_is_the_gradient_of_forward) {
    snug_cpu_force((snug_cpu)_i);
    for_every_kind(check_gradient);
}
END_TEST

static Suite *kernels_suite(void) {
    Suite *suite = suite_create("kernels");
    TCase *tests = tcase_create("every kind");
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, in_place_gives_the_same_bits, 0, SNUG_CPU_COUNT);
    tcase_add_loop_test(tests, a_matrix_is_its_rows, 0, SNUG_CPU_COUNT);
    tcase_add_loop_test(tests, nan_comes_through, 0, SNUG_CPU_COUNT);
    tcase_add_loop_test(tests, backward_is_the_gradient_of_forward, 0, SNUG_CPU_COUNT);
    suite_add_tcase(suite, tests);
    TCase *many = tcase_create("many lengths and numbers");
    tcase_set_timeout(many, 120);
    tcase_set_tags(many, "exhaustive");
    tcase_add_loop_test(many, any_length_at_any_place, 0, SNUG_CPU_COUNT);
    tcase_add_test(many, paths_agree);
    suite_add_tcase(suite, many);
    return suite;
}

REGISTER_SUITE(kernels_suite)
