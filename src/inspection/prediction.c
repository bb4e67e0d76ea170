/*
 * What the theory of self-normalizing networks predicts of each layer: mean and variance of its
 * outputs forward, the second moment of gradients backward. include/snug/inspection.h has the
 * formulas.
 *
 * Each is a chain from layer to layer. Where a layer is one that the theory knows nothing of, the
 * chain breaks, and begins again at what was measured of it. Gradients are those of training, so
 * that their chain needs the activations' inputs in training, which dropout may change.
 */
#include <math.h>

#include "activations/scalar_function.h"
#include "core/memory.h"
#include "inspection/prediction.h"
#include "plan/layer_parts.h"
#include "theory/mapping.h"

/* What is predicted of a layer's outputs in training, and its factor on gradients; or NaN. */
typedef struct link {
    double mean, variance, gradient;
} link;

static const double unknown = (double)NAN;

/* ---- one layer ------------------------------------------------------------------------------- */

/* z = w x + b, of units with the moments of their weights. */
static link through_units(const snug_unit_moments *units, const snug_plan_node *node, double mean,
                          double variance) {
    const snug_layer_shape *shape = &node->shape;
    double omega = units->omega.deviation, bias = units->bias.deviation;
    double between = mean * mean * omega * omega + 2 * mean * units->covariance + bias * bias;
    double outputs = (double)shape->outputs * (double)shape->output_members;
    return (link){.mean = mean * units->omega.mean + units->bias.mean,
                  .variance = variance * units->tau.mean + fmax(between, 0),
                  .gradient =
                      units->tau.mean * outputs / ((double)shape->inputs * (double)shape->members)};
}

snug_gaussian_moments snug_predict_activation(const snug_object *activation, double mean,
                                              double variance) {
    const snug_activation_kind *kind = (const snug_activation_kind *)(const void *)activation->kind;
    snug_activation_function f;
    if (!snug_activation_is_elementwise(kind) || !(variance >= 0) || !isfinite(mean)) {
        return (snug_gaussian_moments){unknown, unknown, unknown, unknown, unknown};
    }
    snug_activation_function_init(&f, kind, activation->config);
    return snug_theory_moments(&f.function, mean, variance);
}

double snug_activation_rate(const snug_object *activation) {
    const snug_activation_kind *kind = (const snug_activation_kind *)(const void *)activation->kind;
    snug_activation_function f;
    snug_mapped y;
    if (!snug_activation_is_elementwise(kind)) {
        return unknown;
    }
    snug_activation_function_init(&f, kind, activation->config);
    snug_map_by_quadrature(&f.function, 0, 1, &y);
    return y.variance_by_variance + 2 * y.moments.mean * y.mean_by_variance;
}

void snug_predict_layer(const snug_model *model, const snug_plan_node *node,
                        snug_layer_moments *moments) {
    const float *tensors[SNUG_LAYER_TENSORS_MAX] = {NULL};
    if (!(moments->variance >= 0) || !isfinite(moments->mean)) {
        moments->mean = moments->variance = moments->gradient = unknown;
        return;
    }
    snug_layer_tensors(model, node, tensors);
    node->kind->moments(node->object->config, &node->shape, tensors, moments);
}

/* A layer that is the identity in prediction; NULL for the time is no training. */
static link through_noise(const snug_plan_node *node, const snug_schedule_time *time, double mean,
                          double variance) {
    snug_layer_moments m = {.mean = mean, .variance = variance, .gradient = 1, .time = time};
    if (time != NULL) {
        node->kind->training_moments(node->object->config, &m);
    }
    return (link){m.mean, m.variance, m.gradient};
}

/* How layers are predicted. */
typedef struct predictor {
    const snug_model *model;
    snug_unit_sums *units;          /* work space */
    const snug_schedule_time *time; /* of training; NULL: it is prediction */
} predictor;

static link through(const predictor *p, const snug_plan_node *node, double mean, double variance);

/*
 * Sets *inner to what the layers of a block make of its inputs; returns whether that is independent
 * of the inputs, as behind random weights.
 */
static bool through_block(const predictor *p, const snug_plan_node *node, double mean,
                          double variance, snug_layer_moments *inner) {
    bool independent = false;
    *inner = (snug_layer_moments){.mean = mean, .variance = variance, .gradient = 1};
    for (size_t i = 0; i < node->block_count; i++) {
        link y = through(p, &node->block[i], inner->mean, inner->variance);
        inner->mean = y.mean;
        inner->variance = y.variance;
        inner->gradient *= y.gradient;
        independent = independent || node->block[i].kind->unit_sums != NULL;
    }
    return independent;
}

/* A block, or a layer that knows itself what it makes of mean and variance. */
static link through_tensors(const predictor *p, const snug_plan_node *node, double mean,
                            double variance) {
    snug_layer_moments inner, m = {.mean = mean,
                                   .variance = variance,
                                   .gradient = unknown,
                                   .time = p->time,
                                   .training = p->time != NULL};
    if (node->block != NULL && through_block(p, node, mean, variance, &inner)) {
        m.inner = &inner;
    }
    snug_predict_layer(p->model, node, &m);
    return (link){m.mean, m.variance, m.gradient};
}

/* Returns what a layer makes of inputs with a mean and a variance. */
static link through(const predictor *p, const snug_plan_node *node, double mean, double variance) {
    const snug_object *activation = snug_layer_activation(node->object);
    if (node->kind->unit_sums != NULL) {
        snug_unit_moments units = snug_unit_moments_of(p->model, node, p->units);
        return through_units(&units, node, mean, variance);
    }
    if (activation != NULL) {
        snug_gaussian_moments m = snug_predict_activation(activation, mean, variance);
        return (link){m.mean, m.variance, m.squared_slope};
    }
    if (node->kind->moments != NULL) {
        return through_tensors(p, node, mean, variance);
    }
    return node->kind->training_moments != NULL ? through_noise(node, p->time, mean, variance)
                                                : (link){unknown, unknown, unknown};
}

/* ---- chains ---------------------------------------------------------------------------------- */

/* Predicts all layers' outputs into links. */
static void predict_outputs(const snug_inspection *inspection, const predictor *p, link *links) {
    double mean = inspection->mean, variance = inspection->variance;
    for (size_t i = 0; i < inspection->count; i++) {
        links[i] = through(p, &p->model->plan->nodes[i], mean, variance);
        bool known = isfinite(links[i].mean) && isfinite(links[i].variance);
        mean = known ? links[i].mean : inspection->layers[i].mean;
        variance = known ? links[i].variance : inspection->layers[i].variance;
    }
}

/* Returns the measured second moment of the gradients by a layer's outputs. */
static double measured(const snug_layer_statistics *layer) {
    return layer->gradient_variance + layer->gradient_mean * layer->gradient_mean;
}

/* Predicts the second moment of gradients, from the last layer to the first. */
static void predict_gradients(snug_inspection *inspection, const link *links) {
    double gradient = unknown;
    for (size_t i = inspection->count; i-- > 0;) {
        bool known = i + 1 < inspection->count && isfinite(links[i + 1].gradient);
        gradient = known ? gradient * links[i + 1].gradient : measured(&inspection->layers[i]);
        inspection->layers[i].theory.gradient_variance =
            known || i + 1 == inspection->count ? gradient : unknown;
    }
}

snug_status snug_inspection_predict(snug_inspection *inspection, const snug_model *model) {
    link *links = snug_alloc(inspection->count, sizeof *links);
    snug_unit_sums *units = snug_alloc(snug_most_units(model), sizeof *units);
    snug_status status = links != NULL && units != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
    if (status == SNUG_OK) {
        const predictor training = {model, units, &inspection->time};
        const predictor prediction = {model, units, NULL};
        predict_outputs(inspection, inspection->training ? &training : &prediction, links);
        for (size_t i = 0; i < inspection->count; i++) {
            inspection->layers[i].theory.mean = links[i].mean;
            inspection->layers[i].theory.variance = links[i].variance;
        }
        predict_outputs(inspection, &training, links);
        predict_gradients(inspection, links);
    }
    snug_release(links);
    snug_release(units);
    return status;
}
