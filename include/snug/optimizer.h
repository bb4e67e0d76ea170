/* Optimizers: making and freeing them. */
#ifndef SNUG_OPTIMIZER_H
#define SNUG_OPTIMIZER_H

#include <snug/field_value.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * An optimizer with the moments of one model. Its constructors follow the rules of <snug/layer.h>:
 * they never return NULL, and a failed one makes the call that gets it fail. snug_fit() takes an
 * optimizer over and frees it, also when it fails; snug_optimizer_step() and snug_model_memory()
 * borrow it, and the caller frees it with snug_optimizer_free().
 */
typedef struct snug_optimizer snug_optimizer;

/*
 * Makes an optimizer by its name or from a JSON object: "{\"type\": \"sgd\", \"nesterov\": true}".
 */
SNUG_API snug_optimizer *snug_optimizer_new(const char *spec);

/* Makes an optimizer by its name, with typed values of its fields; NULL: the defaults. */
SNUG_API snug_optimizer *snug_optimizer_make(const char *kind, const snug_field_value *fields);

/*
 * Returns SNUG_OK, or why the constructor failed, with its error message in snug_error().
 * SNUG_ERROR_ARGUMENT for NULL and for a handle that was taken over or freed.
 */
SNUG_API snug_status snug_optimizer_status(const snug_optimizer *optimizer);

/* Frees an optimizer that nothing has taken over; takes NULL and failed handles. */
SNUG_API void snug_optimizer_free(snug_optimizer *optimizer);

/*
 * Each optimizer with its learning rate, its other fields at their defaults; `snug describe`
 * names the paper, the fields and the usual learning rate of each.
 */
SNUG_API snug_optimizer *snug_sgd(double learning_rate, double momentum); /* momentum in [0, 1) */
SNUG_API snug_optimizer *snug_adam(double learning_rate);
SNUG_API snug_optimizer *snug_adamw(double learning_rate, double weight_decay);
SNUG_API snug_optimizer *snug_nadam(double learning_rate);
SNUG_API snug_optimizer *snug_radam(double learning_rate);
SNUG_API snug_optimizer *snug_adamax(double learning_rate);
SNUG_API snug_optimizer *snug_adagrad(double learning_rate);
SNUG_API snug_optimizer *snug_adadelta(double learning_rate);
SNUG_API snug_optimizer *snug_rmsprop(double learning_rate);
SNUG_API snug_optimizer *snug_rprop(double learning_rate);
SNUG_API snug_optimizer *snug_lion(double learning_rate);
SNUG_API snug_optimizer *snug_lbfgs(double learning_rate); /* all rows at once, once an epoch */

#ifdef __cplusplus
}
#endif
#endif
