#include <math.h>
#include <stdlib.h>

#include "command.h"
#include "output.h"

/* Ends the process where cJSON found no memory. */
static void need(const void *made) {
    if (made == NULL) {
        exit(cli_runtime_error("out of memory"));
    }
}

/* Adds to an object (key), to an array (key NULL), or nowhere (parent NULL). */
static cJSON *add(cJSON *parent, const char *key, cJSON *item) {
    need(item);
    if (parent == NULL) {
        return item;
    }
    if (key != NULL ? !cJSON_AddItemToObject(parent, key, item)
                    : !cJSON_AddItemToArray(parent, item)) {
        need(NULL);
    }
    return item;
}

cJSON *cli_json_object(cJSON *parent, const char *key) {
    return add(parent, key, cJSON_CreateObject());
}

cJSON *cli_json_array(cJSON *parent, const char *key) {
    return add(parent, key, cJSON_CreateArray());
}

void cli_json_number(cJSON *object, const char *key, double number) {
    add(object, key, isfinite(number) ? cJSON_CreateNumber(number) : cJSON_CreateNull());
}

void cli_json_count(cJSON *object, const char *key, size_t count) {
    add(object, key, cJSON_CreateNumber((double)count));
}

void cli_json_bool(cJSON *object, const char *key, bool value) {
    add(object, key, cJSON_CreateBool(value));
}

void cli_json_text(cJSON *parent, const char *key, const char *text) {
    add(parent, key, cJSON_CreateString(text));
}

void cli_json_metrics(cJSON *object, const snug_metrics *metrics) {
    for (size_t i = 0; i < metrics->count; i++) {
        cli_json_number(object, metrics->values[i].name, metrics->values[i].value);
    }
}

char *cli_json_quote(const char *text) {
    cJSON *string = cJSON_CreateString(text);
    need(string);
    char *printed = cJSON_PrintUnformatted(string);
    need(printed);
    char *quoted = cli_format("%s", printed);
    cJSON_free(printed);
    cJSON_Delete(string);
    return quoted;
}

char *cli_json_format(cJSON *json) {
    char *printed = cJSON_Print(json);
    need(printed);
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
