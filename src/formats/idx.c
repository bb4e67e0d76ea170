/* IDX, the format of MNIST: http://yann.lecun.com/exdb/mnist, plain or gzip. */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include <zlib.h>

#include "core/memory.h"
#include "core/status.h"
#include "data/dataset.h"
#include "data/table_schema.h"
#include "formats/idx.h"

enum {
    UNSIGNED_BYTES = 0x08,
    FIRST_ROOM = 1048576 /* a header may lie: memory grows with what is really there */
};

/* A file that is open, and what its header says. */
typedef struct idx {
    const char *path;
    gzFile stream;
    size_t rows, row_bytes;
    int dimensions;
} idx;

static snug_status read_failed(const idx *file) {
    int code = Z_OK;
    const char *text = gzerror(file->stream, &code);
    if (code == Z_MEM_ERROR) {
        return snug_fail(SNUG_ERROR_MEMORY, "%s: out of memory", file->path);
    }
    return snug_fail(SNUG_ERROR_DATA, "%s: cannot read: %s", file->path,
                     code == Z_ERRNO ? strerror(errno) : text);
}

/* Reads up to n bytes; *got is less at the end of the file alone. */
static snug_status read_bytes(const idx *file, uint8_t *bytes, size_t n, size_t *got) {
    *got = 0;
    while (*got < n) {
        size_t wanted = n - *got < INT_MAX ? n - *got : INT_MAX;
        int count = gzread(file->stream, bytes + *got, (unsigned)wanted);
        if (count < 0) {
            return read_failed(file);
        }
        if (count == 0) {
            break;
        }
        *got += (size_t)count;
    }
    int code = Z_OK;
    gzerror(file->stream, &code);
    if (code == Z_BUF_ERROR) {
        return snug_fail(SNUG_ERROR_DATA, "%s: the gzip stream ends too early", file->path);
    }
    return SNUG_OK;
}

static size_t big_endian(const uint8_t bytes[4]) {
    return (size_t)bytes[0] << 24 | (size_t)bytes[1] << 16 | (size_t)bytes[2] << 8 | bytes[3];
}

static snug_status check_magic(idx *file, const uint8_t magic[4], size_t got) {
    bool begins = got == 4 && magic[0] == 0 && magic[1] == 0;
    if (!begins && !gzdirect(file->stream)) {
        return snug_fail(SNUG_ERROR_DATA,
                         "%s: is compressed and holds no IDX file; other formats are read "
                         "uncompressed: see gunzip",
                         file->path);
    }
    if (!begins) {
        return snug_fail(SNUG_ERROR_DATA,
                         "%s: is no IDX file: it does not start with two zero bytes", file->path);
    }
    if (magic[2] != UNSIGNED_BYTES) {
        return snug_fail(SNUG_ERROR_DATA,
                         "%s: holds values of type 0x%02x; only bytes, 0x08, are read", file->path,
                         magic[2]);
    }
    if (magic[3] == 0) {
        return snug_fail(SNUG_ERROR_DATA, "%s: has no dimensions", file->path);
    }
    file->dimensions = magic[3];
    return SNUG_OK;
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
            return snug_fail(SNUG_ERROR_DATA, "%s: ends inside its header", file->path);
        }
        size_t size = big_endian(bytes);
        if (size == 0) {
            return snug_fail(SNUG_ERROR_DATA, "%s: dimension %d is 0", file->path, i + 1);
        }
        if (i == 0) {
            file->rows = size;
        } else if (!snug_multiply(file->row_bytes, size, &file->row_bytes)) {
            return snug_fail(SNUG_ERROR_DATA, "%s: its dimensions are too large", file->path);
        }
    }
    if (status == SNUG_OK && !snug_multiply(file->rows, file->row_bytes, &total)) {
        return snug_fail(SNUG_ERROR_DATA, "%s: its dimensions are too large", file->path);
    }
    return status;
}

static snug_status ends_early(const idx *file, size_t got, const char *what) {
    return snug_fail(SNUG_ERROR_DATA, "%s: holds %zu %s where its header says %zu", file->path,
                     got / file->row_bytes, what, file->rows);
}

static snug_status goes_on(const idx *file, const char *what) {
    return snug_fail(SNUG_ERROR_DATA, "%s: goes on after the %zu %s that its header says",
                     file->path, file->rows, what);
}

static snug_status check_length(const idx *file, size_t got, const char *what) {
    if (got < file->rows * file->row_bytes) {
        return ends_early(file, got, what);
    }
    uint8_t byte;
    snug_status status = read_bytes(file, &byte, 1, &got);
    return status == SNUG_OK && got > 0 ? goes_on(file, what) : status;
}

/* All values; the block grows by doubling, up to what the header says. */
static uint8_t *read_values(const idx *file, const char *what) {
    size_t total = file->rows * file->row_bytes, filled = 0, room = 0, got = 0;
    uint8_t *values = NULL;
    snug_status status = SNUG_OK;
    while (status == SNUG_OK && filled == room && room < total) {
        room = room == 0 ? FIRST_ROOM : room > total / 2 ? total : room * 2;
        room = room < total ? room : total;
        uint8_t *larger = snug_resize(values, room, 1);
        if (larger == NULL) {
            status = SNUG_ERROR_MEMORY;
            break;
        }
        values = larger;
        status = read_bytes(file, values + filled, room - filled, &got);
        filled += got;
    }
    if (status == SNUG_OK) {
        status = check_length(file, filled, what);
    }
    if (status == SNUG_OK) {
        return values;
    }
    snug_release(values);
    return NULL;
}

/* Opens a file and reads its header; close .stream also after a failure. */
static snug_status open_idx(idx *file, const char *path) {
    *file = (idx){.path = path};
    errno = 0;
    file->stream = gzopen(path, "rb");
    if (file->stream == NULL) {
        return snug_fail(SNUG_ERROR_FILE, "%s: cannot open: %s", path,
                         strerror(errno ? errno : ENOMEM));
    }
    return read_header(file);
}

static void close_idx(idx *file) {
    if (file->stream != NULL) {
        gzclose(file->stream);
    }
}

/* The images stay in their file, which is not compressed. */
static snug_status keep_images(const idx *file, snug_storage *storage) {
    snug_row_file rows = {.start = 4 + 4 * (size_t)file->dimensions,
                          .type = 'u',
                          .size = 1,
                          .rows = file->rows,
                          .columns = file->row_bytes};
    size_t total = rows.rows * rows.columns, there;
    snug_status status = snug_byte_source_open(&rows.file, file->path, NULL);
    there = status == SNUG_OK ? rows.file.size - rows.start : 0;
    if (status == SNUG_OK && there < total) {
        status = ends_early(file, there, "images");
    } else if (status == SNUG_OK && there > total) {
        status = goes_on(file, "images");
    } else if (status == SNUG_OK) {
        storage->file = snug_row_file_keep(&rows);
    }
    snug_byte_source_close(&rows.file);
    return status == SNUG_OK && storage->file == NULL ? SNUG_ERROR_MEMORY : status;
}

static snug_status read_images(idx *file, const char *path, snug_storage *storage, size_t most) {
    snug_status status = open_idx(file, path);
    if (status != SNUG_OK) {
        return status;
    }
    storage->rows = file->rows;
    storage->columns = file->row_bytes;
    if (file->rows * file->row_bytes > most && gzdirect(file->stream) && snug_is_file(path)) {
        return keep_images(file, storage);
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

/* There must be one label an image. */
static snug_status read_labels(idx *file, const char *path, const char *images, unsigned wanted,
                               snug_storage *storage) {
    snug_status status = open_idx(file, path);
    uint8_t *labels = status == SNUG_OK ? read_values(file, "labels") : NULL;
    if (labels == NULL) {
        return snug_error_status();
    }
    if (file->row_bytes != 1) {
        status = snug_fail(SNUG_ERROR_DATA, "%s: has %d dimensions; labels have one", path,
                           file->dimensions);
    } else if (file->rows != storage->rows) {
        status = snug_fail(SNUG_ERROR_DATA, "%s: holds %zu labels for the %zu images of %s", path,
                           file->rows, storage->rows, images);
    } else {
        status = (wanted == SNUG_TARGET_VALUES ? set_values : set_classes)(file, storage, labels);
    }
    snug_release(labels);
    return status;
}

static snug_status fill_storage(snug_storage *storage, const char *images, const char *labels,
                                unsigned wanted, size_t most) {
    idx file;
    storage->owned = true;
    snug_status status = read_images(&file, images, storage, most);
    close_idx(&file);
    if (status == SNUG_OK && labels != NULL) {
        status = read_labels(&file, labels, images, wanted, storage);
        close_idx(&file);
    }
    if (status != SNUG_OK) {
        return status;
    }
    storage->table =
        snug_table_schema_new_numbered(storage->columns, storage->classes, storage->outputs);
    return storage->table != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
}

snug_dataset *snug_idx_dataset(const char *images, const char *labels, unsigned wanted,
                               size_t most) {
    if (images == NULL) {
        snug_fail(SNUG_ERROR_ARGUMENT, "the path of the images is NULL");
        return NULL;
    }
    snug_storage *storage = snug_storage_new();
    if (storage == NULL) {
        return NULL;
    }
    if (fill_storage(storage, images, labels, wanted, most) == SNUG_OK) {
        return snug_dataset_from_storage(storage);
    }
    snug_storage_free(storage);
    return NULL;
}

snug_dataset *snug_dataset_read_idx(const char *images, const char *labels) {
    return snug_dataset_read_idx_as(images, labels, SNUG_TASK_AUTO);
}

snug_dataset *snug_dataset_read_idx_as(const char *images, const char *labels, snug_task task) {
    const char *read = task == SNUG_TASK_NONE ? NULL : labels;
    return snug_constructed(
        SNUG_CONSTRUCTED_DATASET,
        snug_idx_dataset(images, read, snug_targets_of(task), SNUG_MAX_IN_MEMORY));
}
