/* docs/EXPORT.md tells of every kind where models with it go, as the exporters have it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <snug/snug.h>

#include "quantize/build.h"
#include "support.h"
#include "support/members.h"
#include "support/registry.h"
#include "support/suite.h"

enum { INPUTS = 6, ROWS = 20, LINE = 200 };

static const char page_name[] = SNUG_TEST_DIR "/../docs/EXPORT.md";

/* Writes the kind, for some columns where it takes those of categories, of which there are none. */
static void write_spec(const snug_kind *kind, char *spec, size_t size) {
    smallest_spec(kind, spec, size);
    for (const snug_field *f = kind->fields; f != NULL && f->kind != SNUG_FIELD_END; f++) {
        if (f->kind == SNUG_FIELD_COLUMNS && strcmp(f->initial_text, "categorical") == 0) {
            snprintf(spec, size, "{\"type\": \"%s\", \"%s\": [{\"column\": 1, \"categories\": 3}]}",
                     kind->name, f->name);
        }
    }
}

/* Makes a model with the layer between two linear maps, or in front of one. */
static snug_model *model_with(const snug_kind *kind, const char *spec, bool between) {
    char last[128];
    snug_model *model = snug_model_new(INPUTS);
    if (between) {
        snug_model_add(model, snug_dense(INPUTS));
    }
    snug_model_add(model, snug_layer_new(spec));
    layer_after(kind, 3, last, sizeof last);
    snug_model_add(model, snug_layer_new(last));
    ck_assert_msg(snug_model_init(model, 1) == SNUG_OK, "%s: %s", spec, snug_error());
    return model;
}

static bool has_graph(const snug_kind *kind, const char *spec) {
    snug_model *model = model_with(kind, spec, true);
    snug_model_graph *graph = snug_model_graph_new(model);
    bool exported = graph != NULL;
    snug_model_graph_free(graph);
    snug_model_free(model);
    return exported;
}

static bool has_int8(const snug_kind *kind, const char *spec, bool between) {
    float x[ROWS * INPUTS];
    fill_normal(1, ROWS * INPUTS, x);
    snug_model *model = model_with(kind, spec, between);
    snug_model_graph *graph = snug_model_graph_new(model);
    snug_int8_program *program =
        graph != NULL ? snug_int8_program_new(graph->graph, ROWS, x, SNUG_CALIBRATE_SQUARED_ERROR)
                      : NULL;
    bool exported = program != NULL;
    snug_int8_program_free(program);
    snug_model_graph_free(graph);
    snug_model_free(model);
    return exported;
}

/* Prints the row of a kind in the table. */
static void print_row(const snug_kind *kind, bool activation, char *row) {
    char spec[512];
    write_spec(kind, spec, sizeof spec);
    /* the layer around activations takes the name of one as well */
    const snug_kind *layer = activation ? snug_kind_find(SNUG_GROUP_LAYER, "activation") : kind;
    bool graph = has_graph(layer, spec);
    const char *int8 = has_int8(layer, spec, true)    ? "yes"
                       : has_int8(layer, spec, false) ? "first"
                                                      : "no";
    snprintf(row, LINE, "| `%s` | yes | %s | %s | %s |\n", kind->name, graph ? "yes" : "no",
             graph ? "yes" : "no", int8);
}

static char *read_page(void) {
    enum { LARGEST = 1 << 16 };
    char *page = calloc(LARGEST, 1);
    FILE *file = fopen(page_name, "r");
    ck_assert_msg(file != NULL, "%s is missing", page_name);
    ck_assert_uint_gt(fread(page, 1, LARGEST - 1, file), 0);
    fclose(file);
    return page;
}

static void check_group(const char *page, snug_group group) {
    for (size_t i = 0; i < built_in_count(group); i++) {
        char row[LINE];
        print_row(snug_kind_at(group, i), group == SNUG_GROUP_ACTIVATION, row);
        ck_assert_msg(strstr(page, row) != NULL, "docs/EXPORT.md lacks the row\n%s", row);
    }
}

START_TEST(the_page_tells_where_every_kind_goes) {
    char *page = read_page();
    check_group(page, SNUG_GROUP_LAYER);
    check_group(page, SNUG_GROUP_ACTIVATION);
    free(page);
}
END_TEST

static Suite *export_table_suite(void) {
    Suite *suite = suite_create("export table");
    TCase *tests = tcase_create("table");
    tcase_add_test(tests, the_page_tells_where_every_kind_goes);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(export_table_suite)
