"""Each loss, its mean and its gradient, beside PyTorch in float64: with weights of rows and
classes."""
import numpy as np
import torch
import torch.nn.functional as F

import peer

CLASS_WEIGHTS = [0.5, 2.0, 1.25, 3.0, 0.75]


def double(array):
    return torch.tensor(array, dtype=torch.float64)


def class_weights(config, count):
    return double(config.get("class_weights", [1.0] * count))


def one_hot(classes, outputs):
    return F.one_hot(torch.tensor(classes, dtype=torch.int64), outputs).double()


# Each returns the losses of the rows and, where classes weigh, the weights of the rows' classes.


def softmax_cross_entropy(config, z, classes, values):
    weights = class_weights(config, z.shape[1])
    index = torch.tensor(classes, dtype=torch.int64)
    rows = F.cross_entropy(
        z,
        index,
        weight=weights,
        reduction="none",
        label_smoothing=config.get("label_smoothing", 0.0),
    )
    return rows, weights[index]


def binary_cross_entropy(config, z, classes, values):
    smoothing = config.get("label_smoothing", 0.0)
    counts = 2 if z.shape[1] == 1 else z.shape[1]
    factor = torch.ones(len(z), dtype=torch.float64)
    if classes is None:
        target = double(values)
    else:
        factor = class_weights(config, counts)[torch.tensor(classes, dtype=torch.int64)]
        target = double(classes)[:, None] if z.shape[1] == 1 else one_hot(classes, z.shape[1])
    target = target * (1.0 - smoothing) + 0.5 * smoothing
    each = F.binary_cross_entropy_with_logits(
        z, target, reduction="none", pos_weight=double(config.get("pos_weight", 1.0))
    )
    return each.mean(1) * factor, factor


def plain(function):
    return lambda config, z, classes, values: (function(config, z, double(values)).mean(1), None)


def hinge(config, z, classes, values):
    if z.shape[1] == 1:
        side = 2.0 * double(classes) - 1.0
        return F.relu(1.0 - side * z[:, 0]), None
    mask = one_hot(classes, z.shape[1]).bool()
    others = z.masked_fill(mask, -np.inf).max(1).values
    return F.relu(1.0 + others - z[mask]), None


def focal(config, z, classes, values):
    gamma, alpha = config.get("gamma", 2.0), config.get("alpha", 0.25)
    if z.shape[1] == 1:
        positive = double(classes)
        log_p = F.logsigmoid((2.0 * positive - 1.0) * z[:, 0])
        factor = alpha * positive + (1.0 - alpha) * (1.0 - positive)
    else:
        log_p = F.log_softmax(z, 1)[one_hot(classes, z.shape[1]).bool()]
        factor = alpha
    return -factor * (1.0 - log_p.exp()) ** gamma * log_p, None


def quantile(config, z, y):
    taus, error = config.get("taus", [config.get("tau", 0.5)]), y - z
    tau = torch.tensor(taus, dtype=torch.float64).repeat(z.shape[1] // len(taus))
    return torch.maximum(tau * error, (tau - 1.0) * error)


REFERENCES = {
    "mse": plain(lambda c, z, y: F.mse_loss(z, y, reduction="none")),
    "mae": plain(lambda c, z, y: F.l1_loss(z, y, reduction="none")),
    "huber": plain(lambda c, z, y: F.huber_loss(z, y, reduction="none", delta=c.get("delta", 1.0))),
    "log_cosh": plain(lambda c, z, y: torch.log(torch.cosh(z - y))),
    "quantile": plain(quantile),
    "poisson": plain(lambda c, z, y: F.poisson_nll_loss(z, y, reduction="none")),
    "kl_divergence": lambda c, z, classes, values: (
        F.kl_div(F.log_softmax(z, 1), double(values), reduction="none").sum(1),
        None,
    ),
    "softmax_cross_entropy": softmax_cross_entropy,
    "binary_cross_entropy": binary_cross_entropy,
    "hinge": hinge,
    "focal": focal,
}

# The configurations to compare, by loss; a loss that is not named here has its defaults alone.
CONFIGS = {
    "huber": [{}, {"delta": 0.3}, {"delta": 4.0}],
    "quantile": [{}, {"tau": 0.1}, {"tau": 0.93}, {"taus": [0.1, 0.6, 0.85]}],
    "focal": [{}, {"gamma": 0.0, "alpha": 0.6}, {"gamma": 0.7}, {"gamma": 5.0, "alpha": 0.9}],
    "softmax_cross_entropy": [
        {},
        {"label_smoothing": 0.15},
        {"class_weights": CLASS_WEIGHTS},
        {"label_smoothing": 0.3, "class_weights": CLASS_WEIGHTS},
    ],
    "binary_cross_entropy": [
        {},
        {"label_smoothing": 0.2},
        {"pos_weight": 3.5},
        {"pos_weight": 0.25, "label_smoothing": 0.1},
        {"class_weights": CLASS_WEIGHTS},
        {"class_weights": CLASS_WEIGHTS, "pos_weight": 2.0},
    ],
}

# (takes classes, takes values, number of outputs)
SHAPES = {
    "softmax_cross_entropy": [("classes", 5), ("classes", 2)],
    "binary_cross_entropy": [("classes", 1), ("classes", 5), ("values", 3)],
    "hinge": [("classes", 1), ("classes", 5)],
    "focal": [("classes", 1), ("classes", 5)],
    "kl_divergence": [("values", 5)],
}
VALUES = [("values", 1), ("values", 3)]


def targets(loss, kind, random, rows, outputs):
    if kind == "classes":
        return random.integers(0, max(outputs, 2), rows), None
    if loss == "kl_divergence":
        shares = random.random((rows, outputs)).astype(np.float32)
        shares[::7, 0] = 0
        shares /= shares.sum(1, keepdims=True)
        return None, shares
    if loss == "binary_cross_entropy":
        return None, random.integers(0, 2, (rows, outputs)).astype(np.float32)
    if loss == "poisson":
        return None, random.integers(0, 9, (rows, outputs)).astype(np.float32)
    return None, random.normal(0, 2, (rows, outputs)).astype(np.float32)


def row_weights(name, random, rows):
    if name == "equal":
        return None
    weights = random.random(rows).astype(np.float32) * 3
    weights[::3] = 0
    return weights


class Losses(peer.Comparison):
    def compare(self, name, config, kind, outputs, weighing, rows, spread):
        random = np.random.default_rng([rows, outputs, int(10 * spread), len(weighing)])
        if "class_weights" in config:
            config = {**config, "class_weights": CLASS_WEIGHTS[: max(outputs, 2)]}
        logits = (random.normal(0, spread, (rows, outputs))).astype(np.float32)
        classes, values = targets(name, kind, random, rows, outputs)
        weights = row_weights(weighing, random, rows)
        model = peer.Model(rows, [{"type": "dense", "units": outputs, "bias": False}])
        model.tensors["0.weight"].values[:] = logits
        got, _, gradients = model.training_pass(
            {"type": name, **config}, np.eye(rows, dtype=np.float32), classes, values, weights
        )
        z = double(logits).requires_grad_()
        losses, factors = REFERENCES[name](config, z, classes, values)
        row = torch.ones(rows, dtype=torch.float64) if weights is None else double(weights)
        factors = torch.ones_like(row) if factors is None else factors
        mean = (row * losses).sum() / (row * factors).sum()
        mean.backward()
        what = f"{name} {config} of {kind}, {rows} x {outputs}, weights {weighing}, spread {spread}"
        self.close(got, float(mean.detach()), 3e-6, f"the mean of {what}")
        self.close(gradients["0.weight"], z.grad.numpy(), 3e-6, f"the gradient of {what}")

    def test_means_and_gradients(self):
        for name in peer.names("losses"):
            self.assertIn(name, REFERENCES, "a loss without a reference")
            for config in CONFIGS.get(name, [{}]):
                for kind, outputs in SHAPES.get(name, VALUES):
                    if "class_weights" in config and kind == "values":
                        continue
                    if outputs % len(config.get("taus", [0])) != 0:
                        continue
                    for weighing in ("equal", "some zero"):
                        for rows, spread in ((1, 1.0), (33, 1.0), (70, 6.0)):
                            if rows == 1 and weighing != "equal":
                                continue
                            with self.subTest(
                                loss=name,
                                config=config,
                                kind=kind,
                                outputs=outputs,
                                weights=weighing,
                                rows=rows,
                            ):
                                self.compare(name, config, kind, outputs, weighing, rows, spread)
