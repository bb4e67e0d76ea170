#include <string.h>

#include "commands.h"
#include "output.h"

/*
 * The bash function: the first word that is no --plugin FILE is the command, whose case below sets
 * `words`, what operands may be, `options`, and `valued`, those of the options that take a value.
 * Where COMPREPLY stays empty, bash completes names of files.
 */
static const char head[] =
    "# Completion of snug's command lines in bash: source <(snug completion bash)\n"
    "_snug() {\n"
    "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}\n"
    "    local at=1 command='' words='' options='' valued=''\n"
    "    while [[ $at -lt $COMP_CWORD && ${COMP_WORDS[at]} == --plugin ]]; do\n"
    "        at=$((at + 2))\n"
    "        [[ ${COMP_WORDS[at - 1]} != = ]] || at=$((at + 1))\n"
    "    done\n"
    "    [[ $at -ge $COMP_CWORD ]] || command=${COMP_WORDS[at]}\n"
    "    COMPREPLY=()\n"
    "    case $command in\n";

static const char tail[] =
    "    esac\n"
    "    [[ $before != = && \" $valued \" != *\" $before \"* ]] || return 0\n"
    "    [[ $word != -* ]] || words=$options\n"
    "    COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
    "}\n"
    "complete -o default -F _snug snug\n";

static void print_options(const cli_option *options) {
    printf("        options='");
    for (const cli_option *option = options; option != NULL && option->name != NULL; option++) {
        printf("%s ", option->name);
    }
    printf("--help'\n        valued='");
    for (const cli_option *option = options; option != NULL && option->name != NULL; option++) {
        if (option->type->has_value) {
            printf("%s ", option->name);
        }
    }
    puts("'");
}

static int print_case(const cli_command *command) {
    printf("    %s)\n", command->name);
    print_options(command->options);
    printf("        words='");
    int status = command->print_operands != NULL ? command->print_operands() : CLI_DONE;
    printf("'\n        ;;\n");
    return status;
}

static int print_bash(void) {
    int status = CLI_DONE;
    fputs(head, stdout);
    for (size_t i = 0; i < cli_command_count && status == CLI_DONE; i++) {
        status = print_case(cli_commands[i]);
    }
    printf("    '')\n        options='--help --version --plugin'\n        valued='--plugin'\n"
           "        words='");
    cli_print_command_names();
    printf("'\n        ;;\n");
    fputs(tail, stdout);
    return status;
}

static int print_shells(void) {
    printf("bash");
    return CLI_DONE;
}

static int run(const cli_list *operands, const void *options) {
    (void)options;
    if (strcmp(operands->items[0], "bash") != 0) {
        return cli_usage_error("completion: the shell must be bash (got \"%s\")",
                               operands->items[0]);
    }
    return print_bash();
}

const cli_command cli_completion = {
    .name = "completion",
    .operands = "SHELL",
    .summary = "print a script that completes command lines in a shell: bash",
    .details = "In ~/.bashrc: source <(snug completion bash)\n",
    .min_operands = 1,
    .max_operands = 1,
    .print_operands = print_shells,
    .run = run,
};
