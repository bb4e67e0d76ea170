#!/usr/bin/env python3
"""Writes temperature.json: the temperatures of the least log loss, by trying: in plain Python, each
time the best of a grid in log T, which is then made finer around it."""
import json
import math
import random
import sys

DICE = random.Random(5)


def log_loss(case, temperature):
    total = 0
    for z, y, w in zip(case["z"], case["classes"], case["weights"]):
        logits = [v / temperature for v in (z if len(z) > 1 else [0, z[0]])]
        top = max(logits)
        total += w * (top + math.log(sum(math.exp(v - top) for v in logits)) - logits[y])
    return total / sum(case["weights"])


def best(case):
    center, width = 0.0, 4.0
    while width > 1e-9:
        grid = [center + width * (i / 20 - 1) for i in range(41)]
        center = min(grid, key=lambda u: log_loss(case, math.exp(u)))
        width /= 8
    return math.exp(center)


def case(rows, outputs, scale, shift):
    """Classes are drawn by softmax(z), and the logits are then too large or too small."""
    z, classes, weights = [], [], []
    for _ in range(rows):
        row = [DICE.gauss(shift * j, 1.5) for j in range(outputs)]
        logits = row if outputs > 1 else [0, row[0]]
        shares = [math.exp(v) for v in logits]
        classes.append(DICE.choices(range(len(shares)), shares)[0])
        z.append([round(v * scale * 1024) / 1024 for v in row])
        weights.append(DICE.choice([1, 1, 0.5, 2.25, 0]))
    made = {"z": z, "classes": classes, "weights": weights}
    made["temperature"] = best(made)
    made["log_loss"] = log_loss(made, made["temperature"])
    return made


json.dump([case(40, 3, 2.5, 0.4), case(30, 1, 0.3, 0), case(50, 2, 6, -0.7)], sys.stdout)
print()
