#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "progress.h"

#define SECONDS_BETWEEN_UPDATES 0.1

/* ---- signals --------------------------------------------------------------------------------- */

static volatile sig_atomic_t caught;

static void note_signal(int number) {
    caught = number;
}

enum { SIGNALS = 3 };

static const int signals[SIGNALS] = {SIGINT, SIGTERM, SIGPIPE};
static struct sigaction before[SIGNALS];

/* Without SA_RESTART: whatever waits for a slow reader must learn of the signal. */
void cli_signals_catch(void) {
    for (size_t i = 0; i < SIGNALS; i++) {
        struct sigaction action = {.sa_handler = note_signal, .sa_flags = (int)SA_RESETHAND};
        if (signals[i] == SIGPIPE) {
            action = (struct sigaction){.sa_handler = SIG_IGN};
        }
        sigemptyset(&action.sa_mask);
        sigaction(signals[i], &action, &before[i]);
    }
}

void cli_signals_release(void) {
    for (size_t i = 0; i < SIGNALS; i++) {
        sigaction(signals[i], &before[i], NULL);
    }
}

int cli_signal(void) {
    return caught;
}

/* ---- the bar --------------------------------------------------------------------------------- */

static bool bar_is_drawn;

double cli_seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

void cli_progress_clear(void) {
    if (bar_is_drawn) {
        fputs("\r\033[K", stderr);
        bar_is_drawn = false;
    }
}

static size_t terminal_width(void) {
#ifdef TIOCGWINSZ
    struct winsize size;
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
        return size.ws_col;
    }
#endif
    return 80;
}

void cli_progress_start(cli_progress *progress, bool quiet) {
    const char *kind = getenv("TERM");
    *progress = (cli_progress){.quiet = quiet, .started = cli_seconds()};
    progress->terminal = isatty(STDERR_FILENO) && kind != NULL && strcmp(kind, "dumb") != 0;
    progress->width = terminal_width();
    progress->drawn = progress->started;
}

/* A line of fixed size to which strings are appended; the end of one that does not fit is cut. */
typedef struct line {
    char text[256];
    size_t length;
} line;

SNUG_PRINTF(2, 3) static void append(line *to, const char *format, ...) {
    size_t capacity = sizeof to->text - to->length;
    va_list list;
    va_start(list, format);
    int length = vsnprintf(to->text + to->length, capacity, format, list);
    va_end(list);
    if (length > 0) {
        to->length += (size_t)length < capacity ? (size_t)length : capacity - 1;
    }
}

static void append_metrics(line *to, const char *part, const snug_metrics *metrics) {
    for (size_t i = 0; metrics != NULL && i < metrics->count; i++) {
        append(to, "  %s%s %.4g", part, metrics->values[i].name, metrics->values[i].value);
    }
}

/* Returns how many batches of the run are done. */
static double batches_done(const snug_progress *at) {
    return (double)(at->epoch - (at->epoch > 0)) * (double)at->batches + (double)at->batch;
}

/* Seconds until the end, if every batch takes as long as those done so far. */
static double remaining(const cli_progress *progress, const snug_progress *at) {
    double done = batches_done(at);
    double all = (double)at->epochs * (double)at->batches;
    return (cli_seconds() - progress->started) * (all - done) / (done - progress->skipped);
}

static void append_time(line *to, double seconds) {
    unsigned long whole = (unsigned long)(seconds + 0.5);
    if (whole >= 3600) {
        append(to, "%lu:%02lu:%02lu", whole / 3600, whole / 60 % 60, whole % 60);
    } else {
        append(to, "%lu:%02lu", whole / 60, whole % 60);
    }
}

static void append_bar(line *to, const snug_progress *at) {
    enum { CELLS = 20 };
    size_t full = at->batches > 0 ? at->batch * CELLS / at->batches : CELLS;
    append(to, " [");
    for (size_t i = 0; i < CELLS; i++) {
        append(to, i < full ? "=" : i == full ? ">" : " ");
    }
    append(to, "]");
}

static void draw_bar(cli_progress *progress, const snug_progress *at) {
    line bar = {.length = 0};
    append(&bar, "epoch %zu/%zu", at->epoch, at->epochs);
    append_bar(&bar, at);
    append(&bar, " ETA ");
    append_time(&bar, remaining(progress, at));
    append_metrics(&bar, "", at->train);
    int shown = (int)(bar.length < progress->width ? bar.length : progress->width - 1);
    fprintf(stderr, "\r%.*s\033[K", shown, bar.text);
    bar_is_drawn = true;
    progress->drawn = cli_seconds();
}

static void print_epoch(const snug_progress *at) {
    line text = {.length = 0};
    append(&text, "epoch %zu/%zu", at->epoch, at->epochs);
    append_metrics(&text, "", at->train);
    append_metrics(&text, "validation_", at->validation);
    cli_progress_clear();
    fprintf(stderr, "%s\n", text.text);
}

bool cli_progress_show(const snug_progress *at, void *user) {
    cli_progress *progress = user;
    progress->epochs = at->epoch_end ? at->epoch : at->epoch - (at->epoch > 0);
    progress->batches = at->epoch_end ? 0 : at->batch;
    progress->skipped = at->resumed ? batches_done(at) : progress->skipped;
    if (at->resumed && !progress->quiet) {
        cli_progress_clear();
        fprintf(stderr, "resumed after epoch %zu/%zu and %zu batch%s\n", progress->epochs,
                at->epochs, progress->batches, progress->batches == 1 ? "" : "es");
    }
    if (progress->quiet || at->resumed) {
        return caught == 0;
    }
    if (at->epoch_end) {
        print_epoch(at);
    } else if (progress->terminal && cli_seconds() - progress->drawn >= SECONDS_BETWEEN_UPDATES) {
        draw_bar(progress, at);
    }
    return caught == 0;
}

/* ---- several trainings ----------------------------------------------------------------------- */

void cli_folds_progress_start(cli_folds_progress *progress, bool quiet) {
    *progress = (cli_folds_progress){.finished = 0};
    cli_progress_start(&progress->base, quiet);
}

static void draw_folds(cli_folds_progress *progress, const snug_folds_progress *at) {
    line bar = {.length = 0};
    if (at->refit) {
        append(&bar, "all rows");
    } else {
        append(&bar, "%zu/%zu members  member %zu", at->finished, at->members, at->member + 1);
    }
    append(&bar, ": epoch %zu/%zu", at->training->epoch, at->training->epochs);
    append_metrics(&bar, "validation ", at->training->validation);
    size_t width = progress->base.width;
    int shown = (int)(bar.length < width ? bar.length : width - 1);
    fprintf(stderr, "\r%.*s\033[K", shown, bar.text);
    fflush(stderr);
    bar_is_drawn = true;
    progress->base.drawn = cli_seconds();
}

/* Prints a line for each member that was finished since the last one. */
static void print_finished(cli_folds_progress *progress, const snug_folds_progress *at) {
    if (at->finished > progress->finished) {
        progress->finished = at->finished;
        fprintf(stderr, "%zu of %zu members are trained\n", at->finished, at->members);
    }
    if (at->refit && !progress->refit) {
        progress->refit = true;
        fprintf(stderr, "training on all rows for %zu epoch%s\n", at->training->epochs,
                at->training->epochs == 1 ? "" : "s");
    }
}

bool cli_progress_show_folds(const snug_folds_progress *at, void *user) {
    cli_folds_progress *progress = user;
    if (progress->base.quiet) {
        return cli_signal() == 0;
    }
    if (!progress->base.terminal) {
        print_finished(progress, at);
    } else if (cli_seconds() - progress->base.drawn >= SECONDS_BETWEEN_UPDATES) {
        draw_folds(progress, at);
    }
    return cli_signal() == 0;
}
