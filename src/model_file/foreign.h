/*
 * Files of other programs that are taken for a safetensors file. The first eight bytes of one are a
 * number, so that they are told before anything of them is read.
 */
#ifndef SNUG_MODEL_FILE_FOREIGN_H
#define SNUG_MODEL_FILE_FOREIGN_H

#include <stddef.h>

#include <snug/status.h>

/*
 * Fails where the first n bytes of a file, which do not begin a safetensors file, are those of a
 * kind that is known, with what the file looks like and what to do with it: a zip archive or pickle
 * of PyTorch, an ONNX model, or text. Bytes behind the eighth do not count. A file of which nothing
 * is known is left to the caller.
 */
snug_status snug_refuse_foreign(const char *path, const char *bytes, size_t n);

#endif
