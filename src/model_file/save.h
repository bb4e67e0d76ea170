/*
 * A model as the bytes of a safetensors file (model_file/safetensors.h):
 *
 *     8 bytes   length of the header, little-endian
 *     header    JSON: "__metadata__" with the keys of model_file/format.h, and for each tensor its
 *               type, shape and offsets; padded with spaces to a multiple of 8 bytes
 *     data      the tensors as float32, little-endian, in the order of the plan
 *
 * model_file/load.c reads it.
 */
#ifndef SNUG_MODEL_FILE_SAVE_H
#define SNUG_MODEL_FILE_SAVE_H

#include "model/model.h"

/*
 * Fails where a file of the model could not be loaded again: the header of a file, with names,
 * layers and scaling, would have more than `limit` bytes; the format's limit is SNUG_HEADER_LIMIT.
 * Training checks it before it starts: hours of it should not end in a model that cannot be saved.
 */
snug_status snug_model_check_saving(const snug_model *model, size_t limit);

#endif
