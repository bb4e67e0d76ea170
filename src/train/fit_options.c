#include <assert.h>

#include "core/status.h"
#include "kinds/field_macros.h"
#include "kinds/fields.h"
#include "metrics/metrics.h"
#include "train/fit_options.h"

/* ---- early stopping -------------------------------------------------------------------------- */

static const char *const keep_names[] = {[SNUG_KEEP_BEST] = "best",
                                         [SNUG_KEEP_LAST_BEST] = "last_best",
                                         [SNUG_KEEP_LAST] = "last",
                                         NULL};

static_assert(sizeof(snug_keep) == sizeof(int), "a CHOICE is stored as an int");

static const snug_field early_stopping_fields[] = {
    SNUG_SIZE_FIELD(snug_early_stopping, patience, 10, SNUG_AT_LEAST(1),
                    "epochs without a better metric of the validation rows before training ends"),
    SNUG_REAL_FIELD(snug_early_stopping, min_delta, 0, SNUG_AT_LEAST(0),
                    "a metric is better when it is so by more than this"),
    SNUG_SIZE_FIELD(snug_early_stopping, start_epoch, 1, SNUG_AT_LEAST(1),
                    "the first epoch that counts; earlier ones are neither best nor waited for"),
    {SNUG_FIELD(snug_early_stopping, metric, STRING, "the metric that is watched, by its name"),
     .names = snug_metric_name, .initial_text = "loss"},
    SNUG_CHOICE_FIELD(snug_early_stopping, keep, SNUG_KEEP_BEST, keep_names,
                      "the epoch whose weights the model ends with: last_best: the last of those "
                      "that tie for the best"),
    SNUG_FIELDS_END};

static const char *check_early_stopping(const void *config) {
    const snug_early_stopping *e = config;
    return e->keep_last && e->keep == SNUG_KEEP_LAST_BEST
               ? "keep_last is short for SNUG_KEEP_LAST, where .keep is SNUG_KEEP_LAST_BEST"
               : NULL;
}

static const snug_kind early_stopping = {
    .name = "early_stopping",
    .summary = "ends training when the validation rows' metric becomes no better",
    .fields = early_stopping_fields,
    .config_size = sizeof(snug_early_stopping),
    .check = check_early_stopping};

/* ---- inspections ----------------------------------------------------------------------------- */

static const snug_field inspect_fields[] = {
    SNUG_SIZE_FIELD(snug_inspect_steps, every, 100, SNUG_AT_LEAST(1),
                    "optimizer steps from one inspection to the next"),
    SNUG_SIZE_FIELD(snug_inspect_steps, rows, 1000, SNUG_AT_LEAST(1),
                    "training rows that are inspected, spread evenly over all"),
    SNUG_FIELDS_END};

static const snug_kind inspect = {
    .name = "inspect",
    .summary = "measures what layers do to activations and gradients, in lines of --history",
    .fields = inspect_fields,
    .config_size = sizeof(snug_inspect_steps)};

/* ---- calibration ----------------------------------------------------------------------------- */

static const char *calibration_name(size_t index) {
    return index == 0 ? "temperature" : NULL;
}

/* The metrics that depend on the predicted classes alone. */
static const char *decision_metric_name(size_t index) {
    const snug_metric_kind *kind;
    for (size_t i = 0; (kind = snug_metric_at(i)) != NULL; i++) {
        if (kind->flags & SNUG_METRIC_OF_DECISIONS && index-- == 0) {
            return kind->name;
        }
    }
    return NULL;
}

/* ---- training -------------------------------------------------------------------------------- */

static_assert(offsetof(snug_train_settings, fit) == 0, "offsets in the options are used");
static_assert(offsetof(snug_fit_options, metric_count) ==
                  offsetof(snug_fit_options, metrics) + sizeof(char **),
              "the number of metrics must be behind them: .counted");

const snug_field snug_train_fields[] = {
    {SNUG_FIELD(snug_train_settings, start_from, STRING,
                "the model file whose weights and preprocessing training starts from; null: new "
                "weights")},
    {SNUG_FIELD(snug_train_settings, loss, OBJECT,
                "what training makes small; it tells whether the targets are classes or values"),
     .group = SNUG_GROUP_LOSS, .initial_text = "softmax_cross_entropy"},
    {SNUG_FIELD(snug_train_settings, optimizer, OBJECT, "how the gradients move the weights"),
     .group = SNUG_GROUP_OPTIMIZER, .initial_text = SNUG_DEFAULT_OPTIMIZER},
    {SNUG_FIELD(snug_train_settings, schedule, OBJECT,
                "the course of the learning rate over the steps"),
     .group = SNUG_GROUP_SCHEDULE, .initial_text = "constant"},
    {SNUG_FIELD(snug_train_settings, weight_decay_schedule, OBJECT,
                "the course of the optimizer's weight_decay over the steps; null: constant"),
     .group = SNUG_GROUP_SCHEDULE},
    {.name = "decay_biases",
     .help = "whether weight_decay is of biases and of the weights of normalizations too",
     .kind = SNUG_FIELD_BOOL,
     .offset = offsetof(snug_fit_options, keep_biases),
     .inverted = true,
     .initial = true},
    SNUG_SIZE_FIELD(snug_fit_options, batch_size, SNUG_DEFAULT_BATCH_SIZE, SNUG_AT_LEAST(1),
                    "rows of a step; the last batch of an epoch may be smaller"),
    SNUG_SIZE_FIELD(snug_fit_options, epochs, 10, SNUG_AT_LEAST(1),
                    "passes over the training rows"),
    {SNUG_FIELD(snug_fit_options, seed, SEED,
                "of the initial weights, the splits, the shuffles and the masks")},
    {.name = "shuffle",
     .help = "whether each epoch takes the rows in another order",
     .kind = SNUG_FIELD_BOOL,
     .offset = offsetof(snug_fit_options, keep_order),
     .inverted = true,
     .initial = true},
    {SNUG_FIELD(snug_fit_options, metrics, STRINGS,
                "what each epoch gives beside the loss; none: accuracy, or mae and r2 for values"),
     .counted = true, .names = snug_metric_name},
    SNUG_BOOL_FIELD(snug_fit_options, clip_predictions, false,
                    "whether predicted values are clipped to the range of the training targets; "
                    "metrics are of the clipped values, the loss is of those before"),
    SNUG_REAL_FIELD(snug_fit_options, clip_norm, 0, SNUG_AT_LEAST(0),
                    "largest norm of a step's gradients, over all parameters at once; 0: any"),
    SNUG_REAL_FIELD(snug_fit_options, clip_value, 0, SNUG_AT_LEAST(0),
                    "largest absolute value of each gradient, clipped before the norm; 0: any"),
    SNUG_SIZE_FIELD(snug_fit_options, accumulate, 1, SNUG_AT_LEAST(1),
                    "batches whose rows make one step together"),
    SNUG_REAL_FIELD(
        snug_fit_options, ema, 0, SNUG_FROM_BELOW(0, 1),
        "decay of a moving average of the weights, which the trained model has; 0: none"),
    {SNUG_FIELD(snug_fit_options, calibration, STRING,
                "of probabilities, on the validation rows after training: \"temperature\"; null: "
                "none"),
     .names = calibration_name},
    {SNUG_FIELD(snug_fit_options, threshold_metric, STRING,
                "the metric of the validation rows that chooses the probability above which the "
                "second of two classes is predicted; null: 0.5"),
     .names = decision_metric_name},
    SNUG_BOOL_FIELD(snug_fit_options, strict, false, "whether each warning of the run is an error"),
    {SNUG_FIELD(snug_fit_options, early_stopping, RECORD,
                "when training ends before its last epoch; null: never"),
     .record = &early_stopping},
    {SNUG_FIELD(snug_fit_options, inspect, RECORD,
                "when the layers are inspected, for --history; null: never"),
     .record = &inspect},
    SNUG_FIELDS_END};

snug_status snug_fit_options_complete(snug_fit_options *options) {
    snug_train_settings settings = {.fit = *options};
    snug_fields_set_defaults_if_zero(snug_train_fields, &settings);
    snug_status status = snug_fields_check(snug_train_fields, &settings, "");
    *options = settings.fit;
    if (options->early_stopping.keep_last) {
        options->early_stopping.keep = SNUG_KEEP_LAST;
    }
    if (status == SNUG_ERROR_CONFIG) { /* which a value in a program is not */
        status = snug_fail(SNUG_ERROR_ARGUMENT, "%s", snug_error());
    }
    return status;
}
