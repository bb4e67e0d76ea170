/* What the forms share in which `snug export` writes a model; each is a row in export.c. */
#ifndef SNUG_CLI_EXPORT_H
#define SNUG_CLI_EXPORT_H

#include <cjson/cJSON.h>

#include <snug/snug.h>

#include "command.h" /* IWYU pragma: export */
#include "data.h"

typedef struct export_options {
    const char *onnx; /* the file; NULL: none */
    size_t opset;
    const char *c; /* the source file; NULL: none */
    bool no_libm;
    const char *name; /* what names in it begin with; NULL: the name of the file */
    bool int8;
    const char *data; /* DATA, that int8 is calibrated and measured on; NULL: none */
    cli_data_options reading;
    bool json;
} export_options;

/* A form of exported models. Several may be written by one command. */
typedef struct export_form {
    const char *option;  /* that names the file: "--onnx" */
    const char *summary; /* of what is written, for people: "an ONNX model" */
    size_t offset;       /* of the file's path in export_options */
    /*
     * Writes the file, and may add members to the description. Returns an exit status, after an
     * error message where it is not CLI_DONE.
     */
    int (*write)(const snug_model *model, const char *path, const export_options *given,
                 cJSON *description);
} export_form;

/*
 * Writes a program in C that computes in int8, and adds "int8" to the description: how well it
 * predicts DATA, and its size.
 */
int cli_export_int8(const snug_model *model, const char *path, const export_options *given,
                    cJSON *description);

/* Prints "int8" of a description, if it is there. */
void cli_export_int8_report(const cJSON *description);

/* Prints what an exported model takes and gives, of snug_model_export_description(). */
void cli_export_report(const cJSON *description);

#endif
