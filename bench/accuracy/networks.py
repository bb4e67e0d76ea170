"""The networks that the SNN paper compares: self-normalizing ones and their six rivals.

Klambauer et al. 2017, "Self-normalizing neural networks", table A11, whose names these are:

    SNN         SELU, LeCun's weights, alpha dropout
    MSRAinit    ReLU with He's weights, dropout
    BatchNorm   batch normalization before each ReLU (Ioffe and Szegedy 2015)
    LayerNorm   layer normalization before each ReLU (Ba et al. 2016)
    WeightNorm  ReLU, weights as direction and length (Salimans and Kingma 2016)
    Highway     highway blocks of one layer of ReLU (Srivastava et al. 2015)
    ResNet      residual blocks of two normalized layers of ReLU (He et al. 2016)

Each method has the same configurations: every number of hidden layers, learning rate, and with and
without dropout. That is alpha dropout of 0.05 for SNN; dropout of 0.5 for MSRAinit and Highway, as
in the paper; and of 0.05 for the others, for which the paper has none.
"""
import itertools
import statistics

WIDTH = 64
DEPTHS = [2, 4, 8, 16]
RATES = [0.01, 0.03, 0.1]
DROPOUT = [0, 1]
CONFIGURATIONS = [{"depth": depth, "rate": rate, "dropout": dropout}
                  for depth, rate, dropout in itertools.product(DEPTHS, RATES, DROPOUT)]
SEED = 1
AVERAGED = 10  # epochs of a learning curve

DROPOUT_LAYERS = {
    "SNN": {"type": "alpha_dropout", "rate": 0.05},
    "MSRAinit": {"type": "dropout", "rate": 0.5},
    "Highway": {"type": "dropout", "rate": 0.5},
}
OTHER_DROPOUT = {"type": "dropout", "rate": 0.05}


def dense(init, units=WIDTH, **fields):
    return {"type": "dense", "units": units, "init": init, **fields}


def plain(init, activation, *between, **fields):
    """The layers of one hidden layer."""
    return [dense(init, **fields), *between, activation]


def residual(dropout):
    """Two layers with a skip; the activation follows the sum, as in He et al. 2016."""
    def normalized():
        return [dense("he_normal", bias=False), "batch_norm"]

    return [{"type": "residual", "layers": normalized() + ["relu"] + dropout + normalized()},
            "relu"]


# From the dropout's layers, none or one, to those of one hidden layer.
HIDDEN = {
    "SNN": lambda drop: plain("lecun_normal", "selu") + drop,
    "MSRAinit": lambda drop: plain("he_normal", "relu") + drop,
    "BatchNorm": lambda drop: plain("he_normal", "relu", "batch_norm", bias=False) + drop,
    "LayerNorm": lambda drop: plain("he_normal", "relu", "layer_norm", bias=False) + drop,
    "WeightNorm": lambda drop: plain("he_normal", "relu", weight_norm=True) + drop,
    "Highway": lambda drop: [{"type": "highway", "layers": plain("he_normal", "relu") + drop}],
    "ResNet": residual,
}
METHODS = list(HIDDEN)


def layers(method, configuration):
    """The layers of a method's network, as an experiment file has them."""
    drop = [DROPOUT_LAYERS.get(method, OTHER_DROPOUT)] if configuration["dropout"] else []
    depth = configuration["depth"]
    if method == "Highway":  # the first layer brings the rows to the blocks' width
        hidden = plain("he_normal", "relu") + (depth - 1) * HIDDEN[method](drop)
    elif method == "ResNet":  # so it does here; a block has two layers
        hidden = (plain("he_normal", "relu", "batch_norm", bias=False)
                  + max(1, (depth - 1) // 2) * HIDDEN[method](drop))
    else:
        hidden = depth * HIDDEN[method](drop)
    init = "lecun_normal" if method == "SNN" else "he_normal"
    return hidden + [dense(init, "classes")]


def batch_size(rows):
    """Some hundreds of steps in 100 epochs also for the smallest sets."""
    return next((size for limit, size in ((250, 8), (1000, 16), (4000, 32)) if rows < limit), 64)


def epochs(rows):
    """100 as in the paper; fewer for sets so large that each epoch has hundreds of steps."""
    return max(30, min(100, 500000 // rows))


def experiment(method, configuration, target, rows, table, epoch_count=None):
    """A whole experiment file, for a table whose column "part" says which rows are for what.

    The learning rate is constant, so that a training of fewer epochs is the first part of a longer.
    """
    return {
        "data": {"train": str(table), "target": target, "split": "part"},
        "model": {"layers": layers(method, configuration)},
        "train": {
            "loss": "softmax_cross_entropy",
            "optimizer": {"type": "sgd", "learning_rate": configuration["rate"]},
            "batch_size": batch_size(rows), "epochs": epoch_count or epochs(rows), "seed": SEED,
            "metrics": ["accuracy"],
        },
    }


def best_epoch(accuracies):
    """Where to stop by the accuracies of the validation rows after each epoch, and the accuracy.

    That is, as in the paper, where their moving average over ten epochs is largest: the last of
    these ten, and the average. Of equal ones the first.
    """
    size = min(AVERAGED, len(accuracies))
    means = [statistics.fmean(accuracies[end - size:end])
             for end in range(size, len(accuracies) + 1)]
    best = max(range(len(means)), key=lambda i: (round(means[i], 9), -i))
    return best + size, means[best]


def name_of(configuration):
    """How the results call a configuration; "" where there is none, as for recipes."""
    return "{depth} layers, rate {rate}, dropout {dropout}".format(**configuration)


def choose(entries):
    """The best of several configurations' results by the validation rows alone.

    Of equal ones, as in the paper, that with more layers, then the lower rate, then dropout.
    Training that diverged has no result. None where all have diverged.
    """
    trained = [entry for entry in entries if entry["validation"] is not None]
    return max(trained, default=None, key=lambda entry: (
        entry["validation"], entry["depth"], -entry["rate"], entry["dropout"]))
