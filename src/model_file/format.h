/*
 * The keys of a model file's metadata, and the version of their meaning, "MAJOR.MINOR". A newer
 * minor version adds what an older reader may ignore: keys of the metadata, members of the
 * preprocessing and of its columns. Whatever an older reader would misread is a new major version.
 * Every version is read.
 */
#ifndef SNUG_MODEL_FILE_FORMAT_H
#define SNUG_MODEL_FILE_FORMAT_H

#include <stdbool.h>
#include <stddef.h>

#include <snug/status.h>

#define SNUG_FORMAT_MAJOR 3
#define SNUG_FORMAT_MINOR 1

#define SNUG_FORMAT_FIRST "1" /* what files of version 1.0 hold */

#define SNUG_KEY_FORMAT "snug.format"
#define SNUG_KEY_VERSION "snug.version"
#define SNUG_KEY_MODEL "snug.model"
#define SNUG_KEY_PREPROCESSING "snug.preprocessing"
#define SNUG_KEY_POSTPROCESSING "snug.postprocessing"
#define SNUG_KEY_LOSS "snug.loss"
#define SNUG_KEY_OUTPUT "snug.output"
#define SNUG_KEY_KIND "snug.kind"             /* what the file holds; a model's has none */
#define SNUG_KIND_CHECKPOINT "checkpoint"     /* the kind of the files of src/checkpoint */
#define SNUG_KEY_CONDITIONS "snug.conditions" /* of a checkpoint: what its bits depend on */
#define SNUG_KEY_MEMBERS "snug.members"       /* the number of members of an ensemble, in decimal */

/* What names of tensors and keys of the metadata of an ensemble's member begin with. */
#define SNUG_MEMBER_START "members."

/* The bytes of a member's prefix, with the final 0. */
enum { SNUG_PREFIX_SIZE = 40 };

/* Writes the prefix of member number i, from 0: "members.0.". */
void snug_format_member_prefix(size_t i, char prefix[SNUG_PREFIX_SIZE]);

/* Returns whether a key of the metadata is one of these; others are kept as they are. */
bool snug_format_knows(const char *key);

/* Returns the format version that this Snug writes. */
const char *snug_format_written(void);

/*
 * Checks the format version of a file that Snug `writer` wrote (NULL: not known). Fails for one
 * that is no version and for a newer major version; *newer: whether it is a newer minor version.
 */
snug_status snug_format_check(const char *format, const char *writer, bool *newer);

#endif
