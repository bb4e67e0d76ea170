/* Splitting a dataset in two, class by class. */
#include <math.h>
#include <stdlib.h>

#include "core/memory.h"
#include "core/status.h"
#include "data/dataset.h"
#include "data/groups.h"
#include "math/random.h"

/* What a class gives to the part: `quota` rows, and `remainder` of one more. */
typedef struct group {
    size_t index, rows, quota;
    size_t weighing; /* rows of weight above 0 that are not in the part yet */
    bool keeps_one;  /* of these, for the rest */
    double remainder;
} group;

static size_t group_of(const snug_dataset *all, size_t row) {
    int32_t class_index = snug_dataset_class(all, row);
    return class_index < 0 ? 0 : (size_t)class_index;
}

/* The largest remainder first; where they are equal, the lower class. */
static int compare_groups(const void *left, const void *right) {
    const group *a = left, *b = right;
    if (a->remainder != b->remainder) {
        return a->remainder > b->remainder ? -1 : 1;
    }
    return a->index < b->index ? -1 : 1;
}

static int compare_indices(const void *left, const void *right) {
    const group *a = left, *b = right;
    return a->index < b->index ? -1 : 1;
}

/* One row more for each group in turn that has more than `kept` left, until there are `total`. */
static size_t give_more(group *groups, size_t count, size_t kept, size_t given, size_t total) {
    for (bool more = true; more && given < total;) {
        more = false;
        for (size_t i = 0; i < count && given < total; i++) {
            if (groups[i].rows - groups[i].quota > kept) {
                groups[i].quota++;
                given++;
                more = true;
            }
        }
    }
    return given;
}

/*
 * Gives each group its share, rounded so that they add up to `total`. No group gives its last row,
 * which is needed for training, unless the total cannot be reached otherwise.
 */
static void share_out(group *groups, size_t count, double share, size_t total) {
    size_t given = 0;
    for (size_t i = 0; i < count; i++) {
        double exact = share * (double)groups[i].rows;
        groups[i].quota = (size_t)exact;
        groups[i].remainder = exact - floor(exact);
        given += groups[i].quota;
    }
    qsort(groups, count, sizeof *groups, compare_groups);
    given = give_more(groups, count, 1, given, total);
    give_more(groups, count, 0, given, total);
    qsort(groups, count, sizeof *groups, compare_indices);
    for (size_t i = 0; i < count; i++) {
        groups[i].keeps_one = groups[i].quota < groups[i].rows;
    }
}

/* Whether a row goes into the part. The last one that weighs something stays, where one can. */
static bool give_row(group *from, bool weighs) {
    if (from->quota == 0 || (weighs && from->keeps_one && from->weighing == 1)) {
        return false;
    }
    from->quota--;
    from->weighing -= weighs ? 1 : 0;
    return true;
}

/* Marks `total` rows: of each group the first of a random order. */
static snug_status choose(const snug_dataset *all, group *groups, uint64_t seed, bool *chosen) {
    size_t *order = snug_alloc(all->count, sizeof *order);
    if (order == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    for (size_t i = 0; i < all->count; i++) {
        order[i] = i;
    }
    snug_random stream = {.seed = seed, .purpose = SNUG_PURPOSE_SPLIT};
    snug_random_shuffle(&stream, all->count, order);
    for (size_t i = 0; i < all->count; i++) {
        bool weighs = snug_dataset_weight(all, order[i]) > 0;
        chosen[order[i]] = give_row(&groups[group_of(all, order[i])], weighs);
    }
    snug_release(order);
    return SNUG_OK;
}

static snug_status mark(const snug_dataset *all, double share, uint64_t seed, size_t total,
                        bool *chosen) {
    size_t count = all->storage->class_of != NULL ? all->storage->classes : 1;
    group *groups = snug_alloc(count, sizeof *groups);
    if (groups == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        groups[i].index = i;
    }
    for (size_t i = 0; i < all->count; i++) {
        group *of = &groups[group_of(all, i)];
        of->rows++;
        of->weighing += snug_dataset_weight(all, i) > 0 ? 1 : 0;
    }
    share_out(groups, count, share, total);
    snug_status status = choose(all, groups, seed, chosen);
    snug_release(groups);
    return status;
}

/* The rows whose mark is `which`, in their order. */
static snug_dataset *take(const snug_dataset *all, const bool *chosen, bool which, size_t count) {
    size_t *rows = snug_alloc(count, sizeof *rows);
    if (rows == NULL) {
        return NULL;
    }
    size_t taken = 0;
    for (size_t i = 0; i < all->count && taken < count; i++) {
        if (chosen[i] == which) {
            rows[taken++] = i;
        }
    }
    snug_dataset *data = snug_dataset_select(all, rows, count);
    snug_release(rows);
    return data;
}

static snug_status divide(const snug_dataset *all, const bool *chosen, size_t total,
                          snug_dataset **rest, snug_dataset **part) {
    *rest = take(all, chosen, false, all->count - total);
    *part = *rest != NULL ? take(all, chosen, true, total) : NULL;
    if (*part != NULL) {
        return SNUG_OK;
    }
    snug_dataset_free(*rest);
    *rest = NULL;
    return snug_error_status();
}

/* Splits rows with groups, each of which stays together. */
static snug_status split_groups(const snug_dataset *all, double share, uint64_t seed,
                                snug_dataset **rest, snug_dataset **part) {
    const double shares[] = {1 - share, share};
    const snug_random stream = {.seed = seed, .purpose = SNUG_PURPOSE_SPLIT};
    size_t *part_of = snug_alloc(all->count, sizeof *part_of), total = 0;
    bool *chosen = snug_alloc(all->count, sizeof *chosen);
    snug_status status = part_of != NULL && chosen != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
    if (status == SNUG_OK) {
        status = snug_groups_divide(all, shares, 2, &stream, part_of);
    }
    for (size_t i = 0; i < all->count && status == SNUG_OK; i++) {
        chosen[i] = part_of[i] == 1;
        total += part_of[i];
    }
    if (status == SNUG_OK) {
        status = divide(all, chosen, total, rest, part);
    }
    snug_release(part_of);
    snug_release(chosen);
    return status;
}

snug_status snug_dataset_split(const snug_dataset *all, double share, uint64_t seed,
                               snug_dataset **rest, snug_dataset **part) {
    if (rest == NULL || part == NULL) {
        return snug_fail_null(rest == NULL ? "the rest" : "the part");
    }
    *rest = *part = NULL;
    if (all == NULL) {
        return snug_fail_not_constructed(SNUG_CONSTRUCTED_DATASET, "the dataset");
    }
    if (!(share > 0 && share < 1)) {
        return snug_fail(SNUG_ERROR_ARGUMENT,
                         "the share of a split must be above 0 and below 1 (got %g)", share);
    }
    if (all->storage->groups != NULL) {
        return split_groups(all, share, seed, rest, part);
    }
    double exact = round(share * (double)all->count);
    size_t total = (size_t)exact;
    if (total == 0 || total >= all->count) {
        return snug_fail(SNUG_ERROR_DATA,
                         "a share of %g of %zu rows leaves %zu and %zu: one is empty", share,
                         all->count, all->count - total, total);
    }
    bool *chosen = snug_alloc(all->count, sizeof *chosen);
    if (chosen == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    snug_status status = mark(all, share, seed, total, chosen);
    if (status == SNUG_OK) {
        status = divide(all, chosen, total, rest, part);
    }
    snug_release(chosen);
    return status;
}

/* ---- parts that a column of the table names -------------------------------------------------- */

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
