/*
 * Same bits, however work is cut up: a kernel that is given items first to first + count - 1 alone
 * returns what it returns for them in a call for all, for every offset and length around the width
 * of the vectors, on every CPU path. An item is an element, or a row.
 */
#ifndef SNUG_TESTS_BITS_H
#define SNUG_TESTS_BITS_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#include <check.h>

#include "cpu/cpu.h"
#include "kinds/object.h"
#include "set_field.h"

enum {
    BITS_ITEMS = 128,    /* of the call for all: whole vectors of every path */
    BITS_OFFSETS = 33,   /* 0 to twice the widest vector */
    BITS_LENGTHS = 50,   /* 0 to one more than three times that */
    BITS_RESULTS = 8,    /* arrays that a job writes */
    BITS_FLOATS = 32768, /* of the largest of them */
    BITS_ROUNDS = 2      /* numbers to try */
};

/* Computes items first to first + count - 1 into results[k] + first * widths[k]. */
typedef void bits_fn(const void *user, size_t first, size_t count, float *const *results);

typedef struct bits_job {
    const char *name;
    const void *user;
    bits_fn *run;
    size_t results;
    size_t widths[BITS_RESULTS]; /* floats an item */
    size_t items;                /* 0: BITS_ITEMS */
} bits_job;

/* Numbers of ordinary sizes, and among them one of each special kind. */
static inline void bits_numbers(size_t n, uint32_t seed, float *x) {
    static const float special[] = {0.0F,      -0.0F,     INFINITY, -INFINITY, NAN,    1e-40F,
                                    -3e-42F,   0x1p-149F, 3e38F,    -2e38F,    1.0F,   -1.0F,
                                    0x1p-126F, 88.5F,     -103.5F,  20.0F,     1e-20F, -1e20F};
    const uint32_t kinds = sizeof special / sizeof *special;
    uint64_t state = seed * UINT64_C(0x9E3779B97F4A7C15) + 1;
    for (size_t i = 0; i < n; i++) {
        state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        uint32_t bits = (uint32_t)(state >> 33);
        float even = (float)(bits % 65536U) / 32768.0F - 1.0F;
        x[i] = even * ldexpf(1.0F, (int)((bits >> 16) % 7U) - 3);
        if ((bits >> 24) % 16U == 0) {
            x[i] = special[(bits >> 4) % kinds];
        }
    }
}

/* Without any that are infinite or NaN, which would spread over a row. */
static inline void bits_finite_numbers(size_t n, uint32_t seed, float *x) {
    bits_numbers(n, seed, x);
    for (size_t i = 0; i < n; i++) {
        x[i] = fabsf(x[i]) < 1e4F ? x[i] : 0.625F;
    }
}

/*
 * A number's bits; one for every NaN, and for a denormal those of 0 where the thread takes it as 0.
 */
static inline uint32_t bits_of(float x) {
    const uint32_t sign = UINT32_C(1) << 31, exponent = UINT32_C(0xff) << 23;
    const volatile float least = 0x1p-126F;
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    if (isnan(x)) {
        return UINT32_MAX;
    }
    return (bits & exponent) == 0 && least * 0.5F == 0.0F ? bits & sign : bits;
}

/*
 * Fails unless the job gives items first to first + count - 1 the bits that they have in `whole`.
 */
static inline void check_bits_portion(const bits_job *job, size_t first, size_t count,
                                      float *const *whole, float *const *part) {
    job->run(job->user, first, count, part);
    for (size_t k = 0; k < job->results; k++) {
        const size_t width = job->widths[k];
        for (size_t i = first * width; i < (first + count) * width; i++) {
            if (bits_of(whole[k][i]) != bits_of(part[k][i])) {
                ck_abort_msg(
                    "%s, %s: items %zu to %zu give %a, not %a, as number %zu of result %zu",
                    job->name, snug_cpu_name(snug_cpu_path()), first, first + count,
                    (double)part[k][i], (double)whole[k][i], i, k);
            }
        }
    }
}

/* On the path in use, every offset and length. */
static inline void check_bits_here(const bits_job *job) {
    static float space[2 * BITS_RESULTS][BITS_FLOATS];
    float *whole[BITS_RESULTS], *part[BITS_RESULTS];
    const size_t items = job->items > 0 ? job->items : BITS_ITEMS;
    for (size_t k = 0; k < job->results; k++) {
        ck_assert_uint_le(items * job->widths[k], BITS_FLOATS);
        whole[k] = space[2 * k];
        part[k] = space[2 * k + 1];
    }
    job->run(job->user, 0, items, whole);
    for (size_t first = 0; first < BITS_OFFSETS && first < items; first++) {
        for (size_t count = 0; count < BITS_LENGTHS && first + count <= items; count++) {
            check_bits_portion(job, first, count, whole, part);
        }
    }
}

/* On every path, with denormal numbers and without, as training has it. */
static inline void check_bits(const bits_job *job) {
    for (int path = 0; path <= (int)snug_cpu_best(); path++) {
        snug_cpu_force((snug_cpu)path);
        check_bits_here(job);
        unsigned state = snug_cpu_flush_denormals();
        check_bits_here(job);
        snug_cpu_restore(state);
    }
    snug_cpu_force(SNUG_CPU_COUNT);
}

/* ---- every configuration --------------------------------------------------------------------- */

typedef void bits_object_fn(const snug_object *object);

/* Another value than the default of a field. */
static inline double bits_other_value(const snug_field *field, double k) {
    if (field->kind == SNUG_FIELD_BOOL) {
        return field->initial > 0.0 ? 0.0 : 1.0;
    }
    if (field->kind == SNUG_FIELD_CHOICE || field->kind == SNUG_FIELD_SIZE) {
        return field->initial + k;
    }
    bool bounded = isfinite(field->max) && field->max > field->min && field->max <= 1.0;
    return bounded ? field->initial + k * 0.3 * (field->max - field->initial)
                   : field->initial * (1.0 + 0.7 * k) + 0.37 * k;
}

/* A kind by its defaults, then with each of its numbers and switches changed. */
static inline void for_every_config(snug_group group, const char *spec, bits_object_fn *check) {
    snug_object *object = snug_object_parse(group, spec);
    ck_assert_msg(object != NULL, "%s: %s", spec, snug_error());
    const snug_field *fields = object->kind->fields;
    check(object);
    for (size_t i = 0; fields != NULL && fields[i].kind != SNUG_FIELD_END; i++) {
        for (int k = 1; k <= 2; k++) {
            snug_object *other = snug_object_parse(group, spec);
            double value = bits_other_value(&fields[i], (double)k);
            if (set_field(other, fields[i].name, value) == SNUG_OK &&
                snug_object_check(other, "") == SNUG_OK) {
                check(other);
            }
            snug_object_free(other);
        }
    }
    snug_object_free(object);
}

/* All kinds of a group that need no more than their name. */
static inline void for_every_kind_and_config(snug_group group, bits_object_fn *check) {
    const snug_kind *kind;
    for (size_t i = 0; (kind = snug_kind_at(group, i)) != NULL; i++) {
        for_every_config(group, kind->name, check);
    }
}

/* ---- the suite ------------------------------------------------------------------------------- */

/* A suite "bits" of one case, for which the caller adds the tests. They are many: see .ci/run. */
static inline Suite *bits_suite_of(TCase **tests) {
    Suite *suite = suite_create("bits");
    *tests = tcase_create("bits");
    tcase_set_timeout(*tests, 300);
    tcase_set_tags(*tests, "exhaustive");
    suite_add_tcase(suite, *tests);
    return suite;
}

#endif
