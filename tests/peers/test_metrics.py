"""Each metric beside scikit-learn's, with ties among the predictions and weights of the rows."""
import numpy as np
from sklearn import metrics as sk

import peer

ROWS = 151


class Probabilities(np.ndarray):
    """What a model predicts, an entry a class, with the logits that it comes from."""

    def __new__(cls, predictions, logits):
        made = np.asarray(predictions, np.float64).view(cls)
        made.logits = logits
        return made


def softmax(z):
    e = np.exp(z - z.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def averaged(score):
    """score, score_macro, score_micro and score_binary of classes."""

    def of(average):
        return lambda y, p, decided, w: score(
            y, decided, average=average, sample_weight=w, zero_division=0
        )

    return {"": of("macro"), "_macro": of("macro"), "_micro": of("micro"), "_binary": of("binary")}


def roc_auc(y, p, decided, w):
    """Of two classes as scikit-learn; of more the mean of each class against the rest."""
    if p.shape[1] == 2:
        return sk.roc_auc_score(y, p[:, 1], sample_weight=w)
    return np.mean([sk.roc_auc_score(y == k, p[:, k], sample_weight=w) for k in range(p.shape[1])])


def top(k):
    """By the logits, which tell classes apart where probabilities are rounded to the same
    number."""
    return lambda y, p, decided, w: sk.top_k_accuracy_score(
        y, p.logits, k=k, sample_weight=w, labels=np.arange(p.shape[1])
    )


def brier_score(y, p, decided, w):
    """Of two classes as scikit-learn, of the second; of more the sum over the classes."""
    if p.shape[1] == 2:
        return sk.brier_score_loss(y, p[:, 1], sample_weight=w)
    errors = ((p - np.eye(p.shape[1])[y]) ** 2).sum(1)
    return np.average(np.asarray(errors), weights=w)


def calibration_error(y, p, decided, w):
    """Of 15 bins (Guo et al. 2017)."""
    w = np.ones(len(y)) if w is None else w
    p = np.asarray(p)
    bins = np.maximum(np.ceil(p.max(1) * 15), 1)
    gaps = w * ((p.argmax(1) == y) - p.max(1))
    return sum(abs(gaps[bins == b].sum()) for b in range(1, 16)) / w.sum()


CLASSES = {
    "accuracy": lambda y, p, d, w: sk.accuracy_score(y, d, sample_weight=w),
    "balanced_accuracy": lambda y, p, d, w: sk.balanced_accuracy_score(y, d, sample_weight=w),
    "matthews_corrcoef": lambda y, p, d, w: sk.matthews_corrcoef(y, d, sample_weight=w),
    "error": lambda y, p, d, w: 1 - sk.accuracy_score(y, d, sample_weight=w),
    "brier_score": brier_score,
    "expected_calibration_error": calibration_error,
    "roc_auc": roc_auc,
    "log_loss": lambda y, p, d, w: sk.log_loss(y, p, sample_weight=w, labels=np.arange(p.shape[1])),
    **{f"top_{k}_accuracy": top(k) for k in (2, 3, 5, 10)},
}
for name, score in (
    ("precision", sk.precision_score),
    ("recall", sk.recall_score),
    ("f1", sk.f1_score),
):
    CLASSES.update({name + end: function for end, function in averaged(score).items()})

LABELS = {
    "accuracy": lambda y, d, w: sk.accuracy_score(y, d, sample_weight=w),
    "error": lambda y, d, w: 1 - sk.accuracy_score(y, d, sample_weight=w),
    "hamming_loss": lambda y, d, w: sk.hamming_loss(y, d, sample_weight=w),
}
for name, score in (
    ("precision", sk.precision_score),
    ("recall", sk.recall_score),
    ("f1", sk.f1_score),
):
    for end, average in (("", "macro"), ("_macro", "macro"), ("_micro", "micro")):
        LABELS[name + end] = lambda y, d, w, score=score, average=average: score(
            y, d, average=average, sample_weight=w, zero_division=0
        )

VALUES = {
    "mae": lambda y, z, w: sk.mean_absolute_error(y, z, sample_weight=w),
    "mse": lambda y, z, w: sk.mean_squared_error(y, z, sample_weight=w),
    # Of several outputs the mean of their roots: scikit-learn 1.2 and later do the same.
    "rmse": lambda y, z, w: np.mean(
        np.sqrt(sk.mean_squared_error(y, z, sample_weight=w, multioutput="raw_values"))
    ),
    "r2": lambda y, z, w: sk.r2_score(y, z, sample_weight=w),
    "explained_variance": lambda y, z, w: sk.explained_variance_score(y, z, sample_weight=w),
}

# Of test_losses.py; a matrix; of a loss of several quantiles, in tests/train/quantiles.c.
NOT_NUMBERS = {"loss", "confusion_matrix", "interval_coverage"}


def row_weights(random, weighing):
    if weighing == "equal":
        return None
    weights = (random.random(ROWS) * 3).astype(np.float32)
    weights[::4] = 0.0
    return weights


class Metrics(peer.Comparison):
    def model(self, logits):
        """A model whose logits of row i are logits[i]: its inputs are an identity matrix."""
        model = peer.Model(
            len(logits), [{"type": "dense", "units": logits.shape[1], "bias": False}]
        )
        model.tensors["0.weight"].values[:] = logits
        return model

    def evaluate(self, logits, loss, names, **rows):
        model = self.model(logits)
        data = peer.Data(np.eye(len(logits), dtype=np.float32), **rows)
        return model.metrics(loss, data, names)

    def test_every_metric_has_a_reference(self):
        known = set(CLASSES) | set(LABELS) | set(VALUES) | NOT_NUMBERS
        for name in peer.names("metrics"):
            self.assertIn(name, known, "a metric without a reference")

    def suits(self, name, classes):
        if name.startswith("top_"):
            return int(name.split("_")[1]) < classes
        return not name.endswith("_binary") or classes == 2

    def test_classes(self):
        for classes in (2, 3, 12):
            for weighing in ("equal", "some zero"):
                for digits in (0, 3):  # 0: many equal logits
                    random = np.random.default_rng([classes, digits])
                    y = random.integers(0, classes, ROWS)
                    y[:classes] = np.arange(classes)
                    logits = np.round(random.normal(0, 1.5, (ROWS, classes)), digits)
                    logits = peer.floats(logits)
                    weights = row_weights(random, weighing)
                    p = self.model(logits).predict("softmax_cross_entropy", np.eye(ROWS))
                    self.close(p, softmax(logits.astype(np.float64)), 1e-6, "the predictions")
                    p = Probabilities(p, logits)
                    names = [n for n in CLASSES if self.suits(n, classes)]
                    got = self.evaluate(
                        logits, "softmax_cross_entropy", names, classes=y, weights=weights
                    )
                    for name in names:
                        with self.subTest(
                            metric=name, classes=classes, weights=weighing, digits=digits
                        ):
                            wanted = CLASSES[name](y, p, logits.argmax(1), weights)
                            self.close(got[name], wanted, 2e-6, f"{name} of {classes} classes")

    def test_two_classes_by_one_output(self):
        random = np.random.default_rng(2)
        y = random.integers(0, 2, ROWS)
        logits = peer.floats(np.round(random.normal(0, 1.5, (ROWS, 1)), 1))
        share = self.model(logits).predict("binary_cross_entropy", np.eye(ROWS)).astype(np.float64)
        self.close(share, 1 / (1 + np.exp(-logits.astype(np.float64))), 1e-6, "the predictions")
        p, decided = np.hstack([1 - share, share]), (logits[:, 0] > 0).astype(int)
        for weighing in ("equal", "some zero"):
            weights = row_weights(random, weighing)
            names = [n for n in CLASSES if self.suits(n, 2)]
            got = self.evaluate(logits, "binary_cross_entropy", names, classes=y, weights=weights)
            for name in names:
                with self.subTest(metric=name, weights=weighing):
                    self.close(got[name], CLASSES[name](y, p, decided, weights), 2e-6, name)

    def test_classes_that_never_occur(self):
        """Some classes have no row, some no decision, as scikit-learn with zero_division=0."""
        y = np.array([0, 0, 1, 1, 3, 3, 3])
        decided = np.array([0, 2, 1, 1, 0, 3, 1])
        logits = peer.floats(np.eye(5)[decided] * 3.0)
        names = ["precision", "recall", "f1", "precision_micro", "balanced_accuracy", "accuracy"]
        y_all = np.append(y, 4)  # the last row makes 5 classes; it weighs nothing
        logits = np.vstack([logits, logits[:1]])
        weights = peer.floats([1, 1, 2, 1, 1, 3, 1, 0])
        got = self.evaluate(logits, "softmax_cross_entropy", names, classes=y_all, weights=weights)
        for name in ("precision_micro", "balanced_accuracy", "accuracy"):
            with self.subTest(metric=name):
                wanted = CLASSES[name](y, softmax(logits[:-1]), decided, weights[:-1])
                self.close(got[name], wanted, 2e-6, name)

    def test_labels(self):
        for weighing in ("equal", "some zero"):
            random = np.random.default_rng(6)
            y = random.integers(0, 2, (ROWS, 4))
            logits = peer.floats(random.normal(0, 1.5, (ROWS, 4)))
            weights = row_weights(random, weighing)
            got = self.evaluate(
                logits, "binary_cross_entropy", list(LABELS), values=y, weights=weights
            )
            for name, reference in LABELS.items():
                with self.subTest(metric=name, weights=weighing):
                    self.close(got[name], reference(y, logits > 0, weights), 2e-6, name)

    def test_values(self):
        for outputs in (1, 3):
            for weighing in ("equal", "some zero"):
                for shift in (0.0, 1e3):
                    random = np.random.default_rng([outputs, int(shift)])
                    y = peer.floats(random.normal(shift, 2, (ROWS, outputs)))
                    z = peer.floats(y + random.normal(0.2, 0.7, (ROWS, outputs)))
                    weights = row_weights(random, weighing)
                    if weights is not None:
                        y[0] = 1e9  # of weight 0
                    got = self.evaluate(z, "mse", list(VALUES), values=y, weights=weights)
                    kept = slice(None) if weights is None else weights > 0
                    exact = (
                        y[kept].astype(np.float64),
                        z[kept].astype(np.float64),
                        None if weights is None else weights[kept],
                    )
                    for name, reference in VALUES.items():
                        with self.subTest(
                            metric=name, outputs=outputs, weights=weighing, shift=shift
                        ):
                            self.close(got[name], reference(*exact), 2e-6, name)

    def test_one_row(self):
        """r2 of a single row is not defined."""
        got = self.evaluate(peer.floats([[1.5]]), "mse", ["r2", "mae"], values=[[2.0]])
        self.assertTrue(np.isnan(got["r2"]))
        self.close(got["mae"], 0.5, 1e-6, "mae")
