/* Kinds by name, inside: looking up without a sentence, and what makes a descriptor complete. */
#ifndef SNUG_CORE_KIND_REGISTRY_H
#define SNUG_CORE_KIND_REGISTRY_H

#include "core/object.h"

/* The kind of that name, or NULL without a sentence. */
const snug_kind *snug_kind_lookup(snug_group group, const char *name);

/* "layer", "initializer" ...: one of the group, for sentences. */
const char *snug_group_singular(snug_group group);

/*
 * A layer that stands for an object: "elu" is the layer "activation" around the activation "elu".
 */
typedef struct snug_wrapping {
    const snug_kind *layer;
    const snug_field *field; /* of the layer; holds the object */
    const snug_kind *inner;
} snug_wrapping;

/* Whether a layer kind wraps a kind of that name. */
bool snug_kind_wrapped(const char *name, snug_wrapping *wrapping);

/* The field of a layer kind that it stands for; NULL: none, or no layer. */
const snug_field *snug_kind_wraps(snug_group group, const snug_kind *kind);

/*
 * 'unknown layer "dens"; did you mean "dense"?'; with `wrapped`, layers are known by the names of
 * what they wrap, too. Answers the status.
 */
snug_status snug_kind_fail_unknown(snug_group group, const char *name, bool wrapped);

/* Whether a descriptor of that group is complete; the sentence names the kind and what is wrong. */
snug_status snug_kind_check(snug_group group, const snug_kind *kind);

#endif
