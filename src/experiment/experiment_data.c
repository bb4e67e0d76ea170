#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "experiment/data_sources.h"
#include "experiment/experiment_data.h"
#include "files/file.h"
#include "formats/data_files.h"
#include "kinds/fields.h"

/* ---- what is asked of the formats ------------------------------------------------------------ */

static snug_task task_of(const snug_experiment *e) {
    return snug_experiment_target(e) == SNUG_TARGET_CLASSES ? SNUG_TASK_CLASSIFICATION
                                                            : SNUG_TASK_REGRESSION;
}

/*
 * Returns what the targets of a format without names are: those of `like`, or what the loss takes.
 */
static unsigned wanted_targets(const snug_experiment *e, const snug_preprocessing *like) {
    if (like != NULL) {
        return like->table->classes.count > 0 ? SNUG_TARGET_CLASSES : SNUG_TARGET_VALUES;
    }
    return ((const snug_loss_kind *)(const void *)e->train.loss->kind)->targets;
}

/* Settings that do not apply to the format keep their defaults. */
static snug_data_request request_of(const snug_experiment *e, const snug_preprocessing *like,
                                    const snug_data_format *format) {
    snug_data_request request = {.table = e->data.csv,
                                 .targets = wanted_targets(e, like),
                                 .max_in_memory = SNUG_MAX_IN_MEMORY};
    request.table.task = task_of(e);
    request.table.like = like;
    if (!(format->settings & SNUG_DATA_DELIMITED)) {
        request.table.delimiter = 0;
        request.table.no_header = false;
    }
    return request;
}

/* ---- reading --------------------------------------------------------------------------------- */

static snug_status fail_lacks_files(const snug_data_files *files) {
    const snug_data_format *format = files->format;
    return snug_fail(
        SNUG_ERROR_CONFIG, "%s: is in %s format, which needs {\"%s\": FILE, \"%s\": FILE}",
        files->sources[0].name, format->title, format->files[0].name, format->files[1].name);
}

static snug_dataset *read_files(const snug_experiment *e, const snug_source *source,
                                const snug_preprocessing *like, snug_data_files *files) {
    if (files->format->files != source->names) {
        fail_lacks_files(files);
        return NULL;
    }
    if (like == NULL && snug_data_check_scopes(&e->data, files->format) != SNUG_OK) {
        snug_fail_in("%s", e->name);
        return NULL;
    }
    snug_data_request request = request_of(e, like, files->format);
    return snug_data_files_read(files, &request);
}

/* Returns the path of a file as seen from the experiment; "-", standard input, is no path. */
static char *resolve(const snug_experiment *e, const char *path) {
    return strcmp(path, "-") == 0 ? snug_copy_string(path) : snug_path_beside(e->path, path);
}

static snug_dataset *open_and_read(const snug_experiment *e, const snug_source *source,
                                   const snug_preprocessing *like, char **paths) {
    snug_data_files files;
    snug_dataset *data = NULL;
    if (snug_data_files_open(&files, paths[0], paths[1],
                             snug_data_source_format(&e->data, source)) == SNUG_OK) {
        data = read_files(e, source, like, &files);
    }
    snug_data_files_close(&files);
    return data;
}

snug_dataset *snug_experiment_read_source(const snug_experiment *e, const snug_source *source,
                                          const snug_preprocessing *like) {
    char *paths[SNUG_SOURCE_FILES] = {NULL};
    snug_dataset *data = NULL;
    bool ok = true;
    for (size_t i = 0; i < SNUG_SOURCE_FILES && ok; i++) {
        paths[i] = source->paths[i] != NULL ? resolve(e, source->paths[i]) : NULL;
        ok = source->paths[i] == NULL || paths[i] != NULL;
    }
    if (ok) {
        data = open_and_read(e, source, like, paths);
    }
    for (size_t i = 0; i < SNUG_SOURCE_FILES; i++) {
        snug_release(paths[i]);
    }
    return data;
}
