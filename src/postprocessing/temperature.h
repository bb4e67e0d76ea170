/*
 * Temperature scaling: probabilities softmax(z / T), or sigmoid(z / T) of a single logit, whose T
 * minimizes the log loss of rows that the network was not trained on (Guo, Pleiss, Sun and
 * Weinberger 2017, "On calibration of modern neural networks").
 */
#ifndef SNUG_POSTPROCESSING_TEMPERATURE_H
#define SNUG_POSTPROCESSING_TEMPERATURE_H

#include <stddef.h>
#include <stdint.h>

/*
 * Logits of rows with their classes. Logits of probabilities are log(p), or log(p / (1 - p)) of a
 * single output: the activations' inverse() gives them.
 */
typedef struct snug_logits {
    size_t rows, outputs;   /* one output distinguishes two classes */
    const float *z;         /* rows x outputs */
    const int32_t *classes; /* rows */
    const float *weights;   /* rows, or NULL: each row has the weight 1 */
} snug_logits;

/* The largest temperature, and the inverse of the smallest. */
enum { SNUG_TEMPERATURE_LIMIT = 100 };

/*
 * Returns the temperature of the least log loss, in double; SNUG_TEMPERATURE_LIMIT where a larger
 * one would be better. Returns 0 where every smaller temperature is better, as where every row is
 * right: the log loss has no minimum then.
 */
double snug_temperature_fit(const snug_logits *logits);

#endif
