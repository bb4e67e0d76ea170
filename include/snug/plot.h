/* Plots of activations. */
#ifndef SNUG_PLOT_H
#define SNUG_PLOT_H

#include <snug/memory.h> /* IWYU pragma: export */

#ifdef __cplusplus
extern "C" {
#endif

/*
 * An SVG of activations and their derivatives, a panel each, side by side: specs as for
 * snug_activation_apply(). Free with snug_free().
 */
SNUG_API char *snug_plot_activations(const char *const *specs, size_t count);

#ifdef __cplusplus
}
#endif
#endif
