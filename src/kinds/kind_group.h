/* The groups of kinds: layers, activations, losses ... and their names. */
#ifndef SNUG_KINDS_KIND_GROUP_H
#define SNUG_KINDS_KIND_GROUP_H

#include <stdbool.h>

#include <snug/kind.h>

/* Whether a number is one of the groups. */
bool snug_is_group(snug_group group);

/* Returns the name of one member for error messages: "layer", "initializer" ... */
const char *snug_group_singular(snug_group group);

#endif
