/*
 * Self-normalizing networks as Klambauer, Unterthiner, Mayr and Hochreiter 2017 train them on the
 * tables of UCI: normal weights of variance 1/fan_in, SELU, alpha dropout of 0.05, plain gradient
 * descent at a constant rate of 0.01.
 */
#include "recipes/recipe.h"

// clang-format off
// NOLINTBEGIN(bugprone-macro-parentheses): they would be in the JSON

#define LAYERS(DEPTH, UNITS) \
    [{"repeat": DEPTH, "layers": [ \
        {"type": "dense", "units": 256, "init": "lecun_normal"}, "selu", \
        {"type": "alpha_dropout", "rate": 0.05}]}, \
     {"type": "dense", "units": UNITS, "init": "lecun_normal"}]

#define NETWORK(UNITS) \
    "data": {"validation": 0.15}, \
    "model": {"layers": LAYERS(4, UNITS)}

/* Of "train": all but the loss. No run ends early: the best epoch's weights are kept. */
#define TRAIN(METRIC) \
    "optimizer": {"type": "sgd", "learning_rate": 0.01}, \
    "schedule": "constant", \
    "batch_size": 128, \
    "epochs": 100, \
    "early_stopping": {"patience": 100, "metric": METRIC}

/*
 * About the one that the paper searches, narrower and less deep: a trial takes minutes at most.
 * Gradients of values have no bound, so that high learning rates diverge with them.
 */
#define SPACE(UNITS, LEAST_RATE, MOST_RATE) \
    "train.optimizer.learning_rate": {"log_uniform": [LEAST_RATE, MOST_RATE]}, \
    "model.layers": [LAYERS(2, UNITS), LAYERS(4, UNITS), LAYERS(8, UNITS)], \
    "model.layers[*].units": [64, 128, 256, 512], \
    "model.layers[*].rate": [0, 0.05, 0.1], \
    "train.batch_size": [32, 128]

const snug_recipe snug_recipe_snn = {
    .name = "snn",
    .version = "snn-1",
    .summary = "the self-normalizing network of Klambauer et al. 2017: SELU, alpha dropout, "
               "gradient descent",
    .classes = SNUG_TEMPLATE({
        NETWORK("classes"),
        "train": {"loss": "softmax_cross_entropy", TRAIN("accuracy")}
    }),
    .values = SNUG_TEMPLATE({
        NETWORK("targets"),
        "train": {"loss": "mse", TRAIN("loss")}
    }),
    .classes_space = SNUG_TEMPLATE({SPACE("classes", 0.001, 0.1)}),
    .values_space = SNUG_TEMPLATE({SPACE("targets", 0.0001, 0.01)}),
};
// NOLINTEND(bugprone-macro-parentheses)
// clang-format on
