/* Rows of the optimizers' and schedules' tables of fields, by the range of a number. */
#ifndef SNUG_CORE_FIELD_MACROS_H
#define SNUG_CORE_FIELD_MACROS_H

#include <math.h>
#include <stddef.h>

#include <snug/kind.h>

/* A field that is called as its member of the configuration. */
#define SNUG_FIELD_REAL_ROW(config, member, value, text)                                           \
    .name = #member, .help = (text), .kind = SNUG_FIELD_REAL, .offset = offsetof(config, member),  \
    .initial = (value)

/* [0, infinity) */
#define SNUG_REAL_FROM_0(config, member, value, text)                                              \
    {SNUG_FIELD_REAL_ROW(config, member, value, text), .min = 0, .max = INFINITY}

/* (0, infinity) */
#define SNUG_REAL_ABOVE_0(config, member, value, text)                                             \
    {SNUG_FIELD_REAL_ROW(config, member, value, text), .min = 0, .max = INFINITY,                  \
     .open = SNUG_OPEN_MIN}

/* [0, 1): how slowly a running mean changes, and the like */
#define SNUG_REAL_BELOW_1(config, member, value, text)                                             \
    {SNUG_FIELD_REAL_ROW(config, member, value, text), .min = 0, .max = 1, .open = SNUG_OPEN_MAX}

/* [0, 1] */
#define SNUG_REAL_SHARE(config, member, value, text)                                               \
    {SNUG_FIELD_REAL_ROW(config, member, value, text), .min = 0, .max = 1}

/* [1, infinity) */
#define SNUG_REAL_FROM_1(config, member, value, text)                                              \
    {SNUG_FIELD_REAL_ROW(config, member, value, text), .min = 1, .max = INFINITY}

/* Whole numbers from `least` on. */
#define SNUG_SIZE_FROM(config, member, value, least, text)                                         \
    {.name = #member,                                                                              \
     .help = (text),                                                                               \
     .kind = SNUG_FIELD_SIZE,                                                                      \
     .offset = offsetof(config, member),                                                           \
     .initial = (value),                                                                           \
     .min = (least),                                                                               \
     .max = INFINITY}

#define SNUG_FLAG(config, member, text)                                                            \
    {.name = #member, .help = (text), .kind = SNUG_FIELD_BOOL, .offset = offsetof(config, member)}

#endif
