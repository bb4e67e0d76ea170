#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "json/json.h"
#include "json/json_build.h"
#include "json/json_path.h"
#include "kinds/fields.h"
#include "kinds/kind_group.h"
#include "kinds/kind_registry.h"
#include "kinds/object.h"

const void *snug_object_config(const snug_object *object) {
    return object != NULL ? object->config : NULL;
}

const snug_kind *snug_object_kind(const snug_object *object) {
    return object != NULL ? object->kind : NULL;
}

/* ---- making, copying, freeing ---------------------------------------------------------------- */

/* An object whose configuration is zeroed. */
static snug_object *allocate(snug_group group, const snug_kind *kind) {
    snug_object *object = snug_alloc(1, sizeof *object);
    if (object == NULL) {
        return NULL;
    }
    *object = (snug_object){.kind = kind, .group = group};
    if (kind->config_size > 0) {
        object->config = snug_alloc(1, kind->config_size);
        if (object->config == NULL) {
            snug_release(object);
            return NULL;
        }
    }
    return object;
}

/* An object whose fields have their defaults, and which is not prepared yet. */
static snug_object *allocate_default(snug_group group, const snug_kind *kind) {
    snug_object *object = allocate(group, kind);
    if (object != NULL && snug_fields_default(kind->fields, object->config) != SNUG_OK) {
        snug_object_free(object);
        return NULL;
    }
    return object;
}

/* Computes what follows from the fields. */
static snug_status prepare(const snug_object *object, const char *path) {
    snug_status status =
        object->kind->prepare != NULL ? object->kind->prepare(object->config) : SNUG_OK;
    return status == SNUG_OK || status == SNUG_ERROR_MEMORY || !*path ? status
                                                                      : snug_fail_in("%s", path);
}

snug_object *snug_object_new(snug_group group, const snug_kind *kind) {
    snug_object *object = allocate_default(group, kind);
    if (object != NULL && prepare(object, "") != SNUG_OK) {
        snug_object_free(object);
        return NULL;
    }
    return object;
}

snug_object *snug_object_copy(const snug_object *object) {
    snug_object *copy = allocate(object->group, object->kind);
    if (copy == NULL || copy->config == NULL) {
        return copy;
    }
    memcpy(copy->config, object->config, object->kind->config_size);
    if (snug_fields_copy(object->kind->fields, copy->config, object->config) != SNUG_OK) {
        snug_object_free(copy);
        return NULL;
    }
    return copy;
}

void snug_object_free(snug_object *object) {
    if (object == NULL) {
        return;
    }
    snug_fields_free(object->kind->fields, object->config);
    snug_release(object->config);
    snug_release(object);
}

/* The member of an object that holds another. */
static snug_object **member_object(const snug_object *object, const snug_field *field) {
    return (snug_object **)(void *)((char *)object->config + field->offset);
}

/* ---- reading --------------------------------------------------------------------------------- */

/* The kind's own check, which sees several fields at once. */
static snug_status check_whole(const snug_object *object, const char *path) {
    const snug_kind *kind = object->kind;
    const char *wrong = kind->check != NULL ? kind->check(object->config) : NULL;
    return wrong != NULL ? snug_fail_at(path, "%s", wrong) : SNUG_OK;
}

/* `others` are keys beside the fields, ended by NULL. */
static snug_object *read_fields(snug_group group, const snug_kind *kind, const cJSON *json,
                                const char *path, const char *const *others) {
    snug_object *object = allocate_default(group, kind);
    if (object != NULL &&
        (snug_fields_read(kind->fields, object->config, json, path, others) != SNUG_OK ||
         check_whole(object, path) != SNUG_OK || prepare(object, path) != SNUG_OK)) {
        snug_object_free(object);
        return NULL;
    }
    return object;
}

static snug_object *read_kind(snug_group group, const snug_kind *kind, const cJSON *json,
                              const char *path) {
    static const char *const others[] = {"type", NULL};
    const cJSON nothing = {.type = cJSON_Object}; /* a plain name sets no field */
    return read_fields(group, kind, cJSON_IsObject(json) ? json : &nothing, path, others);
}

/* The layer around an object; takes the object over. NULL in, NULL out. */
static snug_object *wrap(const snug_wrapping *wrapping, snug_object *inner, const char *path) {
    snug_object *layer = inner != NULL ? allocate_default(SNUG_GROUP_LAYER, wrapping->layer) : NULL;
    if (layer == NULL) {
        snug_object_free(inner);
        return NULL;
    }
    snug_object **member = member_object(layer, wrapping->field);
    snug_object_free(*member);
    *member = inner;
    if (check_whole(layer, path) == SNUG_OK && prepare(layer, path) == SNUG_OK) {
        return layer;
    }
    snug_object_free(layer);
    return NULL;
}

/* The name in a name or an object; NULL after an error. */
static const char *name_of(snug_group group, const cJSON *json, const char *path) {
    if (cJSON_IsString(json)) {
        return json->valuestring;
    }
    const char *what = snug_group_singular(group);
    if (!cJSON_IsObject(json)) {
        snug_fail_at(path, "must be the name of one %s or an object with \"type\" (got %s)", what,
                     snug_json_type(json));
        return NULL;
    }
    const cJSON *type = snug_json_get(json, "type");
    if (cJSON_IsString(type)) {
        return type->valuestring;
    }
    if (type != NULL) {
        snug_fail_at(path, "\"type\" must be the name of one %s (got %s)", what,
                     snug_json_type(type));
    } else {
        snug_fail_at(path, "needs a \"type\", the name of one %s", what);
    }
    return NULL;
}

snug_object *snug_object_read(snug_group group, const cJSON *json, const char *path) {
    const char *name = name_of(group, json, path);
    if (name == NULL) {
        return NULL;
    }
    const snug_kind *kind = snug_kind_lookup(group, name);
    if (kind != NULL) {
        return read_kind(group, kind, json, path);
    }
    snug_wrapping wrapping;
    bool layer = group == SNUG_GROUP_LAYER;
    if (layer && snug_kind_wrapped(name, &wrapping)) {
        return wrap(&wrapping, read_kind(wrapping.field->group, wrapping.inner, json, path), path);
    }
    if (snug_kind_fail_unknown(group, name, layer) == SNUG_ERROR_CONFIG && *path) {
        snug_fail_in("%s", path);
    }
    return NULL;
}

snug_object *snug_object_parse(snug_group group, const char *spec) {
    if (spec == NULL) {
        snug_fail(SNUG_ERROR_ARGUMENT, "there is no name of one %s: the pointer is NULL",
                  snug_group_singular(group));
        return NULL;
    }
    cJSON *json;
    if (spec[strspn(spec, " \t\r\n")] == '{') {
        json = snug_json_parse("(string)", spec, strlen(spec));
    } else {
        json = cJSON_CreateString(spec);
        if (json == NULL) {
            snug_fail_memory(strlen(spec));
        }
    }
    snug_object *object = json != NULL ? snug_object_read(group, json, "") : NULL;
    cJSON_Delete(json);
    return object;
}

/* ---- writing and checking -------------------------------------------------------------------- */

cJSON *snug_object_write(const snug_object *object) {
    const snug_field *wraps = snug_kind_wraps(object->group, object->kind);
    const snug_object *inner = wraps != NULL ? *member_object(object, wraps) : NULL;
    if (inner != NULL) {
        return snug_object_write(inner);
    }
    bool failed = false;
    cJSON *json = snug_json_object(NULL, NULL, &failed);
    if (json == NULL) {
        return NULL;
    }
    snug_json_string(json, "type", object->kind->name, &failed);
    if (failed || snug_fields_write(object->kind->fields, object->config, json) != SNUG_OK) {
        cJSON_Delete(json);
        return NULL;
    }
    return json;
}

snug_status snug_object_check(const snug_object *object, const char *path) {
    snug_status status = snug_fields_check(object->kind->fields, object->config, path);
    return status == SNUG_OK ? check_whole(object, path) : status;
}
