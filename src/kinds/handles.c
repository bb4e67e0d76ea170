#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "kinds/handles.h"
#include "kinds/kind_group.h"
#include "kinds/kind_registry.h"

/* The handles that no call has taken over yet. */
static snug_handle *newest;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/*
 * What constructors return when there is no memory for a handle; never written, never in the list.
 */
#define WITHOUT_MEMORY(name)                                                                       \
    {.group = (name),                                                                              \
     .status = SNUG_ERROR_MEMORY,                                                                  \
     .message = "out of memory: there was none for a handle"}
static const snug_handle without_memory[] = {
    WITHOUT_MEMORY(SNUG_GROUP_LAYER), WITHOUT_MEMORY(SNUG_GROUP_LOSS),
    WITHOUT_MEMORY(SNUG_GROUP_OPTIMIZER), WITHOUT_MEMORY(SNUG_GROUP_SCHEDULE)};

static const snug_handle *find_constant(snug_group group) {
    size_t i = 0;
    while (without_memory[i].group != group) {
        i++;
    }
    return &without_memory[i];
}

static bool is_constant(const snug_handle *handle) {
    for (size_t i = 0; i < sizeof without_memory / sizeof *without_memory; i++) {
        if (handle == &without_memory[i]) {
            return true;
        }
    }
    return false;
}

/* ---- the list -------------------------------------------------------------------------------- */

static void link_handle(snug_handle *handle) {
    pthread_mutex_lock(&lock);
    handle->older = newest;
    if (newest != NULL) {
        newest->newer = handle;
    }
    newest = handle;
    pthread_mutex_unlock(&lock);
}

/* Whether the handle is in the list; the caller holds the lock. A new handle is found at once. */
static bool is_linked(const snug_handle *handle, snug_group group) {
    const snug_handle *member = newest;
    while (member != NULL && member != handle) {
        member = member->older;
    }
    return member != NULL && member->group == group;
}

bool snug_handle_unlink(snug_handle *handle, snug_group group) {
    pthread_mutex_lock(&lock);
    bool linked = handle != NULL && is_linked(handle, group);
    if (linked) {
        *(handle->newer != NULL ? &handle->newer->older : &newest) = handle->older;
        if (handle->older != NULL) {
            handle->older->newer = handle->newer;
        }
        handle->newer = handle->older = NULL;
    }
    pthread_mutex_unlock(&lock);
    return linked;
}

size_t snug_handle_count(void) {
    size_t count = 0;
    pthread_mutex_lock(&lock);
    for (const snug_handle *member = newest; member != NULL; member = member->older) {
        count++;
    }
    pthread_mutex_unlock(&lock);
    return count;
}

/* ---- making and freeing ---------------------------------------------------------------------- */

/* A handle of `size` zeroed bytes at the next place in a block of its own. */
static snug_handle *allocate(size_t size) {
    static atomic_uint made;
    const size_t step = _Alignof(max_align_t);
    size_t place = atomic_fetch_add(&made, 1) % SNUG_HANDLE_ADDRESSES;
    char *block = snug_alloc(1, size + SNUG_HANDLE_ADDRESSES * step);
    if (block == NULL) {
        return NULL;
    }
    snug_handle *handle = (snug_handle *)(void *)(block + place * step);
    handle->block = block;
    return handle;
}

/* A handle with the thread's error, whose message is copied behind it. */
static snug_handle *new_failed(void) {
    const char *message = snug_error();
    size_t size = strlen(message) + 1;
    snug_status status = snug_error_status();
    snug_handle *handle = allocate(sizeof *handle + size);
    if (handle == NULL) {
        return NULL;
    }
    handle->status = status;
    handle->message = memcpy(handle + 1, message, size);
    return handle;
}

snug_handle *snug_handle_new(snug_group group, snug_object *object, size_t size) {
    snug_handle *handle = object != NULL ? allocate(size) : new_failed();
    if (handle == NULL) {
        snug_object_free(object);
        return (snug_handle *)find_constant(group);
    }
    handle->group = group;
    handle->object = object;
    link_handle(handle);
    return handle;
}

void snug_handle_release(snug_handle *handle) {
    snug_object_free(handle->object);
    snug_release(handle->block);
}

void snug_handle_free(snug_handle *handle, snug_group group) {
    if (snug_handle_unlink(handle, group)) {
        snug_handle_release(handle);
    }
}

/* ---- use ------------------------------------------------------------------------------------- */

/* The error of the handle's constructor; SNUG_OK where it did not fail. */
static snug_status own_status(const snug_handle *handle) {
    if (handle->status == SNUG_OK) {
        return SNUG_OK;
    }
    return snug_fail(handle->status, "%s", handle->message);
}

static snug_status fail_used(snug_group group, const char *what) {
    return snug_fail(SNUG_ERROR_ARGUMENT,
                     "%s was handed over or freed before; make a new %s for each call that takes "
                     "one over",
                     what, snug_group_singular(group));
}

snug_status snug_handle_check(const snug_handle *handle, snug_group group, const char *what) {
    if (handle == NULL) {
        return snug_fail_null(what);
    }
    if (is_constant(handle)) {
        return own_status(handle);
    }
    pthread_mutex_lock(&lock); /* kept while the message is read: another thread may free it */
    bool linked = is_linked(handle, group);
    snug_status status = linked ? own_status(handle) : SNUG_OK;
    pthread_mutex_unlock(&lock);
    return linked ? status : fail_used(group, what);
}

snug_status snug_handle_take(snug_handle *handle, snug_group group, const char *what) {
    if (handle == NULL) {
        return snug_fail_null(what);
    }
    if (is_constant(handle)) {
        return own_status(handle);
    }
    if (!snug_handle_unlink(handle, group)) {
        return fail_used(group, what);
    }
    snug_status status = own_status(handle);
    if (status != SNUG_OK) {
        snug_handle_release(handle);
    }
    return status;
}

snug_status snug_handle_take_object(snug_handle *handle, snug_group group, const char *what,
                                    snug_object **object) {
    snug_status status = snug_handle_take(handle, group, what);
    *object = NULL;
    if (status == SNUG_OK) {
        *object = handle->object;
        snug_release(handle->block);
    }
    return status;
}

snug_status snug_handle_take_optional(snug_handle *handle, snug_group group, const char *what,
                                      snug_status status, snug_object **object) {
    if (status == SNUG_OK && handle != NULL) {
        return snug_handle_take_object(handle, group, what, object);
    }
    *object = NULL;
    snug_handle_free(handle, group);
    return status;
}
