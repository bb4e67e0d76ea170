#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "output.h"

/* ---- the nearest name ------------------------------------------------------------------------ */

#define LONGEST_WORD ((size_t)64)

static size_t smallest(size_t a, size_t b) {
    return a < b ? a : b;
}

/* The locale is "C": see main(). */
static int lower(char c) {
    return tolower((unsigned char)c);
}

/*
 * Levenshtein's distance, one row of the table at a time; words are at most LONGEST_WORD long. A
 * capital for a small letter costs nothing.
 */
static size_t edit_distance(const char *a, const char *b) {
    size_t row[LONGEST_WORD + 1];
    size_t n = strlen(b);
    for (size_t j = 0; j <= n; j++) {
        row[j] = j;
    }
    for (size_t i = 1; a[i - 1] != '\0'; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= n; j++) {
            size_t replaced = diagonal + (lower(a[i - 1]) != lower(b[j - 1]));
            diagonal = row[j];
            row[j] = smallest(replaced, smallest(row[j], row[j - 1]) + 1);
        }
    }
    return row[n];
}

const char *cli_nearest(const char *word, const char *const *names, size_t count) {
    const char *nearest = NULL;
    size_t length = strlen(word);
    size_t best = length / 3 + 1; /* a third of the letters may be wrong */
    if (length > LONGEST_WORD) {
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        size_t distance = edit_distance(word, names[i]);
        if (distance < best || (distance == best && nearest == NULL)) {
            nearest = names[i];
            best = distance;
        }
    }
    return nearest;
}

/* ---- reading --------------------------------------------------------------------------------- */

/* A walk over the words of a command line. */
typedef struct reader {
    const cli_command *command;
    char **words;
    size_t count, next;
    cli_args *args;
    bool help;
} reader;

static size_t option_count(const cli_command *command) {
    size_t count = 0;
    while (command->options[count].kind != CLI_OPTION_END) {
        count++;
    }
    return count;
}

static int unknown_option(const cli_command *command, const char *word, size_t length) {
    const char *names[16] = {"--help"};
    char name[LONGEST_WORD + 1] = "";
    size_t count = smallest(option_count(command), sizeof names / sizeof *names - 1);
    for (size_t i = 0; i < count; i++) {
        names[i + 1] = command->options[i].name;
    }
    memcpy(name, word, smallest(length, LONGEST_WORD));
    const char *near = cli_nearest(name, names, count + 1);
    if (near != NULL) {
        return cli_usage_error("%s: unknown option %s; did you mean %s?", command->name, name,
                               near);
    }
    return cli_usage_error("%s: unknown option %s (see snug %s --help)", command->name, name,
                           command->name);
}

/* The value of an option: what follows "=", or the next word. */
static const char *option_value(reader *r, const char *equals) {
    if (equals != NULL) {
        return equals + 1;
    }
    return r->next < r->count ? r->words[r->next++] : NULL;
}

static int store_number(const reader *r, const cli_option *option, const char *text) {
    size_t *number = (size_t *)(void *)((char *)r->args + option->offset);
    size_t value = 0;
    bool good = *text != '\0' && strlen(text) <= 15;
    for (const char *c = text; good && *c != '\0'; c++) {
        good = isdigit((unsigned char)*c) != 0;
        value = value * 10 + (size_t)(*c - '0');
    }
    if (option->kind == CLI_THREADS && (!good || value == 0 || value > SNUG_MAX_THREADS)) {
        return cli_usage_error("%s: %s: must be a whole number from 1 to %d (got \"%s\")",
                               r->command->name, option->name, SNUG_MAX_THREADS, text);
    }
    if (!good || value == 0) {
        return cli_usage_error("%s: %s: must be a whole number of at least 1 (got \"%s\")",
                               r->command->name, option->name, text);
    }
    *number = value;
    return CLI_DONE;
}

static int store_seconds(const reader *r, const cli_option *option, const char *text) {
    char *end = NULL;
    double seconds = strtod(text, &end); /* the locale is "C": see main() */
    if (end == text || *end != '\0' || !(seconds > 0.0 && seconds <= 1e6)) {
        return cli_usage_error("%s: %s: must be a number of seconds in (0, 1e6] (got \"%s\")",
                               r->command->name, option->name, text);
    }
    *(double *)(void *)((char *)r->args + option->offset) = seconds;
    return CLI_DONE;
}

static int store_set(const reader *r, const char *text) {
    const char *equals = strchr(text, '=');
    if (equals == NULL || equals == text) {
        return cli_usage_error("%s: --set: must be PATH=VALUE, such as train.epochs=5 (got \"%s\")",
                               r->command->name, text);
    }
    r->args->sets[r->args->set_count++] = text;
    return CLI_DONE;
}

static int store(reader *r, const cli_option *option, const char *equals) {
    char *member = (char *)r->args + option->offset;
    if (option->kind == CLI_FLAG) {
        *(bool *)(void *)member = true;
        return equals == NULL
                   ? CLI_DONE
                   : cli_usage_error("%s: %s takes no value", r->command->name, option->name);
    }
    const char *text = option_value(r, equals);
    if (text == NULL || *text == '\0') {
        return cli_usage_error("%s: %s needs a value: %s %s", r->command->name, option->name,
                               option->name, option->value);
    }
    if (option->kind == CLI_NUMBER || option->kind == CLI_THREADS) {
        return store_number(r, option, text);
    }
    if (option->kind == CLI_SECONDS) {
        return store_seconds(r, option, text);
    }
    if (option->kind == CLI_SET) {
        return store_set(r, text);
    }
    *(const char **)(void *)member = text;
    return CLI_DONE;
}

static int read_option(reader *r, const char *word) {
    const char *equals = strchr(word, '=');
    size_t length = equals != NULL ? (size_t)(equals - word) : strlen(word);
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
        r->help = true;
        return CLI_DONE;
    }
    for (const cli_option *option = r->command->options; option->kind != CLI_OPTION_END; option++) {
        if (strlen(option->name) == length && memcmp(option->name, word, length) == 0) {
            return store(r, option, equals);
        }
    }
    return unknown_option(r->command, word, length);
}

static int check_operands(const reader *r) {
    const cli_command *command = r->command;
    size_t count = r->args->operand_count;
    if (count < command->min_operands) {
        return cli_usage_error("%s: needs %s (see snug %s --help)", command->name,
                               command->operands, command->name);
    }
    if (count > command->max_operands) {
        return cli_usage_error("%s: unexpected argument %s (see snug %s --help)", command->name,
                               r->args->operands[command->max_operands], command->name);
    }
    return CLI_DONE;
}

int cli_args_read(const cli_command *command, size_t count, char **words, cli_args *args,
                  bool *help) {
    reader r = {.command = command, .words = words, .count = count, .args = args};
    bool options_end = false;
    *args = (cli_args){0};
    args->operands = cli_allocate(count + 1, sizeof *args->operands);
    args->sets = cli_allocate(count + 1, sizeof *args->sets);
    while (r.next < count) {
        const char *word = words[r.next++];
        int status = CLI_DONE;
        if (options_end || word[0] != '-' || word[1] == '\0') {
            args->operands[args->operand_count++] = word;
        } else if (strcmp(word, "--") == 0) {
            options_end = true;
        } else {
            status = read_option(&r, word);
        }
        if (status != CLI_DONE) {
            return status;
        }
    }
    *help = r.help;
    return r.help ? CLI_DONE : check_operands(&r);
}

void cli_args_clear(cli_args *args) {
    free(args->operands);
    free(args->sets);
    *args = (cli_args){0};
}

/* ---- help ------------------------------------------------------------------------------------ */

static void option_help(const char *name, const char *value, const char *help) {
    char left[LONGEST_WORD];
    snprintf(left, sizeof left, "%s%s%s", name, value != NULL ? " " : "",
             value != NULL ? value : "");
    printf("  %-24s  %s\n", left, help);
}

void cli_command_help(const cli_command *command) {
    printf("usage: snug %s%s%s [OPTION]...\n\n%s\n", command->name,
           command->operands[0] != '\0' ? " " : "", command->operands, command->summary);
    if (command->details != NULL) {
        printf("\n%s", command->details);
    }
    printf("\noptions:\n");
    for (const cli_option *option = command->options; option->kind != CLI_OPTION_END; option++) {
        option_help(option->name, option->value, option->help);
    }
    option_help("--help", NULL, "print this and exit");
}
