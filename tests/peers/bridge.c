/*
 * What the comparisons with PyTorch and scikit-learn call of Snug, with plain arguments, so that
 * Python needs none of Snug's structs. Everything goes through the public API. Each function
 * returns true, or false with the reason in snug_error().
 */
#include <string.h>

#include <snug/snug.h>

/*
 * A model of a JSON config whose weights are drawn with `seed`, or NULL; free with
 * snug_model_free().
 */
SNUG_API snug_model *peer_model(const char *config, uint64_t seed);

/*
 * Tensor `index` of a model: its name, its shape in memory, its values, its offset in the flat
 * gradients, and whether it is state.
 */
SNUG_API bool peer_tensor(snug_model *model, size_t index, const char **name, size_t *rows,
                          size_t *columns, float **values, size_t *offset, bool *state);

/*
 * One training pass over x[rows][inputs]: *mean gets the mean loss, outputs[rows][outputs] the last
 * layer's outputs, gradients[n] the flat gradients. One of classes[rows] and values[rows][outputs]
 * is given; weights[rows] may be NULL.
 */
SNUG_API bool peer_pass(snug_model *model, const char *loss, size_t rows, const float *x,
                        const int32_t *classes, const float *values, const float *weights,
                        double *mean, float *outputs, float *gradients, size_t n);

/*
 * Rows of features with one of classes[rows] and values[rows][outputs], and weights[rows] or NULL.
 */
typedef struct peer_rows {
    size_t rows, columns, outputs;
    const float *x;
    const int32_t *classes;
    const float *values;
    const float *weights;
} peer_rows;

/* A dataset that borrows these rows, or NULL; free with snug_dataset_free(). */
SNUG_API snug_dataset *peer_dataset(const peer_rows *data);

/* Called after each batch and after each epoch. */
typedef void peer_progress_fn(size_t epoch, bool epoch_end);

/*
 * snug_fit() in the order of the rows, without scaling. Specs are names or JSON objects; NULL: the
 * default. `validation` may be NULL.
 */
SNUG_API bool peer_fit(snug_model *model, const snug_dataset *data, const snug_dataset *validation,
                       const char *loss, const char *optimizer, const char *schedule, size_t epochs,
                       size_t batch_size, size_t accumulate, size_t threads,
                       peer_progress_fn *progress);

/* The metrics of these names by a loss, in the order of the names. */
SNUG_API bool peer_metrics(snug_model *model, const char *loss, const snug_dataset *data,
                           const char *const *names, size_t count, double *values);

/*
 * out[rows][outputs] = the model's predictions of x[rows][inputs] by the output function of a loss.
 */
SNUG_API bool peer_predict(snug_model *model, const char *loss, const float *x, size_t rows,
                           float *out);

snug_model *peer_model(const char *config, uint64_t seed) {
    snug_model *model = snug_model_parse_config(config, strlen(config));
    if (model != NULL && snug_model_init(model, seed) != SNUG_OK) {
        snug_model_free(model);
        return NULL;
    }
    return model;
}

bool peer_tensor(snug_model *model, size_t index, const char **name, size_t *rows, size_t *columns,
                 float **values, size_t *offset, bool *state) {
    snug_tensor_info info;
    if (index >= snug_model_tensor_count(model) ||
        snug_model_tensor(model, index, &info) != SNUG_OK) {
        return false;
    }
    *name = info.name;
    *rows = info.rows;
    *columns = info.columns;
    *values = info.values;
    *offset = info.offset;
    *state = info.state;
    return true;
}

static bool run_pass(snug_session *session, const snug_loss *loss, size_t rows, const float *x,
                     const snug_targets *targets, double *mean, size_t count, float *outputs) {
    const float *z;
    if (snug_forward(session, x, rows, 0, &z) != SNUG_OK) {
        return false;
    }
    memcpy(outputs, z, count * sizeof *outputs);
    return snug_backward(session, loss, targets, mean) == SNUG_OK;
}

bool peer_pass(snug_model *model, const char *loss_spec, size_t rows, const float *x,
               const int32_t *classes, const float *values, const float *weights, double *mean,
               float *outputs, float *gradients, size_t n) {
    const snug_targets targets = {.classes = classes, .values = values, .weights = weights};
    snug_loss *loss = snug_loss_new(loss_spec);
    snug_session *session = snug_session_new_training(model, rows, 1);
    bool done = session != NULL && run_pass(session, loss, rows, x, &targets, mean,
                                            rows * snug_model_output_count(model), outputs);
    size_t size = 0;
    const float *flat = done ? snug_session_gradients(session, &size) : NULL;
    if (done) {
        memcpy(gradients, flat, (size < n ? size : n) * sizeof *gradients);
    }
    snug_session_free(session);
    snug_loss_free(loss);
    return done;
}

snug_dataset *peer_dataset(const peer_rows *d) {
    snug_dataset *data =
        d->classes != NULL
            ? snug_dataset_from_arrays(d->x, d->rows, d->columns, d->classes)
            : snug_dataset_from_values(d->x, d->rows, d->columns, d->values, d->outputs);
    if (data != NULL && d->weights != NULL &&
        snug_dataset_set_weights(data, d->weights) != SNUG_OK) {
        snug_dataset_free(data);
        return NULL;
    }
    return data;
}

static bool report(const snug_progress *progress, void *user) {
    (*(peer_progress_fn **)user)(progress->epoch, progress->epoch_end);
    return true;
}

bool peer_fit(snug_model *model, const snug_dataset *data, const snug_dataset *validation,
              const char *loss, const char *optimizer, const char *schedule, size_t epochs,
              size_t batch_size, size_t accumulate, size_t threads, peer_progress_fn *progress) {
    const snug_fit_options options = {
        .loss = loss != NULL ? snug_loss_new(loss) : NULL,
        .optimizer = optimizer != NULL ? snug_optimizer_new(optimizer) : NULL,
        .schedule = schedule != NULL ? snug_schedule_new(schedule) : NULL,
        .epochs = epochs,
        .batch_size = batch_size,
        .validation_data = validation,
        .threads = threads,
        .keep_order = true,
        .scaling = SNUG_SCALING_NONE,
        .target_scaling = SNUG_TARGET_SCALING_NONE,
        .accumulate = accumulate,
        .callback = progress != NULL ? report : NULL,
        .user = &progress,
    };
    return snug_fit(model, data, &options, NULL) == SNUG_OK;
}

bool peer_metrics(snug_model *model, const char *loss, const snug_dataset *data,
                  const char *const *names, size_t count, double *values) {
    snug_metrics metrics;
    if (snug_model_set_loss(model, snug_loss_new(loss)) != SNUG_OK ||
        snug_evaluate_metrics(model, data, names, count, &metrics) != SNUG_OK) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        values[i] = snug_metrics_get(&metrics, names[i]);
    }
    return true;
}

bool peer_predict(snug_model *model, const char *loss, const float *x, size_t rows, float *out) {
    if (snug_model_set_loss(model, snug_loss_new(loss)) != SNUG_OK) {
        return false;
    }
    snug_session *session = snug_session_new(model, rows);
    bool done = session != NULL && snug_predict(session, x, rows, out) == SNUG_OK;
    snug_session_free(session);
    return done;
}
