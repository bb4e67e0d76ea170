/*
 * Trains on an NPY file of 2 GiB, which it makes in the current directory and removes, and prints
 * the time and the peak of resident memory. A first argument is another number of MiB, from 1 to
 * 4096.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <snug/snug.h>

#include "bench_timing.h"

enum { COLUMNS = 256, CLASSES = 4, BLOCK = 1024, HEADER = 128, MOST = 4096 };

static const char features[] = "large_data_x.npy", targets[] = "large_data_y.npy";

static double peak_mebibytes(void) {
    struct rusage usage = {0};
    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss / 1024;
}

/* The header of an NPY file of `shape`, filled up to HEADER bytes. */
static bool write_header(FILE *file, const char *type, const char *shape) {
    char text[HEADER + 1];
    memcpy(text, "\x93NUMPY\1\0\x76\0", 10);
    int n = snprintf(text + 10, HEADER - 9, "{'descr': '%s', 'fortran_order': False, 'shape': %s}",
                     type, shape);
    memset(text + 10 + n, ' ', HEADER - 10 - (size_t)n);
    text[HEADER - 1] = '\n';
    return fwrite(text, 1, HEADER, file) == HEADER;
}

/* Four clouds of points: a row of class c has one quarter of its columns raised. */
static void fill_row(uint64_t *state, uint8_t class, float *row) {
    for (size_t j = 0; j < COLUMNS; j++) {
        *state = *state * 6364136223846793005u + 1442695040888963407u;
        row[j] = (float)(*state >> 40) / 16777216.0f + (j % CLASSES == class ? 0.2f : 0.0f);
    }
}

static bool write_rows(FILE *x, FILE *y, size_t rows) {
    static float block[BLOCK * COLUMNS];
    static uint8_t classes[BLOCK];
    uint64_t state = 1;
    bool good = true;
    for (size_t first = 0; good && first < rows; first += BLOCK) {
        for (size_t i = 0; i < BLOCK; i++) {
            classes[i] = (uint8_t)((first + i) % CLASSES);
            fill_row(&state, classes[i], block + i * COLUMNS);
        }
        good = fwrite(block, sizeof block, 1, x) == 1 && fwrite(classes, BLOCK, 1, y) == 1;
    }
    return good;
}

/* Rows are whole blocks: a MiB is one. */
static bool write_files(size_t rows) {
    char shape[2][64];
    snprintf(shape[0], sizeof shape[0], "(%zu, %d)", rows, COLUMNS);
    snprintf(shape[1], sizeof shape[1], "(%zu,)", rows);
    FILE *x = fopen(features, "wb"), *y = fopen(targets, "wb");
    bool good = x != NULL && y != NULL && write_header(x, "<f4", shape[0]) &&
                write_header(y, "|u1", shape[1]) && write_rows(x, y, rows);
    good &= x != NULL && fclose(x) == 0;
    good &= y != NULL && fclose(y) == 0;
    if (!good) {
        perror("large_data");
    }
    return good;
}

static bool train(const snug_dataset *data) {
    snug_model *model = snug_model_new(COLUMNS);
    snug_history *history = NULL;
    snug_fit_options options = {.epochs = 1, .batch_size = 256, .validation = 0.05, .seed = 1};
    snug_model_add(model, snug_dense(64));
    snug_model_add(model, snug_selu());
    snug_model_add(model, snug_dense(CLASSES));
    double start = bench_now();
    bool good = snug_fit(model, data, &options, &history) == SNUG_OK;
    if (good) {
        printf("one epoch with its standardization: %.1f s, validation accuracy %.4f\n",
               bench_now() - start,
               snug_metrics_get(snug_history_validation(history, 1), "accuracy"));
    }
    snug_history_free(history);
    snug_model_free(model);
    return good;
}

static bool run(size_t mebibytes) {
    size_t rows = mebibytes * ((1 << 20) / (COLUMNS * sizeof(float)));
    if (!write_files(rows)) {
        return false;
    }
    double before = peak_mebibytes();
    snug_dataset *data = snug_dataset_read_npy(features, targets);
    bool good = data != NULL && train(data);
    if (good) {
        printf("%zu MiB of features (%zu x %d): peak of resident memory %.1f MiB, %.1f before\n",
               mebibytes, rows, COLUMNS, peak_mebibytes(), before);
    } else {
        fprintf(stderr, "large_data: %s\n", snug_error());
    }
    snug_dataset_free(data);
    return good;
}

int main(int argc, char **argv) {
    unsigned long mebibytes = argc > 1 ? strtoul(argv[1], NULL, 10) : 2048;
    if (mebibytes < 1 || mebibytes > MOST) {
        fprintf(stderr, "large_data: the size must be from 1 to %d MiB\n", MOST);
        return EXIT_FAILURE;
    }
    bool good = run(mebibytes);
    remove(features);
    remove(targets);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
