#include <stdint.h>
#include <stdlib.h>

#include "data.h"
#include "output.h"

/* How often each class was taken for which; no counts where the targets are values. */
typedef struct confusion {
    size_t classes;
    size_t *counts; /* classes x classes */
} confusion;

static size_t class_count(const snug_model *model) {
    size_t count = 0;
    while (snug_model_class_name(model, count) != NULL) {
        count++;
    }
    return count;
}

static int judge(const snug_model *model, const snug_dataset *data, snug_metrics *metrics,
                 confusion *table) {
    if (snug_evaluate(model, data, metrics) != SNUG_OK) {
        return cli_fail();
    }
    table->classes = class_count(model);
    if (table->classes == 0) {
        return CLI_DONE;
    }
    if (table->classes > SIZE_MAX / table->classes) {
        return cli_wrong("too many classes");
    }
    table->counts = cli_allocate(table->classes * table->classes, sizeof *table->counts);
    snug_status status = snug_confusion(model, data, table->classes, table->counts);
    return status == SNUG_OK ? CLI_DONE : cli_fail();
}

static void print_json(const snug_model *model, const snug_metrics *metrics,
                       const confusion *table) {
    cJSON *json = cli_json_object(NULL, NULL);
    cli_json_count(json, "rows", metrics->rows);
    cli_json_metrics(json, metrics);
    if (table->counts != NULL) {
        cJSON *classes = cli_json_array(json, "classes");
        cJSON *rows = cli_json_array(json, "confusion");
        for (size_t k = 0; k < table->classes; k++) {
            cli_json_text(classes, NULL, snug_model_class_name(model, k));
            cJSON *row = cli_json_array(rows, NULL);
            for (size_t j = 0; j < table->classes; j++) {
                cli_json_count(row, NULL, table->counts[k * table->classes + j]);
            }
        }
    }
    cli_json_print(json);
}

static void print_metrics(const snug_metrics *metrics) {
    cli_table table = {.align = "lr"};
    cli_table_cell(&table, "rows");
    cli_table_cell(&table, "%zu", metrics->rows);
    for (size_t i = 0; i < metrics->count; i++) {
        cli_table_cell(&table, "%s", metrics->values[i].name);
        cli_table_number(&table, metrics->values[i].value);
    }
    cli_table_print(&table);
}

static void print_confusion(const snug_model *model, const confusion *counted) {
    char *align = cli_allocate(counted->classes + 2, 1);
    align[0] = 'l';
    for (size_t j = 0; j < counted->classes; j++) {
        align[j + 1] = 'r';
    }
    cli_table table = {.align = align};
    printf("\nrows of each class, and what they were taken for:\n");
    cli_table_cell(&table, "%s", "");
    for (size_t j = 0; j < counted->classes; j++) {
        cli_table_cell(&table, "%s", snug_model_class_name(model, j));
    }
    for (size_t k = 0; k < counted->classes; k++) {
        cli_table_cell(&table, "%s", snug_model_class_name(model, k));
        for (size_t j = 0; j < counted->classes; j++) {
            cli_table_cell(&table, "%zu", counted->counts[k * counted->classes + j]);
        }
    }
    cli_table_print(&table);
    free(align);
}

static int evaluate(const snug_model *model, const snug_dataset *data, const cli_args *args) {
    snug_metrics metrics;
    confusion table = {0};
    int status = judge(model, data, &metrics, &table);
    if (status == CLI_DONE && args->json) {
        print_json(model, &metrics, &table);
    } else if (status == CLI_DONE) {
        print_metrics(&metrics);
        if (table.counts != NULL) {
            print_confusion(model, &table);
        }
    }
    free(table.counts);
    return status;
}

static int run(const cli_args *args) {
    int status = CLI_DONE;
    snug_model *model = snug_model_load(args->operands[0]);
    if (model == NULL) {
        return cli_fail();
    }
    snug_dataset *data = cli_data_open(args->operands[1], model, true, args, &status);
    if (data != NULL) {
        status = evaluate(model, data, args);
    }
    snug_dataset_free(data);
    snug_model_free(model);
    return status;
}

static const cli_option options[] = {
    CLI_OPTION_DELIMITER,
    CLI_OPTION_NO_HEADER,
    CLI_OPTION_JSON,
    {0},
};

const cli_command cli_evaluate = {
    .name = "evaluate",
    .operands = "MODEL DATA",
    .summary = "judge a saved model on data: metrics, and the confusion of classes",
    .details = CLI_DATA_HELP,
    .min_operands = 2,
    .max_operands = 2,
    .options = options,
    .run = run,
};
