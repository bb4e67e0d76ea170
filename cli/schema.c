#include "args.h"
#include "output.h"

static int run(const cli_args *args) {
    char *schema = snug_schema();
    (void)args;
    if (schema == NULL) {
        return cli_library_error();
    }
    puts(schema);
    snug_free(schema);
    return CLI_DONE;
}

static const cli_option options[] = {{0}};

const cli_command cli_schema = {
    .name = "schema",
    .operands = "",
    .summary = "print the JSON Schema (2020-12) of an experiment file",
    .options = options,
    .run = run,
};
