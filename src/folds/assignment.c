/* Which fold each row belongs to. */
#include <snug/folds.h>

#include "core/memory.h"
#include "core/status.h"
#include "data/groups.h"
#include "math/random.h"

static size_t stratum_of(const snug_dataset *data, size_t row) {
    int32_t class_index = snug_dataset_class(data, row);
    return class_index < 0 ? 0 : (size_t)class_index;
}

/* Sets start[k] to the number of rows of the strata before k. */
static void count_starts(const snug_dataset *data, size_t strata, size_t *start) {
    for (size_t i = 0; i < data->count; i++) {
        start[stratum_of(data, i)]++;
    }
    for (size_t k = 0, sum = 0; k < strata; k++) {
        size_t rows = start[k];
        start[k] = sum;
        sum += rows;
    }
}

/*
 * Deals the rows like cards, one class after the other, each in a random order: row number i of all
 * goes to fold i % count. The next class begins where the last one ended, so that not only the rows
 * of a class but also all rows differ by at most one between folds.
 */
static snug_status deal(const snug_dataset *data, size_t count, uint64_t seed, size_t *fold_of) {
    size_t strata = data->storage->class_of != NULL ? data->storage->classes : 1;
    size_t *order = snug_alloc(data->count, sizeof *order);
    size_t *next = snug_alloc(strata, sizeof *next);
    snug_status status = order != NULL && next != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
    if (status == SNUG_OK) {
        for (size_t i = 0; i < data->count; i++) {
            order[i] = i;
        }
        const snug_random stream = {.seed = seed, .purpose = SNUG_PURPOSE_FOLDS};
        snug_random_shuffle(&stream, data->count, order);
        count_starts(data, strata, next);
        for (size_t i = 0; i < data->count; i++) {
            fold_of[order[i]] = next[stratum_of(data, order[i])]++ % count;
        }
    }
    snug_release(order);
    snug_release(next);
    return status;
}

/* Gives whole groups to folds of equal shares. */
static snug_status deal_groups(const snug_dataset *data, size_t count, uint64_t seed,
                               size_t *fold_of) {
    size_t groups = snug_groups_count(data);
    if (groups == 0) {
        return SNUG_ERROR_MEMORY;
    }
    if (count > groups) {
        return snug_fail(SNUG_ERROR_ARGUMENT,
                         "folds: must be at most the number of groups, which are %zu (got %zu)",
                         groups, count);
    }
    double *shares = snug_alloc(count, sizeof *shares);
    if (shares == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    for (size_t k = 0; k < count; k++) {
        shares[k] = 1.0 / (double)count;
    }
    const snug_random stream = {.seed = seed, .purpose = SNUG_PURPOSE_FOLDS};
    snug_status status = snug_groups_divide(data, shares, count, &stream, fold_of);
    snug_release(shares);
    return status;
}

snug_status snug_folds_assign(const snug_dataset *data, size_t count, uint64_t seed,
                              size_t *fold_of) {
    if (data == NULL) {
        return snug_fail_not_constructed(SNUG_CONSTRUCTED_DATASET, "the dataset");
    }
    if (fold_of == NULL) {
        return snug_fail_null("the folds of the rows");
    }
    if (count < 2 || count > data->count) {
        return snug_fail(SNUG_ERROR_ARGUMENT,
                         "folds: must be from 2 to the number of rows, which are %zu (got %zu)",
                         data->count, count);
    }
    return data->storage->groups != NULL ? deal_groups(data, count, seed, fold_of)
                                         : deal(data, count, seed, fold_of);
}
