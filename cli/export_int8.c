#include <math.h>
#include <stdlib.h>

#include "data.h"
#include "export.h"
#include "output.h"

static void add_report(cJSON *description, const snug_int8_report *report) {
    cJSON *json = cli_json_object(description, "int8");
    cli_json_count(json, "rows", report->rows);
    cli_json_string(json, "metric", report->classes ? "accuracy" : "rmse");
    cli_json_number(json, "float", report->float_quality);
    cli_json_number(json, "int8", report->int8_quality);
    cli_json_count(json, "float_bytes", report->float_bytes);
    cli_json_count(json, "int8_bytes", report->int8_bytes);
}

int cli_export_int8(const snug_model *model, const char *path, const export_options *given,
                    cJSON *description) {
    const snug_c_options options = {.no_libm = given->no_libm, .name = given->name};
    snug_int8_report report;
    int status = CLI_DONE;
    snug_dataset *data =
        cli_data_open(given->data, model, CLI_TARGETS_NEEDED, &given->reading, &status);
    if (data == NULL) {
        return status;
    }
    if (snug_model_export_c_int8(model, path, &options, data, &report) == SNUG_OK) {
        add_report(description, &report);
    } else {
        status = cli_write_error();
    }
    snug_dataset_free(data);
    return status;
}

static double number_of(const cJSON *json, const char *key) {
    return cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(json, key));
}

void cli_export_int8_report(const cJSON *description) {
    const cJSON *json = cJSON_GetObjectItemCaseSensitive(description, "int8");
    if (json == NULL) {
        return;
    }
    const char *metric = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, "metric"));
    const double before = number_of(json, "float"), after = number_of(json, "int8");
    char *float_bytes = cli_bytes((size_t)number_of(json, "float_bytes"));
    char *int8_bytes = cli_bytes((size_t)number_of(json, "int8_bytes"));
    printf("\nint8 on %.0f rows: %s %.5g, in float %.5g", number_of(json, "rows"), metric, after,
           before);
    if (metric[0] == 'a') {
        printf("; a %s of %.2f points", after > before ? "gain" : "loss",
               100 * fabs(after - before));
    } else {
        printf("; %.2f%% %s", 100 * fabs(after / before - 1), after < before ? "less" : "more");
    }
    printf("\nconstants: %s, in float %s\n", int8_bytes, float_bytes);
    free(float_bytes);
    free(int8_bytes);
}
