"""The shapes and rows that `snug bench` uses, for the other programs."""
import json
import sys
import time

import numpy as np


def noise(count):
    """The hash of cli/bench_shapes.c."""
    bits = np.arange(count, dtype=np.uint32) * np.uint32(2654435761)
    bits ^= bits >> np.uint32(15)
    bits *= np.uint32(2246822519)
    return bits ^ (bits >> np.uint32(13))


class Shape:
    """A network with its rows, from a row of `snug bench --json`."""

    def __init__(self, row):
        model = row["config"]["model"]
        units = [layer["units"] for layer in model["layers"] if isinstance(layer, dict)]
        self.name, self.batch, self.rows = row["name"], row["batch"], row["rows"]
        self.widths = [model["inputs"]] + units
        self.images, self.optimizer = row["images"], row["optimizer"]
        self.config = row["config"]
        self.adam = self.optimizer == "adam"

    def raw(self):
        """The rows as the library gets them: bytes, or floats of mean 0 and variance 1."""
        bits = noise(self.rows * self.widths[0]).reshape(self.rows, -1)
        if self.images:
            return (bits >> np.uint32(24)).astype(np.uint8)
        scale = np.float32(np.sqrt(3.0) / 2.0**31)
        return (bits.astype(np.float32) - np.float32(2.0**31)) * scale

    def inputs(self):
        """The rows as the network sees them."""
        x = self.raw().astype(np.float32)
        if self.images:
            x -= x.mean(axis=0, dtype=np.float64).astype(np.float32)
            x /= x.std(axis=0, dtype=np.float64).astype(np.float32)
        return x

    def classes(self):
        first = noise(self.rows * self.widths[0]).reshape(self.rows, -1)[:, 0]
        return (first.astype(np.uint64) * np.uint64(self.widths[-1]) >> np.uint64(32)).astype(
            np.int32
        )


def read_shapes(path):
    with open(path, encoding="utf-8") as file:
        rows = json.load(file)["rows"]
    return {row["name"]: Shape(row) for row in rows if not row["name"].startswith("W6")}


def time_of(call, seconds):
    """Seconds a call, over at least `seconds`."""
    began, calls = time.perf_counter(), 0
    while True:
        call()
        calls += 1
        elapsed = time.perf_counter() - began
        if elapsed >= seconds:
            return elapsed / calls


def serve(commands):
    """Replies to lines "COMMAND ARGUMENT..." from standard input with a line each."""
    for line in sys.stdin:
        name, *words = line.split()
        print(commands[name](*words), flush=True)


def peak():
    """The process's peak of resident memory in bytes; that of wait4() counts the parent's pages
    too."""
    with open("/proc/self/status", encoding="ascii") as file:
        return next(int(line.split()[1]) * 1024 for line in file if line.startswith("VmHWM"))
