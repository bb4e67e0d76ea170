/*
 * The conditions under which activations keep mean 0 and variance 1 from layer to layer (Klambauer
 * et al. 2017, "Self-normalizing neural networks", theorem 1): inputs that are standardized, units
 * with omega = 0, tau = 1 and no bias, sums of many terms, and nothing in between that changes the
 * mean or the variance. They are checked where a model has self-normalizing activations; the
 * descriptors of kinds say what is one, and what is noise.
 *
 * Each condition that does not hold gives one note, on the first layer, with the number of others.
 */
#include <math.h>
#include <stdio.h>

#include "inspection/conditions.h"
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

typedef struct checker {
    const snug_inspection *inspection;
    const snug_plan_node *nodes;
    size_t count;
} checker;

/* ---- layers ---------------------------------------------------------------------------------- */

static const snug_activation_kind *activation_at(const checker *c, size_t i) {
    const snug_object *f = snug_layer_first_activation(c->nodes[i].object);
    return f != NULL ? (const snug_activation_kind *)(const void *)f->kind : NULL;
}

static bool is_linear(const checker *c, size_t i) {
    return c->inspection->units[i].linear;
}

static bool normalizes_itself(const checker *c, size_t i) {
    const snug_activation_kind *kind = activation_at(c, i);
    return kind != NULL && kind->self_normalizing;
}

/* Returns whether the next activation behind layer i, before a linear layer, normalizes itself. */
static bool feeds_normalizing(const checker *c, size_t i) {
    for (i++; i < c->count && !is_linear(c, i); i++) {
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

static bool any_normalizes_itself(const checker *c, size_t first, size_t end) {
    for (size_t i = first; i < end; i++) {
        if (normalizes_itself(c, i)) {
            return true;
        }
    }
    return false;
}

/* Returns the first tensor of a layer that an initializer fills, or NULL. */
static const snug_tensor *initialized_tensor(const checker *c, size_t i) {
    const snug_layer_shape *shape = &c->nodes[i].shape;
    for (size_t k = 0; k < shape->tensor_count; k++) {
        if (shape->tensors[k].init != NULL) {
            return &shape->tensors[k];
        }
    }
    return NULL;
}

/*
 * Returns the variance of a layer's initial weights times fan_in; NaN where they are fitted to
 * data, whatever they start with.
 */
static double initial_tau(const checker *c, size_t i) {
    const snug_tensor *weight = initialized_tensor(c, i);
    if (weight == NULL) {
        return (double)NAN;
    }
    const snug_init_kind *kind = (const snug_init_kind *)(const void *)weight->init->kind;
    return kind->fit_weights != NULL
               ? (double)NAN
               : kind->variance(weight->init->config, weight->fan_in, weight->fan_out) *
                     (double)weight->fan_in;
}

/* ---- conditions ------------------------------------------------------------------------------ */

/* Each returns whether layer i violates a condition, and sets *value to what the note names. */

static bool has_other_init(const checker *c, size_t i, double *value) {
    *value = is_linear(c, i) && feeds_normalizing(c, i) ? initial_tau(c, i) : 1;
    return fabs(*value - 1) > 1e-3;
}

/* Of weights that training moved; allows for the chance of initial weights. */
static bool has_other_tau(const checker *c, size_t i, double *value) {
    const snug_unit_moments *units = &c->inspection->units[i];
    double initial;
    if (!units->linear || !feeds_normalizing(c, i) || c->inspection->fresh ||
        has_other_init(c, i, &initial)) {
        return false;
    }
    double weights = (double)units->count * (double)c->nodes[i].shape.inputs;
    *value = units->tau.mean;
    return fabs(*value - 1) > 0.25 + 3 * sqrt(2 / weights);
}

static bool has_biases(const checker *c, size_t i, double *value) {
    const snug_unit_moments *units = &c->inspection->units[i];
    *value = hypot(units->bias.mean, units->bias.deviation);
    return units->linear && feeds_normalizing(c, i) && *value > MOST_BIAS;
}

static bool has_noise(const checker *c, size_t i, double *value) {
    const snug_layer_kind *kind = c->nodes[i].kind;
    snug_layer_moments m = {.mean = 0, .variance = 1, .time = &c->inspection->time};
    if (kind->training_moments == NULL || !is_fed_by_normalizing(c, i)) {
        return false;
    }
    kind->training_moments(c->nodes[i].object->config, &m);
    *value = m.variance;
    return fabs(m.mean) > 1e-6 || fabs(m.variance - 1) > 1e-6;
}

/* Of an activation before and behind which others normalize themselves. */
static bool is_other_activation(const checker *c, size_t i, double *value) {
    const snug_object *f = snug_layer_first_activation(c->nodes[i].object);
    if (f == NULL || normalizes_itself(c, i) || !any_normalizes_itself(c, 0, i) ||
        !any_normalizes_itself(c, i + 1, c->count)) {
        return false;
    }
    snug_gaussian_moments m = snug_predict_activation(f, 0, 1);
    *value = m.variance;
    return fabs(m.mean) > KEPT || fabs(m.variance - 1) > KEPT;
}

static bool is_narrow(const checker *c, size_t i, double *value) {
    *value = (double)c->nodes[i].shape.inputs;
    return is_linear(c, i) && *value < LEAST_WIDTH && is_fed_by_normalizing(c, i) &&
           feeds_normalizing(c, i);
}

/* A condition, and the note on it: before and behind the value. */
typedef struct layer_condition {
    bool (*violated)(const checker *c, size_t i, double *value);
    const char *before, *behind;
} layer_condition;

static const layer_condition conditions[] = {
    {has_other_init, "initial weights before a self-normalizing activation have variance ",
     "/fan_in instead of 1/fan_in: \"init\": \"lecun_normal\" gives it"},
    {has_other_tau, "the squares of a unit's weights add up to ",
     " on average and no longer to 1, which a self-normalizing activation needs: weight decay, "
     "\"max_norm\" or a smaller learning rate keeps them"},
    {has_biases, "biases before a self-normalizing activation are ",
     " in root mean square and not near 0: \"bias_init\": null starts them at 0, weight decay and "
     "\"bias_learning_rate_factor\" keep them small"},
    {has_noise, "noise in training makes of variance 1 a variance of ",
     " behind a self-normalizing activation: \"alpha_dropout\" keeps mean and variance"},
    {is_other_activation, "this activation makes of variance 1 a variance of ",
     " amid self-normalizing ones: take the one of the other layers"},
    {is_narrow, "sums of the outputs of ",
     " self-normalizing units are not nearly Gaussian: take at least 32 units"},
};

/* ---- notes ----------------------------------------------------------------------------------- */

/* Writes "model.layers[2] and 3 others". */
static void write_location(size_t first, size_t count, char *location, size_t size) {
    if (count == 1) {
        snprintf(location, size, "model.layers[%zu]", first);
    } else {
        snprintf(location, size, "model.layers[%zu] and %zu other%s", first, count - 1,
                 count == 2 ? "" : "s");
    }
}

static snug_status check_condition(const checker *c, const layer_condition *condition,
                                   snug_inspection *inspection) {
    size_t first = 0, count = 0;
    double first_value = 0;
    for (size_t i = 0; i < c->count; i++) {
        double value = 0;
        if (condition->violated(c, i, &value)) {
            first = count == 0 ? i : first;
            first_value = count == 0 ? value : first_value;
            count++;
        }
    }
    if (count == 0) {
        return SNUG_OK;
    }
    char location[80];
    write_location(first, count, location, sizeof location);
    return snug_inspection_note(inspection, "%s: %s%.3g%s", location, condition->before,
                                first_value, condition->behind);
}

/* Of inputs that a linear layer gets as they are; allows for the chance of a few rows. */
static snug_status check_inputs(const checker *c, snug_inspection *inspection) {
    const double chance = 3 / sqrt((double)inspection->rows);
    const double mean = inspection->mean, variance = inspection->variance;
    bool direct = is_linear(c, 0) || c->nodes[0].kind->training_moments != NULL;
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

snug_status snug_inspection_check(snug_inspection *inspection, const snug_model *model) {
    const checker c = {inspection, model->plan->nodes, model->plan->count};
    if (!any_normalizes_itself(&c, 0, c.count)) {
        return SNUG_OK;
    }
    snug_status status = check_inputs(&c, inspection);
    for (size_t k = 0; k < sizeof conditions / sizeof *conditions && status == SNUG_OK; k++) {
        status = check_condition(&c, &conditions[k], inspection);
    }
    return status;
}
