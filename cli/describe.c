#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "output.h"

static const char *text_of(const cJSON *object, const char *key) {
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, key));
    return text != NULL ? text : "";
}

/* Returns a value for people, for free(): a string without quotes, any other value as JSON. */
static char *plain(const cJSON *value) {
    if (value == NULL || cJSON_IsNull(value)) {
        return cli_format("%s", "");
    }
    if (cJSON_IsString(value)) {
        return cli_format("%s", value->valuestring);
    }
    char *printed = cJSON_PrintUnformatted(value);
    char *text = cli_format("%s", printed != NULL ? printed : "");
    cJSON_free(printed);
    return text;
}

/* ---- all kinds ------------------------------------------------------------------------------- */

static void print_group(const cJSON *group) {
    cli_table table = {.align = "ll"};
    const cJSON *kind = NULL;
    printf("%s\n", group->string);
    cJSON_ArrayForEach(kind, group) {
        cli_table_cell(&table, "  %s", text_of(kind, "name"));
        cli_table_cell(&table, "%s", text_of(kind, "summary"));
    }
    cli_table_print(&table);
}

static void print_groups(const cJSON *groups) {
    const cJSON *group = NULL;
    cJSON_ArrayForEach(group, groups) {
        if (group != groups->child) {
            putchar('\n');
        }
        print_group(group);
    }
    printf("\nsnug describe NAME shows the fields of one.\n");
}

/* ---- one kind -------------------------------------------------------------------------------- */

/* Returns what the table prints in one column of a field. Free with free(). */
static char *field_text(const cJSON *field, const char *column) {
    bool required = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(field, "required"));
    if (required && strcmp(column, "default") == 0) {
        return cli_format("%s", "(required)");
    }
    return plain(cJSON_GetObjectItemCaseSensitive(field, column));
}

static void print_fields(const cJSON *fields) {
    static const char *const columns[] = {"kind", "default", "range", "help"};
    cli_table table = {.align = "lllll"};
    const cJSON *field = NULL;
    cli_table_cell(&table, "  field");
    for (size_t j = 0; j < sizeof columns / sizeof *columns; j++) {
        cli_table_cell(&table, "%s", columns[j]);
    }
    cJSON_ArrayForEach(field, fields) {
        cli_table_cell(&table, "  %s", text_of(field, "name"));
        for (size_t j = 0; j < sizeof columns / sizeof *columns; j++) {
            char *text = field_text(field, columns[j]);
            cli_table_cell(&table, "%s", text);
            free(text);
        }
    }
    cli_table_print(&table);
}

static void print_kind(const cJSON *kind) {
    const cJSON *fields = cJSON_GetObjectItemCaseSensitive(kind, "fields");
    printf("%s: %s\n", text_of(kind, "name"), text_of(kind, "summary"));
    if (cJSON_GetArraySize(fields) > 0) {
        putchar('\n');
        print_fields(fields);
    }
}

static int print_text(const char *text) {
    cJSON *json = cJSON_Parse(text);
    if (json == NULL) {
        return cli_runtime_error("out of memory");
    }
    if (cJSON_GetObjectItemCaseSensitive(json, "name") != NULL) {
        print_kind(json);
    } else {
        print_groups(json);
    }
    cJSON_Delete(json);
    return CLI_DONE;
}

typedef struct describe_options {
    bool json;
} describe_options;

static int run(const cli_list *operands, const void *options) {
    const describe_options *given = options;
    int status = CLI_DONE;
    char *text = snug_describe(operands->count > 0 ? operands->items[0] : NULL);
    if (text == NULL) {
        return cli_library_error();
    }
    if (given->json) {
        puts(text);
    } else {
        status = print_text(text);
    }
    snug_free(text);
    return status;
}

static void print_names(const cJSON *groups) {
    const cJSON *group = NULL, *member = NULL;
    cJSON_ArrayForEach(group, groups) {
        cJSON_ArrayForEach(member, group) {
            printf("%s ", text_of(member, "name"));
        }
    }
}

static int print_operands(void) {
    char *text = snug_describe(NULL);
    cJSON *groups = text != NULL ? cJSON_Parse(text) : NULL;
    print_names(groups);
    snug_free(text);
    cJSON_Delete(groups);
    return groups != NULL ? CLI_DONE : cli_library_error();
}

static const cli_option option_table[] = {
    CLI_JSON_OPTION(describe_options),
    {0},
};

const cli_command cli_describe = {
    .name = "describe",
    .operands = "[NAME]",
    .summary = "list what there is: layers, activations, losses ...; or the fields of one",
    .details = "A name that two groups share is asked as init:constant.\n",
    .max_operands = 1,
    .options = option_table,
    .options_size = sizeof(describe_options),
    .print_operands = print_operands,
    .run = run,
};
