/* Losses: making and freeing them. Each is the mean over the rows of a batch. */
#ifndef SNUG_LOSS_H
#define SNUG_LOSS_H

#include <snug/field_value.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A loss that no model and no call has taken over yet. Its constructors follow the rules of
 * <snug/layer.h>: they never return NULL, and a failed one makes the call that gets it fail.
 * snug_fit() and snug_model_set_loss() take a loss over; snug_backward() and snug_check_gradients()
 * borrow it.
 */
typedef struct snug_loss snug_loss;

/* Makes a loss by its name or from a JSON object: "{\"type\": \"huber\", \"delta\": 2}". */
SNUG_API snug_loss *snug_loss_new(const char *spec);

/* Makes a loss by its name, with typed values of its fields; NULL: the defaults. */
SNUG_API snug_loss *snug_loss_make(const char *kind, const snug_field_value *fields);

/*
 * Returns SNUG_OK, or why the constructor failed, with its error message in snug_error().
 * SNUG_ERROR_ARGUMENT for NULL and for a handle that was taken over or freed.
 */
SNUG_API snug_status snug_loss_status(const snug_loss *loss);

/* Frees a loss that nothing has taken over; takes NULL and failed handles. */
SNUG_API void snug_loss_free(snug_loss *loss);

/* ---- of classes ------------------------------------------------------------------------------ */

/* -log(softmax(z)[class]) of logits z, an output a class; prediction applies softmax. */
SNUG_API snug_loss *snug_softmax_cross_entropy(void);

/*
 * -t log(p) - (1 - t) log(1 - p) with p = sigmoid(z): two classes by one output, or values of 0 and
 * 1, the mean over the outputs; prediction applies sigmoid.
 */
SNUG_API snug_loss *snug_binary_cross_entropy(void);

/* max(0, 1 + the largest other z - z[class]), an output a class, or one output for two classes. */
SNUG_API snug_loss *snug_hinge(void);

/* -alpha (1 - p)^gamma log(p), with p the probability of the class (Lin et al. 2017). */
SNUG_API snug_loss *snug_focal(double gamma);

/* ---- of values ------------------------------------------------------------------------------- */

/*
 * The targets of mse, mae, huber, log_cosh and quantile are scaled in training, unless the options
 * say SNUG_TARGET_SCALING_NONE: the network learns (target - mean) / deviation, by the mean and the
 * standard deviation of each output over the training rows, so that prices in thousands and shares
 * below 1 train alike. They are stored with the model, and undone in predictions and metrics. Every
 * loss that is reported is that of values in the targets' units: in the history, to callbacks and
 * early stopping, and by snug_evaluate() and snug_backward(). So are the fields of losses, such as
 * huber's delta.
 *
 * What training makes small is the loss of each output divided by its size for an error of one
 * deviation, which is the variance for mse and the deviation for mae. l1 and l2 of a layer belong
 * to this scaled loss, whatever the units of the targets: l2 = 0.01 is as strong for prices in
 * cents as in thousands. In a reported training loss they are multiplied by the same divisor.
 *
 * The values of poisson, kl_divergence and binary_cross_entropy are counts, probabilities and
 * labels, which are never scaled.
 */

/* The mean over the outputs of (z - target)^2. */
SNUG_API snug_loss *snug_mse(void);

/* The mean over the outputs of |z - target|. */
SNUG_API snug_loss *snug_mae(void);

/* e^2 / 2 for e = |z - target| up to `delta` > 0, delta (e - delta / 2) beyond (Huber 1964). */
SNUG_API snug_loss *snug_huber(double delta);

/* The mean over the outputs of log(cosh(z - target)). */
SNUG_API snug_loss *snug_log_cosh(void);

/*
 * tau (target - z) where the target is larger, (1 - tau) (z - target) otherwise: z becomes the
 * quantile `tau` of the targets, in (0, 1); 0.5 is the median (Koenker and Bassett 1978).
 */
SNUG_API snug_loss *snug_quantile(double tau);

/*
 * The mean of the losses of `count` rising quantiles of each target, an output each: the last layer
 * has targets x count outputs, those of a target side by side. Predictions of a target are sorted,
 * so that its quantiles do not cross; with 0.05 and 0.95 among them the outer ones are an interval
 * that holds 90 % of the targets, which the metric interval_coverage measures. The metrics of
 * values are those of the quantile nearest to 0.5. In a loop of one's own, targets are given for
 * each output: each value `count` times.
 */
SNUG_API snug_loss *snug_quantiles(const double *taus, size_t count);

/* e^z - target z, of counts from 0 on with the expected value e^z; prediction applies exp. */
SNUG_API snug_loss *snug_poisson(void);

/* The sum of p log(p / softmax(z)), of targets p that are probabilities and sum to 1. */
SNUG_API snug_loss *snug_kl_divergence(void);

#ifdef __cplusplus
}
#endif
#endif
