#include <stdlib.h>
#include <string.h>

#include "command_files.h"
#include "commands.h"
#include "data.h"
#include "output.h"
#include "predictions.h"
#include "progress.h"

enum { BLOCK_ROWS = 256 };

typedef struct predict_options {
    const char *out;
    size_t rows;
    cli_data_options reading;
    bool json;
} predict_options;

/* Predicts and writes `count` rows from `first` on; x and y hold a block. */
static int write_block(const cli_predictions *w, snug_session *session, const snug_dataset *data,
                       size_t first, size_t count, double *x, float *y) {
    size_t inputs = snug_dataset_column_count(data);
    int32_t classes[BLOCK_ROWS];
    for (size_t i = 0; i < count; i++) {
        if (snug_dataset_row_f64(data, first + i, x + i * inputs) != SNUG_OK) {
            return cli_library_error();
        }
    }
    /* Always whole blocks: a row's bits then do not depend on how many rows come with it. */
    if (snug_predict_classes_f64(session, x, BLOCK_ROWS, y, classes) != SNUG_OK) {
        return cli_library_error();
    }
    for (size_t i = 0; i < count; i++) {
        const float *row = y + i * w->outputs;
        if (w->json) {
            cli_predictions_json(w, row, classes[i], first + i == 0);
        } else {
            cli_predictions_csv(w, row, classes[i]);
        }
    }
    return CLI_DONE;
}

/* Blocks of rows, until one fails, the stream takes no more, or a signal was caught. */
static int write_blocks(const cli_predictions *w, snug_session *session, const snug_dataset *data,
                        size_t rows, double *x, float *y) {
    for (size_t i = 0; i < rows && !ferror(w->stream); i += BLOCK_ROWS) {
        size_t count = rows - i < BLOCK_ROWS ? rows - i : BLOCK_ROWS;
        int status = write_block(w, session, data, i, count, x, y);
        if (status != CLI_DONE || cli_signal() != 0) {
            return status != CLI_DONE ? status : CLI_SIGNAL + cli_signal();
        }
    }
    return CLI_DONE; /* what the stream did not take fails when it is closed */
}

static int write_rows(const cli_predictions *w, const snug_dataset *data, size_t rows) {
    snug_session *session = snug_session_new_parallel(w->model, BLOCK_ROWS, 0);
    if (session == NULL) {
        return cli_library_error();
    }
    double *x = cli_allocate(snug_dataset_column_count(data), BLOCK_ROWS * sizeof *x);
    float *y = cli_allocate(w->outputs, BLOCK_ROWS * sizeof *y);
    cli_predictions_head(w, rows);
    int status = write_blocks(w, session, data, rows, x, y);
    if (w->json) {
        cli_predictions_json_end(w);
    }
    free(y);
    free(x);
    snug_session_free(session);
    return status;
}

static int predict(const snug_model *model, const snug_dataset *data,
                   const predict_options *given) {
    size_t rows = snug_dataset_row_count(data);
    cli_output output;
    cli_predictions w;
    cli_predictions_start(&w, model, given->json);
    if (given->out != NULL) {
        cli_signals_catch(); /* so that no half-written file stays behind */
    }
    int status = cli_output_open(&output, given->out);
    if (status == CLI_DONE) {
        w.stream = output.stream;
        status = write_rows(&w, data, given->rows > 0 && given->rows < rows ? given->rows : rows);
        if (status == CLI_DONE) {
            status = cli_output_close(&output);
        } else {
            cli_output_abandon(&output);
        }
    }
    cli_predictions_clear(&w);
    return status;
}

static int run(const cli_list *operands, const void *options) {
    const predict_options *given = options;
    int status = cli_check_input(operands->items[0], operands->items[1]);
    if (status == CLI_DONE) {
        cli_files files = {.command = "predict"};
        cli_files_read(&files, "the model", operands->items[0]);
        cli_files_read_data(&files, operands->items[1]);
        cli_files_write(&files, "--out", given->out);
        status = cli_files_finish(&files);
    }
    if (status != CLI_DONE) {
        return status;
    }
    snug_model *model = snug_model_load(operands->items[0]);
    if (model == NULL) {
        return cli_library_error();
    }
    snug_dataset *data =
        cli_data_open(operands->items[1], model, CLI_TARGETS_NONE, &given->reading, &status);
    if (data != NULL) {
        status = predict(model, data, given);
    }
    snug_dataset_free(data);
    snug_model_free(model);
    return status;
}

static const cli_option option_table[] = {
    {"--out", "FILE.csv", "write there instead of to standard output", &cli_string_type,
     offsetof(predict_options, out)},
    {"--rows", "N", "the first N rows only", &cli_count_type, offsetof(predict_options, rows)},
    CLI_DATA_OPTIONS(predict_options),
    {"--json", NULL, "write one JSON object instead of CSV", &cli_flag_type,
     offsetof(predict_options, json)},
    {0},
};

const cli_command cli_predict = {
    .name = "predict",
    .operands = "MODEL DATA",
    .summary = "predict each row of data with a saved model, as CSV",
    .details = CLI_DATA_HELP
    "Columns of targets and weights are ignored and may be missing; of images the labels may be\n"
    "left out.\n"
    "Classes give the column prediction and one p_CLASS a class; values a column a target,\n"
    "or a column a quantile, TARGET_q0.05, where the loss has several.\n",
    .min_operands = 2,
    .max_operands = 2,
    .options = option_table,
    .options_size = sizeof(predict_options),
    .run = run,
};
