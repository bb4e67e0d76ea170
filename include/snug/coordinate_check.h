/*
 * The coordinate check: how large the outputs of each layer are over the first steps of training,
 * when the hidden layers have other widths. Sizes that do not depend on the width mean that a
 * learning rate which suits one width suits others (Yang et al. 2022, "Tensor programs V: tuning
 * large neural networks via zero-shot hyperparameter transfer").
 */
#ifndef SNUG_COORDINATE_CHECK_H
#define SNUG_COORDINATE_CHECK_H

#include <snug/train.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The sizes of layers' outputs for one width. */
typedef struct snug_coordinates {
    size_t width, steps, layer_count;
    snug_layer_info *layers; /* layer_count, of the model with this width; owned */
    /*
     * (steps + 1) x layer_count, owned: the mean absolute value of each layer's outputs before the
     * first step and after each; NaN where training ended before.
     */
    double *sizes;
} snug_coordinates;

/*
 * Trains a copy of the model, with new weights and `width` units in each hidden layer, for `steps`
 * steps, and measures it on the training rows. Hidden are all layers with "units" but the last one,
 * those inside of blocks too. Takes over the loss, the optimizer and the schedules of the options,
 * which are those of snug_fit(), also when it fails; their callback, early stopping and calibration
 * are not used. Free *result with snug_coordinates_clear(). Fails where there is no hidden layer,
 * and as snug_fit() does.
 */
SNUG_API snug_status snug_coordinate_check(const snug_model *model, const snug_dataset *data,
                                           const snug_fit_options *options, size_t width,
                                           size_t steps, snug_coordinates *result);

/* Frees what is in it, and sets it to zero; takes NULL. */
SNUG_API void snug_coordinates_clear(snug_coordinates *coordinates);

#ifdef __cplusplus
}
#endif
#endif
