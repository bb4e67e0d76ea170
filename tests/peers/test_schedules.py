"""Each schedule's rates beside PyTorch's, read off a weight that moves by exactly the rate."""
import math

import numpy as np
import torch
from torch.optim import lr_scheduler as lr

import peer

RATE = 0.25


def optimizer():
    return torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=RATE)


def stepped(scheduler, made, steps):
    """The rates of a scheduler that is told of each step."""
    rates = []
    for _ in range(steps):
        rates.append(made.param_groups[0]["lr"])
        made.step()
        scheduler.step()
    return rates


def by_steps(make):
    def rates(config, epochs, batches, losses):
        made = optimizer()
        return stepped(make(made, config, epochs, batches), made, epochs * batches)

    return rates


def by_epochs(make):
    def rates(config, epochs, batches, losses):
        made = optimizer()
        return np.repeat(stepped(make(made, config, epochs, batches), made, epochs), batches)

    return rates


def cosine(made, c, epochs, batches):
    low = RATE * c.get("minimum", 0.0)
    if c.get("period", 0) == 0:
        return lr.CosineAnnealingLR(made, epochs * batches, eta_min=low)
    # Restarts are counted in epochs, so that a step is a part of one.
    scheduler = lr.CosineAnnealingWarmRestarts(made, c["period"], c.get("multiplier", 1), low)

    class Parts:
        done = 0

        def step(self):
            self.done += 1
            scheduler.step(self.done / batches)

    return Parts()


def polynomial(made, c, epochs, batches):
    steps, end, power = epochs * batches, c.get("end", 0.0), c.get("power", 1.0)
    return lr.LambdaLR(made, lambda s: end + (1 - end) * (1 - min(s, steps) / steps) ** power)


def coslog(made, c, epochs, batches):
    """Holzmueller et al. 2024, as they print it."""
    steps, grown = epochs * batches, 2 ** c.get("cycles", 4) - 1
    wave = lambda t: (1 - math.cos(2 * math.pi * math.log2(1 + grown * t))) / 2
    return lr.LambdaLR(made, lambda s: wave(s / steps))


def flat_cosine(made, c, epochs, batches):
    """flat_cos of the same paper, where `flat` is 1/2: (1 + cos(pi (max(1, 2 t) - 1))) / 2."""
    steps, flat = epochs * batches, c.get("flat", 0.5)
    turned = lambda t: (max(flat, t) - flat) / (1 - flat)
    return lr.LambdaLR(made, lambda s: (1 + math.cos(math.pi * turned(s / steps))) / 2)


def one_cycle(config, epochs, batches, losses):
    """PyTorch takes no step past the last, and sets the rate when it is made."""
    made, steps = optimizer(), epochs * batches
    if config.get("peak", 0.3) * steps == 1.0:
        return None  # PyTorch divides by 0
    scheduler = lr.OneCycleLR(
        made,
        RATE,
        total_steps=steps,
        pct_start=config.get("peak", 0.3),
        anneal_strategy={"cosine": "cos", "linear": "linear"}[config.get("curve", "cosine")],
        cycle_momentum=False,
        div_factor=config.get("initial_divisor", 25),
        final_div_factor=config.get("final_divisor", 1e4),
    )
    rates = []
    for step in range(steps):
        rates.append(made.param_groups[0]["lr"])
        made.step()
        if step + 1 < steps:
            scheduler.step()
    return rates


def plateau(config, epochs, batches, losses):
    made = optimizer()
    scheduler = lr.ReduceLROnPlateau(
        made,
        factor=config.get("factor", 0.1),
        patience=config.get("patience", 10),
        threshold=config.get("threshold", 1e-4),
        cooldown=config.get("cooldown", 0),
        min_lr=RATE * config.get("minimum", 0.0),
        eps=0,
    )
    rates = []
    for loss in losses:
        rates.append(made.param_groups[0]["lr"])
        scheduler.step(loss)
    return np.repeat(rates, batches)


def warmup(config, epochs, batches, losses):
    """Goyal et al. 2017: (step + 1) / length of the rate, then the other over the rest of the
    run."""
    wanted = config.get("steps", 0)
    length = wanted if wanted > 0 else math.ceil(round(config.get("epochs", 1.0) * batches, 9))
    total = epochs * batches
    length = min(length, total)
    first = [RATE * (s + 1) / length for s in range(length)]
    if config.get("then", "constant") == "constant" or total == length:
        return first + [RATE] * (total - length)
    made = optimizer()
    after = dict(config["then"])
    rest = stepped(polynomial(made, after, 1, total - length), made, total - length)
    # The factor of the warm-up multiplies the first rate of the schedule that follows.
    return [f * rest[0] / RATE for f in first] + rest


REFERENCES = {
    "constant": lambda config, epochs, batches, losses: [RATE] * (epochs * batches),
    "step": by_epochs(lambda o, c, e, b: lr.StepLR(o, c.get("every", 10), c.get("gamma", 0.1))),
    "exponential": by_epochs(lambda o, c, e, b: lr.ExponentialLR(o, c.get("gamma", 0.95))),
    "cosine": by_steps(cosine),
    "coslog": by_steps(coslog),
    "flat_cosine": by_steps(flat_cosine),
    "polynomial": by_steps(polynomial),
    "one_cycle": one_cycle,
    "reduce_on_plateau": plateau,
    "warmup": warmup,
}

CONFIGS = {
    "step": [{}, {"every": 3, "gamma": 0.5}],
    "exponential": [{}, {"gamma": 0.6}],
    "cosine": [{}, {"minimum": 0.1}, {"period": 4, "minimum": 0.2}, {"period": 2, "multiplier": 3}],
    "coslog": [{}, {"cycles": 1}, {"cycles": 2}],
    "flat_cosine": [{}, {"flat": 0.0}, {"flat": 0.8}],
    "polynomial": [{}, {"power": 2.0, "end": 0.1}, {"power": 0.5}],
    "one_cycle": [{}, {"peak": 0.5, "curve": "linear"}, {"initial_divisor": 3, "final_divisor": 2}],
    "reduce_on_plateau": [
        {"patience": 1, "factor": 0.5},
        {"patience": 2, "factor": 0.3, "cooldown": 2, "threshold": 0.01},
        {"patience": 0, "factor": 0.1, "minimum": 0.05},
    ],
    "warmup": [
        {},
        {"steps": 7},
        {"epochs": 1.1},
        {"epochs": 2.5},
        {"steps": 5, "then": {"type": "polynomial", "power": 2.0}},
        {"epochs": 100.0},
    ],
}


class Schedules(peer.Comparison):
    def rates(self, config, epochs, batches):
        """
        The rates of the steps and the losses of the epochs. One weight w, one input of 1 and a
        target far above: the gradient of the absolute error is -1, so that a step adds the rate to
        w.
        """
        model = peer.Model(1, [{"type": "dense", "units": 1, "bias": False, "init": "zeros"}])
        rows = np.ones((batches, 1), np.float32)
        weight, seen = model.tensors["0.weight"].values, []

        def progress(epoch, end):
            if not end:
                seen.append(float(weight[0, 0]))
                weight[0, 0] = 0.0  # small numbers keep their digits

        model.fit(
            peer.Data(rows, values=1e4 * rows),
            "mae",
            {"type": "sgd", "learning_rate": RATE},
            config,
            epochs=epochs,
            batch_size=1,
            progress=progress,
        )
        return seen

    def test_rates(self):
        for name in peer.names("schedules"):
            self.assertIn(name, REFERENCES, "a schedule without a reference")
            if name == "reduce_on_plateau":
                continue
            for config in CONFIGS.get(name, [{}]):
                for epochs, batches in ((23, 10), (7, 3), (12, 1), (2, 1)):
                    with self.subTest(schedule=name, config=config, epochs=epochs, batches=batches):
                        got = self.rates({"type": name, **config}, epochs, batches)
                        wanted = REFERENCES[name](config, epochs, batches, None)
                        if wanted is None:
                            continue
                        self.close(got, wanted, 1e-6, f"{name} {config}, {epochs} x {batches}")

    def test_reduce_on_plateau(self):
        """The validation loss of each epoch is set by the weight that the callback writes."""
        losses = [
            9,
            8,
            7.9999,
            7.99,
            7.99,
            8.5,
            8.2,
            8.1,
            7.5,
            7.6,
            7.5,
            7.51,
            7.6,
            7.7,
            7.8,
            7.9,
            7.4,
            7.4,
            7.4,
            7.4,
            7.4,
            7.4,
            7.4,
            3.0,
            3.0,
            3.0,
            3.1,
        ]
        for config in CONFIGS["reduce_on_plateau"]:
            with self.subTest(config=config):
                got = self.rates_with_losses({"type": "reduce_on_plateau", **config}, losses)
                wanted = plateau(config, len(losses), 1, losses)
                self.close(got, wanted, 1e-6, f"reduce_on_plateau {config}")

    def rates_with_losses(self, config, losses):
        model = peer.Model(1, [{"type": "dense", "units": 1, "bias": False, "init": "zeros"}])
        one = np.ones((1, 1), np.float32)
        weight, seen = model.tensors["0.weight"].values, []

        def progress(epoch, end):
            if not end:
                seen.append(float(weight[0, 0]))
                weight[0, 0] = 1e4 - losses[epoch - 1]  # the absolute error of this epoch
            else:
                weight[0, 0] = 0.0

        model.fit(
            peer.Data(one, values=1e4 * one),
            "mae",
            {"type": "sgd", "learning_rate": RATE},
            config,
            epochs=len(losses),
            batch_size=1,
            progress=progress,
            validation=peer.Data(one, values=1e4 * one),
        )
        return seen
