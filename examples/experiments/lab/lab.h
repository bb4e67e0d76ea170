/* What the experiments share: their command line, data, networks and training. */
#ifndef LAB_LAB_H
#define LAB_LAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <snug/snug.h>

/* A run of an experiment: what its command line says, and when it began. */
typedef struct lab {
    const char *data;    /* a folder of IDX files as those of Fashion-MNIST, or a table */
    const char *picture; /* the SVG file */
    uint64_t seed;
    bool quick; /* small enough for a test */
    struct timespec start;
} lab;

/*
 * Reads the command line, [--data FOLDER_OR_TABLE] [--out FILE.svg] [--seed N] [--quick], and
 * prints the title. The default of `data` is the environment variable SNUG_DATA or, without it,
 * where Debian's package dataset-fashion-mnist is. Ends the program where an option is wrong, and
 * after --help.
 */
lab lab_begin(int argc, char **argv, const char *title, const char *picture);

/* Prints the time since lab_begin() and the picture's path; returns the exit status. */
int lab_end(const lab *run, bool succeeded);

/*
 * Reads training and test rows, which the caller owns; of more than `rows` training rows the first.
 * A table gives a fifth of its rows for testing. Prints the error message where that fails, or
 * where the targets are not classes.
 */
bool lab_read(const lab *run, size_t rows, snug_dataset **train, snug_dataset **test);

/* Returns the first rows of a dataset, at most `rows`, as a dataset which the caller owns. */
snug_dataset *lab_first(const snug_dataset *all, size_t rows);

/* ---- networks -------------------------------------------------------------------------------- */

/* Hidden layers that are alike: dense, then perhaps a normalization, an activation, a dropout. */
typedef struct lab_network {
    size_t inputs, depth, width;
    size_t outputs;         /* units of a last layer without an activation; 0: no such layer */
    const char *before;     /* a layer before the first dense one, or NULL */
    const char *init;       /* of all dense layers, by name or as JSON: "\"he_normal\"" */
    const char *between;    /* a layer between dense and activation, or NULL */
    const char *activation; /* by name or as JSON */
    const char *after;      /* a layer behind each activation, or NULL */
} lab_network;

/* Returns a new model, which the caller owns, without weights; NULL and a message on failure. */
snug_model *lab_build(const lab_network *network);

/* ---- training -------------------------------------------------------------------------------- */

enum { LAB_MOST_EPOCHS = 40 };

/* Gradient descent at a constant rate without momentum; the datasets are borrowed. */
typedef struct lab_training {
    const snug_dataset *train, *validation;
    const snug_dataset *test; /* or NULL */
    double rate;
    size_t batch_size, epochs; /* at most LAB_MOST_EPOCHS */
    uint64_t seed;
} lab_training;

/* What became of it. After it diverged (a loss that is not finite) losses are NaN, accuracies 0. */
typedef struct lab_course {
    double loss[LAB_MOST_EPOCHS];     /* of the training rows, during each epoch */
    double accuracy[LAB_MOST_EPOCHS]; /* of the validation rows, after each epoch */
    double test;                      /* accuracy of the test rows at the end */
    double seconds;
} lab_course;

/* Trains a new network; returns false, with a message, after an error other than divergence. */
bool lab_train(const lab_network *network, const lab_training *training, lab_course *course);

/* Returns the seconds since a time that timespec_get() gave. */
double lab_seconds(const struct timespec *start);

/* Prints the library's error message; returns false. */
bool lab_failed(void);

#endif
