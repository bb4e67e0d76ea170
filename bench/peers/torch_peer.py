"""PyTorch's side of bench/compare: python3 torch_peer.py SHAPES.json THREADS, then commands."""
import json
import struct
import sys

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from shapes import read_shapes, serve, time_of

torch.set_num_threads(int(sys.argv[2]))
torch.set_flush_denormal(True)
shapes = read_shapes(sys.argv[1])


def network(widths):
    layers = []
    for i, (inputs, outputs) in enumerate(zip(widths, widths[1:])):
        dense = nn.Linear(inputs, outputs)
        nn.init.normal_(dense.weight, 0, inputs**-0.5)
        nn.init.zeros_(dense.bias)
        layers += [dense] if i + 2 == len(widths) else [dense, nn.SELU()]
    return nn.Sequential(*layers)


class WithLoss(nn.Module):
    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, x, y):
        return F.cross_entropy(self.net(x), y)


class Training:
    """A network in training: variant is eager, foreach (optimizer), or jit (with foreach)."""

    def __init__(self, shape, variant):
        torch.manual_seed(0)
        self.shape, self.variant = shape, variant
        self.net = network(shape.widths)
        self.loss = WithLoss(self.net)
        if variant == "jit":
            self.loss = torch.jit.script(self.loss)
        foreach = variant != "eager"
        if shape.adam:
            self.optimizer = torch.optim.Adam(self.net.parameters(), 1e-3, foreach=foreach)
        else:
            self.optimizer = torch.optim.SGD(
                self.net.parameters(), 1e-3, momentum=0.9, foreach=foreach
            )
        self.at = shape.rows

    def step(self, x, y):
        self.optimizer.zero_grad(set_to_none=self.variant != "eager")
        loss = self.loss(x, y)
        loss.backward()
        self.optimizer.step()
        return loss

    def next(self, x, y):
        """One step on the next batch of a shuffled epoch."""
        if self.at + self.shape.batch > self.shape.rows:
            self.order, self.at = torch.randperm(self.shape.rows), 0
        rows = self.order[self.at : self.at + self.shape.batch]
        self.at += self.shape.batch
        self.step(x[rows], y[rows])


data, trainings = {}, {}


def rows_of(name):
    if name not in data:
        data.clear()  # one shape at a time: the images take 190 MB
        shape = shapes[name]
        data[name] = torch.from_numpy(shape.inputs()), torch.from_numpy(
            shape.classes().astype(np.int64)
        )
    return data[name]


def train(name, variant, seconds):
    x, y = rows_of(name)
    if (name, variant) not in trainings:
        trainings[name, variant] = Training(shapes[name], variant)
        time_of(lambda: trainings[name, variant].next(x, y), min(0.2, float(seconds)))
    return time_of(lambda: trainings[name, variant].next(x, y), float(seconds))


# ---- the loss, from given weights ----------------------------------------------------------------


def read_safetensors(path):
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        values = file.read()
    header.pop("__metadata__", None)
    return {
        name: torch.from_numpy(
            np.frombuffer(values[slice(*entry["data_offsets"])], np.float32)
            .reshape(entry["shape"])
            .copy()
        )
        for name, entry in header.items()
    }


def loss(name, weights, epochs):
    """The mean loss of the batches of the last of some epochs, which keep the rows' order."""
    x, y = rows_of(name)
    shape = shapes[name]
    training = Training(shape, "eager")
    training.net.load_state_dict(read_safetensors(weights))
    for _ in range(int(epochs)):
        total = 0.0
        for at in range(0, shape.rows, shape.batch):
            batch = x[at : at + shape.batch], y[at : at + shape.batch]
            total += training.step(*batch).item() * len(batch[1])
    return total / shape.rows


# ---- prediction ----------------------------------------------------------------------------------

predictors = {}


def predict(name, variant, rows, seconds):
    if (name, variant) not in predictors:
        net = torch.jit.script(network(shapes[name].widths).eval())
        if variant == "frozen":
            net = torch.jit.optimize_for_inference(torch.jit.freeze(net))
        predictors[name, variant] = net
    net, x = predictors[name, variant], torch.randn(int(rows), shapes[name].widths[0])
    with torch.inference_mode():
        for _ in range(20):
            net(x)
        return time_of(lambda: net(x), float(seconds))


serve({"train": train, "loss": loss, "predict": predict})
