#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lab/lab.h"

/* ---- the command line ------------------------------------------------------------------------ */

/* Where Debian's package dataset-fashion-mnist is. */
static const char default_data[] = "/usr/share/datasets/fashion-mnist";

static void print_usage(FILE *file, const char *program) {
    fprintf(file, "usage: %s [--data FOLDER_OR_TABLE] [--out FILE.svg] [--seed N] [--quick]\n",
            program);
}

static _Noreturn void wrong(const char *program, const char *what) {
    fprintf(stderr, "%s: %s\n", program, what);
    print_usage(stderr, program);
    exit(2);
}

static _Noreturn void help(const char *program) {
    print_usage(stdout, program);
    printf("\n"
           "  --data   a folder with the files of Fashion-MNIST, or a table whose last column is\n"
           "           the class; otherwise $SNUG_DATA or %s\n"
           "  --out    the picture\n"
           "  --seed   of weights, inputs and batches; otherwise 1\n"
           "  --quick  small networks, in seconds\n",
           default_data);
    exit(0);
}

static uint64_t seed_of(const char *program, const char *string) {
    char *end = NULL;
    errno = 0;
    unsigned long long seed = strtoull(string, &end, 10);
    if (errno != 0 || end == string || *end != '\0' || *string == '-') {
        wrong(program, "--seed takes a whole number");
    }
    return seed;
}

lab lab_begin(int argc, char **argv, const char *title, const char *picture) {
    const char *data = getenv("SNUG_DATA");
    lab run = {.data = data != NULL ? data : default_data, .picture = picture, .seed = 1};
    for (int i = 1; i < argc; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : NULL;
        if (strcmp(argv[i], "--quick") == 0) {
            run.quick = true;
            continue;
        }
        if (strcmp(argv[i], "--help") == 0) {
            help(argv[0]);
        }
        if (value == NULL) {
            wrong(argv[0], "an unknown option, or one without its value");
        }
        if (strcmp(argv[i], "--data") == 0) {
            run.data = value;
        } else if (strcmp(argv[i], "--out") == 0) {
            run.picture = value;
        } else if (strcmp(argv[i], "--seed") == 0) {
            run.seed = seed_of(argv[0], value);
        } else {
            wrong(argv[0], "an unknown option");
        }
        i++;
    }
    printf("%s\n\n", title);
    (void)timespec_get(&run.start, TIME_UTC);
    return run;
}

double lab_seconds(const struct timespec *start) {
    struct timespec now;
    (void)timespec_get(&now, TIME_UTC);
    return difftime(now.tv_sec, start->tv_sec) + 1e-9 * (double)(now.tv_nsec - start->tv_nsec);
}

int lab_end(const lab *run, bool succeeded) {
    if (succeeded) {
        printf("\n%s, written after %.1f seconds\n", run->picture, lab_seconds(&run->start));
    }
    return succeeded ? 0 : 1;
}

bool lab_failed(void) {
    fprintf(stderr, "%s\n", snug_error());
    return false;
}

/* ---- data ------------------------------------------------------------------------------------ */

/* Reads the images and labels of one part, "train" or "t10k"; NULL on failure. */
static snug_dataset *read_images(const char *folder, const char *part) {
    char images[1024], labels[1024];
    snprintf(images, sizeof images, "%s/%s-images-idx3-ubyte.gz", folder, part);
    snprintf(labels, sizeof labels, "%s/%s-labels-idx1-ubyte.gz", folder, part);
    return snug_dataset_read_idx(images, labels);
}

snug_dataset *lab_first(const snug_dataset *all, size_t rows) {
    size_t count = snug_dataset_row_count(all);
    count = count < rows ? count : rows;
    size_t *numbers = malloc(count * sizeof *numbers);
    for (size_t i = 0; numbers != NULL && i < count; i++) {
        numbers[i] = i;
    }
    snug_dataset *first = numbers != NULL ? snug_dataset_select(all, numbers, count) : NULL;
    free(numbers);
    return first;
}

bool lab_read(const lab *run, size_t rows, snug_dataset **train, snug_dataset **test) {
    struct stat st;
    snug_dataset *all = NULL;
    *train = *test = NULL;
    if (stat(run->data, &st) != 0) {
        fprintf(stderr,
                "%s: %s; install Debian's dataset-fashion-mnist, or name a folder or a table "
                "by --data\n",
                run->data, strerror(errno));
        return false;
    }
    if (S_ISDIR(st.st_mode)) {
        all = read_images(run->data, "train");
        *test = read_images(run->data, "t10k");
        *train = all != NULL ? lab_first(all, rows) : NULL;
        snug_dataset_free(all);
    } else {
        snug_dataset *rest = NULL;
        all = snug_dataset_read(run->data, NULL);
        if (all != NULL && snug_dataset_split(all, 0.2, run->seed, &rest, test) == SNUG_OK) {
            *train = lab_first(rest, rows);
        }
        snug_dataset_free(rest);
        snug_dataset_free(all);
    }
    if (*train == NULL || *test == NULL) {
        return lab_failed();
    }
    if (snug_dataset_class_count(*train) == 0) {
        fprintf(stderr, "%s: the last column must hold classes, and holds values\n", run->data);
        return false;
    }
    return true;
}

/* ---- networks -------------------------------------------------------------------------------- */

static snug_status add_dense(snug_model *model, size_t units, const char *init) {
    char spec[256];
    snprintf(spec, sizeof spec, "{\"type\": \"dense\", \"units\": %zu, \"init\": %s}", units, init);
    return snug_model_add(model, snug_layer_new(spec));
}

snug_model *lab_build(const lab_network *network) {
    snug_model *model = snug_model_new(network->inputs);
    snug_status status = model != NULL ? SNUG_OK : snug_error_status();
    if (model != NULL && network->before != NULL) {
        status = snug_model_add(model, snug_layer_new(network->before));
    }
    for (size_t i = 0; model != NULL && i < network->depth; i++) {
        add_dense(model, network->width, network->init);
        if (network->between != NULL) {
            snug_model_add(model, snug_layer_new(network->between));
        }
        status = snug_model_add(model, snug_layer_new(network->activation));
        if (network->after != NULL) {
            status = snug_model_add(model, snug_layer_new(network->after));
        }
    }
    if (model != NULL && network->outputs > 0) {
        status = add_dense(model, network->outputs, network->init);
    }
    if (status != SNUG_OK) {
        lab_failed();
        snug_model_free(model);
        return NULL;
    }
    return model;
}

/* ---- training -------------------------------------------------------------------------------- */

/* Copies the epochs that there were; the others are those of a network that diverged. */
static void copy_history(const snug_history *history, size_t epochs, lab_course *course) {
    for (size_t i = 0; i < epochs; i++) {
        const snug_metrics *validation = snug_history_validation(history, i + 1);
        course->loss[i] = snug_metrics_get(snug_history_train(history, i + 1), "loss");
        course->accuracy[i] = validation != NULL ? snug_metrics_get(validation, "accuracy") : 0.0;
    }
}

bool lab_train(const lab_network *network, const lab_training *training, lab_course *course) {
    struct timespec start;
    snug_history *history = NULL;
    snug_model *model = lab_build(network);
    if (model == NULL) {
        return false;
    }
    *course = (lab_course){0};
    (void)timespec_get(&start, TIME_UTC);
    snug_fit_options options = {.optimizer = snug_sgd(training->rate, 0),
                                .batch_size = training->batch_size,
                                .epochs = training->epochs,
                                .validation_data = training->validation,
                                .seed = training->seed};
    snug_status status = snug_fit(model, training->train, &options, &history);
    course->seconds = lab_seconds(&start);
    copy_history(history, training->epochs, course);
    if (status == SNUG_OK && training->test != NULL) {
        snug_metrics metrics;
        status = snug_evaluate(model, training->test, &metrics);
        course->test = status == SNUG_OK ? snug_metrics_get(&metrics, "accuracy") : 0.0;
    }
    snug_history_free(history);
    snug_model_free(model);
    return status == SNUG_OK || status == SNUG_ERROR_DIVERGED || lab_failed();
}
