/*
 * The config of an imported model: layers and loss, before the number of inputs is known. A config
 * for training leaves some sizes to the data; an import has no data but the shapes of the weights,
 * which tell the same sizes.
 */
#ifndef SNUG_IMPORT_CONFIG_H
#define SNUG_IMPORT_CONFIG_H

#include "model/model.h"

/*
 * Builds the model of a file, which holds a model config or an experiment; what an experiment says
 * of data and training is checked as for a run, and of it the model takes the loss.
 *
 * `inputs` and `outputs` are taken where the config leaves the features or the number of classes to
 * the data; 0 means not known. The caller owns the model, which has no weights yet. NULL on
 * failure, with an error message that begins with the path.
 */
snug_model *snug_import_config(const char *path, size_t inputs, size_t outputs);

#endif
