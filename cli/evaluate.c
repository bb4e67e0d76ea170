#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "data.h"
#include "output.h"

/*
 * The confusion matrix is printed unasked as long as people can read it. Asked for, it still has
 * to fit into memory: the largest takes 128 MiB.
 */
enum { READABLE = 100, MOST_CLASSES = 4096 };

typedef struct evaluate_options {
    cli_data_options reading;
    bool confusion, json;
} evaluate_options;

/* --confusion must be of use. */
static int check_option(size_t classes, const char *model, const evaluate_options *given) {
    if (given->confusion && classes == 0) {
        return cli_usage_error("evaluate: --confusion needs classes, and %s predicts values",
                               model);
    }
    if (given->confusion && classes > MOST_CLASSES) {
        return cli_usage_error("evaluate: --confusion counts at most %d classes, and %s has %zu",
                               MOST_CLASSES, model, classes);
    }
    return CLI_DONE;
}

/* Evaluates, with the confusion matrix where it is printed. */
static int evaluate_model(const snug_model *model, const snug_dataset *data,
                          const evaluate_options *given, snug_metrics *metrics) {
    size_t classes = snug_model_class_count(model);
    bool confusion = classes > 0 && (classes <= READABLE || given->confusion);
    snug_status status = confusion ? snug_evaluate_confusion(model, data, metrics)
                                   : snug_evaluate(model, data, metrics);
    return status == SNUG_OK ? CLI_DONE : cli_library_error();
}

/* ---- JSON ------------------------------------------------------------------------------------ */

/* As cJSON prints an array of arrays, whose items would take much more memory than the counts. */
static void print_json_counts(const snug_metrics *metrics) {
    printf(",\n\t\"confusion\":\t[");
    for (size_t k = 0; k < metrics->classes; k++) {
        for (size_t j = 0; j < metrics->classes; j++) {
            printf("%s%.15g",
                   j > 0   ? ", "
                   : k > 0 ? "], ["
                           : "[",
                   metrics->confusion[k * metrics->classes + j]);
        }
    }
    printf("]]\n}\n");
}

static void print_json(const snug_model *model, const snug_metrics *metrics) {
    cJSON *json = cli_json_object(NULL, NULL);
    cli_json_count(json, "rows", metrics->rows);
    cli_json_metrics(json, metrics);
    size_t class_count = snug_model_class_count(model);
    if (class_count > 0) {
        cJSON *classes = cli_json_array(json, "classes");
        for (size_t k = 0; k < class_count; k++) {
            cli_json_string(classes, NULL, snug_model_class_name(model, k));
        }
    }
    cli_json_warnings(json);
    if (metrics->confusion == NULL) {
        cli_json_print(json);
        return;
    }
    char *text = cli_json_format(json);
    printf("%.*s", (int)(strlen(text) - strlen("\n}")), text);
    print_json_counts(metrics);
    free(text);
}

/* ---- text ------------------------------------------------------------------------------------ */

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

/* How wide each column is, and that of the names on the left. */
static size_t *measure_columns(char **names, const snug_metrics *metrics, size_t *left) {
    size_t n = metrics->classes, *widths = cli_allocate(n, sizeof *widths);
    *left = 0;
    for (size_t j = 0; j < n; j++) {
        size_t widest = 0, name = cli_width(names[j]);
        for (size_t k = 0; k < n; k++) {
            size_t digits = (size_t)snprintf(NULL, 0, "%.15g", metrics->confusion[k * n + j]);
            widest = digits > widest ? digits : widest;
        }
        widths[j] = name > widest ? name : widest;
        *left = name > *left ? name : *left;
    }
    return widths;
}

/* Row by row, and not as a cli_table, which holds a text a cell. */
static void print_counts(char **names, const snug_metrics *metrics) {
    size_t n = metrics->classes, left, *widths = measure_columns(names, metrics, &left);
    printf("\nrows of each class, and what they were taken for:\n%*s", (int)left, "");
    for (size_t j = 0; j < n; j++) {
        printf("  %*s%s", (int)(widths[j] - cli_width(names[j])), "", names[j]);
    }
    for (size_t k = 0; k < n; k++) {
        printf("\n%s%*s", names[k], (int)(left - cli_width(names[k])), "");
        for (size_t j = 0; j < n; j++) {
            printf("  %*.15g", (int)widths[j], metrics->confusion[k * n + j]);
        }
    }
    putchar('\n');
    free(widths);
}

static void print_confusion(const snug_model *model, const snug_metrics *metrics) {
    char **names = cli_allocate(metrics->classes, sizeof *names);
    for (size_t k = 0; k < metrics->classes; k++) {
        names[k] = cli_printable(snug_model_class_name(model, k));
    }
    print_counts(names, metrics);
    for (size_t k = 0; k < metrics->classes; k++) {
        free(names[k]);
    }
    free(names);
}

static void print_text(const snug_model *model, const snug_metrics *metrics) {
    size_t class_count = snug_model_class_count(model);
    double least, largest;
    print_metrics(metrics);
    if (snug_model_prediction_range(model, 0, &least, &largest)) {
        printf(
            "\nthe loss is that of values before they are clipped to the range of the training "
            "targets,\nother metrics are those of clipped values, as snug predict writes them\n");
    }
    if (metrics->confusion != NULL) {
        print_confusion(model, metrics);
    } else if (class_count > MOST_CLASSES) {
        printf("\n%zu classes are too many for a confusion matrix\n", class_count);
    } else if (class_count > 0) {
        printf("\n--confusion prints the confusion matrix of %zu classes\n", class_count);
    }
}

static int evaluate(const snug_model *model, const snug_dataset *data,
                    const evaluate_options *given) {
    snug_metrics metrics;
    int status = evaluate_model(model, data, given, &metrics);
    if (status == CLI_DONE) {
        (given->json ? print_json : print_text)(model, &metrics);
        snug_metrics_clear(&metrics);
    }
    return status;
}

static int run(const cli_list *operands, const void *options) {
    const evaluate_options *given = options;
    int status = cli_check_input(operands->items[0], operands->items[1]);
    if (status != CLI_DONE) {
        return status;
    }
    snug_model *model = snug_model_load(operands->items[0]);
    if (model == NULL) {
        return cli_library_error();
    }
    status = cli_check_loss(model, operands->items[0]);
    if (status == CLI_DONE) {
        status = check_option(snug_model_class_count(model), operands->items[0], given);
    }
    snug_dataset *data =
        status == CLI_DONE
            ? cli_data_open(operands->items[1], model, CLI_TARGETS_NEEDED, &given->reading, &status)
            : NULL;
    if (data != NULL) {
        status = evaluate(model, data, given);
    }
    snug_dataset_free(data);
    snug_model_free(model);
    return status;
}

static const cli_option option_table[] = {
    CLI_DATA_OPTIONS(evaluate_options),
    {"--confusion", NULL, "print the confusion matrix also of more than 100 classes",
     &cli_flag_type, offsetof(evaluate_options, confusion)},
    CLI_JSON_OPTION(evaluate_options),
    {0},
};

const cli_command cli_evaluate = {
    .name = "evaluate",
    .operands = "MODEL DATA",
    .summary = "evaluate a saved model on data: metrics, and the confusion matrix of classes",
    .details = CLI_DATA_HELP,
    .min_operands = 2,
    .max_operands = 2,
    .options = option_table,
    .options_size = sizeof(evaluate_options),
    .run = run,
};
