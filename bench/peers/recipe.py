"""The recipe tabular in bench/compare: a table of its own, the experiment, and Snug's side.

The table is Friedman's first (1991, "Multivariate adaptive regression splines"): of ten columns
five matter. As classes its values are cut into thirds.
"""
import json
import os
import subprocess

import numpy as np

TASKS = ("class", "value")
TRAINING, TEST = "train.csv", "test.csv"
FIRST_EPOCHS = 1  # of the run that the time of start, reading and initialization is taken from


def friedman(rows, seed):
    """Ten columns of uniform numbers, and the values of variance 24 with noise of variance 1."""
    random = np.random.default_rng(seed)
    x = random.random((rows, 10))
    y = (10 * np.sin(np.pi * x[:, 0] * x[:, 1]) + 20 * (x[:, 2] - 0.5) ** 2 + 10 * x[:, 3]
         + 5 * x[:, 4])
    return x, y + random.standard_normal(rows)


def write_table(path, x, y):
    names = [f"x{i}" for i in range(x.shape[1])] + ["y"]
    np.savetxt(path, np.column_stack([x, y]), fmt="%.6g", delimiter=",", header=",".join(names),
               comments="")


def processor_seconds(command, env):
    """Runs a command; returns the processor time that it took, in all its threads."""
    process = subprocess.Popen(list(map(str, command)), env=env, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"compare: {' '.join(map(str, command))} failed")
    return usage.ru_utime + usage.ru_stime


class Recipe:
    """A task's folder: the training and test rows, and what `snug new` wrote for them."""

    def __init__(self, snug, folder, task, rows, env):
        self.snug, self.folder, self.task, self.env = snug, folder / task, task, env
        self.folder.mkdir()
        for seed, name in enumerate((TRAINING, TEST)):
            x, y = friedman(rows, seed)
            if task == "class":
                y = np.digitize(y, [12.3, 16.6])
            write_table(self.folder / name, x, y)
        self.experiment = self.folder / "recipe.json"
        subprocess.run([snug, "new", self.folder / TRAINING, "--task", task, "--recipe", "tabular",
                        "--out", self.experiment], check=True, stdout=subprocess.DEVNULL)
        self.epochs = json.loads(self.experiment.read_text())["train"]["epochs"]

    def train(self, epochs, seed=0):
        """The processor time of `snug train`."""
        return processor_seconds(
            [self.snug, "train", self.experiment, "--quiet", "--threads", 1, "--set",
             f"train.epochs={epochs}", "--set", f"train.seed={seed}", "--out",
             self.folder / "model.safetensors"], self.env)

    def epoch_seconds(self, epochs):
        """Seconds an epoch, without start, reading and initialization: a difference of two runs."""
        first = self.train(FIRST_EPOCHS)
        return (self.train(FIRST_EPOCHS + epochs) - first) / epochs

    def error(self, epochs, seed):
        """1 - accuracy, or the root of the mean squared error, on the test rows."""
        self.train(epochs, seed)
        metrics = json.loads(subprocess.run(
            [self.snug, "evaluate", self.folder / "model.safetensors", self.folder / TEST,
             "--json"], env=self.env, check=True, stdout=subprocess.PIPE).stdout)
        return 1 - metrics["accuracy"] if self.task == "class" else metrics["rmse"]
