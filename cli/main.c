/* snug: the command-line tool. It uses the library's public headers alone. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <snug/snug.h>

#include "args.h"
#include "output.h"
#include "plugin.h"
#include "threads.h"

static const cli_command *const commands[] = {
    &cli_train,    &cli_evaluate, &cli_predict, &cli_inspect, &cli_check,
    &cli_describe, &cli_schema,   &cli_plot,    &cli_bench,
};

enum { COMMANDS = sizeof commands / sizeof *commands };

static const char usage[] = "usage: snug COMMAND [ARGUMENT]... [OPTION]...\n";

static void print_help(void) {
    cli_table table = {.align = "ll"};
    printf("Snug %s trains small self-normalizing neural networks.\n\n%s\ncommands:\n",
           snug_version(), usage);
    for (size_t i = 0; i < COMMANDS; i++) {
        cli_table_cell(&table, "  %s", commands[i]->name);
        cli_table_cell(&table, "%s", commands[i]->summary);
    }
    cli_table_print(&table);
    printf("\n  snug COMMAND --help   the arguments and options of a command\n"
           "  snug --version        the version of the library\n"
           "  snug --plugin FILE.so COMMAND ...   with the kinds that a shared object registers\n\n"
           "exit status: 0 done, 1 the work failed, 2 the command line or a file is wrong,\n"
           "128+N stopped by signal N\n");
}

static int unknown_command(const char *word) {
    const char *names[COMMANDS + 3] = {"--help", "--version", "--plugin"};
    for (size_t i = 0; i < COMMANDS; i++) {
        names[i + 3] = commands[i]->name;
    }
    const char *what = word[0] == '-' ? "option" : "command";
    const char *near = cli_nearest(word, names, COMMANDS + 3);
    if (near != NULL) {
        return cli_usage_error("unknown %s %s; did you mean %s?", what, word, near);
    }
    return cli_usage_error("unknown %s %s (see snug --help)", what, word);
}

static int run_command(const cli_command *command, size_t count, char **words) {
    cli_args args;
    bool help = false;
    int status = cli_args_read(command, count, words, &args, &help);
    if (status == CLI_DONE && help) {
        cli_command_help(command);
    } else if (status == CLI_DONE) {
        cli_show_warnings();
        status = command->run(&args);
    }
    cli_args_clear(&args);
    return status;
}

/* Loads what stands before the command as --plugin FILE; moves past it. */
static int load_plugins(size_t *count, char ***words) {
    static const char option[] = "--plugin";
    int status = CLI_DONE;
    while (status == CLI_DONE && *count > 0 && strncmp(**words, option, sizeof option - 1) == 0) {
        const char *value = **words + sizeof option - 1;
        bool joined = *value == '=';
        size_t used = joined ? 1 : 2;
        if ((!joined && *value != '\0') || used > *count) {
            return *value != '\0' ? CLI_DONE : cli_usage_error("--plugin: needs a file");
        }
        status = cli_plugin_load(joined ? value + 1 : (*words)[1]);
        *count -= used;
        *words += used;
    }
    return status;
}

static int run(size_t count, char **words) {
    int loaded = load_plugins(&count, &words);
    if (loaded != CLI_DONE) {
        return loaded;
    }
    if (count == 0) {
        return cli_usage_error("which command? (see snug --help)");
    }
    bool help = strcmp(words[0], "--help") == 0 || strcmp(words[0], "-h") == 0;
    bool version = strcmp(words[0], "--version") == 0;
    if ((help || version) && count > 1) {
        return cli_usage_error("%s: unexpected argument %s (see snug --help)", words[0], words[1]);
    }
    if (help) {
        print_help();
        return CLI_DONE;
    }
    if (version) {
        printf("snug %s\n", snug_version());
        return CLI_DONE;
    }
    for (size_t i = 0; i < COMMANDS; i++) {
        if (strcmp(words[0], commands[i]->name) == 0) {
            return run_command(commands[i], count - 1, words + 1);
        }
    }
    return unknown_command(words[0]);
}

/*
 * Opens what is closed of the standard streams: otherwise a file would get the number of one, and
 * the messages for it. Input and output get a mode in which using them fails, as it should.
 */
static void open_standard_streams(void) {
    static const int modes[] = {O_WRONLY, O_RDONLY, O_RDWR};
    for (int i = STDIN_FILENO; i <= STDERR_FILENO; i++) {
        if (fcntl(i, F_GETFD) < 0 && errno == EBADF && open("/dev/null", modes[i]) < 0) {
            (void)open("/", O_RDONLY); /* where there is no /dev */
        }
    }
}

int main(int argc, char **argv) {
    /* No setlocale(): numbers are printed with a point in every locale. */
    open_standard_streams();
    cli_blas_settle(argv);
    cli_threads_set(1);
    int status = run(argc > 0 ? (size_t)argc - 1 : 0, argv + 1);
    int printed = cli_stdout_finish();
    return status == CLI_DONE ? printed : status;
}
