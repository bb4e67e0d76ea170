/*
 * Gradients against differences of the loss, tensor by tensor.
 *
 * A derivative is estimated by the four-point formula, whose error is of the fourth order in the
 * step, because the loss is only as exact as its float32 logits. Where the loss has a kink near an
 * entry no step is small enough: the gradient then jumps between the entry and its neighbours, and
 * what the differences give is a mean of the gradients there. A gradient that is wrong on both
 * sides of a kink is not. A loss of 1 is exact to about 1e-7, hence a slope over a step of 1e-2 to
 * about 1e-5: smaller differences show nothing. A gradient of exactly 0 is right where the
 * differences are 0 too.
 */
#include <math.h>
#include <string.h>

#include <snug/gradient_check.h>

#include "core/memory.h"
#include "core/status.h"
#include "data/dataset.h"
#include "kinds/handles.h"
#include "math/random.h"
#include "math/vector.h"
#include "model/copy.h"
#include "model/data_check.h"
#include "model/data_match.h"
#include "model/model.h"
#include "session/backward.h"
#include "session/batches.h"
#include "session/forward.h"
#include "session/target_scaling.h"

typedef struct checker {
    snug_model *model; /* a copy, whose weights move */
    snug_session *session;
    snug_object *loss;  /* a copy, whose class weights may be balanced */
    snug_batches batch; /* the rows to check with, which are gathered once */
    float *state;       /* of the model, as it was: each loss is that of the same state */
    float *gradients;   /* of all parameters, as they are checked; the session's change */
    double tolerance;
    double noise; /* differences of slopes that the rounding of the loss explains */
} checker;

static void restore_state(checker *c) {
    memcpy(c->model->state, c->state, c->model->plan->state * sizeof(float));
}

/*
 * The mean of what the gradients are of, at the parameters as they are: the loss, but for the
 * scaling of targets (session/target_scaling.h).
 */
static double loss_at(checker *c) {
    restore_state(c);
    snug_session_forward(c->session, c->batch.x, c->batch.rows, 0, NULL, NULL);
    snug_loss_sum loss = snug_session_loss(c->session, c->loss, &c->batch.targets);
    loss.sum = snug_session_objective(c->session, c->loss, &loss);
    return snug_loss_mean(&loss);
}

/* The session's gradients at the parameters as they are; the mean loss. */
static double run_backward(checker *c) {
    double loss = loss_at(c);
    snug_session_backward(c->session, NULL, NULL);
    return loss;
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

/*
 * The slope at *w by differences over steps of h and 2 h. *near gets that over h alone, which is a
 * mean of the slopes between w - h and w + h also where they jump.
 */
static double slope_at(checker *c, float *w, double h, double *near) {
    double a, b, a2, b2, far;
    double up = loss_moved(c, w, h, &a), down = loss_moved(c, w, -h, &b);
    double up2 = loss_moved(c, w, 2 * h, &a2), down2 = loss_moved(c, w, -2 * h, &b2);
    *near = (up - down) / (a - b);
    far = (up2 - down2) / (a2 - b2);
    return (4 * *near - far) / 3;
}

/* The gradient of parameter `index` by backward, when it is moved by h. */
static double gradient_moved(checker *c, size_t index, double h) {
    float *w = c->model->parameters + index;
    const float kept = *w;
    *w = (float)((double)kept + h);
    run_backward(c);
    *w = kept;
    return (double)c->session->arena.gradients[index];
}

/*
 * Whether a kink explains that the slope over the least steps, of h, differs from the gradient:
 * gradients within them jump, and the slope is between the least and the largest of them, but for
 * `noise`. Or the kink is near enough for larger steps alone, and here the noise hides the rest.
 */
static bool left_out(checker *c, size_t index, double h, double slope, double allowed,
                     double noise) {
    static const double places[] = {-2, -1, 1, 2};
    double least = (double)c->gradients[index], most = least;
    if (fabs(slope - least) <= noise) {
        return true;
    }
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        double gradient = gradient_moved(c, index, places[i] * h);
        least = fmin(least, gradient);
        most = fmax(most, gradient);
    }
    return most - least > allowed / 2 && slope >= least - noise && slope <= most + noise;
}

enum verdict { AGREES, KINK, DIFFERS };

/* Tries smaller steps until the estimate agrees; *difference gets that of the last. */
static enum verdict compare(checker *c, size_t index, double scale, double *difference) {
    static const double steps[] = {2e-2, 5e-3, 1.25e-3, 3e-4};
    const size_t count = sizeof steps / sizeof *steps;
    const double allowed = fmax(c->tolerance * scale, c->noise);
    const double gradient = (double)c->gradients[index];
    double slope, near = 0, h = 0;
    for (size_t i = 0; i < count; i++) {
        h = steps[i];
        slope = slope_at(c, c->model->parameters + index, h, &near);
        *difference = fabs(slope - gradient);
        if (*difference <= allowed) {
            return AGREES;
        }
    }
    return left_out(c, index, h, near, allowed, fmax(allowed, c->noise / 8 * steps[0] / h))
               ? KINK
               : DIFFERS;
}

/* A quarter of the entries at least: those at kinks were not compared. */
static bool compared_enough(const snug_gradient_check *check) {
    return check->checked > 0 && 3 * check->checked >= check->kinks;
}

/*
 * Checks `entries` entries of a slot, all where there are no more, else picked without repetition.
 */
static snug_status check_slot(checker *c, const snug_tensor_slot *slot, size_t number,
                              const snug_gradient_report *report, snug_gradient_check *check) {
    size_t wanted = report->max_entries > 0 ? report->max_entries : 64;
    size_t *order = snug_alloc(slot->size, sizeof *order);
    double scale = snug_largest_absolute(slot->size, c->gradients + slot->offset);
    snug_random stream = {
        .seed = report->seed, .purpose = SNUG_PURPOSE_CHECK, .step = (uint32_t)number};
    if (order == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    for (size_t i = 0; i < slot->size; i++) {
        order[i] = i;
    }
    snug_random_shuffle(&stream, slot->size, order);
    check->passed = true;
    for (size_t i = 0; i < slot->size && i < wanted; i++) {
        double difference = 0, part;
        enum verdict verdict = compare(c, slot->offset + order[i], scale, &difference);
        part = scale > 0 ? difference / scale : difference;
        check->kinks += verdict == KINK;
        check->checked += verdict != KINK;
        check->passed = check->passed && verdict != DIFFERS;
        if (verdict != KINK && difference > c->noise && part > check->error) {
            check->error = part;
        }
    }
    check->zero = scale == 0;
    check->passed = check->passed && compared_enough(check);
    snug_release(order);
    return SNUG_OK;
}

/* The first rows of the data that weigh something, at most `limit`. There is one. */
static size_t *choose_rows(const snug_dataset *data, size_t limit, size_t *count) {
    size_t *order;
    *count = 0;
    limit = data->count < limit ? data->count : limit;
    order = snug_alloc(limit, sizeof *order);
    for (size_t i = 0; order != NULL && i < data->count && *count < limit; i++) {
        if (snug_dataset_weight(data, i) > 0) {
            order[(*count)++] = i;
        }
    }
    return order;
}

/* Makes the model's copy, its session and what is restored or kept while weights move. */
static snug_status start(checker *c, const snug_model *model, uint64_t seed) {
    const snug_plan *plan = model->plan;
    c->model = snug_model_copy(model);
    c->session = c->model != NULL ? snug_session_new_training(c->model, c->batch.size, seed) : NULL;
    c->state = snug_alloc(plan->state, sizeof *c->state);
    c->gradients = snug_alloc(plan->parameters, sizeof *c->gradients);
    if (c->session == NULL || c->state == NULL || c->gradients == NULL) {
        return snug_error_status();
    }
    memcpy(c->state, model->state, plan->state * sizeof(float));
    return SNUG_OK;
}

/* Gathers the rows to check with, the first of the data that weigh more than 0. */
static snug_status gather(checker *c, const snug_model *model, const snug_dataset *data,
                          size_t limit) {
    size_t count = 0;
    size_t *order = choose_rows(data, limit, &count);
    snug_status status = order != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
    if (status == SNUG_OK) {
        status = snug_batches_start(&c->batch, model, data, count);
    }
    if (status == SNUG_OK) {
        status = snug_batches_gather(&c->batch, order, 0);
    }
    snug_release(order);
    return status;
}

/* Gathers the rows and starts the session, for data that is matched with the model. */
static snug_status prepare(checker *c, const snug_model *model, const snug_dataset *data,
                           const snug_gradient_report *report) {
    size_t outputs = model->plan->outputs;
    snug_status status = snug_training_data_check(model, c->loss, data, "the data");
    if (status == SNUG_OK) {
        status = gather(c, model, data, report->max_rows > 0 ? report->max_rows : 8);
    }
    if (status == SNUG_OK) {
        status = start(c, model, report->seed);
    }
    if (status == SNUG_OK) {
        status = snug_class_weights_balance(c->loss, data, snug_loss_classes(c->loss, outputs));
    }
    return status == SNUG_OK
               ? snug_targets_check(c->loss, &c->batch.targets, c->batch.rows, outputs)
               : status;
}

/* Matches the data with the model, and prepares the check with a copy of both. */
static snug_status match_and_prepare(checker *c, const snug_model *model, const snug_dataset *data,
                                     const snug_gradient_report *report) {
    snug_dataset *matched;
    snug_status status = snug_data_match(model, data, "the data", NULL, &matched);
    if (status == SNUG_OK) {
        status = prepare(c, model, matched, report);
    }
    snug_dataset_free(matched);
    return status;
}

static snug_status check_all(checker *c, snug_gradient_report *report) {
    const snug_plan *plan = c->model->plan; /* NOLINT: prepare() made the model */
    c->noise = 2e-5 * fmax(1.0, run_backward(c));
    memcpy(c->gradients, c->session->arena.gradients, plan->parameters * sizeof(float));
    for (size_t i = 0; i < plan->slot_count; i++) {
        const snug_tensor_slot *slot = &plan->slots[i];
        snug_gradient_check *check = &report->checks[report->count];
        snug_status status;
        if (slot->tensor->state) {
            continue;
        }
        status = check_slot(c, slot, i, report, check);
        if (status != SNUG_OK) {
            return status;
        }
        report->passed = report->passed && check->passed;
        report->count++;
    }
    return SNUG_OK;
}

/* Names of the model's own plan, not the copy's, which is freed. */
static void name_checks(const snug_model *model, snug_gradient_report *report) {
    size_t k = 0;
    for (size_t i = 0; i < model->plan->slot_count && k < report->count; i++) {
        if (!model->plan->slots[i].tensor->state) {
            report->checks[k++].tensor = model->plan->slots[i].name;
        }
    }
}

/* The error message of the first tensor that failed. */
static snug_status verdict_of(const snug_gradient_report *report) {
    for (size_t i = 0; i < report->count; i++) {
        const snug_gradient_check *k = &report->checks[i];
        if (k->passed) {
            continue;
        }
        if (!compared_enough(k)) {
            return snug_fail(SNUG_ERROR_GRADIENT, "%s: %zu of %zu entries are at kinks of the loss",
                             k->tensor, k->kinks, k->kinks + k->checked);
        }
        if (k->zero) {
            return snug_fail(SNUG_ERROR_GRADIENT,
                             "%s: every gradient is zero where central differences give %.3g",
                             k->tensor, k->error);
        }
        return snug_fail(SNUG_ERROR_GRADIENT,
                         "%s: the gradient differs from central differences by %.3g of the largest",
                         k->tensor, k->error);
    }
    return SNUG_OK;
}

snug_status snug_check_gradients(const snug_model *model, const snug_dataset *data,
                                 snug_gradient_report *report) {
    if (report == NULL) {
        return snug_fail_null("the report");
    }
    checker c = {.tolerance = report->tolerance > 0 ? report->tolerance : 1e-2};
    const snug_object *loss;
    snug_status status = snug_model_check(model);
    if (status == SNUG_OK && report->loss != NULL) {
        status = snug_loss_status(report->loss);
    }
    report->count = 0;
    report->checks = NULL;
    report->passed = true;
    if (status != SNUG_OK) {
        return status;
    }
    loss = report->loss != NULL ? ((const snug_handle *)report->loss)->object : model->loss;
    if (loss == NULL) {
        return snug_fail(SNUG_ERROR_ARGUMENT, "the model has no loss yet: give one in the report");
    }
    c.loss = snug_object_copy(loss);
    if (c.loss == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    status = match_and_prepare(&c, model, data, report);
    if (status == SNUG_OK) {
        report->checks = snug_alloc(model->plan->slot_count, sizeof *report->checks);
    }
    if (status == SNUG_OK) {
        status = report->checks != NULL ? check_all(&c, report) : SNUG_ERROR_MEMORY;
    }
    name_checks(model, report);
    snug_object_free(c.loss);
    snug_session_free(c.session);
    snug_model_free(c.model);
    snug_batches_clear(&c.batch);
    snug_release(c.state);
    snug_release(c.gradients);
    report->passed = report->passed && status == SNUG_OK;
    return status == SNUG_OK ? verdict_of(report) : status;
}

void snug_gradient_report_clear(snug_gradient_report *report) {
    if (report == NULL) {
        return;
    }
    snug_release(report->checks);
    report->checks = NULL;
    report->count = 0;
}
