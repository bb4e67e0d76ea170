#!/usr/bin/env python3
"""Writes the golden values of activations made self-normalizing into activations.json.

serlu, selu with "epsilon", standardized and gaussian_poincare: their lines at the start of
"functions" are replaced. Everything is computed with 40 digits; moments for standard normal z are
integrals by mpmath. Formulas: Zhang and Li 2018 (serlu), Chen et al. 2020 (epsilon), Lu, Gould and
Ajanthan 2020 (gaussian_poincare). Parameters that are numbers act as float32.

Usage: tests/vectors/normalized.py tests/vectors/activations.json
"""
import json
import math
import struct
import sys

from mpmath import erfc, exp, expm1, inf, log1p, mp, mpf, npdf, quad, sqrt, tanh

mp.dps = 40


def f32(x):
    """The nearest float32 number."""
    return mpf(struct.unpack("f", struct.pack("f", float(x)))[0])


SELU_ALPHA, SELU_SCALE = mpf("1.67326324235437728481704299167165204"), mpf(
    "1.0507009873554804934193349852946063520"
)


def elu(x, alpha=mpf(1), scale=mpf(1)):
    return scale * (x if x > 0 else alpha * expm1(x))


def elu_slope(x, alpha=mpf(1), scale=mpf(1)):
    return scale * (1 if x > 0 else alpha * exp(x))


def sigmoid(x):
    return 1 / (1 + exp(-x)) if x > 0 else exp(x) / (1 + exp(x))


def normal(x):
    return erfc(-x / sqrt(2)) / 2


def softplus(x):
    return max(x, mpf(0)) + log1p(exp(-abs(x)))


def mish_slope(x):
    t = tanh(softplus(x))
    return t + x * (1 - t * t) * sigmoid(x)


# f, f' and the places where f' jumps
FUNCTIONS = {
    "relu": (lambda x: max(x, mpf(0)), lambda x: mpf(int(x > 0)), [0]),
    "elu": (elu, elu_slope, [0]),
    "selu": (
        lambda x: elu(x, SELU_ALPHA, SELU_SCALE),
        lambda x: elu_slope(x, SELU_ALPHA, SELU_SCALE),
        [0],
    ),
    "leaky_relu": (
        lambda x: x if x > 0 else mpf("0.2") * x,
        lambda x: mpf(1) if x > 0 else mpf("0.2"),
        [0],
    ),
    "tanh": (tanh, lambda x: 1 - tanh(x) ** 2, []),
    "sigmoid": (sigmoid, lambda x: sigmoid(x) * sigmoid(-x), []),
    "gelu": (lambda x: x * normal(x), lambda x: normal(x) + x * npdf(x), []),
    "mish": (lambda x: x * tanh(softplus(x)), mish_slope, []),
    "softplus": (softplus, sigmoid, []),
}


def expect(function, kinks):
    """E function(z) for standard normal z."""
    return quad(lambda z: function(z) * npdf(z), sorted([-inf, -8, -3, 0, 3, 8, inf] + kinks))


def affine(name, kind):
    """The factor and the shift that a kind puts around an activation."""
    f, slope, kinks = FUNCTIONS[name]
    mean, square = expect(f, kinks), expect(lambda x: f(x) ** 2, kinks)
    mean = mpf(0) if abs(mean) < mpf(10) ** -25 else mean
    if kind == "standardized":
        s = sqrt(square - mean**2)
        return 1 / s, -mean / s
    a = 1 / sqrt(expect(lambda x: slope(x) ** 2, kinks))
    root = sqrt(1 - a**2 * (square - mean**2))
    roots = [root - a * mean, -root - a * mean]
    b = min(roots, key=lambda b: (abs(b), -b))
    return a, mpf(0) if abs(b) < mpf(10) ** -25 else b


def points():
    """Float32 numbers of all sizes, without those at which a function overflows."""
    sizes = [1e-30, 1e-10, 1e-6, 1e-3, 0.01, 0.05, 0.11, 0.25, 0.5, 0.6, 0.9, 1, 1.25, 1.5, 2, 2.5]
    sizes += [3, 3.5, 4, 5, 6, 7, 8, 10, 12, 15, 17, 20, 25, 40, 64, 80, 87, 100, 104, 120]
    sizes += [1e4, 1e10]
    return [mpf(0)] + [sign * f32(x) for x in sizes for sign in (1, -1)]


def number(x):
    """A float32 number in JSON, "inf" and the like as strings."""
    value = float(f32(x)) if math.isfinite(x) else float(x)
    return value if math.isfinite(value) else str(value)


def entry(name, params, note, function, slope, limits, keep=lambda y: True):
    """A line of activations.json; limits: y and y' at infinity and -infinity. Where y' is denormal,
    a product with it is rounded twice, so that such x are left out."""
    kept = [x for x in points() if keep(function(x)) and not 0 < abs(slope(x)) < 1e-36]
    y, dy = [function(x) for x in kept], [slope(x) for x in kept]
    values = {
        "x": [number(x) for x in kept] + ["inf", "-inf", "nan"],
        "y": [number(v) for v in y] + limits[0] + ["nan"],
        "dy": [number(v) for v in dy] + limits[1] + ["nan"],
    }
    return {"name": name, "params": params, "note": note, "f32": values}


def serlu(params):
    alpha = f32(params.get("alpha", 2.904271233329691822921857))
    scale = f32(params.get("scale", 1.078618283577226705926867))
    return entry(
        "serlu",
        params,
        "x>=0 ? scale*x : scale*alpha*x*exp(x)",
        lambda x: scale * x if x >= 0 else scale * alpha * x * exp(x),
        lambda x: scale if x >= 0 else scale * alpha * (1 + x) * exp(x),
        (["inf", 0.0], [number(scale), 0.0]),
    )


def selu(epsilon):
    e = mpf(str(epsilon))
    i1 = quad(lambda z: expm1(z) ** 2 * npdf(z), [-inf, -8, -3, 0])
    i2 = quad(lambda z: exp(2 * z) * npdf(z), [-inf, -8, -3, 0])
    alpha = sqrt(e / 2 / (i2 - (1 + e) * i1))
    scale = f32(1 / sqrt(mpf(1) / 2 + alpha**2 * i1))
    alpha = f32(alpha)
    return entry(
        "selu",
        {"epsilon": epsilon},
        "E f^2 = 1, E f'^2 = 1 + epsilon",
        lambda x: elu(x, alpha, scale),
        lambda x: elu_slope(x, alpha, scale),
        (["inf", number(-alpha * scale)], [number(scale), 0.0]),
    )


def wrapped(kind, name, **fields):
    """Values near 0, where a f + b loses the digits of both, are left out."""
    f, slope, _ = FUNCTIONS[name]
    a, b = affine(name, kind)
    of = {"type": name, **fields} if fields else name
    high, low = f(mpf(10) ** 9), f(-mpf(10) ** 9)
    limits = [
        number(a * v + b) if abs(v) < 10**6 else str(float(v) * float("inf")) for v in (high, low)
    ]
    slopes = [number(a * slope(mpf(10) ** 9)), number(a * slope(-mpf(10) ** 9))]
    return entry(
        kind,
        {"of": of},
        f"a f + b, a = {mp.nstr(a, 25)}, b = {mp.nstr(b, 25)}",
        lambda x: a * f(x) + b,
        lambda x: a * slope(x),
        (limits, slopes),
        lambda y: abs(y) >= abs(b) / 2,
    )


def entries():
    yield serlu({})
    yield serlu({"alpha": 2.0, "scale": 0.7})
    yield selu(0.03)
    yield selu(0.06)
    for name in ("gelu", "relu", "selu", "tanh", "softplus", "mish"):
        yield wrapped("standardized", name)
    yield wrapped("standardized", "leaky_relu", slope=0.2)
    for name in ("gelu", "elu", "relu", "tanh", "softplus"):
        yield wrapped("gaussian_poincare", name)


def ours(line):
    """Whether a line of activations.json was written by this script."""
    kinds = ("serlu", "standardized", "gaussian_poincare")
    starts = [f'{{"name": "{kind}"' for kind in kinds] + ['{"name": "selu", "params": {"epsilon"']
    return any(line.strip().startswith(start) for start in starts)


def main():
    path = sys.argv[1]
    with open(path, encoding="utf-8") as file:
        lines = [line for line in file.read().split("\n") if not ours(line)]
    at = lines.index('  "functions": [') + 1
    lines[at:at] = ["    " + json.dumps(made) + "," for made in entries()]
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(lines))


if __name__ == "__main__":
    main()
