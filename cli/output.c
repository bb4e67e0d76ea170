#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "command.h"
#include "output.h"
#include "progress.h"

enum { LONGEST_ERROR = 8192 }; /* as long as two paths */

void *cli_allocate(size_t count, size_t size) {
    void *block = calloc(count > 0 ? count : 1, size);
    if (block == NULL) {
        exit(cli_runtime_error("out of memory"));
    }
    return block;
}

static char *format_list(const char *format, va_list list) {
    va_list again;
    va_copy(again, list);
    int length = vsnprintf(NULL, 0, format, list);
    char *text = cli_allocate(length < 0 ? 1 : (size_t)length + 1, 1);
    if (length >= 0) {
        vsnprintf(text, (size_t)length + 1, format, again);
    }
    va_end(again);
    return text;
}

char *cli_format(const char *format, ...) {
    va_list list;
    va_start(list, format);
    char *text = format_list(format, list);
    va_end(list);
    return text;
}

/* ---- errors ---------------------------------------------------------------------------------- */

/* Replaces control characters, those of two bytes too, which a terminal would obey. */
static void replace_controls(char *text) {
    for (unsigned char *c = (unsigned char *)text; *c != '\0'; c++) {
        bool two = c[0] == 0xC2U && c[1] >= 0x80U && c[1] < 0xA0U;
        if (two) {
            *c++ = '?';
        }
        if (two || *c < ' ' || *c == 0x7FU) {
            *c = '?';
        }
    }
}

char *cli_printable(const char *text) {
    char *copy = cli_format("%s", text);
    replace_controls(copy);
    return copy;
}

/* In a fixed buffer, as there may be no memory. */
static void complain(const char *format, va_list list) {
    char text[LONGEST_ERROR];
    vsnprintf(text, sizeof text, format, list);
    replace_controls(text);
    cli_progress_clear();
    fprintf(stderr, "snug: %s\n", text);
}

int cli_usage_error(const char *format, ...) {
    va_list list;
    va_start(list, format);
    complain(format, list);
    va_end(list);
    return CLI_WRONG;
}

int cli_runtime_error(const char *format, ...) {
    va_list list;
    va_start(list, format);
    complain(format, list);
    va_end(list);
    return CLI_FAILED;
}

int cli_library_error(void) {
    switch (snug_error_status()) {
    case SNUG_ERROR_ARGUMENT:
    case SNUG_ERROR_CONFIG:
    case SNUG_ERROR_DATA:
    case SNUG_ERROR_FILE:
        return cli_usage_error("%s", snug_error());
    default:
        return cli_runtime_error("%s", snug_error());
    }
}

int cli_write_error(void) {
    return snug_error_status() == SNUG_ERROR_FILE ? cli_runtime_error("%s", snug_error())
                                                  : cli_library_error();
}

/* The warnings that were printed. */
static struct {
    char **items;
    size_t count;
} warnings;

static void keep_warning(const char *message) {
    char **items = cli_allocate(warnings.count + 1, sizeof *items);
    if (warnings.count > 0) {
        memcpy(items, warnings.items, warnings.count * sizeof *items);
    }
    items[warnings.count++] = cli_format("%s", message);
    free(warnings.items);
    warnings.items = items;
}

static bool starts_hidden; /* the notes of a start from a model, as the run is resumed */

static void print_warning(snug_log_level level, const char *message, void *user) {
    (void)user;
    if (level == SNUG_LOG_INFO && starts_hidden) {
        return;
    }
    if (level == SNUG_LOG_WARNING) {
        keep_warning(message);
    }
    cli_progress_clear();
    fprintf(stderr, "snug: %s%s\n", level == SNUG_LOG_WARNING ? "warning: " : "", message);
}

void cli_warning(const char *format, ...) {
    char message[1024];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    print_warning(SNUG_LOG_WARNING, message, NULL);
}

void cli_hide_start(const char *directory, const char *name) {
    char *path = cli_format("%s/%s.safetensors", directory, name);
    struct stat st;
    starts_hidden = stat(path, &st) == 0;
    free(path);
}

void cli_show_warnings(void) {
    snug_set_log(print_warning, NULL);
}

void cli_json_warnings(cJSON *object) {
    cJSON *array = cli_json_array(object, "warnings");
    for (size_t i = 0; i < warnings.count; i++) {
        cli_json_string(array, NULL, warnings.items[i]);
    }
}

void cli_forget_warnings(void) {
    for (size_t i = 0; i < warnings.count; i++) {
        free(warnings.items[i]);
    }
    free(warnings.items);
    warnings.items = NULL;
    warnings.count = 0;
}

/* ---- tables ---------------------------------------------------------------------------------- */

static void table_add(cli_table *table, char *cell) {
    if (table->count == table->capacity) {
        size_t capacity = table->capacity * 2 + 64;
        char **cells = cli_allocate(capacity, sizeof *cells);
        if (table->count > 0) {
            memcpy(cells, table->cells, table->count * sizeof *cells);
        }
        free(table->cells);
        table->cells = cells;
        table->capacity = capacity;
    }
    table->cells[table->count++] = cell;
}

void cli_table_cell(cli_table *table, const char *format, ...) {
    va_list list;
    va_start(list, format);
    char *cell = format_list(format, list);
    va_end(list);
    replace_controls(cell);
    table_add(table, cell);
}

void cli_table_number(cli_table *table, double number) {
    cli_table_cell(table, isnan(number) ? "-" : "%.5g", number);
}

/* Bytes of UTF-8 but those that continue a character. */
size_t cli_width(const char *text) {
    size_t width = 0;
    for (; *text != '\0'; text++) {
        width += ((unsigned char)*text & 0xC0U) != 0x80U;
    }
    return width;
}

static void print_spaces(size_t count) {
    while (count-- > 0) {
        putchar(' ');
    }
}

static void print_cell(const char *cell, char align, size_t width, bool last) {
    size_t spaces = width - cli_width(cell);
    if (align == 'r') {
        print_spaces(spaces);
    }
    fputs(cell, stdout);
    if (align == 'l' && !last) {
        print_spaces(spaces);
    }
    fputs(last ? "\n" : "  ", stdout);
}

void cli_table_print(cli_table *table) {
    size_t columns = strlen(table->align);
    size_t *widths = cli_allocate(columns, sizeof *widths);
    for (size_t i = 0; i < table->count; i++) {
        size_t width = cli_width(table->cells[i]);
        if (width > widths[i % columns]) {
            widths[i % columns] = width;
        }
    }
    for (size_t i = 0; i < table->count; i++) {
        size_t column = i % columns;
        print_cell(table->cells[i], table->align[column], widths[column], column == columns - 1);
        free(table->cells[i]);
    }
    free(widths);
    free(table->cells);
    *table = (cli_table){.align = table->align};
}

char *cli_bytes(size_t bytes) {
    static const char *const units[] = {"bytes", "KiB", "MiB", "GiB", "TiB"};
    double value = (double)bytes;
    size_t unit = 0;
    while (value >= 1024 && unit < sizeof units / sizeof *units - 1) {
        value /= 1024;
        unit++;
    }
    return cli_format(unit == 0 ? "%.0f %s" : "%.1f %s", value, units[unit]);
}
