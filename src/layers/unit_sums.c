#include "layers/unit_sums.h"

/* Row by row, as the matrix is in memory. */
void snug_sum_units(size_t inputs, size_t outputs, const float *w, const float *scale,
                    const float *bias, snug_unit_sums *units) {
    for (size_t j = 0; j < outputs; j++) {
        units[j] = (snug_unit_sums){.bias = bias != NULL ? (double)bias[j] : 0};
    }
    for (size_t i = 0; i < inputs; i++) {
        const double factor = scale != NULL ? (double)scale[i] : 1;
        for (size_t j = 0; j < outputs; j++) {
            double weight = factor * (double)w[i * outputs + j];
            units[j].sum += weight;
            units[j].square += weight * weight;
        }
    }
}

void snug_scale_unit(snug_unit_sums *unit, double factor) {
    unit->sum *= factor;
    unit->square *= factor * factor;
}
