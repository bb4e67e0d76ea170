/*
 * A training loop of one's own, from the three calls that snug_fit() makes: forward, backward, and
 * the optimizer's step. The network learns the values of sin(3 x) from an array in memory.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>

#include <snug/snug.h>

enum { ROWS = 96, BATCH = 32, EPOCHS = 400 };

static void make_rows(float *x, float *y) {
    for (int i = 0; i < ROWS; i++) {
        int shuffled = i * 37 % ROWS; /* 37 and 96 have no common divisor: every point once */
        x[i] = (float)shuffled / ROWS * 2.0F - 1.0F;
        y[i] = sinf(3.0F * x[i]);
    }
}

static snug_model *build(uint64_t seed) {
    snug_model *net = snug_model_new(1);
    snug_model_add(net, snug_dense(24));
    snug_model_add(net, snug_tanh());
    snug_model_add(net, snug_dense(24));
    snug_model_add(net, snug_tanh());
    snug_model_add(net, snug_dense(1));
    if (snug_model_init(net, seed) == SNUG_OK) {
        return net;
    }
    snug_model_free(net);
    return NULL;
}

static snug_status train(snug_session *session, const snug_loss *loss, snug_optimizer *optimizer,
                         double *mean) {
    float x[ROWS], y[ROWS];
    const float *outputs;
    uint64_t step = 0;
    make_rows(x, y);
    for (int epoch = 1; epoch <= EPOCHS; epoch++) {
        for (int first = 0; first < ROWS; first += BATCH) {
            snug_targets targets = {.values = y + first};
            if (snug_forward(session, x + first, BATCH, step++, &outputs) != SNUG_OK ||
                snug_backward(session, loss, &targets, mean) != SNUG_OK ||
                snug_optimizer_step(optimizer, session) != SNUG_OK) {
                return snug_error_status();
            }
        }
        if (epoch % 100 == 0) {
            printf("epoch %d: loss of the last batch %.6f\n", epoch, *mean);
        }
    }
    return SNUG_OK;
}

int main(void) {
    double mean = INFINITY;
    snug_model *net = build(17);
    snug_session *session = net != NULL ? snug_session_new_training(net, BATCH, 17) : NULL;
    snug_loss *loss = snug_mse();
    snug_optimizer *optimizer = snug_adam(0.01);
    snug_status status = SNUG_ERROR_ARGUMENT;
    if (session != NULL) { /* a loss or an optimizer that failed makes the first step fail */
        status = train(session, loss, optimizer, &mean);
    }
    if (status != SNUG_OK) {
        fprintf(stderr, "%s\n", snug_error());
    } else if (mean > 0.005) {
        fprintf(stderr, "the loss is still %g\n", mean);
    }
    snug_optimizer_free(optimizer);
    snug_loss_free(loss);
    snug_session_free(session);
    snug_model_free(net);
    return status == SNUG_OK && mean <= 0.005 ? 0 : 1;
}
