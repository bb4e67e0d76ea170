#include <math.h>

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

double snug_mean_of(size_t n, const float *values, double *square) {
    double sum = 0, squares = 0;
    for (size_t j = 0; j < n; j++) {
        sum += (double)values[j];
        squares += (double)values[j] * (double)values[j];
    }
    if (square != NULL) {
        *square = squares / (double)n;
    }
    return sum / (double)n;
}

void snug_normalized_moments(size_t n, const float *weight, const float *bias,
                             snug_layer_moments *moments) {
    double weight_square, bias_square;
    (void)snug_mean_of(n, weight, &weight_square);
    moments->mean = snug_mean_of(n, bias, &bias_square);
    moments->variance *= weight_square;
    moments->variance += fmax(bias_square - moments->mean * moments->mean, 0);
}

/* Unit by unit: mean_u = mean omega_u + b_u, and variance_u = variance tau_u. */
void snug_linear_moments(size_t inputs, size_t outputs, const float *w, const float *bias,
                         snug_layer_moments *moments) {
    double mean = 0, square = 0, tau = 0;
    for (size_t j = 0; j < outputs; j++) {
        double sum = 0;
        for (size_t i = 0; i < inputs; i++) {
            double weight = (double)w[i * outputs + j];
            sum += weight;
            tau += weight * weight;
        }
        double unit = moments->mean * sum + (bias != NULL ? (double)bias[j] : 0);
        mean += unit / (double)outputs;
        square += unit * unit / (double)outputs;
    }
    moments->mean = mean;
    moments->variance *= tau / (double)outputs;
    moments->variance += fmax(square - mean * mean, 0);
    moments->gradient = tau / (double)inputs;
}
