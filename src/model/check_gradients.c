/*
 * Gradients against differences of the loss, tensor by tensor.
 *
 * A derivative is estimated by the four-point formula, whose error is of the fourth order in the step,
 * because the loss is only as exact as its float32 logits. Where the loss has a kink near an entry
 * no step is small enough; the derivatives from the left and from the right tell it. A loss of 1 is
 * exact to about 1e-7, hence a slope over a step of 1e-2 to about 1e-5: smaller differences say nothing.
 */
#include <math.h>
#include <string.h>

#include "core/handles.h"
#include "core/memory.h"
#include "math/random.h"
#include "core/status.h"
#include "data/dataset.h"
#include "model/data_check.h"
#include "model/model.h"
#include "model/penalty.h"
#include "model/session.h"

typedef struct checker {
    snug_model *model; /* a copy, whose weights move */
    snug_session *session;
    snug_object *loss; /* a copy, whose weights of classes may be settled */
    snug_targets targets;
    float *x;
    int32_t *classes;
    float *values, *weights;
    float *state; /* of the model, as it was: each loss is that of the same state */
    size_t rows;
    double tolerance;
    double noise; /* differences of slopes that the rounding of the loss explains */
} checker;

static double loss_at(checker *c) {
    const float *z;
    snug_loss_sum sum;
    memcpy(c->model->state, c->state, c->model->plan->state * sizeof(float));
    z = snug_session_run(c->session, c->x, c->rows, 0, NULL, NULL);
    sum = snug_loss_of(c->loss, c->rows, c->model->plan->outputs, z, &c->targets);
    return snug_loss_mean(&sum) + snug_penalty(c->model);
}

/* The loss when *w is moved by h; `moved` gets by how much it really moved in float32. */
static double loss_moved(checker *c, float *w, double h, double *moved) {
    const float kept = *w;
    double loss;
    *w = (float)((double)kept + h);
    *moved = (double)*w - (double)kept;
    loss = loss_at(c);
    *w = kept;
    return loss;
}

typedef struct slopes {
    double centre, left, right;
} slopes;

static slopes slopes_at(checker *c, float *w, double h) {
    double a, b, a2, b2, near, far;
    double here = loss_at(c);
    double up = loss_moved(c, w, h, &a), down = loss_moved(c, w, -h, &b);
    double up2 = loss_moved(c, w, 2 * h, &a2), down2 = loss_moved(c, w, -2 * h, &b2);
    near = (up - down) / (a - b);
    far = (up2 - down2) / (a2 - b2);
    return (slopes){
        .centre = (4 * near - far) / 3, .left = (here - down2) / -b2, .right = (up2 - here) / a2};
}

enum verdict { AGREES, KINK, DIFFERS };

/* Tries smaller steps until the estimate agrees; *difference gets that of the last. */
static enum verdict compare(checker *c, float *w, double gradient, double scale,
                            double *difference) {
    static const double steps[] = {2e-2, 5e-3, 1.25e-3, 3e-4};
    const double allowed = fmax(c->tolerance * scale, c->noise);
    slopes s = {0};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; ++i) {
        s = slopes_at(c, w, steps[i]);
        *difference = fabs(s.centre - gradient);
        if (*difference <= allowed)
            return AGREES;
    }
    return fabs(s.left - s.right) > allowed / 2 ? KINK : DIFFERS;
}

static double largest(size_t n, const float *values) {
    double max = 0;
    for (size_t i = 0; i < n; ++i)
        max = fabs((double)values[i]) > max ? fabs((double)values[i]) : max;
    return max;
}

/* A quarter of the entries at least: what lies at kinks was not compared. */
static bool compared_enough(const snug_gradient_check *check) {
    return check->checked > 0 && 3 * check->checked >= check->kinks;
}

/* Checks `entries` entries of a slot, all where there are no more, else picked without repetition. */
static snug_status check_slot(checker *c, const snug_slot *slot, size_t number,
                              const snug_gradient_report *report, snug_gradient_check *check) {
    const float *gradient = c->session->gradients + slot->offset;
    float *weights = c->model->parameters + slot->offset;
    size_t wanted = report->max_entries > 0 ? report->max_entries : 64;
    size_t *order = snug_alloc(slot->size, sizeof *order);
    double scale = largest(slot->size, gradient);
    snug_random stream = {
        .seed = report->seed, .purpose = SNUG_PURPOSE_CHECK, .step = (uint32_t)number};
    if (order == NULL)
        return SNUG_ERROR_MEMORY;
    for (size_t i = 0; i < slot->size; ++i)
        order[i] = i;
    snug_random_shuffle(&stream, slot->size, order);
    check->passed = true;
    for (size_t i = 0; i < slot->size && i < wanted; ++i) {
        size_t at = order[i];
        double difference = 0;
        enum verdict verdict = compare(c, &weights[at], (double)gradient[at], scale, &difference);
        check->kinks += verdict == KINK;
        check->checked += verdict != KINK;
        check->passed = check->passed && verdict != DIFFERS;
        if (verdict != KINK && difference > c->noise && difference / scale > check->error)
            check->error = difference / scale;
    }
    check->zero = scale == 0;
    check->passed = check->passed && !check->zero && compared_enough(check);
    snug_release(order);
    return SNUG_OK;
}

static snug_status prepare(checker *c, const snug_model *model, const snug_dataset *data,
                           const snug_gradient_report *report) {
    size_t outputs = model->plan->outputs;
    size_t limit = report->max_rows > 0 ? report->max_rows : 8;
    const snug_scaler *scaler = model->preprocessing != NULL ? model->preprocessing->scaler : NULL;
    if (snug_training_data_check(model, c->loss, data, "the data") != SNUG_OK)
        return snug_error_status();
    c->rows = data->count < limit ? data->count : limit;
    c->model = snug_model_copy(model);
    c->session =
        c->model != NULL ? snug_session_new_training(c->model, c->rows, report->seed) : NULL;
    c->state = snug_alloc(model->plan->state, sizeof *c->state);
    c->x = snug_alloc(c->rows * model->inputs, sizeof *c->x);
    c->classes = snug_alloc(c->rows, sizeof *c->classes);
    c->values = snug_alloc(c->rows * outputs, sizeof *c->values);
    c->weights = snug_alloc(c->rows, sizeof *c->weights);
    if (c->session == NULL || c->weights == NULL || c->x == NULL || c->classes == NULL ||
        c->values == NULL || c->state == NULL)
        return snug_error_status();
    memcpy(c->state, model->state, model->plan->state * sizeof(float));
    if (snug_dataset_gather(data, scaler, NULL, 0, c->rows, c->x) != SNUG_OK)
        return snug_error_status();
    snug_dataset_gather_targets(data, NULL, 0, c->rows, c->classes, c->values);
    snug_dataset_gather_weights(data, NULL, 0, c->rows, c->weights);
    if (snug_class_weights_settle(c->loss, data, snug_loss_classes(c->loss, outputs)) != SNUG_OK)
        return snug_error_status();
    c->targets.classes = snug_dataset_classes(data) > 0 ? c->classes : NULL;
    c->targets.values = snug_dataset_outputs(data) > 0 ? c->values : NULL;
    c->targets.weights = snug_dataset_weighted(data) ? c->weights : NULL;
    return snug_targets_check(c->loss, &c->targets, c->rows, outputs);
}

static snug_status check_all(checker *c, snug_gradient_report *report) {
    const snug_plan *plan = c->model->plan; /* NOLINT: prepare() made the model */
    snug_session_run(c->session, c->x, c->rows, 0, NULL, NULL);
    snug_loss_sum loss = snug_session_loss(c->session, c->loss, &c->targets);
    snug_session_backward(c->session, NULL, NULL);
    c->noise = 2e-5 * fmax(1.0, snug_loss_mean(&loss));
    for (size_t i = 0; i < plan->slot_count; ++i) {
        const snug_slot *slot = &plan->slots[i];
        snug_gradient_check *check = &report->checks[report->count];
        snug_status status;
        if (slot->tensor->state)
            continue;
        status = check_slot(c, slot, i, report, check);
        if (status != SNUG_OK)
            return status;
        report->passed = report->passed && check->passed;
        ++report->count;
    }
    return SNUG_OK;
}

/* Names of the model's own plan, not the copy's, which is freed. */
static void name_checks(const snug_model *model, snug_gradient_report *report) {
    size_t k = 0;
    for (size_t i = 0; i < model->plan->slot_count && k < report->count; ++i)
        if (!model->plan->slots[i].tensor->state)
            report->checks[k++].tensor = model->plan->slots[i].name;
}

/* The sentence of the first tensor that failed. */
static snug_status verdict_of(const snug_gradient_report *report) {
    for (size_t i = 0; i < report->count; ++i) {
        const snug_gradient_check *k = &report->checks[i];
        if (k->passed)
            continue;
        if (k->zero)
            return snug_fail(SNUG_ERROR_GRADIENT, "%s: every gradient is zero, which shows nothing",
                             k->tensor);
        if (!compared_enough(k))
            return snug_fail(SNUG_ERROR_GRADIENT, "%s: %zu of %zu entries lie at kinks of the loss",
                             k->tensor, k->kinks, k->kinks + k->checked);
        return snug_fail(SNUG_ERROR_GRADIENT,
                         "%s: the gradient differs from central differences by %.3g of the largest",
                         k->tensor, k->error);
    }
    return SNUG_OK;
}

snug_status snug_check_gradients(const snug_model *model, const snug_dataset *data,
                                 snug_gradient_report *report) {
    checker c = {.tolerance = report->tolerance > 0 ? report->tolerance : 1e-2};
    const snug_object *loss;
    snug_status status = snug_model_check(model);
    if (status == SNUG_OK && report->loss != NULL)
        status = snug_loss_status(report->loss);
    report->count = 0;
    report->checks = NULL;
    report->passed = true;
    if (status != SNUG_OK)
        return status;
    loss = report->loss != NULL ? ((const snug_handle *)report->loss)->object : model->loss;
    if (loss == NULL)
        return snug_fail(SNUG_ERROR_ARGUMENT, "the model has no loss yet: give one in the report");
    c.loss = snug_object_copy(loss);
    if (c.loss == NULL)
        return SNUG_ERROR_MEMORY;
    status = prepare(&c, model, data, report);
    if (status == SNUG_OK)
        report->checks = snug_alloc(model->plan->slot_count, sizeof *report->checks);
    if (status == SNUG_OK)
        status = report->checks != NULL ? check_all(&c, report) : SNUG_ERROR_MEMORY;
    name_checks(model, report);
    snug_object_free(c.loss);
    snug_session_free(c.session);
    snug_model_free(c.model);
    snug_release(c.x);
    snug_release(c.classes);
    snug_release(c.values);
    snug_release(c.weights);
    snug_release(c.state);
    report->passed = report->passed && status == SNUG_OK;
    return status == SNUG_OK ? verdict_of(report) : status;
}

void snug_gradient_report_clear(snug_gradient_report *report) {
    snug_release(report->checks);
    report->checks = NULL;
    report->count = 0;
}
