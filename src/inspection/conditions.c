/*
 * The conditions under which activations keep mean 0 and variance 1 from layer to layer (Klambauer
 * et al. 2017, "Self-normalizing neural networks", theorem 1): inputs that are standardized, units
 * with omega = 0, tau = 1 and no bias, sums of many terms, and nothing in between that changes the
 * mean or the variance. They are checked where a model has self-normalizing activations, in blocks
 * too; the descriptors of kinds say what is one, and what is noise. Where biases are fitted to
 * training rows they are meant to be far from 0, and the activation behind them rests on the fit
 * instead of on the theory.
 *
 * Each condition that does not hold gives one note, on the first layer, with the number of others.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "inspection/conditions.h"
#include "inspection/depth.h"
#include "inspection/layer_list.h"
#include "inspection/prediction.h"
#include "plan/layer_parts.h"

/* How far a mean and a variance are from 0 and 1 where they count as kept. */
#define KEPT 0.05

/*
 * With Gaussian weights of variance 1/n, tau has the deviation sqrt(2/n) from unit to unit. From 32
 * on it is at most 0.25, so that most units are in the domain of theorems 2 and 3, 0.8 to 1.25.
 */
enum { LEAST_WIDTH = 32 };

/* A root mean square of biases b that adds 0.1 to a variance of 1, as much as theorem 1 allows. */
#define MOST_BIAS 0.316

/* A block whose outputs have so many times the variance of its inputs does not keep it. */
#define MOST_GROWTH 1.25

typedef struct checker {
    const snug_inspection *inspection;
    snug_layer_listing list;
} checker;

/* ---- layers ---------------------------------------------------------------------------------- */

static const snug_plan_node *node_at(const checker *c, size_t i) {
    return c->list.layers[i].node;
}

static const snug_activation_kind *activation_at(const checker *c, size_t i) {
    const snug_object *f = snug_layer_first_activation(node_at(c, i)->object);
    return f != NULL ? (const snug_activation_kind *)(const void *)f->kind : NULL;
}

static bool is_linear(const checker *c, size_t i) {
    return c->list.layers[i].units.linear;
}

static const snug_init_kind *init_kind(const snug_tensor *tensor) {
    return (const snug_init_kind *)(const void *)tensor->init->kind;
}

static bool has_fitted_biases(const checker *c, size_t i) {
    const snug_layer_shape *shape = &node_at(c, i)->shape;
    for (size_t k = 0; k < shape->tensor_count; k++) {
        const snug_tensor *tensor = &shape->tensors[k];
        if (tensor->bias && tensor->init != NULL && init_kind(tensor)->fit_biases != NULL) {
            return true;
        }
    }
    return false;
}

/* Returns whether layer i is an activation that rests on the theory. */
static bool normalizes_itself(const checker *c, size_t i) {
    const snug_activation_kind *kind = activation_at(c, i);
    size_t before = i;
    if (kind == NULL || !kind->self_normalizing) {
        return false;
    }
    while (before > 0 && !is_linear(c, before)) {
        before--;
    }
    return !has_fitted_biases(c, before);
}

/* Returns whether the next activation behind layer i, before a linear layer, normalizes itself. */
static bool feeds_normalizing(const checker *c, size_t i) {
    for (i++; i < c->list.count && !is_linear(c, i); i++) {
        if (activation_at(c, i) != NULL) {
            return normalizes_itself(c, i);
        }
    }
    return false;
}

/* Returns whether the last activation before layer i normalizes itself. */
static bool is_fed_by_normalizing(const checker *c, size_t i) {
    while (i-- > 0) {
        if (activation_at(c, i) != NULL) {
            return normalizes_itself(c, i);
        }
    }
    return false;
}

static bool any_normalizes_itself(const checker *c) {
    for (size_t i = 0; i < c->list.count; i++) {
        if (normalizes_itself(c, i)) {
            return true;
        }
    }
    return false;
}

/* Returns the first linear layer behind layer i, or SNUG_NO_LAYER. */
static size_t next_linear(const checker *c, size_t i) {
    for (i++; i < c->list.count; i++) {
        if (is_linear(c, i)) {
            return i;
        }
    }
    return SNUG_NO_LAYER;
}

/* ---- initial weights ------------------------------------------------------------------------- */

/* Returns the first tensor of a layer that an initializer fills, or NULL. */
static const snug_tensor *initialized_tensor(const checker *c, size_t i) {
    const snug_layer_shape *shape = &node_at(c, i)->shape;
    for (size_t k = 0; k < shape->tensor_count; k++) {
        if (shape->tensors[k].init != NULL) {
            return &shape->tensors[k];
        }
    }
    return NULL;
}

/* Returns E f(z)^2 of standard normal z for the activation that inputs come from; 1: not known. */
static double input_square(const checker *c, size_t i) {
    const snug_object *f = node_at(c, i)->shape.activation;
    double square = f != NULL ? snug_predict_activation(f, 0, 1).second_moment : 1;
    return square > 0 ? square : 1;
}

/*
 * Returns the variance of a layer's initial weights times fan_in; NaN where they are fitted to
 * data, whatever they start with.
 */
static double initial_tau(const checker *c, size_t i) {
    const snug_tensor *weight = initialized_tensor(c, i);
    if (weight == NULL || init_kind(weight)->fit_weights != NULL) {
        return (double)NAN;
    }
    double tau =
        init_kind(weight)->variance(weight->init->config, weight->fan_in, weight->fan_out) *
        (double)weight->fan_in;
    return init_kind(weight)->divides_by_inputs ? tau / input_square(c, i) : tau;
}

/*
 * Returns whether initial weights make the variance 1 of what the activation before them makes of
 * standard normal numbers; so they do where they are fitted to data.
 */
static bool makes_up(const checker *c, size_t i) {
    return !(fabs(initial_tau(c, i) * input_square(c, i) - 1) > 1e-3);
}

/* ---- conditions ------------------------------------------------------------------------------ */

/* What a note names: what is there and, of some conditions, what should be. */
typedef struct finding {
    double value, wanted;
} finding;

/* Each returns whether layer i violates a condition, and sets what the note names. */

static bool has_other_init(const checker *c, size_t i, finding *found) {
    if (!is_linear(c, i) || !feeds_normalizing(c, i)) {
        return false;
    }
    found->value = initial_tau(c, i);
    return fabs(found->value - 1) > 1e-3 && !makes_up(c, i);
}

/* Of weights that training moved; allows for the chance of initial weights. */
static bool has_other_tau(const checker *c, size_t i, finding *found) {
    const snug_unit_moments *units = &c->list.layers[i].units;
    finding initial;
    if (!units->linear || !feeds_normalizing(c, i) || c->inspection->untrained ||
        has_other_init(c, i, &initial)) {
        return false;
    }
    double weights = (double)units->count * (double)node_at(c, i)->shape.inputs;
    *found = (finding){.value = units->tau.mean, .wanted = initial_tau(c, i)};
    return fabs(found->value / found->wanted - 1) > 0.25 + 3 * sqrt(2 / weights);
}

static bool has_biases(const checker *c, size_t i, finding *found) {
    const snug_unit_moments *units = &c->list.layers[i].units;
    found->value = hypot(units->bias.mean, units->bias.deviation);
    return units->linear && feeds_normalizing(c, i) && found->value > MOST_BIAS;
}

static bool has_noise(const checker *c, size_t i, finding *found) {
    const snug_layer_kind *kind = node_at(c, i)->kind;
    snug_layer_moments m = {.mean = 0, .variance = 1, .time = &c->inspection->time};
    if (kind->training_moments == NULL || !is_fed_by_normalizing(c, i)) {
        return false;
    }
    kind->training_moments(node_at(c, i)->object->config, &m);
    found->value = m.variance;
    return fabs(m.mean) > 1e-6 || fabs(m.variance - 1) > 1e-6;
}

/*
 * Returns what an activation, with weights or without, makes of mean 0 and variance 1; NaN for a
 * layer that is none. One with weights asks for an initializer of those before it.
 */
static snug_layer_moments activation_moments(const checker *c, size_t i) {
    const snug_plan_node *node = node_at(c, i);
    const snug_object *f = snug_layer_first_activation(node->object);
    snug_layer_moments m = {.variance = 1, .training = true};
    if (f != NULL) {
        snug_gaussian_moments y = snug_predict_activation(f, 0, 1);
        m = (snug_layer_moments){.mean = y.mean, .variance = y.variance};
    } else if (node->kind->moments != NULL && node->kind->init != NULL) {
        snug_predict_layer(c->list.model, node, &m);
    } else {
        m.mean = m.variance = (double)NAN;
    }
    return m;
}

/*
 * Of a hidden activation in a network whose others normalize themselves, unless the weights behind
 * it are chosen for it.
 */
static bool is_other_activation(const checker *c, size_t i, finding *found) {
    const snug_object *f = snug_layer_first_activation(node_at(c, i)->object);
    size_t next = next_linear(c, i);
    if (normalizes_itself(c, i) || next == SNUG_NO_LAYER) {
        return false;
    }
    if (isnan(initial_tau(c, next)) ||
        (f != NULL && node_at(c, next)->shape.activation == f && makes_up(c, next))) {
        return false;
    }
    snug_layer_moments m = activation_moments(c, i);
    found->value = m.variance;
    return fabs(m.mean) > KEPT || fabs(m.variance - 1) > KEPT;
}

/* Of a self-normalizing activation whose fixed point does not attract. */
static bool repels(const checker *c, size_t i, finding *found) {
    if (!normalizes_itself(c, i)) {
        return false;
    }
    found->value = snug_activation_rate(snug_layer_first_activation(node_at(c, i)->object));
    return found->value >= 1;
}

static bool is_narrow(const checker *c, size_t i, finding *found) {
    found->value = (double)node_at(c, i)->shape.inputs;
    return is_linear(c, i) && found->value < LEAST_WIDTH && is_fed_by_normalizing(c, i) &&
           feeds_normalizing(c, i);
}

/* Returns whether a layer makes the same of any variance, as normalization does. */
static bool restores_variance(const checker *c, size_t i) {
    snug_layer_moments one = {.variance = 1, .training = true};
    snug_layer_moments two = {.variance = 2, .training = true};
    if (i == SNUG_NO_LAYER || node_at(c, i)->kind->moments == NULL) {
        return false;
    }
    snug_predict_layer(c->list.model, node_at(c, i), &one);
    snug_predict_layer(c->list.model, node_at(c, i), &two);
    return fabs(two.variance - one.variance) < KEPT * one.variance;
}

/* Of a block with a skip; only those of the model itself are measured. */
static bool adds_up(const checker *c, size_t i, finding *found) {
    const snug_listed_layer *layer = &c->list.layers[i];
    const snug_inspection *inspection = c->inspection;
    if (layer->node->block == NULL || layer->parent != SNUG_NO_LAYER ||
        restores_variance(c, snug_layer_listing_next(&c->list, i))) {
        return false;
    }
    double before =
        layer->number > 0 ? inspection->layers[layer->number - 1].variance : inspection->variance;
    found->value = inspection->layers[layer->number].variance / before;
    return found->value > MOST_GROWTH;
}

/* A condition, and the note on it: before, between and behind what it names. */
typedef struct layer_condition {
    bool (*violated)(const checker *c, size_t i, finding *found);
    const char *before, *between, *behind; /* between NULL: the note names no .wanted */
} layer_condition;

static const layer_condition conditions[] = {
    {has_other_init, "initial weights before a self-normalizing activation have variance ", NULL,
     "/fan_in instead of 1/fan_in: \"init\": \"lecun_normal\" gives it"},
    {has_other_tau, "the squares of a unit's weights add up to ", " on average and no longer to ",
     ", which a self-normalizing activation needs: weight decay, \"max_norm\" or a smaller "
     "learning rate keeps them"},
    {has_biases, "biases before a self-normalizing activation are ", NULL,
     " in root mean square and not near 0: \"bias_init\": null starts them at 0, weight decay and "
     "\"bias_learning_rate_factor\" keep them small"},
    {has_noise, "noise in training makes of variance 1 a variance of ", NULL,
     " behind a self-normalizing activation: \"alpha_dropout\" keeps mean and variance"},
    {is_other_activation, "this activation makes of variance 1 a variance of ", NULL,
     " amid self-normalizing ones: take the one of the other layers"},
    {repels,
     "the fixed point of this activation repels: each layer multiplies the distance of the "
     "variance from 1 by ",
     NULL, ": take \"selu\", or a standardized tanh or sigmoid, whose fixed points attract"},
    {is_narrow, "sums of the outputs of ", NULL,
     " self-normalizing units are not nearly Gaussian: take at least 32 units"},
    {adds_up, "the skip of this block makes the variance ", NULL,
     " times as large: \"layer_norm\" behind the block brings it back to 1, or do without skips"},
};

/* ---- notes ----------------------------------------------------------------------------------- */

/* Writes "model.layers[2] and 3 others". */
static void write_location(const checker *c, size_t first, size_t count, char *location,
                           size_t size) {
    snug_layer_listing_path(&c->list, first, location, size);
    size_t used = strlen(location);
    if (count > 1) {
        snprintf(location + used, size - used, " and %zu other%s", count - 1,
                 count == 2 ? "" : "s");
    }
}

static snug_status check_condition(const checker *c, const layer_condition *condition,
                                   snug_inspection *inspection) {
    size_t first = 0, count = 0;
    finding named = {0, 0};
    for (size_t i = 0; i < c->list.count; i++) {
        finding found = {0, 0};
        if (condition->violated(c, i, &found)) {
            first = count == 0 ? i : first;
            named = count == 0 ? found : named;
            count++;
        }
    }
    if (count == 0) {
        return SNUG_OK;
    }
    char location[200];
    write_location(c, first, count, location, sizeof location);
    if (condition->between == NULL) {
        return snug_inspection_note(inspection, "%s: %s%.3g%s", location, condition->before,
                                    named.value, condition->behind);
    }
    return snug_inspection_note(inspection, "%s: %s%.3g%s%.3g%s", location, condition->before,
                                named.value, condition->between, named.wanted, condition->behind);
}

/* Of inputs that a linear layer gets as they are; allows for the chance of a few rows. */
static snug_status check_inputs(const checker *c, snug_inspection *inspection) {
    const double chance = 3 / sqrt((double)inspection->rows);
    const double mean = inspection->mean, variance = inspection->variance;
    size_t first = 0;
    while (node_at(c, first)->block != NULL) {
        first++; /* to the first layer in the block */
    }
    bool direct = is_linear(c, first) || node_at(c, first)->kind->training_moments != NULL;
    bool kept = fabs(mean) <= 0.1 + chance && variance >= 0.8 - 1.5 * chance &&
                variance <= 1.5 + 1.5 * chance;
    if (!direct || kept) {
        return SNUG_OK;
    }
    return snug_inspection_note(inspection,
                                "inputs: their mean is %.3g and their variance %.3g, and a "
                                "self-normalizing network needs 0 "
                                "and 1: \"scaling\": \"standard\" gives them",
                                mean, variance);
}

static snug_status check_all(const checker *c, snug_inspection *inspection) {
    snug_status status = check_inputs(c, inspection);
    for (size_t k = 0; k < sizeof conditions / sizeof *conditions && status == SNUG_OK; k++) {
        status = check_condition(c, &conditions[k], inspection);
    }
    return status;
}

snug_status snug_inspection_check(snug_inspection *inspection, const snug_model *model) {
    checker c = {.inspection = inspection};
    const size_t before = inspection->notes.count;
    snug_status status = snug_layer_listing_make(&c.list, model);
    if (status == SNUG_OK && any_normalizes_itself(&c)) {
        status = check_all(&c, inspection);
    }
    snug_layer_listing_clear(&c.list);
    if (status == SNUG_OK && inspection->notes.count == before) {
        status = snug_inspection_check_depth(inspection, model);
    }
    return status;
}
