#include "c_code/data.h"
#include "c_code/entries.h"
#include "c_code/header.h"
#include "c_code/math.h"
#include "c_code/matrices.h"
#include "c_code/source.h"

/* A function of the program: neighbouring operations of one section of the graph. */
typedef struct program_part {
    size_t first, end; /* nodes */
    size_t loops;
    bool uses[SNUG_C_SCRATCH + 1];
} program_part;

/* ---- parts ----------------------------------------------------------------------------------- */

/* Whether the program has a loop that ends with node v. */
static bool is_statement(const snug_c_program *p, size_t v) {
    return p->plan.places[v].computed &&
           !(snug_c_node(p, v)->operation == SNUG_OPERATION_CONCATENATE &&
             snug_c_is_concatenated(p, v));
}

static void note_use(const snug_c_program *p, size_t v, program_part *part) {
    const snug_c_place *place = &p->plan.places[v];
    if (place->storage <= SNUG_C_SCRATCH) {
        part->uses[place->storage] = true;
    }
}

/* Notes which of the function's parameters the loop of `root` reads and writes. */
static void note_uses(const snug_c_program *p, size_t root, program_part *part) {
    note_use(p, root, part);
    for (size_t v = p->plan.places[root].first; v <= root; v++) {
        for (size_t i = 0; p->plan.places[v].root == root && i < snug_c_node(p, v)->input_count;
             i++) {
            note_use(p, snug_c_node(p, v)->inputs[i], part);
        }
    }
}

/* Finds the next part from node `first` on. Returns whether there is one. */
static bool find_part(const snug_c_program *p, size_t first, program_part *found) {
    const size_t count = p->model->graph->count;
    while (first < count && !is_statement(p, first)) {
        first++;
    }
    *found = (program_part){.first = first, .end = first};
    while (found->end < count &&
           (!is_statement(p, found->end) ||
            snug_c_node(p, found->end)->section == snug_c_node(p, first)->section)) {
        if (is_statement(p, found->end)) {
            note_uses(p, found->end, found);
            found->loops++;
        }
        found->end++;
    }
    return first < count;
}

/* Writes "(in, scratch)" or, with types, "(const float *in, float *scratch)". */
static void write_parameters(const snug_c_program *p, const program_part *part, bool types) {
    static const char *const names[] = {"in", "out", "scratch"};
    static const char *const declarations[] = {"const float *in", "float *out", "float *scratch"};
    const char *separator = "(";
    for (size_t i = 0; i <= SNUG_C_SCRATCH; i++) {
        if (part->uses[i]) {
            fprintf(p->file, "%s%s", separator, types ? declarations[i] : names[i]);
            separator = ", ";
        }
    }
    fputc(')', p->file);
}

static void write_statement(snug_c_program *p, size_t v) {
    (snug_c_is_entrywise(snug_c_node(p, v)) ? snug_c_write_entries : snug_c_write_matrices)(p, v);
}

/* Writes a function; each of several loops has a block, with names of its own. */
static void write_part(snug_c_program *p, const program_part *part, size_t number) {
    const snug_graph *graph = p->model->graph;
    const size_t section = snug_c_node(p, part->first)->section;
    fputs("/* ", p->file);
    snug_c_write_comment(p->file,
                         section < graph->section_count ? graph->sections[section] : "operations");
    fprintf(p->file, " */\nstatic void %s_part_%zu", p->names.prefix, number);
    write_parameters(p, part, true);
    snug_c_line(p, " {");
    for (size_t v = part->first; v < part->end; v++) {
        if (is_statement(p, v) && part->loops > 1) {
            snug_c_line(p, "{");
            write_statement(p, v);
            snug_c_line(p, "}");
        } else if (is_statement(p, v)) {
            write_statement(p, v);
        }
    }
    snug_c_line(p, "}");
    snug_c_line(p, "%s", "");
}

/* ---- functions ------------------------------------------------------------------------------- */

void snug_c_write_includes(snug_c_program *p, const char *header) {
    fputs("/* A neural network, written by Snug: see ", p->file);
    snug_c_write_comment(p->file, header);
    fputs(". */\n", p->file);
    if (!p->no_libm && snug_c_calls_math(p)) {
        fputs("#include <math.h>\n", p->file);
    }
    fputs("#include <stddef.h>\n", p->file);
    if (p->no_libm && snug_c_calls_math(p)) {
        fputs("#include <stdint.h>\n", p->file);
    }
    fprintf(p->file, "\n#include \"%s\"\n\n", header);
}

/* Writes what a function of `in`, `out` and `scratch` does: it calls the parts in order. */
static void write_body(snug_c_program *p) {
    const size_t output = p->model->graph->output.node;
    bool uses[SNUG_C_LOCAL + 1] = {false};
    program_part part;
    for (size_t v = 0, number = 0; find_part(p, v, &part); v = part.end, number++) {
        snug_c_begin_line(p);
        fprintf(p->file, "%s_part_%zu", p->names.prefix, number);
        write_parameters(p, &part, false);
        fputs(";\n", p->file);
        for (size_t i = 0; i <= SNUG_C_SCRATCH; i++) {
            uses[i] = uses[i] || part.uses[i];
        }
    }
    if (p->plan.places[output].storage != SNUG_C_OUTPUT) {
        snug_c_write_copy_to_output(p, output);
        uses[p->plan.places[output].storage] = true;
    }
    if (!uses[SNUG_C_INPUT]) {
        snug_c_line(p, "(void)in;");
    }
    if (!uses[SNUG_C_SCRATCH]) {
        snug_c_line(p, "(void)scratch;");
    }
    snug_c_line(p, "}");
    snug_c_line(p, "%s", "");
}

/* Writes PREFIX_predict_with(). */
static void write_predict_with(snug_c_program *p) {
    const char *upper = p->names.upper;
    snug_c_line(p, "void %s_predict_with(const float in[%s_INPUTS], float out[%s_OUTPUTS],",
                p->names.prefix, upper, upper);
    fprintf(p->file, "    float scratch[%s_SCRATCH])", upper);
    snug_c_line(p, " {");
    write_body(p);
}

/* Writes the arrays, and a function for each part. */
static void write_parts(snug_c_program *p) {
    program_part part;
    snug_c_write_data(p);
    for (size_t v = 0, number = 0; find_part(p, v, &part); v = part.end, number++) {
        write_part(p, &part, number);
    }
}

void snug_c_write_graph_function(snug_c_program *p) {
    if (p->no_libm) {
        snug_c_write_math_functions(p);
    }
    write_parts(p);
    snug_c_line(p, "static void %s(const float *in, float *out, float *scratch) {",
                p->names.prefix);
    write_body(p);
}

void snug_c_write_predict(snug_c_program *p, const char *scratch_type) {
    const char *prefix = p->names.prefix, *upper = p->names.upper;
    snug_c_line(p, "void %s_predict(const float in[%s_INPUTS], float out[%s_OUTPUTS]) {", prefix,
                upper, upper);
    snug_c_line(p, "static %s scratch[%s_SCRATCH];", scratch_type, upper);
    snug_c_line(p, "%s_predict_with(in, out, scratch);", prefix);
    snug_c_line(p, "}");
}

void snug_c_write_source(snug_c_program *p, const char *header) {
    snug_c_write_includes(p, header);
    if (p->no_libm) {
        snug_c_write_math_functions(p);
    }
    if (snug_c_class_count(p->model) > 0) {
        snug_c_write_class_names(p);
    }
    write_parts(p);
    write_predict_with(p);
    snug_c_write_predict(p, "float");
    if (snug_c_class_count(p->model) > 0) {
        snug_c_write_class_function(p);
    }
}
