/* The gradient check: a model's gradients beside central differences. */
#ifndef SNUG_GRADIENT_CHECK_H
#define SNUG_GRADIENT_CHECK_H

#include <snug/model.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How the gradient of one tensor compares with central differences. */
typedef struct snug_gradient_check {
    const char *tensor; /* "0.weight"; valid as long as the model's layers */
    size_t checked;     /* entries compared */
    size_t kinks;       /* entries left out: the loss has a kink near them */
    double error;       /* largest difference / largest absolute gradient of the tensor, if not 0 */
    bool zero;          /* every gradient is exactly 0: right where the differences are 0 too */
    bool passed;
} snug_gradient_check;

/*
 * Set .loss (borrowed; NULL: the model's) and what is not to be a default; the rest is the result.
 */
typedef struct snug_gradient_report {
    const snug_loss *loss;
    size_t max_rows;    /* rows of the data used; 0: 8 */
    size_t max_entries; /* entries a tensor, picked at random by .seed; 0: 64 */
    double tolerance;   /* of .error; 0: 1e-2 */
    uint64_t seed;
    bool passed;
    size_t count;                /* trainable tensors */
    snug_gradient_check *checks; /* free with snug_gradient_report_clear() */
} snug_gradient_report;

/*
 * Compares every trainable tensor's gradient with central differences, tensor by tensor, on the
 * first rows that weigh something. SNUG_ERROR_GRADIENT names the first that fails; the report is
 * filled all the same.
 */
SNUG_API snug_status snug_check_gradients(const snug_model *model, const snug_dataset *data,
                                          snug_gradient_report *report);
SNUG_API void snug_gradient_report_clear(snug_gradient_report *report);

#ifdef __cplusplus
}
#endif
#endif
