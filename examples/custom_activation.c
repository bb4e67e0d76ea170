/*
 * An activation of one's own: swish(x) = x sigmoid(beta x), registered at run time. From then on it
 * works in JSON, in saved models, in `snug_describe` and in the gradient check like a built-in one.
 */
#include <math.h>
#include <stddef.h>
#include <stdio.h>

#include <snug/snug.h>

/* ---- the kind -------------------------------------------------------------------------------- */

typedef struct swish_config {
    double beta;
} swish_config;

static const snug_field swish_fields[] = {{.name = "beta",
                                           .help = "steepness of the sigmoid",
                                           .kind = SNUG_FIELD_REAL,
                                           .offset = offsetof(swish_config, beta),
                                           .initial = 1.0,
                                           .min = 0.0,
                                           .max = 100.0,
                                           .open = SNUG_OPEN_MIN},
                                          {.kind = SNUG_FIELD_END}};

static float sigmoid(float x) {
    return 1.0F / (1.0F + expf(-x));
}

static float slope(float beta, float x) {
    float s = sigmoid(beta * x);
    return s + beta * x * s * (1.0F - s);
}

static float beta_of(const void *config) {
    return (float)((const swish_config *)config)->beta;
}

static void forward(const void *config, size_t rows, size_t columns, const float *x, float *y) {
    float beta = beta_of(config);
    for (size_t i = 0; i < rows * columns; i++) {
        y[i] = x[i] * sigmoid(beta * x[i]);
    }
}

/* .flags says that this reads x; y is NULL. */
static void backward(const void *config, size_t rows, size_t columns, const float *x,
                     const float *y, const float *dy, float *dx) {
    float beta = beta_of(config);
    (void)y;
    for (size_t i = 0; i < rows * columns; i++) {
        dx[i] = dy[i] * slope(beta, x[i]);
    }
}

static void derivative(const void *config, size_t n, const float *x, float *dydx) {
    float beta = beta_of(config);
    for (size_t i = 0; i < n; i++) {
        dydx[i] = slope(beta, x[i]);
    }
}

static const snug_activation_kind swish = {.base = {.name = "swish",
                                                    .summary = "x sigmoid(beta x)",
                                                    .fields = swish_fields,
                                                    .config_size = sizeof(swish_config)},
                                           .flags = SNUG_READS_INPUT,
                                           .forward = forward,
                                           .backward = backward,
                                           .derivative = derivative,
                                           .init = "he_normal"};

/* ---- its use --------------------------------------------------------------------------------- */

/* A layer of the kind is made by its name and its fields; the model keeps its first error. */
static snug_model *build(size_t features) {
    snug_model *net = snug_model_new(features);
    snug_model_add(net, snug_dense(10));
    snug_model_add(net, snug_layer_make("swish", SNUG_FIELDS(snug_number("beta", 1.5))));
    snug_model_add(net, snug_dense(3));
    return net;
}

/* Compares every gradient with central differences, then trains. */
static snug_status check_and_train(snug_model *net, const snug_dataset *data,
                                   snug_metrics *metrics) {
    snug_gradient_report report = {.seed = 5};
    snug_status status = snug_model_set_loss(net, snug_softmax_cross_entropy());
    if (status == SNUG_OK) {
        status = snug_model_init(net, 5);
    }
    if (status == SNUG_OK) {
        status = snug_check_gradients(net, data, &report);
    }
    for (size_t i = 0; i < report.count; i++) {
        printf("gradient of %-8s  error %.1e  %s\n", report.checks[i].tensor,
               report.checks[i].error, report.checks[i].passed ? "ok" : "wrong");
    }
    snug_gradient_report_clear(&report);
    if (status == SNUG_OK) {
        status = snug_fit(net, data,
                          &(snug_fit_options){.optimizer = snug_adam(0.01), .epochs = 40}, NULL);
    }
    return status == SNUG_OK ? snug_evaluate(net, data, metrics) : status;
}

int main(void) {
    snug_dataset *iris = NULL;
    snug_model *net = NULL;
    snug_metrics metrics = {0};
    snug_status status = snug_register_activation(&swish);
    if (status == SNUG_OK && (iris = snug_dataset_read_csv("data/iris.csv", NULL)) == NULL) {
        status = snug_error_status();
    }
    if (status == SNUG_OK) {
        net = build(snug_dataset_column_count(iris));
        status = check_and_train(net, iris, &metrics);
    }

    double accuracy = snug_metrics_get(&metrics, "accuracy");
    if (status != SNUG_OK) {
        fprintf(stderr, "%s\n", snug_error());
    } else {
        printf("accuracy: %.3f\n", accuracy);
    }
    snug_model_free(net);
    snug_dataset_free(iris);
    return status == SNUG_OK && accuracy >= 0.9 ? 0 : 1;
}
