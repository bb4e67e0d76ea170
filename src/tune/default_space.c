/*
 * The default space: that of the experiment's recipe; without one what matters in nearly every
 * experiment, around the values that it has. It goes by the names of fields, which all kinds share
 * ("units", "rate", "learning_rate"), and by the groups of kinds.
 */
#include <math.h>
#include <string.h>

#include "core/memory.h"
#include "experiment/overrides.h"
#include "json/json.h"
#include "json/json_build.h"
#include "json/json_path.h"
#include "json/json_print.h"
#include "kinds/kind_registry.h"
#include "recipes/expand.h"
#include "tune/default_space.h"

/* Adds {PATH: {NAME: [low, high]}}. */
static void add_range(cJSON *space, const char *path, const char *name, double low, double high,
                      bool *failed) {
    cJSON *range = snug_json_object(space, path, failed);
    cJSON *ends = snug_json_array(range, name, failed);
    snug_json_number(ends, NULL, low, failed);
    snug_json_number(ends, NULL, high, failed);
}

/* Adds {PATH: [...]}: a number times each factor, of which a 0 ends the list. */
static void add_multiples(cJSON *space, const char *path, double number, const double *factors,
                          bool *failed) {
    cJSON *list = snug_json_array(space, path, failed);
    for (; *factors > 0; factors++) {
        snug_json_number(list, NULL, number * *factors, failed);
    }
}

/* Adds whole multiples of a size that is large enough to be halved. */
static void add_sizes(cJSON *space, const char *path, const cJSON *size, const double *factors,
                      bool *failed) {
    bool whole = cJSON_IsNumber(size) && fmod(size->valuedouble, 2) == 0;
    if (whole && size->valuedouble >= 4) {
        add_multiples(space, path, size->valuedouble, factors, failed);
    }
}

/* ---- training -------------------------------------------------------------------------------- */

static void add_learning_rate(cJSON *space, const cJSON *config, bool *failed) {
    static const char path[] = "train.optimizer.learning_rate";
    const cJSON *rate = snug_overrides_find(config, path);
    if (cJSON_IsNumber(rate) && rate->valuedouble > 0) {
        add_range(space, path, "log_uniform", rate->valuedouble / 10, rate->valuedouble * 10,
                  failed);
    }
}

/* What is off may be on, and what is on may be off, weaker or stronger. */
static void add_decay(cJSON *space, const cJSON *config, bool *failed) {
    static const char path[] = "train.optimizer.weight_decay";
    static const double of_one[] = {1e-4, 1e-3, 1e-2, 0}, around[] = {0.3, 1, 3, 0};
    const cJSON *decay = snug_overrides_find(config, path);
    if (!cJSON_IsNumber(decay)) {
        return;
    }
    bool on = decay->valuedouble > 0;
    add_multiples(space, path, on ? decay->valuedouble : 1, on ? around : of_one, failed);
    cJSON *list = cJSON_GetObjectItemCaseSensitive(space, path);
    snug_json_number(*failed ? NULL : list, NULL, 0, failed);
}

static void add_smoothing(cJSON *space, const cJSON *config, bool *failed) {
    static const char path[] = "train.loss.label_smoothing";
    const cJSON *smoothing = snug_overrides_find(config, path);
    if (cJSON_IsNumber(smoothing) && smoothing->valuedouble > 0) {
        cJSON *list = snug_json_array(space, path, failed);
        snug_json_number(list, NULL, 0, failed);
        snug_json_number(list, NULL, smoothing->valuedouble, failed);
    }
}

/* ---- layers ---------------------------------------------------------------------------------- */

/* Returns whether a value is an object of the group of activations, and not of layers. */
static bool is_activation(const cJSON *value) {
    const char *type = cJSON_GetStringValue(snug_json_get(value, "type"));
    return type != NULL && snug_kind_lookup(SNUG_GROUP_ACTIVATION, type) != NULL;
}

/* Adds an activation as it is, and others that are known to be good. */
static void add_activations(cJSON *space, const char *path, const cJSON *own, bool *failed) {
    static const char *const good[] = {"selu", "mish", "relu"};
    cJSON *list = snug_json_array(space, path, failed);
    if (!*failed) {
        snug_json_copy(list, NULL, own, failed);
    }
    for (size_t i = 0; i < sizeof good / sizeof *good && !*failed; i++) {
        if (strcmp(good[i], cJSON_GetStringValue(snug_json_get(own, "type"))) != 0) {
            snug_json_string(list, NULL, good[i], failed);
        }
    }
}

/*
 * Returns whether a layer embeds the numeric columns, so that a network works without it, too.
 * Without a layer that embeds categories their numbers would be taken for quantities.
 */
static bool embeds_numbers(const cJSON *layer) {
    const char *columns = cJSON_GetStringValue(snug_json_get(layer, "columns"));
    return columns != NULL && strcmp(columns, "numeric") == 0;
}

/*
 * Adds an embedding as it is, with other frequencies if it has any, and none. Standardized numbers
 * want deviations of the frequencies from 0.01 to 1.
 */
static void add_embedding(cJSON *space, const char *path, const cJSON *own, bool *failed) {
    const cJSON *sigma = snug_json_get(own, "sigma");
    cJSON *list = snug_json_array(space, path, failed);
    if (!*failed) {
        snug_json_copy(list, NULL, own, failed);
    }
    if (!*failed && cJSON_IsNumber(sigma)) {
        snug_json_copy(list, NULL, own, failed);
        cJSON *other = cJSON_GetObjectItemCaseSensitive(cJSON_GetArrayItem(list, 1), "sigma");
        if (other != NULL) { /* otherwise the copy failed */
            double value = sigma->valuedouble;
            cJSON_SetNumberValue(other, 3 * value <= 1 ? 3 * value : value / 3);
        }
    }
    snug_json_string(list, NULL, "identity", failed);
}

static void add_layers(cJSON *space, const cJSON *layers, const char *path, bool *failed);

/* Adds one field of a hidden layer, or the layers in it. */
static void add_field(cJSON *space, const cJSON *field, const char *path, bool *failed) {
    static const double sizes[] = {0.5, 1, 1.5, 0};
    double number = cJSON_IsNumber(field) ? field->valuedouble : 0;
    if (strcmp(field->string, "units") == 0) {
        add_sizes(space, path, field, sizes, failed);
    } else if (strcmp(field->string, "rate") == 0 && number > 0) {
        add_range(space, path, "uniform", 0, fmin(0.5, 2 * number), failed);
    } else if (strcmp(field->string, "layers") == 0) {
        add_layers(space, field, path, failed);
    } else if (is_activation(field)) {
        add_activations(space, path, field, failed);
    }
}

/* Adds a layer as a whole or, where it must be as it is, its fields. */
static void add_layer(cJSON *space, const cJSON *layer, const char *path, bool *failed) {
    if (is_activation(layer)) {
        add_activations(space, path, layer, failed);
        return;
    }
    if (embeds_numbers(layer)) {
        add_embedding(space, path, layer, failed);
        return;
    }
    for (const cJSON *field = layer->child; field != NULL && !*failed; field = field->next) {
        char *field_path = snug_join_path(path, field->string);
        *failed = field_path == NULL;
        if (!*failed) {
            add_field(space, field, field_path, failed);
        }
        snug_release(field_path);
    }
}

/* Adds the layers of a list but for the last one, which makes the outputs. */
static void add_layers(cJSON *space, const cJSON *layers, const char *path, bool *failed) {
    size_t index = 0;
    const cJSON *layer = cJSON_IsArray(layers) ? layers->child : NULL;
    for (; layer != NULL && layer->next != NULL && !*failed; layer = layer->next) {
        char *layer_path = snug_join_index(path, index++);
        *failed = layer_path == NULL;
        if (!*failed) {
            add_layer(space, layer, layer_path, failed);
        }
        snug_release(layer_path);
    }
}

/* ---- recipes --------------------------------------------------------------------------------- */

/* Returns whether the experiment remains as it is with a value at a path. */
static bool is_own(const snug_experiment *experiment, const char *path, const cJSON *value) {
    char *json = snug_json_print(value, false);
    char *override = json != NULL ? snug_format("%s=%s", path, json) : NULL;
    const char *const overrides[] = {override};
    snug_experiment *other =
        override != NULL ? snug_experiment_override(experiment, overrides, 1) : NULL;
    char *config = snug_experiment_config(experiment);
    char *changed = other != NULL ? snug_experiment_config(other) : NULL;
    bool own = config != NULL && changed != NULL && strcmp(config, changed) == 0;
    snug_release(config);
    snug_release(changed);
    snug_experiment_free(other);
    snug_release(override);
    snug_release(json);
    return own;
}

/* Returns whether one of the alternatives for a list of layers is what the experiment has. */
static bool has_own(const snug_experiment *experiment, const cJSON *alternatives) {
    const cJSON *value = alternatives->child;
    while (value != NULL && !is_own(experiment, alternatives->string, value)) {
        value = value->next;
    }
    return value != NULL;
}

/* Returns whether a dimension of a recipe's space is one for this experiment. */
static bool suits(const snug_experiment *experiment, const cJSON *config, bool by_loss,
                  const cJSON *dimension) {
    static const char loss[] = "train.loss";
    bool is_loss = strncmp(dimension->string, loss, strlen(loss)) == 0;
    if (!snug_overrides_have(config, dimension->string) || (by_loss && is_loss)) {
        return false;
    }
    return !cJSON_IsArray(dimension->child) || !cJSON_IsArray(dimension) ||
           has_own(experiment, dimension);
}

/* Returns what suits the experiment of the space of its recipe; NULL: nothing, or no recipe. */
static cJSON *recipe_space(const snug_experiment *experiment, const cJSON *config, bool by_loss) {
    const char *name = experiment->recipe;
    const snug_recipe *recipe = name != NULL ? snug_recipe_find(name) : NULL;
    bool classes = snug_experiment_target(experiment) == SNUG_TARGET_CLASSES;
    cJSON *space = recipe != NULL ? snug_recipe_space(recipe, classes) : NULL, *next;
    for (cJSON *d = space != NULL ? space->child : NULL; d != NULL; d = next) {
        next = d->next;
        if (!suits(experiment, config, by_loss, d)) {
            cJSON_Delete(cJSON_DetachItemViaPointer(space, d));
        }
    }
    if (space != NULL && space->child == NULL) {
        cJSON_Delete(space);
        return NULL;
    }
    return space;
}

/* ---- the whole ------------------------------------------------------------------------------- */

cJSON *snug_default_space(const snug_experiment *experiment, const cJSON *config, bool by_loss) {
    static const double sizes[] = {0.5, 1, 2, 0};
    bool failed = false;
    cJSON *space = recipe_space(experiment, config, by_loss);
    if (space != NULL) {
        return space;
    }
    space = snug_json_object(NULL, NULL, &failed);
    if (failed) {
        return NULL;
    }
    add_learning_rate(space, config, &failed);
    add_decay(space, config, &failed);
    if (!by_loss) {
        add_smoothing(space, config, &failed);
    }
    add_sizes(space, "train.batch_size", snug_overrides_find(config, "train.batch_size"), sizes,
              &failed);
    add_layers(space, snug_overrides_find(config, "model.layers"), "model.layers", &failed);
    if (failed) {
        cJSON_Delete(space);
        return NULL;
    }
    return space;
}
