"""scikit-learn's side of bench/compare: python3 sklearn_peer.py SHAPES.json, then commands. It has
no SELU."""
import sys
import warnings

import numpy as np
from sklearn.neural_network import MLPClassifier

from shapes import read_shapes, serve, time_of

warnings.filterwarnings("ignore")
shapes = read_shapes(sys.argv[1])
ready = {}


def train(name, variant, seconds):
    shape = shapes[name]
    rows = shape.batch * min(shape.rows // shape.batch, 50)
    if name not in ready:
        x, y = shape.inputs()[:rows], shape.classes()[:rows]
        net = MLPClassifier(
            hidden_layer_sizes=shape.widths[1:-1],
            activation=variant,
            solver="adam" if shape.adam else "sgd",
            batch_size=shape.batch,
            learning_rate_init=1e-3,
            momentum=0.9,
            nesterovs_momentum=False,
            alpha=0,
        )
        net.partial_fit(x, y, classes=np.arange(shape.widths[-1]))
        ready.clear()
        ready[name] = net, x, y
    net, x, y = ready[name]
    return time_of(lambda: net.partial_fit(x, y), float(seconds)) / (rows // shape.batch)


serve({"train": train})
