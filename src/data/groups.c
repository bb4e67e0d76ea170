#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "data/groups.h"
#include "math/random.h"

/* ---- the caller's groups --------------------------------------------------------------------- */

snug_status snug_dataset_set_groups(snug_dataset *data, const uint32_t *groups) {
    if (data == NULL) {
        return snug_fail_not_constructed(SNUG_CONSTRUCTED_DATASET, "the dataset");
    }
    snug_storage *storage = data->storage;
    uint32_t *copy = NULL;
    if (data->rows != NULL || atomic_load(&storage->references) > 1) {
        return snug_fail(SNUG_ERROR_ARGUMENT, "groups are given to a whole dataset, before rows "
                                              "are split off or selected");
    }
    if (groups != NULL) {
        copy = snug_alloc(data->count, sizeof *copy);
        if (copy == NULL) {
            return SNUG_ERROR_MEMORY;
        }
        memcpy(copy, groups, data->count * sizeof *copy);
    }
    snug_release(storage->groups);
    storage->groups = copy;
    return SNUG_OK;
}

/* ---- sorting --------------------------------------------------------------------------------- */

/* A row and its group, to be sorted by group. */
typedef struct member {
    uint32_t group;
    size_t row;
} member;

/* A group: its rows are members[first] and those that follow. */
typedef struct group {
    size_t first, count;
    size_t place; /* in a random order */
} group;

static int compare_members(const void *left, const void *right) {
    const member *a = left, *b = right;
    if (a->group != b->group) {
        return a->group < b->group ? -1 : 1;
    }
    return (a->row > b->row) - (a->row < b->row);
}

/* The largest first; of one size by their place. */
static int compare_groups(const void *left, const void *right) {
    const group *a = left, *b = right;
    if (a->count != b->count) {
        return a->count > b->count ? -1 : 1;
    }
    return (a->place > b->place) - (a->place < b->place);
}

/* Returns the rows sorted by group; NULL without memory. */
static member *sort_rows(const snug_dataset *data) {
    member *members = snug_alloc(data->count, sizeof *members);
    for (size_t i = 0; members != NULL && i < data->count; i++) {
        members[i] = (member){data->storage->groups[snug_stored_row(data, i)], i};
    }
    if (members != NULL) {
        qsort(members, data->count, sizeof *members, compare_members);
    }
    return members;
}

/* Returns the number of groups of sorted rows, and sets groups, unless it is NULL. */
static size_t find_groups(const member *members, size_t rows, group *groups) {
    size_t count = 0;
    for (size_t i = 0, first = 0; i < rows; i++) {
        if (i + 1 < rows && members[i + 1].group == members[i].group) {
            continue;
        }
        if (groups != NULL) {
            groups[count] = (group){.first = first, .count = i + 1 - first};
        }
        first = i + 1;
        count++;
    }
    return count;
}

size_t snug_groups_count(const snug_dataset *data) {
    member *members = sort_rows(data);
    size_t count = members != NULL ? find_groups(members, data->count, NULL) : 0;
    snug_release(members);
    return count;
}

static snug_status shuffle(group *groups, size_t count, const snug_random *stream) {
    size_t *order = snug_alloc(count, sizeof *order);
    if (order == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        order[i] = i;
    }
    snug_random_shuffle(stream, count, order);
    for (size_t i = 0; i < count; i++) {
        groups[order[i]].place = i;
    }
    snug_release(order);
    qsort(groups, count, sizeof *groups, compare_groups);
    return SNUG_OK;
}

/* ---- dividing -------------------------------------------------------------------------------- */

/*
 * What was divided so far. A stratum is a class; the last one is all rows, so that the parts' sizes
 * count as a class does.
 */
typedef struct division {
    const snug_dataset *data;
    const double *shares;
    size_t parts, strata;
    double *total; /* strata: rows */
    double *taken; /* parts x strata: rows */
    double *own;   /* strata: rows of the group that is to be given */
    size_t *rows;  /* parts: all rows */
    size_t empty;  /* parts without rows */
} division;

static size_t stratum_of(const division *d, size_t row) {
    int32_t class_index = snug_dataset_class(d->data, row);
    return class_index < 0 ? 0 : (size_t)class_index;
}

static snug_status start(division *d) {
    size_t classes = d->data->storage->class_of != NULL ? d->data->storage->classes : 1, cells;
    d->strata = classes + 1;
    d->empty = d->parts;
    if (!snug_multiply(d->strata, d->parts, &cells)) {
        snug_fail_memory(SIZE_MAX);
        return SNUG_ERROR_MEMORY;
    }
    d->total = snug_alloc(d->strata, sizeof *d->total);
    d->taken = snug_alloc(cells, sizeof *d->taken);
    d->own = snug_alloc(d->strata, sizeof *d->own);
    d->rows = snug_alloc(d->parts, sizeof *d->rows);
    if (d->total == NULL || d->taken == NULL || d->own == NULL || d->rows == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    for (size_t i = 0; i < d->data->count; i++) {
        d->total[stratum_of(d, i)]++;
    }
    d->total[classes] = (double)d->data->count;
    return SNUG_OK;
}

static void clear(division *d) {
    snug_release(d->total);
    snug_release(d->taken);
    snug_release(d->own);
    snug_release(d->rows);
}

/* Returns by how much the squared deviation of a stratum from its share grows with the group. */
static double growth(const division *d, size_t part, size_t stratum) {
    double wanted = d->shares[part] * d->total[stratum], own = d->own[stratum];
    double off = d->taken[part * d->strata + stratum] - wanted;
    return own * (2 * off + own) / wanted;
}

/* Returns the growth over all strata that the group has rows of; strata may be listed twice. */
static double cost(const division *d, const member *members, const group *g, size_t part) {
    double sum = growth(d, part, d->strata - 1);
    for (size_t i = 0; i < g->count; i++) {
        size_t stratum = stratum_of(d, members[g->first + i].row);
        /* once a row, divided by the rows of its stratum: once a stratum */
        sum += growth(d, part, stratum) / d->own[stratum];
    }
    return sum;
}

/* Returns the part that a group goes to, when `left` groups, with this one, are not given yet. */
static size_t choose(const division *d, const member *members, const group *g, size_t left) {
    size_t best = 0;
    double least = 0;
    bool found = false;
    for (size_t part = 0; part < d->parts; part++) {
        if (left <= d->empty && d->rows[part] > 0) {
            continue; /* the last groups go to the parts that have none */
        }
        double grown = cost(d, members, g, part);
        if (!found || grown < least) {
            best = part;
            least = grown;
            found = true;
        }
    }
    return best;
}

static void give(division *d, const member *members, const group *g, size_t left, size_t *part_of) {
    for (size_t i = 0; i < g->count; i++) {
        d->own[stratum_of(d, members[g->first + i].row)]++;
    }
    d->own[d->strata - 1] = (double)g->count;
    size_t part = choose(d, members, g, left);
    d->empty -= d->rows[part] == 0;
    d->rows[part] += g->count;
    d->taken[part * d->strata + d->strata - 1] += (double)g->count;
    for (size_t i = 0; i < g->count; i++) {
        size_t row = members[g->first + i].row;
        d->taken[part * d->strata + stratum_of(d, row)]++;
        d->own[stratum_of(d, row)] = 0;
        part_of[row] = part;
    }
}

static snug_status divide(division *d, const member *members, group *groups, size_t count,
                          const snug_random *stream, size_t *part_of) {
    snug_status status = shuffle(groups, count, stream);
    if (status == SNUG_OK) {
        status = start(d);
    }
    for (size_t i = 0; i < count && status == SNUG_OK; i++) {
        give(d, members, &groups[i], count - i, part_of);
    }
    clear(d);
    return status;
}

snug_status snug_groups_divide(const snug_dataset *data, const double *shares, size_t count,
                               const snug_random *stream, size_t *part_of) {
    member *members = sort_rows(data);
    if (members == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    size_t group_count = find_groups(members, data->count, NULL);
    group *groups = snug_alloc(group_count, sizeof *groups);
    snug_status status = groups != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
    if (status == SNUG_OK && group_count < count) {
        status = snug_fail(SNUG_ERROR_DATA,
                           "the rows are of %zu groups, fewer than the %zu parts that they are to "
                           "be divided into",
                           group_count, count);
    }
    if (status == SNUG_OK) {
        (void)find_groups(members, data->count, groups);
        division d = {.data = data, .shares = shares, .parts = count};
        status = divide(&d, members, groups, group_count, stream, part_of);
    }
    snug_release(groups);
    snug_release(members);
    return status;
}
