/*
 * The recipes tabular and tabular-fast. What their templates have in common is in macros: members
 * of objects and elements of lists. Where one of these changes, the versions of both recipes do.
 */
#include "recipes/recipe.h"

// clang-format off
// NOLINTBEGIN(bugprone-macro-parentheses): they would be in the JSON

/* ---- what both have in common ---------------------------------------------------------------- */

#define DATA(SCALING) \
    "data": {"validation": 0.2, "scaling": SCALING, "missing": "median"}

/* An element of "layers": a factor for each feature. */
#define SCALE \
    {"type": "feature_scale", "learning_rate_factor": 6}

/* Of a linear layer: neural tangent parametrization. */
#define NTK \
    "parametrization": "ntk", "bias_learning_rate_factor": 0.1

/* Of a linear layer: weights and biases are initialized by the training rows. */
#define DATA_DRIVEN \
    "init": "data_driven", "bias_init": "data_driven"

/* Elements of "layers": those after each hidden linear layer. */
#define ACTIVATION(FUNCTION) \
    {"type": "parametric_activation", "function": FUNCTION, "learning_rate_factor": 0.1}, \
    {"type": "dropout", "rate": 0.15, "schedule": "flat_cosine"}

/* Of "train": the loss, where the target holds classes, and where targets hold values. */
#define CLASSES \
    "loss": {"type": "softmax_cross_entropy", "label_smoothing": 0.1}
#define VALUES \
    "loss": "mse", "clip_predictions": true

/* Of "train": all but the loss. No run ends early: the best epoch's weights are kept. */
#define TRAIN(EPOCHS, LEARNING_RATE) \
    "optimizer": {"type": "adamw", "learning_rate": LEARNING_RATE, "beta2": 0.95, \
                  "weight_decay": 0.02}, \
    "schedule": "coslog", \
    "weight_decay_schedule": "flat_cosine", \
    "decay_biases": false, \
    "batch_size": 256, \
    "epochs": EPOCHS, \
    "early_stopping": {"patience": EPOCHS, "metric": "loss", "keep": "last_best"}

/* Of a space: the width of all hidden layers, their dropout rate and their activation. */
#define SPACE(RATES, WIDTHS) \
    "train.optimizer.learning_rate": {"log_uniform": RATES}, \
    "train.optimizer.weight_decay": [0, 0.006, 0.02, 0.06], \
    "train.batch_size": [128, 256, 512], \
    "model.layers[*].units": WIDTHS, \
    "model.layers[*].rate": {"uniform": [0, 0.3]}, \
    "model.layers[*].function": ["selu", "mish", "relu"]
#define SMOOTHING \
    "train.loss.label_smoothing": [0, 0.1]

/* Of a space: ranges around the learning rates of classes and of values. */
#define CLASSES_RATES [0.013, 0.12]
#define VALUES_RATES [0.016, 0.15]

/* ---- tabular --------------------------------------------------------------------------------- */

/* An element of "layers": several numbers for each numeric column. */
#define EMBEDDING(FACTOR) \
    {"type": "periodic_embedding", "when": "numbers", "learning_rate_factor": FACTOR}

/* Of a linear layer: four networks, each with weights of its own. */
#define FOUR_NETWORKS \
    "type": "batch_ensemble", "members": 4, "shared": false

/* Of a space: the deviation of the frequencies. */
#define SIGMA \
    "model.layers[*].sigma": {"log_uniform": [0.05, 0.5]}
#define TABULAR_WIDTHS [64, 128, 192]

const snug_recipe snug_recipe_tabular = {
    .name = "tabular",
    .version = "tabular-1",
    .summary = "four networks of 3 x 128 units in one, SELU for classes, Mish for values: the best "
               "in about 30 s per 10,000 rows",
    .classes_summary = "four networks of 3 x 128 SELU units in one: the best for classes, in about "
                       "30 s per 10,000 rows",
    .values_summary = "four networks of 3 x 128 Mish units in one: the best for values, in about "
                      "30 s per 10,000 rows",
    .classes = SNUG_TEMPLATE({
        DATA("robust_clip"),
        "model": {"layers": [
            EMBEDDING(0.1),
            SCALE,
            {"repeat": 3, "layers": [
                {FOUR_NETWORKS, "units": 128, NTK, DATA_DRIVEN},
                ACTIVATION("selu")]},
            {FOUR_NETWORKS, "units": "classes", NTK, DATA_DRIVEN}]},
        "train": {CLASSES, TRAIN(200, 0.04)}
    }),
    .values = SNUG_TEMPLATE({
        DATA("standard_clip"),
        "model": {"layers": [
            EMBEDDING(0.5),
            SCALE,
            {"repeat": 3, "layers": [
                {FOUR_NETWORKS, "units": 128, NTK, DATA_DRIVEN},
                ACTIVATION("mish")]},
            {FOUR_NETWORKS, "units": "targets", NTK, DATA_DRIVEN}]},
        "train": {VALUES, TRAIN(256, 0.05)}
    }),
    .classes_space = SNUG_TEMPLATE({SPACE(CLASSES_RATES, TABULAR_WIDTHS), SIGMA, SMOOTHING}),
    .values_space = SNUG_TEMPLATE({SPACE(VALUES_RATES, TABULAR_WIDTHS), SIGMA}),
};

/* ---- tabular-fast ---------------------------------------------------------------------------- */

/* Elements of "layers": all but the last. */
#define HIDDEN \
    SCALE, \
    {"repeat": 2, "layers": [ \
        {"type": "dense", "units": 256, NTK, DATA_DRIVEN}, \
        ACTIVATION("selu")]}

#define FAST_WIDTHS [128, 256, 384]

const snug_recipe snug_recipe_tabular_fast = {
    .name = "tabular-fast",
    .version = "tabular-fast-1",
    .summary = "two hidden layers of 256 SELU units and 64 epochs: nearly as good in seconds",
    .classes = SNUG_TEMPLATE({
        DATA("robust_clip"),
        "model": {"layers": [HIDDEN, {"type": "dense", "units": "classes", NTK}]},
        "train": {CLASSES, TRAIN(64, 0.04)}
    }),
    .values = SNUG_TEMPLATE({
        DATA("robust_clip"),
        "model": {"layers": [HIDDEN, {"type": "dense", "units": "targets", NTK}]},
        "train": {VALUES, TRAIN(64, 0.05)}
    }),
    .classes_space = SNUG_TEMPLATE({SPACE(CLASSES_RATES, FAST_WIDTHS), SMOOTHING}),
    .values_space = SNUG_TEMPLATE({SPACE(VALUES_RATES, FAST_WIDTHS)}),
};
// NOLINTEND(bugprone-macro-parentheses)
// clang-format on
