/* The "model" section of a config or an experiment. */
#ifndef SNUG_MODEL_CONFIG_H
#define SNUG_MODEL_CONFIG_H

#include "model/model.h"

typedef struct snug_model_settings {
    size_t inputs; /* 0: as many as the data has */
    snug_layer_list layers;
} snug_model_settings;

extern const snug_field snug_model_fields[];

/*
 * A model of copies of the layers. inputs, unless 0, is the data's number of features; classes,
 * unless 0, takes the place of units that say "classes". Sentences begin with `path`.
 */
snug_model *snug_model_build(const snug_model_settings *settings, const char *path, size_t inputs,
                             size_t classes);

#endif
