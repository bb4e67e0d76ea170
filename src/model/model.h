/* A model, as the library sees it: its layers, plan, weights, preprocessing and loss. */
#ifndef SNUG_MODEL_MODEL_H
#define SNUG_MODEL_MODEL_H

#include <cjson/cJSON.h>

#include <snug/model.h> /* IWYU pragma: export */

#include "data/preprocessing.h"
#include "plan/plan.h"
#include "postprocessing/postprocessing.h"

enum { SNUG_MAX_INPUTS = 1 << 24 };

struct snug_model {
    size_t inputs;
    snug_layer_list layers; /* owned, with the objects in it */
    size_t layer_capacity;  /* of .layers */
    snug_plan *plan;        /* owned */
    float *parameters;      /* flat, see plan/plan.h; NULL as long as there are no weights */
    float *state;           /* likewise */
    bool fresh;             /* the weights are new: layers may still be fitted to training rows */
    bool untrained;         /* no step has changed the weights since they were new, or fitted */
    snug_preprocessing *preprocessing;   /* or NULL */
    snug_postprocessing *postprocessing; /* owned, or NULL */
    cJSON *metadata;             /* those keys of its file that Snug does not know; or NULL */
    snug_object *loss;           /* or NULL */
    struct snug_model **members; /* of an ensemble (model/ensemble.h), owned, or NULL */
    size_t member_count;         /* 0: not an ensemble */
    snug_status first_status;    /* of the first error while building, SNUG_OK: none */
    char *first_error;           /* its message */
};

/*
 * Appends a layer, which it takes over, also when it fails. NULL fails with the thread's error,
 * that of the constructor that returned it. The model keeps its first error.
 */
snug_status snug_model_append(snug_model *model, snug_object *layer);

/*
 * Fails for NULL, for an ensemble, with the error that a layer could not be added, and where there
 * is no layer.
 */
snug_status snug_model_check_layers(const snug_model *model);

/* Fails as snug_model_check_layers() does, and where there are no weights. */
snug_status snug_model_check(const snug_model *model);

/* Allocates the flat vectors, zeroed, where there are none yet. */
snug_status snug_model_allocate(snug_model *model);

/* Frees the flat vectors: the model has no weights then. */
void snug_model_drop_weights(snug_model *model);

/*
 * Gives the model its preprocessing, which it takes over, also when it fails; NULL returns the
 * status of the thread's error. Fails where its number of features is not that of the inputs.
 */
snug_status snug_model_set_preprocessing(snug_model *model, snug_preprocessing *preprocessing);

/* Returns the model's postprocessing, made where there is none yet; NULL without memory. */
snug_postprocessing *snug_model_need_postprocessing(snug_model *model);

#endif
