/* Random models, of any kinds, that are trained on random tables. */
#ifndef SNUG_TESTS_GRAPH_RANDOM_MODEL_H
#define SNUG_TESTS_GRAPH_RANDOM_MODEL_H

#include <snug/snug.h>

#include "random_table.h"

/* A random table with its options, and a loss that suits it. */
typedef struct random_case {
    uint64_t state;
    const snug_loss_kind *loss;
    random_table table;
    snug_csv_options options;
    snug_scaling scaling;
    snug_dataset *training;
} random_case;

/* Makes a case, a pure function of the seed, and writes its table into the current directory. */
random_case random_case_make(uint64_t seed);

/* Frees what a case owns. */
void random_case_clear(random_case *c);

/*
 * Trains a model of random layers for an epoch; one of logits may be calibrated. NULL where the
 * loss refuses the targets.
 */
snug_model *random_model(random_case *c, uint64_t seed);

/* Trains an ensemble of several such models; NULL also where the loss has none. */
snug_model *random_ensemble(random_case *c);

#endif
