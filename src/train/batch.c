#include <math.h>

#include "core/status.h"
#include "math/random.h"
#include "session/backward.h"
#include "session/members.h"
#include "train/batch.h"

snug_status snug_train_forward(snug_trainer *t, size_t batch, snug_loss_sum *loss) {
    snug_batches *batches = &t->data.batches;
    t->session->time = t->schedules.time;
    snug_status status = snug_batches_run(batches, t->session, t->data.order, batch * batches->size,
                                          t->progress.batch);
    if (status != SNUG_OK) {
        return status;
    }
    *loss = snug_session_loss(t->session, t->model->loss, &batches->targets);
    if (isfinite(loss->sum)) {
        const snug_last_pass *last = &t->session->last;
        snug_session_merge_members(t->session);
        snug_metric_accumulator_add(&t->metrics.accumulator, batches->rows, last->values,
                                    &last->targets, loss);
    }
    return SNUG_OK;
}

void snug_train_shuffle(snug_trainer *t, size_t epoch) {
    snug_random stream = {
        .seed = t->options->seed, .purpose = SNUG_PURPOSE_SHUFFLE, .step = (uint32_t)epoch};
    if (!t->options->keep_order) {
        snug_random_shuffle(&stream, snug_dataset_row_count(t->data.train), t->data.order);
    }
}

snug_status snug_train_diverged(double loss, size_t epoch, size_t batch) {
    return snug_fail(SNUG_ERROR_DIVERGED,
                     "the loss became %s at epoch %zu, batch %zu: a smaller learning rate may help",
                     isnan(loss) ? "NaN" : "infinite", epoch, batch + 1);
}

snug_step_factors snug_train_step_factors(const snug_trainer *t) {
    const snug_schedules *s = &t->schedules;
    return (snug_step_factors){
        .rate = snug_schedule_factor(s->rate.schedule, &s->time, s->rate.state),
        .decay = snug_schedule_factor(s->decay.schedule, &s->time, s->decay.state)};
}
