#include <math.h>

#include "theory/erfcx.h"

/*
 * The asymptotic series 1 / (x sqrt(pi)) (1 - 1 / (2 x^2) + 1 3 / (2 x^2)^2 ...) of Abramowitz and
 * Stegun 1964, "Handbook of mathematical functions", 7.1.23. Its error is below the first term that
 * is left out, which is below 1e-17 for x >= 10.
 */
static double by_series(double x) {
    const double inverse_root = 0.56418958354775628695; /* 1 / sqrt(pi) */
    double step = -0.5 / x / x, term = 1.0, sum = 1.0;
    for (int k = 1; k <= 13; k++) {
        term *= step * (2 * k - 1);
        sum += term;
    }
    return inverse_root / x * sum;
}

double snug_erfcx(double x) {
    if (x >= 10.0) {
        return by_series(x);
    }
    /* e^(x^2) would have x^2 times the rounding error of x^2: that error is added again. */
    double square = x * x, rest = fma(x, x, -square);
    double power = exp(square);
    return isinf(power) ? power : (power + power * rest) * erfc(x);
}
