#include "core/memory.h"
#include "core/status.h"
#include "core/string_list.h"
#include "data/dataset.h"
#include "schema/table_schema.h"

unsigned snug_targets_of(snug_task task) {
    return task == SNUG_TASK_CLASSIFICATION ? SNUG_TARGET_CLASSES
           : task == SNUG_TASK_REGRESSION   ? SNUG_TARGET_VALUES
                                            : 0;
}

snug_storage *snug_storage_new(void) {
    snug_storage *storage = snug_alloc(1, sizeof *storage);
    if (storage != NULL) {
        atomic_init(&storage->references, 1);
    }
    return storage;
}

void snug_storage_free(snug_storage *storage) {
    if (storage == NULL) {
        return;
    }
    if (storage->owned) {
        snug_release((void *)storage->x);
        snug_release((void *)storage->bytes);
        snug_release((void *)storage->class_of);
        snug_release((void *)storage->values);
    }
    snug_row_file_free(storage->file);
    snug_release(storage->offsets);
    snug_release(storage->weights);
    snug_release(storage->groups);
    snug_release(storage->parts);
    snug_release(storage->row_numbers);
    snug_table_schema_free(storage->table);
    snug_strings_clear(&storage->features);
    snug_warnings_clear(&storage->warnings);
    snug_release(storage);
}

snug_dataset *snug_dataset_from_storage(snug_storage *storage) {
    snug_dataset *data = NULL;
    atomic_store(&storage->references, 1);
    if (snug_table_schema_feature_names(storage->table, &storage->features) == SNUG_OK) {
        data = snug_alloc(1, sizeof *data);
    }
    if (data == NULL) {
        snug_storage_free(storage);
        return NULL;
    }
    data->storage = storage;
    data->count = storage->rows;
    return data;
}

/* A view of `count` rows of the storage; `rows`, or NULL for all, goes over, also on failure. */
static snug_dataset *make_view(snug_storage *storage, size_t *rows, size_t count) {
    snug_dataset *data = snug_alloc(1, sizeof *data);
    if (data == NULL) {
        snug_release(rows);
        return NULL;
    }
    atomic_fetch_add(&storage->references, 1);
    *data = (snug_dataset){storage, rows, count};
    return data;
}

snug_dataset *snug_dataset_select(const snug_dataset *all, const size_t *rows, size_t count) {
    if (all == NULL) {
        snug_fail_not_constructed(SNUG_CONSTRUCTED_DATASET, "the dataset");
        return snug_constructed(SNUG_CONSTRUCTED_DATASET, NULL);
    }
    if (rows == NULL || count == 0) {
        snug_fail(SNUG_ERROR_ARGUMENT, "a selection of no rows is no dataset");
        return snug_constructed(SNUG_CONSTRUCTED_DATASET, NULL);
    }
    size_t *chosen = snug_alloc(count, sizeof *chosen);
    if (chosen == NULL) {
        return snug_constructed(SNUG_CONSTRUCTED_DATASET, NULL);
    }
    for (size_t i = 0; i < count; i++) {
        if (rows[i] >= all->count) {
            snug_fail(SNUG_ERROR_ARGUMENT, "row %zu cannot be selected: the dataset has %zu rows",
                      rows[i], all->count);
            snug_release(chosen);
            return snug_constructed(SNUG_CONSTRUCTED_DATASET, NULL);
        }
        chosen[i] = all->rows != NULL ? all->rows[rows[i]] : rows[i];
    }
    return snug_constructed(SNUG_CONSTRUCTED_DATASET, make_view(all->storage, chosen, count));
}

snug_dataset *snug_dataset_share(const snug_dataset *data) {
    size_t *rows = NULL;
    if (data->rows != NULL) {
        rows = snug_alloc(data->count, sizeof *rows);
        if (rows == NULL) {
            return NULL;
        }
        for (size_t i = 0; i < data->count; i++) {
            rows[i] = data->rows[i];
        }
    }
    return make_view(data->storage, rows, data->count);
}

void snug_dataset_free(snug_dataset *data) {
    if (data == NULL) {
        return;
    }
    if (atomic_fetch_sub(&data->storage->references, 1) == 1) {
        snug_storage_free(data->storage);
    }
    snug_release(data->rows);
    snug_release(data);
}

size_t snug_dataset_row_count(const snug_dataset *data) {
    return data != NULL ? data->count : 0;
}

size_t snug_dataset_column_count(const snug_dataset *data) {
    return data != NULL ? data->storage->columns : 0;
}

size_t snug_dataset_class_count(const snug_dataset *data) {
    return data != NULL ? data->storage->classes : 0;
}

size_t snug_dataset_output_count(const snug_dataset *data) {
    return data != NULL ? data->storage->outputs : 0;
}

const char *snug_dataset_class_name(const snug_dataset *data, size_t index) {
    return index < snug_dataset_class_count(data) ? data->storage->table->classes.items[index]
                                                  : NULL;
}

const char *snug_dataset_column_name(const snug_dataset *data, size_t index) {
    if (data == NULL) {
        return NULL;
    }
    const snug_strings *names = &data->storage->features;
    return index < names->count ? names->items[index] : NULL;
}

const char *snug_dataset_target_name(const snug_dataset *data, size_t index) {
    if (data == NULL) {
        return NULL;
    }
    const snug_storage *storage = data->storage;
    if (storage->classes > 0) {
        return index == 0 ? storage->table->target : NULL;
    }
    return index < storage->outputs ? storage->table->targets.items[index] : NULL;
}

const char *snug_dataset_warning(const snug_dataset *data, size_t index) {
    return data != NULL ? snug_warnings_get(&data->storage->warnings, index) : NULL;
}

size_t snug_dataset_row_number(const snug_dataset *data, size_t row) {
    if (data == NULL || row >= data->count) {
        return 0;
    }
    size_t stored = snug_stored_row(data, row);
    return data->storage->row_numbers != NULL ? data->storage->row_numbers[stored] : stored + 1;
}

int32_t snug_dataset_class(const snug_dataset *data, size_t row) {
    if (data == NULL || data->storage->class_of == NULL || row >= data->count) {
        return -1;
    }
    return data->storage->class_of[snug_stored_row(data, row)];
}

const float *snug_dataset_values(const snug_dataset *data, size_t row) {
    if (data == NULL || data->storage->values == NULL || row >= data->count) {
        return NULL;
    }
    return data->storage->values + snug_stored_row(data, row) * data->storage->outputs;
}
