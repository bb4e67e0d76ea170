/* A model's inside. */
#ifndef SNUG_MODEL_MODEL_H
#define SNUG_MODEL_MODEL_H

#include <cjson/cJSON.h>

#include <snug/model.h>

#include "data/preprocessing.h"
#include "model/plan.h"

enum { SNUG_MAX_INPUTS = 1 << 24 };

struct snug_model {
    size_t inputs;
    snug_layer_list layers;
    size_t layer_capacity; /* for which .layers has room */
    snug_plan *plan;
    float *parameters; /* one flat vector, and one of state; NULL until there are weights */
    float *state;
    snug_preprocessing *preprocessing; /* or NULL */
    cJSON *metadata;                   /* of its file, the keys that Snug does not know; or NULL */
    snug_object *loss;                 /* or NULL */
    snug_status first_status;          /* the first error of building, and its sentence */
    char *first_error;
};

/* A copy of its own: layers, weights, preprocessing and loss. */
snug_model *snug_model_copy(const snug_model *model);

/*
 * What snug_model_add() and snug_model_set_loss() do, of objects without a handle, which they take
 * over, also when they fail; NULL fails with the thread's error.
 */
snug_status snug_model_append(snug_model *model, snug_object *layer);
snug_status snug_model_replace_loss(snug_model *model, snug_object *loss);

/* SNUG_OK, or the sentence that the building failed or that there are no layers. */
snug_status snug_model_check_layers(const snug_model *model);

/* The same, or that there are no weights yet. */
snug_status snug_model_check(const snug_model *model);

/* Allocates the flat vectors, zeroed. */
snug_status snug_model_allocate(snug_model *model);

/* Frees them: the model has no weights then. */
void snug_model_drop_weights(snug_model *model);

/* Takes the preprocessing over, also when it fails; it must have the model's number of inputs. */
snug_status snug_model_set_preprocessing(snug_model *model, snug_preprocessing *preprocessing);

/* How many classes the outputs tell apart, where they are classes; see snug_loss_classes(). */
size_t snug_model_classes(const snug_model *model);

/* Whether the preprocessing names as many classes, or target values, as the model has, or none. */
snug_status snug_model_check_names(const snug_model *model);

/*
 * Whether a file of the model can be loaded again: names, layers and scaling fit into its header,
 * which has `most` bytes: SNUG_HEADER_LIMIT. To be known before training.
 */
snug_status snug_model_check_saving(const snug_model *model, size_t most);

/* The activation kind that prediction applies; identity without a loss. NULL: not known. */
const snug_activation_kind *snug_model_output(const snug_model *model);

/* Reads "inputs" and "layers" of a JSON object, which stands at `path`. */
snug_model *snug_model_read(const cJSON *json, const char *path);

/* {"inputs": n, "layers": [...]} with every default, or NULL. */
cJSON *snug_model_write(const snug_model *model);

#endif
