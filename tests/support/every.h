/* A layer with a field of every kind, for the tests; it computes nothing. */
#ifndef SNUG_TESTS_CORE_EVERY_H
#define SNUG_TESTS_CORE_EVERY_H

#include <snug/kind.h>

typedef struct every_watch {
    const char *word;
    size_t turns;
} every_watch;

typedef struct every_config {
    double rate, slope;
    size_t count, units;
    bool flag;
    int mode;
    char *label, *note;
    const char *const *tags;
    size_t tag_count;
    snug_object *init, *function;
    snug_layer_list layers;
    snug_source source, files;
    uint64_t seed;
    bool unkept;
    char mark, point;
    every_watch watch;
    snug_columns columns;
    snug_number_list_value shares;
} every_config;

extern const snug_field every_fields[];
extern const snug_layer_kind every_kind;

/* Every field with a value that is not its default; "layers" holds another, and a wrapped elu. */
extern const char every_spec[];

#endif
