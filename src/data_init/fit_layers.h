/*
 * Fits initial weights and layer state to training rows: for layers whose plan says so, such as a
 * dense layer with the initializer "data_driven". What is fitted is the layer's (snug_layer_kind
 * .fit); here is which rows it gets, and what the layers before it make of them.
 */
#ifndef SNUG_DATA_INIT_FIT_LAYERS_H
#define SNUG_DATA_INIT_FIT_LAYERS_H

#include "data/dataset.h"
#include "model/model.h"

/* The most rows that layers are fitted to. */
enum { SNUG_FIT_ROWS = 4096 };

/*
 * Returns how many of `rows` training rows a model's layers are fitted to: all up to SNUG_FIT_ROWS,
 * fewer where the matrix of a very wide layer would be more than 2^26 floats.
 */
size_t snug_fit_row_count(const snug_model *model, size_t rows);

/*
 * Sets order[0 .. count - 1] to rows of a dataset of `rows` rows, count <= rows, in ascending
 * order: one at random of each of `count` parts of equal size. A function of the seed.
 */
void snug_fit_choose_rows(size_t rows, size_t count, uint64_t seed, size_t *order);

/*
 * Runs a sample of the training rows through the model's layers, as in prediction, and lets each
 * layer that asks for it change its tensors by what comes to it. For a model with new weights, a
 * scaler and a scaling of targets; data that is matched with it and has targets. Does nothing where
 * the weights are not new; they are no longer new afterwards. Where it fails the model is as it
 * was.
 */
snug_status snug_fit_layers(snug_model *model, const snug_dataset *data, uint64_t seed);

#endif
