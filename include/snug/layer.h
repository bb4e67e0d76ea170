/* Layers, losses, optimizers and schedules: making and freeing them. */
#ifndef SNUG_LAYER_H
#define SNUG_LAYER_H

#include <snug/kind.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Each belongs to whoever it is handed to from then on, also when that call fails; free only what
 * was never handed over. NULL, which a constructor answers when a value is out of its range or there is
 * no memory, may be handed over too: the call then fails with the constructor's sentence.
 */
typedef struct snug_layer snug_layer;
typedef struct snug_loss snug_loss;
typedef struct snug_optimizer snug_optimizer;
typedef struct snug_schedule snug_schedule;

/* Any kind, built in or registered, by its name or as a JSON object: "{\"type\": \"dense\", \"units\": 16}". */
SNUG_API snug_layer *snug_layer_new(const char *spec);
SNUG_API snug_loss *snug_loss_new(const char *spec);
SNUG_API snug_optimizer *snug_optimizer_new(const char *spec);
SNUG_API snug_schedule *snug_schedule_new(const char *spec);

SNUG_API void snug_layer_free(snug_layer *layer); /* each takes NULL */
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
