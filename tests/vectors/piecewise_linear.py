#!/usr/bin/env python3
"""Writes piecewise_linear.json: edges of bins by numpy's quantiles and by scikit-learn's trees, and
the outputs of a piecewise-linear embedding with numpy in double.
usage: piecewise_linear.py > FILE"""
import json

import numpy as np
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

ROWS = 203
rng = np.random.default_rng(7)


def rounded(a):
    """Numbers that floats hold, which JSON has in full."""
    return np.asarray(a, dtype=np.float32).astype(np.float64)


def padded(edges, bins):
    edges = np.unique(rounded(edges))
    return np.concatenate([edges, np.full(bins + 1 - len(edges), edges[-1])])


def quantile_edges(x, bins):
    return padded(np.quantile(x, np.linspace(0, 1, bins + 1)), bins)


def tree_edges(x, model, targets, bins, weights=None):
    model.fit(x[:, None], targets, sample_weight=weights)
    tree = model.tree_
    return padded(np.concatenate([[x.min()], tree.threshold[tree.feature == 0], [x.max()]]), bins)


def encode(x, edges):
    last, v = edges[-1], np.zeros((len(x), len(edges) - 1))
    for t in range(len(edges) - 1):
        if edges[t + 1] > edges[t]:
            v[:, t] = (x - edges[t]) / (edges[t + 1] - edges[t])
            if t > 0:
                v[:, t] = np.maximum(v[:, t], 0)
            if edges[t + 1] < last:
                v[:, t] = np.minimum(v[:, t], 1)
    return v


columns = {
    "normal": rounded(rng.normal(size=ROWS)),
    "heavy": rounded(rng.normal(size=ROWS) ** 3 * 50 + 10),
    "few": rounded(rng.integers(0, 4, size=ROWS)),
    "zeros": rounded(np.where(rng.random(ROWS) < 0.7, 0, rng.normal(size=ROWS))),
    "constant": rounded(np.full(ROWS, 2.5)),
}
z = sum(np.tanh(c / (1 + np.abs(c).max() / 3)) for c in columns.values())
values = rounded(3 * z + np.sin(4 * columns["normal"]) + 0.3 * rng.normal(size=ROWS))
classes = np.digitize(values, np.quantile(values, [0.3, 0.75]))
weights = rounded(rng.integers(1, 5, size=ROWS) / 2)
out = {"values": values.tolist(), "classes": classes.tolist(), "weights": weights.tolist(),
       "cases": []}
for name, x in columns.items():
    for bins, leaf in ((6, 10), (3, 1), (16, 25)):
        reg = DecisionTreeRegressor(max_leaf_nodes=max(bins, 2), min_samples_leaf=leaf)
        cls = DecisionTreeClassifier(
            criterion="entropy", max_leaf_nodes=bins, min_samples_leaf=leaf
        )
        out["cases"].append({
            "name": name, "x": x.tolist(), "bins": bins, "min_leaf": leaf,
            "quantiles": quantile_edges(x, bins).tolist(),
            "tree_values": tree_edges(x, reg, values, bins).tolist(),
            "tree_classes": tree_edges(x, cls, classes, bins).tolist(),
            "tree_weighted": tree_edges(x, reg, values, bins, weights).tolist()})
points = rounded([-9, -1.5, -0.3, 0, 0.2, 0.9, 1, 2, 5])
edges = rounded([[-1, -0.25, 0.5, 2, 3], [0, 1, 1, 1, 1], [4, 4, 4, 4, 4]])
w = rounded(rng.normal(size=(3, 4, 2)))
c = rounded(rng.normal(size=(3, 2)))
v = np.stack([encode(points, e) for e in edges], axis=1)  # points x columns x bins
y = np.einsum("pjt,jtu->pju", v, w) + c
out["embedding"] = {"x": points.tolist(), "edges": edges.ravel().tolist(),
                    "weight": w.ravel().tolist(), "bias": c.ravel().tolist(),
                    "encoding": v.ravel().tolist(), "outputs": y.ravel().tolist(),
                    "relu": np.maximum(y, 0).ravel().tolist()}
print("{" + ",\n".join(f'"{k}": {json.dumps(e)}' for k, e in out.items()) + "}")
