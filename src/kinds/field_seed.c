/*
 * Fields of type SEED: a whole number from 0 to 2^53, as SIZE, in a uint64_t, whose size is the
 * same on every machine.
 */
#include <stdalign.h>

#include "kinds/field_type.h"

static snug_status set_default(const snug_field *field, void *member) {
    *(uint64_t *)member = (uint64_t)field->initial;
    return SNUG_OK;
}

static snug_status store(const snug_field *field, void *member, double value, const char *path) {
    size_t whole;
    snug_status status = snug_field_size.store(field, &whole, value, path);
    if (status == SNUG_OK) {
        *(uint64_t *)member = whole;
    }
    return status;
}

static snug_status read(const snug_field *field, void *member, const cJSON *json,
                        const char *path) {
    size_t whole;
    snug_status status = snug_field_size.read(field, &whole, json, path);
    if (status == SNUG_OK) {
        *(uint64_t *)member = whole;
    }
    return status;
}

static void write(const snug_field *field, const void *member, cJSON *json, bool *failed) {
    size_t whole = (size_t)*(const uint64_t *)member;
    snug_field_size.write(field, &whole, json, failed);
}

static void print_range(const snug_field *field, char *buffer, size_t size) {
    snug_field_size.print_range(field, buffer, size);
}

static void add_schema(const snug_field *field, cJSON *schema, bool *failed) {
    snug_field_size.add_schema(field, schema, failed);
}

/* Any number that a program sets is a seed: there is no check. */
const snug_field_type snug_field_seed = {
    .name = "seed",
    .size = sizeof(uint64_t),
    .alignment = alignof(uint64_t),
    .set_default = set_default,
    .store = store,
    .read = read,
    .write = write,
    .print_range = print_range,
    .add_schema = add_schema,
};
