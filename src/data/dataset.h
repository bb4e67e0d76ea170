/* A dataset's inside: shared storage, and a view of some of its rows. */
#ifndef SNUG_DATA_DATASET_H
#define SNUG_DATA_DATASET_H

#include <stdatomic.h>

#include <snug/data.h> /* IWYU pragma: export */

#include "core/warnings.h"
#include "data/row_file.h"
#include "schema/table_schema.h"

typedef struct snug_storage {
    atomic_size_t references;
    size_t rows, columns, outputs, classes;
    const float *x; /* one of x, bytes and file */
    const uint8_t *bytes;
    snug_row_file *file;     /* features too large for the memory; always owned */
    double *offsets;         /* of the features, see schema/offsets.h; or NULL. Always owned */
    const int32_t *class_of; /* or NULL */
    const float *values;     /* rows x outputs, or NULL */
    float *weights;          /* rows, finite, from 0 on, one above 0; or NULL. Always owned */
    uint32_t *groups;     /* rows, any numbers; equal ones stay together; or NULL. Always owned */
    unsigned char *parts; /* rows, 0 training, 1 validation, 2 test; or NULL. Always owned */
    size_t *row_numbers;  /* rows, in their file, from 1; NULL: the index + 1. Always owned */
    bool owned;           /* x, bytes, class_of and values are ours to release */
    bool missing;         /* x may hold NaN */
    bool sparse;          /* read from a format that leaves zeros out */
    snug_table_schema *table; /* names of columns, categories, classes, targets; owned */
    snug_strings features;    /* names of the features; snug_dataset_from_storage() makes them */
    snug_warnings warnings;   /* of reading it; owned */
} snug_storage;

struct snug_dataset {
    snug_storage *storage;
    size_t *rows; /* which rows of the storage, or NULL for all */
    size_t count;
};

/* Returns which row of the storage is number `row` of the dataset. */
static inline size_t snug_stored_row(const snug_dataset *data, size_t row) {
    return data->rows != NULL ? data->rows[row] : row;
}

enum { SNUG_MAX_CLASSES = 1048576 };

/* SNUG_TARGET_CLASSES or SNUG_TARGET_VALUES, or 0 where the data decides. */
unsigned snug_targets_of(snug_task task);

/* An empty storage, for snug_dataset_from_storage(). */
snug_storage *snug_storage_new(void);

/* A dataset of all rows of a storage which it takes over; frees the storage on failure. */
snug_dataset *snug_dataset_from_storage(snug_storage *storage);

/* Frees a storage that no dataset holds. Takes NULL. */
void snug_storage_free(snug_storage *storage);

/*
 * The training rows of weight above 0, or all where rows have no weights. NULL on failure, such as
 * where every row weighs 0.
 */
snug_dataset *snug_dataset_weighted_rows(const snug_dataset *training);

/* Another handle on the same rows. */
snug_dataset *snug_dataset_share(const snug_dataset *data);

#endif
