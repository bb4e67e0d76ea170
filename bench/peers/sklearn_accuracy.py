#!/usr/bin/env python3
"""What models learn, beside scikit-learn's MLP on the same rows (Debian: python3-sklearn).

usage: sklearn_accuracy.py [SNUG] [SPLITS]     SNUG defaults to build/snug, SPLITS to 5

Each data set of examples/data is split SPLITS times into four parts of training rows and one of
test rows, stratified where there are classes. Snug trains on them by the experiment of examples/
with that name (labels: by the program examples/labels beside SNUG), scikit-learn by MLPClassifier
or MLPRegressor with its defaults, but for up to 1000 epochs, on standardized features. Both predict
the test rows, and scikit-learn's functions evaluate both: the mean over the splits is printed.
Commands are printed with -v as the last argument. The settings of the experiments were chosen on
splits with other seeds, from 100 on.
"""
import json
import os
import subprocess
import sys
import tempfile
import warnings

import pandas as pd
from sklearn import metrics
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

warnings.filterwarnings("ignore")
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
verbose = sys.argv[-1] == "-v"
arguments = sys.argv[1:-1] if verbose else sys.argv[1:]
snug = os.path.abspath(arguments[0] if arguments else os.path.join(ROOT, "build", "snug"))
splits = int(arguments[1]) if len(arguments) > 1 else 5

# experiment, target, metric
SETS = [
    ("digits", "digit", "accuracy"),
    ("breast_cancer", "diagnosis", "accuracy"),
    ("diabetes", "progression", "r2"),
    ("rare", "kind", "balanced accuracy"),
]
LABELS = ["ring", "wave", "same"]
METRICS = {
    "accuracy": metrics.accuracy_score,
    "r2": metrics.r2_score,
    "balanced accuracy": metrics.balanced_accuracy_score,
}


def run(*command):
    if verbose:
        print("   ", " ".join(command))
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def snug_predictions(name, target, metric, train, test, directory):
    """Trains by the experiment with other rows; replies its predictions of the test rows."""
    rows, asked, out, model = (
        os.path.join(directory, part)
        for part in ("train.csv", "test.csv", "out.csv", "model.safetensors")
    )
    train.to_csv(rows, index=False)
    test.drop(columns=target).to_csv(asked, index=False)
    run(
        snug,
        "train",
        os.path.join(ROOT, "examples", name + ".json"),
        "--quiet",
        "--out",
        model,
        "--set",
        "data.train=" + json.dumps(rows),
        "--set",
        "data.validation=null",
        "--set",
        "data.test=null",
    )
    run(snug, "predict", model, asked, "--out", out)
    return pd.read_csv(out)[target if metric == "r2" else "prediction"]


def peer_predictions(target, metric, train, test, seed):
    kind = MLPRegressor if metric == "r2" else MLPClassifier
    net = make_pipeline(StandardScaler(), kind(max_iter=1000, random_state=seed))
    return net.fit(train.drop(columns=target), train[target]).predict(test.drop(columns=target))


def report(name, metric, ours, theirs):
    print(
        f"{name:14} {metric:18} snug {sum(ours) / splits:.4f}   "
        f"scikit-learn {sum(theirs) / splits:.4f}",
        flush=True,
    )


def compare(name, target, metric):
    table = pd.read_csv(os.path.join(ROOT, "examples", "data", name + ".csv"))
    ours, theirs = [], []
    for seed in range(splits):
        classes = None if metric == "r2" else table[target]
        train, test = train_test_split(table, test_size=0.2, random_state=seed, stratify=classes)
        with tempfile.TemporaryDirectory() as directory:
            mine = snug_predictions(name, target, metric, train, test, directory)
        ours.append(METRICS[metric](test[target], mine))
        theirs.append(
            METRICS[metric](test[target], peer_predictions(target, metric, train, test, seed))
        )
    report(name, metric, ours, theirs)


def compare_labels():
    """All labels of a row right: the program computes the same measure itself."""
    table = pd.read_csv(os.path.join(ROOT, "examples", "data", "labels.csv"))
    program = os.path.join(os.path.dirname(snug), "examples", "labels")
    ours, theirs = [], []
    for seed in range(splits):
        train, test = train_test_split(table, test_size=0.2, random_state=seed)
        with tempfile.TemporaryDirectory() as directory:
            paths = [os.path.join(directory, part) for part in ("train.csv", "test.csv")]
            train.to_csv(paths[0], index=False)
            test.to_csv(paths[1], index=False)
            ours.append(float(run(program, *paths).split("accuracy ")[1].split()[0]))
        net = make_pipeline(StandardScaler(), MLPClassifier(max_iter=1000, random_state=seed))
        net.fit(train.drop(columns=LABELS), train[LABELS])
        predicted = net.predict(test.drop(columns=LABELS))
        theirs.append(metrics.accuracy_score(test[LABELS], predicted))
    report("labels", "subset accuracy", ours, theirs)


for entry in SETS:
    compare(*entry)
compare_labels()
