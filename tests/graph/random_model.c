#include <stdio.h>
#include <string.h>

#include <snug/snug.h>

#include "data/dataset.h"
#include "model/model.h"
#include "random_model.h"
#include "support.h"
#include "support/registry.h"

enum { TRAINING = 40, MEMBERS = 3, LAYERS_MAX = 8, SPEC = 512 };

typedef struct layer_specs {
    char items[LAYERS_MAX][SPEC];
    size_t count;
} layer_specs;

/* Any but the exponential function: where its outputs enter waves, a rounding changes the phase. */
static const char *random_activation(uint64_t *state) {
    const size_t count = built_in_count(SNUG_GROUP_ACTIVATION);
    const char *name = snug_kind_at(SNUG_GROUP_ACTIVATION, draw(state, count))->name;
    return strcmp(name, "exp") == 0 ? "tanh" : name;
}

/* Makes a model of the layers and a linear one, without weights; NULL: they do not fit. */
static snug_model *model_of(const layer_specs *specs, size_t inputs, size_t outputs) {
    snug_model *model = snug_model_new(inputs);
    const char *last = "{\"type\": \"dense\", \"units\": %zu}";
    char spec[SPEC];
    for (size_t i = 0; i < specs->count; i++) {
        snug_model_add(model, snug_layer_new(specs->items[i]));
        if (strstr(specs->items[i], "batch_ensemble") != NULL) {
            last = "{\"type\": \"batch_ensemble\", \"units\": %zu, \"shared\": false, \"members\": "
                   "3}";
        }
    }
    snprintf(spec, sizeof spec, last, outputs); /* NOLINT: one of the two formats */
    if (snug_model_add(model, snug_layer_new(spec)) == SNUG_OK) {
        return model;
    }
    snug_model_free(model);
    return NULL;
}

/* Embeds the columns that are numbers of categories, as no other layer takes them. */
static void embed_codes(const snug_table_schema *table, layer_specs *specs) {
    char *spec = specs->items[0];
    int n = snprintf(spec, SPEC, "{\"type\": \"category_embedding\", \"units\": 2, \"columns\": [");
    for (size_t i = 0, feature = 0; i < table->column_count; i++) {
        const snug_column *column = &table->columns[i];
        if (column->embedding) {
            n += snprintf(spec + n, SPEC - (size_t)n, "%s{\"column\": %zu, \"categories\": %zu}",
                          specs->count > 0 ? ", " : "", feature, column->categories.count);
            specs->count = 1;
        }
        feature += snug_column_features(column);
    }
    snprintf(spec + n, SPEC - (size_t)n, "]}");
}

/* Adds layers of any kinds and activations, as long as they fit behind each other. */
static layer_specs random_layers(uint64_t *state, const snug_table_schema *table) {
    layer_specs specs = {.count = 0};
    const size_t inputs = table->features;
    embed_codes(table, &specs);
    const size_t wanted = draw(state, 5) + specs.count;
    for (size_t i = 0; i < 3 * wanted && specs.count < wanted; i++) {
        char *spec = specs.items[specs.count++];
        if (draw(state, 2) == 0) {
            snprintf(spec, SPEC, "%s", random_activation(state));
        } else {
            size_t kind = draw(state, built_in_count(SNUG_GROUP_LAYER));
            smallest_spec(snug_kind_at(SNUG_GROUP_LAYER, kind), spec, SPEC);
        }
        snug_model *model = model_of(&specs, inputs, 1);
        specs.count -= model == NULL;
        snug_model_free(model);
    }
    return specs;
}

random_case random_case_make(uint64_t seed) {
    random_case c = {.state = seed * 7919 + 1};
    uint64_t *s = &c.state;
    size_t loss = draw(s, built_in_count(SNUG_GROUP_LOSS));
    c.loss = (const snug_loss_kind *)(const void *)snug_kind_at(SNUG_GROUP_LOSS, loss);
    bool classes = (c.loss->targets & SNUG_TARGET_CLASSES) != 0;
    c.table = random_columns(s, classes, 2 + draw(s, 3) * (c.loss->single_output == NULL));
    c.options =
        (snug_csv_options){.task = classes ? SNUG_TASK_CLASSIFICATION : SNUG_TASK_REGRESSION,
                           .missing = (snug_missing)draw(s, 2),
                           .missing_indicator = draw(s, 2) == 0,
                           .categories = (snug_categories)draw(s, 3),
                           .embedding_above = 3 + draw(s, 4)};
    c.scaling = (snug_scaling)draw(s, 6);
    for (size_t i = 0; i < c.table.count && c.scaling == SNUG_SCALING_NONE; i++) {
        c.table.types[i] = c.table.types[i] == WIDE ? NUMBER : c.table.types[i];
    }
    write_table(&c.table, "t.csv", TRAINING, s, NULL);
    c.training = snug_dataset_read_csv("t.csv", &c.options);
    ck_assert_msg(c.training != NULL, "%s", snug_error());
    return c;
}

/* Returns how many outputs the model of a case has. */
static size_t outputs_of(const random_case *c) {
    if (strcmp(c->loss->base.name, "quantile") == 0) {
        return 3;
    }
    bool one = c->table.classes && c->table.class_count == 2 && c->loss->binary;
    return c->table.classes ? (one ? 1 : c->table.class_count) : 1;
}

/* Trains on all rows, or for a member of an ensemble on two of three. NULL: a loss refuses them. */
static snug_model *train(random_case *c, uint64_t seed, const snug_dataset *training) {
    const layer_specs specs = random_layers(&c->state, c->training->storage->table);
    snug_model *model = model_of(&specs, snug_dataset_column_count(c->training), outputs_of(c));
    const char *loss = strcmp(c->loss->base.name, "quantile") == 0
                           ? "{\"type\": \"quantile\", \"taus\": [0.1, 0.5, 0.9]}"
                           : c->loss->base.name;
    const snug_fit_options o = {.loss = snug_loss_new(loss),
                                .epochs = 1,
                                .batch_size = 10,
                                .seed = seed,
                                .scaling = c->scaling,
                                .clip_predictions = !c->table.classes && draw(&c->state, 2) == 0};
    snug_status status = snug_fit(model, training, &o, NULL);
    if (status != SNUG_OK) {
        snug_model_free(model);
        return NULL;
    }
    return model;
}

/* Gives a model of logits a temperature and, for two classes, a threshold. */
static void calibrate(snug_model *model, uint64_t *state) {
    snug_postprocessing *own = snug_model_need_postprocessing(model);
    if (own != NULL && draw(state, 2) == 0) {
        own->temperature = 0.5 + 0.5 * (double)draw(state, 6);
        own->threshold = snug_model_class_count(model) == 2 ? 0.3 : 0;
    }
}

snug_model *random_model(random_case *c, uint64_t seed) {
    snug_model *model = train(c, seed, c->training);
    if (model != NULL && c->loss->logits) {
        calibrate(model, &c->state);
    }
    return model;
}

/* Trains a member of an ensemble on the rows but those of fold `fold`. */
static snug_model *train_member(random_case *c, size_t fold) {
    size_t rows[TRAINING], count = 0;
    for (size_t row = 0; row < snug_dataset_row_count(c->training); row++) {
        if (row % MEMBERS != fold) {
            rows[count++] = row;
        }
    }
    snug_dataset *part = snug_dataset_select(c->training, rows, count);
    snug_model *member = train(c, fold, part);
    snug_dataset_free(part);
    if (member != NULL && c->loss->logits) {
        calibrate(member, &c->state);
    }
    return member;
}

snug_model *random_ensemble(random_case *c) {
    snug_model *members[MEMBERS], *ensemble = NULL;
    size_t trained = 0;
    for (size_t i = 0; i < MEMBERS; i++) {
        members[i] = train_member(c, i);
        trained += members[i] != NULL;
    }
    if (trained == MEMBERS) {
        ensemble = snug_model_new_ensemble(members, MEMBERS);
        ck_assert_msg(ensemble != NULL || c->loss->output == NULL, "%s", snug_error());
    }
    if (ensemble != NULL && c->loss->logits) {
        calibrate(ensemble, &c->state);
    }
    for (size_t i = 0; i < MEMBERS; i++) {
        snug_model_free(members[i]);
    }
    return ensemble;
}

void random_case_clear(random_case *c) {
    snug_dataset_free(c->training);
}
