"""Model files that Snug writes are state dicts of PyTorch: the same names, shapes and numbers as
those of the nn.Sequential with the same layers, and the same predictions."""
import json
import os
import subprocess
import tempfile
import unittest

import numpy as np
import torch
from torch import nn

import safetensors_file
from peer import TOOL, Comparison

# Layers of Snug beside the modules of PyTorch that are the same, for 5 inputs.
NETWORKS = {
    "selu": (
        [{"type": "dense", "units": 7}, "selu", {"type": "dense", "units": 3}],
        lambda: nn.Sequential(nn.Linear(5, 7), nn.SELU(), nn.Linear(7, 3)),
    ),
    "batch_norm": (
        [{"type": "dense", "units": 6, "bias": False}, {"type": "batch_norm"}, "relu",
         {"type": "dropout", "rate": 0.2}, {"type": "dense", "units": 3}],
        lambda: nn.Sequential(nn.Linear(5, 6, bias=False), nn.BatchNorm1d(6), nn.ReLU(),
                              nn.Dropout(0.2), nn.Linear(6, 3)),
    ),
    "layer_norm": (
        [{"type": "dense", "units": 8}, {"type": "layer_norm"},
         {"type": "activation", "function": "silu"},
         {"type": "dense", "units": 6}, {"type": "prelu", "shared": False},
         {"type": "dense", "units": 4}, {"type": "prelu"}, {"type": "dense", "units": 3}],
        lambda: nn.Sequential(nn.Linear(5, 8), nn.LayerNorm(8), nn.SiLU(),
                              nn.Linear(8, 6), nn.PReLU(6), nn.Linear(6, 4), nn.PReLU(),
                              nn.Linear(4, 3)),
    ),
}  # fmt: skip


def run(*arguments):
    return subprocess.run([TOOL, *arguments], check=True, stdout=subprocess.PIPE, text=True).stdout


def write_table(path, x, classes):
    with open(path, "w", encoding="utf-8") as file:
        file.write("a,b,c,d,e,class\n")
        for row, label in zip(x, classes):
            file.write(",".join(f"{v:.9g}" for v in row) + f",{'uvw'[label]}\n")


class StateDicts(Comparison):
    def compare(self, folder, layers, module):
        rng = np.random.default_rng(int(os.environ.get("SNUG_SEED", "1")))
        x = rng.normal(size=(60, 5)).astype(np.float32)
        table = os.path.join(folder, "t.csv")
        model = os.path.join(folder, "m.safetensors")
        write_table(table, x, [i % 3 for i in range(60)])
        experiment = {
            "data": {"train": table, "scaling": "none"},
            "model": {"layers": layers},
            "train": {"epochs": 3, "batch_size": 16, "seed": 4},
        }
        config = os.path.join(folder, "e.json")
        with open(config, "w", encoding="utf-8") as file:
            json.dump(experiment, file)
        run("train", config, "--out", model, "--quiet")
        tensors, metadata = safetensors_file.read(model)
        self.assertIn("snug.model", metadata)
        network = module()
        counters = {n for n in network.state_dict() if n.endswith("num_batches_tracked")}
        self.assertEqual(set(network.state_dict()) - counters, set(tensors))
        network.load_state_dict(tensors)  # strict: every name, every shape
        network.eval()
        with torch.no_grad():
            wanted = torch.softmax(network(torch.from_numpy(x)), 1).numpy()
        predicted = run("predict", model, table).splitlines()[1:]
        got = [[float(cell) for cell in line.split(",")[-3:]] for line in predicted]
        self.close(got, wanted, 1e-5, "probabilities")

    def test_files_are_state_dicts(self):
        for name, (layers, module) in NETWORKS.items():
            with self.subTest(network=name), tempfile.TemporaryDirectory() as folder:
                self.compare(folder, layers, module)


if __name__ == "__main__":
    unittest.main()
