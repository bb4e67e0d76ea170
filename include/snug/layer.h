/* Layers: making and freeing them. What a layer computes, `snug describe` says by its name. */
#ifndef SNUG_LAYER_H
#define SNUG_LAYER_H

#include <snug/field_value.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A layer that no model has taken over yet.
 *
 * The rules for its constructors are those of losses, optimizers and schedules, too. A constructor
 * always returns a handle, never NULL. Where it failed (a value out of its range, an unknown name,
 * no memory) it sets snug_error(), and the handle keeps that error: every function that is given
 * the handle fails with the same status and the same error message. So
 *
 *     snug_model_add(model, snug_dense(0));                              fails, and so does
 *     snug_fit(model, data, &(snug_fit_options){.optimizer = snug_adam(-1)}, NULL);
 *
 * and no failure is ever taken for a default, which NULL in the options is.
 *
 * Functions that take a handle over (their first line says so) do it also when they fail: it must
 * not be used again. If it is, the call fails with an error message; freeing it again does nothing.
 * (Both hold while its address is not that of a new handle, which takes some dozens of constructors
 * at least.) Free only what was never taken over. While one thread uses a handle, no other may free
 * it.
 */
typedef struct snug_layer snug_layer;

/* A list of layers, ended by NULL, which exists until the block that it is written in ends. */
#ifndef __cplusplus
#define SNUG_LAYERS(...) ((snug_layer *[]){__VA_ARGS__, NULL})
#endif

/*
 * Makes a layer of any kind, built in or registered, by its name or from a JSON object: "selu" or
 * "{\"type\": \"dense\", \"units\": 16}". The caller owns it.
 */
SNUG_API snug_layer *snug_layer_new(const char *spec);

/*
 * Makes a layer of any kind, or of an activation, by its name, with typed values of its fields:
 * see <snug/field_value.h>. NULL: the defaults. The caller owns it.
 */
SNUG_API snug_layer *snug_layer_make(const char *kind, const snug_field_value *fields);

/*
 * Returns SNUG_OK, or why the constructor failed, with its error message in snug_error().
 * SNUG_ERROR_ARGUMENT for NULL and for a handle that was taken over or freed.
 */
SNUG_API snug_status snug_layer_status(const snug_layer *layer);

/* Frees a layer that nothing has taken over; takes NULL and failed handles. */
SNUG_API void snug_layer_free(snug_layer *layer);

/* ---- layers with parameters ------------------------------------------------------------------ */

/*
 * Y = X W + b, with `units` outputs, a bias, and the initializer that suits what comes next. Its
 * other fields by snug_layer_make("dense", ...): bias, weight_norm, init, l1, l2, max_norm,
 * learning_rate_factor, bias_learning_rate_factor, parametrization, bias_init.
 */
SNUG_API snug_layer *snug_dense(size_t units);

/* Each column times a trained factor, which starts at 1. */
SNUG_API snug_layer *snug_feature_scale(void);

/*
 * (1 - a) x + a f(x) for the activation of that name, with a trained `a` for each column, which
 * starts at 1 (Holzmueller et al. 2024).
 */
SNUG_API snug_layer *snug_parametric_activation(const char *function);

/*
 * A layer of an ensemble of `members` networks in one (TabM, Gorishniy et al. 2024): with `shared`
 * Y = ((X * r) W) * s + b, where r, s and b are each member's own, otherwise each member has its
 * own Y = X W + b. The first such layer gives every member the same X. Behind it come others with
 * as many members, and layers that work value by value; the last one is usually not shared:
 *
 *     snug_batch_ensemble(256, 32, true), snug_selu(), snug_batch_ensemble(1, 32, false)
 *
 * The loss of training is the mean of the members' losses, a prediction the mean of theirs, and
 * metrics and the loss of an evaluation are of that mean.
 */
SNUG_API snug_layer *snug_batch_ensemble(size_t units, size_t members, bool shared);

/* y = x for x > 0, and one trained slope times x otherwise (He et al. 2015). */
SNUG_API snug_layer *snug_prelu(void);

/* Each column brought to mean 0 and variance 1 by the batch (Ioffe and Szegedy 2015). */
SNUG_API snug_layer *snug_batch_norm(void);

/* Each row brought to mean 0 and variance 1 (Ba et al. 2016). */
SNUG_API snug_layer *snug_layer_norm(void);

/* ---- embeddings of columns ------------------------------------------------------------------- */

/*
 * Each input becomes four numbers: itself and three of a trained map of 16 waves of it, whose
 * frequencies are trained (PBLD of Holzmueller et al. 2024). snug_layer_make("periodic_embedding",
 * ...) has the other fields: columns, variant, frequencies, units, sigma, learning_rate_factor.
 */
SNUG_API snug_layer *snug_periodic_embedding(void);

/*
 * Each column that holds numbers of categories, from 0, becomes `units` trained numbers a category
 * (Guo and Berkhahn 2016). Its field "columns" names the columns with their numbers of categories:
 * snug_layer_new("{\"type\": \"category_embedding\", \"columns\": [{\"column\": 2,
 * \"categories\": 40}]}"); without it, in a model that no data is known of, the layer does nothing.
 */
SNUG_API snug_layer *snug_category_embedding(size_t units);

/*
 * Each input becomes `units` numbers, a linear map of how far it has come through each of `bins`
 * bins, whose edges are the quantiles of the training rows (Gorishniy et al. 2022); units = 0
 * leaves the bins. snug_layer_make("piecewise_linear_embedding", ...) has the other fields:
 * columns, edges, min_leaf, activation, learning_rate_factor.
 */
SNUG_API snug_layer *snug_piecewise_linear_embedding(size_t bins, size_t units);

/* ---- layers that are random in training ------------------------------------------------------ */

/* In training each input is 0 with probability `rate`, in [0, 1); the others grow for it. */
SNUG_API snug_layer *snug_dropout(double rate);

/*
 * Dropout that keeps mean 0 and variance 1 after SELU; 0.05 to 0.1 suits (Klambauer et al. 2017).
 */
SNUG_API snug_layer *snug_alpha_dropout(double rate);

/* In training adds normal noise of that standard deviation to each input. */
SNUG_API snug_layer *snug_gaussian_noise(double deviation);

/* ---- blocks ---------------------------------------------------------------------------------- */

/*
 * Takes over the layers, ended by NULL: Y = block(X) + X, with a trained projection of X where the
 * widths differ (He et al. 2016). snug_residual(SNUG_LAYERS(snug_dense(16), snug_selu())).
 */
SNUG_API snug_layer *snug_residual(snug_layer *const *layers);

/*
 * Takes over the layers, ended by NULL, with as many outputs as inputs: Y = T block(X) + (1 - T) X
 * with a trained gate T (Srivastava et al. 2015).
 */
SNUG_API snug_layer *snug_highway(snug_layer *const *layers);

/* ---- activations as layers ------------------------------------------------------------------- */

SNUG_API snug_layer *snug_elu(double alpha);
SNUG_API snug_layer *snug_selu(void);
SNUG_API snug_layer *snug_serlu(void);
SNUG_API snug_layer *snug_celu(double alpha);
SNUG_API snug_layer *snug_relu(void);
SNUG_API snug_layer *snug_leaky_relu(double slope);
SNUG_API snug_layer *snug_tanh(void);
SNUG_API snug_layer *snug_sigmoid(void);
SNUG_API snug_layer *snug_exp(void);
SNUG_API snug_layer *snug_identity(void);
SNUG_API snug_layer *snug_softmax(void);
SNUG_API snug_layer *snug_relu6(void);
SNUG_API snug_layer *snug_thresholded_relu(double theta);
SNUG_API snug_layer *snug_hard_tanh(void);
SNUG_API snug_layer *snug_hard_sigmoid(void);
SNUG_API snug_layer *snug_hard_swish(void);
SNUG_API snug_layer *snug_softplus(void);
SNUG_API snug_layer *snug_softsign(void);
SNUG_API snug_layer *snug_silu(void);
SNUG_API snug_layer *snug_mish(void);
SNUG_API snug_layer *snug_gelu(void);
SNUG_API snug_layer *snug_log_sigmoid(void);
SNUG_API snug_layer *snug_log_softmax(void);

/*
 * Layers around the activation of that name, f, for weights of variance 1/fan_in: (f(x) - m) / s
 * with mean 0 and variance 1, and a f(x) + b with the mean square 1 of outputs and slopes, both for
 * standard normal x. Of an activation with fields of its own:
 *
 *     snug_layer_make("standardized", SNUG_FIELDS(snug_nested("of", "elu",
 *                                                 SNUG_FIELDS(snug_number("alpha", 1.5)))))
 */
SNUG_API snug_layer *snug_standardized(const char *of);
SNUG_API snug_layer *snug_gaussian_poincare(const char *of);

#ifdef __cplusplus
}
#endif
#endif
