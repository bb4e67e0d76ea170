/*
 * Trains small models with everything that the registry has, and random ones, and exports them as
 * ONNX models into the current directory, with what Snug predicts: see agreement.h.
 *
 *     export_models SEED
 *     export_models NAME MODEL DATA      exports a model with the operators of every version
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <snug/snug.h>

#include "agreement.h"
#include "operations.h"
#include "program.h"
#include "recipes.h"
#include "refused.h"

/* Trains and exports a model, with rows that it was not trained on. */
static void run(const char *name, const recipe *r) {
    static size_t opset = SNUG_MIN_OPSET;
    snug_model *model = make_model(name, r);
    snug_data_options options = {.table.task = SNUG_TASK_NONE};
    snug_dataset *rows = snug_dataset_read_for(model, "new.csv", &options);
    if (rows == NULL) {
        fail(name, snug_error());
    }
    export_model(name, model, rows, opset);
    opset = opset < SNUG_MAX_OPSET ? opset + 1 : SNUG_MIN_OPSET;
    snug_dataset_free(rows);
    snug_model_free(model);
}

/* ---- the registry, and random models --------------------------------------------------------- */

static void run_activations(void) {
    const snug_kind *kind = NULL;
    for (size_t i = 0; (kind = snug_kind_at(SNUG_GROUP_ACTIVATION, i)) != NULL; i++) {
        recipe r = random_recipe();
        char name[LONGEST_NAME];
        snprintf(name, sizeof name, "activation_%s", kind->name);
        add(&r.hidden, "{\"type\": \"dense\", \"units\": 6}, ");
        add_activation(&r.hidden, kind);
        run(name, &r);
    }
}

/* Runs the models of one layer kind. Returns how many there are. */
static size_t run_layer(const snug_kind *kind) {
    size_t found = 0;
    for (size_t k = 0; k < layer_count; k++) {
        if (strcmp(layers[k].name, kind->name) == 0) {
            recipe r = random_recipe();
            char name[LONGEST_NAME];
            snprintf(name, sizeof name, "layer_%s_%zu", kind->name, found++);
            if (strstr(kind->name, "embedding") != NULL) {
                r.data = embedded_data;
            }
            add(&r.hidden, "%s", layers[k].json);
            run(name, &r);
        }
    }
    return found;
}

/* Runs the models of one loss. Returns how many there are. */
static size_t run_loss(const snug_kind *kind) {
    size_t found = 0;
    for (size_t k = 0; k < loss_count; k++) {
        if (strcmp(losses[k].name, kind->name) == 0) {
            recipe r = random_recipe();
            char name[LONGEST_NAME];
            snprintf(name, sizeof name, "loss_%s_%zu", kind->name, found++);
            r.loss = &losses[k];
            add(&r.hidden, "{\"type\": \"dense\", \"units\": 8}, \"selu\"");
            run(name, &r);
        }
    }
    return found;
}

/* Runs the models of every kind of a group; a new kind has to be in a table above. */
static void run_group(snug_group group, size_t (*run_kind)(const snug_kind *kind)) {
    const snug_kind *kind = NULL;
    for (size_t i = 0; (kind = snug_kind_at(group, i)) != NULL; i++) {
        if (run_kind(kind) == 0) {
            fail(kind->name, "no table of export_models.c has a model with it");
        }
    }
}

/* What prediction does beyond the loss's output function. */
static void run_postprocessing(void) {
    static const struct {
        const char *name, *loss, *targets, *train;
    } cases[] = {
        {"temperature", "softmax_cross_entropy", "\"class\"", ", \"calibration\": \"temperature\""},
        {"temperature_of_one", "binary_cross_entropy", "\"pair\"",
         ", \"calibration\": \"temperature\""},
        {"threshold", "softmax_cross_entropy", "\"pair\"", ", \"threshold_metric\": \"f1\""},
        {"threshold_of_one", "binary_cross_entropy", "\"pair\"",
         ", \"calibration\": \"temperature\", \"threshold_metric\": \"f1\""},
        {"clipped", "mse", "[\"value\", \"other\"]", ", \"clip_predictions\": true"},
        {"clipped_quantiles", "quantile", "[\"value\", \"other\"]", ", \"clip_predictions\": true"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (size_t k = 0; k < loss_count; k++) {
            if (strcmp(losses[k].name, cases[i].loss) == 0 &&
                strcmp(losses[k].targets, cases[i].targets) == 0) {
                recipe r = random_recipe();
                r.loss = &losses[k];
                r.train = cases[i].train;
                add(&r.hidden, "{\"type\": \"dense\", \"units\": 8}, \"selu\"");
                run(cases[i].name, &r);
            }
        }
    }
}

static const snug_kind *random_activation(void) {
    size_t count = 0;
    while (snug_kind_at(SNUG_GROUP_ACTIVATION, count) != NULL) {
        count++;
    }
    return snug_kind_at(SNUG_GROUP_ACTIVATION, below(count));
}

/* Models of random depth and width; every third is an ensemble. */
static void run_random(size_t count) {
    for (size_t i = 0; i < count; i++) {
        recipe r = random_recipe();
        char name[LONGEST_NAME];
        const size_t depth = below(4);
        for (size_t k = 0; k < depth; k++) {
            add(&r.hidden, "%s{\"type\": \"dense\", \"units\": %zu}, ", k > 0 ? ", " : "",
                3 + below(12));
            add_activation(&r.hidden, random_activation());
            add(&r.hidden, "%s", below(3) == 0 ? ", \"batch_norm\"" : "");
        }
        r.members = i % 3 == 0 ? 2 + below(3) : 1;
        snprintf(name, sizeof name, "random_%zu", i);
        run(name, &r);
    }
}

/* ---- arguments ------------------------------------------------------------------------------- */

static void export_file(const char *name, const char *path, const char *data_path) {
    snug_model *model = snug_model_load(path);
    snug_dataset *data = model != NULL ? snug_dataset_read_for(model, data_path, NULL) : NULL;
    if (data == NULL) {
        fail(name, snug_error());
    }
    for (size_t opset = SNUG_MIN_OPSET; opset <= SNUG_MAX_OPSET; opset++) {
        char numbered[LONGEST_NAME];
        snprintf(numbered, sizeof numbered, "%s_%zu", name, opset);
        export_model(numbered, model, data, opset);
    }
    snug_dataset_free(data);
    snug_model_free(model);
}

int main(int count, char **arguments) {
    enum { RANDOM_MODELS = 40 };
    if (count == 4) {
        export_file(arguments[1], arguments[2], arguments[3]);
        return 0;
    }
    if (count != 2) {
        fprintf(stderr, "usage: export_models SEED, or export_models NAME MODEL DATA\n");
        return 2;
    }
    seed_numbers(strtoull(arguments[1], NULL, 10));
    write_tables();
    write_operations();
    write_refused_rows();
    run_activations();
    run_group(SNUG_GROUP_LAYER, run_layer);
    run_group(SNUG_GROUP_LOSS, run_loss);
    run_postprocessing();
    run_random(RANDOM_MODELS);
    return 0;
}
