#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "command_files.h"
#include "commands.h"
#include "export.h"
#include "output.h"

/* ---- forms ----------------------------------------------------------------------------------- */

static int write_onnx(const snug_model *model, const char *path, const export_options *given,
                      cJSON *description) {
    (void)description;
    const snug_onnx_options options = {.opset = given->opset};
    return snug_model_export_onnx(model, path, &options) == SNUG_OK ? CLI_DONE : cli_write_error();
}

static int write_c(const snug_model *model, const char *path, const export_options *given,
                   cJSON *description) {
    if (given->int8) {
        return cli_export_int8(model, path, given, description);
    }
    const snug_c_options options = {.no_libm = given->no_libm, .name = given->name};
    return snug_model_export_c(model, path, &options) == SNUG_OK ? CLI_DONE : cli_write_error();
}

static const export_form forms[] = {
    {"--onnx", "an ONNX model", offsetof(export_options, onnx), write_onnx},
    {"--c", "a program in C", offsetof(export_options, c), write_c},
};

enum { FORMS = sizeof forms / sizeof *forms };

static const cli_option option_table[] = {
    {"--onnx", "FILE", "write an ONNX model", &cli_string_type, offsetof(export_options, onnx)},
    {"--opset", "N", "version of ONNX's operators, from 13 to 17; otherwise 13", &cli_count_type,
     offsetof(export_options, opset)},
    {"--c", "FILE.c", "write a program in C99 that needs no library, and FILE.h beside it",
     &cli_string_type, offsetof(export_options, c)},
    {"--no-libm", NULL, "let the program do without the functions of <math.h>", &cli_flag_type,
     offsetof(export_options, no_libm)},
    {"--name", "PREFIX", "what all names in the program begin with; otherwise FILE",
     &cli_string_type, offsetof(export_options, name)},
    {"--int8", NULL, "let the program compute in int8, calibrated on --data", &cli_flag_type,
     offsetof(export_options, int8)},
    {"--data", "DATA", "rows with targets, to calibrate int8 and to measure its accuracy",
     &cli_string_type, offsetof(export_options, data)},
    CLI_DATA_OPTIONS(export_options),
    CLI_JSON_OPTION(export_options),
    {0},
};

/* Options that do nothing without another one. */
static const struct {
    const char *option, *needs;
} needs[] = {
    {"--opset", "--onnx"}, {"--no-libm", "--c"}, {"--name", "--c"},
    {"--int8", "--c"},     {"--data", "--int8"},
};

/* ---- the command line ------------------------------------------------------------------------ */

/* Returns whether an option is on the command line: its member is not zero then. */
static bool is_given(const char *name, const export_options *given) {
    const cli_option *option = option_table;
    while (option->name != NULL && strcmp(option->name, name) != 0) {
        option++;
    }
    const void *member = (const char *)given + option->offset;
    if (option->type == &cli_flag_type) {
        return *(const bool *)member;
    }
    if (option->type == &cli_count_type) {
        return *(const size_t *)member > 0;
    }
    return *(const char *const *)member != NULL;
}

/* Returns the path of a form's file, or NULL where the form is not asked for. */
static const char *path_of(const export_form *form, const export_options *given) {
    return *(const char *const *)((const char *)given + form->offset);
}

/* Fails where one of the files that are read would be overwritten, or one is written twice. */
static int check_files(const char *model, const export_options *given) {
    const size_t length = given->c != NULL ? strlen(given->c) : 0;
    cli_files files = {.command = "export"};
    cli_files_read(&files, "the model", model);
    cli_files_read_data(&files, given->data);
    for (size_t i = 0; i < FORMS; i++) {
        cli_files_write(&files, forms[i].option, path_of(&forms[i], given));
    }
    if (length > 2 && strcmp(given->c + length - 2, ".c") == 0) { /* otherwise writing will fail */
        char *header = cli_format("%.*sh", (int)length - 1, given->c);
        cli_files_write(&files, "--c", header);
        free(header);
    }
    return cli_files_finish(&files);
}

/* Prints an error message that lists all forms. */
static int fail_without_form(void) {
    char *list = cli_format("%s", "");
    for (size_t i = 0; i < FORMS; i++) {
        char *longer = cli_format("%s%s %s FILE writes %s", list, i > 0 ? "," : "", forms[i].option,
                                  forms[i].summary);
        free(list);
        list = longer;
    }
    int status = cli_usage_error("export: to what?%s", list);
    free(list);
    return status;
}

/* Fails where an option is given without one that it needs. */
static int check_needs(const export_options *given) {
    for (size_t i = 0; i < sizeof needs / sizeof *needs; i++) {
        if (is_given(needs[i].option, given) && !is_given(needs[i].needs, given)) {
            return cli_usage_error("export: %s is for %s, which is not given", needs[i].option,
                                   needs[i].needs);
        }
    }
    const char *reading = cli_data_option_given(&given->reading);
    if (reading != NULL && given->data == NULL) {
        return cli_usage_error("export: %s is for --data, which is not given", reading);
    }
    return given->int8 && given->data == NULL
               ? cli_usage_error("export: --int8 needs --data DATA, rows to calibrate it on")
               : CLI_DONE;
}

/* Checks all that can be wrong before the model is read. */
static int check(const char *model, const export_options *given) {
    int wrong = check_needs(given);
    if (wrong == CLI_DONE && given->data != NULL) {
        wrong = cli_check_input(model, given->data);
    }
    if (wrong == CLI_DONE) {
        wrong = check_files(model, given);
    }
    for (size_t i = 0; i < FORMS && wrong == CLI_DONE; i++) {
        if (path_of(&forms[i], given) != NULL) {
            return CLI_DONE;
        }
    }
    return wrong == CLI_DONE ? fail_without_form() : wrong;
}

/* ---- what is printed ------------------------------------------------------------------------- */

/* Returns the bytes of a file, 0 where it cannot be told. */
static size_t file_size(const char *path) {
    struct stat st;
    return stat(path, &st) == 0 && st.st_size > 0 ? (size_t)st.st_size : 0;
}

/* Adds the files to an object, each with its form: "onnx". */
static void add_files(cJSON *json, const export_options *given) {
    cJSON *files = cli_json_array(json, "files");
    for (size_t i = 0; i < FORMS; i++) {
        const char *path = path_of(&forms[i], given);
        if (path != NULL) {
            cJSON *file = cli_json_object(files, NULL);
            cli_json_string(file, "form", forms[i].option + strlen("--"));
            cli_json_string(file, "path", path);
            cli_json_count(file, "bytes", file_size(path));
        }
    }
}

/* Prints the files, and the members of the description, which it takes over. */
static void print_json(const export_options *given, cJSON *description) {
    cJSON *json = cli_json_object(NULL, NULL);
    add_files(json, given);
    while (description->child != NULL) {
        cJSON *member = cJSON_DetachItemViaPointer(description, description->child);
        cJSON_AddItemToObject(json, member->string, member);
    }
    cli_json_warnings(json);
    cli_json_print(json);
    cJSON_Delete(description);
}

static void print_text(const export_options *given, cJSON *description) {
    for (size_t i = 0; i < FORMS; i++) {
        const char *path = path_of(&forms[i], given);
        if (path != NULL) {
            char *name = cli_printable(path), *size = cli_bytes(file_size(path));
            printf("%s: %s, %s\n", name, forms[i].summary, size);
            free(size);
            free(name);
        }
    }
    cli_export_report(description);
    cli_export_int8_report(description);
    cJSON_Delete(description);
}

/* ---- the run --------------------------------------------------------------------------------- */

/* Writes all files that are asked for, and prints what went in and comes out once. */
static int export_model(const snug_model *model, const export_options *given) {
    char *text = snug_model_export_description(model);
    if (text == NULL) {
        return cli_library_error();
    }
    cJSON *description = cJSON_Parse(text);
    snug_free(text);
    if (description == NULL) {
        return cli_runtime_error("out of memory");
    }
    for (size_t i = 0; i < FORMS; i++) {
        const char *path = path_of(&forms[i], given);
        int status = path != NULL ? forms[i].write(model, path, given, description) : CLI_DONE;
        if (status != CLI_DONE) {
            cJSON_Delete(description);
            return status;
        }
    }
    (given->json ? print_json : print_text)(given, description);
    return CLI_DONE;
}

static int run(const cli_list *operands, const void *options) {
    const export_options *given = options;
    int status = check(operands->items[0], given);
    if (status != CLI_DONE) {
        return status;
    }
    snug_model *model = snug_model_load(operands->items[0]);
    if (model == NULL) {
        return cli_library_error();
    }
    status = given->int8 ? cli_check_loss(model, operands->items[0]) : CLI_DONE;
    if (status == CLI_DONE) {
        status = export_model(model, given);
    }
    snug_model_free(model);
    return status;
}

const cli_command cli_export = {
    .name = "export",
    .operands = "MODEL",
    .summary = "write a model for programs without Snug: as an ONNX model or in C",
    .details =
        "What is written takes the raw values of a row and gives what snug predict does:\n"
        "missing values, categories, scaling and the units of targets are in it.\n" CLI_DATA_HELP,
    .min_operands = 1,
    .max_operands = 1,
    .options = option_table,
    .options_size = sizeof(export_options),
    .run = run,
};
