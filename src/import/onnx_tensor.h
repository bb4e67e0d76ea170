/*
 * Numbers of the tensors of an ONNX model. They are raw bytes or lists, in several types; what
 * shapes say is checked before memory is allocated for it.
 */
#ifndef SNUG_IMPORT_ONNX_TENSOR_H
#define SNUG_IMPORT_ONNX_TENSOR_H

#include "import/onnx_graph.h"

/*
 * Sets *count to the number of entries of a tensor. Fails where its sizes are not those of its
 * data, and where the data is in another file.
 */
snug_status snug_onnx_tensor_count(const Onnx__TensorProto *tensor, size_t *count);

/*
 * Returns the numbers of a tensor of FLOAT, FLOAT16, BFLOAT16 or DOUBLE as floats, owned by the
 * caller, who frees them with snug_release(); *count: how many. NULL on failure, with the tensor's
 * name in the message, and for a number that is not finite.
 */
float *snug_onnx_tensor_floats(const Onnx__TensorProto *tensor, size_t *count);

/* Whether a value is a constant of `count` whole numbers; if so, sets numbers[count]. */
bool snug_onnx_wholes(const snug_onnx_graph *graph, const char *value, size_t count,
                      int64_t *numbers);

/* Whether a value is a constant of one entry; if so, sets *number. Whole numbers count, too. */
bool snug_onnx_scalar(const snug_onnx_graph *graph, const char *value, double *number);

#endif
