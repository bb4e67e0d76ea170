#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "data.h"
#include "output.h"

/* ---- formats --------------------------------------------------------------------------------- */

static bool ends_with(const char *text, const char *end) {
    size_t length = strlen(text), tail = strlen(end);
    return length >= tail && strcmp(text + length - tail, end) == 0;
}

/* The first bytes of a regular file; how many there are. A pipe gives them only once: none. */
static size_t first_bytes(const char *path, unsigned char *bytes, size_t size) {
    struct stat info;
    if (stat(path, &info) != 0 || !S_ISREG(info.st_mode)) {
        return 0;
    }
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return 0;
    }
    size_t count = fread(bytes, 1, size, file);
    fclose(file);
    return count;
}

static bool is_images(const char *path) {
    unsigned char head[3];
    if (ends_with(path, "-ubyte") || ends_with(path, ".idx") || ends_with(path, ".gz")) {
        return true;
    }
    if (first_bytes(path, head, sizeof head) < sizeof head) {
        return false;
    }
    bool gzip = head[0] == 0x1F && head[1] == 0x8B;
    bool idx = head[0] == 0 && head[1] == 0 && head[2] >= 0x08 && head[2] <= 0x0E;
    return gzip || idx;
}

static bool is_array(const char *path) {
    static const unsigned char magic[] = {0x93, 'N', 'U', 'M', 'P', 'Y'};
    unsigned char head[sizeof magic];
    return ends_with(path, ".npy") || (first_bytes(path, head, sizeof head) == sizeof head &&
                                       memcmp(head, magic, sizeof magic) == 0);
}

bool cli_is_model(const char *path) {
    unsigned char head[8];
    /* A model file starts with the length of its header, of which the high bytes are zero. */
    return ends_with(path, ".safetensors") ||
           (first_bytes(path, head, sizeof head) == sizeof head && memchr(head, 0, 8) != NULL);
}

cli_source cli_source_read(const char *spec) {
    const char *comma = access(spec, F_OK) == 0 ? NULL : strchr(spec, ',');
    if (comma != NULL) {
        char *first = cli_format("%.*s", (int)(comma - spec), spec);
        return (cli_source){
            .images = first, .labels = cli_format("%s", comma + 1), .arrays = is_array(first)};
    }
    if (is_images(spec) || is_array(spec)) {
        return (cli_source){.images = cli_format("%s", spec), .arrays = is_array(spec)};
    }
    return (cli_source){.path = cli_format("%s", spec)};
}

int cli_check_csv_options(const cli_source *source, const cli_csv_options *csv) {
    const char *option = csv->delimiter != NULL ? "--delimiter"
                         : csv->no_header       ? "--no-header"
                                                : NULL;
    if (option == NULL || source->path != NULL) {
        return CLI_DONE;
    }
    return cli_usage_error("%s: applies to a CSV file, and %s is in %s format", option,
                           source->images, source->arrays ? "NPY" : "IDX");
}

void cli_source_clear(cli_source *source) {
    free(source->path);
    free(source->images);
    free(source->labels);
    *source = (cli_source){0};
}

/* ---- opening --------------------------------------------------------------------------------- */

static snug_task task_of(const snug_model *model, bool targets) {
    if (!targets) {
        return SNUG_TASK_NONE;
    }
    return model != NULL ? snug_model_task(model) : SNUG_TASK_AUTO;
}

static snug_dataset *open_pair(const cli_source *source, const snug_model *model, bool targets,
                               const cli_csv_options *csv, int *status) {
    *status = cli_check_csv_options(source, csv);
    if (*status != CLI_DONE) {
        return NULL;
    }
    if (targets && source->labels == NULL) {
        *status =
            source->arrays
                ? cli_usage_error("%s: needs its targets too: FEATURES,TARGETS", source->images)
                : cli_usage_error("%s: needs its labels too: IMAGES,LABELS", source->images);
        return NULL;
    }
    snug_dataset *data = (source->arrays ? snug_dataset_read_npy_as : snug_dataset_read_idx_as)(
        source->images, source->labels, task_of(model, targets));
    *status = data != NULL ? CLI_DONE : cli_library_error();
    return data;
}

static snug_dataset *open_table(const char *path, const snug_model *model, bool targets,
                                const cli_csv_options *csv, int *status) {
    char delimiter = ',';
    if (csv->delimiter != NULL && snug_csv_delimiter(csv->delimiter, &delimiter) != SNUG_OK) {
        *status = cli_usage_error("--delimiter: %s", snug_error());
        return NULL;
    }
    snug_csv_options options = {
        .delimiter = delimiter,
        .no_header = csv->no_header,
        .task = targets ? SNUG_TASK_AUTO : SNUG_TASK_NONE,
        .like = model != NULL ? snug_model_preprocessing(model) : NULL,
    };
    snug_dataset *data = snug_dataset_read_csv(path, &options);
    *status = data != NULL ? CLI_DONE : cli_library_error();
    return data;
}

/* Images have no column names by which a misfit would have been found. */
static snug_dataset *check_width(snug_dataset *data, const char *spec, const snug_model *model,
                                 int *status) {
    size_t columns = snug_dataset_column_count(data), inputs = snug_model_input_count(model);
    if (columns == inputs) {
        return data;
    }
    *status = cli_usage_error("%s: has %zu values a row where the model takes %zu", spec, columns,
                              inputs);
    snug_dataset_free(data);
    return NULL;
}

static snug_dataset *check_targets(snug_dataset *data, const char *spec, int *status) {
    if (snug_dataset_class_count(data) > 0 || snug_dataset_output_count(data) > 0) {
        return data;
    }
    *status = cli_usage_error("%s: has no targets to evaluate with", spec);
    snug_dataset_free(data);
    return NULL;
}

snug_dataset *cli_data_open(const char *spec, const snug_model *model, bool targets,
                            const cli_csv_options *csv, int *status) {
    cli_source source = cli_source_read(spec);
    snug_dataset *data = source.path != NULL ? open_table(source.path, model, targets, csv, status)
                                             : open_pair(&source, model, targets, csv, status);
    cli_source_clear(&source);
    if (data != NULL && model != NULL) {
        data = check_width(data, spec, model, status);
    }
    return data != NULL && targets ? check_targets(data, spec, status) : data;
}
