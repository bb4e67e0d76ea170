"""The recipe tabular in PyTorch, which bench/compare times: the same networks as Snug's."""
import csv
import io
import json
import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import unittest

import numpy as np
import torch

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bench" / "peers"))
from recipe import TASKS, TEST, Recipe  # noqa: E402
from torch_recipe import CLIPPED_AT, Network  # noqa: E402


def read_model(path):
    """The tensors of a model file in their order, and its preprocessing."""
    content = path.read_bytes()
    size = struct.unpack("<Q", content[:8])[0]
    header, values = json.loads(content[8 : 8 + size]), content[8 + size :]
    preprocessing = json.loads(header.pop("__metadata__")["snug.preprocessing"])
    tensors = {name: np.frombuffer(values[slice(*entry["data_offsets"])], np.float32)
               for name, entry in header.items()}
    return tensors, preprocessing


def tensors_of(network):
    """The parameters by their names in the model file."""
    wave = network.embedding
    found = {"0.frequencies": wave.frequencies, "0.phases": wave.phases, "0.weight": wave.weight,
             "0.bias": wave.bias, "1.weight": network.scale}
    for i, maps in enumerate([*network.maps, network.last]):
        found[f"{2 + 3 * i}.weight"], found[f"{2 + 3 * i}.bias"] = maps.weight, maps.bias
    for i, activation in enumerate(network.activations):
        found[f"{3 + 3 * i}.weight"] = activation.strength
    return found


def features(rows, preprocessing):
    z = (rows - preprocessing["shift"]) * preprocessing["factor"]
    z = z / np.sqrt(1 + (z / CLIPPED_AT[preprocessing["scaling"]]) ** 2)
    return torch.from_numpy(z.astype(np.float32))


class SameNetwork(unittest.TestCase):
    def predictions(self, recipe):
        """Those of Snug: probabilities, or values."""
        text = subprocess.run(
            [recipe.snug, "predict", recipe.folder / "model.safetensors", recipe.folder / TEST],
            check=True, text=True, stdout=subprocess.PIPE).stdout
        head, *rows = csv.reader(io.StringIO(text))
        first = 1 if recipe.task == "class" else 0
        return np.array([row[first:] for row in rows], float)

    def test_predicts_as_snug_with_its_weights(self):
        tool = pathlib.Path(os.environ["SNUG_BUILD"]) / "snug"
        with tempfile.TemporaryDirectory() as name:
            for task in TASKS:
                recipe = Recipe(tool, pathlib.Path(name), task, 300, os.environ)
                recipe.train(3)
                tensors, preprocessing = read_model(recipe.folder / "model.safetensors")
                layers = json.loads(recipe.experiment.read_text())["model"]["layers"]
                network = Network(layers, 10, 3 if task == "class" else 1)
                parameters = tensors_of(network)
                self.assertEqual(set(parameters), set(tensors))
                rows = np.loadtxt(recipe.folder / TEST, delimiter=",", skiprows=1)[:, :-1]
                with torch.no_grad():
                    for each, parameter in parameters.items():
                        parameter.copy_(torch.tensor(tensors[each]).reshape(parameter.shape))
                    z = network(features(rows, preprocessing), 0.0)
                    z = (z.softmax(2) if task == "class" else z).mean(0).double().numpy()
                if task == "value":
                    scaling = preprocessing["target_scaling"]
                    z = z * scaling["deviation"] + scaling["mean"]
                wanted = self.predictions(recipe)
                inside = (wanted > wanted.min()) & (wanted < wanted.max())  # those not clipped
                self.assertGreater(inside.sum(), 0.9 * wanted.size)
                self.assertLess(np.abs(z - wanted)[inside].max(), 1e-4)


if __name__ == "__main__":
    unittest.main()
