"""Variants of the recipe tabular: each changes one piece of the experiment that `snug new` wrote.

A variant is a function that changes an experiment in place. One that leaves it as it is has
nothing to change there: label smoothing, say, where the target holds values.
"""
import copy

STANDARD_RATE = 0.003  # of weights without the neural tangent parametrization
WIDE = 256  # units of the one network in place of four
LINEAR = ("dense", "batch_ensemble")


def layers(experiment):
    return experiment["model"]["layers"]


def of_type(experiment, *types):
    return [layer for layer in layers(experiment) if layer["type"] in types]


def without(kind):
    """Leaves out the layers of a type."""
    def change(experiment):
        kept = [layer for layer in layers(experiment) if layer["type"] != kind]
        experiment["model"]["layers"] = kept
    return change


def setting(path, value):
    """Sets a member, such as "train.schedule", where the experiment has it."""
    *parents, last = path.split(".")

    def change(experiment):
        for name in parents:
            experiment = experiment.get(name, {})
        if last in experiment:
            experiment[last] = value
    return change


def same_object(value, name):
    """Whether a member is an object of a type, given by its name or with its fields."""
    return (value["type"] if isinstance(value, dict) else value) == name


def activation(name):
    """Takes another function for the parametric activations."""
    def change(experiment):
        for layer in of_type(experiment, "parametric_activation"):
            if not same_object(layer["function"], name):
                layer["function"] = name
    return change


def other_clipping(experiment):
    scaling = experiment["data"]["scaling"]
    other = {"robust_clip": "standard_clip", "standard_clip": "robust_clip"}
    experiment["data"]["scaling"] = other[scaling]


def standard_parametrization(experiment):
    """Gives the weights STANDARD_RATE; all other parameters keep their learning rates."""
    rate = experiment["train"]["optimizer"]["learning_rate"]
    for layer in of_type(experiment, *LINEAR):
        layer["parametrization"] = "standard"
        layer["learning_rate_factor"] = STANDARD_RATE / rate


def plain_activation(experiment):
    experiment["model"]["layers"] = [
        layer["function"] if layer["type"] == "parametric_activation" else layer
        for layer in layers(experiment)]


def default_init(experiment):
    for layer in of_type(experiment, *LINEAR):
        layer.pop("init", None)
        layer.pop("bias_init", None)


def alpha_dropout(experiment):
    for layer in of_type(experiment, "dropout"):
        layer.update(type="alpha_dropout", rate=0.05)


def one_network(experiment):
    """One network of dense layers in place of four; only the hidden layers have other units."""
    ensemble = of_type(experiment, "batch_ensemble")
    for layer in ensemble:
        for name in ("members", "shared", "scale_init"):
            del layer[name]
        layer["type"] = "dense"
    for layer in ensemble[:-1]:
        layer["units"] = WIDE


RECIPE = "recipe"
VARIANTS = {
    RECIPE: lambda experiment: None,
    "no periodic_embedding": without("periodic_embedding"),
    "scaling standard": setting("data.scaling", "standard"),
    "the other clipped scaling": other_clipping,
    f"parametrization standard (rate {STANDARD_RATE})": standard_parametrization,
    "schedule cosine": setting("train.schedule", "cosine"),
    "schedule constant": setting("train.schedule", "constant"),
    "beta2 0.999": setting("train.optimizer.beta2", 0.999),
    "no label smoothing": setting("train.loss.label_smoothing", 0),
    "no feature_scale": without("feature_scale"),
    "plain activation": plain_activation,
    "default init": default_init,
    "no dropout": without("dropout"),
    "alpha_dropout 0.05": alpha_dropout,
    "no weight decay": setting("train.optimizer.weight_decay", 0),
    f"one network of {WIDE} units": one_network,
    "SELU": activation("selu"),
    "Mish": activation("mish"),
    "ReLU": activation("relu"),
    "keep best": setting("train.early_stopping.keep", "best"),
    "no clip_predictions": setting("train.clip_predictions", False),
}


def changed(variant, experiment):
    """The experiment of a variant; None where it is the recipe's own."""
    result = copy.deepcopy(experiment)
    VARIANTS[variant](result)
    return None if variant != RECIPE and result == experiment else result
