#include <math.h>

#include "every.h"

static const char *const points[] = {".", ",", NULL};
static const char *const modes[] = {"fast", "slow", "exact", NULL};

static const snug_field watch_fields[] = {
    {.name = "turns",
     .help = "h",
     .kind = SNUG_FIELD_SIZE,
     .offset = offsetof(every_watch, turns),
     .initial = 4,
     .min = 1},
    {.name = "word",
     .help = "h",
     .kind = SNUG_FIELD_STRING,
     .offset = offsetof(every_watch, word),
     .initial_text = "w"},
    {.kind = SNUG_FIELD_END},
};

static const char *check_watch(const void *config) {
    const every_watch *watch = config;
    return watch->turns == 13 ? "turns must not be 13" : NULL;
}

static const snug_kind watch_kind = {.name = "watch",
                                     .summary = "a record",
                                     .fields = watch_fields,
                                     .config_size = sizeof(every_watch),
                                     .check = check_watch};

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
    {.name = "tags", .help = "h", .kind = SNUG_FIELD_STRINGS, .offset = AT(tags), .counted = true},
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
    {.name = "seed", .help = "h", .kind = SNUG_FIELD_SEED, .offset = AT(seed), .initial = 7},
    {.name = "kept",
     .help = "h",
     .kind = SNUG_FIELD_BOOL,
     .offset = AT(unkept),
     .inverted = true,
     .initial = 1},
    {.name = "mark", .help = "h", .kind = SNUG_FIELD_CHARACTER, .offset = AT(mark), .initial = ','},
    {.name = "point",
     .help = "h",
     .kind = SNUG_FIELD_CHARACTER,
     .offset = AT(point),
     .choices = points,
     .initial = '.'},
    {.name = "watch",
     .help = "h",
     .kind = SNUG_FIELD_RECORD,
     .offset = AT(watch),
     .record = &watch_kind},
    {.name = "columns",
     .help = "h",
     .kind = SNUG_FIELD_COLUMNS,
     .offset = AT(columns),
     .initial_text = "numeric"},
    {.name = "shares",
     .help = "h",
     .kind = SNUG_FIELD_NUMBERS,
     .offset = AT(shares),
     .min = 0,
     .max = 1,
     .open = SNUG_OPEN_MIN | SNUG_OPEN_MAX},
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
    "\"init\":{\"type\":\"zeros\"},\"function\":null,\"source\":\"t.csv\","
    "\"files\":null,\"seed\":7,\"kept\":true,\"mark\":\",\",\"point\":\".\",\"watch\":null,"
    "\"columns\":\"numeric\",\"shares\":null}],"
    "\"source\":0.125,\"files\":{\"images\":\"i.idx\",\"labels\":\"l.idx\"},"
    "\"seed\":9007199254740992,\"kept\":false,\"mark\":\"tab\",\"point\":\",\",\"watch\":{"
    "\"turns\":2,\"word\":"
    "\"x\"},\"columns\":[\"age\",2,{\"column\":\"city\",\"categories\":12}],"
    "\"shares\":[0.25,0.875]}";

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
