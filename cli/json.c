#include <math.h>
#include <stdlib.h>

#include "json/json_build.h"
#include "output.h"

/* Ends the process where there is no memory. */
static void require(bool ok) {
    if (!ok) {
        exit(cli_runtime_error("out of memory"));
    }
}

cJSON *cli_json_object(cJSON *parent, const char *key) {
    bool failed = false;
    cJSON *object = snug_json_object(parent, key, &failed);
    require(!failed);
    return object;
}

cJSON *cli_json_array(cJSON *parent, const char *key) {
    bool failed = false;
    cJSON *array = snug_json_array(parent, key, &failed);
    require(!failed);
    return array;
}

void cli_json_number(cJSON *object, const char *key, double number) {
    bool failed = false;
    if (isfinite(number)) {
        snug_json_number(object, key, number, &failed);
    } else {
        snug_json_null(object, key, &failed);
    }
    require(!failed);
}

void cli_json_count(cJSON *object, const char *key, size_t count) {
    cli_json_number(object, key, (double)count);
}

void cli_json_bool(cJSON *object, const char *key, bool value) {
    bool failed = false;
    snug_json_bool(object, key, value, &failed);
    require(!failed);
}

void cli_json_string(cJSON *parent, const char *key, const char *string) {
    bool failed = false;
    snug_json_string(parent, key, string, &failed);
    require(!failed);
}

void cli_json_metrics(cJSON *object, const snug_metrics *metrics) {
    for (size_t i = 0; i < metrics->count; i++) {
        cli_json_number(object, metrics->values[i].name, metrics->values[i].value);
    }
}

char *cli_json_quote(const char *text) {
    cJSON *string = cJSON_CreateString(text);
    require(string != NULL);
    char *printed = cJSON_PrintUnformatted(string);
    require(printed != NULL);
    char *quoted = cli_format("%s", printed);
    cJSON_free(printed);
    cJSON_Delete(string);
    return quoted;
}

char *cli_json_format(cJSON *json) {
    char *printed = cJSON_Print(json);
    require(printed != NULL);
    char *text = cli_format("%s", printed);
    cJSON_free(printed);
    cJSON_Delete(json);
    return text;
}

void cli_json_print(cJSON *json) {
    char *text = cli_json_format(json);
    puts(text);
    free(text);
}
