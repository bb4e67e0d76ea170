#include "c_code/c_code.h"
#include "c_code/header.h"
#include "c_code/math.h"
#include "c_code/source.h"
#include "core/memory.h"
#include "int8_code/data.h"
#include "int8_code/int8_code.h"
#include "int8_code/steps.h"

/* The program that is written, and its two float ends, whose names begin with its prefix. */
typedef struct int8_writer {
    const snug_int8_program *program;
    snug_model_graph front_graph, back_graph; /* the model's, with the graph of an end */
    snug_c_program front, back;
} int8_writer;

/* ---- sizes ----------------------------------------------------------------------------------- */

/* Whether the integers read the program's input itself. */
static bool front_is_input(const int8_writer *w) {
    return w->program->front->output.node == 0;
}

/* How many floats of the scratch memory are slots of the front. */
static size_t front_floats(const int8_writer *w) {
    return front_is_input(w) ? 0 : w->program->front_slots;
}

/* How many floats the ends and the integers use, in turn. */
static size_t work_floats(const int8_writer *w) {
    size_t floats = (w->program->memory + sizeof(float) - 1) / sizeof(float);
    floats = w->front.plan.scratch > floats ? w->front.plan.scratch : floats;
    return w->back.plan.scratch > floats ? w->back.plan.scratch : floats;
}

/* ---- the source ------------------------------------------------------------------------------ */

static void write_includes(const snug_c_program *p, const int8_writer *w, const char *header) {
    fputs("/* A neural network in int8, written by Snug: see ", p->file);
    snug_c_write_comment(p->file, header);
    fputs(". */\n", p->file);
    if (!p->no_libm && (snug_c_calls_math(&w->front) || snug_c_calls_math(&w->back))) {
        fputs("#include <math.h>\n", p->file);
    }
    fprintf(p->file,
            "#include <stddef.h>\n#include <stdint.h>\n"
            "#ifdef __ARM_FEATURE_SIMD32\n#include <arm_acle.h>\n#endif\n"
            "\n#include \"%s\"\n\n",
            header);
}

/* Writes PREFIX_predict_with(): the front, what goes past the integers, the integers, the back. */
static void write_predict_with(snug_c_program *p, const int8_writer *w) {
    const snug_int8_program *program = w->program;
    const char *prefix = p->names.prefix, *upper = p->names.upper;
    size_t front = front_floats(w), back = program->back_slots;
    snug_c_line(p, "void %s_predict_with(const float in[%s_INPUTS], float out[%s_OUTPUTS],", prefix,
                upper, upper);
    snug_c_line(p, "                     float scratch[%s_SCRATCH]) {", upper);
    snug_c_line(p, "float *const back = scratch + %zu, *const work = scratch + %zu;", front,
                front + back);
    if (front_is_input(w)) {
        snug_c_line(p, "const float *const front = in;");
    } else {
        snug_c_line(p, "float *const front = scratch;");
        snug_c_line(p, "%s(in, front, work);", w->front.names.prefix);
    }
    if (program->passed > 0) {
        snug_c_line(p, "for (size_t i = 0; i < %zu; i++) {", program->passed);
        snug_c_line(p, "back[i] = front[%zu + i];", program->front_slots - program->passed);
        snug_c_line(p, "}");
    }
    snug_c_line(p, "%s_integers(front, back, (int8_t *)work);", prefix);
    snug_c_line(p, "%s(back, out, work);", w->back.names.prefix);
    snug_c_line(p, "}");
    snug_c_line(p, "%s", "");
}

static void write_source(snug_c_program *p, const char *header, void *user) {
    int8_writer *w = user;
    bool classes = snug_c_class_count(p->model) > 0;
    write_includes(p, w, header);
    if (classes) {
        snug_c_write_class_names(p);
    }
    snug_int8_write_data(p, w->program);
    w->front.file = p->file;
    w->back.file = p->file;
    if (!front_is_input(w)) {
        snug_c_write_graph_function(&w->front);
    }
    snug_int8_write_steps(p, w->program);
    snug_c_write_graph_function(&w->back);
    write_predict_with(p, w);
    snug_c_write_predict(p, "float");
    if (classes) {
        snug_c_write_class_function(p);
    }
}

/* ---- the program ----------------------------------------------------------------------------- */

/* Prepares the program of one end, whose names begin with "PREFIX_NAME". */
static snug_status start_end(snug_c_program *end, snug_model_graph *graph, const snug_c_program *p,
                             snug_graph *of, const char *name) {
    *graph = *p->model;
    graph->graph = of;
    *end = (snug_c_program){.model = graph, .no_libm = p->no_libm};
    snprintf(end->names.prefix, sizeof end->names.prefix, "%.50s_%s", p->names.prefix, name);
    return snug_c_plan_make(&end->plan, of);
}

snug_status snug_int8_write_program(const snug_model_graph *model, const snug_int8_program *program,
                                    const char *path, const snug_c_options *options) {
    snug_c_program p = {.model = model, .no_libm = options->no_libm};
    int8_writer *w = snug_alloc(1, sizeof *w);
    snug_status status =
        w != NULL ? snug_c_names_start(&p.names, path, options->name) : SNUG_ERROR_MEMORY;
    if (status == SNUG_OK) {
        w->program = program;
        status = start_end(&w->front, &w->front_graph, &p, program->front, "front");
    }
    if (status == SNUG_OK) {
        status = start_end(&w->back, &w->back_graph, &p, program->back, "back");
    }
    if (status == SNUG_OK) {
        p.plan.scratch = front_floats(w) + program->back_slots + work_floats(w);
        status = snug_c_write_files(&p, path, write_source, w);
    }
    if (w != NULL) {
        snug_c_plan_clear(&w->front.plan);
        snug_c_plan_clear(&w->back.plan);
    }
    snug_release(w);
    snug_c_names_clear(&p.names);
    return status;
}
