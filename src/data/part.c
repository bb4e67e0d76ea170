/* The parts of a table whose rows say which they are of. */
#include "core/memory.h"
#include "core/status.h"
#include "data/dataset.h"

snug_dataset *snug_dataset_part(const snug_dataset *all, snug_part part) {
    if (all == NULL) {
        snug_fail_not_constructed(SNUG_CONSTRUCTED_DATASET, "the dataset");
        return snug_constructed(SNUG_CONSTRUCTED_DATASET, NULL);
    }
    const unsigned char *parts = all->storage->parts;
    if (parts == NULL) {
        snug_fail(SNUG_ERROR_ARGUMENT, "the data has no parts: read it with a split column");
        return snug_constructed(SNUG_CONSTRUCTED_DATASET, NULL);
    }
    size_t count = 0, *rows = snug_alloc(all->count, sizeof *rows);
    for (size_t i = 0; rows != NULL && i < all->count; i++) {
        if (parts[all->rows != NULL ? all->rows[i] : i] == (unsigned)part) {
            rows[count++] = i;
        }
    }
    snug_dataset *data = NULL;
    if (rows != NULL && count > 0) {
        data = snug_dataset_select(all, rows, count);
    } else if (rows != NULL) {
        snug_fail(SNUG_ERROR_DATA, "there are no rows of part %d", (int)part);
    }
    snug_release(rows);
    return snug_constructed(SNUG_CONSTRUCTED_DATASET, data);
}
