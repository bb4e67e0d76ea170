/* The sections "data" and "train" of an experiment file as tables; "model" is in model/config.h. */
#ifndef SNUG_EXPERIMENT_EXPERIMENT_FIELDS_H
#define SNUG_EXPERIMENT_EXPERIMENT_FIELDS_H

#include "core/object.h"

typedef struct snug_data_config {
    snug_source train, validation, test;
    snug_strings columns, ignore;
    char *weights, *split;
    snug_strings target;
    bool standardize;
    int scaling;    /* snug_scaling */
    int missing;    /* snug_missing */
    int categories; /* snug_categories */
    char *delimiter;
    bool header;
} snug_data_config;

typedef struct snug_train_config {
    snug_object *loss, *optimizer, *schedule;
    size_t batch_size, epochs, seed;
    bool shuffle;
    double clip_norm, clip_value, ema;
    size_t accumulate;
    snug_strings metrics;
    snug_object *early_stopping; /* a snug_early_stopping_config, or NULL */
} snug_train_config;

typedef struct snug_early_stopping_config {
    size_t patience;
    double min_delta;
    char *metric;
    bool restore_best_weights;
} snug_early_stopping_config;

extern const snug_field snug_experiment_data_fields[], snug_experiment_train_fields[];

#endif
