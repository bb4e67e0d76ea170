#include "recipes/recipe.h"

// clang-format off
const snug_recipe snug_recipe_tabular_fast = {
    .name = "tabular-fast",
    .version = "tabular-fast-1",
    .summary = "two hidden layers of 256 SELU units and 64 epochs: nearly as good in seconds",
    .classes = SNUG_TEMPLATE({
        "data": {"validation": 0.2, "scaling": "robust_clip", "missing": "median"},
        "model": {"layers": [
            {"type": "feature_scale", "learning_rate_factor": 6},
            {"repeat": 2, "layers": [
                {"type": "dense", "units": 256, "parametrization": "ntk", "init": "data_driven",
                 "bias_init": "data_driven", "bias_learning_rate_factor": 0.1},
                {"type": "parametric_activation", "function": "selu",
                 "learning_rate_factor": 0.1},
                {"type": "dropout", "rate": 0.15, "schedule": "flat_cosine"}]},
            {"type": "dense", "units": "classes", "parametrization": "ntk",
             "bias_learning_rate_factor": 0.1}]},
        "train": {
            "loss": {"type": "softmax_cross_entropy", "label_smoothing": 0.1},
            "optimizer": {"type": "adamw", "learning_rate": 0.04, "beta2": 0.95,
                          "weight_decay": 0.02},
            "schedule": "coslog",
            "weight_decay_schedule": "flat_cosine",
            "decay_biases": false,
            "batch_size": 256,
            "epochs": 64,
            "early_stopping": {"patience": 64, "metric": "loss", "keep": "last_best"}}
    }),
    .values = SNUG_TEMPLATE({
        "data": {"validation": 0.2, "scaling": "robust_clip", "missing": "median"},
        "model": {"layers": [
            {"type": "feature_scale", "learning_rate_factor": 6},
            {"repeat": 2, "layers": [
                {"type": "dense", "units": 256, "parametrization": "ntk", "init": "data_driven",
                 "bias_init": "data_driven", "bias_learning_rate_factor": 0.1},
                {"type": "parametric_activation", "function": "selu",
                 "learning_rate_factor": 0.1},
                {"type": "dropout", "rate": 0.15, "schedule": "flat_cosine"}]},
            {"type": "dense", "units": "targets", "parametrization": "ntk",
             "bias_learning_rate_factor": 0.1}]},
        "train": {
            "loss": "mse",
            "optimizer": {"type": "adamw", "learning_rate": 0.05, "beta2": 0.95,
                          "weight_decay": 0.02},
            "schedule": "coslog",
            "weight_decay_schedule": "flat_cosine",
            "decay_biases": false,
            "clip_predictions": true,
            "batch_size": 256,
            "epochs": 64,
            "early_stopping": {"patience": 64, "metric": "loss", "keep": "last_best"}}
    }),
};
// clang-format on
