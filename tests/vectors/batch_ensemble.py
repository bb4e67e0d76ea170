#!/usr/bin/env python3
"""Writes batch_ensemble.json: an ensemble of 3 members in one network, in PyTorch and float64.

Two layers that share W, y = ((x * r_m) W) * s_m + b_m, with SELU and tanh behind them, and a last
one with a W of each member. The loss is the mean over the members of their weighted cross entropy,
the prediction the mean of their probabilities. Tensors are as in memory: inputs x units, and the
W of the last layer below each other.
"""
import json
import sys

import torch

MEMBERS, INPUTS, CLASSES, ROWS = 3, 4, 3, 6
WIDTHS = [5, 7, CLASSES]

torch.manual_seed(7)


def numbers(*shape):
    """Random numbers that float32 holds."""
    return torch.randn(*shape, dtype=torch.float32).double()


def tensors():
    width, made = INPUTS, {}
    for layer, units in zip((0, 2, 4), WIDTHS):
        if layer < 4:
            made[f"{layer}.weight"] = 0.5 * numbers(width, units)
            made[f"{layer}.r"] = numbers(MEMBERS, width)
            made[f"{layer}.s"] = numbers(MEMBERS, units)
        else:
            made[f"{layer}.weight"] = 0.5 * numbers(MEMBERS * width, units)
        made[f"{layer}.bias"] = numbers(MEMBERS, units)
        width = units
    return {name: t.requires_grad_() for name, t in made.items()}


def member(x, p, m):
    for layer, activation in ((0, torch.selu), (2, torch.tanh)):
        y = ((x * p[f"{layer}.r"][m]) @ p[f"{layer}.weight"]) * p[f"{layer}.s"][m]
        x = activation(y + p[f"{layer}.bias"][m])
    own = p["4.weight"][m * WIDTHS[1] : (m + 1) * WIDTHS[1]]
    return x @ own + p["4.bias"][m]


def main(path):
    p, x = tensors(), numbers(ROWS, INPUTS)
    classes = torch.tensor([0, 2, 1, 1, 0, 2])
    weights = torch.tensor([1, 0.5, 2, 0.25, 1, 3]).double()
    logits = [member(x, p, m) for m in range(MEMBERS)]
    losses = [torch.nn.functional.cross_entropy(z, classes, reduction="none") for z in logits]
    loss = sum((weights * each).sum() / weights.sum() for each in losses) / MEMBERS
    loss.backward()
    mean = sum(torch.softmax(z, 1) for z in logits) / MEMBERS
    right = mean[torch.arange(ROWS), classes]
    golden = {
        "x": x.tolist(),
        "classes": classes.tolist(),
        "weights": weights.tolist(),
        "tensors": {name: t.detach().flatten().tolist() for name, t in p.items()},
        "loss": loss.item(),
        "gradients": {name: t.grad.flatten().tolist() for name, t in p.items()},
        "probabilities": mean.detach().tolist(),
        "loss_of_mean": (-(weights * right.log()).sum() / weights.sum()).item(),
        "accuracy": ((mean.argmax(1) == classes) * weights).sum().item() / weights.sum().item(),
    }
    with open(path, "w", encoding="ascii") as file:
        json.dump(golden, file, indent=1)
        file.write("\n")


main(sys.argv[1] if len(sys.argv) > 1 else "batch_ensemble.json")
