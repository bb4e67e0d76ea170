/* Metrics: evaluating a model on data that has targets, and calibrating it. */
#ifndef SNUG_METRICS_H
#define SNUG_METRICS_H

#include <snug/model.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SNUG_METRICS_MAX 40

/*
 * Values by their names, always with "loss"; `snug describe` lists them. There are metrics of
 * classes, of values and of labels, which are values of 0 and 1 under binary_cross_entropy. They
 * are defined as in scikit-learn, with zero_division=0, sample_weight the rows' weights and, of
 * several outputs, the mean; a row of weight 0 counts not at all. Not a number: the rows do not
 * define it, as the area under the ROC curve of a single class, or r2 of a single row. For early
 * stopping such a value is no improvement.
 */
typedef struct snug_metrics {
    size_t rows;
    size_t count;
    struct {
        const char *name;
        double value;
    } values[SNUG_METRICS_MAX];
    /*
     * Where "confusion_matrix" was asked for, otherwise NULL: confusion[k * classes + j] is the sum
     * of the weights of the rows of class k that were taken for class j. From snug_evaluate...() it
     * is the caller's, to be freed by snug_metrics_clear(); in a history it belongs to the history,
     * and in a callback of snug_fit() it is valid during the call.
     */
    size_t classes;
    const double *confusion;
} snug_metrics;

/* Returns the value of that name; NaN where there is none, and for NULL. */
SNUG_API double snug_metrics_get(const snug_metrics *metrics, const char *name);

/* Frees the confusion matrix, and sets the metrics to zero; takes NULL. */
SNUG_API void snug_metrics_clear(snug_metrics *metrics);

/* Returns whether a model has a loss, by which it is evaluated: an imported one has none. */
SNUG_API bool snug_model_has_loss(const snug_model *model);

/*
 * Evaluates a model on data that has targets, by its loss (see snug_model_set_loss) and every
 * metric that is a number. Where the model and the data know the names of columns, categories,
 * classes and targets, they are matched by them: the data may have been read without the model, and
 * have them in another order, or only some of the classes. A category that the model does not know
 * counts as missing, and the log gets one warning for each such column, or it is an error: see
 * .unknown_category of snug_csv_options. What the model's .missing_values list is missing, and
 * where its .missing refuses missing values they are an error. A column or a target that the model
 * takes and the data lacks is an error, and so are a column, a class or a target that it does not
 * know (but for columns that the model ignored), and a column that is numbers in one and categories
 * in the other. Columns that the data has as floats, where the model needs the digits of doubles,
 * are warned of: read them with snug_dataset_read_for(). Numbers without names, as in arrays, are
 * taken in their order. These rules are also those of the functions below, of snug_fit() with a
 * model that was trained before, and of its .validation_data.
 */
SNUG_API snug_status snug_evaluate(const snug_model *model, const snug_dataset *data,
                                   snug_metrics *metrics);

/*
 * Evaluates by every metric, as snug_evaluate() does, and counts the confusion matrix in the same
 * pass. Fails where the targets are values. Free *metrics with snug_metrics_clear().
 */
SNUG_API snug_status snug_evaluate_confusion(const snug_model *model, const snug_dataset *data,
                                             snug_metrics *metrics);

/*
 * Evaluates by the loss and `count` metrics by their names alone; a count of 0: accuracy for
 * classes, mae and r2 for values. Free *metrics with snug_metrics_clear() where a name is
 * "confusion_matrix".
 */
SNUG_API snug_status snug_evaluate_metrics(const snug_model *model, const snug_dataset *data,
                                           const char *const *names, size_t count,
                                           snug_metrics *metrics);

/*
 * Evaluates as snug_evaluate_metrics() does, in `threads` threads; 0, as in the functions above: as
 * many as the work repays and the process may use. More than SNUG_MAX_THREADS are
 * SNUG_ERROR_ARGUMENT. The metrics are the same for any number of threads, unless OpenBLAS is at
 * work.
 */
SNUG_API snug_status snug_evaluate_parallel(const snug_model *model, const snug_dataset *data,
                                            const char *const *names, size_t count, size_t threads,
                                            snug_metrics *metrics);

/* ---- calibration ----------------------------------------------------------------------------- */

/*
 * Calibration of a trained model on rows that it was not trained on: a temperature, which makes its
 * probabilities as large as the share of the rows that are right, and the threshold by which it
 * decides between two classes. Both are stored in the model; prediction and evaluation apply them.
 * snug_fit() does it after training, by .calibration and .threshold_metric.
 */

/*
 * Fits the model's temperature T on data that has classes: logits / T, before softmax or sigmoid,
 * have the least log loss (Guo, Pleiss, Sun and Weinberger 2017, "On calibration of modern neural
 * networks"). T replaces that which the model had; see snug_model_temperature(). It remains 1, with
 * a warning in the log, where every smaller one would be better, as where every row is right, and
 * is 100, with a warning, where a larger one would be, as where every row is wrong. Fails where the
 * model's loss is not one of probabilities of classes. The data is matched with the model as
 * snug_evaluate() does.
 */
SNUG_API snug_status snug_model_calibrate(snug_model *model, const snug_dataset *data);

/*
 * Chooses the probability of the second of two classes above which it is predicted, so that a
 * metric of the data is best: "f1_binary", "balanced_accuracy", "matthews_corrcoef" or another one
 * that depends on the predicted classes alone. Of thresholds that are equally good it is that
 * nearest to 0.5. See snug_model_threshold(). Calibrate before: a temperature moves probabilities.
 */
SNUG_API snug_status snug_model_choose_threshold(snug_model *model, const snug_dataset *data,
                                                 const char *metric);

#ifdef __cplusplus
}
#endif
#endif
