/* The storage of postprocessing, and what prediction and evaluation do by it. */
#include <math.h>
#include <string.h>

#include "core/memory.h"
#include "postprocessing/postprocessing.h"

snug_postprocessing *snug_postprocessing_new(void) {
    return snug_alloc(1, sizeof(snug_postprocessing));
}

static bool make_range(snug_postprocessing *postprocessing, size_t targets) {
    postprocessing->targets = targets;
    postprocessing->min = snug_alloc(targets, sizeof *postprocessing->min);
    postprocessing->max = snug_alloc(targets, sizeof *postprocessing->max);
    return postprocessing->min != NULL && postprocessing->max != NULL;
}

snug_postprocessing *snug_postprocessing_copy(const snug_postprocessing *postprocessing) {
    snug_postprocessing *copy = snug_postprocessing_new();
    size_t targets = postprocessing->targets;
    if (copy == NULL) {
        return NULL;
    }
    copy->temperature = postprocessing->temperature;
    copy->threshold = postprocessing->threshold;
    if (postprocessing->min == NULL) {
        return copy;
    }
    if (make_range(copy, targets)) {
        memcpy(copy->min, postprocessing->min, targets * sizeof *copy->min);
        memcpy(copy->max, postprocessing->max, targets * sizeof *copy->max);
        return copy;
    }
    snug_postprocessing_free(copy);
    return NULL;
}

void snug_postprocessing_free(snug_postprocessing *postprocessing) {
    if (postprocessing == NULL) {
        return;
    }
    snug_release(postprocessing->min);
    snug_release(postprocessing->max);
    snug_release(postprocessing);
}

/* ---- the range of values --------------------------------------------------------------------- */

snug_status snug_postprocessing_widen(snug_postprocessing *postprocessing, size_t targets,
                                      size_t rows, const float *values) {
    if (postprocessing->min == NULL) {
        if (!make_range(postprocessing, targets)) {
            return SNUG_ERROR_MEMORY;
        }
        for (size_t j = 0; j < targets; j++) {
            postprocessing->min[j] = INFINITY;
            postprocessing->max[j] = -INFINITY;
        }
    }
    for (size_t i = 0; i < rows * targets; i++) {
        size_t j = i % targets;
        postprocessing->min[j] = fmin(postprocessing->min[j], (double)values[i]);
        postprocessing->max[j] = fmax(postprocessing->max[j], (double)values[i]);
    }
    return SNUG_OK;
}

void snug_postprocessing_clip(const snug_postprocessing *postprocessing, const double *origin,
                              size_t rows, size_t outputs, float *values) {
    size_t per_target = outputs / postprocessing->targets;
    for (size_t i = 0; i < rows * outputs; i++) {
        size_t target = i % outputs / per_target;
        double from = origin != NULL ? origin[i % outputs] : 0;
        float low = (float)(postprocessing->min[target] - from);
        float high = (float)(postprocessing->max[target] - from);
        float value = values[i] < low ? low : values[i];
        values[i] = value > high ? high : value;
    }
}

/* ---- two classes ----------------------------------------------------------------------------- */

float snug_postprocessing_margin(const snug_postprocessing *postprocessing) {
    if (postprocessing == NULL || postprocessing->threshold == 0) {
        return 0;
    }
    double t = postprocessing->threshold;
    double temperature = postprocessing->temperature > 0 ? postprocessing->temperature : 1;
    return (float)(temperature * (log(t) - log1p(-t)));
}
