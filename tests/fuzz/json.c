#include <string.h>

#include "core/memory.h"
#include "fuzz.h"
#include "json/json.h"
#include "json/json_print.h"

/* What is accepted can be printed, and what is printed is accepted and prints the same. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    cJSON *value = snug_json_parse("input", (const char *)data, size);
    if (value == NULL) {
        return 0;
    }
    char *printed = snug_json_print(value, false);
    fuzz_check(printed != NULL, "an accepted value can be printed");
    cJSON *again = snug_json_parse("printed", printed, strlen(printed));
    fuzz_check(again != NULL, "a printed value is accepted");
    char *twice = snug_json_print(again, false);
    fuzz_check(twice != NULL && strcmp(printed, twice) == 0, "a value prints the same twice");
    snug_release(printed);
    snug_release(twice);
    cJSON_Delete(value);
    cJSON_Delete(again);
    return 0;
}
