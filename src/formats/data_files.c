#include <string.h>
#include <unistd.h>

#include "core/status.h"
#include "data/content_warnings.h"
#include "data/dataset.h"
#include "data/preprocessing.h"
#include "files/text_encoding.h"
#include "formats/data_files.h"

static snug_status open_source(snug_byte_source *source, const char *path) {
    return strcmp(path, "-") == 0
               ? snug_byte_source_open_pipe(source, STDIN_FILENO, "standard input", NULL,
                                            SNUG_MAX_PIPE_BYTES)
               : snug_byte_source_open(source, path, NULL);
}

snug_status snug_data_files_open(snug_data_files *files, const char *first, const char *second,
                                 const snug_data_format *format) {
    *files = (snug_data_files){.format = format};
    if (second != NULL && snug_is_standard_input(first) && snug_is_standard_input(second)) {
        return snug_fail(SNUG_ERROR_CONFIG,
                         "%s and %s: standard input can be read once, and is one file", first,
                         second);
    }
    snug_status status = open_source(&files->sources[0], first);
    if (status == SNUG_OK && format == NULL) {
        status = snug_data_format_detect(&files->sources[0], &files->format);
    }
    if (status == SNUG_OK && second != NULL) {
        status = open_source(&files->sources[1], second);
    }
    return status;
}

static snug_status check_settings(const snug_data_files *files, const snug_csv_options *table) {
    const char *setting = table->delimiter != 0 ? "delimiter"
                          : table->no_header    ? "no_header"
                                                : NULL;
    if (setting == NULL || files->format->settings & SNUG_DATA_DELIMITED) {
        return SNUG_OK;
    }
    return snug_fail(SNUG_ERROR_ARGUMENT,
                     "%s: .%s applies to delimited fields, as in CSV, and not to %s format",
                     files->sources[0].name, setting, files->format->title);
}

/*
 * Where neither an option nor a byte order mark names the encoding, it is UTF-8 if all bytes are
 * that, and otherwise the one of the model's table.
 */
static snug_status choose_encoding(const snug_data_files *files, snug_csv_options *table) {
    const char *like = table->like != NULL ? table->like->table->encoding : NULL;
    return table->encoding == NULL && like != NULL && files->format->records != NULL
               ? snug_text_encoding_detect(&files->sources[0], like, &table->encoding)
               : SNUG_OK;
}

snug_dataset *snug_data_files_read(snug_data_files *files, const snug_data_request *request) {
    snug_data_request own = *request;
    return check_settings(files, &own.table) == SNUG_OK &&
                   choose_encoding(files, &own.table) == SNUG_OK
               ? files->format->read(files->sources, &own)
               : NULL;
}

void snug_data_files_close(snug_data_files *files) {
    for (size_t i = 0; i < SNUG_SOURCE_FILES; i++) {
        snug_byte_source_close(&files->sources[i]);
    }
}

snug_dataset *snug_data_read(const char *first, const char *second, const snug_data_format *format,
                             const snug_data_request *request) {
    snug_data_files files;
    snug_status status = snug_data_files_open(&files, first, second, format);
    snug_dataset *data = status == SNUG_OK ? snug_data_files_read(&files, request) : NULL;
    snug_data_files_close(&files);
    return data;
}

snug_dataset *snug_data_read_table(const char *path, const snug_data_format *format,
                                   const snug_csv_options *options) {
    snug_data_request request = {.table = options != NULL ? *options : (snug_csv_options){0}};
    snug_dataset *data = NULL;
    if (path == NULL) {
        snug_fail(SNUG_ERROR_ARGUMENT, "a table's path is NULL");
    } else {
        data = snug_data_read(path, NULL, format, &request);
    }
    return snug_constructed(SNUG_CONSTRUCTED_DATASET, data);
}

/* ---- formats of arrays ----------------------------------------------------------------------- */

/* Warns of whole numbers that were read as classes because the loss wants them. */
static bool warn_of_classes(snug_storage *storage, const char *path,
                            const snug_data_request *request) {
    return request->targets != SNUG_TARGET_CLASSES || request->table.like != NULL ||
           snug_warn_of_many_classes(&storage->warnings, path, storage->classes, storage->rows,
                                     false) == SNUG_OK;
}

snug_dataset *snug_data_read_arrays(snug_fill_storage_fn *fill, snug_byte_source *files,
                                    const snug_data_request *request) {
    snug_storage *storage = snug_storage_new();
    if (storage == NULL) {
        return NULL;
    }
    storage->owned = true;
    storage->warnings.strict = request->table.strict;
    if (fill(storage, files, request) == SNUG_OK &&
        warn_of_classes(storage, files[1].name, request)) {
        storage->table =
            snug_table_schema_new_numbered(storage->columns, storage->classes, storage->outputs);
    }
    if (storage->table != NULL) {
        return snug_dataset_from_storage(storage);
    }
    snug_storage_free(storage);
    return NULL;
}

/* ---- the public functions -------------------------------------------------------------------- */

static const snug_data_format *two_file_format(const snug_data_files *files) {
    /* An opened data set has a format. */
    // NOLINTNEXTLINE(clang-analyzer-core.NullDereference)
    return files->format->files != NULL ? files->format : NULL;
}

/* Returns what the targets of a format without names are to be; 0: their type decides. */
static unsigned wanted_targets(const snug_csv_options *table) {
    if (table->like == NULL || table->task != SNUG_TASK_AUTO) {
        return snug_targets_of(table->task);
    }
    return table->like->table->classes.count > 0 ? SNUG_TARGET_CLASSES : SNUG_TARGET_VALUES;
}

static snug_dataset *read_as(const char *path, const snug_data_options *options,
                             const snug_data_format *format) {
    const char *targets = options->table.task == SNUG_TASK_NONE ? NULL : options->targets;
    snug_data_request request = {.table = options->table,
                                 .targets = wanted_targets(&options->table),
                                 .max_in_memory = SNUG_MAX_IN_MEMORY};
    snug_data_files files;
    snug_dataset *data = NULL;
    if (snug_data_files_open(&files, path, targets, format) == SNUG_OK) {
        if (targets != NULL && two_file_format(&files) == NULL) {
            snug_fail(SNUG_ERROR_ARGUMENT, "%s: is in %s format, which has no second file: %s",
                      path, files.format->title, targets);
        } else {
            data = snug_data_files_read(&files, &request);
        }
    }
    snug_data_files_close(&files);
    return data;
}

snug_dataset *snug_dataset_read(const char *path, const snug_data_options *options) {
    static const snug_data_options defaults = {0};
    options = options != NULL ? options : &defaults;
    const snug_data_format *format = NULL;
    snug_dataset *data = NULL;
    if (path == NULL) {
        snug_fail(SNUG_ERROR_ARGUMENT, "the path of the data is NULL");
    } else if (options->format == NULL ||
               (format = snug_data_format_find(options->format)) != NULL) {
        data = read_as(path, options, format);
    }
    return snug_constructed(SNUG_CONSTRUCTED_DATASET, data);
}

const char *snug_data_format_of(const char *path) {
    snug_data_files files;
    if (path == NULL) {
        snug_fail_null("the path of the data");
        return NULL;
    }
    snug_status status = snug_data_files_open(&files, path, NULL, NULL);
    const char *name = status == SNUG_OK ? files.format->name : NULL;
    snug_data_files_close(&files);
    return name;
}
