/*
 * The space of a search: which fields of an experiment vary, and from which values they are drawn.
 *
 *     {"train.optimizer.learning_rate": {"log_uniform": [1e-4, 1e-1]},
 *      "train.batch_size": [64, 128, 256],
 *      "model.layers[1]": ["selu", "mish"]}
 *
 * Keys are paths as in experiment/overrides.h. A value is a range or a list of any JSON values.
 */
#ifndef SNUG_TUNE_SPACE_H
#define SNUG_TUNE_SPACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include <snug/status.h>

/* A distribution of numbers in a range, by its name in JSON. */
typedef struct snug_distribution {
    const char *name;
    bool logarithmic; /* equally likely are equal ratios instead of equal differences */
    bool whole;       /* whole numbers, both ends among them */
} snug_distribution;

/* One field of the experiment that varies. */
typedef struct snug_dimension {
    char *path;                            /* owned */
    const snug_distribution *distribution; /* of the range; NULL: the list */
    double low, high;                      /* the ends of the range */
    cJSON *list;                           /* owned array of values, or NULL */
    size_t points;                         /* of a grid: of the list, or "points"; 0: not given */
} snug_dimension;

typedef struct snug_space {
    snug_dimension *dimensions; /* owned */
    size_t count;
} snug_space;

/*
 * Returns whether setting `path` replaces the value at `inner`, which is inside of it, or one of
 * the values of a "[*]" in `path`.
 */
bool snug_path_contains(const char *path, const char *inner);

/*
 * Reads a space from a parsed JSON object. Errors begin with the path of a dimension. Clear it with
 * snug_space_clear(), also after a failure.
 */
snug_status snug_space_read(snug_space *space, const cJSON *json);
void snug_space_clear(snug_space *space);

/*
 * Returns where in its distribution a trial's value of a dimension is: uniform in (0, 1), a pure
 * function of the arguments, and independent of all other trials and dimensions.
 */
double snug_space_draw(uint64_t seed, size_t trial, size_t dimension);

/*
 * Returns the value of a dimension at a position in (0, 1), its quantile, which the caller frees
 * with cJSON_Delete(). Numbers are rounded to 4 significant digits, so that files of the result
 * are readable. NULL without memory.
 */
cJSON *snug_dimension_value(const snug_dimension *dimension, double position);

/*
 * Sets *position to where a value is in the dimension's distribution, in [0, 1]; of a list to
 * (index + 0.5) / length. Returns false where the value is not in it.
 */
bool snug_dimension_position(const snug_dimension *dimension, const cJSON *value, double *position);

/*
 * Sets *count to the number of combinations of a grid. Fails where a range has no "points", and
 * where there are more than a million.
 */
snug_status snug_space_grid_count(const snug_space *space, size_t *count);

/* Returns the value of a dimension in combination number `index` of the grid, to be freed. */
cJSON *snug_space_grid_value(const snug_space *space, size_t index, size_t dimension);

#endif
