#include <stdalign.h>
#include <stddef.h>
#include <string.h>

#include "core/memory.h"
#include "core/spelling.h"
#include "core/status.h"
#include "core/string_list.h"
#include "json/json.h"
#include "json/json_build.h"
#include "json/json_path.h"
#include "kinds/field_type.h"
#include "kinds/fields.h"

/* ---- walking a table ------------------------------------------------------------------------- */

static void *member_of(const snug_field *field, void *config) {
    return (char *)config + field->offset;
}

static const void *const_member_of(const snug_field *field, const void *config) {
    return (const char *)config + field->offset;
}

const snug_field *snug_fields_find(const snug_field *fields, const char *name) {
    for (const snug_field *field = fields; snug_is_field(field); field++) {
        if (strcmp(field->name, name) == 0) {
            return field;
        }
    }
    return NULL;
}

const snug_field *snug_fields_find_type(const snug_field *fields, snug_field_kind type) {
    for (const snug_field *field = fields; snug_is_field(field); field++) {
        if (field->kind == type) {
            return field;
        }
    }
    return NULL;
}

snug_status snug_fields_default(const snug_field *fields, void *config) {
    for (const snug_field *field = fields; snug_is_field(field); field++) {
        memset(member_of(field, config), 0, snug_field_size_of(field));
    }
    for (const snug_field *field = fields; snug_is_field(field); field++) {
        const snug_field_type *type = snug_field_type_of(field->kind);
        snug_status status = type->set_default != NULL
                                 ? type->set_default(field, member_of(field, config))
                                 : SNUG_OK;
        if (status != SNUG_OK) {
            snug_fields_free(fields, config);
            return status;
        }
    }
    return SNUG_OK;
}

void snug_fields_set_defaults_if_zero(const snug_field *fields, void *options) {
    for (const snug_field *field = fields; snug_is_field(field); field++) {
        const snug_field_type *type = snug_field_type_of(field->kind);
        if (type->set_default_if_zero != NULL) {
            type->set_default_if_zero(field, member_of(field, options));
        }
    }
}

void snug_fields_free(const snug_field *fields, void *config) {
    for (const snug_field *field = fields; snug_is_field(field); field++) {
        const snug_field_type *type = snug_field_type_of(field->kind);
        if (type->release != NULL) {
            type->release(field, member_of(field, config));
        }
    }
}

snug_status snug_fields_copy(const snug_field *fields, void *to, const void *from) {
    for (const snug_field *field = fields; snug_is_field(field); field++) {
        const snug_field_type *type = snug_field_type_of(field->kind);
        if (type->copy != NULL) {
            memset(member_of(field, to), 0, snug_field_size_of(field));
        }
    }
    for (const snug_field *field = fields; snug_is_field(field); field++) {
        const snug_field_type *type = snug_field_type_of(field->kind);
        snug_status status = type->copy != NULL ? type->copy(field, member_of(field, to),
                                                             const_member_of(field, from))
                                                : SNUG_OK;
        if (status != SNUG_OK) {
            snug_fields_free(fields, to);
            return status;
        }
    }
    return SNUG_OK;
}

/* A member of any type; the types of fields are few and small. */
typedef union any_member {
    max_align_t alignment;
    char bytes[64];
} any_member;

/* Returns whether a member has its default, which is no text. */
static bool is_default(const snug_field *field, const void *member) {
    const snug_field_type *type = snug_field_type_of(field->kind);
    any_member initial = {.bytes = {0}};
    if (snug_field_size_of(field) > sizeof initial) {
        return false;
    }
    if (type->set_default != NULL) {
        type->set_default(field, &initial);
    }
    return memcmp(member, &initial, snug_field_size_of(field)) == 0;
}

static bool is_among(const char *const *names, const char *name) {
    for (size_t i = 0; names != NULL && names[i] != NULL; i++) {
        if (strcmp(names[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/* Returns whether the value of a field follows from another one that has a value. */
static bool is_replaced(const snug_field *fields, const snug_field *field, const void *config) {
    for (const snug_field *other = fields; snug_is_field(other); other++) {
        if (is_among(other->replaces, field->name) &&
            !snug_field_type_of(other->kind)->is_null(const_member_of(other, config))) {
            return true;
        }
    }
    return false;
}

snug_status snug_fields_write(const snug_field *fields, const void *config, cJSON *json) {
    bool failed = false;
    for (const snug_field *field = fields; snug_is_field(field) && !failed; field++) {
        const void *member = const_member_of(field, config);
        if ((!field->sparse || !is_default(field, member)) && !is_replaced(fields, field, config)) {
            snug_field_type_of(field->kind)->write(field, member, json, &failed);
        }
    }
    return failed ? snug_error_status() : SNUG_OK;
}

snug_status snug_fields_check(const snug_field *fields, const void *config, const char *path) {
    snug_status status = SNUG_OK;
    for (const snug_field *field = fields; snug_is_field(field) && status == SNUG_OK; field++) {
        const snug_field_type *type = snug_field_type_of(field->kind);
        if (type->check == NULL) {
            continue;
        }
        char *value_path = snug_join_path(path, field->name);
        status = value_path != NULL ? type->check(field, const_member_of(field, config), value_path)
                                    : SNUG_ERROR_MEMORY;
        snug_release(value_path);
    }
    return status;
}

void snug_fields_set_units(const snug_field *fields, void *config,
                           const struct snug_data_units *units) {
    for (const snug_field *field = fields; snug_is_field(field); field++) {
        const snug_field_type *type = snug_field_type_of(field->kind);
        if (type->set_units != NULL) {
            type->set_units(field, member_of(field, config), units);
        }
    }
}

snug_status snug_fields_resolve_columns(const snug_field *fields, void *config,
                                        const struct snug_input_columns *inputs, const char *path) {
    snug_status status = SNUG_OK;
    for (const snug_field *field = fields; snug_is_field(field) && status == SNUG_OK; field++) {
        const snug_field_type *type = snug_field_type_of(field->kind);
        if (type->resolve_columns == NULL) {
            continue;
        }
        char *value_path = snug_join_path(path, field->name);
        status = value_path != NULL
                     ? type->resolve_columns(field, member_of(field, config), inputs, value_path)
                     : SNUG_ERROR_MEMORY;
        snug_release(value_path);
    }
    return status;
}

/* ---- defaults -------------------------------------------------------------------------------- */

void snug_field_write_default(const snug_field *field, const char *key, cJSON *json, bool *failed) {
    const snug_field_type *type = snug_field_type_of(field->kind);
    if (field->required || snug_field_size_of(field) > sizeof(any_member)) {
        snug_json_null(json, key, failed); /* a larger member is a record, whose default is null */
    } else if (field->initial_text != NULL) {
        snug_json_string(json, key, field->initial_text, failed);
    } else {
        snug_field named = *field;
        named.name = key;
        any_member member = {.bytes = {0}};
        if (type->set_default != NULL) {
            type->set_default(field, &member);
        }
        type->write(&named, &member, json, failed);
    }
}

/* ---- reading --------------------------------------------------------------------------------- */

static snug_status fail_unknown_key(const snug_field *fields, const char *key, const char *path,
                                    const char *const *others) {
    size_t count = snug_list_length(others);
    for (const snug_field *field = fields; snug_is_field(field); field++) {
        count++;
    }
    const char **names = snug_alloc(count, sizeof *names);
    if (names == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    count = 0;
    for (size_t i = 0; others != NULL && others[i] != NULL; i++) {
        names[count++] = others[i];
    }
    for (const snug_field *field = fields; snug_is_field(field); field++) {
        names[count++] = field->name;
    }
    const char *nearest = snug_nearest_name(key, names, count);
    char known[512];
    snug_quote_names(names, count, known, sizeof known);
    snug_release(names);
    if (nearest != NULL) {
        return snug_fail_at(path, "unknown key \"%s\"; did you mean \"%s\"?", key, nearest);
    }
    return snug_fail_at(path, "unknown key \"%s\"; known are %s", key, *known ? known : "none");
}

static snug_status read_member(const snug_field *field, void *config, const cJSON *value,
                               const char *path) {
    char *value_path = snug_join_path(path, field->name);
    if (value_path == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    snug_status status =
        snug_field_type_of(field->kind)->read(field, member_of(field, config), value, value_path);
    snug_release(value_path);
    return status;
}

static snug_status check_required(const snug_field *fields, const cJSON *json, const char *path) {
    for (const snug_field *field = fields; snug_is_field(field); field++) {
        if (field->required && snug_json_get(json, field->name) == NULL) {
            return snug_fail(SNUG_ERROR_CONFIG, "%s%s%s: is required", path, *path ? "." : "",
                             field->name);
        }
    }
    return SNUG_OK;
}

/* Fails where the JSON object has two fields of which one follows from the other. */
static snug_status check_replaced(const snug_field *fields, const cJSON *json, const char *path) {
    for (const snug_field *field = fields; snug_is_field(field); field++) {
        const cJSON *value = snug_json_get(json, field->name);
        for (const char *const *name = field->replaces;
             name != NULL && *name != NULL && value != NULL && !cJSON_IsNull(value); name++) {
            if (snug_json_get(json, *name) != NULL) {
                return snug_fail(
                    SNUG_ERROR_CONFIG,
                    "%s%s%s: must be null where \"%s\" is given, which follows from it", path,
                    *path ? "." : "", field->name, *name);
            }
        }
    }
    return SNUG_OK;
}

snug_status snug_fields_read(const snug_field *fields, void *config, const cJSON *json,
                             const char *path, const char *const *others) {
    if (!cJSON_IsObject(json)) {
        return snug_fail_type(path, "an object", json);
    }
    for (const cJSON *value = json->child; value != NULL; value = value->next) {
        const snug_field *field = snug_fields_find(fields, value->string);
        snug_status status = SNUG_OK;
        if (field != NULL) {
            status = read_member(field, config, value, path);
        } else if (!is_among(others, value->string)) {
            status = fail_unknown_key(fields, value->string, path, others);
        }
        if (status != SNUG_OK) {
            return status;
        }
    }
    snug_status status = check_replaced(fields, json, path);
    return status == SNUG_OK ? check_required(fields, json, path) : status;
}
