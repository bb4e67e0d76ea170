#include <stdlib.h>

#include "export.h"
#include "output.h"

/* Of a list, how many are printed: columns, and names of categories or outputs. */
enum { MOST_COLUMNS = 20, MOST_NAMES = 8 };

static const char *text_of(const cJSON *object, const char *key) {
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, key));
    return text != NULL ? text : "";
}

/* Returns "0 blue, 1 red", or without numbers "blue, red", for free(); not all of many. */
static char *list_names(const cJSON *names, bool numbered) {
    char *list = cli_format("%s", "");
    const cJSON *name = NULL;
    int count = 0;
    cJSON_ArrayForEach(name, names) {
        if (count == MOST_NAMES) {
            break;
        }
        char *printable = cli_printable(name->valuestring);
        const char *comma = count > 0 ? ", " : "";
        char *longer = numbered ? cli_format("%s%s%d %s", list, comma, count, printable)
                                : cli_format("%s%s%s", list, comma, printable);
        free(printable);
        free(list);
        list = longer;
        count++;
    }
    if (cJSON_GetArraySize(names) > MOST_NAMES) {
        char *longer = cli_format("%s ...", list);
        free(list);
        list = longer;
    }
    return list;
}

/* ---- columns --------------------------------------------------------------------------------- */

/* Returns whether a column is a number that goes in as it is in the table. */
static bool is_plain(const cJSON *column) {
    return cJSON_GetObjectItemCaseSensitive(column, "categories") == NULL &&
           cJSON_GetObjectItemCaseSensitive(column, "offset") == NULL;
}

static void add_column(cli_table *table, size_t number, const cJSON *column) {
    const cJSON *categories = cJSON_GetObjectItemCaseSensitive(column, "categories");
    const cJSON *offset = cJSON_GetObjectItemCaseSensitive(column, "offset");
    char *name = cli_printable(text_of(column, "name"));
    cli_table_cell(table, "  %zu", number);
    cli_table_cell(table, "%s", name);
    if (categories != NULL) {
        char *names = list_names(categories, true);
        cli_table_cell(table, "category: %s", names);
        free(names);
    } else if (offset != NULL) {
        cli_table_cell(table, "number, minus %.17g", offset->valuedouble);
    } else {
        cli_table_cell(table, "number");
    }
    free(name);
}

/* Prints the columns; of many only those that are not plain numbers. */
static void print_columns(const cJSON *columns) {
    const size_t count = (size_t)cJSON_GetArraySize(columns);
    const bool all = count <= MOST_COLUMNS;
    cli_table table = {.align = "rll"};
    const cJSON *column = NULL;
    size_t number = 0, listed = 0;
    printf("%zu column%s in, as float32:\n", count, count == 1 ? " goes" : "s go");
    cJSON_ArrayForEach(column, columns) {
        number++;
        if (listed < MOST_COLUMNS && (all || !is_plain(column))) {
            add_column(&table, number, column);
            listed++;
        }
    }
    cli_table_print(&table);
    if (listed == 0) {
        printf("  all of them numbers; --json lists their names\n");
    } else if (listed < count) {
        printf("  and %zu more, which --json lists\n", count - listed);
    }
}

/* ---- the report ------------------------------------------------------------------------------ */

void cli_export_report(const cJSON *description) {
    const cJSON *classes = cJSON_GetObjectItemCaseSensitive(description, "classes");
    const cJSON *values = cJSON_GetObjectItemCaseSensitive(description, "values");
    const cJSON *threshold = cJSON_GetObjectItemCaseSensitive(description, "threshold");
    const cJSON *note = NULL;
    print_columns(cJSON_GetObjectItemCaseSensitive(description, "columns"));
    const cJSON *outputs = classes != NULL ? classes : values;
    char *names = list_names(outputs, classes != NULL);
    const int count = cJSON_GetArraySize(outputs);
    printf("%d %s come%s out: %s\n", count,
           classes != NULL ? (count == 1 ? "class" : "classes") : (count == 1 ? "value" : "values"),
           count == 1 ? "s" : "", names);
    free(names);
    if (threshold != NULL) {
        printf("the second class is predicted where its probability is above %.6g\n",
               threshold->valuedouble);
    }
    cJSON_ArrayForEach(note, cJSON_GetObjectItemCaseSensitive(description, "notes")) {
        printf("note: %s\n", note->valuestring);
    }
}
