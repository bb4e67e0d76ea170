#include <math.h>

#include "every.h"

static const char *const modes[] = {"fast", "slow", "exact", NULL};

#define AT(member) offsetof(every_config, member)
const snug_field every_fields[] = {
    {.name = "rate",
     .help = "h",
     .kind = SNUG_FIELD_REAL,
     .offset = AT(rate),
     .initial = 0.5,
     .min = 0,
     .max = 1,
     .open = SNUG_OPEN_MAX},
    {.name = "slope",
     .help = "h",
     .kind = SNUG_FIELD_REAL,
     .offset = AT(slope),
     .initial = -2,
     .min = -INFINITY,
     .max = 0,
     .open = SNUG_OPEN_MAX},
    {.name = "count",
     .help = "h",
     .kind = SNUG_FIELD_SIZE,
     .offset = AT(count),
     .initial = 3,
     .min = 1,
     .max = 9},
    {.name = "units",
     .help = "h",
     .kind = SNUG_FIELD_UNITS,
     .offset = AT(units),
     .min = 1,
     .required = true},
    {.name = "flag", .help = "h", .kind = SNUG_FIELD_BOOL, .offset = AT(flag), .initial = 1},
    {.name = "mode",
     .help = "h",
     .kind = SNUG_FIELD_CHOICE,
     .offset = AT(mode),
     .initial = 1,
     .choices = modes},
    {.name = "label",
     .help = "h",
     .kind = SNUG_FIELD_STRING,
     .offset = AT(label),
     .initial_text = "none"},
    {.name = "note", .help = "h", .kind = SNUG_FIELD_STRING, .offset = AT(note), .file = true},
    {.name = "tags", .help = "h", .kind = SNUG_FIELD_STRINGS, .offset = AT(tags)},
    {.name = "init",
     .help = "h",
     .kind = SNUG_FIELD_OBJECT,
     .offset = AT(init),
     .group = SNUG_GROUP_INIT,
     .initial_text = "zeros"},
    {.name = "function",
     .help = "h",
     .kind = SNUG_FIELD_OBJECT,
     .offset = AT(function),
     .group = SNUG_GROUP_ACTIVATION},
    {.name = "layers", .help = "h", .kind = SNUG_FIELD_LAYERS, .offset = AT(layers)},
    {.name = "source",
     .help = "h",
     .kind = SNUG_FIELD_SOURCE,
     .offset = AT(source),
     .min = 0,
     .max = 1,
     .open = SNUG_OPEN_MIN | SNUG_OPEN_MAX},
    {.name = "files", .help = "h", .kind = SNUG_FIELD_SOURCE, .offset = AT(files)},
    {.kind = SNUG_FIELD_END},
};

const char every_spec[] =
    "{\"type\":\"every\",\"rate\":0.25,\"slope\":-0.5,\"count\":7,\"units\":\"classes\","
    "\"flag\":false,\"mode\":\"exact\",\"label\":\"l\",\"note\":\"n.csv\",\"tags\":[\"a\",\"b\"],"
    "\"init\":{\"type\":\"he_normal\",\"gain\":1,\"truncated\":true},"
    "\"function\":{\"type\":\"elu\",\"alpha\":1.5},"
    "\"layers\":[{\"type\":\"elu\",\"alpha\":2},"
    "{\"type\":\"every\",\"rate\":0.5,\"slope\":-2,\"count\":3,\"units\":5,\"flag\":true,"
    "\"mode\":\"slow\",\"label\":\"none\",\"note\":null,\"tags\":[],"
    "\"init\":{\"type\":\"zeros\"},\"function\":null,\"layers\":[],\"source\":\"t.csv\","
    "\"files\":null}],"
    "\"source\":0.125,\"files\":{\"images\":\"i.idx\",\"labels\":\"l.idx\"}}";

static const char *check(const void *config) {
    const every_config *c = config;
    return c->mode == 0 && c->rate > 0.9 ? "rate must be at most 0.9 where mode is \"fast\"" : NULL;
}

static snug_status plan(const void *config, snug_layer_shape *shape) {
    (void)config;
    shape->outputs = shape->inputs;
    return SNUG_OK;
}

static void run(const void *config, const snug_layer_call *layer_run) {
    (void)config;
    (void)layer_run;
}

const snug_layer_kind every_kind = {
    .base = {.name = "every",
             .summary = "a field of every kind",
             .fields = every_fields,
             .config_size = sizeof(every_config),
             .check = check},
    .plan = plan,
    .forward = run,
    .backward = run,
};
