"""Layers beside PyTorch in float64: outputs, gradients of inputs and parameters, running
statistics."""
import numpy as np
import torch
import torch.nn.functional as F

import peer

ROWS, WIDTH = 37, 7


def norm(x):
    return x.pow(2).sum(0).sqrt()


def batch_norm(x, p, c):
    running = [p["1.running_mean"].detach().clone()[0], p["1.running_var"].detach().clone()[0]]
    y = F.batch_norm(
        x,
        *running,
        p["1.weight"][0] if "1.weight" in p else None,
        p["1.bias"][0] if "1.bias" in p else None,
        True,
        c.get("momentum", 0.1),
        c.get("epsilon", 1e-5),
    )
    return y, {"1.running_mean": running[0][None], "1.running_var": running[1][None]}


def layer_norm(x, p, c):
    return (
        F.layer_norm(
            x,
            (WIDTH,),
            p["1.weight"][0] if "1.weight" in p else None,
            p["1.bias"][0] if "1.bias" in p else None,
            c.get("epsilon", 1e-5),
        ),
        {},
    )


def weight_norm(x, p, c):
    direction = p["1.weight_v"] if "1.weight_v" in p else p["1.weight"]
    length = p["1.weight_g"] if "1.weight_g" in p else p["1.length"]
    return x @ (length * direction / norm(direction)) + p["1.bias"][0], {}


def prelu(x, p, c):
    return F.prelu(x, p["1.weight"].reshape(-1)), {}


def feature_scale(x, p, c):
    return x * p["1.weight"][0], {}


def parametric_activation(x, p, c):
    """Holzmueller et al. 2024; f by its name in PyTorch."""
    functions = {"selu": F.selu, "mish": F.mish, "softmax": lambda z: F.softmax(z, 1)}
    a = p["1.weight"][0]
    return (1 - a) * x + a * functions[c["function"]](x), {}


def periodic_embedding(x, p, c):
    """Others first, then each chosen column's numbers; an angle is 2 pi w x + b."""
    chosen = c.get("columns", list(range(WIDTH)))
    parts = [x[:, [j for j in range(WIDTH) if j not in chosen]]]
    w, weight, bias = p["1.frequencies"], p["1.weight"], p["1.bias"]
    for i, j in enumerate(chosen):
        angle = 2 * np.pi * x[:, j : j + 1] * w[i]
        if c.get("variant") == "plr":
            waves = torch.cat([angle.sin(), angle.cos()], 1)
        else:
            waves = (angle + p["1.phases"][i]).cos()
        height = waves.shape[1]
        made = waves @ weight[i * height : (i + 1) * height] + bias[i]
        parts += [F.relu(made)] if c.get("variant") == "plr" else [x[:, j : j + 1], made]
    return torch.cat(parts, 1), {}


def piecewise_linear_embedding(x, p, c):
    """How far x has come through each bin; the first has no lower end, the last no upper one."""
    chosen, units = c.get("columns", list(range(WIDTH))), c.get("units", 8)
    activation = getattr(F, c.get("activation", "identity"), lambda z: z)
    parts = [x[:, [j for j in range(WIDTH) if j not in chosen]]]
    for i, j in enumerate(chosen):
        edges = p["1.edges"][i]
        v = (x[:, j : j + 1] - edges[:-1]) / (edges[1:] - edges[:-1])
        bins = v.shape[1]
        v = torch.cat([v[:, :1], v[:, 1:].clamp(min=0)], 1)
        v = torch.cat([v[:, :-1].clamp(max=1), v[:, -1:]], 1)
        if units > 0:
            v = activation(v @ p["1.weight"][i * bins : (i + 1) * bins] + p["1.bias"][i])
        parts.append(v)
    return torch.cat(parts, 1), {}


def category_embedding(x, p, c):
    """Without columns nothing happens; tables are compared below, where inputs are categories."""
    return x, {}


def dense(x, p, c):
    return x @ p["1.weight"] + (p["1.bias"][0] if "1.bias" in p else 0.0), {}


def inner(x, p):
    """The block of residual and highway below: dense, tanh, dense."""
    prefix = "1.layers."
    h = torch.tanh(x @ p[prefix + "0.weight"] + p[prefix + "0.bias"][0])
    return h @ p[prefix + "2.weight"] + p[prefix + "2.bias"][0]


def residual(x, p, c):
    skip = x @ p["1.projection.weight"] if "1.projection.weight" in p else x
    if "1.projection.bias" in p:
        skip = skip + p["1.projection.bias"][0]
    return inner(x, p) + skip, {}


def highway(x, p, c):
    gate = torch.sigmoid(x @ p["1.gate.weight"] + p["1.gate.bias"][0])
    return gate * inner(x, p) + (1.0 - gate) * x, {}


def block(units):
    return {"layers": [{"type": "dense", "units": 5}, "tanh", {"type": "dense", "units": units}]}


def batch_ensemble(x, p, c):
    """The rows of all members, those of a sample below each other."""
    rows = []
    for m in range(c["members"]):
        bias = p["1.bias"][m] if "1.bias" in p else 0.0
        if c.get("shared", True):
            y = ((x * p["1.r"][m]) @ p["1.weight"]) * p["1.s"][m]
        else:
            y = x @ p["1.weight"][m * WIDTH : (m + 1) * WIDTH]
        rows.append(y + bias)
    return torch.stack(rows, 1).reshape(-1, rows[0].shape[1]), {}


CASES = [
    (
        "batch_ensemble",
        batch_ensemble,
        [
            {"units": 4, "members": 3},
            {"units": 19, "members": 5, "bias": False},
            {"units": 4, "members": 3, "shared": False},
        ],
    ),
    ("dense", dense, [{"units": 4}, {"units": 11, "bias": False}]),
    ("dense", weight_norm, [{"units": 4, "weight_norm": True}]),
    ("batch_norm", batch_norm, [{}, {"momentum": 0.3, "epsilon": 0.01}, {"affine": False}]),
    ("layer_norm", layer_norm, [{}, {"epsilon": 0.05}, {"affine": False}]),
    ("feature_scale", feature_scale, [{}]),
    (
        "parametric_activation",
        parametric_activation,
        [{"function": "selu"}, {"function": "mish"}, {"function": "softmax"}],
    ),
    (
        "periodic_embedding",
        periodic_embedding,
        [
            {},
            {"columns": [1, 4], "frequencies": 5, "units": 3, "sigma": 0.3},
            {"variant": "plr", "frequencies": 7, "units": 5},
            {"variant": "plr", "columns": [0, 6]},
        ],
    ),
    (
        "piecewise_linear_embedding",
        piecewise_linear_embedding,
        [
            {},
            {"columns": [1, 4], "bins": 5, "units": 3, "activation": "mish"},
            {"bins": 7, "units": 0},
            {"bins": 1, "units": 2, "activation": "selu"},
        ],
    ),
    ("category_embedding", category_embedding, [{}]),
    ("prelu", prelu, [{}, {"shared": False, "initial": -0.4}]),
    ("residual", residual, [block(WIDTH), block(4)]),
    ("highway", highway, [{**block(WIDTH), "gate_bias": -0.5}]),
]

# Random layers and the activation's wrapper, which other suites compare.
ELSEWHERE = {"activation", "dropout", "alpha_dropout", "gaussian_noise"}


class Layers(peer.Comparison):
    def compare(self, name, reference, config, scale, shift):
        """Before the layer is a dense one whose weights are the inputs: its gradient is theirs."""
        random = np.random.default_rng(8)
        model = peer.Model(
            ROWS,
            [{"type": "dense", "units": WIDTH, "bias": False}, {"type": name, **config}],
            seed=3,
        )
        for tensor in model.tensors.values():
            if tensor.name == "0.weight":
                tensor.values[:] = random.normal(shift, scale, (ROWS, WIDTH))
            elif not tensor.state:
                tensor.values[:] += random.normal(0, 0.3, tensor.values.shape)
        p = {
            n: torch.tensor(t.values, dtype=torch.float64, requires_grad=not t.state)
            for n, t in model.tensors.items()
        }
        y, state = reference(p["0.weight"], p, config)
        # Of a layer with members y has the rows of each; the loss is the mean of the members'.
        members = y.shape[0] // ROWS
        targets = random.normal(0, 1, (ROWS, y.shape[1])).astype(np.float32)
        weights = random.random(ROWS).astype(np.float32)
        row = torch.tensor(weights, dtype=torch.float64)
        repeated = torch.tensor(targets).double().repeat_interleave(members, 0)
        losses = ((y - repeated) ** 2).mean(1).reshape(ROWS, members).mean(1)
        wanted = (row * losses).sum() / row.sum()
        wanted.backward()
        got, outputs, gradients = model.training_pass(
            "mse", np.eye(ROWS), values=targets, weights=weights
        )
        what = f"{name} {config}, inputs {shift} +- {scale}"
        tolerance = 5e-6 * max(1.0, abs(shift) / scale)
        self.close(outputs, y[:ROWS].detach().numpy(), tolerance, f"the outputs of {what}")
        self.close(got, float(wanted), tolerance, f"the loss of {what}")
        for tensor, gradient in gradients.items():
            self.close(
                gradient,
                p[tensor].grad.numpy(),
                4 * tolerance,
                f"the gradient of {tensor} of {what}",
            )
        for tensor, values in state.items():
            self.close(
                model.tensors[tensor].values, values.numpy(), tolerance, f"{tensor} of {what}"
            )

    def test_outputs_gradients_and_statistics(self):
        known = {case[0] for case in CASES} | ELSEWHERE
        for name in peer.names("layers"):
            self.assertIn(name, known, "a layer without a reference")
        for name, reference, configs in CASES:
            for config in configs:
                for scale, shift in ((1.0, 0.0), (3.0, -20.0)):
                    with self.subTest(layer=name, config=config, shift=shift):
                        self.compare(name, reference, config, scale, shift)

    def test_embeddings_of_categories(self):
        """Columns 1 and 3 hold 5 and 3 categories; others, missing ones too, have a last row."""
        random = np.random.default_rng(9)
        columns = [{"column": 1, "categories": 5}, {"column": 3, "categories": 3}]
        layer = {"type": "category_embedding", "columns": columns, "units": 4}
        model = peer.Model(4, [layer, {"type": "dense", "units": 2}], seed=2)
        x = random.normal(0, 1, (ROWS, 4)).astype(np.float32)
        x[:, 1] = random.integers(0, 7, ROWS)
        x[:, 3] = random.integers(-1, 4, ROWS)
        p = {
            n: torch.tensor(t.values, dtype=torch.float64, requires_grad=True)
            for n, t in model.tensors.items()
        }
        codes = torch.tensor(x[:, [1, 3]]).long()
        last = torch.tensor([5, 3])
        codes = torch.where((codes < 0) | (codes > last), last, codes)
        parts = [
            torch.tensor(x[:, [0, 2]]).double(),
            F.embedding(codes[:, 0], p["0.weight"][:6]),
            F.embedding(codes[:, 1], p["0.weight"][6:]),
        ]
        y = torch.cat(parts, 1) @ p["1.weight"] + p["1.bias"][0]
        targets = random.normal(0, 1, (ROWS, 2)).astype(np.float32)
        ((y - torch.tensor(targets).double()) ** 2).mean().backward()
        _, outputs, gradients = model.training_pass("mse", x, values=targets)
        self.close(outputs, y.detach().numpy(), 5e-6, "the outputs of category_embedding")
        for tensor, gradient in gradients.items():
            wanted = p[tensor].grad.numpy()
            self.close(gradient, wanted, 2e-5, f"the gradient of {tensor}")
