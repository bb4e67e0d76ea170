#include <ctype.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <snug/snug.h>

#include "core/spelling.h"
#include "kinds/character.h"
#include "options.h"
#include "output.h"

/* ---- types of options ------------------------------------------------------------------------ */

static int store_flag(const cli_command *command, const cli_option *option, const char *value,
                      void *member) {
    (void)command, (void)option, (void)value;
    *(bool *)member = true;
    return CLI_DONE;
}

static int store_string(const cli_command *command, const cli_option *option, const char *value,
                        void *member) {
    (void)command, (void)option;
    *(const char **)member = value;
    return CLI_DONE;
}

static int store_character(const cli_command *command, const cli_option *option, const char *value,
                           void *member) {
    if (!snug_character_parse(value, member)) {
        return cli_usage_error("%s: %s: must be " SNUG_CHARACTER_EXPECTED " (got \"%s\")",
                               command->name, option->name, value);
    }
    return CLI_DONE;
}

/* Parses a whole number of at most 15 digits. Returns false for anything else. */
static bool parse_count(const char *digits, size_t *count) {
    size_t value = 0;
    bool ok = *digits != '\0' && strlen(digits) <= 15;
    for (const char *c = digits; ok && *c != '\0'; c++) {
        ok = isdigit((unsigned char)*c) != 0;
        value = value * 10 + (size_t)(*c - '0');
    }
    *count = value;
    return ok;
}

static int store_count(const cli_command *command, const cli_option *option, const char *value,
                       void *member) {
    size_t *count = member;
    if (!parse_count(value, count) || *count == 0) {
        return cli_usage_error("%s: %s: must be a whole number of at least 1 and at most "
                               "999999999999999 (got \"%s\")",
                               command->name, option->name, value);
    }
    return CLI_DONE;
}

static int store_threads(const cli_command *command, const cli_option *option, const char *value,
                         void *member) {
    size_t *threads = member;
    if (!parse_count(value, threads) || *threads == 0 || *threads > SNUG_MAX_THREADS) {
        return cli_usage_error("%s: %s: must be a whole number from 1 to %d (got \"%s\")",
                               command->name, option->name, SNUG_MAX_THREADS, value);
    }
    return CLI_DONE;
}

static int store_seconds(const cli_command *command, const cli_option *option, const char *value,
                         void *member) {
    char *end = NULL;
    double seconds = strtod(value, &end); /* the locale is "C": see main() */
    if (end == value || *end != '\0' || !(seconds > 0.0 && seconds <= 1e6)) {
        return cli_usage_error("%s: %s: must be a number of seconds in (0, 1e6] (got \"%s\")",
                               command->name, option->name, value);
    }
    *(double *)member = seconds;
    return CLI_DONE;
}

static void append(cli_list *list, const char *item) {
    const char **items = cli_allocate(list->count + 1, sizeof *items);
    if (list->count > 0) {
        memcpy(items, list->items, list->count * sizeof *items);
    }
    items[list->count++] = item;
    free(list->items);
    list->items = items;
}

static int store_setting(const cli_command *command, const cli_option *option, const char *value,
                         void *member) {
    const char *equals = strchr(value, '=');
    if (equals == NULL || equals == value) {
        return cli_usage_error("%s: %s: must be PATH=VALUE, such as train.epochs=5 (got \"%s\")",
                               command->name, option->name, value);
    }
    append(member, value);
    return CLI_DONE;
}

static int store_number(const cli_command *command, const cli_option *option, const char *value,
                        void *member) {
    size_t number = 0;
    if (!parse_count(value, &number)) {
        return cli_usage_error("%s: %s: must be a whole number from 0 on (got \"%s\")",
                               command->name, option->name, value);
    }
    *(uint64_t *)member = number;
    return CLI_DONE;
}

static int store_real(const cli_command *command, const cli_option *option, const char *value,
                      void *member) {
    char *end = NULL;
    double number = strtod(value, &end);
    if (end == value || *end != '\0' || !isfinite(number)) {
        return cli_usage_error("%s: %s: must be a number (got \"%s\")", command->name, option->name,
                               value);
    }
    *(double *)member = number;
    return CLI_DONE;
}

static int store_positive(const cli_command *command, const cli_option *option, const char *value,
                          void *member) {
    int status = store_real(command, option, value, member);
    if (status == CLI_DONE && !(*(double *)member > 0.0)) {
        return cli_usage_error("%s: %s: must be above 0 (got \"%s\")", command->name, option->name,
                               value);
    }
    return status;
}

static int store_share(const cli_command *command, const cli_option *option, const char *value,
                       void *member) {
    char *end = NULL;
    double share = strtod(value, &end);
    if (end == value || *end != '\0' || !(share > 0.0 && share < 1.0)) {
        return cli_usage_error("%s: %s: must be a share above 0 and below 1 (got \"%s\")",
                               command->name, option->name, value);
    }
    *(double *)member = share;
    return CLI_DONE;
}

/* Returns the name up to the next comma, and moves *value past it; NULL at the end. */
static char *next_name(const char **value) {
    const char *from = *value;
    if (from == NULL) {
        return NULL;
    }
    char *name = cli_format("%s", from), *to = name;
    while (*from != '\0' && *from != ',') {
        from += from[0] == '\\' && from[1] == ',';
        *to++ = *from++;
    }
    *to = '\0';
    *value = *from == ',' ? from + 1 : NULL;
    return name;
}

static int store_names(const cli_command *command, const cli_option *option, const char *value,
                       void *member) {
    (void)command, (void)option;
    for (char *name = next_name(&value); name != NULL; name = next_name(&value)) {
        append(member, name);
    }
    return CLI_DONE;
}

static void clear_names(void *member) {
    cli_list *list = member;
    for (size_t i = 0; i < list->count; i++) {
        free((void *)(uintptr_t)list->items[i]);
    }
    free(list->items);
    *list = (cli_list){0};
}

static void clear_list(void *member) {
    cli_list *list = member;
    free(list->items);
    *list = (cli_list){0};
}

const cli_option_type cli_flag_type = {.store = store_flag};
const cli_option_type cli_string_type = {.store = store_string, .has_value = true};
const cli_option_type cli_character_type = {.store = store_character, .has_value = true};
const cli_option_type cli_count_type = {.store = store_count, .has_value = true};
const cli_option_type cli_threads_type = {.store = store_threads, .has_value = true};
const cli_option_type cli_seconds_type = {.store = store_seconds, .has_value = true};
const cli_option_type cli_number_type = {.store = store_number, .has_value = true};
const cli_option_type cli_real_type = {.store = store_real, .has_value = true};
const cli_option_type cli_positive_type = {.store = store_positive, .has_value = true};
const cli_option_type cli_share_type = {.store = store_share, .has_value = true};
const cli_option_type cli_names_type = {
    .store = store_names, .clear = clear_names, .has_value = true};
const cli_option_type cli_settings_type = {
    .store = store_setting, .clear = clear_list, .has_value = true};

/* ---- parsing --------------------------------------------------------------------------------- */

/* A walk over the words of a command line. */
typedef struct reader {
    cli_line *line;
    char **words;
    size_t count, next;
} reader;

/* Returns the first row, or an empty table for a command without options. */
static const cli_option *rows_of(const cli_command *command) {
    static const cli_option none[] = {{0}};
    return command->options != NULL ? command->options : none;
}

static void *member_of(const cli_line *line, const cli_option *option) {
    return (char *)line->options + option->offset;
}

static int unknown_option(const cli_command *command, const char *word, size_t length) {
    const cli_option *rows = rows_of(command);
    size_t count = 0;
    while (rows[count].name != NULL) {
        count++;
    }
    const char **names = cli_allocate(count + 1, sizeof *names);
    names[count] = "--help";
    for (size_t i = 0; i < count; i++) {
        names[i] = rows[i].name;
    }
    char *name = cli_format("%.*s", (int)length, word);
    const char *near = snug_nearest_name(name, names, count + 1);
    int status = near != NULL ? cli_usage_error("%s: unknown option %s; did you mean %s?",
                                                command->name, name, near)
                              : cli_usage_error("%s: unknown option %s (see snug %s --help)",
                                                command->name, name, command->name);
    free(name);
    free(names);
    return status;
}

/* The value of an option is what follows "=", or the next word. */
static int store_option(reader *r, const cli_option *option, const char *equals) {
    const cli_command *command = r->line->command;
    const char *value = equals != NULL ? equals + 1 : NULL;
    if (!option->type->has_value && value != NULL) {
        return cli_usage_error("%s: %s takes no value", command->name, option->name);
    }
    if (option->type->has_value && value == NULL && r->next < r->count) {
        value = r->words[r->next++];
    }
    if (option->type->has_value && (value == NULL || *value == '\0')) {
        return cli_usage_error("%s: %s needs a value: %s %s", command->name, option->name,
                               option->name, option->value);
    }
    return option->type->store(command, option, value, member_of(r->line, option));
}

static int read_option(reader *r, const char *word) {
    const char *equals = strchr(word, '=');
    size_t length = equals != NULL ? (size_t)(equals - word) : strlen(word);
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
        r->line->help = true;
        return CLI_DONE;
    }
    for (const cli_option *option = rows_of(r->line->command); option->name != NULL; option++) {
        if (strlen(option->name) == length && memcmp(option->name, word, length) == 0) {
            return store_option(r, option, equals);
        }
    }
    return unknown_option(r->line->command, word, length);
}

static int check_operands(const cli_line *line) {
    const cli_command *command = line->command;
    if (line->operands.count < command->min_operands) {
        return cli_usage_error("%s: needs %s (see snug %s --help)", command->name,
                               command->operands, command->name);
    }
    if (line->operands.count > command->max_operands) {
        return cli_usage_error("%s: unexpected argument %s (see snug %s --help)", command->name,
                               line->operands.items[command->max_operands], command->name);
    }
    return CLI_DONE;
}

int cli_line_parse(cli_line *line, const cli_command *command, size_t count, char **words) {
    reader r = {.line = line, .words = words, .count = count};
    bool options_end = false;
    *line = (cli_line){.command = command, .options = cli_allocate(1, command->options_size + 1)};
    line->operands.items = cli_allocate(count, sizeof *line->operands.items);
    while (r.next < count) {
        const char *word = words[r.next++];
        int status = CLI_DONE;
        if (options_end || word[0] != '-' || word[1] == '\0') {
            line->operands.items[line->operands.count++] = word;
        } else if (strcmp(word, "--") == 0) {
            options_end = true;
        } else {
            status = read_option(&r, word);
        }
        if (status != CLI_DONE) {
            return status;
        }
    }
    return line->help ? CLI_DONE : check_operands(line);
}

void cli_line_clear(cli_line *line) {
    for (const cli_option *option = rows_of(line->command); option->name != NULL; option++) {
        if (option->type->clear != NULL) {
            option->type->clear(member_of(line, option));
        }
    }
    free(line->options);
    free(line->operands.items);
    *line = (cli_line){0};
}
