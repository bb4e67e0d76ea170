/*
 * The groups of kinds: layers, activations, losses, optimizers, schedules and initializers. A name
 * is unique in its group; the group's own names are used in messages and in `snug describe`.
 */
#ifndef SNUG_KINDS_KIND_GROUP_H
#define SNUG_KINDS_KIND_GROUP_H

#include <stdbool.h>

#include <snug/kind.h>

/* Whether a number is one of the groups; a program may pass any number to a function of kind.h. */
bool snug_is_group(snug_group group);

/*
 * Returns the name of one member for error messages: "layer", "initializer" ... The group must be
 * one.
 */
const char *snug_group_singular(snug_group group);

#endif
