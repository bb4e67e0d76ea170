#!/usr/bin/env python3
"""Writes labels.csv and rare.csv into this directory, the same bytes each time (standard library
only).

labels.csv: 600 points; each of three labels is a region of the plane that two features make, of
which some overlap; the other four features are noise.
rare.csv: 1500 rows, of which 86 are "rare": those far from the origin in three of six features.
"""
import math
import os
import random

HERE = os.path.dirname(os.path.abspath(__file__))


def write(name, header, rows):
    with open(os.path.join(HERE, name), "w", newline="\n") as out:
        out.write(",".join(header) + "\n")
        for row in rows:
            out.write(
                ",".join(
                    v if isinstance(v, str) else f"{v:.3f}".rstrip("0").rstrip(".") for v in row
                )
                + "\n"
            )


def labels(rng):
    for _ in range(600):
        x = [rng.gauss(0, 1) for _ in range(6)]
        noise = [rng.gauss(0, 0.15) for _ in range(3)]
        ring = math.hypot(x[0], x[1]) + noise[0] > 1.2
        wave = x[1] + noise[1] > math.sin(2 * x[0])
        same = x[0] * x[1] + noise[2] > 0
        yield x + [float(ring), float(wave), float(same)]


def rare(rng):
    rows = 0
    while rows < 1500:
        x = [rng.gauss(0, 1) for _ in range(6)]
        length = math.sqrt(sum(v * v for v in x[:3])) + rng.gauss(0, 0.1)
        kind = "rare" if length > 2.75 else "common"
        rows += 1
        yield x + [kind]


write(
    "labels.csv",
    ["x1", "x2", "x3", "x4", "x5", "x6", "ring", "wave", "same"],
    labels(random.Random(1)),
)
write("rare.csv", ["x1", "x2", "x3", "x4", "x5", "x6", "kind"], rare(random.Random(2)))
