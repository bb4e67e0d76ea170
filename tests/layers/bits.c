/*
 * Every registered layer whose rows can be shared out: the same bits for a row, whatever share it
 * is in.
 */
#include <stdio.h>

#include "support.h"
#include "support/bits.h"
#include "support/members.h"
#include "support/suite.h"

enum { ROWS = 23, MOST = 49 };

/* One layer and a batch, in training. */
typedef struct subject {
    const snug_layer_kind *kind;
    const void *config;
    snug_layer_shape shape;
    size_t
        rows; /* of the batch, or samples with .members rows each: as many as fit, at most ROWS */
    const float *tensors[SNUG_LAYER_TENSORS_MAX];
    float weights[SNUG_LAYER_TENSORS_MAX][BITS_FLOATS], x[BITS_FLOATS], y[BITS_FLOATS];
    float dy[BITS_FLOATS], cache[BITS_FLOATS], matrices[SNUG_LAYER_MATRICES_MAX][BITS_FLOATS];
    size_t tensor; /* whose gradient is made */
} subject;

/* The floats of a sample's outputs. */
static size_t y_floats(const subject *s) {
    return s->shape.output_members * s->shape.outputs;
}

/* Samples first .. first + count - 1, each with its rows. */
static snug_layer_call run_of(const subject *s, size_t first, size_t count) {
    const size_t members = s->shape.members;
    return (snug_layer_call){.rows = count * members,
                             .inputs = s->shape.inputs,
                             .outputs = s->shape.outputs,
                             .members = members,
                             .x = s->x + first * members * s->shape.inputs,
                             .dy = s->dy + first * y_floats(s),
                             .tensors = s->tensors,
                             .training = true,
                             .first_row = first * members,
                             .random = {.seed = 5, .purpose = 9, .step = 3}};
}

/* Rows of y, dx, the cache and the matrices that are kept. */
static void run_rows(const void *user, size_t first, size_t count, float *const *results) {
    const subject *s = user;
    snug_layer_call run = run_of(s, first, count);
    run.y = results[0] + first * y_floats(s);
    run.dx = results[1] + first * s->shape.members * s->shape.inputs;
    const size_t cache = s->shape.members * s->shape.cache;
    run.cache = results[2] + first * cache;
    for (size_t k = 0; k < SNUG_LAYER_MATRICES_MAX; k++) {
        run.matrices[k] = results[3 + k] + first * s->shape.members * s->shape.matrices[k];
    }
    s->kind->forward(s->config, &run);
    s->kind->backward(s->config, &run);
}

/* Sets the matrices of a call of the whole batch. */
static void set_matrices(const subject *s, snug_layer_call *run) {
    for (size_t k = 0; k < SNUG_LAYER_MATRICES_MAX; k++) {
        run->matrices[k] = (float *)s->matrices[k];
    }
}

/* Rows of a tensor's gradient, over the whole batch. */
static void run_gradient(const void *user, size_t first, size_t count, float *const *results) {
    const subject *s = user;
    const size_t columns = s->shape.tensors[s->tensor].columns;
    snug_layer_call run = run_of(s, 0, s->rows);
    run.y = (float *)s->y;
    run.cache = (float *)s->cache;
    set_matrices(s, &run);
    if (count > 0) {
        s->kind->gradients(s->config, &run, s->tensor, first, count, results[0] + first * columns);
    }
}

static void check_gradients(subject *s) {
    snug_layer_call run = run_of(s, 0, s->rows);
    run.y = s->y;
    run.cache = s->cache;
    set_matrices(s, &run);
    s->kind->forward(s->config, &run);
    s->kind->backward(s->config, &run);
    for (s->tensor = 0; s->tensor < s->shape.tensor_count; s->tensor++) {
        const snug_tensor *tensor = &s->shape.tensors[s->tensor];
        if (!tensor->state && tensor->rows > 1) { /* others are made whole */
            check_bits(&(bits_job){.name = s->kind->base.name,
                                   .user = s,
                                   .run = run_gradient,
                                   .results = 1,
                                   .widths = {tensor->columns},
                                   .items = tensor->rows});
        }
    }
}

/* Returns how many rows fit into the buffers, at most ROWS; 0: a tensor does not fit. */
static size_t rows_that_fit(const snug_layer_shape *shape, size_t y) {
    size_t widest = shape->members * (shape->cache > shape->inputs ? shape->cache : shape->inputs);
    widest = widest > y ? widest : y;
    for (size_t k = 0; k < SNUG_LAYER_MATRICES_MAX; k++) {
        size_t floats = shape->members * shape->matrices[k];
        widest = widest > floats ? widest : floats;
    }
    for (size_t k = 0; k < shape->tensor_count; k++) {
        if (shape->tensors[k].rows * shape->tensors[k].columns > BITS_FLOATS) {
            return 0;
        }
    }
    return BITS_FLOATS / widest < ROWS ? BITS_FLOATS / widest : ROWS;
}

/* Checks a layer whose x has `members` rows for each sample, and returns how many its y has. */
static size_t check_inputs(const snug_object *object, size_t members, size_t inputs) {
    static subject s;
    s.kind = (const snug_layer_kind *)snug_object_kind(object);
    s.config = snug_object_config(object);
    s.shape = (snug_layer_shape){.inputs = inputs, .inner = inputs, .members = members};
    ck_assert_msg(s.kind->plan(s.config, &s.shape) == SNUG_OK, "%s", snug_error());
    s.shape.output_members = s.shape.output_members > 0 ? s.shape.output_members : members;
    s.rows = rows_that_fit(&s.shape, y_floats(&s));
    if (s.rows == 0) {
        ck_assert_uint_gt(inputs, 2); /* the smaller ones must, so that no layer is left out */
        return s.shape.output_members;
    }
    for (size_t k = 0; k < s.shape.tensor_count; k++) {
        bits_finite_numbers(BITS_FLOATS, 50 + (uint32_t)k, s.weights[k]);
        s.tensors[k] = s.weights[k];
    }
    bits_finite_numbers(BITS_FLOATS, 61, s.x);
    bits_finite_numbers(BITS_FLOATS, 62, s.dy);
    bits_job job = {.name = s.kind->base.name,
                    .user = &s,
                    .run = run_rows,
                    .results = 3 + SNUG_LAYER_MATRICES_MAX,
                    .widths = {y_floats(&s), members * inputs, members * s.shape.cache},
                    .items = s.rows};
    for (size_t k = 0; k < SNUG_LAYER_MATRICES_MAX; k++) {
        job.widths[3 + k] = members * s.shape.matrices[k];
    }
    check_bits(&job);
    check_gradients(&s);
    return s.shape.output_members;
}

static void check_widths(const snug_object *object, const size_t *widths, size_t count) {
    const snug_layer_kind *kind = (const snug_layer_kind *)snug_object_kind(object);
    const unsigned uses =
        kind->flags_of != NULL ? kind->flags | kind->flags_of(object->config) : kind->flags;
    for (size_t i = 0; (uses & SNUG_ROWWISE) && i < count; i++) {
        size_t members = check_inputs(object, 1, widths[i]);
        if (uses & SNUG_TAKES_MEMBERS) {
            check_inputs(object, members, widths[i]);
        }
    }
}

/* Around the width of the vectors. */
static void check_many_widths(const snug_object *object) {
    static const size_t widths[] = {1, 2, 7, 16, 17, 33, MOST};
    check_widths(object, widths, sizeof widths / sizeof *widths);
}

/* Below a vector of the widest path, and above it: a kind has dozens of configurations. */
static void check_two_widths(const snug_object *object) {
    static const size_t widths[] = {2, 17};
    check_widths(object, widths, sizeof widths / sizeof *widths);
}

/* What a kind needs beyond its name. */
static void spec_of(const snug_kind *kind, char *spec, size_t size) {
    int length = snprintf(spec, size, "{\"type\": \"%s\"", kind->name);
    const snug_field *field = kind->fields;
    for (; field != NULL && field->kind != SNUG_FIELD_END; field++) {
        const char *value = !field->required                   ? NULL
                            : field->kind == SNUG_FIELD_LAYERS ? "[\"selu\"]"
                            : field->kind == SNUG_FIELD_OBJECT ? "\"mish\""
                                                               : "19";
        value = test_value(field) != NULL ? test_value(field) : value;
        if (value != NULL) {
            length +=
                snprintf(spec + length, size - (size_t)length, ", \"%s\": %s", field->name, value);
        }
    }
    snprintf(spec + length, size - (size_t)length, "}");
}

START_TEST(the_same_bits_in_any_share) {
    char spec[256];
    spec_of(snug_kind_at(SNUG_GROUP_LAYER, (size_t)_i), spec, sizeof spec);
    snug_object *object = snug_object_parse(SNUG_GROUP_LAYER, spec);
    ck_assert_msg(object != NULL, "%s: %s", spec, snug_error());
    check_many_widths(object);
    snug_object_free(object);
    for_every_config(SNUG_GROUP_LAYER, spec, check_two_widths);
}
END_TEST

/* ---- columns --------------------------------------------------------------------------------- */

/* A batch of few rows whose columns are normalized, or scaled, each by itself. */
enum { FEW_ROWS = 5, FEW_COLUMNS = BITS_LENGTHS };

static float wide[FEW_ROWS * FEW_COLUMNS];

/* Columns of the outputs of a layer in training. */
static void run_columns(const void *user, size_t first, size_t count, float *const *results) {
    float x[FEW_ROWS * FEW_COLUMNS], y[FEW_ROWS * FEW_COLUMNS];
    if (count == 0) {
        return;
    }
    for (size_t i = 0; i < FEW_ROWS; i++) {
        memcpy(x + i * count, wide + i * FEW_COLUMNS + first, count * sizeof *x);
    }
    snug_model *model = model_of(count, user);
    run_layer(model, true, FEW_ROWS, x, y);
    snug_model_free(model);
    for (size_t j = 0; j < count; j++) {
        for (size_t i = 0; i < FEW_ROWS; i++) {
            results[0][(first + j) * FEW_ROWS + i] = y[i * count + j];
        }
    }
}

START_TEST(the_same_bits_among_any_columns) {
    static const char *const specs[] = {"{\"type\": \"batch_norm\"}",
                                        "{\"type\": \"prelu\", \"shared\": false}"};
    bits_finite_numbers(FEW_ROWS * FEW_COLUMNS, 71, wide);
    check_bits(&(bits_job){.name = specs[_i],
                           .user = specs[_i],
                           .run = run_columns,
                           .results = 1,
                           .widths = {FEW_ROWS},
                           .items = FEW_COLUMNS});
}
END_TEST

static Suite *bits_suite(void) {
    TCase *tests;
    Suite *suite = bits_suite_of(&tests);
    int kinds = 0;
    while (snug_kind_at(SNUG_GROUP_LAYER, (size_t)kinds) != NULL) {
        kinds++;
    }
    tcase_add_loop_test(tests, the_same_bits_in_any_share, 0, kinds);
    tcase_add_loop_test(tests, the_same_bits_among_any_columns, 0, 2);
    return suite;
}

REGISTER_SUITE(bits_suite)
