#include "kinds/fields.h"
#include "plan/layer_parts.h"

static const snug_layer_kind *layer_kind(const snug_object *layer) {
    return (const snug_layer_kind *)(const void *)layer->kind;
}

/* Returns the address of the member that the field of that name describes. */
static void *member(const snug_object *object, const char *field) {
    return (char *)object->config + snug_fields_find(object->kind->fields, field)->offset;
}

const snug_object *snug_layer_activation(const snug_object *layer) {
    const snug_layer_kind *kind = layer_kind(layer);
    if (kind->wraps == NULL) {
        return NULL;
    }
    const snug_object *wrapped = *(snug_object *const *)member(layer, kind->wraps);
    return wrapped != NULL && wrapped->group == SNUG_GROUP_ACTIVATION ? wrapped : NULL;
}

snug_layer_list *snug_layer_block(const snug_object *layer) {
    const snug_layer_kind *kind = layer_kind(layer);
    return kind->block != NULL ? member(layer, kind->block) : NULL;
}
