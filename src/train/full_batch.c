#include <math.h>
#include <string.h>

#include "core/status.h"
#include "cpu/cpu.h"
#include "optim/optimizer.h"
#include "session/backward.h"
#include "session/gradients.h"
#include "session/target_scaling.h"
#include "train/batch.h"
#include "train/full_batch.h"

/* The data of the objective: the trainer, and where its last pass over the rows ended. */
typedef struct full_batch {
    snug_trainer *trainer;
    size_t failed_batch; /* the batch count of an epoch: none */
    double failed_loss;  /* not finite, where .status is SNUG_OK */
    snug_status status;  /* of reading the rows */
} full_batch;

/*
 * A snug_objective: returns the mean objective of all training rows and sets its gradient, at the
 * model's parameters. It is the loss, but for the scaling of targets (session/target_scaling.h);
 * the metrics get the loss itself. The rows come in batches, which bound the memory and are added
 * up. A loss that is not finite ends the pass: a line search may find a smaller step then.
 */
static double mean_objective(void *user, float *gradient) {
    full_batch *pass = user;
    snug_trainer *t = pass->trainer;
    snug_loss_sum objective = {0};
    size_t batches = t->progress.batches_per_epoch;
    /* The last pass may have ended before its last batch. */
    snug_accumulation_restart(&t->session->accumulation);
    snug_metric_accumulator_reset(&t->metrics.accumulator);
    pass->failed_batch = batches;
    for (size_t batch = 0; batch < batches; batch++) {
        snug_loss_sum loss = {0};
        pass->status = snug_train_forward(t, batch, &loss);
        if (pass->status != SNUG_OK || !isfinite(loss.sum)) {
            pass->failed_batch = batch;
            pass->failed_loss = loss.sum;
            return INFINITY;
        }
        objective.sum += snug_session_objective(t->session, t->model->loss, &loss);
        objective.weight += loss.weight;
        snug_session_backward(t->session, NULL, NULL);
    }
    snug_session_average_gradients(t->session);
    memcpy(gradient, t->session->arena.gradients, t->model->plan->parameters * sizeof *gradient);
    snug_metric_accumulator_read(&t->metrics.accumulator, SNUG_METRIC_NEEDS_SCORES,
                                 &t->metrics.train);
    return snug_loss_mean(&objective);
}

snug_status snug_train_full_batch(snug_trainer *t, size_t epoch) {
    size_t batches = t->progress.batches_per_epoch;
    full_batch pass = {.trainer = t, .failed_batch = batches};
    const snug_objective objective = {mean_objective, &pass};
    unsigned cpu_state = snug_cpu_flush_denormals();
    bool more = false;
    const snug_parameter_ranges ranges = snug_plan_ranges(t->model->plan);
    snug_status status = snug_optimizer_iterate(t->optimizer, &ranges, snug_train_step_factors(t),
                                                &objective, t->model->parameters, &more);
    snug_cpu_restore(cpu_state);
    t->model->untrained = false;
    if (status == SNUG_OK && pass.failed_batch < batches) {
        status = pass.status == SNUG_OK
                     ? snug_train_diverged(pass.failed_loss, epoch, pass.failed_batch)
                     : pass.status;
    }
    t->progress.done = !more;
    t->schedules.time.step++;
    return status;
}
