#include "kinds/fields.h"
#include "plan/layer_parts.h"

static const snug_layer_kind *layer_kind(const snug_object *layer) {
    return (const snug_layer_kind *)(const void *)layer->kind;
}

/* Returns the address of the member that the field of that name describes. */
static void *member(const snug_object *object, const char *field) {
    return (char *)object->config + snug_fields_find(object->kind->fields, field)->offset;
}

/* Returns the activation in the field of that name; NULL: there is no field, or no activation. */
static const snug_object *activation_in(const snug_object *layer, const char *field) {
    const snug_object *object = field != NULL ? *(snug_object *const *)member(layer, field) : NULL;
    return object != NULL && object->group == SNUG_GROUP_ACTIVATION ? object : NULL;
}

const snug_object *snug_layer_activation(const snug_object *layer) {
    return activation_in(layer, layer_kind(layer)->wraps);
}

const snug_object *snug_layer_first_activation(const snug_object *layer) {
    const snug_object *wrapped = snug_layer_activation(layer);
    return wrapped != NULL ? wrapped : activation_in(layer, layer_kind(layer)->activation);
}

snug_layer_list *snug_layer_block(const snug_object *layer) {
    const snug_layer_kind *kind = layer_kind(layer);
    return kind->block != NULL ? member(layer, kind->block) : NULL;
}
