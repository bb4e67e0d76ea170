/*
 * The table of all field types, by the number of their kind; what a type can do is in its own file,
 * field_<type>.c.
 */
#include "kinds/field_type.h"

const snug_field_type *snug_field_type_of(snug_field_kind kind) {
#define ENTRY(constant, name) [SNUG_FIELD_##constant] = &snug_field_##name,
    static const snug_field_type *const types[] = {SNUG_FIELD_TYPES(ENTRY)};
#undef ENTRY
    size_t index = (size_t)kind;
    return index < sizeof types / sizeof *types ? types[index] : NULL;
}

size_t snug_field_size_of(const snug_field *field) {
    const snug_field_type *type = snug_field_type_of(field->kind);
    return type->size > 0 ? type->size : field->record->config_size;
}

bool snug_field_may_be_null(const snug_field *field) {
    return !field->required && field->initial_text == NULL;
}
