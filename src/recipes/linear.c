#include "recipes/recipe.h"

// clang-format off
// NOLINTBEGIN(bugprone-macro-parentheses): they would be in the JSON

#define LAYER(UNITS) \
    "data": {"validation": 0.2, "missing": "median"}, \
    "model": {"layers": [{"type": "dense", "units": UNITS, "l2": 0.0001}]}

/* Of "train": all but the loss. No run ends early: the best epoch's weights are kept. */
#define TRAIN \
    "optimizer": {"type": "adam", "learning_rate": 0.02}, \
    "schedule": "cosine", \
    "batch_size": 256, \
    "epochs": 100, \
    "early_stopping": {"patience": 100, "metric": "loss"}

#define SPACE \
    "train.optimizer.learning_rate": {"log_uniform": [0.006, 0.06]}, \
    "model.layers[0].l2": [0, 0.00001, 0.0001, 0.001, 0.01], \
    "train.batch_size": [64, 256, 1024]

const snug_recipe snug_recipe_linear = {
    .name = "linear",
    .version = "linear-1",
    .summary = "no hidden layer: logistic or linear regression, to compare with",
    .classes = SNUG_TEMPLATE({
        LAYER("classes"),
        "train": {"loss": "softmax_cross_entropy", TRAIN}
    }),
    .values = SNUG_TEMPLATE({
        LAYER("targets"),
        "train": {"loss": "mse", TRAIN}
    }),
    .classes_space = SNUG_TEMPLATE({SPACE}),
    .values_space = SNUG_TEMPLATE({SPACE}),
};
// NOLINTEND(bugprone-macro-parentheses)
// clang-format on
