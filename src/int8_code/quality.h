/* How well the graph of a model, and its int8 program, predict the targets of data. */
#ifndef SNUG_INT8_CODE_QUALITY_H
#define SNUG_INT8_CODE_QUALITY_H

#include "data/dataset.h"
#include "export/model_graph.h"
#include "quantize/program.h"

/*
 * Sets *quality to the accuracy of a classifier, and of a model of values to the square root of the
 * mean squared error, on data that is matched with the model and has targets. Rows count with their
 * weights. `program` NULL: of the graph, in float. Fails without memory, and where rows in a file
 * cannot be read.
 *
 * It is not the work of src/metrics, which computes from the outputs of a last layer: an exported
 * program has predictions alone.
 */
snug_status snug_graph_quality(const snug_model_graph *graph, const snug_int8_program *program,
                               const snug_dataset *data, double *quality);

#endif
