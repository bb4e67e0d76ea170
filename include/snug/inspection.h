/*
 * Inspection: what each layer of a model does to activations and to gradients, what the theory of
 * self-normalizing networks predicts of it, and which of the theory's conditions do not hold.
 *
 *     snug_inspection *found = snug_inspect(model, data, NULL);
 *     for (size_t i = 0; i < snug_inspection_layer_count(found); i++) {
 *         const snug_layer_statistics *layer = snug_inspection_layer(found, i);
 *         printf("%s %g %g\n", layer->layer.type, layer->variance, layer->theory.variance);
 *     }
 *     snug_inspection_free(found);
 *
 * snug_fit() measures the same every few steps: see .inspect of its options.
 */
#ifndef SNUG_INSPECTION_H
#define SNUG_INSPECTION_H

#include <snug/model.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The statistics of a model's layers on some rows. */
typedef struct snug_inspection snug_inspection;

/* Mean and population standard deviation over the units of a layer. */
typedef struct snug_spread {
    double mean, deviation;
} snug_spread;

/*
 * What the theory predicts of a layer. The units' inputs are taken for independent numbers of one
 * mean m and one variance v, and their weighted sums for Gaussian (Klambauer et al. 2017,
 * "Self-normalizing neural networks", section 2). A linear layer turns them, with the measured
 * omega, tau and biases b of its units, into
 *
 *     mean(m omega + b)    and    v mean(tau) + Var(m omega + b) over the units;
 *
 * an activation f into E f and Var f of a Gaussian of the mean and variance that are predicted of
 * its inputs. Gradients go back: their second moment is multiplied by units * mean(tau) / inputs in
 * a linear layer, and by E f'^2 in an activation; their mean is taken for 0. Layers with trained
 * strengths, scales and shifts, such as parametric_activation and batch_norm, give what follows
 * from those. What a block with a linear layer makes of its inputs is taken for independent of
 * these: mean, variance and gradients of a residual block are the sums of those of its layers and
 * of its shortcut, and a highway block mixes those by its gate. It begins with what is measured:
 * the inputs of the model forward, the gradient by its outputs backward. Not a number for layers
 * that the theory knows nothing of, such as softmax; behind those it begins again with what is
 * measured of them.
 */
typedef struct snug_layer_theory {
    double mean, variance, gradient_variance;
} snug_layer_theory;

/* What was measured of a layer. NaN: what is not known of it. */
typedef struct snug_layer_statistics {
    snug_layer_info layer; /* its type is valid as long as the model */
    /* of its outputs: mean, population variance, mean of the absolute values, of all rows alike */
    double mean, variance, mean_absolute;
    /*
     * Of the gradient of each row's loss, times the row's weight, by the outputs; as in training,
     * where dropout is at work. NaN for data without targets and for a model without a loss.
     */
    double gradient_mean, gradient_variance;
    /*
     * Of an activation: the share of its outputs for which abs(f'(x)) is below 0.01 of the largest
     * in [-8, 8].
     */
    double saturated;
    /* Of a linear layer: the sum of a unit's weights, and the sum of their squares. */
    snug_spread omega, tau;
    snug_layer_theory theory;
} snug_layer_statistics;

/* How a model is inspected; all zero: the defaults. */
typedef struct snug_inspect_options {
    size_t rows;       /* at most so many, spread evenly over the data; 0: 10000 */
    size_t threads;    /* 0: as many as the rows repay and the process may use */
    bool training;     /* outputs are those of training, with dropout, instead of prediction */
    bool no_gradients; /* neither the loss nor targets are used */
    uint64_t seed;     /* of the masks of dropout */
} snug_inspect_options;

/*
 * Measures a model's layers on data, which is matched with the model as snug_evaluate() does it;
 * blocks are one layer. Gradients are those of the model's loss (see snug_model_set_loss()). The
 * model stays as it is. `options` may be NULL. Returns what the caller frees with
 * snug_inspection_free(), the same for any number of threads; NULL on failure, as for an ensemble
 * of models: inspect its members.
 */
SNUG_API snug_inspection *snug_inspect(const snug_model *model, const snug_dataset *data,
                                       const snug_inspect_options *options);

/* Frees an inspection; takes NULL. */
SNUG_API void snug_inspection_free(snug_inspection *inspection);

/* Return the number of rows that were measured, and of layers; 0 for NULL. */
SNUG_API size_t snug_inspection_row_count(const snug_inspection *inspection);
SNUG_API size_t snug_inspection_layer_count(const snug_inspection *inspection);

/* Returns the statistics of a layer, from 0, which belong to the inspection; NULL past the last. */
SNUG_API const snug_layer_statistics *snug_inspection_layer(const snug_inspection *inspection,
                                                            size_t layer);

/* Sets the mean and the variance of what enters the first layer; of NULL, NaN. */
SNUG_API void snug_inspection_input(const snug_inspection *inspection, double *mean,
                                    double *variance);

/*
 * Returns a string that belongs to the inspection: note number `index`, from 0, NULL past the last
 * and for NULL. A note says why there are no gradients, or names a condition of self-normalization
 * that does not hold in a model with self-normalizing activations, and its cure:
 *
 *     weights before such an activation whose variance is not 1/fan_in, as they are initialized or
 *     by now; inputs that are not standardized; noise, such as dropout, that changes mean or
 *     variance; another hidden activation that does; an activation whose fixed point repels; layers
 *     of fewer than 32 units between self-normalizing ones; biases far from 0; a block whose skip
 *     adds variance
 *
 * Layers inside of blocks are checked too. Weights that are fitted to training rows may have any
 * size, and an activation behind biases that are fitted so counts as another. Without such a note,
 * there is one on a variance that grows or shrinks by a factor of more than 100, or a million in a
 * trained model, from the first to the last hidden layer, whatever the activations are.
 */
SNUG_API const char *snug_inspection_warning(const snug_inspection *inspection, size_t index);

/*
 * Returns a string that the caller frees with snug_free(), one line of JSON, where what is not
 * known is null; NULL on failure:
 *
 *     {"rows", "input": {"mean", "variance"}, "layers": [{"type", "output", "parameters", "mean",
 *     "variance", "gradient_mean", "gradient_variance", "saturated", "omega": {"mean",
 *     "deviation"}, "tau": {"mean", "deviation"}, "theory": {"mean", "variance",
 *     "gradient_variance"}}], "warnings": []}
 */
SNUG_API char *snug_inspection_to_json(const snug_inspection *inspection);

#ifdef __cplusplus
}
#endif
#endif
