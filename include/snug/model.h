/* Models: building, reading, saving; sessions: forward, backward, predict. */
#ifndef SNUG_MODEL_H
#define SNUG_MODEL_H

#include <snug/data.h>
#include <snug/layer.h>
#include <snug/memory.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A sequence of layers with their parameters. Not for use by two threads while one changes it. */
typedef struct snug_model snug_model;

/* An empty model for rows of `inputs` features. */
SNUG_API snug_model *snug_model_new(size_t inputs);

/*
 * Takes the layer over, also when it fails, and appends it; its shape is inferred and checked. The
 * model keeps its first error, also that of a failed constructor or of a layer that is NULL: later
 * calls return it again, so that a chain of them needs one check.
 */
SNUG_API snug_status snug_model_add(snug_model *model, snug_layer *layer);

/* Reads {"model": {"inputs": 4, "layers": [...]}}, from a file or from n bytes of text. */
SNUG_API snug_model *snug_model_read_config(const char *path);
SNUG_API snug_model *snug_model_parse_config(const char *text, size_t n);

/*
 * The model's config as such a JSON text, with every default written out; free with
 * snug_free().
 */
SNUG_API char *snug_model_config(const snug_model *model);

/*
 * Sets the initial weights, a pure function of the seed. snug_fit() does it when it was not done.
 * Warns through the log where SELU cannot keep mean 0 and variance 1.
 */
SNUG_API snug_status snug_model_init(snug_model *model, uint64_t seed);

SNUG_API void snug_model_free(snug_model *model); /* takes NULL */

/*
 * One .safetensors file: parameters and state under PyTorch's names ("0.weight", out x in), and in
 * its metadata the config, the preprocessing, the loss and its output function. It is written
 * beside `path` and renamed. Loading refuses what is damaged and reads the same bits; saving again,
 * the same bytes.
 */
SNUG_API snug_status snug_model_save(const snug_model *model, const char *path);
SNUG_API snug_model *snug_model_load(const char *path);

/* The same in memory; free *bytes with snug_free(). */
SNUG_API snug_status snug_model_save_to_memory(const snug_model *model, char **bytes, size_t *size);
SNUG_API snug_model *snug_model_load_from_memory(const void *bytes, size_t size);

SNUG_API size_t snug_model_input_count(const snug_model *model);  /* features a row */
SNUG_API size_t snug_model_output_count(const snug_model *model); /* columns that predict writes */
SNUG_API size_t snug_model_parameter_count(
    const snug_model *model); /* trainable numbers; 0 before the first layer */
SNUG_API size_t snug_model_layer_count(const snug_model *model);

/*
 * Takes the loss over, also when it fails: the model is trained and judged by it, and prediction
 * applies its output function. snug_fit() does it with the loss of its options. NULL is an error.
 */
SNUG_API snug_status snug_model_set_loss(snug_model *model, snug_loss *loss);

/*
 * The class that a row of predictions, as snug_predict() writes it, stands for: that of the
 * largest, of equal ones the first; of a single output for two classes the second where it is
 * above what the output function makes of 0. Different outputs of the last layer may be rounded to
 * equal predictions: snug_predict_classes() decides by the outputs themselves, as snug_evaluate()
 * does.
 */
SNUG_API size_t snug_model_predicted_class(const snug_model *model, const float *prediction);

/*
 * What snug_fit() stored of the data, for snug_csv_options.like; NULL before. It belongs to the
 * model.
 */
SNUG_API const snug_preprocessing *snug_model_preprocessing(const snug_model *model);

/*
 * What targets the model was trained on, as the task by which other data is read for it; before
 * training what its loss needs, and AUTO where that takes both or there is none.
 */
SNUG_API snug_task snug_model_task(const snug_model *model);

/* Name of class i (NULL: the targets are values, or i is past the last), or of output value i. */
SNUG_API const char *snug_model_class_name(const snug_model *model, size_t i);
SNUG_API const char *snug_model_target_name(const snug_model *model, size_t i);

/* One layer, as `snug inspect` shows it. The type is valid as long as the model. */
typedef struct snug_layer_info {
    const char *type; /* its name in JSON */
    size_t inputs, outputs, parameters;
} snug_layer_info;

SNUG_API snug_status snug_model_layer(const snug_model *model, size_t index, snug_layer_info *info);

/* A tensor by its name in a model file. Trainable tensors come first, state after them. */
typedef struct snug_tensor_info {
    const char *name; /* "0.weight"; valid as long as the model's layers */
    /* as it lies in memory (a dense weight: inputs x outputs); a vector has rows 1 */
    size_t rows, columns;
    float *values; /* rows x columns; writing them changes the model */
    size_t offset; /* its place in the flat vector of parameters, or of state */
    bool state;
} snug_tensor_info;

SNUG_API size_t snug_model_tensor_count(const snug_model *model);
SNUG_API snug_status snug_model_tensor(snug_model *model, size_t index, snug_tensor_info *info);

/*
 * Bytes that training needs for a batch: parameters, gradients and moments, activations. Borrows
 * the optimizer; NULL: without moments.
 */
typedef struct snug_memory_info {
    size_t parameters, gradients, moments, activations, total;
} snug_memory_info;

SNUG_API snug_status snug_model_memory(const snug_model *model, size_t batch_size,
                                       const snug_optimizer *optimizer, snug_memory_info *info);

/* ---- sessions -------------------------------------------------------------------------------- */

/* The scratch of one thread for one model. The model must outlive it and keep its layers. */
typedef struct snug_session snug_session;

SNUG_API snug_session *snug_session_new(const snug_model *model, size_t max_rows);

/* The largest number of threads that a session or snug_fit() takes. */
#define SNUG_MAX_THREADS 1024

/*
 * The same for snug_predict() to share out each block of max_rows among `threads` threads of the
 * session, where the layers allow it; 0: as many as a block repays and the process may use, by its
 * affinity mask and the CPU quota of its control group. More than SNUG_MAX_THREADS are
 * SNUG_ERROR_ARGUMENT. It is still used by one thread at a time, and predicts the same bits unless
 * OpenBLAS is at work.
 */
SNUG_API snug_session *snug_session_new_parallel(const snug_model *model, size_t max_rows,
                                                 size_t threads);

/*
 * The same with room for gradients, for snug_backward(); the seed is that of random layers' masks.
 */
SNUG_API snug_session *snug_session_new_training(const snug_model *model, size_t max_rows,
                                                 uint64_t seed);
SNUG_API void snug_session_free(snug_session *session); /* takes NULL */

/*
 * out[rows][outputs] = output function(model(preprocess(x[rows][inputs]))), for any number of rows:
 * they are cut into blocks of max_rows. Features as they were before standardization.
 */
SNUG_API snug_status snug_predict(snug_session *session, const float *x, size_t rows, float *out);

/*
 * The same, and classes[rows]: the class that each row is predicted to have, by which
 * snug_evaluate() and snug_confusion() count too. It is that of the largest output of the last
 * layer before the output function, of equal ones the first; of a single output for two classes
 * the second where it is above 0. out or classes may be NULL.
 */
SNUG_API snug_status snug_predict_classes(snug_session *session, const float *x, size_t rows,
                                          float *out, int32_t *classes);

/*
 * The three that snug_fit() calls, for a loop of one's own.
 * Forward runs rows (at most max_rows) of preprocessed inputs through the layers, as in training,
 * and answers the last layer's outputs, rows x outputs, in the session's memory. `step` numbers the
 * masks of random layers.
 */
SNUG_API snug_status snug_forward(snug_session *session, const float *x, size_t rows, uint64_t step,
                                  const float **outputs);

/*
 * Borrows the loss. Sets the session's gradients to those of the mean loss of the rows that went
 * forward last; *loss, unless NULL, gets that mean. x must still hold what forward read. A
 * training session's alone.
 */
SNUG_API snug_status snug_backward(snug_session *session, const snug_loss *loss,
                                   const snug_targets *targets, double *mean_loss);

/*
 * Borrows the optimizer: one update of the model, which is the session's, by the session's
 * gradients.
 */
SNUG_API snug_status snug_optimizer_step(snug_optimizer *optimizer, snug_session *session,
                                         snug_model *model);

/*
 * Whether snug_backward() adds up the gradients of its batches until the next step, which takes the
 * mean over all their rows: that of one larger batch.
 */
SNUG_API snug_status snug_session_accumulate(snug_session *session, bool on);

/*
 * Between backward and the step: scales the gradients so that their norm, over all parameters at
 * once, is at most max_norm; *norm, unless NULL, gets what it was. Or limits each to [-limit,
 * limit].
 */
SNUG_API snug_status snug_clip_norm(snug_session *session, double max_norm, double *norm);
SNUG_API snug_status snug_clip_value(snug_session *session, double limit);

/*
 * The flat vector of gradients, laid out as the parameters; *n counts the padding between tensors
 * too. Where snug_backward() adds up, it is complete after the step, or after clipping.
 */
SNUG_API const float *snug_session_gradients(const snug_session *session, size_t *n);

/* Mean and population variance of each layer's outputs over all rows and columns, in prediction. */
SNUG_API snug_status snug_model_statistics(const snug_model *model, const snug_dataset *data,
                                           double *means, double *variances);

/* ---- gradient check -------------------------------------------------------------------------- */

/* How the gradient of one tensor compares with central differences. */
typedef struct snug_gradient_check {
    const char *tensor; /* "0.weight"; valid as long as the model's layers */
    size_t checked;     /* entries compared */
    size_t kinks;       /* entries left out: the loss has a kink near them */
    double error;       /* largest difference / largest absolute gradient of the tensor, if not 0 */
    bool zero;          /* every gradient is exactly 0: right where the differences are 0 too */
    bool passed;
} snug_gradient_check;

/*
 * Set .loss (borrowed; NULL: the model's) and what is not to be a default; the rest is the answer.
 */
typedef struct snug_gradient_report {
    const snug_loss *loss;
    size_t max_rows;    /* rows of the data used; 0: 8 */
    size_t max_entries; /* entries a tensor, picked at random by .seed; 0: 64 */
    double tolerance;   /* of .error; 0: 1e-2 */
    uint64_t seed;
    bool passed;
    size_t count;                /* trainable tensors */
    snug_gradient_check *checks; /* free with snug_gradient_report_clear() */
} snug_gradient_report;

/*
 * Compares every trainable tensor's gradient with central differences, tensor by tensor, on the
 * first rows that weigh something. SNUG_ERROR_GRADIENT names the first that fails; the report is
 * filled all the same.
 */
SNUG_API snug_status snug_check_gradients(const snug_model *model, const snug_dataset *data,
                                          snug_gradient_report *report);
SNUG_API void snug_gradient_report_clear(snug_gradient_report *report);

#ifdef __cplusplus
}
#endif
#endif
