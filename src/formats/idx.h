/*
 * The IDX format of the MNIST database (LeCun, Cortes and Burges): a header of big-endian numbers,
 *
 *     0 0 | type, 8 for bytes | number of dimensions | each dimension, 4 bytes
 *
 * and then the values, the last dimension fastest.
 */
#ifndef SNUG_FORMATS_IDX_H
#define SNUG_FORMATS_IDX_H

#include <snug/data.h>

/*
 * Reads a dataset as snug_dataset_read_idx() does, with another limit than SNUG_MAX_IN_MEMORY. The
 * labels are values where `targets` is SNUG_TARGET_VALUES alone, and classes otherwise.
 */
snug_dataset *snug_idx_dataset(const char *images, const char *labels, unsigned targets,
                               size_t max_in_memory);

#endif
