/* The open files of one dataset, in any format. */
#ifndef SNUG_FORMATS_DATA_FILES_H
#define SNUG_FORMATS_DATA_FILES_H

#include "data/dataset.h"
#include "formats/data_format.h"

typedef struct snug_data_files {
    const snug_data_format *format;
    snug_byte_source sources[SNUG_SOURCE_FILES];
} snug_data_files;

/*
 * Opens the file or files of a dataset; "-" is standard input. `second` is NULL where there is no
 * second file, and `format` where the first file is to decide. The paths are borrowed. Close the
 * files also after a failure.
 */
snug_status snug_data_files_open(snug_data_files *files, const char *first, const char *second,
                                 const snug_data_format *format);

/* Reads the dataset; NULL on failure. Fails where the request has a setting that does not apply. */
snug_dataset *snug_data_files_read(snug_data_files *files, const snug_data_request *request);

/* Closes the files. Takes files that are all zero, too. */
void snug_data_files_close(snug_data_files *files);

/*
 * Reads a table in a format with SNUG_DATA_TABLE; the public functions of such formats call it. The
 * options may be NULL: all defaults. NULL after snug_fail(), noted by snug_constructed().
 */
snug_dataset *snug_data_read_table(const char *path, const snug_data_format *format,
                                   const snug_csv_options *options);

/*
 * Fills an empty storage from the open files of a format of arrays: features, and classes or
 * values. The storage owns what is put into it.
 */
typedef snug_status snug_fill_storage_fn(snug_storage *storage, snug_byte_source *files,
                                         const snug_data_request *request);

/*
 * Makes the dataset of a format of arrays, which has no names: its columns, classes and targets are
 * numbered. Returns NULL on failure. For .read of such formats.
 */
snug_dataset *snug_data_read_arrays(snug_fill_storage_fn *fill, snug_byte_source *files,
                                    const snug_data_request *request);

/* Opens, reads and closes the files of a dataset. Returns NULL on failure. */
snug_dataset *snug_data_read(const char *first, const char *second, const snug_data_format *format,
                             const snug_data_request *request);

#endif
