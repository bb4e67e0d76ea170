/*
 * Models from other programs.
 *
 *     snug_model *net = snug_model_import_weights("net.safetensors", "config.json");
 *     snug_status status = snug_model_save(net, "model.safetensors");
 */
#ifndef SNUG_IMPORT_H
#define SNUG_IMPORT_H

#include <snug/model.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Returns a new model, which the caller owns: the layers of a config, with the weights of a
 * safetensors file that another program wrote, such as the state dict of a module of PyTorch. NULL
 * on failure.
 *
 * The config is a model config, as snug_model_read_config() takes it, or a whole experiment, whose
 * loss then is the model's; where it leaves "inputs" out or a layer has as many units as the data
 * has classes, the number is that of the first or the last matrix of the file.
 *
 * Tensors have the names of Snug's own files, which are those of an nn.Sequential: "0.weight" is
 * the weight of layer 0. All names may begin with the same path, "model.net.", which is left out.
 * Where only the numbers of the layers are others, because activations are or are not counted, the
 * layers with tensors are taken in the order of their numbers. Each tensor must be there, with its
 * shape up to sizes of 1, and none may be left over; but "num_batches_tracked" of batch
 * normalization is ignored. Types are F32, F16 and BF16, whose numbers are taken exactly, and F64,
 * which are rounded. What was left out, ignored or rounded is logged as a warning.
 */
SNUG_API snug_model *snug_model_import_weights(const char *path, const char *config_path);

/*
 * Returns a new model, which the caller owns, from an ONNX file: a network of fully connected
 * layers as PyTorch exports it, with opsets 9 to 17: Gemm or MatMul and Add, normalization, and
 * every activation that both know, also those that are written as several nodes. It has one input,
 * [batch, columns], and one output. The model has no loss, so that its predictions are what the
 * network gives.
 *
 * Fails with the name of the node where an operator is none of Snug's layers and activations, for
 * weights in other files, and where the library was built without protobuf-c.
 */
SNUG_API snug_model *snug_model_import_onnx(const char *path);

#ifdef __cplusplus
}
#endif
#endif
