/*
 * Every registered activation: the same bits for a number, or a row, whatever is computed beside
 * it.
 */
#include "support.h"
#include "support/bits.h"
#include "support/suite.h"

/*
 * A function, its input and the gradient that comes back; rows of `columns` numbers are its items.
 */
typedef struct subject {
    const snug_activation_kind *kind;
    const void *config;
    size_t columns;
    float x[BITS_FLOATS], y[BITS_FLOATS], dy[BITS_FLOATS];
} subject;

static void run(const void *user, size_t first, size_t count, float *const *results) {
    const subject *s = user;
    const size_t at = first * s->columns;
    const float *x = s->kind->flags & SNUG_READS_INPUT ? s->x + at : NULL;
    const float *y = s->kind->flags & SNUG_READS_OUTPUT ? s->y + at : NULL;
    s->kind->forward(s->config, count, s->columns, s->x + at, results[0] + at);
    s->kind->backward(s->config, count, s->columns, x, y, s->dy + at, results[1] + at);
    if (s->kind->derivative != NULL) {
        s->kind->derivative(s->config, count * s->columns, s->x + at, results[2] + at);
    }
}

static void check_columns(const snug_object *object, size_t columns, uint32_t seed) {
    static subject s;
    const size_t n = BITS_ITEMS * columns;
    s.kind = activation_kind(object);
    s.config = snug_object_config(object);
    s.columns = columns;
    bits_numbers(n, seed, s.x);
    bits_numbers(n, seed + 1000, s.dy);
    s.kind->forward(s.config, BITS_ITEMS, columns, s.x, s.y);
    check_bits(&(bits_job){.name = object->kind->name,
                           .user = &s,
                           .run = run,
                           .results = s.kind->derivative != NULL ? 3 : 2,
                           .widths = {columns, columns, columns}});
}

/* One without a derivative has rows of numbers that depend on each other. */
static void check_activation(const snug_object *object) {
    static const size_t widths[] = {1, 2, 3, 4, 7, 8, 9, 16, 17, 33, 49};
    const bool by_rows = activation_kind(object)->derivative == NULL;
    for (uint32_t round = 0; round < BITS_ROUNDS; round++) {
        for (size_t i = 0; i < (by_rows ? sizeof widths / sizeof *widths : 1); i++) {
            check_columns(object, widths[i], 17 * round);
        }
    }
}

START_TEST(the_same_bits_at_any_offset_and_length) {
    for_every_kind_and_config(SNUG_GROUP_ACTIVATION, check_activation);
}
END_TEST

static Suite *bits_suite(void) {
    TCase *tests;
    Suite *suite = bits_suite_of(&tests);
    tcase_add_test(tests, the_same_bits_at_any_offset_and_length);
    return suite;
}

REGISTER_SUITE(bits_suite)
