/* Layers, losses and schedules by name; optimizers are in optim/optimizer.c. */
#include "model/objects.h"

snug_layer *snug_layer_new(const char *spec) {
    return (snug_layer *)snug_object_parse(SNUG_GROUP_LAYER, spec);
}

snug_loss *snug_loss_new(const char *spec) {
    return (snug_loss *)snug_object_parse(SNUG_GROUP_LOSS, spec);
}

snug_schedule *snug_schedule_new(const char *spec) {
    return (snug_schedule *)snug_object_parse(SNUG_GROUP_SCHEDULE, spec);
}

void snug_layer_free(snug_layer *layer) {
    snug_object_free(snug_layer_object(layer));
}

void snug_loss_free(snug_loss *loss) {
    snug_object_free(snug_loss_object(loss));
}

void snug_schedule_free(snug_schedule *schedule) {
    snug_object_free(snug_schedule_object(schedule));
}
