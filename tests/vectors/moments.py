#!/usr/bin/env python3
"""Writes moments.json: moments of activations of a Gaussian number, by mpmath's quadrature.

For z ~ N(mean, variance): E f(z), Var f(z), E f'(z) and E f'(z)^2, with 20 digits.
"""
import json
import sys

from mpmath import diff, erfc, exp, expm1, inf, log1p, mp, mpf, pi, quad, sqrt, tanh

mp.dps = 30


def sigmoid(x):
    return 1 / (1 + exp(-x))


def clip(x, low, high):
    return min(max(x, low), high)


ALPHA = -sqrt(2 / pi) / (erfc(1 / sqrt(mpf(2))) * exp(mpf(1) / 2) - 1)
E = erfc(1 / sqrt(mpf(2)))
SCALE = ((1 - E * sqrt(exp(1))) * sqrt(2 * pi) /
         sqrt(2 * erfc(sqrt(mpf(2))) * exp(2) + pi * E**2 * exp(1) - 2 * (2 + pi) * E *
              sqrt(exp(1)) + pi + 2))


def elu(alpha, scale=1):
    alpha, scale = mpf(alpha), mpf(scale)
    return (lambda x: scale * (x if x > 0 else alpha * expm1(x)),
            lambda x: scale * (1 if x > 0 else alpha * exp(x)))


def silu(beta):
    beta = mpf(beta)
    return (lambda x: x * sigmoid(beta * x),
            lambda x: sigmoid(beta * x) * (1 + beta * x * (1 - sigmoid(beta * x))))


def mish_slope(x):
    t = tanh(log1p(exp(x)))
    return t + x * (1 - t * t) * sigmoid(x)


def gelu(x):
    return x * erfc(-x / sqrt(mpf(2))) / 2


def gelu_slope(x):
    return erfc(-x / sqrt(mpf(2))) / 2 + x * exp(-x * x / 2) / sqrt(2 * pi)


def gelu_u(x):
    return sqrt(2 / pi) * (x + mpf("0.044715") * x**3)


def gelu_tanh(x):
    return x * sigmoid(2 * gelu_u(x))


def gelu_tanh_slope(x):
    s = sigmoid(2 * gelu_u(x))
    return s + x * s * (1 - s) * 2 * sqrt(2 / pi) * (1 + 3 * mpf("0.044715") * x * x)


def softplus(beta, threshold):
    beta, threshold = mpf(beta), mpf(threshold)
    return (lambda x: x if beta * x > threshold else log1p(exp(beta * x)) / beta,
            lambda x: 1 if beta * x > threshold else sigmoid(beta * x))


def leaky(slope):
    slope = mpf(slope)
    return lambda x: x if x > 0 else slope * x, lambda x: 1 if x > 0 else slope


def inside(low, high, slope=lambda x: 1):
    return lambda x: slope(x) if low < x < high else 0


def hard_sigmoid(slope, end):
    slope = mpf(slope) if isinstance(slope, str) else slope
    return lambda x: clip(slope * x + mpf(1) / 2, 0, 1), inside(-end, end, lambda x: slope)


# Name or object, (f, f'), kinks.
FUNCTIONS = [
    ("identity", (lambda x: x, lambda x: mpf(1)), []),
    ("elu", elu(1), [0]),
    ({"type": "elu", "alpha": 0.3}, elu("0.3"), [0]),
    ("selu", elu(ALPHA, SCALE), [0]),
    ({"type": "selu", "alpha": 2.3, "scale": 0.777}, elu("2.3", "0.777"), [0]),
    ("relu", leaky(0), [0]),
    ("leaky_relu", leaky("0.01"), [0]),
    ("relu6", (lambda x: clip(x, 0, 6), inside(0, 6)), [0, 6]),
    ({"type": "thresholded_relu", "theta": 0.1},
     (lambda x: x if x > mpf("0.1") else 0, inside(mpf("0.1"), inf)), [mpf("0.1")]),
    ({"type": "celu", "alpha": 0.2},
     (lambda x: x if x > 0 else expm1(5 * x) / 5, lambda x: 1 if x > 0 else exp(5 * x)), [0]),
    ("gelu", (gelu, gelu_slope), []),
    ({"type": "gelu", "approximate": "tanh"}, (gelu_tanh, gelu_tanh_slope), []),
    ("silu", silu(1), []),
    ({"type": "silu", "beta": 30}, silu(30), [-0.3, 0, 0.3]),
    ("mish", (lambda x: x * tanh(log1p(exp(x))), mish_slope), []),
    ("tanh", (tanh, lambda x: 1 - tanh(x)**2), []),
    ("sigmoid", (sigmoid, lambda x: sigmoid(x) * sigmoid(-x)), []),
    ("log_sigmoid", (lambda x: -log1p(exp(-x)), lambda x: sigmoid(-x)), []),
    ("softplus", softplus(1, 20), [20]),
    ({"type": "softplus", "beta": 2, "threshold": 3}, softplus(2, 3), [1.5]),
    ("softsign", (lambda x: x / (1 + abs(x)), lambda x: 1 / (1 + abs(x))**2), [0]),
    ("hard_sigmoid", hard_sigmoid(mpf(1) / 6, 3), [-3, 3]),
    ({"type": "hard_sigmoid", "variant": "0.2"}, hard_sigmoid("0.2", mpf("2.5")), [-2.5, 2.5]),
    ("hard_swish", (lambda x: x * clip(x + 3, 0, 6) / 6,
                    lambda x: 0 if x < -3 else 1 if x > 3 else (2 * x + 3) / 6), [-3, 3]),
    ("hard_tanh", (lambda x: clip(x, -1, 1), inside(-1, 1)), [-1, 1]),
    ({"type": "hard_tanh", "min": -0.25, "max": 2},
     (lambda x: clip(x, mpf("-0.25"), 2), inside(mpf("-0.25"), 2)), [-0.25, 2]),
    ("exp", (exp, exp), []),
]

GAUSSIANS = [("0", "1"), ("0.3", "2"), ("-0.5", "0.04"), ("0.2", "60")]


def expect(g, mean, variance, kinks):
    """E g(z) by panels, on which mpmath adds nodes until they agree."""
    deviation = sqrt(variance)
    cuts = {mpf(k) for k in (-14, -9, -6, -4, -2, -1, 0, 1, 2, 4, 6, 9, 14, 26)}
    cuts |= {(mpf(k) - mean) / deviation for k in kinks + [-8, -2, 0, 2, 8]}
    points = sorted(t for t in cuts if -14 <= t <= 26)

    def weighted(t):
        return exp(-t * t / 2) / sqrt(2 * pi) * g(mean + deviation * t)

    return quad(weighted, points, maxdegree=7, method="gauss-legendre")


def moments(functions, kinks, mean, variance):
    value, slope = functions
    center = expect(value, mean, variance, kinks)
    numbers = [
        center,
        expect(lambda x: (value(x) - center)**2, mean, variance, kinks),
        expect(slope, mean, variance, kinks),
        expect(lambda x: slope(x)**2, mean, variance, kinks),
    ]
    return [mp.nstr(n, 20) for n in numbers]


def check_slopes():
    """The derivatives above are those of the functions above."""
    for name, (value, slope), _ in FUNCTIONS:
        for x in (mpf("-1.71"), mpf("0.43"), mpf("1.23")):
            assert abs(diff(value, x) - slope(x)) < mpf(10)**-15, (name, x)


def main():
    check_slopes()
    rows = []
    for name, functions, kinks in FUNCTIONS:
        for mean, variance in GAUSSIANS:
            numbers = moments(functions, kinks, mpf(mean), mpf(variance))
            rows.append({"activation": name, "input": [float(mean), float(variance)],
                         "moments": numbers})
            print(name, mean, variance, file=sys.stderr)
    lines = ",\n".join("  " + json.dumps(row) for row in rows)
    print('{"about": "activation f of z ~ N(input): E f, Var f, E f\', E f\'^2",\n "rows": [\n' +
          lines + "\n]}")


if __name__ == "__main__":
    main()
