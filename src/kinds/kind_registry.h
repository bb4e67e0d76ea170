/* Kinds by name: the built-in ones and those that the program registered. */
#ifndef SNUG_KINDS_KIND_REGISTRY_H
#define SNUG_KINDS_KIND_REGISTRY_H

#include <stdbool.h>

#include <snug/kind.h> /* IWYU pragma: export */

/* Returns the kind of that name, or NULL, without an error message. */
const snug_kind *snug_kind_lookup(snug_group group, const char *name);

/*
 * Adds a checked descriptor; a second time is no error. Fails when another kind of the group has
 * its name.
 */
snug_status snug_kind_add(snug_group group, const snug_kind *kind);

/*
 * A layer that wraps an object, so that the object's name is a layer too: "elu" as a layer is the
 * layer "activation" around the activation "elu".
 */
typedef struct snug_wrapping {
    const snug_kind *layer;
    const snug_field *field; /* of the layer; holds the object */
    const snug_kind *inner;
} snug_wrapping;

/* Whether a layer wraps a kind of that name; if so, sets *wrapping. */
bool snug_kind_wrapped(const char *name, snug_wrapping *wrapping);

/* Returns the field of the object that a layer wraps; NULL: it wraps none, or is no layer. */
const snug_field *snug_kind_wraps(snug_group group, const snug_kind *kind);

/*
 * Fails with 'unknown layer "dens"; did you mean "dense"?'. `wrapped`: the names of the kinds that
 * layers wrap are known as well. Returns the status.
 */
snug_status snug_kind_fail_unknown(snug_group group, const char *name, bool wrapped);

#endif
