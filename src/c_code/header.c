#include <stdbool.h>
#include <string.h>

#include "c_code/header.h"

/* Length of the longest string that each compiler of C99 takes. */
enum { LONGEST_LITERAL = 4000 };

/* ---- columns and categories ------------------------------------------------------------------ */

/*
 * Writes "    NAME = NUMBER, /& STRING &/" of an enumeration of `count`; the last one without a
 * comma, which C++98 does not take.
 */
static snug_status write_enumerator(snug_c_program *p, const char *group, const char *string,
                                    size_t number, size_t count) {
    const char *name = snug_c_names_add(&p->names, group, string, number);
    if (name == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    fprintf(p->file, "    %s = %zu%s /* ", name, number, number + 1 < count ? "," : "");
    snug_c_write_comment(p->file, string);
    fputs(" */\n", p->file);
    return SNUG_OK;
}

/* Whether the columns have names of a table, and not those that a program gives them. */
static bool are_named(const snug_model_graph *model) {
    char number[SNUG_C_WORD_SIZE];
    for (size_t i = 0; i < model->column_count; i++) {
        snprintf(number, sizeof number, "x%zu", i + 1);
        if (strcmp(model->columns[i].name, number) != 0 || model->columns[i].offset != 0 ||
            model->columns[i].categories.count > 0) {
            return true;
        }
    }
    return false;
}

static snug_status write_columns(snug_c_program *p) {
    const snug_model_graph *model = p->model;
    if (!are_named(model)) {
        return SNUG_OK;
    }
    fputs("/* Indices of the columns in a row. */\nenum {\n", p->file);
    for (size_t i = 0; i < model->column_count; i++) {
        if (write_enumerator(p, "COLUMN", model->columns[i].name, i, model->column_count) !=
            SNUG_OK) {
            return SNUG_ERROR_MEMORY;
        }
    }
    fputs("};\n\n", p->file);
    return SNUG_OK;
}

/* Writes the categories of column i as an enumeration. */
static snug_status write_categories(snug_c_program *p, size_t i) {
    const snug_export_column *column = &p->model->columns[i];
    char word[SNUG_C_WORD_SIZE];
    snug_c_word(word, column->name);
    snug_c_capitalize(word);
    if (*word == '\0') {
        snprintf(word, sizeof word, "%zu", i);
    }
    fputs("/* Categories of the column ", p->file);
    snug_c_write_comment(p->file, column->name);
    fputs("; every other number is an unknown category. */\nenum {\n", p->file);
    for (size_t k = 0; k < column->categories.count; k++) {
        if (write_enumerator(p, word, column->categories.items[k], k, column->categories.count) !=
            SNUG_OK) {
            return SNUG_ERROR_MEMORY;
        }
    }
    fputs("};\n\n", p->file);
    return SNUG_OK;
}

/* Writes the constant that is subtracted from the values of column i in double. */
static snug_status write_offset(snug_c_program *p, size_t i) {
    const snug_export_column *column = &p->model->columns[i];
    const char *name = snug_c_names_add(&p->names, "OFFSET", column->name, i);
    if (name == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    char number[SNUG_C_NUMBER_SIZE];
    snprintf(number, sizeof number, "%.17g", column->offset);
    fputs("/*\n * Of the column ", p->file);
    snug_c_write_comment(p->file, column->name);
    fprintf(p->file,
            ", whose values a float would round. A row has\n"
            " * (float)(value - %s), of a value in double.\n"
            " */\n#define %s %s%s\n\n",
            name, name, number, strpbrk(number, ".e") == NULL ? ".0" : "");
    return SNUG_OK;
}

static snug_status write_all_columns(snug_c_program *p) {
    snug_status status = write_columns(p);
    for (size_t i = 0; i < p->model->column_count && status == SNUG_OK; i++) {
        if (p->model->columns[i].categories.count > 0) {
            status = write_categories(p, i);
        }
        if (p->model->columns[i].offset != 0 && status == SNUG_OK) {
            status = write_offset(p, i);
        }
    }
    return status;
}

/* ---- classes --------------------------------------------------------------------------------- */

/* Writes indices of the classes, or of the values. */
static snug_status write_outputs(snug_c_program *p) {
    const size_t classes = snug_c_class_count(p->model);
    fputs(classes > 0 ? "/* Indices of the classes. */\nenum {\n"
                      : "/* Indices of the values. */\nenum {\n",
          p->file);
    for (size_t i = 0; i < p->model->outputs.count; i++) {
        if (write_enumerator(p, classes > 0 ? "CLASS" : "VALUE", p->model->outputs.items[i], i,
                             p->model->outputs.count) != SNUG_OK) {
            return SNUG_ERROR_MEMORY;
        }
    }
    fputs("};\n\n", p->file);
    return SNUG_OK;
}

/* Writes a string that is too long for a literal as an array of characters. */
static void write_long_name(snug_c_program *p, size_t i) {
    fprintf(p->file, "static const char %s_class_name_%zu[] = {", p->names.prefix, i);
    for (const char *c = p->model->outputs.items[i]; *c != '\0'; c++) {
        fprintf(p->file, "'\\%03o',%s", (unsigned)(unsigned char)*c,
                (c - p->model->outputs.items[i]) % 12 == 11 ? "\n    " : " ");
    }
    fputs("'\\0'};\n\n", p->file);
}

void snug_c_write_class_names(snug_c_program *p) {
    const snug_strings *names = &p->model->outputs;
    for (size_t i = 0; i < names->count; i++) {
        if (strlen(names->items[i]) > LONGEST_LITERAL) {
            write_long_name(p, i);
        }
    }
    fprintf(p->file, "const char *const %s_class_names[%s_CLASSES] = {\n", p->names.prefix,
            p->names.upper);
    for (size_t i = 0; i < names->count; i++) {
        fputs("    ", p->file);
        if (strlen(names->items[i]) > LONGEST_LITERAL) {
            fprintf(p->file, "%s_class_name_%zu", p->names.prefix, i);
        } else {
            snug_c_write_string(p->file, names->items[i]);
        }
        fputs(",\n", p->file);
    }
    fputs("};\n\n", p->file);
}

void snug_c_write_class_function(snug_c_program *p) {
    const snug_model_graph *model = p->model;
    const size_t outputs = model->graph->output.columns;
    char number[SNUG_C_NUMBER_SIZE];
    const double least = model->task == SNUG_EXPORT_PROBABILITIES ? 0.5 : 0.0;
    snug_c_number(number, (float)(model->threshold != 0 ? model->threshold : least));
    snug_c_line(p, "%s", "");
    snug_c_line(p, "int %s_class(const float out[%s_OUTPUTS]) {", p->names.prefix, p->names.upper);
    if (outputs == 1 || model->threshold != 0) {
        snug_c_line(p, "return out[%zu] > %s ? 1 : 0;", outputs - 1, number);
    } else {
        snug_c_line(p, "int best = 0;");
        snug_c_line(p, "for (int i = 1; i < %s_OUTPUTS; i++) {", p->names.upper);
        snug_c_line(p, "best = out[i] > out[best] ? i : best;");
        snug_c_line(p, "}");
        snug_c_line(p, "return best;");
    }
    snug_c_line(p, "}");
}

/* ---- the header ------------------------------------------------------------------------------ */

static void write_banner(const snug_c_program *p) {
    const char *prefix = p->names.prefix, *upper = p->names.upper;
    fprintf(p->file,
            "/*\n"
            " * A neural network, written by Snug %s. From the raw values of a row it computes\n"
            " * what the model predicts. It allocates nothing and needs no library%s.\n"
            " *\n"
            " *     float in[%s_INPUTS] = {...}, out[%s_OUTPUTS];\n"
            " *     %s_predict(in, out);\n"
            " *\n"
            " * A row has the number of each column; of a category its number; NaN where a value\n"
            " * is missing. Compilers that assume that there is no NaN (-ffast-math,\n"
            " * -ffinite-math-only) break missing values.\n"
            " */\n"
            "#ifndef %s_H\n"
            "#define %s_H\n\n"
            "#ifdef __cplusplus\n"
            "extern \"C\" {\n"
            "#endif\n\n",
            snug_version(), p->no_libm ? ", not even that of <math.h>" : " but that of <math.h>",
            upper, upper, prefix, upper, upper);
}

static void write_sizes(const snug_c_program *p) {
    const char *upper = p->names.upper;
    const size_t classes = snug_c_class_count(p->model);
    fprintf(p->file, "#define %s_INPUTS %zu\n#define %s_OUTPUTS %zu\n", upper,
            p->model->column_count, upper, p->model->graph->output.columns);
    if (classes > 0) {
        fprintf(p->file, "#define %s_CLASSES %zu\n", upper, classes);
    }
    fprintf(p->file, "/* Floats of memory for results in between. */\n#define %s_SCRATCH %zu\n\n",
            upper, p->plan.scratch > 0 ? p->plan.scratch : 1);
}

static const char *meaning_of_outputs(const snug_model_graph *model) {
    if (model->task == SNUG_EXPORT_VALUES) {
        return "the values, in the units of the targets";
    }
    if (model->graph->output.columns == 1) {
        return model->task == SNUG_EXPORT_PROBABILITIES ? "the probability of the second class"
                                                        : "a number above 0 for the second class";
    }
    return model->task == SNUG_EXPORT_PROBABILITIES ? "a probability for each class"
                                                    : "a number for each class, largest: likeliest";
}

static void write_functions(const snug_c_program *p) {
    const char *prefix = p->names.prefix, *upper = p->names.upper;
    fprintf(
        p->file,
        "/*\n"
        " * Computes out: %s.\n"
        " * Neither this nor another call may write `out` over `in`. One call at a time: it has\n"
        " * memory of its own.\n"
        " */\n"
        "void %s_predict(const float in[%s_INPUTS], float out[%s_OUTPUTS]);\n\n"
        "/* Computes the same with the caller's memory, for calls side by side. */\n"
        "void %s_predict_with(const float in[%s_INPUTS], float out[%s_OUTPUTS],\n"
        "    float scratch[%s_SCRATCH]);\n",
        meaning_of_outputs(p->model), prefix, upper, upper, prefix, upper, upper, upper);
    if (snug_c_class_count(p->model) > 0) {
        fprintf(p->file,
                "\n/* Returns the class that the outputs of the functions above predict. */\n"
                "int %s_class(const float out[%s_OUTPUTS]);\n\n"
                "/* Names of the classes, in UTF-8. */\n"
                "extern const char *const %s_class_names[%s_CLASSES];\n",
                prefix, upper, prefix, upper);
    }
    fputs("\n#ifdef __cplusplus\n}\n#endif\n#endif\n", p->file);
}

snug_status snug_c_write_header(snug_c_program *p) {
    write_banner(p);
    write_sizes(p);
    snug_status status = write_all_columns(p);
    if (status == SNUG_OK) {
        status = write_outputs(p);
    }
    write_functions(p);
    return status;
}
