#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "output.h"
#include "predictions.h"

/* ---- texts ----------------------------------------------------------------------------------- */

/* A field of a CSV file, in quotes where RFC 4180 asks for them. */
static char *csv_quote(const char *text) {
    if (text[strcspn(text, ",\"\r\n")] == '\0') {
        return cli_format("%s", text);
    }
    char *quoted = cli_allocate(2 * strlen(text) + 3, 1);
    char *to = quoted;
    *to++ = '"';
    for (; *text != '\0'; text++) {
        if (*text == '"') {
            *to++ = '"';
        }
        *to++ = *text;
    }
    *to = '"';
    return quoted;
}

static char *quote(const cli_predictions *w, const char *text) {
    return w->json ? cli_json_quote(text) : csv_quote(text);
}

static void name_class(cli_predictions *w, size_t index) {
    char *name = cli_format("p_%s", snug_model_class_name(w->model, index));
    w->names[index] = quote(w, name);
    w->labels[index] = quote(w, snug_model_class_name(w->model, index));
    free(name);
}

static void name_value(cli_predictions *w, size_t index) {
    char *name = snug_model_prediction_name(w->model, index);
    w->names[index] = quote(w, name != NULL ? name : "");
    snug_free(name);
}

void cli_predictions_start(cli_predictions *w, const snug_model *model, bool json) {
    *w = (cli_predictions){.model = model,
                           .json = json,
                           .outputs = snug_model_output_count(model),
                           .classes = snug_model_class_count(model)};
    w->columns = w->classes > 0 ? w->classes : w->outputs;
    w->names = cli_allocate(w->columns, sizeof *w->names);
    w->labels = cli_allocate(w->columns, sizeof *w->labels);
    for (size_t i = 0; i < w->columns; i++) {
        (w->classes > 0 ? name_class : name_value)(w, i);
    }
}

void cli_predictions_clear(cli_predictions *w) {
    for (size_t i = 0; i < w->columns; i++) {
        free(w->names[i]);
        free(w->labels[i]);
    }
    free(w->names);
    free(w->labels);
}

/* ---- rows ------------------------------------------------------------------------------------ */

/* Column j of a row; one output for two classes is the probability of the second. */
static double number_at(const cli_predictions *w, const float *row, size_t j) {
    if (w->classes == 2 && w->outputs == 1) {
        return j == 1 ? (double)row[0] : 1.0 - (double)row[0];
    }
    return (double)row[j];
}

void cli_predictions_head(const cli_predictions *w, size_t rows) {
    if (w->json) {
        fprintf(w->stream, "{\"rows\": %zu, \"predictions\": [", rows);
        return;
    }
    if (w->classes > 0) {
        fputs("prediction,", w->stream);
    }
    for (size_t j = 0; j < w->columns; j++) {
        fprintf(w->stream, "%s%s", j > 0 ? "," : "", w->names[j]);
    }
    fputc('\n', w->stream);
}

void cli_predictions_csv(const cli_predictions *w, const float *row, int32_t class) {
    if (w->classes > 0) {
        fprintf(w->stream, "%s,", w->labels[class]);
    }
    for (size_t j = 0; j < w->columns; j++) {
        fprintf(w->stream, "%s%.9g", j > 0 ? "," : "", number_at(w, row, j));
    }
    fputc('\n', w->stream);
}

void cli_predictions_json(const cli_predictions *w, const float *row, int32_t class, bool first) {
    fputs(first ? "\n  {" : ",\n  {", w->stream);
    if (w->classes > 0) {
        fprintf(w->stream, "\"prediction\": %s, ", w->labels[class]);
    }
    for (size_t j = 0; j < w->columns; j++) {
        double number = number_at(w, row, j);
        fprintf(w->stream, "%s%s: ", j > 0 ? ", " : "", w->names[j]);
        fprintf(w->stream, isfinite(number) ? "%.9g" : "null", number);
    }
    fputc('}', w->stream);
}

/* Ends the array, and adds the warnings: all come before the first row. */
void cli_predictions_json_end(const cli_predictions *w) {
    cJSON *json = cli_json_object(NULL, NULL);
    cli_json_warnings(json);
    char *text = cli_json_format(json);
    fprintf(w->stream, "\n],%s\n", text + strlen("{"));
    free(text);
}
