/*
 * The library's side of bench/compare: one piece of work, whose seconds are printed,
 * and last the peak of resident memory in bytes.
 *
 *   library csv FILE                 reads a table
 *   library load MODEL.safetensors   reads the bytes, then loads the model
 *   library save CONFIG MODEL        initial weights to a file, for the others to begin with
 *   library train CONFIG OPTIMIZER BATCH EPOCHS ROWS X CLASSES    the loss of each epoch, in order
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <snug/snug.h>

#include "bench_timing.h"

enum { ROUNDS = 5, SEED = 1 };

static void fail(const char *what) {
    fprintf(stderr, "bench/library: %s\n", what);
    exit(EXIT_FAILURE);
}

/* All bytes of a file. */
static void *bytes_of(const char *path, size_t *size) {
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
        fail(path);
        return NULL;
    }
    *size = (size_t)ftell(file);
    rewind(file);
    char *bytes = malloc(*size + 1);
    if (bytes == NULL || fread(bytes, 1, *size, file) != *size) {
        fail(path);
    }
    fclose(file);
    return bytes;
}

static void print_peak(void) {
    char line[128];
    unsigned long kilobytes = 0;
    FILE *file = fopen("/proc/self/status", "r");
    while (file != NULL && kilobytes == 0 && fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, "VmHWM:", 6) == 0) {
            kilobytes = strtoul(line + 6, NULL, 10);
        }
    }
    if (file != NULL) {
        fclose(file);
    }
    printf("%lu\n", kilobytes * 1024);
}

static void csv(char **words) {
    double began = bench_now();
    snug_dataset *data =
        snug_dataset_read_csv(words[0], &(snug_csv_options){.task = SNUG_TASK_NONE});
    double seconds = bench_now() - began;
    if (data == NULL) {
        fail(snug_error());
    }
    printf("%.6f %zu\n", seconds, snug_dataset_row_count(data));
    snug_dataset_free(data);
}

/* Rounds of both alternate; the bytes are in the page cache after the first. */
static void load(char **words) {
    for (int i = 0; i < ROUNDS; i++) {
        size_t size = 0;
        double began = bench_now();
        void *bytes = bytes_of(words[0], &size);
        double read = bench_now() - began;
        free(bytes);
        began = bench_now();
        snug_model *model = snug_model_load(words[0]);
        double loaded = bench_now() - began;
        if (model == NULL) {
            fail(snug_error());
        }
        snug_model_free(model);
        printf("%.6f %.6f\n", read, loaded);
    }
}

static snug_model *initial(const char *config) {
    snug_model *model = snug_model_read_config(config);
    if (model == NULL || snug_model_init(model, SEED) != SNUG_OK) {
        fail(snug_error());
    }
    return model;
}

static void save(char **words) {
    snug_model *model = initial(words[0]);
    if (snug_model_save(model, words[1]) != SNUG_OK) {
        fail(snug_error());
    }
    snug_model_free(model);
}

/*
 * As many numbers as bytes: images, which are standardized; otherwise float32, taken as they are.
 */
static void train(char **words) {
    size_t rows = strtoul(words[4], NULL, 10), size = 0, ignored = 0;
    snug_model *model = initial(words[0]);
    void *x = bytes_of(words[5], &size), *classes = bytes_of(words[6], &ignored);
    size_t columns = snug_model_input_count(model);
    bool images = size == rows * columns;
    snug_dataset *data = images ? snug_dataset_from_bytes(x, rows, columns, classes)
                                : snug_dataset_from_arrays(x, rows, columns, classes);
    snug_history *history = NULL;
    snug_fit_options options = {.optimizer = snug_optimizer_new(words[1]),
                                .batch_size = strtoul(words[2], NULL, 10),
                                .epochs = strtoul(words[3], NULL, 10),
                                .seed = SEED,
                                .keep_order = true,
                                .scaling = images ? SNUG_SCALING_STANDARD : SNUG_SCALING_NONE};
    if (data == NULL || snug_fit(model, data, &options, &history) != SNUG_OK) {
        fail(snug_error());
    }
    for (size_t i = 0; i < snug_history_epoch_count(history); i++) {
        printf("%.9g\n", snug_metrics_get(snug_history_train(history, i + 1), "loss"));
    }
    snug_history_free(history);
    snug_dataset_free(data);
    snug_model_free(model);
    free(x);
    free(classes);
}

int main(int argc, char **argv) {
    static const struct {
        const char *name;
        int words;
        void (*run)(char **words);
    } commands[] = {{"csv", 1, csv}, {"load", 1, load}, {"save", 2, save}, {"train", 7, train}};
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (argc == commands[i].words + 2 && strcmp(argv[1], commands[i].name) == 0) {
            commands[i].run(argv + 2);
            print_peak();
            return EXIT_SUCCESS;
        }
    }
    fprintf(stderr, "usage: see the head of bench/library.c\n");
    return EXIT_FAILURE;
}
