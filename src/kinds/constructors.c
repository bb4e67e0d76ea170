/* Layers, losses and schedules by name; optimizers are in optim/optimizer.c. */
#include "kinds/field_value.h"
#include "kinds/handles.h"

snug_layer *snug_layer_new(const char *spec) {
    return snug_layer_handle(snug_object_parse(SNUG_GROUP_LAYER, spec));
}

snug_loss *snug_loss_new(const char *spec) {
    return snug_loss_handle(snug_object_parse(SNUG_GROUP_LOSS, spec));
}

snug_schedule *snug_schedule_new(const char *spec) {
    return snug_schedule_handle(snug_object_parse(SNUG_GROUP_SCHEDULE, spec));
}

snug_layer *snug_layer_make(const char *kind, const snug_field_value *fields) {
    return snug_layer_handle(snug_object_make(SNUG_GROUP_LAYER, kind, fields));
}

snug_status snug_layer_status(const snug_layer *layer) {
    return snug_handle_check((const snug_handle *)layer, SNUG_GROUP_LAYER, "the layer");
}

snug_loss *snug_loss_make(const char *kind, const snug_field_value *fields) {
    return snug_loss_handle(snug_object_make(SNUG_GROUP_LOSS, kind, fields));
}

snug_status snug_loss_status(const snug_loss *loss) {
    return snug_handle_check((const snug_handle *)loss, SNUG_GROUP_LOSS, "the loss");
}

snug_schedule *snug_schedule_make(const char *kind, const snug_field_value *fields) {
    return snug_schedule_handle(snug_object_make(SNUG_GROUP_SCHEDULE, kind, fields));
}

snug_status snug_schedule_status(const snug_schedule *schedule) {
    return snug_handle_check((const snug_handle *)schedule, SNUG_GROUP_SCHEDULE, "the schedule");
}

void snug_layer_free(snug_layer *layer) {
    snug_handle_free((snug_handle *)layer, SNUG_GROUP_LAYER);
}

void snug_loss_free(snug_loss *loss) {
    snug_handle_free((snug_handle *)loss, SNUG_GROUP_LOSS);
}

void snug_schedule_free(snug_schedule *schedule) {
    snug_handle_free((snug_handle *)schedule, SNUG_GROUP_SCHEDULE);
}
