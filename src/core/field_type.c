#include "core/field_type.h"

const snug_field_type *snug_field_type_of(snug_field_kind kind) {
#define ENTRY(constant, name) [SNUG_FIELD_##constant] = &snug_field_##name,
    static const snug_field_type *const types[] = {SNUG_FIELD_TYPES(ENTRY)};
#undef ENTRY
    size_t index = (size_t)kind;
    return index < sizeof types / sizeof *types ? types[index] : NULL;
}

bool snug_field_may_be_null(const snug_field *field) {
    return !field->required && field->initial_text == NULL;
}
