/*
 * Calibration of a trained model on rows that it was not trained on: a temperature, which makes its
 * probabilities as large as the share of the rows that are right, and the threshold by which it
 * decides between two classes. Both are stored in the model; prediction and evaluation apply them.
 * snug_fit() does it after training, by .calibration and .threshold_metric.
 */
#ifndef SNUG_CALIBRATION_H
#define SNUG_CALIBRATION_H

#include <snug/model.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Fits the model's temperature T on data that has classes: logits / T, before softmax or sigmoid,
 * have the least log loss (Guo, Pleiss, Sun and Weinberger 2017, "On calibration of modern neural
 * networks"). T replaces that which the model had; see snug_model_temperature(). It remains 1, with
 * a warning in the log, where the loss has no minimum, as where every row is right. Fails where the
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
