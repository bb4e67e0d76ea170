/* Rows of the initializers' tables of fields. */
#ifndef SNUG_INIT_FIELDS_H
#define SNUG_INIT_FIELDS_H

#include <math.h>
#include <stddef.h>

#include <snug/kind.h>

/* Any number. */
#define SNUG_INIT_REAL(config, member, value, text)                                                \
    {.name = #member,                                                                              \
     .help = (text),                                                                               \
     .kind = SNUG_FIELD_REAL,                                                                      \
     .offset = offsetof(config, member),                                                           \
     .initial = (value)}

/* [0, infinity) */
#define SNUG_INIT_SCALE(config, member, value, text)                                               \
    {.name = #member,                                                                              \
     .help = (text),                                                                               \
     .kind = SNUG_FIELD_REAL,                                                                      \
     .offset = offsetof(config, member),                                                           \
     .initial = (value),                                                                           \
     .min = 0,                                                                                     \
     .max = INFINITY}

#define SNUG_INIT_GAIN(config) SNUG_INIT_SCALE(config, gain, 1, "times every weight")

#endif
