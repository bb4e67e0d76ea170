#include "commands.h"
#include "experiment.h"
#include "output.h"

typedef struct check_options {
    cli_list set;
    bool json;
} check_options;

static const char *verdict(const snug_gradient_check *check) {
    if (!check->passed) {
        return "WRONG";
    }
    return check->zero ? "ok, all zero" : "ok";
}

static void print_table(const snug_gradient_report *report) {
    cli_table table = {.align = "lrrrl"};
    cli_table_cell(&table, "tensor");
    cli_table_cell(&table, "checked");
    cli_table_cell(&table, "kinks");
    cli_table_cell(&table, "error");
    cli_table_cell(&table, "%s", "");
    for (size_t i = 0; i < report->count; i++) {
        const snug_gradient_check *check = &report->checks[i];
        cli_table_cell(&table, "%s", check->tensor);
        cli_table_cell(&table, "%zu", check->checked);
        cli_table_cell(&table, "%zu", check->kinks);
        cli_table_cell(&table, "%.2e", check->error);
        cli_table_cell(&table, "%s", verdict(check));
    }
    cli_table_print(&table);
}

static void print_json(const snug_gradient_report *report) {
    cJSON *json = cli_json_object(NULL, NULL);
    cli_json_bool(json, "passed", report->passed);
    cJSON *tensors = cli_json_array(json, "tensors");
    for (size_t i = 0; i < report->count; i++) {
        const snug_gradient_check *check = &report->checks[i];
        cJSON *tensor = cli_json_object(tensors, NULL);
        cli_json_string(tensor, "name", check->tensor);
        cli_json_count(tensor, "checked", check->checked);
        cli_json_count(tensor, "kinks", check->kinks);
        cli_json_number(tensor, "error", check->error);
        cli_json_bool(tensor, "zero", check->zero);
        cli_json_bool(tensor, "passed", check->passed);
    }
    cli_json_warnings(json);
    cli_json_print(json);
}

static int check_gradients(const cli_experiment *opened, const check_options *given) {
    snug_gradient_report report = {.loss = opened->options.loss, .seed = opened->options.seed};
    snug_status status = snug_check_gradients(opened->model, opened->train, &report);
    if (report.count > 0) {
        (given->json ? print_json : print_table)(&report);
    }
    snug_gradient_report_clear(&report);
    return status == SNUG_OK ? CLI_DONE : cli_library_error();
}

static int run(const cli_list *operands, const void *options) {
    const check_options *given = options;
    cli_experiment opened;
    cli_files files = {.command = "check"};
    int status = cli_experiment_open(&opened, operands->items[0], &given->set, false, &files);
    if (status == CLI_DONE) {
        status = cli_experiment_initialize(&opened);
    }
    if (status == CLI_DONE) {
        status = check_gradients(&opened, given);
    }
    cli_experiment_clear(&opened);
    return status;
}

static const cli_option option_table[] = {
    CLI_SET_OPTION(check_options),
    CLI_JSON_OPTION(check_options),
    {0},
};

const cli_command cli_check = {
    .name = "check",
    .operands = "EXPERIMENT.json",
    .summary = "validate an experiment, and check every gradient numerically",
    .details = "Each tensor's gradient on a few rows is compared with central differences.\n",
    .min_operands = 1,
    .max_operands = 1,
    .options = option_table,
    .options_size = sizeof(check_options),
    .run = run,
};
