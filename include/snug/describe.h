/* Descriptions of every kind and option, and the JSON Schema of experiment files. */
#ifndef SNUG_DESCRIBE_H
#define SNUG_DESCRIBE_H

#include <snug/memory.h> /* IWYU pragma: export */

#ifdef __cplusplus
extern "C" {
#endif

/*
 * JSON texts, free with snug_free(). Describe: every group, or (name not NULL) one kind, also
 * as "init:constant" where two groups share a name. Schema: JSON Schema (2020-12) of an experiment
 * file.
 */
SNUG_API char *snug_describe(const char *name);
SNUG_API char *snug_schema(void);

#ifdef __cplusplus
}
#endif
#endif
