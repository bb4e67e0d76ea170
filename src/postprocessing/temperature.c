#include <math.h>

#include "postprocessing/temperature.h"

/* The first and second derivative of the log loss by b = 1 / T, in which it is convex. */
typedef struct slopes {
    double first, second;
} slopes;

/*
 * Adds a row: the log loss is log sum_j exp(b z_j) - b z_y, its derivative mean(z) - z_y and the
 * second variance(z), both under the probabilities exp(b z_j) / sum. A single logit is one beside a
 * 0.
 */
static void add_row(slopes *s, double b, size_t outputs, const float *z, size_t class,
                    double weight) {
    double largest = outputs == 1 ? fmax(0, (double)z[0]) : (double)z[0];
    double sum = outputs == 1 ? exp(b * -largest) : 0, mean = 0, square = 0;
    for (size_t j = 1; j < outputs; j++) {
        largest = fmax(largest, (double)z[j]);
    }
    double right = outputs == 1 ? (class == 1 ? (double)z[0] : 0) : (double)z[class];
    if (outputs == 1) {
        mean = sum * -right;
        square = sum * right * right;
    }
    for (size_t j = 0; j < outputs; j++) {
        double p = exp(b * ((double)z[j] - largest)), distance = (double)z[j] - right;
        sum += p;
        mean += p * distance;
        square += p * distance * distance;
    }
    mean /= sum;
    s->first += weight * mean;
    s->second += weight * fmax(square / sum - mean * mean, 0);
}

static slopes slopes_at(const snug_logits *logits, double b) {
    slopes s = {0, 0};
    for (size_t i = 0; i < logits->rows; i++) {
        double weight = logits->weights != NULL ? (double)logits->weights[i] : 1;
        if (weight > 0) {
            add_row(&s, b, logits->outputs, logits->z + i * logits->outputs,
                    (size_t)logits->classes[i], weight);
        }
    }
    return s;
}

/*
 * Newton's method for the zero of the first derivative, which grows with b. It is bracketed: a step
 * that leaves the bracket becomes a bisection in log b.
 */
double snug_temperature_fit(const snug_logits *logits) {
    const double limit = SNUG_TEMPERATURE_LIMIT, precision = 1e-12;
    double low = 1 / limit, high = limit, b = 1;
    /* A slope of 0 is one below 0 that is too small for a double, where all rows are far right. */
    if (!(slopes_at(logits, high).first > 0)) {
        return 0;
    }
    if (!(slopes_at(logits, low).first < 0)) {
        return limit;
    }
    for (int i = 0; i < 100 && high / low > 1 + precision; i++) {
        slopes s = slopes_at(logits, b);
        if (s.first < 0) {
            low = b;
        } else {
            high = b;
        }
        double next = b - s.first / s.second;
        next = next > low && next < high ? next : sqrt(low * high);
        if (fabs(next - b) <= precision * b) {
            return 1 / next;
        }
        b = next;
    }
    return 1 / b;
}
