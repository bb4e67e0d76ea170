/* Layers, losses, optimizers and schedules: making and freeing them. */
#ifndef SNUG_LAYER_H
#define SNUG_LAYER_H

#include <snug/kind.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A constructor always returns a handle, never NULL. Where it failed (a value out of its range, an
 * unknown name, no memory) it sets snug_error(), and the handle keeps that error: every function
 * that is given the handle fails with the same status and the same error message, whatever failed
 * in between. So
 *
 *     snug_model_add(model, snug_dense(0));                              fails, and so does
 *     snug_fit(model, data, &(snug_fit_options){.optimizer = snug_adam(-1)}, NULL);
 *
 * and no failure is ever taken for a default, which NULL in the options is.
 *
 * snug_model_add(), snug_model_set_loss() and snug_fit() take a handle over, also when they fail:
 * it must not be used again. If it is, the call fails with an error message; freeing it again does
 * nothing. (Both hold while its address is not that of a new handle, which takes some dozens of
 * constructors at least.) snug_backward(), snug_optimizer_step(), snug_model_memory() and
 * snug_check_gradients() only borrow one. Free only what was never taken over. While one thread
 * uses a handle, no other may free it.
 */
typedef struct snug_layer snug_layer;
typedef struct snug_loss snug_loss;
typedef struct snug_optimizer snug_optimizer;
typedef struct snug_schedule snug_schedule;

/*
 * Any kind, built in or registered, by its name or as a JSON object: "{\"type\": \"dense\",
 * \"units\": 16}".
 */
SNUG_API snug_layer *snug_layer_new(const char *spec);
SNUG_API snug_loss *snug_loss_new(const char *spec);
SNUG_API snug_optimizer *snug_optimizer_new(const char *spec);
SNUG_API snug_schedule *snug_schedule_new(const char *spec);

/*
 * SNUG_OK, or why the constructor failed, with its error message in snug_error(): for a caller
 * that wants to know it at once. SNUG_ERROR_ARGUMENT for NULL and for a handle that was taken over
 * or freed.
 */
SNUG_API snug_status snug_layer_status(const snug_layer *layer);
SNUG_API snug_status snug_loss_status(const snug_loss *loss);
SNUG_API snug_status snug_optimizer_status(const snug_optimizer *optimizer);
SNUG_API snug_status snug_schedule_status(const snug_schedule *schedule);

SNUG_API void snug_layer_free(snug_layer *layer); /* each takes NULL and failed handles */
SNUG_API void snug_loss_free(snug_loss *loss);
SNUG_API void snug_optimizer_free(snug_optimizer *optimizer);
SNUG_API void snug_schedule_free(snug_schedule *schedule);

/* Y = X W + b, with `units` outputs, a bias, and the initializer that suits what comes next. */
SNUG_API snug_layer *snug_dense(size_t units);

/* Activations as layers; see `snug describe` for the formulas. */
SNUG_API snug_layer *snug_elu(double alpha);
SNUG_API snug_layer *snug_selu(void);
SNUG_API snug_layer *snug_relu(void);
SNUG_API snug_layer *snug_leaky_relu(double slope);
SNUG_API snug_layer *snug_tanh(void);
SNUG_API snug_layer *snug_sigmoid(void);
SNUG_API snug_layer *snug_identity(void);

/* Losses, each the mean over the rows of a batch. */
SNUG_API snug_loss *snug_mse(void);
SNUG_API snug_loss *snug_softmax_cross_entropy(void);
SNUG_API snug_loss *snug_binary_cross_entropy(void);

/* Optimizers; the other fields by snug_optimizer_new(). */
SNUG_API snug_optimizer *snug_sgd(double learning_rate, double momentum);
SNUG_API snug_optimizer *snug_adam(double learning_rate);

#ifdef __cplusplus
}
#endif
#endif
