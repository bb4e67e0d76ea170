/* A program of somebody else: builds a network, trains it a little and predicts. */
#include <stdio.h>
#include <string.h>

#include <snug/snug.h>

static int fail(const char *what) {
    fprintf(stderr, "%s: %s\n", what, snug_error());
    return 1;
}

int main(void) {
    const float x[4][2] = {{-1, -1}, {-1, 1}, {1, -1}, {1, 1}};
    const int32_t classes[4] = {0, 0, 1, 1};
    float y = 0, dydx = 0;
    float p[4][2];

    if (strcmp(snug_version(), EXPECTED_VERSION) != 0) {
        fprintf(stderr, "version %s, expected %s\n", snug_version(), EXPECTED_VERSION);
        return 1;
    }
    if (snug_activation_apply("selu", 1, &x[0][0], &y, &dydx) != SNUG_OK) {
        return fail("selu");
    }

    snug_dataset *data = snug_dataset_from_arrays(&x[0][0], 4, 2, classes);
    snug_model *net = snug_model_new(2);
    snug_model_add(net, snug_dense(3));
    snug_model_add(net, snug_selu());
    snug_model_add(net, snug_dense(2));
    snug_fit_options options;
    memset(&options, 0, sizeof options);
    options.loss = snug_softmax_cross_entropy();
    options.optimizer = snug_adam(0.01);
    options.epochs = 2;
    options.batch_size = 3;
    options.seed = 1;
    if (snug_fit(net, data, &options, NULL) != SNUG_OK) {
        return fail("fit");
    }

    snug_session *session = snug_session_new(net, 4);
    if (snug_predict(session, &x[0][0], 4, &p[0][0]) != SNUG_OK) {
        return fail("predict");
    }
    snug_session_free(session);
    snug_model_free(net);
    snug_dataset_free(data);
    printf("%g %g\n", (double)y, (double)(p[3][0] + p[3][1]));
    return 0;
}
