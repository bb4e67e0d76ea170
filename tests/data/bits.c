/*
 * Gathering: the same bits for a row, whatever rows are gathered beside it, of floats and of bytes.
 */
#include "data/gather.h"
#include "support/bits.h"
#include "support/suite.h"

enum { ROWS = 61 };

/* Rows of a dataset in some order, scaled or not. */
typedef struct subject {
    const snug_dataset *data;
    const snug_scaler *scaler;
    size_t order[ROWS], columns;
} subject;

static void run(const void *user, size_t first, size_t count, float *const *results) {
    const subject *s = user;
    ck_assert_int_eq(snug_dataset_gather(s->data, s->scaler, s->order, first, count,
                                         results[0] + first * s->columns),
                     SNUG_OK);
}

static void check_gather(subject *s, const char *name) {
    check_bits(&(bits_job){
        .name = name, .user = s, .run = run, .results = 1, .widths = {s->columns}, .items = ROWS});
}

static void check_dataset(const snug_dataset *data, size_t columns, const char *name) {
    subject s = {.data = data, .columns = columns};
    for (size_t i = 0; i < ROWS; i++) {
        s.order[i] = (7 * i + 3) % ROWS;
    }
    check_gather(&s, name);
    static const snug_scaling kinds[] = {SNUG_SCALING_STANDARD, SNUG_SCALING_ROBUST_CLIP,
                                         SNUG_SCALING_STANDARD_CLIP};
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        snug_scaler *scaler = snug_scaler_fit(data, kinds[k]);
        ck_assert_ptr_nonnull(scaler);
        s.scaler = scaler;
        check_gather(&s, name);
        snug_scaler_free(scaler);
    }
}

/* Columns first to first + count - 1 of rows with missing values, by a scaler of their own. */
typedef struct filling {
    float x[3 * BITS_ITEMS], shift[BITS_ITEMS], factor[BITS_ITEMS], fill[BITS_ITEMS];
} filling;

static void run_filling(const void *user, size_t first, size_t count, float *const *results) {
    const filling *f = user;
    float x[3 * BITS_ITEMS], out[3 * BITS_ITEMS];
    const snug_scaler scaler = {.features = count,
                                .shift = (float *)f->shift + first,
                                .factor = (float *)f->factor + first,
                                .fill = (float *)f->fill + first};
    for (size_t r = 0; r < 3; r++) {
        memcpy(x + r * count, f->x + r * BITS_ITEMS + first, count * sizeof *x);
    }
    snug_scaler_apply(&scaler, 3, x, out);
    for (size_t r = 0; r < 3; r++) {
        memcpy(results[r] + first, out + r * count, count * sizeof *out);
    }
}

START_TEST(rows_of_floats_and_bytes) {
    static const size_t widths[] = {1, 3, 8, 16, 17, 33, 49};
    static float x[BITS_FLOATS];
    static uint8_t bytes[BITS_FLOATS];
    bits_finite_numbers(BITS_FLOATS, 81, x);
    for (size_t i = 0; i < BITS_FLOATS; i++) {
        bytes[i] = (uint8_t)(31 * i + i / 7);
    }
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
        snug_dataset *floats = snug_dataset_from_arrays(x, ROWS, widths[i], NULL);
        snug_dataset *pixels = snug_dataset_from_bytes(bytes, ROWS, widths[i], NULL);
        check_dataset(floats, widths[i], "floats");
        check_dataset(pixels, widths[i], "bytes");
        snug_dataset_free(floats);
        snug_dataset_free(pixels);
    }
}
END_TEST

START_TEST(columns_with_missing_values) {
    static filling f;
    bits_numbers(3 * BITS_ITEMS, 91, f.x);
    bits_finite_numbers(BITS_ITEMS, 92, f.shift);
    bits_finite_numbers(BITS_ITEMS, 93, f.factor);
    bits_finite_numbers(BITS_ITEMS, 94, f.fill);
    check_bits(&(bits_job){.name = "missing values",
                           .user = &f,
                           .run = run_filling,
                           .results = 3,
                           .widths = {1, 1, 1}});
}
END_TEST

static Suite *bits_suite(void) {
    TCase *tests;
    Suite *suite = bits_suite_of(&tests);
    tcase_add_test(tests, rows_of_floats_and_bytes);
    tcase_add_test(tests, columns_with_missing_values);
    return suite;
}

REGISTER_SUITE(bits_suite)
