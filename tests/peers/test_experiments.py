"""
Random experiments over every kind: each trains with 1 to 5 threads to the same bits, and the saved
model loads, evaluates and predicts what it should. SNUG_EXPERIMENTS says how many (300).
"""
import csv
import hashlib
import io
import json
import os
import random
import re
import shutil
import subprocess
import tempfile

import numpy as np

import peer

COUNT = int(os.environ.get("SNUG_EXPERIMENTS", "300"))
THREADS = (1, 2, 3, 4, 5)
ROWS_OF_DATA = (90, 90, 90, 33, 14)

# Targets that a loss needs beyond any numbers.
DOMAINS = {"kl_divergence": "shares", "poisson": "counts", "binary_cross_entropy": "labels"}

# Kinds that other kinds of an experiment hold, or that need a parameter that no range tells.
BLOCKS = {"residual", "highway"}
PENALTIES = {"l1": 0.001, "l2": 0.002, "max_norm": 1.5}


def digest(path):
    """The SHA-256 of a file, or None where there is none."""
    if not os.path.exists(path):
        return None
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def run(*arguments):
    return subprocess.run(
        [peer.TOOL, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        timeout=120,
    )


# ---- random kinds, by what `snug describe` says --------------------------------------------------


def limits(field):
    """The least and the largest value of a range such as "(0, 1]", ">= 0" or "> 1"."""
    text = field["range"]
    interval = re.fullmatch(r"[\[(](\S+), (\S+)[\])]", text)
    if interval:
        return float(interval[1]), float(interval[2]), text[0] == "(", text[-1] == ")"
    one_side = re.fullmatch(r"(>=?) (\S+)", text)
    return (
        (float(one_side[2]), np.inf, one_side[1] == ">", False)
        if one_side
        else (-np.inf, np.inf, False, False)
    )


def real(dice, field):
    low, high, open_low, open_high = limits(field)
    default = field["default"] or 0.0
    value = default * 2.0 ** dice.uniform(-1.5, 1.5) if default else dice.choice([0.0, 0.01, 0.3])
    if open_high and value >= high:
        value = low + (high - low) * dice.uniform(0.3, 0.9)
    if open_low and value <= low:
        value = low + min(high - low, 1.0) * dice.uniform(0.3, 0.9)
    return min(max(value, low), high)


class Maker:
    """Draws experiments. `dice` decides; kinds are taken in turn, so that each one is met."""

    def __init__(self, dice):
        self.dice = dice
        self.kinds = peer.describe()
        self.turn = {group: dice.randrange(len(k)) for group, k in self.kinds.items()}

    def find(self, group, name):
        return next(k for k in self.kinds[group] if k["name"] == name)

    def next_name(self, group, without=()):
        while True:
            self.turn[group] += 1
            name = self.kinds[group][self.turn[group] % len(self.kinds[group])]["name"]
            if name not in without:
                return name

    def value(self, field):
        """A value for a field, or None to leave its default."""
        dice, name, kind = self.dice, field["name"], field["kind"]
        if name in PENALTIES:
            return PENALTIES[name] if dice.random() < 0.1 else None
        if dice.random() < 0.5:
            return None
        if kind == "real":
            return real(dice, field)
        if kind == "bool":
            return dice.random() < 0.5
        if kind == "choice":
            return dice.choice(re.findall(r'"([^"]+)"', field["range"]))
        if kind == "size":
            low = int(limits(field)[0])
            return low + dice.randrange(1, 4)
        return None

    def kind(self, group, name, **given):
        made = {"type": name}
        for field in self.find(group, name)["fields"]:
            value = self.value(field)
            if value is not None:
                made[field["name"]] = value
        return {**made, **given}

    # ---- layers ----

    def dense(self, units):
        layer = self.kind("layers", "dense", units=units)
        if layer.get("weight_norm"):
            return {k: v for k, v in layer.items() if k not in PENALTIES}
        if self.dice.random() < 0.5:
            layer["init"] = self.kind("inits", self.next_name("inits"))
        return layer

    def activation(self):
        return self.kind("activations", self.next_name("activations"))

    def hidden(self, name, width):
        """A layer that keeps the width."""
        if name in BLOCKS:
            inner = [self.dense(5), self.activation(), self.dense(width)]
            return self.kind("layers", name, layers=inner)
        if name == "parametric_activation":
            return self.kind("layers", name, function=self.activation())
        return self.kind("layers", name)

    def members(self, width, outputs):
        """An ensemble of networks in one."""
        count = self.dice.choice([2, 3, 5])
        made = [self.kind("layers", "batch_ensemble", units=width, members=count)]
        made += [self.activation(), self.hidden("parametric_activation", width)]
        last = self.kind("layers", "batch_ensemble", units=outputs, members=count)
        return made + [last]

    def layers(self, width, outputs):
        if self.dice.random() < 0.1:
            return self.members(width, outputs)
        layers = [self.dense(width), self.activation()]
        for _ in range(self.dice.randrange(3)):
            name = self.next_name("layers", without={"dense", "activation", "batch_ensemble"})
            layers.append(self.hidden(name, width))
        return layers + [{"type": "dense", "units": outputs}]

    # ---- the rest ----

    def schedule(self):
        name = self.next_name("schedules")
        made = self.kind("schedules", name)
        if name == "warmup" and self.dice.random() < 0.5:
            made["then"] = self.kind("schedules", self.next_name("schedules", without={"warmup"}))
        return made

    def optimizer(self):
        """SGD's nesterov and dampening need a momentum."""
        made = self.kind("optimizers", self.next_name("optimizers"))
        if made["type"] == "sgd" and not made.get("momentum"):
            made = {k: v for k, v in made.items() if k not in ("nesterov", "dampening")}
        return made

    def loss(self):
        name = self.next_name("losses")
        made = self.kind("losses", name)
        classes = takes_classes(name) and (name not in DOMAINS or self.dice.random() < 0.5)
        if classes and "class_weights" in [f["name"] for f in self.find("losses", name)["fields"]]:
            if self.dice.random() < 0.4:
                made["class_weights"] = "balanced"
        return made, "classes" if classes else DOMAINS.get(name, "values")

    def suit_all_rows_at_once(self, train, layers):
        """Leaves what L-BFGS accepts, most of which is refused beside it."""
        for key in ("accumulate", "clip_norm", "clip_value", "ema"):
            train.pop(key, None)
        units = layers[-1]["units"]
        layers[:] = [{"type": "dense", "units": 6}, self.activation()]
        layers.append({"type": "dense", "units": units})

    def experiment(self, directory):
        dice = self.dice
        loss, targets = self.loss()
        classes = dice.choice([2, 2, 3, 6])
        single = targets == "classes" and classes == 2 and loss["type"] != "softmax_cross_entropy"
        outputs = dice.choice([1, 3]) if targets != "shares" else 3
        if targets == "classes":
            outputs = 1 if single and dice.random() < 0.7 else classes
        columns, names = table(dice, directory, targets, classes, outputs)
        data = {
            "train": "rows.csv",
            "validation": dice.choice([0.2, 0.35]),
            "scaling": dice.choice(["standard", "standard", "min_max", "robust", "robust_clip",
                                    "standard_clip"]),
        }
        data.update({"target": names[0]} if len(names) == 1 else {"target": names})
        if dice.random() < 0.4:
            data["weights"] = "weight"
        else:
            data["ignore"] = ["weight"]
        if dice.random() < 0.3:
            data["categories"] = "integer"
        if dice.random() < 0.2:
            data["target_scaling"] = "none"
        train = {
            "loss": loss,
            "optimizer": self.optimizer(),
            "batch_size": dice.choice([1, 7, 16, 32, 64]),
            "epochs": dice.randrange(1, 5),
            "seed": dice.randrange(1000),
        }
        if dice.random() < 0.6:
            train["schedule"] = self.schedule()
        for key, values in (
            ("accumulate", [2, 3, 40]),
            ("clip_norm", [1.0, 1e-3]),
            ("clip_value", [0.5]),
            ("ema", [0.9, 0.1]),
            (
                "early_stopping",
                [
                    {"patience": 1},
                    {"patience": 2, "keep": "last_best"},
                    {"patience": 1, "restore_best_weights": False},
                ],
            ),
        ):
            if dice.random() < 0.15:
                train[key] = dice.choice(values)
        layers = self.layers(dice.choice([6, 13, 33]), outputs)
        if train["optimizer"]["type"] == "lbfgs" and dice.random() < 0.5:
            self.suit_all_rows_at_once(train, layers)
        return {"data": data, "model": {"layers": layers}, "train": train}, columns


def takes_classes(loss):
    """Whether a loss accepts a class as target, by trying."""
    try:
        model = peer.Model(2, [{"type": "dense", "units": 2}])
        model.training_pass(loss, np.eye(2), classes=[0, 1])
        return True
    except peer.SnugError:
        return False


def table(dice, directory, targets, classes, outputs):
    """Writes rows.csv: numbers, a category, weights and targets; (rows by column, target names)."""
    rows = []
    names = ["y"] if targets == "classes" or outputs == 1 else [f"y{j}" for j in range(outputs)]
    for i in range(dice.choice(ROWS_OF_DATA)):
        x = [dice.gauss(0, 1), dice.gauss(5, 3), dice.gauss(-100, 20)]
        row = {
            "a": x[0],
            "b": x[1],
            "c": x[2],
            "kind": dice.choice("pqr"),
            "weight": dice.choice([0, 1, 1, 2.5]),
        }
        signal = [np.sin(x[0] + j) + 0.2 * x[1] for j in range(max(outputs, 1))]
        if targets == "classes":
            row["y"] = "k%d" % (i if i < classes else int(abs(signal[0] * 7)) % classes)
        elif targets == "shares":
            shares = np.exp(signal) / np.exp(signal).sum()
            row.update(zip(names, [float(s) for s in shares]))
        else:
            values = {
                "values": signal,
                "counts": [int(abs(2 * s)) for s in signal],
                "labels": [int(s > 1) for s in signal],
            }[targets]
            row.update(zip(names, values))
        rows.append(row)
    with open(os.path.join(directory, "rows.csv"), "w", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return {key: [row[key] for row in rows] for key in rows[0]}, names


# ---- the test ------------------------------------------------------------------------------------


class Experiments(peer.Comparison):
    def train(self, directory, threads):
        """The exit status, the error message, and the digest of the model file."""
        model = os.path.join(directory, f"{threads}.safetensors")
        done = run(
            "train",
            os.path.join(directory, "e.json"),
            "--out",
            model,
            "--threads",
            str(threads),
            "--quiet",
        )
        return done.returncode, done.stderr.strip(), digest(model)

    def check_predictions(self, directory, experiment, columns):
        """Predictions are finite, one a row, and give the accuracy that evaluate reports."""
        model, data = os.path.join(directory, "1.safetensors"), os.path.join(directory, "rows.csv")
        predicted, evaluated = run("predict", model, data), run("evaluate", model, data, "--json")
        self.assertEqual(
            (predicted.returncode, evaluated.returncode),
            (0, 0),
            predicted.stderr + evaluated.stderr,
        )
        rows, report = list(csv.DictReader(io.StringIO(predicted.stdout))), json.loads(
            evaluated.stdout
        )
        self.assertEqual(len(rows), len(columns["a"]))
        numbers = [
            float(v)
            for row in rows
            for k, v in row.items()
            if k != "prediction" or "y" not in columns or not str(columns["y"][0]).startswith("k")
        ]
        self.assertTrue(np.isfinite(numbers).all(), "a prediction is not finite")
        if report["loss"] is None:  # diverged in the last step, to outputs of -infinity
            self.assertEqual(experiment["train"]["loss"]["type"], "poisson")
            self.assertFalse(np.any(numbers), "the loss is not finite")
            return
        self.assertTrue(np.isfinite(report["loss"]), "the loss is not finite")
        if "y" in columns and str(columns["y"][0]).startswith("k"):
            weighted = "weights" in experiment["data"]
            weights = np.array(columns["weight"] if weighted else [1.0] * len(rows))
            right = np.array([r["prediction"] == y for r, y in zip(rows, columns["y"])])
            self.close(
                report["accuracy"],
                (weights * right).sum() / weights.sum(),
                1e-9,
                "accuracy by evaluate and by predict",
            )
            self.close(
                sum(map(sum, report["confusion"])),
                weights.sum(),
                1e-9,
                "weights in the confusion matrix",
            )

    def one(self, maker, directory):
        """Trains one experiment; returns the names of its kinds if a model was made, or None."""
        experiment, columns = maker.experiment(directory)
        with open(os.path.join(directory, "e.json"), "w") as file:
            json.dump(experiment, file, indent=1)
        runs = {threads: self.train(directory, threads) for threads in THREADS}
        status, message, _ = runs[1]
        self.assertIn(status, (0, 1, 2), message)
        for threads, seen in runs.items():
            self.assertEqual(
                seen, runs[1], f"{threads} threads differ from 1: {json.dumps(experiment)}"
            )
        if status != 0:
            errors = [m for m in message.splitlines() if not m.startswith("snug: warning: ")]
            self.assertEqual(len(errors), 1, message)
            self.refused += errors
            return None
        self.check_predictions(directory, experiment, columns)
        return set(re.findall(r'"type": ?"(\w+)"', json.dumps(experiment)))

    def test_every_kind_with_any_number_of_threads(self):
        seed = int(os.environ.get("SNUG_SEED", "1"))
        maker, met, self.refused = Maker(random.Random(seed)), set(), []
        for index in range(COUNT):
            with self.subTest(experiment=index, seed=seed):
                directory = tempfile.mkdtemp(prefix="snug-peers-")
                try:
                    met |= self.one(maker, directory) or set()
                finally:
                    shutil.rmtree(directory)
        if COUNT >= 300:
            every = {
                k["name"]
                for group, kinds in maker.kinds.items()
                if group not in ("metrics", "formats")
                for k in kinds
            } - {"activation"}
            self.assertEqual(every - met, set(), "kinds that no experiment trained with")
            self.assertLess(len(self.refused), 0.15 * COUNT, "\n".join(self.refused))
