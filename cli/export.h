/* What the forms share in which `snug export` writes a model; each is a row in export.c. */
#ifndef SNUG_CLI_EXPORT_H
#define SNUG_CLI_EXPORT_H

#include <cjson/cJSON.h>

#include <snug/snug.h>

#include "command.h" /* IWYU pragma: export */

typedef struct export_options {
    const char *onnx; /* the file; NULL: none */
    size_t opset;
    const char *c; /* the source file; NULL: none */
    bool no_libm;
    const char *name; /* what names in it begin with; NULL: the name of the file */
    bool json;
} export_options;

/* A form of exported models. Several may be written by one command. */
typedef struct export_form {
    const char *option;  /* that names the file: "--onnx" */
    const char *summary; /* of what is written, for people: "an ONNX model" */
    size_t offset;       /* of the file's path in export_options */
    /* Writes the file. Returns an exit status, after an error message where it is not CLI_DONE. */
    int (*write)(const snug_model *model, const char *path, const export_options *given);
} export_form;

/* Prints what an exported model takes and gives, of snug_model_export_description(). */
void cli_export_report(const cJSON *description);

#endif
