#include <math.h>
#include <string.h>

#include "core/status.h"
#include "cpu/cpu.h"
#include "optim/optimizer.h"
#include "session/backward.h"
#include "session/gradients.h"
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
 * A snug_objective: returns the mean loss of all training rows and sets its gradient, at the
 * model's parameters. The rows come in batches, which bound the memory and are added up. A loss
 * that is not finite ends the pass: a line search may find a smaller step then.
 */
static double mean_loss(void *user, float *gradient) {
    full_batch *pass = user;
    snug_trainer *t = pass->trainer;
    size_t batches = t->progress.batches_per_epoch;
    /* The last pass may have ended before its last batch. */
    snug_accumulation_restart(&t->session->accumulation);
    snug_metric_accumulator_reset(&t->metrics.accumulator);
    pass->failed_batch = batches;
    for (size_t batch = 0; batch < batches; batch++) {
        pass->status = snug_train_forward(t, batch, &pass->failed_loss);
        if (pass->status != SNUG_OK || !isfinite(pass->failed_loss)) {
            pass->failed_batch = batch;
            return INFINITY;
        }
        snug_session_backward(t->session, NULL, NULL);
    }
    snug_session_average_gradients(t->session);
    memcpy(gradient, t->session->arena.gradients, t->model->plan->parameters * sizeof *gradient);
    snug_metric_accumulator_read(&t->metrics.accumulator, SNUG_METRIC_NEEDS_SCORES,
                                 &t->metrics.train);
    return snug_metrics_get(&t->metrics.train, "loss");
}

snug_status snug_train_full_batch(snug_trainer *t, size_t epoch) {
    size_t batches = t->progress.batches_per_epoch;
    full_batch pass = {.trainer = t, .failed_batch = batches};
    const snug_objective objective = {mean_loss, &pass};
    unsigned cpu_state = snug_cpu_flush_denormals();
    bool more = false;
    snug_status status =
        snug_optimizer_iterate(t->optimizer, t->model->plan->parameters, snug_train_rate_factor(t),
                               &objective, t->model->parameters, &more);
    snug_cpu_restore(cpu_state);
    if (status == SNUG_OK && pass.failed_batch < batches) {
        status = pass.status == SNUG_OK
                     ? snug_train_diverged(pass.failed_loss, epoch, pass.failed_batch)
                     : pass.status;
    }
    t->progress.done = !more;
    t->rate.time.step++;
    return status;
}
