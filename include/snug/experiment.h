/* Experiments: one JSON file holds everything that a training run depends on. */
#ifndef SNUG_EXPERIMENT_H
#define SNUG_EXPERIMENT_H

#include <snug/train.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct snug_experiment snug_experiment;

/*
 * Returns a new experiment, which the caller owns, from a file with the sections "data", "model"
 * and "train"; unknown and repeated keys are
 * errors, but "$schema", by which editors find the schema, and "recipe", the name of the recipe
 * that the file was made by, are kept. Paths in it are relative to its
 * own directory; where it comes from a pipe or a descriptor, such as /dev/stdin, to the current
 * one. `overrides` are `count` texts "train.epochs=5": a path, "=", and a JSON value, or a plain
 * text where it is no JSON value; they replace or add before anything is checked.
 */
SNUG_API snug_experiment *snug_experiment_read(const char *path, const char *const *overrides,
                                               size_t count);

/*
 * Returns a new experiment, which the caller owns, from n bytes of text; paths in it are relative
 * to the directory of `directory_of`, the file it came from, or NULL.
 */
SNUG_API snug_experiment *snug_experiment_parse(const char *text, size_t n,
                                                const char *directory_of);

/* Frees an experiment, but nothing that the functions below returned; takes NULL. */
SNUG_API void snug_experiment_free(snug_experiment *experiment);

/*
 * Returns a string that the caller owns and frees with snug_free(): the whole experiment as JSON
 * with every default written out. NULL on failure.
 */
SNUG_API char *snug_experiment_config(const snug_experiment *experiment);

/*
 * Gives the caller a new model and new datasets, all to be freed: those that the experiment names.
 * `*validation` and `*test` are NULL where it names none; fractions are split off the training
 * rows, the test rows first. On failure all are NULL.
 */
SNUG_API snug_status snug_experiment_load(const snug_experiment *experiment, snug_model **model,
                                          snug_dataset **train, snug_dataset **validation,
                                          snug_dataset **test);

/*
 * Gives the caller a new loss, optimizer and schedules, in *options, to hand to snug_fit(), once,
 * or to free. Names in the options belong to the experiment.
 */
SNUG_API snug_status snug_experiment_options(const snug_experiment *experiment,
                                             snug_fit_options *options);

#ifdef __cplusplus
}
#endif
#endif
