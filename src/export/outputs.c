#include <float.h>
#include <math.h>

#include "activations/activation_graph.h"
#include "core/memory.h"
#include "core/string_list.h"
#include "export/inputs.h"
#include "export/outputs.h"
#include "graph/graph.h"
#include "model/targets.h"

/* ---- the output function --------------------------------------------------------------------- */

/*
 * Returns whether the outputs are logits of a yes or no each, and not of one class among several:
 * their function is one of single numbers, the logistic function.
 */
static bool is_logistic(const snug_model *model) {
    const snug_activation_kind *output = snug_model_output(model);
    return output != NULL && output->derivative != NULL && snug_model_has_logits(model);
}

/* Adds the output function of z, and of -z where it is logistic: sigmoid(-z) = 1 - sigmoid(z). */
static snug_export_prediction apply(snug_graph *graph, const snug_model *model, snug_value z) {
    const snug_activation_kind *output = snug_model_output(model);
    snug_export_prediction made = {0};
    if (output == NULL) {
        snug_graph_fail_as(graph, snug_error_status());
        return made;
    }
    made.p = snug_graph_activation(graph, output, NULL, z);
    if (is_logistic(model)) {
        snug_value opposite = snug_graph_unary(graph, SNUG_NEGATE, z);
        made.other = snug_graph_activation(graph, output, NULL, opposite);
    }
    return made;
}

/* Adds log(p) for a probability; one that is rounded to 0 counts as `least`. */
static snug_value logarithm(snug_graph *graph, snug_value p, double least) {
    return snug_graph_unary(graph, SNUG_LOG, snug_graph_clip(graph, p, least, INFINITY));
}

/*
 * Adds the probabilities that a temperature makes of averaged ones: of their logits, which are
 * log(p) and, where that is the logistic function, log(p) - log(1 - p).
 */
static snug_export_prediction sharpen(snug_graph *graph, const snug_model *model,
                                      snug_export_prediction made) {
    const float sharpness = snug_model_sharpness(model);
    if (sharpness == 1) {
        return made;
    }
    snug_value z = logarithm(graph, made.p, (double)FLT_MIN);
    if (made.other.rows > 0) {
        snug_value log_other = logarithm(graph, made.other, (double)FLT_EPSILON / 4);
        z = snug_graph_binary(graph, SNUG_SUBTRACT, z, log_other);
    }
    return apply(graph, model, snug_graph_multiply_number(graph, z, (double)sharpness));
}

/* ---- values ---------------------------------------------------------------------------------- */

/* Adds a row of numbers in double, rounded. */
static snug_value narrow_row(snug_graph *graph, size_t n, const double *values, size_t repeat) {
    float *narrow = snug_alloc(n, repeat * sizeof *narrow);
    if (narrow == NULL) {
        return snug_graph_fail_as(graph, SNUG_ERROR_MEMORY);
    }
    for (size_t i = 0; i < n * repeat; i++) {
        narrow[i] = (float)values[i / repeat];
    }
    snug_value row = snug_graph_constant(graph, 1, n * repeat, narrow);
    snug_release(narrow);
    return row;
}

static snug_value undo_scaling(snug_graph *graph, const snug_target_scaler *scaler, snug_value z) {
    z = snug_graph_binary(graph, SNUG_MULTIPLY, z,
                          narrow_row(graph, scaler->outputs, scaler->deviation, 1));
    return snug_graph_binary(graph, SNUG_ADD, z,
                             narrow_row(graph, scaler->outputs, scaler->mean, 1));
}

/*
 * Sets the partner of each output in round `round` of an odd-even transposition sort, which sorts
 * n numbers in n rounds, and whether the output gets the smaller of the two.
 */
static void set_partners(size_t outputs, size_t count, size_t round, size_t *partner,
                         float *smaller) {
    for (size_t j = 0; j < outputs; j++) {
        size_t k = j % count, first = j - k;
        bool low = k % 2 == round % 2;
        size_t other = low ? k + 1 : k - 1;
        bool alone = low ? other >= count : k == 0;
        partner[j] = alone ? j : first + other;
        smaller[j] = low ? 1 : 0;
    }
}

/* Adds the outputs sorted, each `count` neighbours for themselves. */
static snug_value sort_quantiles(snug_graph *graph, size_t count, snug_value y) {
    const size_t outputs = y.columns;
    size_t *partner = snug_alloc(outputs, sizeof *partner);
    float *smaller = snug_alloc(outputs, sizeof *smaller);
    bool sorts = partner != NULL && smaller != NULL;
    if (!sorts) {
        y = snug_graph_fail_as(graph, SNUG_ERROR_MEMORY);
    }
    for (size_t round = 0; sorts && y.rows > 0 && round < count; round++) {
        set_partners(outputs, count, round, partner, smaller);
        snug_value other = snug_graph_columns(graph, y, outputs, partner);
        snug_value least = snug_graph_binary(graph, SNUG_MINIMUM, y, other);
        snug_value most = snug_graph_binary(graph, SNUG_MAXIMUM, y, other);
        snug_value choice = snug_graph_constant(graph, 1, outputs, smaller);
        y = snug_graph_select(graph, choice, least, most);
    }
    snug_release(partner);
    snug_release(smaller);
    return y;
}

static snug_value clip_values(snug_graph *graph, const snug_postprocessing *own, snug_value y) {
    const size_t targets = own->targets, repeat = y.columns / targets;
    if (targets == 1) {
        return snug_graph_clip(graph, y, own->min[0], own->max[0]);
    }
    y = snug_graph_binary(graph, SNUG_MAXIMUM, y, narrow_row(graph, targets, own->min, repeat));
    return snug_graph_binary(graph, SNUG_MINIMUM, y, narrow_row(graph, targets, own->max, repeat));
}

/* Adds what follows the output function: see snug_session_predictions(). */
static snug_value finish(snug_graph *graph, const snug_model *model, snug_value y) {
    const snug_target_scaler *scaler = snug_model_target_scaler(model);
    const snug_postprocessing *clipping = snug_model_clipping(model);
    const size_t quantiles = snug_loss_quantiles(model->loss, NULL);
    if (scaler != NULL) {
        y = undo_scaling(graph, scaler, y);
    }
    if (quantiles > 1) {
        y = sort_quantiles(graph, quantiles, y);
    }
    return clipping != NULL && y.rows > 0 ? clip_values(graph, clipping, y) : y;
}

/* ---- predictions ----------------------------------------------------------------------------- */

/*
 * The members of an ensemble in one model are averaged after the output function. That mean is what
 * prediction makes of the last layer's outputs; only a temperature needs them back.
 */
snug_export_prediction snug_export_predict(snug_graph *graph, const snug_model *model,
                                           snug_value z) {
    const float sharpness = snug_model_sharpness(model);
    snug_export_prediction made;
    if (model->plan->members > 1) {
        made = apply(graph, model, z);
        made.p = snug_graph_reduce_rows(graph, SNUG_MEAN, made.p);
        if (made.other.rows > 0) {
            made.other = snug_graph_reduce_rows(graph, SNUG_MEAN, made.other);
        }
        made = sharpen(graph, model, made);
    } else {
        z = sharpness != 1 ? snug_graph_multiply_number(graph, z, (double)sharpness) : z;
        made = apply(graph, model, z);
    }
    made.p = finish(graph, model, made.p);
    return made;
}

/* Adds the mean of the members' values, each 1 x columns. */
static snug_value mean_of(snug_graph *graph, size_t count, const snug_value *values) {
    snug_value all = snug_graph_concatenate(graph, count, values);
    all = snug_graph_reshape(graph, all, count, values[0].columns);
    return snug_graph_reduce_rows(graph, SNUG_MEAN, all);
}

snug_export_prediction snug_export_mean(snug_graph *graph, const snug_model *ensemble,
                                        const snug_export_prediction *members) {
    const size_t count = ensemble->member_count;
    snug_export_prediction made = {0};
    snug_value *values = snug_alloc(count, 2 * sizeof *values);
    if (values == NULL) {
        snug_graph_fail_as(graph, SNUG_ERROR_MEMORY);
        return made;
    }
    bool logistic = is_logistic(ensemble);
    for (size_t i = 0; i < count; i++) {
        values[i] = members[i].p;
        values[count + i] = members[i].other;
        logistic = logistic && members[i].other.rows > 0;
    }
    made.p = mean_of(graph, count, values);
    if (logistic) {
        made.other = mean_of(graph, count, values + count);
    }
    snug_release(values);
    if (snug_model_sharpness(ensemble) != 1) {
        made = sharpen(graph, ensemble, made);
        made.p = finish(graph, ensemble, made.p);
    }
    return made;
}

/* ---- the output ------------------------------------------------------------------------------ */

static snug_status name_outputs(snug_model_graph *m, size_t classes) {
    const size_t count = classes > 0 ? classes : m->model->plan->outputs;
    snug_status status = snug_strings_reserve(&m->outputs, count);
    for (size_t i = 0; i < count && status == SNUG_OK; i++) {
        const char *class_name = classes > 0 ? snug_model_class_name(m->model, i) : NULL;
        char *name = class_name != NULL ? snug_copy_string(class_name)
                     : classes > 0      ? snug_format("%zu", i)
                                        : snug_model_prediction_name(m->model, i);
        status = name != NULL ? snug_strings_append(&m->outputs, name) : SNUG_ERROR_MEMORY;
        snug_release(name);
    }
    return status;
}

/*
 * Adds both numbers where one output distinguishes two classes: 1 - p and p. More generally, the
 * first is as far on the other side of the middle, which the output function makes of 0: the larger
 * of the two is that of the class that is predicted.
 */
static snug_value both_classes(snug_graph *graph, const snug_model *model, snug_value p) {
    const snug_activation_kind *output = snug_model_output(model);
    float zero = 0, middle = 0;
    if (output != NULL) {
        output->forward(NULL, 1, 1, &zero, &middle);
    }
    snug_value first = snug_graph_unary(graph, SNUG_NEGATE, p);
    first = snug_graph_add_number(graph, first, 2 * (double)middle);
    return snug_graph_concatenate(graph, 2, (snug_value[]){first, p});
}

snug_status snug_export_output(snug_model_graph *m, const snug_export_prediction *prediction) {
    const snug_model *model = m->model;
    const bool classifies = snug_model_task(model) == SNUG_TASK_CLASSIFICATION;
    const size_t classes = classifies ? snug_model_output_classes(model) : 0;
    snug_value y = prediction->p;
    if (classes == 2 && model->plan->outputs == 1) {
        y = both_classes(m->graph, model, y);
    }
    snug_value refusal = snug_export_refusal(m);
    if (refusal.rows > 0) {
        y = snug_graph_binary(m->graph, SNUG_ADD, y, refusal);
    }
    m->graph->output = y;
    m->task = classes == 0                   ? SNUG_EXPORT_VALUES
              : snug_model_has_logits(model) ? SNUG_EXPORT_PROBABILITIES
                                             : SNUG_EXPORT_SCORES;
    bool decides = classes == 2 && m->task == SNUG_EXPORT_PROBABILITIES;
    m->threshold = decides && model->postprocessing != NULL ? model->postprocessing->threshold : 0;
    return name_outputs(m, classes);
}
