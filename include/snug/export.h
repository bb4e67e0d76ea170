/*
 * Models for programs without Snug. What is exported takes the raw values of a row, as they are in
 * the table, and gives what snug_predict() does: preprocessing, layers, output function and
 * postprocessing are all in it, and the members of an ensemble are averaged.
 *
 *     snug_status status = snug_model_export_onnx(model, "iris.onnx", NULL);
 *
 * A row has one number for each column of the table, in the order of the model's columns: the
 * number of the file, minus the column's offset where it has one; of a category its number, from 0
 * in the order of the model's categories, any other number being an unknown category; NaN where
 * the value is missing. A model that was trained on arrays takes their features.
 */
#ifndef SNUG_EXPORT_H
#define SNUG_EXPORT_H

#include <snug/model.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The oldest and the newest version of ONNX's operators that a model is exported with. */
enum { SNUG_MIN_OPSET = 13, SNUG_MAX_OPSET = 17 };

/* Zeroed, or NULL where a pointer to it is taken: the defaults. */
typedef struct snug_onnx_options {
    size_t opset; /* version of the operators, from SNUG_MIN_OPSET to SNUG_MAX_OPSET; 0: 13 */
} snug_onnx_options;

/*
 * Writes a model with weights as an ONNX model, beside `path`, and renames it. Its input is
 * "features", float32 [batch, columns]. Its outputs are for classes "label", int64 [batch], the
 * index of the predicted class, and "probabilities", float32 [batch, classes] (of a model with one
 * output for two classes: [batch, 1], of the second class); for values "values", float32
 * [batch, outputs]. The metadata of the model, strings of JSON, name columns, categories, offsets
 * and classes: "snug.columns", "snug.outputs", "snug.task" ...
 * Fails for a kind that cannot be exported, by its name, for a model that would be larger than
 * 2 GiB, the most that the format takes, and where the library was built without protobuf-c.
 */
SNUG_API snug_status snug_model_export_onnx(const snug_model *model, const char *path,
                                            const snug_onnx_options *options);

#ifdef __cplusplus
}
#endif
#endif
