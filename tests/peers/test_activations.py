"""Each activation and its derivative beside PyTorch's in float64, the derivative by its
autograd."""
import numpy as np
import torch
import torch.nn.functional as F

import peer


def hard_sigmoid(x, variant="relu6"):
    return F.hardsigmoid(x) if variant == "relu6" else torch.clamp(0.2 * x + 0.5, 0.0, 1.0)


SELU = {"alpha": 1.6732632423543772, "scale": 1.0507009873554805}

def selu(x, alpha=SELU["alpha"], scale=SELU["scale"], epsilon=None):
    if epsilon is not None:
        below = lambda f: expect(lambda z: torch.where(z < 0, f(z), torch.zeros_like(z)))
        i1, i2 = below(lambda z: torch.expm1(z) ** 2), below(lambda z: torch.exp(2 * z))
        alpha = (epsilon / 2 / (i2 - (1 + epsilon) * i1)) ** 0.5
        scale = (0.5 + alpha**2 * i1) ** -0.5
    return scale * F.elu(x, alpha)


def serlu(x, alpha=2.904271233329691822921857, scale=1.078618283577226705926867):
    return scale * torch.where(x >= 0, x, alpha * x * torch.exp(torch.clamp(x, max=0.0)))


def expect(f):
    """E f(z) for standard normal z: the sum over a fine grid, without the kinks at 0."""
    z = (torch.arange(-1_200_000, 1_200_000, dtype=torch.float64) + 0.5) * 1e-5
    return float((f(z) * torch.exp(-z * z / 2)).sum()) * 1e-5 / (2 * np.pi) ** 0.5


def inner(of):
    """The function of an activation as it is in JSON."""
    of = {"type": of} if isinstance(of, str) else of
    fields = {name: value for name, value in of.items() if name != "type"}
    return lambda x: REFERENCES[of["type"]](x, **fields)


def standardized(x, of="gelu"):
    f = inner(of)
    mean = expect(f)
    return (f(x) - mean) / expect(lambda z: (f(z) - mean) ** 2) ** 0.5


def squared_slope(f):
    def slope(z):
        z = z.requires_grad_()
        return torch.autograd.grad(f(z).sum(), z)[0] ** 2

    return expect(slope)


def gaussian_poincare(x, of="gelu"):
    f = inner(of)
    mean, square = expect(f), expect(lambda z: f(z) ** 2)
    a = squared_slope(f) ** -0.5
    root = max(1 - a * a * (square - mean**2), 0) ** 0.5
    b = root - a * mean if mean >= -1e-9 else -root - a * mean
    return a * f(x) + b


REFERENCES = {
    "elu": lambda x, alpha=1.0: F.elu(x, alpha),
    "selu": selu,
    "serlu": serlu,
    "standardized": standardized,
    "gaussian_poincare": gaussian_poincare,
    "celu": lambda x, alpha=1.0: F.celu(x, alpha),
    "relu": F.relu,
    "leaky_relu": lambda x, slope=0.01: F.leaky_relu(x, slope),
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "exp": torch.exp,
    "identity": lambda x: x * 1.0,
    "relu6": F.relu6,
    "thresholded_relu": lambda x, theta=1.0: F.threshold(x, theta, 0.0),
    "hard_tanh": lambda x, min=-1.0, max=1.0: F.hardtanh(x, min, max),
    "hard_sigmoid": hard_sigmoid,
    "hard_swish": F.hardswish,
    "softplus": lambda x, beta=1.0, threshold=20.0: F.softplus(x, beta, threshold),
    "softsign": F.softsign,
    "silu": lambda x, beta=1.0: x * torch.sigmoid(beta * x),
    "mish": F.mish,
    "gelu": lambda x, approximate="none": F.gelu(x, approximate=approximate),
    "log_sigmoid": F.logsigmoid,
}

BY_ROWS = {"softmax": lambda x: F.softmax(x, 1), "log_softmax": lambda x: F.log_softmax(x, 1)}

CONFIGS = {
    "elu": [{}, {"alpha": 0.3}, {"alpha": 2.5}],
    "selu": [{}, {"alpha": 0.7, "scale": 2.0}, {"epsilon": 0.03}],
    "serlu": [{}, {"alpha": 0.7, "scale": 2.0}],
    "standardized": [{}, {"of": "selu"}, {"of": "tanh"}, {"of": {"type": "elu", "alpha": 0.3}}],
    "gaussian_poincare": [{}, {"of": "relu"}, {"of": "tanh"}, {"of": {"type": "silu", "beta": 2}}],
    "celu": [{}, {"alpha": 0.3}, {"alpha": 4.0}],
    "leaky_relu": [{}, {"slope": 0.3}, {"slope": 1.0}],
    "thresholded_relu": [{}, {"theta": 0.0}, {"theta": 2.5}],
    "hard_tanh": [{}, {"min": -2.5, "max": 0.5}, {"min": 0.5, "max": 2.0}],
    "hard_sigmoid": [{}, {"variant": "0.2"}],
    "softplus": [{}]
    + [{"beta": b, "threshold": t} for b in (0.5, 1.0, 3.0) for t in (0.0, 0.5, 1.0, 2.0, 5.0)],
    "silu": [{}, {"beta": 0.4}, {"beta": 3.0}],
    "gelu": [{}, {"approximate": "tanh"}],
}

# Away from 0 and from the places where a piecewise function changes, where conventions differ.
POINTS = np.concatenate([np.linspace(-11.93, 11.87, 357), np.linspace(-0.0917, 0.0883, 61)])


class Activations(peer.Comparison):
    def layer(self, kind, columns, x):
        """Outputs and input gradients by the layer: the weights are x, the rows an identity
        matrix."""
        model = peer.Model(len(x), [{"type": "dense", "units": columns, "bias": False}, kind])
        model.tensors["0.weight"].values[:] = x
        _, outputs, gradients = model.training_pass(
            "mse", np.eye(len(x)), values=np.zeros((len(x), columns))
        )
        return outputs, gradients["0.weight"]

    def reference(self, function, x):
        x = torch.tensor(x, dtype=torch.float64, requires_grad=True)
        y = function(x)
        (y**2).mean().backward()
        return y.detach().numpy(), x.grad.numpy()

    def test_values_derivatives_and_layers(self):
        for name in peer.names("activations"):
            if name in BY_ROWS:
                continue
            self.assertIn(name, REFERENCES, "an activation without a reference")
            for config in CONFIGS.get(name, [{}]):
                with self.subTest(activation=name, config=config):
                    x = peer.floats(POINTS)
                    y, slope = peer.activation({"type": name, **config}, x)
                    t = torch.tensor(x, dtype=torch.float64, requires_grad=True)
                    value = REFERENCES[name](t, **config)
                    value.sum().backward()
                    what = f"{name} {config}"
                    self.close(y, value.detach().numpy(), 1e-6, what)
                    self.close(slope, t.grad.numpy(), 2e-6, f"the derivative of {what}")
                    matrix = x.reshape(19, -1)
                    outputs, gradients = self.layer(
                        {"type": name, **config}, matrix.shape[1], matrix
                    )
                    wanted, wanted_gradients = self.reference(
                        lambda v: REFERENCES[name](v, **config), matrix
                    )
                    self.close(outputs, wanted, 1e-6, f"the layer {what}")
                    self.close(gradients, wanted_gradients, 4e-6, f"backward of the layer {what}")

    def test_functions_of_rows(self):
        x = peer.floats(np.random.default_rng(3).normal(0, 4, (17, 11)))
        for name, function in BY_ROWS.items():
            with self.subTest(activation=name):
                outputs, gradients = self.layer(name, 11, x)
                wanted, wanted_gradients = self.reference(function, x)
                self.close(outputs, wanted, 2e-6, name)
                self.close(gradients, wanted_gradients, 4e-6, f"backward of {name}")
