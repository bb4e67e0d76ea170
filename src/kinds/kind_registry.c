#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "core/spelling.h"
#include "core/status.h"
#include "kinds/builtin_kinds.h"
#include "kinds/fields.h"
#include "kinds/kind_group.h"
#include "kinds/kind_registry.h"

/*
 * Registered kinds stay until the process ends. Their lists come from the C library, not from the
 * allocator of <snug/memory.h>, which a program may replace meanwhile.
 */
typedef struct kind_list {
    const snug_kind **items;
    size_t count, capacity;
} kind_list;

static kind_list registered[SNUG_GROUP_COUNT];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* ---- lookup ---------------------------------------------------------------------------------- */

const snug_kind *snug_kind_at(snug_group group, size_t index) {
    if (!snug_is_group(group)) {
        return NULL;
    }
    const snug_kind *const *builtin = snug_builtin_kinds(group);
    size_t count = 0;
    while (count <= index && builtin[count] != NULL) {
        count++;
    }
    if (index < count) {
        return builtin[index];
    }
    pthread_mutex_lock(&lock);
    const kind_list *more = &registered[group];
    const snug_kind *kind = index - count < more->count ? more->items[index - count] : NULL;
    pthread_mutex_unlock(&lock);
    return kind;
}

const snug_kind *snug_kind_lookup(snug_group group, const char *name) {
    const snug_kind *kind;
    for (size_t i = 0; (kind = snug_kind_at(group, i)) != NULL; i++) {
        if (strcmp(kind->name, name) == 0) {
            return kind;
        }
    }
    return NULL;
}

const snug_kind *snug_kind_find(snug_group group, const char *name) {
    if (!snug_is_group(group) || name == NULL) {
        snug_fail(SNUG_ERROR_ARGUMENT, "a kind is found by one of the groups and a name");
        return NULL;
    }
    const snug_kind *kind = snug_kind_lookup(group, name);
    if (kind == NULL) {
        snug_kind_fail_unknown(group, name, false);
    }
    return kind;
}

const snug_field *snug_kind_wraps(snug_group group, const snug_kind *kind) {
    if (group != SNUG_GROUP_LAYER) {
        return NULL;
    }
    const char *wraps = ((const snug_layer_kind *)(const void *)kind)->wraps;
    return wraps != NULL ? snug_fields_find(kind->fields, wraps) : NULL;
}

bool snug_kind_wrapped(const char *name, snug_wrapping *wrapping) {
    const snug_kind *layer;
    for (size_t i = 0; (layer = snug_kind_at(SNUG_GROUP_LAYER, i)) != NULL; i++) {
        const snug_field *field = snug_kind_wraps(SNUG_GROUP_LAYER, layer);
        const snug_kind *inner = field != NULL ? snug_kind_lookup(field->group, name) : NULL;
        if (inner != NULL) {
            *wrapping = (snug_wrapping){.layer = layer, .field = field, .inner = inner};
            return true;
        }
    }
    return false;
}

/* ---- unknown names --------------------------------------------------------------------------- */

/* A list of names that grows. */
typedef struct name_list {
    const char **items;
    size_t count;
} name_list;

static bool add_group(name_list *names, snug_group group) {
    size_t more = 0;
    while (snug_kind_at(group, more) != NULL) {
        more++;
    }
    const char **items = snug_resize(names->items, names->count + more, sizeof *items);
    if (items == NULL) {
        return false;
    }
    names->items = items;
    for (size_t i = 0; i < more; i++) {
        items[names->count++] = snug_kind_at(group, i)->name;
    }
    return true;
}

static bool add_wrapped(name_list *names) {
    const snug_kind *layer;
    bool ok = true;
    for (size_t i = 0; ok && (layer = snug_kind_at(SNUG_GROUP_LAYER, i)) != NULL; i++) {
        const snug_field *field = snug_kind_wraps(SNUG_GROUP_LAYER, layer);
        ok = field == NULL || add_group(names, field->group);
    }
    return ok;
}

snug_status snug_kind_fail_unknown(snug_group group, const char *name, bool wrapped) {
    name_list names = {0};
    if (!add_group(&names, group) || (wrapped && !add_wrapped(&names))) {
        snug_release(names.items);
        return SNUG_ERROR_MEMORY;
    }
    const char *nearest = snug_nearest_name(name, names.items, names.count);
    char known[640];
    snug_quote_names(names.items, names.count, known, sizeof known);
    snug_release(names.items);
    const char *what = snug_group_singular(group);
    if (nearest != NULL) {
        return snug_fail(SNUG_ERROR_CONFIG, "unknown %s \"%.200s\"; did you mean \"%s\"?", what,
                         name, nearest);
    }
    return snug_fail(SNUG_ERROR_CONFIG, "unknown %s \"%.200s\"; known are %s", what, name,
                     *known ? known : "none");
}

/* ---- registration ---------------------------------------------------------------------------- */

static snug_status append(kind_list *list, const snug_kind *kind) {
    if (list->count == list->capacity) {
        size_t capacity = list->capacity * 2 + 8;
        const snug_kind **items = realloc(list->items, capacity * sizeof *items);
        if (items == NULL) {
            return snug_fail_memory(capacity * sizeof *items);
        }
        list->items = items;
        list->capacity = capacity;
    }
    list->items[list->count++] = kind;
    return SNUG_OK;
}

/* Returns the built-in or registered kind of that name, or NULL. The caller holds the lock. */
static const snug_kind *find_locked(snug_group group, const char *name) {
    for (const snug_kind *const *kind = snug_builtin_kinds(group); *kind; kind++) {
        if (strcmp((*kind)->name, name) == 0) {
            return *kind;
        }
    }
    for (size_t i = 0; i < registered[group].count; i++) {
        if (strcmp(registered[group].items[i]->name, name) == 0) {
            return registered[group].items[i];
        }
    }
    return NULL;
}

snug_status snug_kind_add(snug_group group, const snug_kind *kind) {
    snug_status status = SNUG_OK;
    pthread_mutex_lock(&lock);
    const snug_kind *existing = find_locked(group, kind->name);
    if (existing == NULL) {
        status = append(&registered[group], kind);
    }
    pthread_mutex_unlock(&lock);
    if (existing != NULL && existing != kind) {
        return snug_fail(SNUG_ERROR_ARGUMENT, "%s \"%s\": there is one of that name already",
                         snug_group_singular(group), kind->name);
    }
    return status;
}
