/* The keys of a model file's metadata, and the version of their meaning. */
#ifndef SNUG_MODEL_FORMAT_H
#define SNUG_MODEL_FORMAT_H

#define SNUG_FORMAT "1"
#define SNUG_KEY_FORMAT "snug.format"
#define SNUG_KEY_VERSION "snug.version"
#define SNUG_KEY_MODEL "snug.model"
#define SNUG_KEY_PREPROCESSING "snug.preprocessing"
#define SNUG_KEY_LOSS "snug.loss"
#define SNUG_KEY_OUTPUT "snug.output"

#endif
