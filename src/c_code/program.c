#include <stdarg.h>
#include <string.h>

#include "c_code/program.h"

enum { INDENT = 4 };

const snug_graph_node *snug_c_node(const snug_c_program *program, size_t v) {
    return &program->model->graph->nodes[v];
}

const snug_graph_node *snug_c_input(const snug_c_program *program, size_t v, size_t i) {
    return snug_c_node(program, snug_c_node(program, v)->inputs[i]);
}

size_t snug_c_class_count(const snug_model_graph *model) {
    return model->task == SNUG_EXPORT_VALUES ? 0 : model->outputs.count;
}

void snug_c_begin_line(snug_c_program *p) {
    fprintf(p->file, "%*s", (int)p->blocks * INDENT, "");
}

void snug_c_line(snug_c_program *p, const char *format, ...) {
    va_list arguments;
    p->blocks -= *format == '}' && p->blocks > 0;
    snug_c_begin_line(p);
    va_start(arguments, format);
    vfprintf(p->file, format, arguments);
    va_end(arguments);
    fputc('\n', p->file);
    p->blocks += *format != '\0' && format[strlen(format) - 1] == '{';
}

const char *snug_c_pointer(const snug_c_program *p, char text[SNUG_C_POINTER_SIZE], size_t v) {
    static const char *const names[] = {
        [SNUG_C_INPUT] = "in", [SNUG_C_OUTPUT] = "out", [SNUG_C_SCRATCH] = "scratch"};
    const snug_c_place *place = &p->plan.places[v];
    if (place->storage == SNUG_C_CONSTANT) {
        snprintf(text, SNUG_C_POINTER_SIZE, "%s_constant_%zu", p->names.prefix, place->constant);
    } else {
        snprintf(text, SNUG_C_POINTER_SIZE, "%s", names[place->storage]);
    }
    if (place->offset > 0) {
        const size_t length = strlen(text);
        snprintf(text + length, SNUG_C_POINTER_SIZE - length, " + %zu", place->offset);
    }
    return text;
}

void snug_c_write_math(const snug_c_program *p, const char *expression) {
    for (; *expression != '\0'; expression++) {
        if (*expression != '#') {
            fputc(*expression, p->file);
        } else if (p->no_libm) {
            fprintf(p->file, "%s_", p->names.prefix);
        }
    }
}
