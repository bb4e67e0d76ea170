#include "train/experiment_fields.h"

static const char *const missing_choices[] = {"error", "mean", NULL};

#define AT(member) offsetof(snug_data_config, member)
const snug_field snug_experiment_data_fields[] = {
    {.name = "train", .kind = SNUG_FIELD_SOURCE, .offset = AT(train), .required = true, .file = true,
     .help = "the training rows: a CSV file, or {\"images\": FILE, \"labels\": FILE} in IDX format"},
    {.name = "validation", .kind = SNUG_FIELD_SOURCE, .offset = AT(validation), .file = true,
     .min = 0, .max = 1, .open = SNUG_OPEN_MIN | SNUG_OPEN_MAX,
     .help = "rows to judge by after each epoch: files, or a share of the training rows"},
    {.name = "test", .kind = SNUG_FIELD_SOURCE, .offset = AT(test), .file = true, .min = 0, .max = 1,
     .open = SNUG_OPEN_MIN | SNUG_OPEN_MAX,
     .help = "rows to judge by at the end: files, or a share of the training rows"},
    {.name = "target", .kind = SNUG_FIELD_STRING, .offset = AT(target),
     .help = "the target column of a CSV file; null: the last"},
    {.name = "standardize", .kind = SNUG_FIELD_BOOL, .offset = AT(standardize), .initial = 1,
     .help = "whether each feature is scaled to mean 0 and deviation 1 of the training rows"},
    {.name = "missing", .kind = SNUG_FIELD_CHOICE, .offset = AT(missing), .choices = missing_choices,
     .help = "a missing value is an error, or becomes the mean of the training rows"},
    {.name = "delimiter", .kind = SNUG_FIELD_STRING, .offset = AT(delimiter), .initial_text = ",",
     .help = "the character between the fields of a CSV file"},
    {.name = "header", .kind = SNUG_FIELD_BOOL, .offset = AT(header), .initial = 1,
     .help = "whether the first line of a CSV file names the columns"},
    {.kind = SNUG_FIELD_END},
};
#undef AT

#define AT(member) offsetof(snug_train_config, member)
const snug_field snug_experiment_train_fields[] = {
    {.name = "loss", .kind = SNUG_FIELD_OBJECT, .group = SNUG_GROUP_LOSS, .offset = AT(loss),
     .initial_text = "softmax_cross_entropy",
     .help = "what training makes small; it tells whether the targets are classes or values"},
    {.name = "optimizer", .kind = SNUG_FIELD_OBJECT, .group = SNUG_GROUP_OPTIMIZER,
     .offset = AT(optimizer), .initial_text = "adam", .help = "how the gradients move the weights"},
    {.name = "schedule", .kind = SNUG_FIELD_OBJECT, .group = SNUG_GROUP_SCHEDULE,
     .offset = AT(schedule), .initial_text = "constant",
     .help = "the course of the learning rate over the steps"},
    {.name = "batch_size", .kind = SNUG_FIELD_SIZE, .offset = AT(batch_size), .initial = 32, .min = 1,
     .max = 1 << 24, .help = "rows of a step; the last batch of an epoch may be smaller"},
    {.name = "epochs", .kind = SNUG_FIELD_SIZE, .offset = AT(epochs), .initial = 10, .min = 1,
     .max = 1e9, .help = "passes over the training rows"},
    {.name = "seed", .kind = SNUG_FIELD_SIZE, .offset = AT(seed), .initial = 0,
     .help = "of the initial weights, the splits, the shuffles and the masks"},
    {.name = "shuffle", .kind = SNUG_FIELD_BOOL, .offset = AT(shuffle), .initial = 1,
     .help = "whether each epoch takes the rows in another order"},
    {.kind = SNUG_FIELD_END},
};
#undef AT
