/* Every kind without JSON: typed values of all its fields, and the short constructors. */
#include <string.h>

#include <snug/snug.h>

#include "core/memory.h"
#include "json/json_print.h"
#include "kinds/field_range.h"
#include "kinds/fields.h"
#include "kinds/handles.h"
#include "support/errors.h"
#include "support/registry.h"
#include "support/suite.h"

enum { MAX_FIELDS = 16 };

/* ---- what a handle holds --------------------------------------------------------------------- */

/* The JSON of a handle's object, or its error message with an "!" in front; frees the handle. */
static char *text_of(void *handle, snug_group group) {
    snug_handle *head = handle;
    char *text;
    if (head->status != SNUG_OK) {
        text = snug_format("!%s", head->message);
    } else {
        cJSON *json = snug_object_write(head->object);
        text = snug_json_print(json, false);
        cJSON_Delete(json);
    }
    ck_assert_ptr_nonnull(text);
    if (group == SNUG_GROUP_OPTIMIZER) {
        snug_optimizer_free(handle);
    } else {
        snug_handle_free(head, group);
    }
    return text;
}

/* ---- one kind, made in two ways -------------------------------------------------------------- */

static const double weights[] = {1.5, 0.25}, columns[] = {1, 4}, shares[] = {0.25, 0.75};

static double other_number(const snug_field *field) {
    snug_bounds bounds = snug_field_bounds(field);
    double step = field->kind == SNUG_FIELD_REAL ? 0.0625 : 2.0;
    double other = field->initial + step;
    if (bounds.has_max && other >= bounds.max) {
        other = field->initial - step;
    }
    return bounds.has_min && other < bounds.min ? bounds.min : other;
}

/*
 * A value for a field, other than its default where `change` is set, into *value and into `json`,
 * which is written by hand and not by the code under test.
 */
static void give_number(const snug_field *field, bool change, snug_field_value *value,
                        cJSON *json) {
    double number = change || field->required ? other_number(field) : field->initial;
    *value = snug_number(field->name, number);
    cJSON_AddNumberToObject(json, field->name, number);
}

static void give_string(const snug_field *field, const char *string, snug_field_value *value,
                        cJSON *json) {
    *value = snug_string(field->name, string);
    cJSON_AddStringToObject(json, field->name, string);
}

/* Numbers that a list takes whose default is null. */
static void give_numbers(const snug_field *field, bool change, snug_field_value *value,
                         cJSON *json) {
    *value = change ? snug_number_list(field->name, shares, 2) : snug_string(field->name, NULL);
    cJSON_AddItemToObject(json, field->name,
                          change ? cJSON_CreateDoubleArray(shares, 2) : cJSON_CreateNull());
}

static void give_layers(const snug_field *field, snug_layer **layers, snug_field_value *value,
                        cJSON *json) {
    layers[0] = snug_layer_make("dense", SNUG_FIELDS(snug_number("units", 4)));
    layers[1] = snug_elu(1.5);
    layers[2] = NULL;
    *value = snug_nested_layers(field->name, layers);
    cJSON_AddItemToObject(
        json, field->name,
        cJSON_Parse("[{\"type\": \"dense\", \"units\": 4}, {\"type\": \"elu\", \"alpha\": 1.5}]"));
}

static void give(const snug_field *field, bool change, snug_layer **layers, snug_field_value *value,
                 cJSON *json) {
    if (field->optional && !change) {
        *value = snug_string(field->name, NULL);
        cJSON_AddNullToObject(json, field->name);
        return;
    }
    switch (field->kind) {
    case SNUG_FIELD_REAL:
    case SNUG_FIELD_SIZE:
    case SNUG_FIELD_UNITS:
        give_number(field, change, value, json);
        break;
    case SNUG_FIELD_BOOL:
        *value = snug_flag(field->name, change != (field->initial != 0));
        cJSON_AddBoolToObject(json, field->name, change != (field->initial != 0));
        break;
    case SNUG_FIELD_CHOICE:
        give_string(field, field->choices[change ? 0 : (int)field->initial], value, json);
        break;
    case SNUG_FIELD_OBJECT:
        *value = snug_nested(field->name, snug_kind_at(field->group, change)->name, NULL);
        cJSON_AddStringToObject(json, field->name, snug_kind_at(field->group, change)->name);
        break;
    case SNUG_FIELD_LAYERS:
        give_layers(field, layers, value, json);
        break;
    case SNUG_FIELD_WEIGHTS:
        *value = snug_number_list(field->name, weights, 2);
        cJSON_AddItemToObject(json, field->name, cJSON_CreateDoubleArray(weights, 2));
        break;
    case SNUG_FIELD_NUMBERS:
        give_numbers(field, change, value, json);
        break;
    case SNUG_FIELD_COLUMNS:
        *value = snug_number_list(field->name, columns, 2);
        cJSON_AddItemToObject(json, field->name, cJSON_CreateDoubleArray(columns, 2));
        break;
    default:
        ck_abort_msg("no value for the field %s", field->name);
    }
}

static void *make(snug_group group, const char *kind, const snug_field_value *values) {
    switch (group) {
    case SNUG_GROUP_LOSS:
        return snug_loss_make(kind, values);
    case SNUG_GROUP_OPTIMIZER:
        return snug_optimizer_make(kind, values);
    case SNUG_GROUP_SCHEDULE:
        return snug_schedule_make(kind, values);
    case SNUG_GROUP_INIT:
        return snug_layer_make(
            "dense", SNUG_FIELDS(snug_number("units", 2), snug_nested("init", kind, values)));
    default:
        return snug_layer_make(kind, values); /* activations are layers of their name */
    }
}

static void *make_of_json(snug_group group, cJSON *json) {
    char *spec = cJSON_PrintUnformatted(json);
    char *text = group == SNUG_GROUP_INIT
                     ? snug_format("{\"type\": \"dense\", \"units\": 2, \"init\": %s}", spec)
                     : snug_format("%s", spec);
    void *handle = group == SNUG_GROUP_LOSS        ? (void *)snug_loss_new(text)
                   : group == SNUG_GROUP_OPTIMIZER ? (void *)snug_optimizer_new(text)
                   : group == SNUG_GROUP_SCHEDULE  ? (void *)snug_schedule_new(text)
                                                   : (void *)snug_layer_new(text);
    cJSON_free(spec);
    snug_release(text);
    return handle;
}

/* The group of the handle that make() returns. */
static snug_group group_of_handle(snug_group group) {
    return group == SNUG_GROUP_INIT || group == SNUG_GROUP_ACTIVATION ? SNUG_GROUP_LAYER : group;
}

/* Returns whether a field must not be given beside one that is changed. */
static bool is_replaced(const snug_field *fields, const snug_field *field, unsigned changed) {
    for (size_t i = 0; fields[i].kind != SNUG_FIELD_END; i++) {
        const char *const *name = (changed >> i & 1U) != 0 ? fields[i].replaces : NULL;
        for (; name != NULL && *name != NULL; name++) {
            if (strcmp(*name, field->name) == 0) {
                return true;
            }
        }
    }
    return false;
}

/*
 * Makes a kind with every field given, the fields of `changed` (a bit each) with other values than
 * their defaults, but those that a changed one replaces. Both ways give the same JSON, or the same
 * error message after the path. Returns whether they succeeded.
 */
static bool same_both_ways(snug_group group, const snug_kind *kind, unsigned changed) {
    snug_field_value values[MAX_FIELDS + 1] = {{0}};
    snug_layer *layers[3];
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "type", kind->name);
    size_t count = 0, given = 0;
    const snug_field *field = kind->fields;
    for (; field != NULL && field->kind != SNUG_FIELD_END; field++, count++) {
        ck_assert_uint_lt(count, MAX_FIELDS);
        if (!is_replaced(kind->fields, field, changed)) {
            give(field, (changed >> count & 1U) != 0, layers, &values[given++], json);
        }
    }
    char *typed = text_of(make(group, kind->name, values), group_of_handle(group));
    char *read = text_of(make_of_json(group, json), group_of_handle(group));
    bool made = *read != '!';
    if (made) {
        ck_assert_str_eq(typed, read);
    } else {
        ck_assert_int_eq(*typed, '!');
        ck_assert_msg(strstr(typed, strrchr(read, ':') != NULL ? strrchr(read, ':') : read + 1),
                      "%s beside %s", typed, read);
    }
    cJSON_Delete(json);
    snug_release(typed);
    snug_release(read);
    return made;
}

/*
 * Each field is changed once with success, alone or among others: some are allowed beside another
 * alone, as sgd's nesterov is beside a momentum.
 */
static void check_kind(snug_group group, const snug_kind *kind) {
    size_t count = 0;
    while (kind->fields != NULL && kind->fields[count].kind != SNUG_FIELD_END) {
        count++;
    }
    unsigned all = (1U << count) - 1U;
    ck_assert_msg(same_both_ways(group, kind, 0), "%s with its defaults", kind->name);
    bool whole = same_both_ways(group, kind, all);
    for (size_t i = 0; i < count; i++) {
        bool changed = whole | same_both_ways(group, kind, 1U << i);
        for (size_t j = 0; j < count; j++) {
            changed |= same_both_ways(group, kind, 1U << i | 1U << j);
        }
        ck_assert_msg(changed, "%s.%s was never changed", kind->name, kind->fields[i].name);
    }
}

START_TEST(typed_values_make_every_kind_as_json_does) {
    snug_group group = (snug_group)_i;
    size_t count = built_in_count(group);
    for (size_t i = 0; i < count; i++) {
        check_kind(group, snug_kind_at(group, i));
    }
}
END_TEST

/* ---- short constructors ---------------------------------------------------------------------- */

/* The kinds of a group that a short constructor was seen for. */
static size_t seen;

static void assert_made(snug_group group, void *handle, const char *spec) {
    snug_group head = group_of_handle(group);
    cJSON *json = *spec == '{' ? cJSON_Parse(spec) : cJSON_CreateObject();
    ck_assert_ptr_nonnull(json);
    if (*spec != '{') {
        cJSON_AddStringToObject(json, "type", spec);
    }
    char *short_way = text_of(handle, head);
    char *read = text_of(make_of_json(group, json), head);
    ck_assert_str_eq(short_way, read);
    ck_assert_int_ne(*read, '!');
    cJSON_Delete(json);
    snug_release(short_way);
    snug_release(read);
    seen++;
}

START_TEST(short_constructors_of_layers) {
    const snug_group g = SNUG_GROUP_LAYER;
    seen = 0;
    assert_made(g, snug_dense(7), "{\"type\": \"dense\", \"units\": 7}");
    assert_made(g, snug_parametric_activation("elu"),
                "{\"type\": \"parametric_activation\", \"function\": \"elu\"}");
    assert_made(g, snug_feature_scale(), "feature_scale");
    assert_made(g, snug_batch_ensemble(7, 4, false),
                "{\"type\": \"batch_ensemble\", \"units\": 7, \"members\": 4, \"shared\": false}");
    assert_made(g, snug_prelu(), "prelu");
    assert_made(g, snug_dropout(0.25), "{\"type\": \"dropout\", \"rate\": 0.25}");
    assert_made(g, snug_alpha_dropout(0.25), "{\"type\": \"alpha_dropout\", \"rate\": 0.25}");
    assert_made(g, snug_gaussian_noise(0.5), "{\"type\": \"gaussian_noise\", \"deviation\": 0.5}");
    assert_made(g, snug_periodic_embedding(), "periodic_embedding");
    assert_made(g, snug_category_embedding(6), "{\"type\": \"category_embedding\", \"units\": 6}");
    assert_made(g, snug_piecewise_linear_embedding(5, 3),
                "{\"type\": \"piecewise_linear_embedding\", \"bins\": 5, \"units\": 3}");
    assert_made(g, snug_batch_norm(), "batch_norm");
    assert_made(g, snug_layer_norm(), "layer_norm");
    assert_made(g, snug_residual(SNUG_LAYERS(snug_dense(3), snug_relu())),
                "{\"type\": \"residual\", \"layers\": [{\"type\": \"dense\", \"units\": 3}, "
                "\"relu\"]}");
    assert_made(g, snug_highway(SNUG_LAYERS(snug_tanh())),
                "{\"type\": \"highway\", \"layers\": [\"tanh\"]}");
    ck_assert_uint_eq(seen, built_in_count(g) - 1); /* "activation" is made by its function */
    assert_made(g, snug_dense(SNUG_UNITS_CLASSES), "{\"type\": \"dense\", \"units\": \"classes\"}");
    assert_made(g, snug_dense(SNUG_UNITS_TARGETS), "{\"type\": \"dense\", \"units\": \"targets\"}");
    assert_made(g, snug_batch_ensemble(SNUG_UNITS_CLASSES, 4, true),
                "{\"type\": \"batch_ensemble\", \"units\": \"classes\", \"members\": 4}");
}
END_TEST

START_TEST(short_constructors_of_activations) {
    const snug_group g = SNUG_GROUP_ACTIVATION;
    seen = 0;
    assert_made(g, snug_elu(1.5), "{\"type\": \"elu\", \"alpha\": 1.5}");
    assert_made(g, snug_celu(1.5), "{\"type\": \"celu\", \"alpha\": 1.5}");
    assert_made(g, snug_leaky_relu(0.25), "{\"type\": \"leaky_relu\", \"slope\": 0.25}");
    assert_made(g, snug_thresholded_relu(0.5), "{\"type\": \"thresholded_relu\", \"theta\": 0.5}");
    assert_made(g, snug_selu(), "selu");
    assert_made(g, snug_serlu(), "serlu");
    assert_made(g, snug_standardized("elu"), "{\"type\": \"standardized\", \"of\": \"elu\"}");
    assert_made(g, snug_gaussian_poincare("tanh"),
                "{\"type\": \"gaussian_poincare\", \"of\": \"tanh\"}");
    assert_made(g, snug_relu(), "relu");
    assert_made(g, snug_tanh(), "tanh");
    assert_made(g, snug_sigmoid(), "sigmoid");
    assert_made(g, snug_exp(), "exp");
    assert_made(g, snug_identity(), "identity");
    assert_made(g, snug_softmax(), "softmax");
    assert_made(g, snug_relu6(), "relu6");
    assert_made(g, snug_hard_tanh(), "hard_tanh");
    assert_made(g, snug_hard_sigmoid(), "hard_sigmoid");
    assert_made(g, snug_hard_swish(), "hard_swish");
    assert_made(g, snug_softplus(), "softplus");
    assert_made(g, snug_softsign(), "softsign");
    assert_made(g, snug_silu(), "silu");
    assert_made(g, snug_mish(), "mish");
    assert_made(g, snug_gelu(), "gelu");
    assert_made(g, snug_log_sigmoid(), "log_sigmoid");
    assert_made(g, snug_log_softmax(), "log_softmax");
    ck_assert_uint_le(seen, built_in_count(g)); /* a new one needs no constructor of its own */
}
END_TEST

START_TEST(short_constructors_of_losses) {
    const snug_group g = SNUG_GROUP_LOSS;
    seen = 0;
    assert_made(g, snug_mse(), "mse");
    assert_made(g, snug_mae(), "mae");
    assert_made(g, snug_log_cosh(), "log_cosh");
    assert_made(g, snug_poisson(), "poisson");
    assert_made(g, snug_kl_divergence(), "kl_divergence");
    assert_made(g, snug_hinge(), "hinge");
    assert_made(g, snug_softmax_cross_entropy(), "softmax_cross_entropy");
    assert_made(g, snug_binary_cross_entropy(), "binary_cross_entropy");
    assert_made(g, snug_huber(0.5), "{\"type\": \"huber\", \"delta\": 0.5}");
    assert_made(g, snug_quantile(0.75), "{\"type\": \"quantile\", \"tau\": 0.75}");
    assert_made(g, snug_focal(1.5), "{\"type\": \"focal\", \"gamma\": 1.5}");
    ck_assert_uint_le(seen, built_in_count(g));
}
END_TEST

START_TEST(short_constructors_of_optimizers) {
    const snug_group g = SNUG_GROUP_OPTIMIZER;
    seen = 0;
#define RATE(name) "{\"type\": \"" name "\", \"learning_rate\": 0.25}"
    assert_made(g, snug_sgd(0.25, 0.5),
                "{\"type\": \"sgd\", \"learning_rate\": 0.25, \"momentum\": 0.5}");
    assert_made(g, snug_adamw(0.25, 0.5),
                "{\"type\": \"adamw\", \"learning_rate\": 0.25, \"weight_decay\": 0.5}");
    assert_made(g, snug_adam(0.25), RATE("adam"));
    assert_made(g, snug_nadam(0.25), RATE("nadam"));
    assert_made(g, snug_radam(0.25), RATE("radam"));
    assert_made(g, snug_adamax(0.25), RATE("adamax"));
    assert_made(g, snug_adagrad(0.25), RATE("adagrad"));
    assert_made(g, snug_adadelta(0.25), RATE("adadelta"));
    assert_made(g, snug_rmsprop(0.25), RATE("rmsprop"));
    assert_made(g, snug_rprop(0.25), RATE("rprop"));
    assert_made(g, snug_lion(0.25), RATE("lion"));
    assert_made(g, snug_lbfgs(0.25), RATE("lbfgs"));
    ck_assert_uint_le(seen, built_in_count(g));
#undef RATE
}
END_TEST

START_TEST(short_constructors_of_schedules) {
    const snug_group g = SNUG_GROUP_SCHEDULE;
    seen = 0;
    assert_made(g, snug_schedule_constant(), "constant");
    assert_made(g, snug_schedule_step(7, 0.5),
                "{\"type\": \"step\", \"every\": 7, \"gamma\": 0.5}");
    assert_made(g, snug_schedule_exponential(0.5), "{\"type\": \"exponential\", \"gamma\": 0.5}");
    assert_made(g, snug_schedule_cosine(5), "{\"type\": \"cosine\", \"period\": 5}");
    assert_made(g, snug_schedule_coslog(3), "{\"type\": \"coslog\", \"cycles\": 3}");
    assert_made(g, snug_schedule_flat_cosine(0.25), "{\"type\": \"flat_cosine\", \"flat\": 0.25}");
    assert_made(g, snug_schedule_polynomial(2), "{\"type\": \"polynomial\", \"power\": 2}");
    assert_made(g, snug_schedule_one_cycle(0.25), "{\"type\": \"one_cycle\", \"peak\": 0.25}");
    assert_made(g, snug_schedule_reduce_on_plateau(0.5, 3),
                "{\"type\": \"reduce_on_plateau\", \"factor\": 0.5, \"patience\": 3}");
    assert_made(g, snug_schedule_warmup(2, snug_schedule_step(7, 0.5)),
                "{\"type\": \"warmup\", \"epochs\": 2, "
                "\"then\": {\"type\": \"step\", \"every\": 7, \"gamma\": 0.5}}");
    ck_assert_uint_le(seen, built_in_count(g));
}
END_TEST

START_TEST(a_schedule_in_a_schedule_keeps_its_error) {
    snug_schedule *schedule = snug_schedule_warmup(2, snug_schedule_exponential(7));
    ck_assert_int_eq(snug_schedule_status(schedule), SNUG_ERROR_ARGUMENT);
    expect_location("exponential.gamma:");
    snug_schedule_free(schedule);
    schedule = snug_schedule_warmup(2, NULL);
    ck_assert_int_eq(snug_schedule_status(schedule), SNUG_ERROR_ARGUMENT);
    snug_schedule_free(schedule);
}
END_TEST

START_TEST(applies_an_activation_with_typed_values) {
    const float x[2] = {1.0F, -1.0F};
    float y[2], dydx[2], expected[2];
    const char *spec = "{\"type\": \"elu\", \"alpha\": 1.5}";
    ck_assert_int_eq(snug_activation_apply(spec, 2, x, expected, NULL), SNUG_OK);
    ck_assert_int_eq(
        snug_activation_apply_fields("elu", SNUG_FIELDS(snug_number("alpha", 1.5)), 2, x, y, dydx),
        SNUG_OK);
    ck_assert_mem_eq(y, expected, sizeof y);
    ck_assert_float_eq(dydx[0], 1.0F);
    ck_assert_int_eq(
        snug_activation_apply_fields("elu", SNUG_FIELDS(snug_number("alpha", -1)), 2, x, y, dydx),
        SNUG_ERROR_ARGUMENT);
    expect_location("elu.alpha:");
}
END_TEST

static Suite *constructors_suite(void) {
    Suite *suite = suite_create("constructors");
    TCase *tests = tcase_create("constructors");
    tcase_add_loop_test(tests, typed_values_make_every_kind_as_json_does, 0, SNUG_GROUP_COUNT);
    tcase_add_test(tests, short_constructors_of_layers);
    tcase_add_test(tests, short_constructors_of_activations);
    tcase_add_test(tests, short_constructors_of_losses);
    tcase_add_test(tests, short_constructors_of_optimizers);
    tcase_add_test(tests, short_constructors_of_schedules);
    tcase_add_test(tests, a_schedule_in_a_schedule_keeps_its_error);
    tcase_add_test(tests, applies_an_activation_with_typed_values);
    suite_add_tcase(suite, tests);
    return suite;
}
REGISTER_SUITE(constructors_suite)
