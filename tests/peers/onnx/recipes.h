/* What the models of export_models are made of, as parts of experiments. */
#ifndef SNUG_TESTS_PEERS_RECIPES_H
#define SNUG_TESTS_PEERS_RECIPES_H

#include <snug/snug.h>

#include "program.h"

/* A loss with targets and units of the last layer that suit it. */
typedef struct loss_case {
    const char *name, *json, *targets, *units;
} loss_case;

/* At least one of each loss; `loss_count` of them. */
extern const loss_case losses[];
extern const size_t loss_count;

/* Hidden layers with at least one of each kind; `layer_count` of them. */
typedef struct layer_case {
    const char *name, *json;
} layer_case;

extern const layer_case layers[];
extern const size_t layer_count;

/* One model, as parts of an experiment. */
typedef struct recipe {
    const char *data, *train; /* more options of the sections */
    const loss_case *loss;
    size_t members; /* above 1: an ensemble of so many */
    text hidden;    /* the layers before the last */
} recipe;

/* Returns a recipe without hidden layers, of a random loss and random options of the data. */
recipe random_recipe(void);

/* The options of the data by which columns of many categories are numbers for an embedding. */
extern const char *const embedded_data;

/* Adds an activation, its fields near their defaults. */
void add_activation(text *t, const snug_kind *kind);

/* Writes table.csv, which models are trained on, and new.csv with rows to predict. */
void write_tables(void);

/* Returns a trained model or ensemble; ends the program where that fails. */
snug_model *make_model(const char *name, const recipe *r);

#endif
