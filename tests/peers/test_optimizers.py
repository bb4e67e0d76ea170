"""Each optimizer over 50 steps beside PyTorch's in float64, on a small network and its data."""
import numpy as np
import torch

import peer

STEPS, ROWS, BATCH = 50, 48, 16
LAYERS = [{"type": "dense", "units": 6}, "tanh", {"type": "dense", "units": 3}]


class Formula(torch.optim.Optimizer):
    """An optimizer that PyTorch 1.13 lacks, or has wrong: update(parameter, state, t, config)."""

    def __init__(self, parameters, update, config):
        super().__init__(parameters, {})
        self.update, self.config, self.t = update, config, 0

    @torch.no_grad()
    def step(self):
        self.t += 1
        for p in self.param_groups[0]["params"]:
            self.update(p, self.state[p], self.t, self.config)


def lion(p, state, t, c):
    """Chen et al. 2023, algorithm 2."""
    m = state.setdefault("m", torch.zeros_like(p))
    rate = c["learning_rate"]
    direction = (c.get("beta1", 0.9) * m + (1 - c.get("beta1", 0.9)) * p.grad).sign()
    p.mul_(1 - rate * c.get("weight_decay", 0.0)).sub_(rate * direction)
    m.mul_(c.get("beta2", 0.99)).add_(p.grad, alpha=1 - c.get("beta2", 0.99))


def nadam(p, state, t, c):
    """Dozat 2016, with the momentum schedule 0.96; PyTorch 1.13 forgets a power in the product."""
    m, v = (state.setdefault(k, torch.zeros_like(p)) for k in "mv")
    beta1, beta2 = c.get("beta1", 0.9), c.get("beta2", 0.999)
    decay = c.get("momentum_decay", 0.004)
    momentum = lambda s: beta1 * (1 - 0.5 * 0.96 ** (s * decay))
    product = np.prod([momentum(s) for s in range(1, t + 1)])
    g = p.grad + c.get("weight_decay", 0.0) * p
    m.mul_(beta1).add_(g, alpha=1 - beta1)
    v.mul_(beta2).addcmul_(g, g, value=1 - beta2)
    root = (v / (1 - beta2**t)).sqrt() + c.get("epsilon", 1e-8)
    step = (
        momentum(t + 1) / (1 - product * momentum(t + 1)) * m
        + (1 - momentum(t)) / (1 - product) * g
    )
    p.sub_(c["learning_rate"] * step / root)


def betas(c):
    return c.get("beta1", 0.9), c.get("beta2", 0.999)


def adam_like(kind, default_decay=0.0, amsgrad=True):
    def make(p, c):
        more = {"amsgrad": c.get("amsgrad", False)} if amsgrad else {}
        return kind(
            p,
            lr=c["learning_rate"],
            betas=betas(c),
            eps=c.get("epsilon", 1e-8),
            weight_decay=c.get("weight_decay", default_decay),
            **more,
        )

    return make


REFERENCES = {
    "sgd": lambda p, c: torch.optim.SGD(
        p,
        c["learning_rate"],
        c.get("momentum", 0.0),
        c.get("dampening", 0.0),
        c.get("weight_decay", 0.0),
        c.get("nesterov", False),
    ),
    "adam": adam_like(torch.optim.Adam),
    "adamw": adam_like(torch.optim.AdamW, 0.01),
    "nadam": lambda p, c: Formula(p, nadam, c),
    "radam": adam_like(torch.optim.RAdam, amsgrad=False),
    "adamax": adam_like(torch.optim.Adamax, amsgrad=False),
    "adagrad": lambda p, c: torch.optim.Adagrad(
        p,
        c["learning_rate"],
        c.get("learning_rate_decay", 0.0),
        c.get("weight_decay", 0.0),
        c.get("initial_accumulator", 0.0),
        c.get("epsilon", 1e-10),
    ),
    "adadelta": lambda p, c: torch.optim.Adadelta(
        p, c["learning_rate"], c.get("rho", 0.9), c.get("epsilon", 1e-6), c.get("weight_decay", 0.0)
    ),
    "rmsprop": lambda p, c: torch.optim.RMSprop(
        p,
        c["learning_rate"],
        c.get("alpha", 0.99),
        c.get("epsilon", 1e-8),
        c.get("weight_decay", 0.0),
        c.get("momentum", 0.0),
        c.get("centered", False),
    ),
    "rprop": lambda p, c: torch.optim.Rprop(
        p,
        c["learning_rate"],
        (c.get("eta_minus", 0.5), c.get("eta_plus", 1.2)),
        (c.get("step_min", 1e-6), c.get("step_max", 50)),
    ),
    "lion": lambda p, c: Formula(p, lion, c),
}

CONFIGS = {
    "sgd": [
        {"learning_rate": 0.05},
        {"learning_rate": 0.02, "momentum": 0.9},
        {"learning_rate": 0.02, "momentum": 0.8, "dampening": 0.3, "weight_decay": 0.01},
        {"learning_rate": 0.02, "momentum": 0.9, "nesterov": True, "weight_decay": 0.003},
    ],
    "adam": [
        {"learning_rate": 0.01},
        {"learning_rate": 0.02, "beta1": 0.5, "beta2": 0.9},
        {"learning_rate": 0.01, "amsgrad": True, "weight_decay": 0.02},
        {"learning_rate": 0.03, "epsilon": 0.1},
    ],
    "adamw": [
        {"learning_rate": 0.01},
        {"learning_rate": 0.02, "weight_decay": 0.3},
        {"learning_rate": 0.02, "weight_decay": 0.1, "amsgrad": True},
    ],
    "nadam": [
        {"learning_rate": 0.01},
        {"learning_rate": 0.01, "momentum_decay": 0.3},
        {"learning_rate": 0.01, "weight_decay": 0.05, "beta1": 0.7},
    ],
    "radam": [
        {"learning_rate": 0.02},
        {"learning_rate": 0.02, "weight_decay": 0.05},
        {"learning_rate": 0.02, "beta2": 0.9},
    ],
    "adamax": [
        {"learning_rate": 0.01},
        {"learning_rate": 0.02, "weight_decay": 0.05, "beta2": 0.9},
    ],
    "adagrad": [
        {"learning_rate": 0.05},
        {
            "learning_rate": 0.05,
            "learning_rate_decay": 0.1,
            "weight_decay": 0.02,
            "initial_accumulator": 0.3,
        },
    ],
    "adadelta": [
        {"learning_rate": 1.0},
        {"learning_rate": 0.7, "rho": 0.7, "epsilon": 1e-4, "weight_decay": 0.05},
    ],
    "rmsprop": [
        {"learning_rate": 0.01},
        {"learning_rate": 0.01, "centered": True, "alpha": 0.9},
        {"learning_rate": 0.005, "momentum": 0.8, "weight_decay": 0.02},
        {"learning_rate": 0.005, "momentum": 0.5, "centered": True, "alpha": 0.9},
    ],
    "rprop": [
        {"learning_rate": 0.01},
        {"learning_rate": 0.02, "eta_minus": 0.3, "eta_plus": 1.4},
        {"learning_rate": 1.0, "step_max": 0.05},
        {"learning_rate": 1e-4, "step_min": 1e-3},
    ],
    "lion": [
        {"learning_rate": 0.003},
        {"learning_rate": 0.002, "beta1": 0.7, "beta2": 0.9, "weight_decay": 0.5},
    ],
}

ITERATING = ["lbfgs"]  # compared by where they arrive, not step by step


def data():
    random = np.random.default_rng(11)
    x = random.normal(0, 1, (ROWS, 4)).astype(np.float32)
    y = np.stack([np.sin(x[:, 0] + x[:, 1]), x[:, 2] * x[:, 3], x[:, 0] - 0.5 * x[:, 2]], 1)
    return x, y.astype(np.float32)


def parameters(model):
    return {
        name: torch.tensor(t.values, dtype=torch.float64, requires_grad=True)
        for name, t in model.tensors.items()
    }


class Optimizers(peer.Comparison):
    def reference(self, tensors, optimizer, x, y, accumulate):
        """Yields the parameters after each step of the reference."""
        x, y = torch.tensor(x, dtype=torch.float64), torch.tensor(y, dtype=torch.float64)
        batches = [slice(i, i + BATCH * accumulate) for i in range(0, ROWS, BATCH * accumulate)]
        for step in range(STEPS):
            rows = batches[step % len(batches)]
            optimizer.zero_grad()
            hidden = torch.tanh(x[rows] @ tensors["0.weight"] + tensors["0.bias"])
            z = hidden @ tensors["2.weight"] + tensors["2.bias"]
            ((z - y[rows]) ** 2).mean().backward()
            optimizer.step()
            yield {name: t.detach().numpy().copy() for name, t in tensors.items()}

    def compare(self, name, config, accumulate):
        x, y = data()
        model = peer.Model(4, LAYERS, seed=5)
        tensors = parameters(model)
        optimizer = REFERENCES[name](list(tensors.values()), config)
        after = []

        def progress(epoch, end):
            if not end:
                after.append({n: t.values.copy() for n, t in model.tensors.items()})

        steps_an_epoch = -(-ROWS // (BATCH * accumulate))
        model.fit(
            peer.Data(x, values=y),
            "mse",
            {"type": name, **config},
            epochs=-(-STEPS // steps_an_epoch),
            batch_size=BATCH,
            accumulate=accumulate,
            progress=progress,
        )
        batches = accumulate if ROWS % (BATCH * accumulate) == 0 else 0
        for step, wanted in enumerate(self.reference(tensors, optimizer, x, y, accumulate)):
            batch = (step + 1) * batches - 1 if batches else self.batch_of(step, accumulate)
            for tensor, values in wanted.items():
                self.close(
                    after[batch][tensor],
                    values,
                    2e-5,
                    f"{name} {config}, {accumulate} batches a step, after step {step + 1}: "
                    f"{tensor}",
                )

    @staticmethod
    def batch_of(step, accumulate):
        """The batch, from 0, that ends this step, where the last group of an epoch is smaller."""
        batches = ROWS // BATCH
        groups = -(-batches // accumulate)
        epoch, group = divmod(step, groups)
        return epoch * batches + min((group + 1) * accumulate, batches) - 1

    def test_fifty_steps(self):
        for name in peer.names("optimizers"):
            if name in ITERATING:
                continue
            self.assertIn(name, REFERENCES, "an optimizer without a reference")
            for config in CONFIGS[name]:
                for accumulate in (1, 2):
                    with self.subTest(optimizer=name, config=config, accumulate=accumulate):
                        self.compare(name, config, accumulate)

    def test_lbfgs_solves_least_squares(self):
        """A linear model arrives at the solution of the normal equations, with any batch size."""
        random = np.random.default_rng(4)
        x = random.normal(0, 1, (60, 5)).astype(np.float32)
        y = (x @ random.normal(0, 2, (5, 2)) + random.normal(0, 0.3, (60, 2))).astype(np.float32)
        design = np.hstack([x, np.ones((60, 1))]).astype(np.float64)
        wanted, *_ = np.linalg.lstsq(design, y, rcond=None)
        for batch_size in (60, 17):
            model = peer.Model(5, [{"type": "dense", "units": 2}])
            model.fit(peer.Data(x, values=y), "mse", "lbfgs", epochs=40, batch_size=batch_size)
            got = np.vstack([model.tensors["0.weight"].values, model.tensors["0.bias"].values])
            self.close(got, wanted, 1e-5, f"the solution with batches of {batch_size}")

    def test_lbfgs_is_as_good_as_pytorch(self):
        """On the small network, after 30 iterations: at most 5 % above PyTorch's loss."""
        x, y = data()
        model = peer.Model(4, LAYERS, seed=5)
        tensors = parameters(model)
        optimizer = torch.optim.LBFGS(
            list(tensors.values()),
            lr=1,
            max_iter=30,
            max_eval=750,
            history_size=10,
            line_search_fn="strong_wolfe",
        )

        def loss():
            hidden = torch.tanh(torch.tensor(x).double() @ tensors["0.weight"] + tensors["0.bias"])
            return (
                (hidden @ tensors["2.weight"] + tensors["2.bias"] - torch.tensor(y)) ** 2
            ).mean()

        def closure():
            optimizer.zero_grad()
            value = loss()
            value.backward()
            return value

        optimizer.step(closure)
        model.fit(peer.Data(x, values=y), "mse", "lbfgs", epochs=30, batch_size=ROWS)
        got = model.training_pass("mse", x, values=y)[0]
        self.assertLess(got, 1.05 * float(loss().detach()))
