/*
 * Measures a model's layers, again and again, in the same buffers.
 *
 * Rows come in blocks of 256. Each thread has sessions of its own and takes one block at a time
 * through the model, and the sums of the blocks are added in their order: the statistics are the
 * same for any number of threads.
 *
 *     rows --session that predicts--> outputs of each layer        mean, variance, saturated units
 *          \-session that trains----> loss -> gradients by them    mean, variance
 *
 * The session that trains writes the state of layers, such as running means, to a copy. So the
 * model stays as it is, and others may predict with it meanwhile.
 */
#ifndef SNUG_INSPECTION_INSPECTOR_H
#define SNUG_INSPECTION_INSPECTOR_H

#include <snug/inspection.h> /* IWYU pragma: export */

#include "data/dataset.h"
#include "model/model.h"

typedef struct snug_inspector snug_inspector;

/* The rows that are inspected where the options name no number. */
enum { SNUG_INSPECTION_ROWS = 10000 };

/*
 * Makes an inspector of a model that has weights, on data that is matched with it. Both are
 * borrowed, and the model keeps its layers as long. NULL on failure.
 */
snug_inspector *snug_inspector_new(const snug_model *model, const snug_dataset *data,
                                   const snug_inspect_options *options);
void snug_inspector_free(snug_inspector *inspector); /* takes NULL */

/*
 * Measures the layers at the model's present weights. `time`, or NULL, is the position in a
 * training run, for schedules of layers. Returns what belongs to the inspector and is valid until
 * its next run; NULL on failure.
 */
const snug_inspection *snug_inspector_run(snug_inspector *inspector,
                                          const snug_schedule_time *time);

/* Returns the last inspection, which is the caller's from now on. */
snug_inspection *snug_inspector_take(snug_inspector *inspector);

#endif
