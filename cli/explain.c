#include <stdlib.h>
#include <string.h>

#include "command_files.h"
#include "commands.h"
#include "data.h"
#include "output.h"

/* The most panels of a picture where --columns does not say which. */
enum { MOST_PANELS = 6 };

typedef struct explain_options {
    const char *metric, *svg;
    size_t repeats, threads;
    uint64_t seed;
    cli_list columns;
    cli_data_options reading;
    bool json;
} explain_options;

/* ---- printing -------------------------------------------------------------------------------- */

static int by_importance(const void *a, const void *b) {
    const snug_column_importance *x = a, *y = b;
    return (y->mean > x->mean) - (y->mean < x->mean);
}

static void print_json(const snug_explanation *found) {
    cJSON *json = cli_json_object(NULL, NULL);
    cli_json_string(json, "metric", found->metric);
    cli_json_number(json, "value", found->baseline);
    cli_json_count(json, "rows", found->rows);
    cli_json_count(json, "repeats", found->repeats);
    cJSON *list = cli_json_array(json, "importance");
    for (size_t i = 0; i < found->count; i++) {
        cJSON *column = cli_json_object(list, NULL);
        cli_json_string(column, "column", found->columns[i].column);
        cli_json_number(column, "mean", found->columns[i].mean);
        cli_json_number(column, "deviation", found->columns[i].deviation);
    }
    cli_json_warnings(json);
    cli_json_print(json);
}

/* A bar of at most 20 characters, as long as the share of the largest importance. */
static void print_bar(cli_table *table, double mean, double largest) {
    static const char bar[] = "####################";
    int length = mean > 0 && largest > 0 ? (int)(20.0 * mean / largest + 0.5) : 0;
    cli_table_cell(table, "%.*s", length, bar);
}

static void print_text(const snug_explanation *found) {
    cli_table table = {.align = "lrrl"};
    printf(
        "%s %.5g of %zu rows; how much %s it gets where a column is permuted, %zu times each\n\n",
        found->metric, found->baseline, found->rows, found->greater ? "smaller" : "larger",
        found->repeats);
    cli_table_cell(&table, "column");
    cli_table_cell(&table, "mean");
    cli_table_cell(&table, "deviation");
    cli_table_cell(&table, "%s", "");
    for (size_t i = 0; i < found->count; i++) {
        const snug_column_importance *column = &found->columns[i];
        char *name = cli_printable(column->column);
        cli_table_cell(&table, "%s", name);
        cli_table_number(&table, column->mean);
        cli_table_number(&table, column->deviation);
        print_bar(&table, column->mean, found->columns[0].mean);
        free(name);
    }
    cli_table_print(&table);
}

/* ---- the picture ----------------------------------------------------------------------------- */

/* Draws the dependence on the first columns, the most important ones. */
static int draw(const snug_model *model, const snug_dataset *data, const snug_explanation *found,
                const explain_options *given) {
    const size_t most = given->columns.count > 0 ? found->count : MOST_PANELS;
    const size_t count = found->count < most ? found->count : most;
    const snug_explain_options options = {.threads = given->threads};
    snug_dependence *panels = cli_allocate(count, sizeof *panels);
    snug_status status = SNUG_OK;
    for (size_t i = 0; i < count && status == SNUG_OK; i++) {
        status =
            snug_explain_dependence(model, data, found->columns[i].column, &options, &panels[i]);
    }
    char *picture = status == SNUG_OK ? snug_plot_dependence(panels, count) : NULL;
    int result = picture != NULL ? cli_output_text(given->svg, picture) : cli_library_error();
    snug_free(picture);
    for (size_t i = 0; i < count; i++) {
        snug_dependence_clear(&panels[i]);
    }
    free(panels);
    return result;
}

/* ---- the run --------------------------------------------------------------------------------- */

static int explain(const snug_model *model, const snug_dataset *data,
                   const explain_options *given) {
    const snug_explain_options options = {
        .metric = given->metric,
        .repeats = given->repeats,
        .seed = given->seed,
        .threads = given->threads,
        .columns = given->columns.count > 0 ? given->columns.items : NULL,
        .column_count = given->columns.count,
    };
    snug_explanation found;
    if (snug_explain_importance(model, data, &options, &found) != SNUG_OK) {
        return cli_library_error();
    }
    qsort(found.columns, found.count, sizeof *found.columns, by_importance);
    int status = given->svg != NULL ? draw(model, data, &found, given) : CLI_DONE;
    if (status == CLI_DONE) {
        (given->json ? print_json : print_text)(&found);
    }
    snug_explanation_clear(&found);
    return status;
}

static int run(const cli_list *operands, const void *options) {
    const explain_options *given = options;
    int status = cli_check_input(operands->items[0], operands->items[1]);
    if (status == CLI_DONE) {
        cli_files files = {.command = "explain"};
        cli_files_read(&files, "the model", operands->items[0]);
        cli_files_read_data(&files, operands->items[1]);
        cli_files_draw(&files, "--svg", given->svg);
        status = cli_files_finish(&files);
    }
    if (status != CLI_DONE) {
        return status;
    }
    snug_model *model = snug_model_load(operands->items[0]);
    if (model == NULL) {
        return cli_library_error();
    }
    status = cli_check_loss(model, operands->items[0]);
    snug_dataset *data =
        status == CLI_DONE
            ? cli_data_open(operands->items[1], model, CLI_TARGETS_NEEDED, &given->reading, &status)
            : NULL;
    if (data != NULL) {
        status = explain(model, data, given);
    }
    snug_dataset_free(data);
    snug_model_free(model);
    return status;
}

static const cli_option option_table[] = {
    {"--repeats", "N", "permutations of each column; otherwise 5", &cli_count_type,
     offsetof(explain_options, repeats)},
    {"--metric", "NAME", "what gets worse; otherwise the loss", &cli_string_type,
     offsetof(explain_options, metric)},
    {"--columns", "A,B", "these columns alone", &cli_names_type,
     offsetof(explain_options, columns)},
    {"--svg", "FILE.svg", "draw the mean prediction by each of the columns, or the 6 first",
     &cli_string_type, offsetof(explain_options, svg)},
    {"--seed", "N", "of the permutations", &cli_number_type, offsetof(explain_options, seed)},
    CLI_THREADS_OPTION(explain_options, "threads; otherwise as many as the process may use"),
    CLI_DATA_OPTIONS(explain_options),
    CLI_JSON_OPTION(explain_options),
    {0},
};

const cli_command cli_explain = {
    .name = "explain",
    .operands = "MODEL DATA",
    .summary = "how much a saved model depends on each column of data, and how",
    .details = "The importance of a column is by how much the metric gets worse where the values\n"
               "of the column are exchanged among the rows. DATA has the targets, and is best\n"
               "rows that the model was not trained on.\n" CLI_DATA_HELP,
    .min_operands = 2,
    .max_operands = 2,
    .options = option_table,
    .options_size = sizeof(explain_options),
    .run = run,
};
