#include "recipes/recipe.h"

// clang-format off
const snug_recipe snug_recipe_linear = {
    .name = "linear",
    .version = "linear-1",
    .summary = "no hidden layer: logistic or linear regression, to compare with",
    .classes = SNUG_TEMPLATE({
        "data": {"validation": 0.2, "missing": "median"},
        "model": {"layers": [{"type": "dense", "units": "classes", "l2": 0.0001}]},
        "train": {
            "loss": "softmax_cross_entropy",
            "optimizer": {"type": "adam", "learning_rate": 0.02},
            "schedule": "cosine",
            "batch_size": 256,
            "epochs": 100,
            "early_stopping": {"patience": 100, "metric": "loss"}}
    }),
    .values = SNUG_TEMPLATE({
        "data": {"validation": 0.2, "missing": "median"},
        "model": {"layers": [{"type": "dense", "units": "targets", "l2": 0.0001}]},
        "train": {
            "loss": "mse",
            "optimizer": {"type": "adam", "learning_rate": 0.02},
            "schedule": "cosine",
            "batch_size": 256,
            "epochs": 100,
            "early_stopping": {"patience": 100, "metric": "loss"}}
    }),
};
// clang-format on
