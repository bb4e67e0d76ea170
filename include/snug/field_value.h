/*
 * Typed values of fields: how a program makes a kind, built in or registered, without JSON.
 *
 *     snug_layer_make("dense", SNUG_FIELDS(snug_number("units", 16), snug_flag("bias", false),
 *                                          snug_nested("init", "he_normal", NULL)));
 *
 * Each value names the field that it is for, by the field's name in `snug describe`. A value of a
 * wrong C type does not compile. A value of another type than the field's, one out of the field's
 * range, an unknown name, and a field that is named twice make the constructor fail with an error
 * message: "dropout.rate: must be below 1 (got 1)". Fields that no value names have their defaults.
 */
#ifndef SNUG_FIELD_VALUE_H
#define SNUG_FIELD_VALUE_H

#include <stdbool.h>

#include <snug/status.h>

#ifdef __cplusplus
extern "C" {
#endif

struct snug_layer;
struct snug_schedule;

/* What a value holds. */
typedef enum snug_value_type {
    SNUG_VALUE_NUMBER,
    SNUG_VALUE_FLAG,
    SNUG_VALUE_STRING,
    SNUG_VALUE_NUMBERS,
    SNUG_VALUE_STRINGS,
    SNUG_VALUE_NESTED,
    SNUG_VALUE_LAYERS,
    SNUG_VALUE_SCHEDULE
} snug_value_type;

/*
 * One value of a field. Make it with one of the functions below; what it points to is borrowed
 * until the constructor returns, but layers and schedules, which the constructor takes over.
 */
typedef struct snug_field_value {
    const char *name; /* of the field; NULL ends a list of values */
    snug_value_type type;
    size_t count; /* of .numbers */
    union {
        double number;
        bool flag;
        const char *string;
        const double *numbers;
        const char *const *strings;
        struct {
            const char *kind;
            const struct snug_field_value *fields;
        } nested;
        struct snug_layer *const *layers;
        struct snug_schedule *schedule;
    } value;
} snug_field_value;

#ifndef __cplusplus
/*
 * A list of values, at least one, which exists until the block that it is written in ends. NULL is
 * the list of no values. In C++, and where values are found at run time, declare an array whose
 * last element is zero: `const snug_field_value fields[] = {snug_number("rate", 0.5), {}};`.
 */
#define SNUG_FIELDS(...) ((const snug_field_value[]){__VA_ARGS__, {0}})
#endif

/* A number: of a field of type real, size or units. */
SNUG_API snug_field_value snug_number(const char *name, double value);

/* Yes or no: of a field of type bool. */
SNUG_API snug_field_value snug_flag(const char *name, bool value);

/*
 * A string: of a field of type string or choice, the path of a source, "classes" for units, and
 * "balanced" for weights. NULL: nothing, where JSON takes null.
 */
SNUG_API snug_field_value snug_string(const char *name, const char *value);

/* values[count]: of a field of type weights, a weight a class. */
SNUG_API snug_field_value snug_number_list(const char *name, const double *values, size_t count);

/* Strings, ended by NULL: of a field of type strings. */
SNUG_API snug_field_value snug_string_list(const char *name, const char *const *values);

/*
 * Another kind with its own fields (NULL: its defaults): of a field of type object, such as dense's
 * "init". A `kind` of NULL: of a field of type record, whose fields need no kind.
 */
SNUG_API snug_field_value snug_nested(const char *name, const char *kind,
                                      const snug_field_value *fields);

/*
 * Takes over the layers, ended by NULL, once a constructor is given the value: of a field of type
 * layers. SNUG_LAYERS() of <snug/layer.h> makes the list.
 */
SNUG_API snug_field_value snug_nested_layers(const char *name, struct snug_layer *const *layers);

/*
 * Takes over the schedule, once a constructor is given the value: of a field of type object that
 * holds a schedule, such as warmup's "then".
 */
SNUG_API snug_field_value snug_nested_schedule(const char *name, struct snug_schedule *schedule);

#ifdef __cplusplus
}
#endif
#endif
