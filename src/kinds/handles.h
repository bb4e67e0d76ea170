/*
 * Handles: what the constructors of layers, losses, optimizers and schedules return.
 *
 * A handle that no call has taken over yet is a member of one list, which belongs to the process. A
 * handle that is given to the library is looked for in this list, by its address alone, before
 * anything is read through the pointer: so a handle that was taken over or freed before is refused
 * with an error message, and never read. Addresses come again, but not soon: SNUG_HANDLE_ADDRESSES.
 */
#ifndef SNUG_KINDS_HANDLES_H
#define SNUG_KINDS_HANDLES_H

#include <snug/layer.h>    /* IWYU pragma: export */
#include <snug/loss.h>     /* IWYU pragma: export */
#include <snug/schedule.h> /* IWYU pragma: export */

#include "kinds/object.h"

/*
 * A handle is at one of so many places in its block, each time at the next one, so that a block
 * that the allocator gives again at once does not give its last handle's address again.
 */
#define SNUG_HANDLE_ADDRESSES 64

typedef struct snug_handle snug_handle;

/* The head of a snug_layer, snug_loss, snug_optimizer and snug_schedule. */
struct snug_handle {
    snug_handle *newer, *older; /* neighbours in the list */
    snug_group group;
    snug_status status;  /* SNUG_OK, or why the constructor failed, */
    const char *message; /* and its error message */
    snug_object *object; /* owned; NULL after a failure */
    void *block;         /* in which the handle is */
};

/*
 * Makes a handle of `size` zeroed bytes, of which snug_handle is the head, and takes the object
 * over. Where the object is NULL, the handle is a failed one with the thread's current error, of
 * which only the head is there. Never returns NULL: without memory it is a constant.
 */
snug_handle *snug_handle_new(snug_group group, snug_object *object, size_t size);

/*
 * Whether the handle can be used: SNUG_OK, its constructor's error, or SNUG_ERROR_ARGUMENT where it
 * is NULL or was taken over or freed before. `what` names it in messages: "the optimizer".
 */
snug_status snug_handle_check(const snug_handle *handle, snug_group group, const char *what);

/*
 * Takes the handle over: returns as snug_handle_check() does, and with SNUG_OK the handle is out of
 * the list, for snug_handle_release(). Otherwise there is nothing left to free.
 */
snug_status snug_handle_take(snug_handle *handle, snug_group group, const char *what);

/* Takes the handle over and replaces it by its object; *object is NULL on failure. */
snug_status snug_handle_take_object(snug_handle *handle, snug_group group, const char *what,
                                    snug_object **object);

/*
 * As snug_handle_take_object() where `status` is SNUG_OK; NULL is allowed then, with a NULL object.
 * Otherwise it frees the handle and returns `status`: for several handles of which the first error
 * counts.
 */
snug_status snug_handle_take_optional(snug_handle *handle, snug_group group, const char *what,
                                      snug_status status, snug_object **object);

/* Takes a handle out of the list; returns whether it was there and is now the caller's. */
bool snug_handle_unlink(snug_handle *handle, snug_group group);

/* Frees a handle that is out of the list, with its object; not what comes after the head. */
void snug_handle_release(snug_handle *handle);

/* Frees a handle of the list; ignores NULL and what was taken over or freed before. */
void snug_handle_free(snug_handle *handle, snug_group group);

/* How many handles are in the list. */
size_t snug_handle_count(void);

/* ---- handles without a state of their own ---------------------------------------------------- */

static inline snug_layer *snug_layer_handle(snug_object *object) {
    return (snug_layer *)snug_handle_new(SNUG_GROUP_LAYER, object, sizeof(snug_handle));
}
static inline snug_loss *snug_loss_handle(snug_object *object) {
    return (snug_loss *)snug_handle_new(SNUG_GROUP_LOSS, object, sizeof(snug_handle));
}
static inline snug_schedule *snug_schedule_handle(snug_object *object) {
    return (snug_schedule *)snug_handle_new(SNUG_GROUP_SCHEDULE, object, sizeof(snug_handle));
}

#endif
