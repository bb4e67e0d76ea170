"""The recipe tabular in PyTorch, for bench/compare: python3 torch_recipe.py FOLDER, then commands.

FOLDER has a folder for each task as recipe.py makes it. Everything is as in the experiment that
`snug new` wrote: its members are read from there. Plain weights are trained with learning rates
divided by sqrt(inputs), as Snug does, which is less work than the neural tangent parametrization.
"""
import json
import math
import pathlib
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F
from recipe import TASKS, TEST, TRAINING
from shapes import serve
from torch import nn

torch.set_num_threads(1)
torch.set_flush_denormal(True)
FIT_ROWS = 4096  # that weights and biases are initialized by
FIT_POINTS = 5  # rows that a bias is made of
CLIPPED_AT = {"robust_clip": 3, "standard_clip": 5}


# ---- layers: B rows, n columns, k members --------------------------------------------------------


class Embedding(nn.Module):
    """PBLD: each x becomes (x, W cos(2 pi w x + b) + c)."""

    def __init__(self, columns, layer):
        super().__init__()
        count, made = layer["frequencies"] or 16, (layer["units"] or 4) - 1
        bound = count**-0.5
        self.frequencies = nn.Parameter(layer["sigma"] * torch.randn(columns, 1, count))
        self.phases = nn.Parameter(torch.empty(columns, 1, count).uniform_(-math.pi, math.pi))
        self.weight = nn.Parameter(torch.empty(columns, count, made).uniform_(-bound, bound))
        self.bias = nn.Parameter(torch.empty(columns, 1, made).uniform_(-bound, bound))

    def forward(self, x):
        x = x.t().unsqueeze(2)  # n x B x 1
        waves = torch.cos(self.phases + (2 * math.pi) * x * self.frequencies)
        made = torch.baddbmm(self.bias, waves, self.weight)
        return torch.cat([x, made], 2).permute(1, 0, 2).flatten(1)


class MemberMaps(nn.Module):
    """A linear map of its own for each member: k x B x inputs to k x B x units."""

    def __init__(self, members, inputs, units):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(members, inputs, units) * inputs**-0.5)
        self.bias = nn.Parameter(torch.zeros(members, 1, units))

    def forward(self, x):
        return torch.baddbmm(self.bias, x, self.weight)

    def fit(self, x):
        """Data-driven weights and biases, as in Snug's src/init/data_driven.c."""
        members, rows, _ = x.shape
        units = self.weight.shape[2]
        self.weight /= (x @ self.weight).std(1, unbiased=False, keepdim=True).clamp_min(1e-9)
        z = x @ self.weight
        picks = torch.randint(rows, (members, FIT_POINTS, units))
        shares = torch.empty(members, FIT_POINTS, units).exponential_()
        points = z.gather(1, picks) * shares / shares.sum(1, keepdim=True)
        self.bias.copy_(-points.sum(1, keepdim=True))


class Activation(nn.Module):
    """A function f with a strength for each unit: x + a (f(x) - x)."""

    def __init__(self, units, function):
        super().__init__()
        self.strength = nn.Parameter(torch.ones(units))
        self.selu: bool = function == "selu"

    def forward(self, x):
        return torch.lerp(x, F.selu(x) if self.selu else F.mish(x), self.strength)


class Network(nn.Module):
    """The layers of the recipe; forward returns k x B x outputs."""

    def __init__(self, layers, columns, outputs):
        super().__init__()
        embedding, _, *others = layers
        maps = [layer for layer in others if layer["type"] == "batch_ensemble"]
        functions = [layer["function"]["type"] for layer in others if "function" in layer]
        self.members: int = maps[0]["members"]
        self.embedding = Embedding(columns, embedding)
        inputs = columns * (1 + self.embedding.weight.shape[2])
        self.scale = nn.Parameter(torch.ones(inputs))
        self.maps, self.activations = nn.ModuleList(), nn.ModuleList()
        for layer, function in zip(maps, functions):
            self.maps.append(MemberMaps(self.members, inputs, layer["units"]))
            self.activations.append(Activation(layer["units"], function))
            inputs = layer["units"]
        self.last = MemberMaps(self.members, inputs, outputs)

    def first(self, x):
        x = self.embedding(x) * self.scale
        return x.unsqueeze(0).expand(self.members, x.shape[0], x.shape[1])

    def forward(self, x, dropout: float):
        h = self.first(x)
        for maps, activation in zip(self.maps, self.activations):
            h = activation(maps(h))
            if dropout > 0.0:
                h = F.dropout(h, dropout)
        return self.last(h)

    @torch.no_grad()
    def fit(self, x):
        """Fits each layer to the rows that come to it."""
        h = self.first(x)
        for maps, activation in zip(self.maps, self.activations):
            maps.fit(h)
            h = activation(maps(h))
        self.last.fit(h)


class WithLoss(nn.Module):
    """The mean of the members' losses."""

    def __init__(self, network, is_class, smoothing):
        super().__init__()
        self.network, self.is_class, self.smoothing = network, is_class, smoothing

    def forward(self, x, y, dropout: float):
        z = self.network(x, dropout).flatten(0, 1)
        y = y.repeat(self.network.members)
        if self.is_class:
            return F.cross_entropy(z, y, label_smoothing=self.smoothing)
        return F.mse_loss(z.squeeze(1), y)


# ---- training ------------------------------------------------------------------------------------


def parameter_groups(network, layers, optimizer):
    """Groups of equal learning rate and weight decay, which AdamW multiplies with that rate."""
    by_type = {layer["type"]: layer for layer in layers}
    embedded = by_type["periodic_embedding"]["learning_rate_factor"]
    bias_factor = by_type["batch_ensemble"]["bias_learning_rate_factor"]
    strength_factor = by_type["parametric_activation"]["learning_rate_factor"]
    wave, maps = network.embedding, [*network.maps, network.last]
    entries = [(wave.frequencies, embedded, True), (wave.weight, embedded, True),
               (wave.phases, embedded, False), (wave.bias, embedded, False),
               (network.scale, by_type["feature_scale"]["learning_rate_factor"], True)]
    entries += [(each.weight, each.weight.shape[1] ** -0.5, True) for each in maps]
    entries += [(each.bias, bias_factor, False) for each in maps]
    entries += [(each.strength, strength_factor, True) for each in network.activations]
    groups = {}
    for parameter, factor, decays in entries:
        decay = optimizer["weight_decay"] / factor if decays else 0.0
        group = groups.setdefault((factor, decays), {"params": [], "factor": factor,
                                                     "decay": decay, "weight_decay": decay})
        group["params"].append(parameter)
    return list(groups.values())


def coslog(share, cycles):
    return (1 - math.cos(2 * math.pi * math.log2(1 + (2**cycles - 1) * share))) / 2


def flat_cosine(share, flat):
    return 1.0 if share <= flat else (1 + math.cos(math.pi * (share - flat) / (1 - flat))) / 2


class Task:
    """The scaled rows of a task, a fifth of them validation rows, and the experiment."""

    def __init__(self, folder):
        self.experiment = json.loads((folder / "recipe.json").read_text(encoding="utf-8"))
        training = np.loadtxt(folder / TRAINING, delimiter=",", skiprows=1)
        test = np.loadtxt(folder / TEST, delimiter=",", skiprows=1)
        self.is_class = folder.name == "class"
        self.training, self.test = training, test

    def split(self, seed):
        """Training, validation and test rows: pairs of features and targets."""
        order = np.random.default_rng(seed).permutation(len(self.training))
        held = round(self.experiment["data"]["validation"] * len(order))
        rows = self.training[order[held:]]
        self.mean, self.deviation = rows[:, -1].mean(), rows[:, -1].std()
        self.range = rows[:, -1].min(), rows[:, -1].max()
        x, scaling = rows[:, :-1], self.experiment["data"]["scaling"]
        if scaling == "robust_clip":
            low, middle, high = np.quantile(x, [0.25, 0.5, 0.75], axis=0)
            width = high - low
        else:
            middle, width = x.mean(0), x.std(0)

        def prepared(part):
            z = (part[:, :-1] - middle) / width
            z = z / np.sqrt(1 + (z / CLIPPED_AT[scaling]) ** 2)
            return torch.from_numpy(z.astype(np.float32)), self.targets(part[:, -1])
        return [prepared(part) for part in (rows, self.training[order[:held]], self.test)]

    def targets(self, y):
        if self.is_class:
            return torch.from_numpy(y.astype(np.int64))
        return torch.from_numpy(((y - self.mean) / self.deviation).astype(np.float32))

    def error(self, predicted, y):
        """1 - accuracy, or the root of the mean squared error of values in the training range."""
        if self.is_class:
            return float((predicted.argmax(1) != y).float().mean())
        values = (predicted.double() * self.deviation + self.mean).clamp(*self.range)
        return float((values - (y.double() * self.deviation + self.mean)).square().mean().sqrt())


class Training:
    """A network in training: variant is eager, foreach or fused (optimizer), or jit (foreach)."""

    def __init__(self, task, variant, seed, epochs):
        torch.manual_seed(seed)
        self.task, train = task, task.experiment["train"]
        self.parts = task.split(seed)
        layers = task.experiment["model"]["layers"]
        outputs = len(np.unique(task.training[:, -1])) if task.is_class else 1
        self.network = Network(layers, self.parts[0][0].shape[1], outputs)
        self.network.fit(self.parts[0][0][:FIT_ROWS])
        self.smoothing = train["loss"].get("label_smoothing", 0.0)
        self.loss = WithLoss(self.network, task.is_class, self.smoothing)
        if variant == "jit":
            self.loss = torch.jit.script(self.loss)
        optimizer = train["optimizer"]
        flags = {"fused": True} if variant == "fused" else {"foreach": variant != "eager"}
        self.optimizer = torch.optim.AdamW(
            parameter_groups(self.network, layers, optimizer), optimizer["learning_rate"],
            (optimizer["beta1"], optimizer["beta2"]), optimizer["epsilon"], **flags)
        self.rate, self.batch = optimizer["learning_rate"], train["batch_size"]
        self.cycles, self.flat = train["schedule"]["cycles"], train["weight_decay_schedule"]["flat"]
        dropout = next(layer for layer in layers if layer["type"] == "dropout")
        self.dropout, self.dropout_flat = dropout["rate"], dropout["schedule"]["flat"]
        self.steps, self.step_count = 0, epochs * math.ceil(len(self.parts[0][0]) / self.batch)
        self.best, self.weights = math.inf, None

    def step(self, x, y):
        share = min(1.0, self.steps / self.step_count)
        wave, decay = coslog(share, self.cycles), flat_cosine(share, self.flat)
        for group in self.optimizer.param_groups:
            group["lr"] = self.rate * wave * group["factor"]
            group["weight_decay"] = decay * group["decay"]
        self.optimizer.zero_grad(set_to_none=True)
        self.loss(x, y, self.dropout * flat_cosine(share, self.dropout_flat)).backward()
        self.optimizer.step()
        self.steps += 1

    @torch.no_grad()
    def predict(self, x):
        """The mean of the members' probabilities, or values."""
        z = self.network(x, 0.0)
        return z.softmax(2).mean(0) if self.task.is_class else z.squeeze(2).mean(0)

    def validation_loss(self):
        x, y = self.parts[1]
        predicted = self.predict(x)
        if self.task.is_class:
            return float(F.cross_entropy(predicted.log(), y, label_smoothing=self.smoothing))
        return float(F.mse_loss(predicted, y))

    def epoch(self):
        """A pass over the training rows; keeps the weights where the validation loss is best."""
        x, y = self.parts[0]
        order = torch.randperm(len(x))
        for rows in order.split(self.batch):
            self.step(x[rows], y[rows])
        loss = self.validation_loss()
        if loss <= self.best:
            self.best = loss
            self.weights = [value.detach().clone() for value in self.network.parameters()]

    @torch.no_grad()
    def test_error(self):
        for parameter, value in zip(self.network.parameters(), self.weights):
            parameter.copy_(value)
        x, y = self.parts[2]
        return self.task.error(self.predict(x), y)


# ---- commands ------------------------------------------------------------------------------------


class Commands:
    """What bench/compare asks for; trainings whose epochs are timed stay."""

    def __init__(self, folder):
        self.tasks = {name: Task(folder / name) for name in TASKS}
        self.trainings = {}

    def prepared(self, name, variant):
        """A training after an epoch, in which jit compiles; None where PyTorch has no such."""
        task = self.tasks[name]
        try:
            training = Training(task, variant, 0, task.experiment["train"]["epochs"])
            training.epoch()
        except (RuntimeError, TypeError):
            if variant != "fused":
                raise
            return None
        return training

    def epoch(self, name, variant, epochs):
        """Seconds of processor time an epoch; infinite where this PyTorch lacks the variant."""
        if (name, variant) not in self.trainings:
            self.trainings[name, variant] = self.prepared(name, variant)
        training = self.trainings[name, variant]
        if training is None:
            return math.inf
        training.steps = 0  # at the end of the schedule there would be no dropout any more
        began = time.process_time()
        for _ in range(int(epochs)):
            training.epoch()
        return (time.process_time() - began) / int(epochs)

    def fit(self, name, variant, seed, epochs):
        """The error on the test rows after a training from its start to its end."""
        training = Training(self.tasks[name], variant, int(seed), int(epochs))
        for _ in range(int(epochs)):
            training.epoch()
        return training.test_error()


if __name__ == "__main__":
    commands = Commands(pathlib.Path(sys.argv[1]))
    serve({"epoch": commands.epoch, "fit": commands.fit})
