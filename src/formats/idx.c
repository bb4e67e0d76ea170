/* IDX, the format of MNIST: http://yann.lecun.com/exdb/mnist. */
#include "core/memory.h"
#include "core/status.h"
#include "data/dataset.h"
#include "files/byte_stream.h"
#include "formats/data_files.h"
#include "formats/idx.h"

enum { UNSIGNED_BYTES = 0x08 };

/* A file and what its header says. */
typedef struct idx {
    snug_byte_stream stream;
    const char *name;
    size_t rows, row_bytes;
    int dimensions;
} idx;

static size_t big_endian(const uint8_t bytes[4]) {
    return (size_t)bytes[0] << 24 | (size_t)bytes[1] << 16 | (size_t)bytes[2] << 8 | bytes[3];
}

static snug_status check_magic(idx *file, const uint8_t magic[4], size_t got) {
    bool begins = got == 4 && magic[0] == 0 && magic[1] == 0;
    if (!begins) {
        return snug_fail(SNUG_ERROR_DATA,
                         "%s: is no IDX file: it does not start with two zero bytes", file->name);
    }
    if (magic[2] != UNSIGNED_BYTES) {
        return snug_fail(SNUG_ERROR_DATA,
                         "%s: holds values of type 0x%02x; only bytes, 0x08, are read", file->name,
                         magic[2]);
    }
    if (magic[3] == 0) {
        return snug_fail(SNUG_ERROR_DATA, "%s: has no dimensions", file->name);
    }
    file->dimensions = magic[3];
    return SNUG_OK;
}

/* Reads bytes[n]; *got is less at the end of the file only. */
static snug_status read_bytes(idx *file, uint8_t *bytes, size_t n, size_t *got) {
    return snug_byte_stream_read(&file->stream, bytes, n, got);
}

static snug_status read_header(idx *file) {
    uint8_t bytes[4];
    size_t got, total;
    snug_status status = read_bytes(file, bytes, sizeof bytes, &got);
    if (status == SNUG_OK) {
        status = check_magic(file, bytes, got);
    }
    file->row_bytes = 1;
    for (int i = 0; i < file->dimensions && status == SNUG_OK; i++) {
        status = read_bytes(file, bytes, sizeof bytes, &got);
        if (status != SNUG_OK) {
            break;
        }
        if (got < sizeof bytes) {
            return snug_fail(SNUG_ERROR_DATA, "%s: ends inside its header", file->name);
        }
        size_t size = big_endian(bytes);
        if (size == 0) {
            return snug_fail(SNUG_ERROR_DATA, "%s: dimension %d is 0", file->name, i + 1);
        }
        if (i == 0) {
            file->rows = size;
        } else if (!snug_multiply(file->row_bytes, size, &file->row_bytes)) {
            return snug_fail(SNUG_ERROR_DATA, "%s: its dimensions are too large", file->name);
        }
    }
    if (status == SNUG_OK && !snug_multiply(file->rows, file->row_bytes, &total)) {
        return snug_fail(SNUG_ERROR_DATA, "%s: its dimensions are too large", file->name);
    }
    return status;
}

static snug_status ends_early(const idx *file, size_t got, const char *what) {
    return snug_fail(SNUG_ERROR_DATA, "%s: holds %zu %s where its header says %zu", file->name,
                     got / file->row_bytes, what, file->rows);
}

static snug_status goes_on(const idx *file, const char *what) {
    return snug_fail(SNUG_ERROR_DATA, "%s: goes on after the %zu %s that its header says",
                     file->name, file->rows, what);
}

static snug_status check_length(idx *file, size_t got, const char *what) {
    if (got < file->rows * file->row_bytes) {
        return ends_early(file, got, what);
    }
    uint8_t byte;
    snug_status status = read_bytes(file, &byte, 1, &got);
    return status == SNUG_OK && got > 0 ? goes_on(file, what) : status;
}

/* Reads all values; NULL on failure. */
static uint8_t *read_values(idx *file, const char *what) {
    size_t got = 0;
    uint8_t *values =
        snug_byte_stream_read_block(&file->stream, file->rows * file->row_bytes, &got);
    if (values != NULL && check_length(file, got, what) == SNUG_OK) {
        return values;
    }
    snug_release(values);
    return NULL;
}

/* Opens a stream and reads the header; close .stream also after a failure. */
static snug_status open_idx(idx *file, const snug_byte_source *source) {
    *file = (idx){.name = source->name};
    snug_status status = snug_byte_stream_open(&file->stream, source);
    return status == SNUG_OK ? read_header(file) : status;
}

/* Leaves the images in their file, which is not compressed. */
static snug_status keep_images(const idx *file, snug_byte_source *source, snug_storage *storage) {
    snug_row_file rows = {.file = *source,
                          .start = 4 + 4 * (size_t)file->dimensions,
                          .type = 'u',
                          .size = 1,
                          .rows = file->rows,
                          .columns = file->row_bytes};
    size_t total = rows.rows * rows.columns, available = source->size - rows.start;
    if (available < total) {
        return ends_early(file, available, "images");
    }
    if (available > total) {
        return goes_on(file, "images");
    }
    storage->file = snug_row_file_keep(&rows);
    *source = rows.file;
    return storage->file != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
}

static snug_status read_images(idx *file, snug_byte_source *source, snug_storage *storage,
                               size_t max_in_memory) {
    snug_status status = open_idx(file, source);
    if (status != SNUG_OK) {
        return status;
    }
    storage->rows = file->rows;
    storage->columns = file->row_bytes;
    bool in_file = file->stream.compression == NULL && source->bytes == NULL;
    if (in_file && file->rows * file->row_bytes > max_in_memory) {
        return keep_images(file, source, storage);
    }
    storage->bytes = read_values(file, "images");
    return storage->bytes != NULL ? SNUG_OK : snug_error_status();
}

static snug_status set_classes(const idx *file, snug_storage *storage, const uint8_t *labels) {
    int32_t *class_of = snug_alloc(file->rows, sizeof *class_of);
    storage->class_of = class_of;
    for (size_t i = 0; class_of != NULL && i < file->rows; i++) {
        class_of[i] = labels[i];
        if (labels[i] >= storage->classes) {
            storage->classes = (size_t)labels[i] + 1;
        }
    }
    return class_of != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
}

static snug_status set_values(const idx *file, snug_storage *storage, const uint8_t *labels) {
    float *values = snug_alloc(file->rows, sizeof *values);
    storage->values = values;
    storage->outputs = 1;
    for (size_t i = 0; values != NULL && i < file->rows; i++) {
        values[i] = (float)labels[i];
    }
    return values != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
}

/* Reads the labels, of which there must be one for each image. */
static snug_status read_labels(idx *file, const snug_byte_source *source, const char *images,
                               unsigned targets, snug_storage *storage) {
    snug_status status = open_idx(file, source);
    uint8_t *labels = status == SNUG_OK ? read_values(file, "labels") : NULL;
    if (labels == NULL) {
        return snug_error_status();
    }
    if (file->row_bytes != 1) {
        status = snug_fail(SNUG_ERROR_DATA, "%s: has %d dimensions; labels have one", file->name,
                           file->dimensions);
    } else if (file->rows != storage->rows) {
        status = snug_fail(SNUG_ERROR_DATA, "%s: holds %zu labels for the %zu images of %s",
                           file->name, file->rows, storage->rows, images);
    } else {
        status = (targets == SNUG_TARGET_VALUES ? set_values : set_classes)(file, storage, labels);
    }
    snug_release(labels);
    return status;
}

static snug_status fill_storage(snug_storage *storage, snug_byte_source *files,
                                const snug_data_request *request) {
    idx file;
    const char *images = files[0].name; /* the storage may take over files[0] */
    snug_status status = read_images(&file, &files[0], storage, request->max_in_memory);
    snug_byte_stream_close(&file.stream);
    if (status == SNUG_OK && files[1].name != NULL) {
        status = read_labels(&file, &files[1], images, request->targets, storage);
        snug_byte_stream_close(&file.stream);
    }
    return status;
}

static snug_dataset *read_dataset(snug_byte_source *files, const snug_data_request *request) {
    return snug_data_read_arrays(fill_storage, files, request);
}

static const char *const extensions[] = {".idx", "-ubyte", NULL};

static bool sniff(const unsigned char *bytes, size_t n) {
    return n >= 4 && bytes[0] == 0 && bytes[1] == 0 && bytes[2] >= 0x08 && bytes[2] <= 0x0E;
}

static const snug_field files[] = {SNUG_DATA_FILE(0, "images", "IDX file of the images"),
                                   SNUG_DATA_FILE(1, "labels", "IDX file of their labels"),
                                   {.kind = SNUG_FIELD_END}};

const snug_data_format snug_data_format_idx = {
    .name = "idx",
    .title = "IDX",
    .summary = "images and their labels, as MNIST has them: two files of bytes",
    .extensions = extensions,
    .files = files,
    .sniff = sniff,
    .read = read_dataset,
};

snug_dataset *snug_idx_dataset(const char *images, const char *labels, unsigned targets,
                               size_t max_in_memory) {
    if (images == NULL) {
        snug_fail(SNUG_ERROR_ARGUMENT, "the path of the images is NULL");
        return NULL;
    }
    return snug_data_read(images, labels, &snug_data_format_idx,
                          &(snug_data_request){.targets = targets, .max_in_memory = max_in_memory});
}

snug_dataset *snug_dataset_read_idx(const char *images, const char *labels) {
    return snug_dataset_read_idx_as(images, labels, SNUG_TASK_AUTO);
}

snug_dataset *snug_dataset_read_idx_as(const char *images, const char *labels, snug_task task) {
    return snug_constructed(SNUG_CONSTRUCTED_DATASET,
                            snug_idx_dataset(images, task == SNUG_TASK_NONE ? NULL : labels,
                                             snug_targets_of(task), SNUG_MAX_IN_MEMORY));
}
