"""snug import --weights reads state dicts of PyTorch: predictions agree, with every type of
number, with paths before the names and with other numbers of layers."""
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

LAYERS = [
    {"type": "dense", "units": 8},
    {"type": "batch_norm"},
    "selu",
    {"type": "dense", "units": 6},
    {"type": "layer_norm"},
    {"type": "prelu", "shared": False},
    {"type": "dense", "units": 3},
]


class Named(nn.Module):
    """A module with a path before the names, whose activation has no number."""

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(5, 8), nn.BatchNorm1d(8), nn.Linear(8, 6),
                                  nn.LayerNorm(6), nn.PReLU(6), nn.Linear(6, 3))  # fmt: skip

    def forward(self, x):
        x = torch.selu(self.body[:2](x))
        return self.body[2:](x)


def sequential():
    return nn.Sequential(nn.Linear(5, 8), nn.BatchNorm1d(8), nn.SELU(), nn.Linear(8, 6),
                         nn.LayerNorm(6), nn.PReLU(6), nn.Linear(6, 3))  # fmt: skip


def trained(module):
    """Gives batch normalization statistics and every tensor other numbers than the first ones."""
    torch.manual_seed(int(os.environ.get("SNUG_SEED", "1")))
    for parameter in module.parameters():
        nn.init.normal_(parameter, std=0.5)
    module.train()
    with torch.no_grad():
        module(torch.randn(64, 5) * 2 + 1)
    return module.eval()


class ImportedWeights(Comparison):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.config = self.path("config.json")
        with open(self.config, "w", encoding="utf-8") as file:
            json.dump({"model": {"inputs": 5, "layers": LAYERS}}, file)

    def tearDown(self):
        self.folder.cleanup()

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def imported(self, tensors):
        """Writes the tensors and imports them: what the tool prints on standard error."""
        safetensors_file.write(self.path("w.safetensors"), tensors)
        done = subprocess.run(
            [TOOL, "import", "--weights", self.path("w.safetensors"), "--config", self.config,
             "--out", self.path("m.safetensors")],
            capture_output=True, text=True, check=False)  # fmt: skip
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stderr

    def compare(self, module, tolerance=1e-5):
        x = np.random.default_rng(3).normal(size=(40, 5)).astype(np.float32)
        with open(self.path("x.csv"), "w", encoding="utf-8") as file:
            file.write("a,b,c,d,e\n")
            for row in x:
                file.write(",".join(f"{v:.9g}" for v in row) + "\n")
        text = subprocess.run([TOOL, "predict", self.path("m.safetensors"), self.path("x.csv")],
                              check=True, stdout=subprocess.PIPE, text=True).stdout  # fmt: skip
        got = [[float(v) for v in line.split(",")] for line in text.splitlines()[1:]]
        with torch.no_grad():
            wanted = module(torch.from_numpy(x)).numpy()
        self.close(got, wanted, tolerance, "predictions")

    def test_a_sequential(self):
        module = trained(sequential())
        said = self.imported(module.state_dict())
        self.assertIn('"num_batches_tracked" of 1 layers is ignored', said)
        self.compare(module)
        # What the model file holds is the state dict again, to the bit.
        again, _ = safetensors_file.read(self.path("m.safetensors"))
        for name, tensor in module.state_dict().items():
            if not name.endswith("num_batches_tracked"):
                self.assertTrue(torch.equal(tensor, again[name]), name)

    def test_a_path_before_the_names(self):
        module = trained(sequential())
        said = self.imported({"model.net." + n: t for n, t in module.state_dict().items()})
        self.assertIn('all names begin with "model.net.", which is left out', said)
        self.compare(module)

    def test_activations_that_are_not_numbered(self):
        module = trained(Named())
        said = self.imported(module.state_dict())
        self.assertIn('all names begin with "body."', said)
        self.assertIn("its 6 layers with tensors are taken in the order of their numbers", said)
        self.compare(module)

    def test_halves_are_exact(self):
        for dtype in (torch.float16, torch.bfloat16):
            with self.subTest(dtype=dtype):
                module = trained(sequential())
                state = module.state_dict()
                short = {n: t.to(dtype) if t.is_floating_point() else t for n, t in state.items()}
                module.load_state_dict(short)
                self.assertNotIn("rounded", self.imported(short))
                self.compare(module)
                again, _ = safetensors_file.read(self.path("m.safetensors"))
                for name in again:
                    self.assertTrue(torch.equal(short[name].float(), again[name]), name)

    def test_every_half(self):
        """All 2^16 bit patterns of finite numbers, of both types, become the same number."""
        with open(self.config, "w", encoding="utf-8") as file:
            json.dump({"model": {"layers": [{"type": "dense", "units": 64, "bias": False}]}}, file)
        patterns = torch.arange(-(2**15), 2**15, dtype=torch.int32).to(torch.int16)
        for dtype in (torch.float16, torch.bfloat16):
            values = patterns.view(dtype)
            values = torch.where(torch.isfinite(values.float()), values, torch.zeros_like(values))
            self.imported({"0.weight": values.reshape(64, -1)})
            again, _ = safetensors_file.read(self.path("m.safetensors"))
            wanted = values.float().reshape(64, -1)
            got = again["0.weight"].view(torch.int32)
            self.assertTrue(torch.equal(wanted.view(torch.int32), got))

    def test_doubles_are_rounded(self):
        module = trained(sequential())
        double = {n: t.double() / 3 if t.is_floating_point() else t
                  for n, t in module.state_dict().items()}  # fmt: skip
        module.load_state_dict(double)
        self.assertIn("numbers of type F64 are rounded to the nearest float", self.imported(double))
        self.compare(module)

    def test_an_experiment_is_a_config(self):
        """Inputs and classes are those of the file, and the loss is the experiment's."""
        module = trained(sequential())
        layers = LAYERS[:-1] + [{"type": "dense", "units": "classes"}]
        with open(self.config, "w", encoding="utf-8") as file:
            json.dump({"data": {"train": "none.csv"}, "model": {"layers": layers},
                       "train": {"loss": "softmax_cross_entropy"}}, file)  # fmt: skip
        self.imported(module.state_dict())
        described = json.loads(subprocess.run(
            [TOOL, "inspect", self.path("m.safetensors"), "--json"],
            check=True, stdout=subprocess.PIPE, text=True).stdout)  # fmt: skip
        self.assertEqual((described["inputs"], described["outputs"]), (5, 3))


if __name__ == "__main__":
    unittest.main()
