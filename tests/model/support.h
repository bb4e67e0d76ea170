#ifndef SNUG_TESTS_MODEL_SUPPORT_H
#define SNUG_TESTS_MODEL_SUPPORT_H

#include <check.h> /* IWYU pragma: export */

#include <snug/snug.h>

/* Sets one tensor of a model, by its name in a file, from out x in values. */
void set_tensor(snug_model *model, const char *name, size_t out, size_t in, const double *values);

/* Fills x with asymmetric numbers of about unit size, a pure function of seed. */
void fill_numbers(uint64_t seed, size_t n, float *x);

/* 5 -> 4 tanh -> 3 with fixed weights, and its loss. */
snug_model *small_model(void);

#endif
