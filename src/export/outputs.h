/* From the last layer's outputs to what prediction gives. */
#ifndef SNUG_EXPORT_OUTPUTS_H
#define SNUG_EXPORT_OUTPUTS_H

#include "export/exported_model.h"

/*
 * What a model predicts, 1 x outputs. Where outputs are probabilities of a yes, .other are those of
 * a no, with the digits that 1 - p has lost.
 */
typedef struct snug_export_prediction {
    snug_value p, other;
} snug_export_prediction;

/*
 * Adds what a model, which is no ensemble, predicts, of its last layer's outputs z: members
 * averaged, calibrated, in the targets' units, quantiles sorted, clipped.
 */
snug_export_prediction snug_export_predict(snug_graph *graph, const snug_model *model,
                                           snug_value z);

/* Adds the mean of the members' predictions, calibrated as the ensemble is. */
snug_export_prediction snug_export_mean(snug_graph *graph, const snug_model *ensemble,
                                        const snug_export_prediction *members);

/* Sets task, names and threshold, and adds the graph's output. Fails without memory. */
snug_status snug_export_output(snug_model_graph *m, const snug_export_prediction *prediction);

#endif
