/* What `describe` and `schema` share. */
#ifndef SNUG_EXPERIMENT_DESCRIBE_H
#define SNUG_EXPERIMENT_DESCRIBE_H

#include "core/object.h"

/* Adds the default under that key; null where the field has none or must be given. */
void snug_describe_default(const snug_field *field, cJSON *json, const char *key, bool *failed);

#endif
