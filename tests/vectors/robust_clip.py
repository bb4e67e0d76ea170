#!/usr/bin/env python3
"""Writes robust_clip.json: columns scaled by "robust_clip" in plain Python, from its definition.

x' = z / sqrt(1 + (z / 3)^2), z = s (x - median), s = 1 / (q75 - q25), or 2 / (max - min) where the
quartiles agree, or 0 where the column is constant. A missing value counts as the mean.
"""
import json
import math
import struct
import sys


def f32(x):
    return struct.unpack("f", struct.pack("f", x))[0]


def quantile(values, share):
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


COLUMNS = {
    "skewed": [0.5, 1.25, 3, 7.5, 0.1, 120, 2, 0.75, 33, 1, -4],
    "constant": [2024.0] * 11,
    "one_hot": [0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0],
    "often_one": [1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1],
    "mostly_equal": [5, 5, 5, 5, 5, 5, 5, 9.5, 5, 5, -3],
    "missing": [1, None, 4, 6, None, 2.5, 11, -7, 3, None, 0.25],
}
NEW = [
    [2.5, 2023, 1, 0, 5, 3],
    [-1e30, -5.5e20, 0, 1, 7, None],
    [3.4e38, 3.4e38, 0.5, -2, -1e12, 1000],
    [1.0, 2024, 0, 1, 5, 2.75],
]


def scale(column, x):
    known = [f32(v) for v in column if v is not None]
    low, median, high = (quantile(known, share) for share in (0.25, 0.5, 0.75))
    if max(known) == min(known):
        factor = 0
    else:
        factor = 1 / (high - low) if high > low else 2 / (max(known) - min(known))
    z = factor * ((sum(known) / len(known) if x is None else f32(x)) - median)
    return z / math.sqrt(1 + (z / 3) ** 2) if abs(z) < 1e100 else math.copysign(3, z)


columns = list(COLUMNS.values())
rows = [[column[i] for column in columns] for i in range(len(columns[0]))]
json.dump({"rows": rows, "new": NEW,
           "scaled": [[scale(c, x) for c, x in zip(columns, row)] for row in rows + NEW]},
          sys.stdout)
print()
