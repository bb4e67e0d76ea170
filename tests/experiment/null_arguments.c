/*
 * Every public function that takes a handle, given NULL for it, and some given NULL for what they
 * read or write: an error message, or the value that the header names. Each row is a test of its
 * own, so that a crash is reported with its number.
 */
#include <math.h>
#include <string.h>

#include <snug/snug.h>

#include "support/suite.h"

/* ---- the arguments that are not NULL --------------------------------------------------------- */

static snug_model *model;
static snug_dataset *data;
static snug_session *session, *predictor;
static snug_experiment *experiment;

static void make_arguments(void) {
    static const float x[] = {1, 2.5F, -1, 0.5F, 3, -2};
    static const int32_t y[] = {0, 1, 1};
    data = snug_dataset_from_arrays(x, 3, 2, y);
    model = snug_model_new(2);
    ck_assert_int_eq(snug_model_add(model, snug_dense(2)), SNUG_OK);
    ck_assert_int_eq(snug_model_init(model, 3), SNUG_OK);
    session = snug_session_new_training(model, 3, 1);
    ck_assert_ptr_nonnull(session);
    predictor = snug_session_new(model, 3);
    ck_assert_ptr_nonnull(predictor);
    static const char text[] = "{\"data\": {\"train\": \"t.csv\", \"target\": \"y\"},"
                               " \"model\": {\"layers\": [{\"type\": \"dense\", \"units\": 1}]},"
                               " \"train\": {\"loss\": \"mse\", \"epochs\": 1}}";
    experiment = snug_experiment_parse(text, sizeof text - 1, NULL);
    ck_assert_msg(experiment != NULL, "%s", snug_error());
}

static void free_arguments(void) {
    snug_experiment_free(experiment);
    snug_session_free(predictor);
    snug_session_free(session);
    snug_model_free(model);
    snug_dataset_free(data);
}

/* ---- functions that fail --------------------------------------------------------------------- */

/* Each returns whether the call returned SNUG_ERROR_ARGUMENT. */
#define FAILS(name, call)                                                                          \
    static bool name(void) {                                                                       \
        return (call) == SNUG_ERROR_ARGUMENT;                                                      \
    }
/* Whether it returned NULL. */
#define NONE(name, call)                                                                           \
    static bool name(void) {                                                                       \
        return (call) == NULL;                                                                     \
    }

static float floats[8];
static double doubles[8];
static snug_metrics metrics;
static snug_dataset *parts[3];
static snug_model *loaded;

FAILS(model_add, snug_model_add(NULL, snug_dense(1)))
FAILS(model_add_layer, snug_model_add(model, NULL))
FAILS(model_init, snug_model_init(NULL, 1))
FAILS(model_save, snug_model_save(NULL, "x.safetensors"))
FAILS(model_save_path, snug_model_save(model, NULL))
FAILS(model_save_to_memory, snug_model_save_to_memory(NULL, &(char *){NULL}, &(size_t){0}))
FAILS(model_set_loss, snug_model_set_loss(NULL, snug_mse()))
FAILS(model_set_loss_loss, snug_model_set_loss(model, NULL))
FAILS(model_layer, snug_model_layer(NULL, 0, &(snug_layer_info){0}))
FAILS(model_tensor, snug_model_tensor(NULL, 0, &(snug_tensor_info){0}))
FAILS(model_memory, snug_model_memory(NULL, 1, NULL, &(snug_memory_info){0}))
FAILS(model_statistics, snug_model_statistics(NULL, data, doubles, doubles))
FAILS(model_statistics_data, snug_model_statistics(model, NULL, doubles, doubles))
NONE(inspect, snug_inspect(NULL, data, NULL))
NONE(inspect_data, snug_inspect(model, NULL, NULL))
NONE(inspection_to_json, snug_inspection_to_json(NULL))
NONE(plot_inspection, snug_plot_inspection(NULL))
FAILS(coordinate_check, snug_coordinate_check(NULL, data, NULL, 4, 1, &(snug_coordinates){0}))
FAILS(model_fit_scaler, snug_model_fit_scaler(NULL, data, SNUG_SCALING_STANDARD))
FAILS(model_fit_scaler_data, snug_model_fit_scaler(model, NULL, SNUG_SCALING_STANDARD))
FAILS(predict, snug_predict(NULL, floats, 1, floats))
FAILS(predict_classes, snug_predict_classes(NULL, floats, 1, floats, NULL))
FAILS(forward, snug_forward(NULL, floats, 1, 0, &(const float *){NULL}))
FAILS(backward, snug_backward(NULL, NULL, &(snug_targets){0}, NULL))
FAILS(backward_loss, snug_backward(session, NULL, &(snug_targets){0}, NULL))
FAILS(optimizer_step, snug_optimizer_step(NULL, session))
FAILS(session_accumulate, snug_session_accumulate(NULL, true))
FAILS(clip_norm, snug_clip_norm(NULL, 1, NULL))
FAILS(clip_value, snug_clip_value(NULL, 1))
FAILS(dataset_set_weights, snug_dataset_set_weights(NULL, floats))
FAILS(dataset_split, snug_dataset_split(NULL, 0.5, 1, &parts[0], &parts[1]))
FAILS(dataset_row, snug_dataset_row(NULL, 0, floats))
FAILS(evaluate, snug_evaluate(NULL, data, &metrics))
FAILS(evaluate_data, snug_evaluate(model, NULL, &metrics))
FAILS(evaluate_metrics_null, snug_evaluate(model, data, NULL))
FAILS(dataset_row_features, snug_dataset_row(data, 0, NULL))
FAILS(dataset_row_f64_features, snug_dataset_row_f64(data, 0, NULL))
FAILS(predict_rows, snug_predict(predictor, NULL, 1, floats))
FAILS(evaluate_confusion, snug_evaluate_confusion(NULL, data, &metrics))
FAILS(evaluate_metrics, snug_evaluate_metrics(model, NULL, NULL, 0, &metrics))
FAILS(evaluate_parallel, snug_evaluate_parallel(NULL, data, NULL, 0, 1, &metrics))
FAILS(fit, snug_fit(NULL, data, NULL, NULL))
FAILS(fit_data, snug_fit(model, NULL, NULL, NULL))
FAILS(ema_update, snug_ema_update(NULL, model))
FAILS(ema_swap, snug_ema_swap(NULL, model))
FAILS(check_gradients, snug_check_gradients(NULL, data, &(snug_gradient_report){0}))
FAILS(check_gradients_data, snug_check_gradients(model, NULL, &(snug_gradient_report){0}))
FAILS(experiment_load, snug_experiment_load(NULL, &loaded, &parts[0], &parts[1], &parts[2]))
FAILS(experiment_options, snug_experiment_options(NULL, &(snug_fit_options){0}))
FAILS(layer_status, snug_layer_status(NULL))
FAILS(loss_status, snug_loss_status(NULL))
FAILS(optimizer_status, snug_optimizer_status(NULL))
FAILS(schedule_status, snug_schedule_status(NULL))
FAILS(register_activation, snug_register_activation(NULL))
FAILS(register_layer, snug_register_layer(NULL))
FAILS(register_loss, snug_register_loss(NULL))
FAILS(register_optimizer, snug_register_optimizer(NULL))
FAILS(register_schedule, snug_register_schedule(NULL))
FAILS(register_init, snug_register_init(NULL))
FAILS(activation_apply, snug_activation_apply(NULL, 1, floats, floats, NULL))
FAILS(activation_apply_fields, snug_activation_apply_fields(NULL, NULL, 1, floats, floats, NULL))

NONE(session_new, snug_session_new(NULL, 1))
NONE(session_new_parallel, snug_session_new_parallel(NULL, 1, 1))
NONE(session_new_training, snug_session_new_training(NULL, 1, 1))
NONE(ema_new, snug_ema_new(NULL, 0.5))
NONE(model_config, snug_model_config(NULL))
NONE(model_load, snug_model_load(NULL))
NONE(model_load_from_memory, snug_model_load_from_memory(NULL, 8))
NONE(model_read_config, snug_model_read_config(NULL))
NONE(model_import_weights, snug_model_import_weights(NULL, "c.json"))
NONE(model_import_config, snug_model_import_weights("w.safetensors", NULL))
NONE(model_import_onnx, snug_model_import_onnx(NULL))
NONE(model_parse_config, snug_model_parse_config(NULL, 3))
NONE(experiment_read, snug_experiment_read(NULL, NULL, 0))
NONE(experiment_parse, snug_experiment_parse(NULL, 3, NULL))
NONE(experiment_config, snug_experiment_config(NULL))
NONE(history_to_json, snug_history_to_json(NULL, 1))
NONE(metrics_to_json, snug_metrics_to_json(1, NULL, NULL))
NONE(plot, snug_plot_activations(NULL, 1))
NONE(session_gradients, snug_session_gradients(NULL, &(size_t){0}))
NONE(dataset_part, snug_dataset_part(NULL, SNUG_PART_TEST))
NONE(dataset_select, snug_dataset_select(NULL, &(size_t){0}, 1))
NONE(dataset_read, snug_dataset_read(NULL, NULL))
NONE(dataset_read_csv, snug_dataset_read_csv(NULL, NULL))
NONE(dataset_read_jsonl, snug_dataset_read_jsonl(NULL, NULL))
NONE(dataset_read_libsvm, snug_dataset_read_libsvm(NULL, NULL))
NONE(dataset_read_idx, snug_dataset_read_idx(NULL, NULL))
NONE(dataset_read_npy, snug_dataset_read_npy(NULL, NULL))
NONE(dataset_from_arrays, snug_dataset_from_arrays(NULL, 1, 1, NULL))
NONE(dataset_from_values, snug_dataset_from_values(NULL, 1, 1, floats, 1))
NONE(dataset_from_bytes, snug_dataset_from_bytes(NULL, 1, 1, NULL))
NONE(kind_find, snug_kind_find(SNUG_GROUP_LAYER, NULL))
NONE(data_format_of, snug_data_format_of(NULL))

/* Beside a handle, what is read or written is NULL. */
FAILS(model_save_to_memory_bytes, snug_model_save_to_memory(model, NULL, &(size_t){0}))
FAILS(model_save_to_memory_size, snug_model_save_to_memory(model, &(char *){NULL}, NULL))
FAILS(model_layer_info, snug_model_layer(model, 0, NULL))
FAILS(model_tensor_info, snug_model_tensor(model, 0, NULL))
FAILS(model_memory_info, snug_model_memory(model, 1, NULL, NULL))
FAILS(model_statistics_means, snug_model_statistics(model, data, NULL, doubles))
FAILS(model_statistics_variances, snug_model_statistics(model, data, doubles, NULL))
FAILS(forward_rows, snug_forward(session, NULL, 1, 0, &(const float *){NULL}))
FAILS(forward_outputs, snug_forward(session, floats, 1, 0, NULL))
FAILS(dataset_split_rest, snug_dataset_split(data, 0.5, 1, NULL, &parts[1]))
FAILS(dataset_split_part, snug_dataset_split(data, 0.5, 1, &parts[0], NULL))
FAILS(evaluate_metrics_names, snug_evaluate_metrics(model, data, NULL, 1, &metrics))
FAILS(evaluate_metrics_name, snug_evaluate_metrics(model, data, &(const char *){NULL}, 1, &metrics))
FAILS(evaluate_parallel_names, snug_evaluate_parallel(model, data, NULL, 2, 1, &metrics))
FAILS(check_gradients_report, snug_check_gradients(model, data, NULL))
FAILS(experiment_load_model,
      snug_experiment_load(experiment, NULL, &parts[0], &parts[1], &parts[2]))
FAILS(experiment_load_train, snug_experiment_load(experiment, &loaded, NULL, &parts[1], &parts[2]))
FAILS(experiment_load_validation,
      snug_experiment_load(experiment, &loaded, &parts[0], NULL, &parts[2]))
FAILS(experiment_load_test, snug_experiment_load(experiment, &loaded, &parts[0], &parts[1], NULL))
FAILS(experiment_options_options, snug_experiment_options(experiment, NULL))
FAILS(folds_load, snug_folds_load(NULL, &parts[0], &parts[1], &parts[2]))
FAILS(folds_load_rows, snug_folds_load(experiment, NULL, &parts[1], &parts[2]))
FAILS(folds_load_validation, snug_folds_load(experiment, &parts[0], NULL, &parts[2]))
FAILS(folds_load_test, snug_folds_load(experiment, &parts[0], &parts[1], NULL))
NONE(session_gradients_count, snug_session_gradients(session, NULL))

static bool quantiles(void) {
    snug_loss *loss = snug_quantiles(NULL, 2);
    snug_status status = snug_loss_status(loss);
    snug_loss_free(loss);
    return status == SNUG_ERROR_ARGUMENT;
}

static bool spectral_norm(void) {
    return isnan(snug_theory_spectral_norm(NULL));
}

static bool spectral_radius(void) {
    return isnan(snug_theory_spectral_radius(NULL));
}

#define ROW(name) {#name, name}
static const struct {
    const char *name;
    bool (*fails)(void);
} failing[] = {
    ROW(model_add),
    ROW(model_add_layer),
    ROW(model_init),
    ROW(model_save),
    ROW(model_save_path),
    ROW(model_save_to_memory),
    ROW(model_set_loss),
    ROW(model_set_loss_loss),
    ROW(model_layer),
    ROW(model_tensor),
    ROW(model_memory),
    ROW(model_statistics),
    ROW(model_statistics_data),
    ROW(inspect),
    ROW(inspect_data),
    ROW(inspection_to_json),
    ROW(plot_inspection),
    ROW(coordinate_check),
    ROW(model_fit_scaler),
    ROW(model_fit_scaler_data),
    ROW(predict),
    ROW(predict_classes),
    ROW(forward),
    ROW(backward),
    ROW(backward_loss),
    ROW(optimizer_step),
    ROW(session_accumulate),
    ROW(clip_norm),
    ROW(clip_value),
    ROW(dataset_set_weights),
    ROW(dataset_split),
    ROW(dataset_row),
    ROW(evaluate),
    ROW(evaluate_data),
    ROW(evaluate_metrics_null),
    ROW(dataset_row_features),
    ROW(dataset_row_f64_features),
    ROW(predict_rows),
    ROW(evaluate_confusion),
    ROW(evaluate_metrics),
    ROW(evaluate_parallel),
    ROW(fit),
    ROW(fit_data),
    ROW(ema_update),
    ROW(ema_swap),
    ROW(check_gradients),
    ROW(check_gradients_data),
    ROW(experiment_load),
    ROW(experiment_options),
    ROW(layer_status),
    ROW(loss_status),
    ROW(optimizer_status),
    ROW(schedule_status),
    ROW(register_activation),
    ROW(register_layer),
    ROW(register_loss),
    ROW(register_optimizer),
    ROW(register_schedule),
    ROW(register_init),
    ROW(activation_apply),
    ROW(activation_apply_fields),
    ROW(session_new),
    ROW(session_new_parallel),
    ROW(session_new_training),
    ROW(ema_new),
    ROW(model_config),
    ROW(model_load),
    ROW(model_load_from_memory),
    ROW(model_read_config),
    ROW(model_import_weights),
    ROW(model_import_config),
    ROW(model_import_onnx),
    ROW(model_parse_config),
    ROW(experiment_read),
    ROW(experiment_parse),
    ROW(experiment_config),
    ROW(history_to_json),
    ROW(metrics_to_json),
    ROW(plot),
    ROW(session_gradients),
    ROW(dataset_part),
    ROW(dataset_select),
    ROW(dataset_read),
    ROW(dataset_read_csv),
    ROW(dataset_read_jsonl),
    ROW(dataset_read_libsvm),
    ROW(dataset_read_idx),
    ROW(dataset_read_npy),
    ROW(dataset_from_arrays),
    ROW(dataset_from_values),
    ROW(dataset_from_bytes),
    ROW(kind_find),
    ROW(data_format_of),
    ROW(model_save_to_memory_bytes),
    ROW(model_save_to_memory_size),
    ROW(model_layer_info),
    ROW(model_tensor_info),
    ROW(model_memory_info),
    ROW(model_statistics_means),
    ROW(model_statistics_variances),
    ROW(forward_rows),
    ROW(forward_outputs),
    ROW(dataset_split_rest),
    ROW(dataset_split_part),
    ROW(evaluate_metrics_names),
    ROW(evaluate_metrics_name),
    ROW(evaluate_parallel_names),
    ROW(check_gradients_report),
    ROW(experiment_load_model),
    ROW(experiment_load_train),
    ROW(experiment_load_validation),
    ROW(experiment_load_test),
    ROW(experiment_options_options),
    ROW(folds_load),
    ROW(folds_load_rows),
    ROW(folds_load_validation),
    ROW(folds_load_test),
    ROW(session_gradients_count),
    ROW(quantiles),
    ROW(spectral_norm),
    ROW(spectral_radius),
};

START_TEST(fails_with_an_error_message) {
    make_arguments();
    snug_fail(SNUG_ERROR_DATA, "an earlier error");
    ck_assert_msg(failing[_i].fails(), "%s", failing[_i].name);
    ck_assert_msg(snug_error_status() == SNUG_ERROR_ARGUMENT &&
                      strcmp(snug_error(), "an earlier error") != 0,
                  "%s: %s", failing[_i].name, snug_error());
    free_arguments();
}
END_TEST

/* ---- functions that return a property, or do nothing ----------------------------------------- */

START_TEST(properties_of_nothing) {
    snug_history *none = NULL;
    ck_assert_uint_eq(snug_model_input_count(NULL) + snug_model_output_count(NULL) +
                          snug_model_parameter_count(NULL) + snug_model_layer_count(NULL) +
                          snug_model_class_count(NULL) + snug_model_tensor_count(NULL),
                      0);
    ck_assert_uint_eq(snug_model_predicted_class(NULL, floats), 0);
    make_arguments();
    ck_assert_uint_eq(snug_model_predicted_class(model, NULL), 0);
    free_arguments();
    ck_assert(!snug_model_prediction_range(NULL, 0, &(double){0}, &(double){0}));
    ck_assert_double_eq(snug_model_temperature(NULL), 1);
    ck_assert(!snug_model_has_loss(NULL));
    ck_assert_double_eq(snug_model_threshold(NULL), 0.5);
    ck_assert_ptr_null(snug_model_class_name(NULL, 0));
    ck_assert_ptr_null(snug_model_target_name(NULL, 0));
    ck_assert_ptr_null(snug_model_preprocessing(NULL));
    ck_assert_int_eq(snug_model_task(NULL), SNUG_TASK_AUTO);
    ck_assert_uint_eq(snug_dataset_row_count(NULL) + snug_dataset_column_count(NULL) +
                          snug_dataset_class_count(NULL) + snug_dataset_output_count(NULL),
                      0);
    ck_assert_ptr_null(snug_dataset_class_name(NULL, 0));
    ck_assert_ptr_null(snug_dataset_column_name(NULL, 0));
    ck_assert_ptr_null(snug_dataset_target_name(NULL, 0));
    ck_assert_ptr_null(snug_dataset_values(NULL, 0));
    snug_inspection_input(NULL, NULL, NULL);
    ck_assert_ptr_null(snug_inspection_layer(NULL, 0));
    ck_assert_ptr_null(snug_inspection_warning(NULL, 0));
    ck_assert_uint_eq(snug_inspection_layer_count(NULL) + snug_inspection_row_count(NULL), 0);
    ck_assert_ptr_null(snug_dataset_warning(NULL, 0));
    ck_assert_int_eq(snug_dataset_class(NULL, 0), -1);
    ck_assert_uint_eq(snug_dataset_row_number(NULL, 0), 0);
    ck_assert(!snug_dataset_weighted(NULL));
    ck_assert(snug_dataset_weight(NULL, 0) == 0);
    ck_assert_ptr_null(snug_object_kind(NULL));
    ck_assert_ptr_null(snug_object_config(NULL));
    ck_assert_uint_eq(snug_history_epoch_count(none) + snug_history_best(none), 0);
    ck_assert(!snug_history_restored(none));
    ck_assert_ptr_null(snug_history_train(none, 1));
    ck_assert_ptr_null(snug_history_validation(none, 1));
    ck_assert_ptr_null(snug_history_warning(none, 0));
    ck_assert(isnan(snug_metrics_get(NULL, "loss")));
    ck_assert(isnan(snug_metrics_get(&metrics, NULL)));
    ck_assert(!snug_data_format_delimited(NULL));
    ck_assert_ptr_null(snug_data_format_file(NULL, 0));
}
END_TEST

START_TEST(freeing_nothing) {
    snug_model_free(NULL);
    snug_dataset_free(NULL);
    snug_session_free(NULL);
    snug_experiment_free(NULL);
    snug_history_free(NULL);
    snug_ema_free(NULL);
    snug_layer_free(NULL);
    snug_loss_free(NULL);
    snug_optimizer_free(NULL);
    snug_schedule_free(NULL);
    snug_metrics_clear(NULL);
    snug_gradient_report_clear(NULL);
    snug_free(NULL);
    snug_set_log(NULL, NULL);
    snug_set_allocator(NULL);
}
END_TEST

static Suite *null_arguments_suite(void) {
    Suite *suite = suite_create("NULL arguments");
    TCase *tests = tcase_create("NULL arguments");
    tcase_add_loop_test(tests, fails_with_an_error_message, 0,
                        (int)(sizeof failing / sizeof *failing));
    tcase_add_test(tests, properties_of_nothing);
    tcase_add_test(tests, freeing_nothing);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(null_arguments_suite)
