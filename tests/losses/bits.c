/*
 * Every registered loss: the same bits for a row's gradient, whatever rows are computed beside it.
 */
#include "support/bits.h"
#include "support/suite.h"

/* Outputs and targets of BITS_ITEMS rows. */
typedef struct subject {
    const snug_loss_kind *kind;
    const void *config;
    bool by_class;
    size_t outputs;
    float z[BITS_FLOATS], values[BITS_FLOATS];
    int32_t classes[BITS_ITEMS];
} subject;

static double evaluate(const subject *s, size_t first, size_t count, const float *z, float *dz) {
    const snug_targets targets = {.classes = s->by_class ? s->classes + first : NULL,
                                  .values = s->by_class ? NULL : s->values + first * s->outputs};
    return s->kind->evaluate(s->config, count, s->outputs, z, &targets, 0.37, dz);
}

static void run(const void *user, size_t first, size_t count, float *const *results) {
    const subject *s = user;
    const size_t at = first * s->outputs;
    (void)evaluate(s, first, count, s->z + at, results[0] + at);
}

/* The loss of some rows is the same number wherever in memory their outputs are. */
static void check_places(const subject *s, const char *name) {
    static float moved[BITS_FLOATS + BITS_OFFSETS];
    for (size_t count = 1; count < BITS_LENGTHS; count += 6) {
        const size_t n = count * s->outputs;
        memcpy(moved, s->z, n * sizeof *moved);
        const double loss = evaluate(s, 0, count, moved, NULL);
        for (size_t offset = 1; offset < BITS_OFFSETS; offset++) {
            memcpy(moved + offset, s->z, n * sizeof *moved);
            const double again = evaluate(s, 0, count, moved + offset, NULL);
            ck_assert_msg(memcmp(&loss, &again, sizeof loss) == 0 || (isnan(loss) && isnan(again)),
                          "%s: %zu rows of %zu outputs give %a, not %a, at offset %zu", name, count,
                          s->outputs, again, loss, offset);
        }
    }
}

static void check_outputs(const snug_object *object, bool by_class, size_t outputs) {
    static subject s;
    const size_t n = BITS_ITEMS * outputs;
    s.kind = (const snug_loss_kind *)snug_object_kind(object);
    s.config = snug_object_config(object);
    s.by_class = by_class;
    s.outputs = outputs;
    bits_numbers(n, 5, s.z);
    bits_numbers(n, 6, s.values);
    for (size_t i = 0; i < n; i++) { /* what every loss takes */
        s.values[i] = s.values[i] >= 0.0F && s.values[i] <= 1.0F ? s.values[i] : 0.25F;
    }
    for (size_t r = 0; r < BITS_ITEMS; r++) {
        s.classes[r] = (int32_t)((3 * r + 1) % (outputs == 1 ? 2 : outputs));
    }
    check_bits(&(bits_job){
        .name = object->kind->name, .user = &s, .run = run, .results = 1, .widths = {outputs}});
    check_places(&s, object->kind->name);
    bits_finite_numbers(n, 5, s.z);
    check_places(&s, object->kind->name);
}

static void check_loss(const snug_object *object) {
    static const size_t widths[] = {1, 2, 3, 4, 7, 16, 17, 33};
    const snug_loss_kind *kind = (const snug_loss_kind *)snug_object_kind(object);
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
        if ((kind->targets & SNUG_TARGET_CLASSES) && (kind->binary || widths[i] > 1)) {
            check_outputs(object, true, widths[i]);
        }
        if (kind->targets & SNUG_TARGET_VALUES) {
            check_outputs(object, false, widths[i]);
        }
    }
}

START_TEST(the_same_bits_at_any_offset_and_length) {
    for_every_kind_and_config(SNUG_GROUP_LOSS, check_loss);
}
END_TEST

static Suite *bits_suite(void) {
    TCase *tests;
    Suite *suite = bits_suite_of(&tests);
    tcase_add_test(tests, the_same_bits_at_any_offset_and_length);
    return suite;
}

REGISTER_SUITE(bits_suite)
