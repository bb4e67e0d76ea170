#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "files/calls.h"
#include "files/path.h"
#include "output.h"
#include "progress.h"

/* ---- whole files ----------------------------------------------------------------------------- */

int cli_output_open(cli_output *output, const char *path) {
    *output = (cli_output){.stream = stdout};
    if (path == NULL) {
        return CLI_DONE;
    }
    if (snug_file_create(&output->file, path) != SNUG_OK) {
        return cli_runtime_error("%s", snug_error());
    }
    output->stream = output->file.stream;
    return CLI_DONE;
}

void cli_output_abandon(cli_output *output) {
    snug_file_abandon(&output->file);
    *output = (cli_output){0};
}

int cli_output_close(cli_output *output) {
    if (output->stream == stdout) {
        return cli_stdout_finish();
    }
    snug_status status = snug_file_commit(&output->file);
    *output = (cli_output){0};
    return status == SNUG_OK ? CLI_DONE : cli_runtime_error("%s", snug_error());
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

int cli_output_check(const char *path) {
    if (path == NULL || snug_file_check(path) == SNUG_OK) {
        return CLI_DONE;
    }
    return cli_runtime_error("%s", snug_error());
}

int cli_picture_check(const char *path) {
    static const char *const others[] = {"png",  "jpg", "jpeg", "gif", "webp", "bmp",  "tif",
                                         "tiff", "pdf", "eps",  "ps",  "ico",  "avif", "heic"};
    const char *end = path != NULL ? strrchr(path, '.') : NULL;
    for (size_t i = 0; end != NULL && i < sizeof others / sizeof *others; i++) {
        if (strcasecmp(end + 1, others[i]) == 0) {
            return cli_usage_error(
                "%s: is the name of another kind of picture than SVG, which is written: end it "
                "in .svg",
                path);
        }
    }
    return cli_output_check(path);
}

int cli_stdout_finish(void) {
    static bool reported;
    bool flushed = fflush(stdout) == 0;
    if (flushed && !ferror(stdout)) {
        return CLI_DONE;
    }
    if (!reported && flushed) { /* an earlier write failed, for a reason that is not known now */
        (void)cli_runtime_error("standard output: cannot write");
    } else if (!reported) {
        (void)cli_runtime_error("standard output: cannot write: %s", strerror(errno));
    }
    reported = true;
    return CLI_FAILED;
}

/* ---- line by line ---------------------------------------------------------------------------- */

int cli_lines_open(cli_lines *lines, const char *path) {
    *lines = (cli_lines){.path = path};
    if (path == NULL) {
        return CLI_DONE;
    }
    lines->open = snug_file_create_in_place(&lines->file, path) == SNUG_OK;
    return lines->open ? CLI_DONE : cli_runtime_error("%s", snug_error());
}

int cli_lines_append(cli_lines *lines, const char *path) {
    *lines = (cli_lines){.path = path};
    lines->open = snug_file_append(&lines->file, path) == SNUG_OK;
    return lines->open ? CLI_DONE : cli_runtime_error("%s", snug_error());
}

/* Writes past the stream, which loses bytes where a signal interrupts it. */
static bool write_bytes(cli_lines *lines, const char *bytes, size_t count) {
    while (count > 0) {
        ssize_t written = snug_file_calls_used()->write(lines->file.descriptor, bytes, count);
        if (written < 0 && (errno != EINTR || cli_signal() != 0)) {
            return false;
        }
        bytes += written > 0 ? written : 0;
        count -= written > 0 ? (size_t)written : 0;
    }
    return true;
}

void cli_lines_add(cli_lines *lines, const char *text) {
    if (!lines->open || lines->failed) {
        return;
    }
    char *line = cli_format("%s\n", text);
    bool written = write_bytes(lines, line, strlen(line));
    if (!written && cli_signal() == 0) {
        (void)cli_runtime_error("%s: cannot write: %s; training goes on without it", lines->path,
                                strerror(errno));
    }
    lines->failed = !written;
    free(line);
}

int cli_lines_close(cli_lines *lines) {
    if (!lines->open) {
        return CLI_DONE;
    }
    lines->open = false;
    if (snug_file_commit(&lines->file) != SNUG_OK && !lines->failed) {
        return cli_runtime_error("%s", snug_error());
    }
    return lines->failed ? CLI_FAILED : CLI_DONE;
}

/* ---- reading --------------------------------------------------------------------------------- */

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

/* Whether two paths end in one name in one directory, which is there. */
static bool is_same_place(const char *a, const char *b) {
    const size_t length_a = snug_directory_length(a), length_b = snug_directory_length(b);
    char *in_a = cli_format("%.*s.", (int)length_a, a),
         *in_b = cli_format("%.*s.", (int)length_b, b);
    struct stat of_a, of_b;
    bool same = strcmp(a + length_a, b + length_b) == 0 && stat(in_a, &of_a) == 0 &&
                stat(in_b, &of_b) == 0 && of_a.st_dev == of_b.st_dev && of_a.st_ino == of_b.st_ino;
    free(in_a);
    free(in_b);
    return same;
}

bool cli_is_same_file(const char *a, const char *b) {
    struct stat of_a, of_b;
    if (b == NULL || stat(a, &of_a) != 0 || stat(b, &of_b) != 0) {
        return b != NULL && is_same_place(a, b);
    }
    return S_ISREG(of_a.st_mode) && of_a.st_dev == of_b.st_dev && of_a.st_ino == of_b.st_ino;
}
