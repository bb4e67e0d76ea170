#!/usr/bin/env python3
"""Writes labels.csv, rare.csv, and what bench/tables needs of three tables (MANIFEST.csv, splits)
into this directory, the same bytes each time (standard library only).

labels.csv: 600 points; each of three labels is a region of the plane that two features make, of
which some overlap; the other four features are noise.
rare.csv: 1500 rows, of which 86 are "rare": those far from the origin in three of six features.
splits/NAME.csv: ten random splits of a table into four parts of training rows (0) and one of test
rows (2), with each class in proportion.
"""
import csv
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


# name, task, target
TABLES = [
    ("breast_cancer", "class", "diagnosis"),
    ("digits", "class", "digit"),
    ("diabetes", "regression", "progression"),
]
SPLITS = 10


def split(strata, rng):
    """0 or 2 for each row: every fifth of the shuffled rows of a stratum is a test row."""
    parts = [0] * len(strata)
    taken = 0
    for stratum in sorted(set(strata)):
        rows = [i for i, value in enumerate(strata) if value == stratum]
        rng.shuffle(rows)
        for row in rows:
            taken += 1
            parts[row] = 2 if taken % 5 == 0 else 0
    return parts


os.makedirs(os.path.join(HERE, "splits"), exist_ok=True)
write(
    "MANIFEST.csv",
    ["name", "file", "task", "target", "delimiter", "decimal", "na_values", "ignore"],
    ([name, f"{name}.csv", task, target, '","', ".", "", ""] for name, task, target in TABLES),
)
for name, task, target in TABLES:
    with open(os.path.join(HERE, f"{name}.csv"), newline="") as file:
        strata = [row[target] if task == "class" else "" for row in csv.DictReader(file)]
    columns = [split(strata, random.Random(seed)) for seed in range(SPLITS)]
    write(
        os.path.join("splits", f"{name}.csv"),
        [f"seed{seed}" for seed in range(SPLITS)],
        ([str(part) for part in row] for row in zip(*columns)),
    )
