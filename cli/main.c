/*
 * snug: the command-line tool. It uses the public headers of the library, and the internal ones of
 * snug_common, which CMakeLists.txt lists.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <snug/snug.h>

#include "commands.h"
#include "math/openblas.h"
#include "options.h"
#include "output.h"
#include "plugin.h"

static int run_command(const cli_command *command, size_t count, char **words) {
    cli_line line;
    int status = cli_line_parse(&line, command, count, words);
    if (status == CLI_DONE && line.help) {
        cli_print_command_help(command);
    } else if (status == CLI_DONE) {
        cli_show_warnings();
        status = command->run(&line.operands, line.options);
    }
    cli_line_clear(&line);
    return status;
}

/* Loads each --plugin FILE before the command, and moves past it. */
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
        cli_print_help();
        return CLI_DONE;
    }
    if (version) {
        printf("snug %s\n", snug_version());
        return CLI_DONE;
    }
    const cli_command *command = cli_command_find(words[0]);
    return command != NULL ? run_command(command, count - 1, words + 1)
                           : cli_unknown_command(words[0]);
}

/*
 * Opens those of the standard streams that are closed: otherwise a file would get the number of
 * one, and the messages for it. Input and output get a mode in which using them fails.
 */
static void open_standard_streams(void) {
    static const int modes[] = {O_WRONLY, O_RDONLY, O_RDWR};
    for (int i = STDIN_FILENO; i <= STDERR_FILENO; i++) {
        if (fcntl(i, F_GETFD) < 0 && errno == EBADF && open("/dev/null", modes[i]) < 0) {
            (void)open("/", O_RDONLY); /* where there is no /dev */
        }
    }
}

/*
 * Starts the program again, with OPENBLAS_CORETYPE set to kernels that suit the CPU, where OpenBLAS
 * does not know the CPU and has fallen back to its oldest kernels: it chooses them before main()
 * begins. Leaves a variable that is set already as it is.
 */
static void choose_blas_kernels(char **argv) {
    static const char variable[] = "OPENBLAS_CORETYPE";
    snug_cpu cpu = snug_cpu_best();
    if (!snug_openblas_knows_cpu(cpu) && getenv(variable) == NULL &&
        setenv(variable, snug_openblas_core_for(cpu), 1) == 0) {
        execv("/proc/self/exe", argv); /* where that fails the program goes on, slower */
    }
}

int main(int argc, char **argv) {
    /* No setlocale(): numbers are printed with a point in every locale. */
    open_standard_streams();
    choose_blas_kernels(argv);
    snug_openblas_set_threads(1); /* the library has threads of its own */
    int status = run(argc > 0 ? (size_t)argc - 1 : 0, argv + 1);
    int printed = cli_stdout_finish();
    cli_forget_warnings();
    return status == CLI_DONE ? printed : status;
}
