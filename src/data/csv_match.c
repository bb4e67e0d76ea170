/* Reading a table as another was read: which of its columns is which. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "core/object.h"
#include "core/status.h"
#include "data/csv_table.h"
#include "data/table.h"

/* How many target columns the other table had. */
static size_t target_count(const snug_table *like) {
    return like->classes.count > 0 ? 1 : like->targets.count;
}

static const char *target_name(const snug_table *like, size_t index) {
    return like->classes.count > 0 ? like->target : like->targets.items[index];
}

static snug_status become_feature(snug_csv_column *column, const snug_table *like, size_t index) {
    column->first = index;
    column->role = SNUG_CSV_NUMBER;
    if (!like->columns)
        return SNUG_OK;
    column->first = snug_table_first_feature(like, index);
    const snug_strings *categories = &like->columns[index].categories;
    if (categories->count > 0)
        column->role = SNUG_CSV_CATEGORY;
    column->integer = like->columns[index].integer;
    return snug_names_add_all(&column->names, categories);
}

static snug_status become_target(snug_csv_job *job, size_t at, size_t index) {
    snug_csv_column *column = &job->columns[at];
    job->targets++;
    column->role = job->like->classes.count > 0 ? SNUG_CSV_CLASS : SNUG_CSV_VALUE;
    column->first = index;
    return snug_names_add_all(&column->names, &job->like->classes);
}

/* Which target a column is, by its name, or SIZE_MAX. */
static size_t find_target(const snug_table *like, const char *name) {
    for (size_t i = 0; i < target_count(like); i++) {
        const char *target = target_name(like, i);
        if (target && strcmp(target, name) == 0)
            return i;
    }
    return SIZE_MAX;
}

static snug_status unknown_column(const snug_csv_job *job, const char *name,
                                  const snug_names *known) {
    const char *nearest =
        snug_nearest(name, (const char *const *)known->list.items, known->list.count);
    return snug_fail(SNUG_ERROR_DATA, "%s: unknown column \"%s\"%s%s%s", job->csv.path, name,
                     nearest ? "; did you mean \"" : ": the model does not know it",
                     nearest ? nearest : "", nearest ? "\"?" : "");
}

static bool stands_in(const snug_strings *names, const char *name) {
    for (size_t i = 0; i < names->count; i++) {
        if (strcmp(names->items[i], name) == 0)
            return true;
    }
    return false;
}

/* Whether the column was no feature of the other table; weights stay weights. */
static bool set_aside(snug_csv_column *column, const snug_table *like) {
    bool weights = stands_in(&like->weights, column->name);
    column->aside = weights || stands_in(&like->ignored, column->name);
    if (column->aside)
        column->role = weights ? SNUG_CSV_WEIGHT : SNUG_CSV_IGNORED;
    return column->aside;
}

static snug_status match_name(snug_csv_job *job, size_t at, const snug_names *known, bool *found) {
    const char *name = job->columns[at].name;
    size_t index = snug_names_find(known, name);
    if (index != SNUG_NO_NAME) {
        found[index] = true;
        return become_feature(&job->columns[at], job->like, index);
    }
    index = find_target(job->like, name);
    if (index != SIZE_MAX)
        return become_target(job, at, index);
    if (set_aside(&job->columns[at], job->like))
        return SNUG_OK;
    return unknown_column(job, name, known);
}

static snug_status match_names(snug_csv_job *job, const snug_names *known, bool *found) {
    snug_status status = SNUG_OK;
    for (size_t i = 0; i < job->count && status == SNUG_OK; i++)
        status = match_name(job, i, known, found);
    for (size_t i = 0; i < known->list.count && status == SNUG_OK; i++) {
        if (!found[i])
            status = snug_fail(SNUG_ERROR_DATA, "%s: the column \"%s\" is missing", job->csv.path,
                               known->list.items[i]);
    }
    size_t targets = job->targets;
    if (status == SNUG_OK && targets > 0 && targets < target_count(job->like))
        status = snug_fail(SNUG_ERROR_DATA, "%s: has %zu of the %zu target columns", job->csv.path,
                           targets, target_count(job->like));
    return status;
}

static snug_status match_by_name(snug_csv_job *job) {
    const snug_table *like = job->like;
    snug_names known = {0};
    bool *found = snug_alloc(like->column_count, sizeof *found);
    snug_status status = found ? SNUG_OK : SNUG_ERROR_MEMORY;
    for (size_t i = 0; i < like->column_count && status == SNUG_OK; i++)
        status = snug_names_add(&known, like->columns[i].name, NULL);
    if (status == SNUG_OK)
        status = match_names(job, &known, found);
    snug_names_clear(&known);
    snug_release(found);
    return status;
}

/* Whether names "column3", which an earlier file without names got, say where the targets stand. */
static bool targets_are_numbered(const snug_csv_job *job) {
    size_t found = 0;
    for (size_t i = 0; job->options.no_header && i < job->count; i++)
        found += find_target(job->like, job->columns[i].name) != SIZE_MAX;
    return found > 0 && found == target_count(job->like);
}

/* Which target the column is, or SIZE_MAX; where no names say so they are the last columns. */
static size_t target_at(const snug_csv_job *job, size_t at, bool numbered) {
    size_t first = job->like->column_count;
    if (job->count == first)
        return SIZE_MAX;
    if (numbered)
        return find_target(job->like, job->columns[at].name);
    return at >= first ? at - first : SIZE_MAX;
}

static snug_status match_by_position(snug_csv_job *job) {
    const snug_table *like = job->like;
    size_t targets = target_count(like), features = like->column_count;
    if (job->count != features && job->count != features + targets)
        return snug_fail(SNUG_ERROR_DATA, "%s:%zu: has %zu field%s where the model has %zu columns",
                         job->csv.path, job->header_line, job->count, job->count == 1 ? "" : "s",
                         features);
    bool numbered = targets_are_numbered(job);
    snug_status status = SNUG_OK;
    for (size_t i = 0, feature = 0; i < job->count && status == SNUG_OK; i++) {
        size_t target = target_at(job, i, numbered);
        status = target == SIZE_MAX ? become_feature(&job->columns[i], like, feature++)
                                    : become_target(job, i, target);
    }
    return status;
}

snug_status snug_csv_match(snug_csv_job *job) {
    const snug_table *like = job->like;
    job->features = like->features;
    bool named = !job->options.no_header || like->weights.count > 0 || like->ignored.count > 0;
    snug_status status = like->columns && named ? match_by_name(job) : match_by_position(job);
    if (status == SNUG_OK && job->targets > 0) {
        job->classes = like->classes.count;
        job->outputs = like->targets.count;
    }
    return status;
}
