#include "commands.h"
#include "output.h"

static int run(const cli_list *operands, const void *options) {
    (void)operands, (void)options;
    char *schema = snug_schema();
    if (schema == NULL) {
        return cli_library_error();
    }
    puts(schema);
    snug_free(schema);
    return CLI_DONE;
}

const cli_command cli_schema = {
    .name = "schema",
    .operands = "",
    .summary = "print the JSON Schema (2020-12) of an experiment file",
    .run = run,
};
