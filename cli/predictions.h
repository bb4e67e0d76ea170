/*
 * Predictions as rows of CSV or as JSON objects: of classes `prediction` and one p_CLASS a class,
 * of values one column a target.
 */
#ifndef SNUG_CLI_PREDICTIONS_H
#define SNUG_CLI_PREDICTIONS_H

#include <stdio.h>

#include <snug/snug.h>

/* What is written, and how; strings are ready to be printed, quoted where they have to be. */
typedef struct cli_predictions {
    const snug_model *model;
    FILE *stream;
    bool json;
    size_t outputs; /* floats a row that the model predicts */
    size_t classes; /* 0: values */
    size_t columns; /* numbers a row that are printed: probabilities, or values */
    char **names;   /* of those columns */
    char **labels;  /* of the classes */
} cli_predictions;

/* Starts writing predictions of a model, which is borrowed; .stream is still to be set. */
void cli_predictions_start(cli_predictions *w, const snug_model *model, bool json);
void cli_predictions_clear(cli_predictions *w);

/* Writes the line of names of a CSV file, or what JSON has before the first of `rows`. */
void cli_predictions_head(const cli_predictions *w, size_t rows);

/* Writes a row of predictions and its class, which counts for classes alone. */
void cli_predictions_csv(const cli_predictions *w, const float *row, int32_t class);
void cli_predictions_json(const cli_predictions *w, const float *row, int32_t class, bool first);

/* Ends the JSON array, and adds the warnings: all come before the first row. */
void cli_predictions_json_end(const cli_predictions *w);

#endif
