#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <snug/snug.h>

#include "graph/compute.h"
#include "support.h"
#include "support/members.h"

bool agrees(double a, double b) {
    if (isnan(a) || isnan(b)) {
        return isnan(a) && isnan(b);
    }
    return a == b || fabs(a - b) <= 1e-5 * fmax(1, fabs(a));
}

void fill_normal(uint64_t seed, size_t n, float *x) {
    const snug_random stream = {.seed = seed, .purpose = 77};
    snug_random_normal(&stream, 0, n, x);
}

size_t draw(uint64_t *state, size_t n) {
    *state = *state * 6364136223846793005U + 1442695040888963407U;
    return (size_t)(*state >> 33) % n;
}

void smallest_spec(const snug_kind *kind, char *spec, size_t size) {
    int n = snprintf(spec, size, "{\"type\": \"%s\"", kind->name);
    for (const snug_field *f = kind->fields; f != NULL && f->kind != SNUG_FIELD_END; f++) {
        const char *value = f->kind == SNUG_FIELD_OBJECT   ? "\"tanh\""
                            : f->kind == SNUG_FIELD_LAYERS ? "[{\"type\": \"dense\", \"units\": 6}]"
                                                           : "6";
        value = test_value(f) != NULL ? test_value(f) : value;
        if (f->required || test_value(f) != NULL) {
            n += snprintf(spec + n, size - (size_t)n, ", \"%s\": %s", f->name, value);
        }
    }
    snprintf(spec + n, size - (size_t)n, "}");
}

snug_model_graph *graph_of(const snug_model *model) {
    snug_model_graph *graph = snug_model_graph_new(model);
    ck_assert_msg(graph != NULL, "%s", snug_error());
    return graph;
}

double printed_number(const snug_model *model, const float *row, size_t columns, size_t j) {
    if (columns == 2 && snug_model_output_count(model) == 1) {
        return j == 1 ? (double)row[0] : 1 - (double)row[0];
    }
    return (double)row[j];
}

void check_agreement(const snug_model *model, size_t rows, const float *x, const char *what) {
    const size_t outputs = snug_model_output_count(model);
    snug_model_graph *m = graph_of(model);
    const size_t columns = m->graph->output.columns;
    float *expected = calloc(rows * outputs, sizeof *expected);
    float *got = calloc(rows * columns, sizeof *got);
    snug_session *session = snug_session_new(model, rows);
    ck_assert_int_eq(snug_predict(session, x, rows, expected), SNUG_OK);
    ck_assert_int_eq(snug_graph_compute(m->graph, rows, x, got, NULL, NULL), SNUG_OK);
    ck_assert_uint_eq(m->outputs.count, columns);
    for (size_t i = 0; i < rows * columns; i++) {
        double a = printed_number(model, expected + i / columns * outputs, columns, i % columns);
        ck_assert_msg(agrees(a, (double)got[i]), "%s: row %zu, output %zu: %.9g, in the graph %.9g",
                      what, i / columns, i % columns, a, (double)got[i]);
    }
    snug_session_free(session);
    snug_model_graph_free(m);
    free(expected);
    free(got);
}
