/* Every registered optimizer: the same bits for a parameter, whatever portion it is updated in. */
#include "support/bits.h"
#include "support/suite.h"

/* One step from given parameters and moments. */
typedef struct subject {
    const snug_optimizer_kind *kind;
    const void *config;
    size_t moments;
    uint64_t t;
    float g[BITS_ITEMS], before[1 + SNUG_MOMENTS_MAX][BITS_ITEMS];
} subject;

static void run(const void *user, size_t first, size_t count, float *const *results) {
    const subject *s = user;
    float *moments[SNUG_MOMENTS_MAX] = {NULL};
    for (size_t k = 0; k <= s->moments; k++) {
        memcpy(results[k] + first, s->before[k] + first, count * sizeof(float));
    }
    for (size_t k = 0; k < s->moments; k++) {
        moments[k] = results[1 + k] + first;
    }
    s->kind->step(s->config, count, s->t, 0.0137, s->g + first, results[0] + first, moments);
}

static void check_step(const snug_object *object, uint64_t t, uint32_t seed) {
    static subject s;
    s.kind = (const snug_optimizer_kind *)snug_object_kind(object);
    s.config = snug_object_config(object);
    s.moments = s.kind->moments_of != NULL ? s.kind->moments_of(s.config) : s.kind->moments;
    s.t = t;
    bits_numbers(BITS_ITEMS, seed, s.g);
    for (size_t k = 0; k <= s.moments; k++) {
        bits_numbers(BITS_ITEMS, seed + 1 + (uint32_t)k, s.before[k]);
        for (size_t i = 0; k > 0 && i < BITS_ITEMS; i++) {
            s.before[k][i] = fabsf(s.before[k][i]); /* as squares and step sizes are */
        }
    }
    check_bits(&(bits_job){.name = object->kind->name,
                           .user = &s,
                           .run = run,
                           .results = 1 + s.moments,
                           .widths = {1, 1, 1, 1, 1, 1, 1, 1}});
}

static void check_optimizer(const snug_object *object) {
    if (((const snug_optimizer_kind *)snug_object_kind(object))->step != NULL) {
        check_step(object, 1, 3);
        check_step(object, 7, 40);
    }
}

START_TEST(the_same_bits_at_any_offset_and_length) {
    for_every_kind_and_config(SNUG_GROUP_OPTIMIZER, check_optimizer);
}
END_TEST

static Suite *bits_suite(void) {
    TCase *tests;
    Suite *suite = bits_suite_of(&tests);
    tcase_add_test(tests, the_same_bits_at_any_offset_and_length);
    return suite;
}

REGISTER_SUITE(bits_suite)
