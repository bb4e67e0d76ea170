#include <math.h>

#include "inspection/saturation.h"
#include "plan/layer_parts.h"

/* Inputs whose derivatives are computed at once. */
enum { PART = 512 };

/* A derivative is searched for its largest value at so many places, 1/256 apart. */
enum { REACH = 8, PLACES = 2 * REACH * 256 + 1 };

static const snug_activation_kind *kind_of(const snug_object *activation) {
    return (const snug_activation_kind *)(const void *)activation->kind;
}

double snug_saturated_slope(const snug_object *layer) {
    const snug_object *f = snug_layer_activation(layer);
    double largest = 0;
    if (f == NULL || kind_of(f)->derivative == NULL) {
        return (double)NAN;
    }
    for (int first = 0; first < PLACES; first += PART) {
        float x[PART], slopes[PART];
        int count = PLACES - first < PART ? PLACES - first : PART;
        for (int i = 0; i < count; i++) {
            x[i] = (float)(first + i) / 256.0F - REACH;
        }
        kind_of(f)->derivative(f->config, (size_t)count, x, slopes);
        for (int i = 0; i < count; i++) {
            largest = fmax(largest, fabs((double)slopes[i]));
        }
    }
    return 0.01 * largest;
}

size_t snug_count_saturated(const snug_object *layer, double slope, size_t n, const float *x) {
    const snug_object *f = snug_layer_activation(layer);
    size_t saturated = 0;
    for (size_t first = 0; first < n; first += PART) {
        float slopes[PART];
        size_t count = n - first < PART ? n - first : PART;
        kind_of(f)->derivative(f->config, count, x + first, slopes);
        for (size_t i = 0; i < count; i++) {
            saturated += fabs((double)slopes[i]) < slope;
        }
    }
    return saturated;
}
