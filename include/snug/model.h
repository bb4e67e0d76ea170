/* Models: building, reading, saving. */
#ifndef SNUG_MODEL_H
#define SNUG_MODEL_H

#include <snug/data.h>
#include <snug/layer.h>
#include <snug/loss.h>
#include <snug/memory.h> /* IWYU pragma: export */
#include <snug/optimizer.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A sequence of layers with their parameters. Not for use by two threads while one changes it. */
typedef struct snug_model snug_model;

/*
 * Returns a new model, which the caller owns: an empty one for rows of `inputs` features. NULL on
 * failure.
 */
SNUG_API snug_model *snug_model_new(size_t inputs);

/*
 * Takes the layer over, also when it fails, and appends it; its shape is inferred and checked. The
 * model keeps its first error, also that of a failed constructor or of a layer that is NULL: later
 * calls return it again, so that a chain of them needs one check.
 */
SNUG_API snug_status snug_model_add(snug_model *model, snug_layer *layer);

/*
 * Return a new model, which the caller owns, from {"model": {"inputs": 4, "layers": [...]}} in a
 * file or in n bytes of text. NULL on failure.
 */
SNUG_API snug_model *snug_model_read_config(const char *path);
SNUG_API snug_model *snug_model_parse_config(const char *text, size_t n);

/*
 * Returns the model's config as such a JSON text, which the caller owns and frees with snug_free(),
 * with every default written out. NULL on failure.
 */
SNUG_API char *snug_model_config(const snug_model *model);

/*
 * Sets the initial weights, a pure function of the seed. snug_fit() does it when it was not done.
 * Warns through the log where SELU cannot keep mean 0 and variance 1.
 */
SNUG_API snug_status snug_model_init(snug_model *model, uint64_t seed);

/*
 * Starts a model from another, a trained one: takes its weights and state, each tensor by its name
 * ("0.weight"), and, unless the model has its own, its preprocessing, by which the weights were
 * trained: snug_fit() then keeps columns, categories, classes and scaling as those of any trained
 * model. Tensors that the other lacks get the initial weights of the seed, unless the model has
 * weights. Fails where a tensor has another shape, which is named with both, where no name is the
 * same, and for an ensemble; the model is then as it was, but may have got initial weights.
 */
SNUG_API snug_status snug_model_start_from(snug_model *model, const snug_model *from,
                                           uint64_t seed);

/*
 * Returns a new model, which the caller owns, that is an ensemble of copies of `count` models: its
 * prediction is the mean of theirs, of probabilities or of values in the targets' units, and the
 * class of a row is that of the mean. They have weights, and were trained on tables with the same
 * columns, categories, classes and targets; layers, scaling and losses may differ where the output
 * function is the same. Members of an ensemble among them count one by one. snug_model_save(),
 * snug_model_load(), snug_predict...() and snug_evaluate...() take an ensemble as any model, which
 * is evaluated by the loss of its first member; what needs layers or trains fails with an error
 * message. NULL on failure.
 */
SNUG_API snug_model *snug_model_new_ensemble(snug_model *const *members, size_t count);

/*
 * Return the number of members of an ensemble, 0 for any other model; and member number i, from 0,
 * which belongs to the ensemble, or NULL where there is none.
 */
SNUG_API size_t snug_model_member_count(const snug_model *model);
SNUG_API const snug_model *snug_model_member(const snug_model *model, size_t i);

/* Frees a model with its layers, its loss and its preprocessing; takes NULL. */
SNUG_API void snug_model_free(snug_model *model);

/*
 * Save a model, and load a new one, which the caller owns. One .safetensors file: parameters and
 * state under PyTorch's names ("0.weight", out x in), and in its metadata the config, the
 * preprocessing, the loss and its output function. It is written beside `path` and renamed. Loading
 * refuses what is damaged and reads the same bits; saving again, the same bytes.
 */
SNUG_API snug_status snug_model_save(const snug_model *model, const char *path);
SNUG_API snug_model *snug_model_load(const char *path);

/*
 * Save to *bytes, which the caller owns and frees with snug_free(), what such a file holds, and
 * load a new model, which the caller owns, from bytes, which are borrowed for the call.
 */
SNUG_API snug_status snug_model_save_to_memory(const snug_model *model, char **bytes, size_t *size);
SNUG_API snug_model *snug_model_load_from_memory(const void *bytes, size_t size);

/* Return the features of a row, and the columns of a prediction. */
SNUG_API size_t snug_model_input_count(const snug_model *model);
SNUG_API size_t snug_model_output_count(const snug_model *model);

/* Returns how many numbers are trained; 0 before the first layer. */
SNUG_API size_t snug_model_parameter_count(const snug_model *model);

/* Returns the length of the list of layers. */
SNUG_API size_t snug_model_layer_count(const snug_model *model);

/*
 * Takes the loss over, also when it fails: the model is trained and evaluated by it, and prediction
 * applies its output function. snug_fit() does it with the loss of its options. NULL is an error.
 */
SNUG_API snug_status snug_model_set_loss(snug_model *model, snug_loss *loss);

/*
 * Returns the class that a row of predictions, as snug_predict() writes it, means: that of the
 * largest, of equal ones the first; of a single output for two classes the second where it is
 * above what the output function makes of 0; of two classes with a threshold (see
 * snug_model_threshold()) the second where its probability is above it. Different outputs of the
 * last layer may be rounded to equal predictions: snug_predict_classes() decides by the outputs
 * themselves, as snug_evaluate() does.
 */
SNUG_API size_t snug_model_predicted_class(const snug_model *model, const float *prediction);

/*
 * Returns the name of column `column`, from 0, of predicted values, which the caller frees with
 * snug_free(): that of its target, or "y1" for the first where it has none; NAME_q0.05 for a
 * quantile of several. NULL past the last and on failure.
 */
SNUG_API char *snug_model_prediction_name(const snug_model *model, size_t column);

/*
 * Returns whether the values that the model predicts for target `target`, from 0, are clipped to a
 * range, and sets *min and *max to it: see .clip_predictions in <snug/train.h>.
 */
SNUG_API bool snug_model_prediction_range(const snug_model *model, size_t target, double *min,
                                          double *max);

/*
 * Returns the temperature that calibrates the model's probabilities, 1 where they are as the
 * network gives them, and the probability above which the second of two classes is predicted: 0.5
 * unless another was chosen.
 */
SNUG_API double snug_model_temperature(const snug_model *model);
SNUG_API double snug_model_threshold(const snug_model *model);

/*
 * Returns what belongs to the model: what snug_fit() stored of the data, for snug_csv_options.like;
 * NULL before.
 */
SNUG_API const snug_preprocessing *snug_model_preprocessing(const snug_model *model);

/*
 * What targets the model was trained on, as the task by which other data is read for it; before
 * training what its loss needs, and AUTO where that takes both or there is none.
 */
SNUG_API snug_task snug_model_task(const snug_model *model);

/*
 * Reads data for a model, as snug_dataset_read() does, with the columns, categories, classes and
 * targets that the model was trained on: .like and .task of the options are the model's, but
 * .task = SNUG_TASK_NONE, for rows to be predicted, stays. options NULL: all defaults. The caller
 * owns the dataset, which needs the model no more; NULL on failure.
 */
SNUG_API snug_dataset *snug_dataset_read_for(const snug_model *model, const char *path,
                                             const snug_data_options *options);

/*
 * Returns the number of classes that the model was trained on, which all have names; 0 where its
 * targets are values, and before training.
 */
SNUG_API size_t snug_model_class_count(const snug_model *model);

/*
 * Return the name, which belongs to the model, of class i or of target value i, from 0; NULL where
 * there is none.
 */
SNUG_API const char *snug_model_class_name(const snug_model *model, size_t i);
SNUG_API const char *snug_model_target_name(const snug_model *model, size_t i);

/* One layer, as `snug inspect` shows it. The type is valid as long as the model. */
typedef struct snug_layer_info {
    const char *type; /* its name in JSON */
    size_t inputs, outputs, parameters;
    size_t members; /* of an ensemble: so many times the outputs; 1: no ensemble */
} snug_layer_info;

SNUG_API snug_status snug_model_layer(const snug_model *model, size_t index, snug_layer_info *info);

/* A tensor by its name in a model file. Trainable tensors come first, state after them. */
typedef struct snug_tensor_info {
    const char *name; /* "0.weight"; valid as long as the model's layers */
    /* as in memory (a dense weight: inputs x outputs); a vector has rows 1 */
    size_t rows, columns;
    float *values; /* rows x columns; writing them changes the model */
    size_t offset; /* its place in the flat vector of parameters, or of state */
    bool state;
} snug_tensor_info;

/*
 * Return the number of tensors, and one of them. A model without weights has no values to give:
 * SNUG_ERROR_ARGUMENT before snug_model_init(), snug_fit() or snug_model_load().
 */
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

/* Mean and population variance of each layer's outputs over all rows and columns, in prediction. */
SNUG_API snug_status snug_model_statistics(const snug_model *model, const snug_dataset *data,
                                           double *means, double *variances);

#ifdef __cplusplus
}
#endif
#endif
