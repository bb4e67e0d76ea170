#include <math.h>

#include "quantize/fixed_point.h"

snug_multiplier snug_multiplier_of(double number) {
    int exponent;
    double fraction = frexp(number, &exponent); /* number = fraction 2^exponent, from 0.5 to 1 */
    int64_t factor = llround(fraction * 2147483648.0);
    if (factor == INT64_C(1) << 31) {
        factor /= 2;
        exponent++;
    }
    int shift = 31 - exponent;
    if (factor == 0 || shift > 62) {
        return (snug_multiplier){0, 1};
    }
    if (shift < 1) {
        return (snug_multiplier){INT32_MAX, 1};
    }
    return (snug_multiplier){(int32_t)factor, (uint8_t)shift};
}

snug_int8_scale snug_int8_scale_of(double min, double max) {
    min = min < 0 ? min : 0;
    max = max > 0 ? max : 0;
    if (!(max - min >= (double)1e-30F)) {
        return (snug_int8_scale){1, 0};
    }
    /* The scale is a float, because exported programs have it as one. */
    double scale = (double)(float)((max - min) / 255);
    double zero = round(-128 - min / scale);
    zero = zero < -128 ? -128 : zero > 127 ? 127 : zero;
    return (snug_int8_scale){scale, (int32_t)zero};
}

int8_t snug_int8_quantize(snug_int8_scale scale, double number) {
    double q = round(number / scale.scale) + scale.zero;
    if (isnan(q)) {
        return (int8_t)scale.zero;
    }
    return (int8_t)(q < -128 ? -128 : q > 127 ? 127 : q);
}
