/*
 * Scaling of features: from the numbers of a table to the inputs of a network. The scaling of
 * targets is in schema/target_scaler.h, but for its fitting.
 */
#ifndef SNUG_DATA_SCALER_H
#define SNUG_DATA_SCALER_H

#include <snug/data.h>

#include "schema/table_schema.h"
#include "schema/target_scaler.h"

/*
 * x' = (x - shift[j]) * factor[j] for feature j, where x is the value minus offsets[j], as a float;
 * a missing value, NaN, counts as fill[j]. Where the scaling has a limit,
 * z / sqrt(1 + (z / limit)^2) of that is x'.
 */
typedef struct snug_scaler {
    size_t features;
    float *shift, *factor, *fill; /* `features` numbers each, owned */
    snug_scaling scaling;         /* with NONE every shift is 0 and every factor 1 */
    double *offsets;              /* of the features, see schema/offsets.h; NULL: all 0. Owned */
    /*
     * The features that are numbers of categories for category_embedding, ascending, owned: they
     * have the shift 0 and the factor 1, and are not clipped. See snug_scaler_find_codes().
     */
    size_t *codes;
    size_t code_count;
} snug_scaler;

/* The names in JSON of the kinds of scaling, by their number, ended by NULL. */
extern const char *const snug_scaling_names[];

/* Returns what a scaling that clips keeps its numbers below, in size; 0 for the others. */
float snug_scaling_limit(snug_scaling scaling);

/*
 * Fits a scaler on the rows of `training` whose weight is above 0, without missing values, in
 * double. Where all values of a column are equal, or differ by no more than a constant rounded to
 * float does, it is shifted and not enlarged: its factor is 1, or less for a rounding of more than
 * 1; with a scaling that clips it is 0. `fill` is the mean, or the median where the schema of the
 * data has it; 0 for the features of categories, whose missing values count as 0 in the statistics
 * too. The number of a category for category_embedding is not scaled, and its fill is the number of
 * categories. The offsets are those of the rows, or with SNUG_SCALING_NONE all 0. Returns NULL
 * without memory, where the rows cannot be read, and where every value of a column is missing.
 */
snug_scaler *snug_scaler_fit(const snug_dataset *training, snug_scaling scaling);

/*
 * Fits a scaler on the target values of the rows of `training` whose weight is above 0: the mean
 * and the standard deviation (of the population) of each output, in double. The deviation of a
 * constant target is 1. Returns NULL without memory.
 */
snug_target_scaler *snug_target_scaler_fit(const snug_dataset *training);

/* Returns a scaler of `features` columns whose numbers are 0, or NULL without memory. */
snug_scaler *snug_scaler_new(size_t features);

/*
 * Sets .codes by the schema of the scaler's table. Fails without memory, with none then.
 */
snug_status snug_scaler_find_codes(snug_scaler *scaler, const snug_table_schema *table);

/* Returns a copy, or NULL without memory. */
snug_scaler *snug_scaler_copy(const snug_scaler *scaler);

/* Frees a scaler; ignores NULL. */
void snug_scaler_free(snug_scaler *scaler);

#endif
