#ifndef SNUG_TESTS_LAYERS_SUPPORT_H
#define SNUG_TESTS_LAYERS_SUPPORT_H

#include <check.h> /* IWYU pragma: export */

#include <snug/snug.h>

/* A model of one layer of that spec, with weights. */
snug_model *model_of(size_t inputs, const char *spec);

/* Runs rows through it as in training (step 0 of seed 1) or, with training false, in prediction. */
void run_layer(snug_model *model, bool training, size_t rows, const float *x, float *y);

/* The values of a tensor of that name; fails without one. */
float *tensor_of(snug_model *model, const char *name);

#endif
