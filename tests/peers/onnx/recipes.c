#include <stdbool.h>
#include <string.h>

#include "recipes.h"

const loss_case losses[] = {
    {"softmax_cross_entropy", "\"softmax_cross_entropy\"", "\"class\"", "\"classes\""},
    {"mse", "\"mse\"", "[\"value\", \"other\"]", "2"},
    {"binary_cross_entropy", "\"binary_cross_entropy\"", "\"pair\"", "1"},
    {"mae", "\"mae\"", "\"value\"", "1"},
    {"huber", "\"huber\"", "[\"value\", \"other\"]", "2"},
    {"log_cosh", "\"log_cosh\"", "\"value\"", "1"},
    {"quantile", "{\"type\": \"quantile\", \"taus\": [0.1, 0.5, 0.9]}", "[\"value\", \"other\"]",
     "6"},
    {"poisson", "\"poisson\"", "\"count\"", "1"},
    {"kl_divergence", "\"kl_divergence\"", "[\"part\", \"rest\"]", "2"},
    {"hinge", "\"hinge\"", "\"class\"", "\"classes\""},
    {"focal", "\"focal\"", "\"class\"", "\"classes\""},
    /* beside one of each, others whose outputs mean something else */
    {"hinge", "\"hinge\"", "\"pair\"", "1"},
    {"focal", "\"focal\"", "\"pair\"", "1"},
    {"softmax_cross_entropy", "\"softmax_cross_entropy\"", "\"pair\"", "\"classes\""},
    {"binary_cross_entropy", "\"binary_cross_entropy\"", "\"class\"", "\"classes\""},
    {"quantile", "\"quantile\"", "\"value\"", "1"},
    {"binary_cross_entropy", "\"binary_cross_entropy\"", "[\"part\", \"rest\"]", "2"},
};

const layer_case layers[] = {
    {"dense", "{\"type\": \"dense\", \"units\": 7}"},
    {"batch_ensemble", "{\"type\": \"batch_ensemble\", \"units\": 6, \"members\": 3}, \"selu\", "
                       "{\"type\": \"batch_ensemble\", \"units\": 5, \"members\": 3}, \"tanh\""},
    {"activation", "{\"type\": \"activation\", \"function\": \"tanh\"}"},
    {"parametric_activation", "{\"type\": \"parametric_activation\", \"function\": \"mish\"}"},
    {"feature_scale", "\"feature_scale\""},
    {"prelu", "{\"type\": \"dense\", \"units\": 6}, \"prelu\""},
    {"dropout", "{\"type\": \"dropout\", \"rate\": 0.1}"},
    {"alpha_dropout", "{\"type\": \"dense\", \"units\": 6}, \"selu\", "
                      "{\"type\": \"alpha_dropout\", \"rate\": 0.1}"},
    {"gaussian_noise", "\"gaussian_noise\""},
    {"piecewise_linear_embedding",
     "{\"type\": \"piecewise_linear_embedding\", \"bins\": 5, \"units\": 3, "
     "\"activation\": \"relu\"}"},
    {"periodic_embedding", "{\"type\": \"periodic_embedding\", \"frequencies\": 4}"},
    {"category_embedding", "{\"type\": \"category_embedding\", \"units\": 3}"},
    {"batch_norm", "\"batch_norm\""},
    {"layer_norm", "{\"type\": \"dense\", \"units\": 6}, \"layer_norm\""},
    {"residual", "{\"type\": \"residual\", \"layers\": [{\"type\": \"dense\", \"units\": 9}, "
                 "\"selu\"]}"},
    {"highway", "{\"type\": \"dense\", \"units\": 6}, {\"type\": \"highway\", \"layers\": "
                "[{\"type\": \"dense\", \"units\": 6}, \"tanh\"]}"},
    /* beside one of each, others of their options */
    {"piecewise_linear_embedding",
     "{\"type\": \"piecewise_linear_embedding\", \"bins\": 4, \"units\": 0}"},
    {"periodic_embedding", "{\"type\": \"periodic_embedding\", \"variant\": \"plr\", "
                           "\"frequencies\": 3, \"units\": 4}"},
    {"batch_ensemble", "{\"type\": \"batch_ensemble\", \"units\": 6, \"members\": 3, "
                       "\"shared\": false}, \"relu\""},
};

static const char *const data_options[] = {
    "",
    ", \"missing_indicator\": true",
    ", \"missing\": \"median\", \"categories\": \"integer\"",
    ", \"categories\": \"embedding\", \"scaling\": \"robust_clip\"",
    ", \"scaling\": \"none\", \"columns\": [\"a\", \"colour\"], \"missing_indicator\": true",
    ", \"scaling\": \"min_max\", \"target_scaling\": \"none\"",
    ", \"scaling\": \"robust\", \"categories\": \"integer\", \"missing_indicator\": true",
    ", \"categories\": \"embedding\", \"scaling\": \"standard_clip\", \"missing_indicator\": true",
};

const size_t loss_count = sizeof losses / sizeof *losses;
const size_t layer_count = sizeof layers / sizeof *layers;

enum { DATA_OPTIONS = sizeof data_options / sizeof *data_options };

const char *const embedded_data = ", \"categories\": \"embedding\", \"scaling\": \"robust_clip\"";

recipe random_recipe(void) {
    return (recipe){
        .data = data_options[below(DATA_OPTIONS)], .train = "", .loss = &losses[below(loss_count)]};
}

void add_activation(text *t, const snug_kind *kind) {
    add(t, "{\"type\": \"activation\", \"function\": {\"type\": \"%s\"", kind->name);
    const snug_field *field = kind->fields;
    for (; field != NULL && field->kind != SNUG_FIELD_END; field++) {
        if (field->kind == SNUG_FIELD_REAL && !field->optional) {
            const double value = field->initial * uniform(0.7, 1.3);
            const bool bounded = field->max != 0 || field->min < 0;
            add(t, ", \"%s\": %.6g", field->name,
                bounded && value > field->max ? field->initial : value);
        }
    }
    add(t, "}}");
}

/* ---- training -------------------------------------------------------------------------------- */

static void write_experiment(text *json, const recipe *r) {
    const bool columns = strstr(r->data, "\"columns\"") != NULL;
    add(json, "{\"data\": {\"train\": \"table.csv\", \"target\": %s, \"validation\": 0.25%s%s}, ",
        r->loss->targets,
        columns ? "" : ", \"columns\": [\"a\", \"b\", \"time\", \"colour\", \"town\"]", r->data);
    const bool codes = strstr(r->data, "\"embedding\"") != NULL &&
                       strstr(r->hidden.bytes, "category_embedding") == NULL;
    add(json, "\"model\": {\"layers\": [%s", codes ? "\"category_embedding\", " : "");
    /* the members of an ensemble in one model end in a layer of each */
    const bool members = strstr(r->hidden.bytes, "batch_ensemble") != NULL;
    add(json, "%s%s{\"type\": \"%s\", \"units\": %s%s}]}, ", r->hidden.bytes,
        r->hidden.length > 0 ? ", " : "", members ? "batch_ensemble" : "dense", r->loss->units,
        members ? ", \"members\": 3, \"shared\": false" : "");
    add(json,
        "\"train\": {\"loss\": %s, \"epochs\": 3, \"seed\": %zu, "
        "\"optimizer\": {\"type\": \"adam\", \"learning_rate\": 0.01}%s}}",
        r->loss->json, below(1000), r->train);
}

static snug_model *train(const char *name, const recipe *r) {
    text json = {.length = 0};
    write_experiment(&json, r);
    snug_model *model = NULL;
    snug_dataset *training = NULL, *validation = NULL, *test = NULL;
    snug_fit_options options;
    snug_experiment *experiment = snug_experiment_parse(json.bytes, json.length, NULL);
    snug_status status = experiment != NULL ? SNUG_OK : snug_error_status();
    if (status == SNUG_OK) {
        status = snug_experiment_load(experiment, &model, &training, &validation, &test);
    }
    if (status == SNUG_OK) {
        status = snug_experiment_options(experiment, &options);
    }
    if (status == SNUG_OK) {
        options.validation_data = validation;
        status = snug_fit(model, training, &options, NULL);
    }
    if (status != SNUG_OK) {
        fprintf(stderr, "%s\n", json.bytes);
        fail(name, snug_error());
    }
    snug_dataset_free(training);
    snug_dataset_free(validation);
    snug_dataset_free(test);
    snug_experiment_free(experiment);
    return model;
}

snug_model *make_model(const char *name, const recipe *r) {
    enum { MOST_MEMBERS = 8 };
    snug_model *members[MOST_MEMBERS] = {NULL};
    if (r->members <= 1) {
        return train(name, r);
    }
    for (size_t i = 0; i < r->members; i++) {
        members[i] = train(name, r);
    }
    snug_model *ensemble = snug_model_new_ensemble(members, r->members);
    if (ensemble == NULL) {
        fail(name, snug_error());
    }
    for (size_t i = 0; i < r->members; i++) {
        snug_model_free(members[i]);
    }
    return ensemble;
}
