#include <math.h>

#include "core/status.h"
#include "folds/shared_calibration.h"
#include "model/model.h"

snug_shared_calibration snug_shared_calibration_of(const snug_folds *folds) {
    size_t members = folds->fold_count * folds->seed_count, count = 0;
    double logarithms = 0, thresholds = 0;
    for (size_t i = 0; i < members; i++) {
        if (folds->members[i].result.finished) {
            logarithms += log(snug_model_temperature(folds->members[i].model));
            thresholds += snug_model_threshold(folds->members[i].model);
            count++;
        }
    }
    if (count == 0) {
        return (snug_shared_calibration){.temperature = 1, .threshold = 0.5};
    }
    return (snug_shared_calibration){.temperature = exp(logarithms / (double)count),
                                     .threshold = thresholds / (double)count};
}

snug_status snug_shared_threshold_apply(const snug_shared_calibration *shared,
                                        snug_model *ensemble) {
    if (shared->threshold == 0.5) {
        return SNUG_OK;
    }
    snug_postprocessing *own = snug_model_need_postprocessing(ensemble);
    if (own == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    own->threshold = shared->threshold;
    return SNUG_OK;
}

snug_status snug_shared_calibration_apply(const snug_shared_calibration *shared,
                                          snug_model *model) {
    if (shared->temperature != 1) {
        snug_postprocessing *own = snug_model_need_postprocessing(model);
        if (own == NULL) {
            return SNUG_ERROR_MEMORY;
        }
        own->temperature = shared->temperature;
    }
    return snug_shared_threshold_apply(shared, model);
}
