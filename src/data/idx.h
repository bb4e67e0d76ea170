#ifndef SNUG_DATA_IDX_H
#define SNUG_DATA_IDX_H

#include <snug/data.h>

/* snug_dataset_read_idx() with another limit than SNUG_MOST_IN_MEMORY. */
snug_dataset *snug_idx_dataset(const char *images, const char *labels, size_t most);

#endif
