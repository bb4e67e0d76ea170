#include "recipes/recipe.h"

// clang-format off
const snug_recipe snug_recipe_tabular = {
    .name = "tabular",
    .version = "tabular-1",
    .summary = "for classes four networks of 3 x 128 SELU units in one, for values 3 x 256 Mish: "
               "the best in about 30 s per 10,000 rows",
    .classes = SNUG_TEMPLATE({
        "data": {"validation": 0.2, "scaling": "robust_clip", "missing": "median"},
        "model": {"layers": [
            {"type": "periodic_embedding", "when": "numbers", "learning_rate_factor": 0.1},
            {"type": "feature_scale", "learning_rate_factor": 6},
            {"repeat": 3, "layers": [
                {"type": "batch_ensemble", "units": 128, "members": 4, "shared": false,
                 "parametrization": "ntk", "init": "data_driven", "bias_init": "data_driven",
                 "bias_learning_rate_factor": 0.1},
                {"type": "parametric_activation", "function": "selu",
                 "learning_rate_factor": 0.1},
                {"type": "dropout", "rate": 0.15, "schedule": "flat_cosine"}]},
            {"type": "batch_ensemble", "units": "classes", "members": 4, "shared": false,
             "parametrization": "ntk", "init": "data_driven", "bias_init": "data_driven",
             "bias_learning_rate_factor": 0.1}]},
        "train": {
            "loss": {"type": "softmax_cross_entropy", "label_smoothing": 0.1},
            "optimizer": {"type": "adamw", "learning_rate": 0.04, "beta2": 0.95,
                          "weight_decay": 0.02},
            "schedule": "coslog",
            "weight_decay_schedule": "flat_cosine",
            "decay_biases": false,
            "batch_size": 256,
            "epochs": 200,
            "early_stopping": {"patience": 200, "metric": "loss", "keep": "last_best"}}
    }),
    .values = SNUG_TEMPLATE({
        "data": {"validation": 0.2, "scaling": "robust_clip", "missing": "median"},
        "model": {"layers": [
            {"type": "periodic_embedding", "when": "numbers", "learning_rate_factor": 0.1},
            {"type": "feature_scale", "learning_rate_factor": 6},
            {"repeat": 3, "layers": [
                {"type": "dense", "units": 256, "parametrization": "ntk", "init": "data_driven",
                 "bias_init": "data_driven", "bias_learning_rate_factor": 0.1},
                {"type": "parametric_activation", "function": "mish",
                 "learning_rate_factor": 0.1},
                {"type": "dropout", "rate": 0.15, "schedule": "flat_cosine"}]},
            {"type": "dense", "units": "targets", "parametrization": "ntk",
             "init": "data_driven", "bias_init": "data_driven",
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
            "epochs": 256,
            "early_stopping": {"patience": 256, "metric": "loss", "keep": "last_best"}}
    }),
};
// clang-format on
