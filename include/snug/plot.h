/* Plots: activations, what a model makes of a column, and what its layers do to numbers. */
#ifndef SNUG_PLOT_H
#define SNUG_PLOT_H

#include <snug/coordinate_check.h>
#include <snug/explain.h>
#include <snug/inspection.h>
#include <snug/memory.h> /* IWYU pragma: export */

#ifdef __cplusplus
extern "C" {
#endif

/*
 * An SVG of activations and their derivatives, a panel each, side by side: specs as for
 * snug_activation_apply(). Free with snug_free().
 */
SNUG_API char *snug_plot_activations(const char *const *specs, size_t count);

/*
 * An SVG of the mean predictions by the values of columns, of the same model, a panel each: what
 * snug_explain_dependence() returned. Free with snug_free().
 */
SNUG_API char *snug_plot_dependence(const snug_dependence *columns, size_t count);

/*
 * An SVG of the mean and the variance of each layer's outputs and, where they are known, the
 * variance of gradients, measured and predicted. Free with snug_free().
 */
SNUG_API char *snug_plot_inspection(const snug_inspection *inspection);

/*
 * An SVG of the sizes of each layer's outputs against the width, a panel for each step, or for six
 * of them: coordinate checks of one model. Free with snug_free().
 */
SNUG_API char *snug_plot_coordinates(const snug_coordinates *widths, size_t count);

#ifdef __cplusplus
}
#endif
#endif
