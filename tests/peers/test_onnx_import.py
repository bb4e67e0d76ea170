"""snug import --onnx reads what PyTorch exports: the predictions are those of the module, for every
activation, for every version of the operators that the exporter of this PyTorch writes."""
import io
import os
import subprocess
import tempfile
import unittest
import warnings

import numpy as np
import torch
from torch import nn

from peer import TOOL, Comparison

ACTIVATIONS = {
    "relu": nn.ReLU(), "elu": nn.ELU(0.7), "selu": nn.SELU(), "celu": nn.CELU(0.6),
    "leaky_relu": nn.LeakyReLU(0.2), "sigmoid": nn.Sigmoid(), "tanh": nn.Tanh(),
    "softplus": nn.Softplus(), "softplus_2": nn.Softplus(2), "softsign": nn.Softsign(),
    "hard_sigmoid": nn.Hardsigmoid(), "hard_swish": nn.Hardswish(), "softmax": nn.Softmax(1),
    "log_softmax": nn.LogSoftmax(1), "relu6": nn.ReLU6(), "hard_tanh": nn.Hardtanh(-0.5, 2),
    "gelu": nn.GELU(), "gelu_tanh": nn.GELU(approximate="tanh"), "silu": nn.SiLU(),
    "mish": nn.Mish(), "log_sigmoid": nn.LogSigmoid(), "dropout": nn.Dropout(),
    "identity": nn.Identity(), "flatten": nn.Flatten(),
}  # fmt: skip


class Net(nn.Module):
    """A network in which layers are made by functions and matrix products."""

    def __init__(self):
        super().__init__()
        self.first = nn.Linear(5, 6)
        self.norm = nn.LayerNorm(6)
        self.matrix = nn.Parameter(torch.randn(6, 4))
        self.bias = nn.Parameter(torch.randn(4))
        self.scale = nn.Parameter(torch.randn(4))

    def forward(self, x):
        x = torch.nn.functional.silu(self.norm(self.first(x)))
        return torch.tanh(x @ self.matrix + self.bias) * self.scale


def sequential(activation):
    return nn.Sequential(nn.Linear(5, 7), activation, nn.Linear(7, 4, bias=False), nn.PReLU(4),
                         nn.Linear(4, 6), nn.PReLU(), nn.Linear(6, 3))  # fmt: skip


def normalized(affine):
    norms = nn.BatchNorm1d(7, eps=1e-3, affine=affine), nn.LayerNorm(6, elementwise_affine=affine)
    return nn.Sequential(nn.Linear(5, 7), norms[0], nn.ReLU(), nn.Linear(7, 6), norms[1],
                         nn.Linear(6, 3))  # fmt: skip


def run(*arguments):
    return subprocess.run([TOOL, *arguments], capture_output=True, text=True, check=False)


class ImportedOnnx(Comparison):
    @classmethod
    def setUpClass(cls):
        done = run("import", "--onnx", "none", "--out", "m")
        if "this build of Snug reads no ONNX" in done.stderr:
            raise unittest.SkipTest("Snug was built without protobuf-c")

    def setUp(self):
        warnings.simplefilter("ignore")
        self.folder = tempfile.TemporaryDirectory()
        torch.manual_seed(int(os.environ.get("SNUG_SEED", "1")))
        self.x = torch.randn(30, 5)
        with open(self.path("x.csv"), "w", encoding="utf-8") as file:
            file.write("a,b,c,d,e\n")
            for row in self.x.numpy():
                file.write(",".join(f"{v:.9g}" for v in row) + "\n")

    def tearDown(self):
        self.folder.cleanup()

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def export(self, module, opset, **options):
        """Writes net.onnx; false where this exporter cannot."""
        options = {"input_names": ["x"], "output_names": ["y"],
                   "dynamic_axes": {"x": {0: "n"}, "y": {0: "n"}}, **options}  # fmt: skip
        file = io.BytesIO()
        try:
            torch.onnx.export(module, torch.randn(2, 5), file, opset_version=opset, **options)
        except Exception as error:  # its kinds of errors are many
            self.assertRegex(str(error), "not supported|is marked single")
            return False
        with open(self.path("net.onnx"), "wb") as out:
            out.write(file.getvalue())
        return True

    def compare(self, module, opset, **options):
        """Returns whether the exporter knows the module in that version."""
        module = module.eval()
        if not self.export(module, opset, **options):
            return False
        done = run("import", "--onnx", self.path("net.onnx"), "--out", self.path("m"))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stderr, "")
        text = run("predict", self.path("m"), self.path("x.csv")).stdout
        got = [[float(v) for v in line.split(",")] for line in text.splitlines()[1:]]
        with torch.no_grad():
            wanted = module(self.x).numpy()
        excess = np.abs(np.asarray(got) - wanted) / np.maximum(1, np.abs(wanted))
        self.assertLessEqual(excess.max(), 1e-5)
        return True

    def test_activations(self):
        for name, activation in ACTIVATIONS.items():
            known = 0
            for opset in (9, 14):
                with self.subTest(activation=name, opset=opset):
                    known += self.compare(sequential(activation), opset)
            self.assertGreaterEqual(known, 1, name)

    def test_normalization(self):
        for affine in (True, False):
            module = normalized(affine)
            module.train()
            module(torch.randn(100, 5) * 3 - 1)
            for opset in (9, 13, 15, 17):
                with self.subTest(affine=affine, opset=opset):
                    self.assertTrue(self.compare(module, opset) or opset == 17)

    def test_products_and_functions(self):
        for opset in (9, 13, 15, 17):
            with self.subTest(opset=opset):
                self.assertTrue(self.compare(Net(), opset))

    def test_other_forms(self):
        """A fixed batch, constants that are not folded, weights that are inputs, too."""
        module = sequential(nn.SELU())
        self.assertTrue(self.compare(module, 13, dynamic_axes={}))
        self.assertTrue(self.compare(module, 13, do_constant_folding=False))
        self.assertTrue(self.compare(module, 9, keep_initializers_as_inputs=True))

    def test_what_has_no_layer(self):
        class Two(nn.Module):
            def forward(self, x):
                return x[:, :2] + x[:, 1:3]

        class Convolution(nn.Module):
            def forward(self, x):
                return torch.conv1d(x.unsqueeze(1), torch.ones(2, 1, 3)).flatten(1)

        for module, message in (
            (nn.Sequential(nn.Linear(5, 4), nn.Tanhshrink()), "(Sub): no layer of Snug does this"),
            (Two(), "(Add): no layer of Snug does this"),
            (Convolution(), "(Conv): no layer of Snug does this"),
        ):
            self.assertTrue(self.export(module, 13))
            done = run("import", "--onnx", self.path("net.onnx"), "--out", self.path("m"))
            self.assertEqual(done.returncode, 2)
            self.assertIn(message, done.stderr)

    def test_halves(self):
        """Weights and computation in float16: the weights are exact."""
        module = sequential(nn.ReLU()).eval()
        with torch.no_grad():
            for parameter in module.parameters():
                parameter.copy_(parameter.half().float())
        self.assertTrue(self.export(module, 13))
        try:
            import onnx  # after the export, which does not need it
            import onnx.numpy_helper
        except ImportError:
            self.skipTest("python3-onnx is missing")
        model = onnx.load(self.path("net.onnx"))
        for initializer in model.graph.initializer:
            values = onnx.numpy_helper.to_array(initializer).astype(np.float16)
            initializer.CopyFrom(onnx.numpy_helper.from_array(values, initializer.name))
        model.graph.input[0].type.tensor_type.elem_type = onnx.TensorProto.FLOAT16
        onnx.save(model, self.path("net.onnx"))
        done = run("import", "--onnx", self.path("net.onnx"), "--out", self.path("m"))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("computes in another type of numbers", done.stderr)
        text = run("predict", self.path("m"), self.path("x.csv")).stdout
        got = [[float(v) for v in line.split(",")] for line in text.splitlines()[1:]]
        with torch.no_grad():
            self.close(got, module(self.x).numpy(), 1e-5, "predictions")


if __name__ == "__main__":
    unittest.main()
