#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "args.h"
#include "output.h"

static int cannot_write(const char *path) {
    return cli_failed("%s: cannot write: %s", path, strerror(errno));
}

/* What is no file, such as /dev/null, is written in place: a rename would replace it. */
static bool is_special(const char *path) {
    struct stat info;
    return stat(path, &info) == 0 && !S_ISREG(info.st_mode);
}

/* mkstemp() makes a file for its owner alone; a new file has what the umask leaves. */
static void set_usual_mode(int descriptor) {
    mode_t mask = umask(0);
    umask(mask);
    (void)fchmod(descriptor, (mode_t)0666 & ~mask);
}

static FILE *open_beside(const char *path, char **temporary) {
    *temporary = cli_format("%s.XXXXXX", path);
    int descriptor = mkstemp(*temporary);
    FILE *stream = NULL;
    if (descriptor >= 0) {
        set_usual_mode(descriptor);
        stream = fdopen(descriptor, "wb");
    }
    if (stream == NULL) {
        if (descriptor >= 0) {
            close(descriptor);
            unlink(*temporary);
        }
        free(*temporary);
        *temporary = NULL;
    }
    return stream;
}

int cli_output_open(cli_output *output, const char *path) {
    *output = (cli_output){.stream = stdout, .path = path};
    if (path == NULL) {
        return CLI_DONE;
    }
    output->stream = is_special(path) ? fopen(path, "wb") : open_beside(path, &output->temporary);
    return output->stream != NULL ? CLI_DONE : cannot_write(path);
}

void cli_output_abandon(cli_output *output) {
    if (output->path != NULL && output->stream != NULL) {
        fclose(output->stream);
        if (output->temporary != NULL) {
            unlink(output->temporary);
        }
    }
    free(output->temporary);
    *output = (cli_output){0};
}

int cli_output_close(cli_output *output) {
    const char *path = output->path != NULL ? output->path : "standard output";
    bool good = fflush(output->stream) == 0 && !ferror(output->stream);
    if (output->temporary != NULL) {
        good = good && fsync(fileno(output->stream)) == 0;
        good = good && rename(output->temporary, output->path) == 0;
    }
    int status = good ? CLI_DONE : cannot_write(path);
    if (good && output->temporary != NULL) {
        free(output->temporary);
        output->temporary = NULL;
    }
    cli_output_abandon(output);
    return status;
}

int cli_output_text(const char *path, const char *text) {
    cli_output output;
    int status = cli_output_open(&output, path);
    if (status != CLI_DONE) {
        return status;
    }
    fputs(text, output.stream);
    return cli_output_close(&output);
}

char *cli_file_read(const char *path) {
    struct stat info;
    FILE *file = stat(path, &info) == 0 && S_ISREG(info.st_mode) ? fopen(path, "rb") : NULL;
    if (file == NULL) {
        return NULL;
    }
    char *text = cli_allocate((size_t)info.st_size + 1, 1);
    size_t size = fread(text, 1, (size_t)info.st_size, file);
    text[size] = '\0';
    fclose(file);
    return text;
}

FILE *cli_file_write(const char *path) {
    FILE *file = fopen(path, "w");
    if (file == NULL) {
        (void)cannot_write(path);
    }
    return file;
}

int cli_file_line(FILE *file, const char *path, const char *line) {
    bool good = fprintf(file, "%s\n", line) >= 0 && fflush(file) == 0;
    return good ? CLI_DONE : cannot_write(path);
}

int cli_output_check(const char *path) {
    const char *slash = strrchr(path, '/');
    size_t length = slash == NULL ? 0 : (size_t)(slash - path) + 1;
    char *directory = length == 0 ? cli_format(".") : cli_format("%.*s", (int)length, path);
    struct stat info;
    bool there = stat(path, &info) == 0;
    int status = CLI_DONE;
    if (there && S_ISDIR(info.st_mode)) {
        errno = EISDIR;
        status = cannot_write(path);
    } else if (!(there && !S_ISREG(info.st_mode)) && access(directory, W_OK | X_OK) != 0) {
        status = cannot_write(path);
    }
    free(directory);
    return status;
}
