#include <stdlib.h>
#include <string.h>

#include "new_report.h"
#include "output.h"

/* ---- what is printed ------------------------------------------------------------------------- */

static const char *quote_character(char c, char quoted[4]) {
    if (c == '\t' || c == ' ') {
        return c == '\t' ? "tabs" : "blanks";
    }
    snprintf(quoted, 4, "\"%c\"", c);
    return quoted;
}

static void print_file(const char *path, const snug_suggestion *seen) {
    char quoted[4];
    printf("%s: %zu rows, ", path, seen->rows + seen->rows_without_target);
    if (seen->column_count > 0) {
        printf("%zu columns; %s", seen->column_count, seen->format);
    } else {
        printf("%zu values a row; %s", seen->features, seen->format);
    }
    if (seen->encoding != NULL) {
        printf(", %s", seen->encoding);
    }
    if (seen->delimiter != 0) {
        printf(", fields between %s, decimal mark \"%c\", %s",
               quote_character(seen->delimiter, quoted), seen->decimal,
               seen->header ? "a header" : "no header");
    }
    printf("\n");
}

/* Of each kind, how many are printed; and bytes of a name. */
enum { MOST_NAMES = 12, MOST_CLASSES = 6, MOST_NOTES = 12, LONGEST_NAME = 60 };

/* Prints a name, of a very long one the first characters. */
static void print_name(const char *name) {
    char *printable = cli_printable(name);
    size_t length = strlen(printable);
    bool cut = length > LONGEST_NAME;
    length = cut ? LONGEST_NAME : length;
    while (cut && length > 0 && ((unsigned char)printable[length] & 0xC0U) == 0x80U) {
        length--; /* not within a character of UTF-8 */
    }
    printf("%.*s%s", (int)length, printable, cut ? "..." : "");
    free(printable);
}

/* Prints a share of the rows, which is not 0, in percent. */
static void print_share(size_t count, size_t rows) {
    double share = 100.0 * (double)count / (double)rows;
    printf(share < 0.1 ? "< 0.1 %%" : "%.1f %%", share);
}

/* Orders classes from the largest on; equal ones by their position, which is that of the names. */
static int compare_sizes(const void *a, const void *b) {
    const snug_suggested_class *left = *(const snug_suggested_class *const *)a,
                               *right = *(const snug_suggested_class *const *)b;
    return left->rows != right->rows ? (left->rows < right->rows) - (left->rows > right->rows)
                                     : (left > right) - (left < right);
}

/* Prints all classes by name; of many the largest. */
static void print_classes(const snug_suggestion *seen) {
    const snug_suggested_class **order = cli_allocate(seen->class_count, sizeof *order);
    size_t printed = seen->class_count < MOST_CLASSES ? seen->class_count : MOST_CLASSES;
    for (size_t i = 0; i < seen->class_count; i++) {
        order[i] = &seen->classes[i];
    }
    if (seen->class_count > MOST_CLASSES) {
        qsort(order, seen->class_count, sizeof *order, compare_sizes);
    }
    printf("%zu classes:", seen->class_count);
    for (size_t i = 0; i < printed; i++) {
        printf("%s ", i > 0 ? "," : "");
        print_name(order[i]->name);
        printf(" ");
        print_share(order[i]->rows, seen->rows);
    }
    if (seen->class_count > printed) {
        printf(" and %zu more", seen->class_count - printed);
    }
    free(order);
}

/*
 * Prints the targets, what they hold and why, and what would change that; several are values. Those
 * that nobody named are the last.
 */
static void print_target(const snug_suggestion *seen, bool named) {
    size_t targets = 0, last = 0;
    printf("target      ");
    for (size_t i = 0; i < seen->column_count; i++) {
        if (seen->columns[i].use == SNUG_USE_TARGET) {
            printf("%s", targets++ > 0 ? ", " : "");
            print_name(seen->columns[i].name);
            last = i;
        }
    }
    if (!named && targets > 0) {
        printf(", the last %s%s (--target)", targets > 1 ? "columns" : "column",
               last + 1 < seen->column_count ? " that can be the target" : "");
    }
    printf("%s", targets > 0 ? ": " : "");
    if (seen->task == SNUG_TASK_CLASSIFICATION) {
        print_classes(seen);
        printf("; %s (--task value)\n", seen->task_reason);
    } else {
        printf("values; %s%s\n", seen->task_reason, targets > 1 ? "" : " (--task class)");
    }
}

static void print_column(const snug_suggested_column *column, size_t rows) {
    printf(" ");
    print_name(column->name);
    bool categories = column->use == SNUG_USE_CATEGORIES;
    if (categories) {
        printf(" (%zu", column->distinct);
    }
    if (column->missing > 0) {
        printf("%s", categories ? ", " : " (");
        print_share(column->missing, rows);
        printf(" missing)");
    } else if (categories) {
        printf(")");
    }
}

/* Prints the columns of one use, the first of them by name. */
static void print_columns(const snug_suggestion *seen, snug_column_use use, const char *title) {
    size_t count = 0, rows = seen->rows + seen->rows_without_target;
    for (size_t i = 0; i < seen->column_count; i++) {
        count += seen->columns[i].use == use;
    }
    if (count == 0) {
        return;
    }
    printf("%-12s%zu:", title, count);
    for (size_t i = 0, printed = 0; i < seen->column_count && printed < MOST_NAMES; i++) {
        if (seen->columns[i].use == use) {
            printf("%s", printed++ > 0 ? "," : "");
            print_column(&seen->columns[i], rows);
        }
    }
    printf("%s\n", count > MOST_NAMES ? " ..." : "");
}

/* Prints the ignored columns by the reason, each once, the first of them by name. */
static void print_ignored(const snug_suggestion *seen) {
    for (size_t i = 0; i < seen->column_count; i++) {
        const char *reason = seen->columns[i].reason;
        size_t first = 0, printed = 0;
        while (reason != NULL && (seen->columns[first].reason == NULL ||
                                  strcmp(seen->columns[first].reason, reason) != 0)) {
            first++;
        }
        if (reason == NULL || first < i) {
            continue;
        }
        printf("ignored    ");
        for (size_t j = i; j < seen->column_count; j++) {
            const char *other = seen->columns[j].reason;
            if (other != NULL && strcmp(other, reason) == 0 && printed++ < MOST_NAMES) {
                printf("%s ", printed > 1 ? "," : "");
                print_name(seen->columns[j].name);
            }
        }
        printf("%s: %s\n", printed > MOST_NAMES ? " ..." : "", reason);
    }
}

/* Prints how rows are divided, and what becomes of the numbers. */
static void print_training(const snug_suggestion *seen) {
    size_t held_out = seen->validation_rows + seen->test_rows;
    printf("training    %zu rows", seen->rows - held_out);
    if (seen->validation_rows > 0) {
        printf(", validation %zu (%g %%)", seen->validation_rows, 100 * seen->validation);
    }
    if (seen->test_rows > 0) {
        printf(", test %zu", seen->test_rows);
    }
    printf("; %zu epochs\nvalues      scaled: %s", seen->epochs, seen->scaling);
    if (seen->missing != NULL) {
        printf("; a missing number becomes the %s", seen->missing);
    }
    if (seen->formatted) {
        printf("; numbers are read as formatted, such as \"1,234\" and \"$5.20\"");
    }
    printf("\n");
}

void cli_new_print_report(const char *data, const char *out, const snug_suggestion *seen,
                          bool target_named) {
    print_file(data, seen);
    print_target(seen, target_named);
    print_columns(seen, SNUG_USE_NUMBERS, "numbers");
    print_columns(seen, SNUG_USE_CATEGORIES, "categories");
    print_ignored(seen);
    for (size_t i = 0; i < seen->notes.count && i < MOST_NOTES; i++) {
        printf("note        %s\n", seen->notes.items[i]);
    }
    if (seen->notes.count > MOST_NOTES) {
        printf("note        %zu more (--json lists all)\n", seen->notes.count - MOST_NOTES);
    }
    print_training(seen);
    printf("recipe      %s: %s\n", seen->recipe, seen->recipe_summary);
    printf("%s is written; snug train %s trains it\n", out, out);
}

/* ---- JSON ------------------------------------------------------------------------------------ */

static void add_columns(cJSON *json, const snug_suggestion *seen) {
    static const char *const uses[] = {[SNUG_USE_NUMBERS] = "numbers",
                                       [SNUG_USE_CATEGORIES] = "categories",
                                       [SNUG_USE_TARGET] = "target",
                                       [SNUG_USE_IGNORED] = "ignored"};
    cJSON *columns = cli_json_array(json, "columns");
    for (size_t i = 0; i < seen->column_count; i++) {
        const snug_suggested_column *from = &seen->columns[i];
        cJSON *column = cli_json_object(columns, NULL);
        cli_json_string(column, "name", from->name);
        cli_json_string(column, "use", uses[from->use]);
        if (from->reason != NULL) {
            cli_json_string(column, "reason", from->reason);
        }
        cli_json_count(column, "missing", from->missing);
        cli_json_count(column, "distinct", from->distinct);
    }
}

static void add_classes(cJSON *json, const snug_suggestion *seen) {
    cJSON *classes = cli_json_array(json, "classes");
    for (size_t i = 0; i < seen->class_count; i++) {
        cJSON *class = cli_json_object(classes, NULL);
        cli_json_string(class, "name", seen->classes[i].name);
        cli_json_count(class, "rows", seen->classes[i].rows);
    }
}

static void add_dialect(cJSON *json, const snug_suggestion *seen) {
    cli_json_string(json, "format", seen->format);
    if (seen->encoding != NULL) {
        cli_json_string(json, "encoding", seen->encoding);
    }
    if (seen->delimiter != 0) {
        cli_json_string(json, "delimiter", (const char[]){seen->delimiter, 0});
        cli_json_string(json, "decimal", (const char[]){seen->decimal, 0});
        cli_json_bool(json, "header", seen->header);
    }
    cli_json_string(json, "number_format", seen->formatted ? "formatted" : "plain");
}

void cli_new_print_json(const char *out, const snug_suggestion *seen) {
    cJSON *json = cli_json_object(NULL, NULL);
    cli_json_string(json, "experiment", out);
    cli_json_string(json, "recipe", seen->recipe);
    add_dialect(json, seen);
    cli_json_count(json, "rows", seen->rows);
    cli_json_count(json, "rows_without_target", seen->rows_without_target);
    cli_json_count(json, "duplicates", seen->duplicates);
    cli_json_count(json, "features", seen->features);
    cli_json_string(json, "task", seen->task == SNUG_TASK_CLASSIFICATION ? "class" : "value");
    cli_json_string(json, "task_reason", seen->task_reason);
    cli_json_count(json, "validation_rows", seen->validation_rows);
    cli_json_count(json, "test_rows", seen->test_rows);
    cli_json_string(json, "scaling", seen->scaling);
    if (seen->missing != NULL) {
        cli_json_string(json, "missing", seen->missing);
    }
    cli_json_count(json, "epochs", seen->epochs);
    add_classes(json, seen);
    add_columns(json, seen);
    cJSON *notes = cli_json_array(json, "notes");
    for (size_t i = 0; i < seen->notes.count; i++) {
        cli_json_string(notes, NULL, seen->notes.items[i]);
    }
    cli_json_warnings(json);
    cli_json_print(json);
}
