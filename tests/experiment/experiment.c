/* Experiment files: wrong ones, overrides, and what they open. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include <snug/snug.h>

#include "core/memory.h"
#include "experiment/data_options.h"
#include "files/file_write.h"
#include "kinds/fields.h"
#include "support/errors.h"
#include "support/suite.h"

static char folder[32];

/* A folder with table.csv (40 rows) and the experiment file of that text; returns its path. */
static char *place(const char *text) {
    char *table, *path;
    FILE *stream;
    if (folder[0] == '\0') {
        strcpy(folder, "snug-experiment-XXXXXX");
        ck_assert_ptr_nonnull(mkdtemp(folder));
    }
    table = snug_format("%s/table.csv", folder);
    path = snug_format("%s/e.json", folder);
    stream = fopen(table, "w");
    fputs("a,b,kind\n", stream);
    for (int i = 0; i < 40; i++) {
        fprintf(stream, "%d.5,%d,%s\n", i, (i * 7) % 11, i % 3 == 0 ? "yes" : "no");
    }
    fclose(stream);
    ck_assert_int_eq(snug_file_write(path, text, strlen(text)), SNUG_OK);
    snug_release(table);
    return path;
}

static void clear_folder(char *path) {
    char *table = snug_format("%s/table.csv", folder);
    remove(path);
    remove(table);
    remove(folder);
    folder[0] = '\0';
    snug_release(table);
    snug_release(path);
}

#define DATA "\"data\": {\"train\": \"table.csv\", \"validation\": 0.25, \"test\": 0.25}"
#define MODEL                                                                                      \
    "\"model\": {\"layers\": [{\"type\": \"dense\", \"units\": 4}, \"selu\", "                     \
    "{\"type\": \"dense\", \"units\": \"classes\"}]}"

static void refuse(const char *text, const char *message) {
    char *path = place(text),
         *wanted = snug_format("%s%s%s", path, *message == ':' ? "" : ": ", message);
    snug_experiment *e = snug_experiment_read(path, NULL, 0);
    snug_model *model;
    snug_dataset *train, *validation, *test;
    if (e != NULL) {
        ck_assert_int_ne(snug_experiment_load(e, &model, &train, &validation, &test), SNUG_OK);
        ck_assert_ptr_null(model);
        ck_assert_ptr_null(train);
    }
    expect_location(wanted);
    snug_experiment_free(e);
    snug_release(wanted);
    clear_folder(path);
}

/* Refuses an experiment whose early stopping has these members. */
static void refuse_keep(const char *members, const char *message) {
    char text[512];
    snprintf(text, sizeof text, "{" DATA ", " MODEL ", \"train\": {\"early_stopping\": {%s}}}",
             members);
    refuse(text, message);
}

START_TEST(wrong_experiments) {
    refuse("{" DATA ",\n  " MODEL ",\n  \"train\": {\"epochs\": 3,}}",
           ":3:25: expected a key in double quotes, found \"}\"");
    refuse("[]", "must be a JSON object (got an array)");
    refuse("{" DATA "}", "model: is required");
    refuse("{" MODEL "}", "data: is required");
    refuse("{" DATA ", " MODEL ", \"trian\": {}}",
           "unknown key \"trian\"; did you mean \"train\"?");
    refuse("{" DATA ", " MODEL ", \"train\": 3}", "train: must be an object (got a number)");
    refuse("{" DATA ", " MODEL ", \"train\": {\"epochs\": 0}}",
           "train.epochs: must be at least 1 (got 0)");
    refuse("{" DATA ", " MODEL ", \"train\": {\"epochs\": 2.5}}",
           "train.epochs: must be a whole number (got 2.5)");
    refuse("{" DATA ", " MODEL ", \"train\": {\"epoch\": 2}}",
           "train: unknown key \"epoch\"; did you mean \"epochs\"?");
    refuse("{" DATA ", " MODEL ", \"train\": {\"epochs\": 2, \"epochs\": 3}}",
           "train: the key \"epochs\" is given twice");
    refuse("{" DATA ", " MODEL ", \"train\": {\"optimizer\": \"adem\"}}",
           "train.optimizer: unknown optimizer \"adem\"; did you mean \"adam\"?");
    refuse("{" DATA ", " MODEL ", \"train\": {\"optimizer\": {\"type\": \"adam\", \"beta1\": 1}}}",
           "train.optimizer.beta1: must be below 1 (got 1)");
    refuse("{" DATA ", " MODEL ", \"train\": {\"metrics\": [\"f1\", \"roc_acu\"]}}",
           "train.metrics[1]: unknown metric \"roc_acu\"; did you mean \"roc_auc\"?");
    refuse("{" DATA ", " MODEL ", \"train\": {\"early_stopping\": true}}",
           "train.early_stopping: must be an object or null (got true)");
    refuse("{" DATA ", " MODEL ", \"train\": {\"early_stopping\": {\"patience\": 0}}}",
           "train.early_stopping.patience: must be at least 1 (got 0)");
    refuse("{" DATA ", " MODEL ", \"train\": {\"early_stopping\": {\"type\": 3}}}",
           "train.early_stopping: unknown key \"type\"; known are \"patience\", \"min_delta\", "
           "\"start_epoch\", "
           "\"metric\", \"keep\"");
    refuse_keep("\"keep\": \"first\"", "train.early_stopping.keep: must be one of \"best\", "
                                       "\"last_best\", \"last\" (got \"first\")");
    refuse_keep("\"restore_best_weights\": 1",
                "train.early_stopping.restore_best_weights: must be true or false (got a number)");
    refuse_keep("\"keep\": \"last\", \"restore_best_weights\": true",
                "train.early_stopping.restore_best_weights: is true where \"keep\" is \"last\": "
                "give \"keep\" alone");
    refuse_keep("\"restore_best_weights\": false, \"keep\": \"last_best\"",
                "train.early_stopping.restore_best_weights: is false where \"keep\" is "
                "\"last_best\": give \"keep\" alone");
    refuse("{" DATA ", " MODEL ", \"train\": {\"early_stopping\": {\"metric\": \"mae\"}}}",
           "train.early_stopping.metric: the metric \"mae\" is of values, and the targets are "
           "classes");
    refuse("{\"data\": {\"train\": 0.5}, " MODEL "}",
           "data.train: must be the name of a file, or {\"images\": FILE, \"labels\": FILE} or "
           "{\"features\": FILE, \"targets\": FILE} (got a number)");
    refuse(
        "{\"data\": {\"train\": \"table.csv\", \"validation\": 0.5, \"test\": 0.5}, " MODEL "}",
        "data.validation and data.test: together must leave training rows: a sum below 1 (got 1)");
    refuse("{\"data\": {\"train\": \"table.csv\", \"delimiter\": \";;\"}, " MODEL "}",
           "data.delimiter: must be one character, or comma, semicolon, tab or space (got \";;\")");
    refuse("{" DATA
           ", \"model\": {\"inputs\": 3, \"layers\": [{\"type\": \"dense\", \"units\": 2}]}}",
           "model.inputs: is 3 where the data has 2 features");
}
END_TEST

START_TEST(keeps_the_name_of_a_schema) {
    static const char text[] = "{\"$schema\": \"../snug.schema.json\", " DATA ", " MODEL "}";
    snug_experiment *e = snug_experiment_parse(text, sizeof text - 1, NULL);
    ck_assert_msg(e != NULL, "%s", snug_error());
    char *config = snug_experiment_config(e);
    ck_assert_ptr_nonnull(strstr(config, "\"$schema\": \"../snug.schema.json\""));
    snug_free(config);
    snug_experiment_free(e);
    refuse("{\"$schema\": 7, " DATA ", " MODEL "}", "$schema: must be a string (got a number)");
    static const char model[] =
        "{\"$schema\": \"s\", \"model\": {\"inputs\": 3, \"layers\": [\"selu\"]}}";
    snug_model *read = snug_model_parse_config(model, sizeof model - 1);
    ck_assert_msg(read != NULL, "%s", snug_error());
    snug_model_free(read);
    char *schema = snug_schema();
    ck_assert_ptr_nonnull(strstr(schema, "\"$schema\": {"));
    snug_free(schema);
}
END_TEST

/* An option that says it applies to tables is refused beside other files. */
START_TEST(options_of_tables_are_refused_beside_other_files) {
    static const char text[] =
        "{\"data\": {\"train\": {\"features\": \"x\", \"targets\": \"y\"}, \"%s\": %s}, " MODEL "}";
    for (const snug_field *f = snug_data_fields; snug_is_field(f); f++) {
        const char *value = f->kind == SNUG_FIELD_BOOL   ? (f->initial != 0 ? "false" : "true")
                            : f->choices != NULL         ? f->choices[1]
                            : f->names != NULL           ? "npy"
                            : f->kind == SNUG_FIELD_SIZE ? "3"
                                                         : "w";
        char json[512], path[64];
        if (f->kind == SNUG_FIELD_SOURCE) {
            continue;
        }
        bool plain = f->kind == SNUG_FIELD_BOOL || f->kind == SNUG_FIELD_SIZE;
        const char *quote = plain ? "" : "\"";
        char quoted[64];
        snprintf(quoted, sizeof quoted, "%s%s%s", quote, value, quote);
        snprintf(json, sizeof json, text, f->name, quoted);
        snprintf(path, sizeof path, "data.%s: applies to ", f->name);
        snug_experiment *e = snug_experiment_parse(json, strlen(json), NULL);
        ck_assert_msg((e == NULL) == (f->scope != 0), "%s", f->name);
        ck_assert_msg(e != NULL || strstr(snug_error(), path) != NULL, "%s", snug_error());
        snug_experiment_free(e);
    }
}
END_TEST

/* A written config names every setting, those of tables with their defaults. */
START_TEST(reads_a_written_config_of_arrays) {
    static const char text[] =
        "{\"data\": {\"train\": {\"features\": \"x\", \"targets\": \"y\"}}, " MODEL "}";
    snug_experiment *e = snug_experiment_parse(text, sizeof text - 1, NULL), *again;
    ck_assert_msg(e != NULL, "%s", snug_error());
    char *config = snug_experiment_config(e);
    again = snug_experiment_parse(config, strlen(config), NULL);
    ck_assert_msg(again != NULL, "%s", snug_error());
    snug_free(config);
    snug_experiment_free(e);
    snug_experiment_free(again);
}
END_TEST

/* Settings of tables where only the validation rows are a table. */
START_TEST(applies_settings_to_the_sources_that_are_tables) {
    static const char *const wrong[] = {"data.weights=w"};
    static const char *const right[] = {"data.delimiter=tab", "data.header=false"};
    char *path = place("{\"data\": {\"train\": {\"images\": \"x\", \"labels\": \"y\"}, "
                       "\"validation\": \"table.csv\"}, " MODEL "}");
    ck_assert_ptr_null(snug_experiment_read(path, wrong, 1));
    ck_assert_ptr_nonnull(strstr(snug_error(),
                                 "data.weights: applies to formats whose columns have names, and "
                                 "data.train is in IDX format"));
    snug_experiment *e = snug_experiment_read(path, right, 2);
    ck_assert_msg(e != NULL, "%s", snug_error());
    snug_experiment_free(e);
    clear_folder(path);
}
END_TEST

START_TEST(overrides_are_applied) {
    static const char *const set[] = {
        "train.epochs=5",
        "train.optimizer.learning_rate=0.25",
        "model.layers[0].units=6",
        "model.layers[1].alpha=1.5",
        "data.missing=mean",
        "train.early_stopping.min_delta=0.125",
        "train.clip_norm=1.25",
        "train.clip_value=0.75",
        "train.accumulate=3",
        "train.ema=0.875",
        "model.layers[2]={\"type\": \"dense\", \"units\": \"classes\", \"init\": \"zeros\"}"};
    char *path = place("{" DATA ", " MODEL "}");
    snug_experiment *e = snug_experiment_read(path, set, sizeof set / sizeof *set);
    snug_fit_options o;
    char *config;
    ck_assert_msg(e != NULL, "%s", snug_error());
    ck_assert_int_eq(snug_experiment_options(e, &o), SNUG_OK);
    ck_assert_uint_eq(o.epochs, 5);
    ck_assert_double_eq(o.clip_norm, 1.25);
    ck_assert_double_eq(o.clip_value, 0.75);
    ck_assert_uint_eq(o.accumulate, 3);
    ck_assert_double_eq(o.ema, 0.875);
    ck_assert_uint_eq(o.early_stopping.patience, 10);
    ck_assert_double_eq(o.early_stopping.min_delta, 0.125);
    ck_assert_str_eq(o.early_stopping.metric, "loss");
    ck_assert(o.early_stopping.keep == SNUG_KEEP_BEST);
    config = snug_experiment_config(e);
    ck_assert_ptr_nonnull(strstr(config, "\"patience\": 10"));
    ck_assert_ptr_nonnull(strstr(config, "0.25"));
    ck_assert_ptr_nonnull(strstr(config, "\"units\": 6"));
    ck_assert_ptr_nonnull(strstr(config, "1.5"));
    ck_assert_ptr_nonnull(strstr(config, "\"mean\""));
    ck_assert_ptr_nonnull(strstr(config, "\"classes\""));
    ck_assert_ptr_nonnull(strstr(config, "\"zeros\""));
    snug_free(config);
    snug_loss_free(o.loss);
    snug_optimizer_free(o.optimizer);
    snug_schedule_free(o.schedule);
    snug_experiment_free(e);
    clear_folder(path);
}
END_TEST

START_TEST(wrong_overrides_are_refused) {
    static const struct {
        const char *set, *message;
    } wrong[] = {
        {"train.epochs", "--set train.epochs: must be KEY=VALUE, as train.epochs=5"},
        {"train.epochs=0", "train.epochs: must be at least 1 (got 0)"},
        {"train.epoch=2", "train: unknown key \"epoch\"; did you mean \"epochs\"?"},
        {"model.layers[9].units=2",
         "--set model.layers[9].units=2: \"[9].units\" must be the index, "
         "from 0, of an array's entry"},
        {"model.layers[0].=2",
         "--set model.layers[0].=2: the path must end in a key or an index in brackets"},
        {"model.layers[0]x=2",
         "--set model.layers[0]x=2: the path must end in a key or an index in brackets"},
        {"model.layers[0]=2", "model.layers[0]: must be "},
    };
    char *path = place("{" DATA ", " MODEL "}");
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        ck_assert_ptr_null(snug_experiment_read(path, &wrong[i].set, 1));
        ck_assert_msg(strstr(snug_error(), wrong[i].message) != NULL, "%s", snug_error());
    }
    clear_folder(path);
}
END_TEST

START_TEST(opening) {
    char *path = place("{" DATA ", " MODEL "}");
    snug_experiment *e = snug_experiment_read(path, NULL, 0);
    snug_model *model;
    snug_dataset *train, *validation, *test;
    ck_assert_msg(e != NULL, "%s", snug_error());
    ck_assert_msg(snug_experiment_load(e, &model, &train, &validation, &test) == SNUG_OK, "%s",
                  snug_error());
    ck_assert_uint_eq(snug_dataset_row_count(train), 20);
    ck_assert_uint_eq(snug_dataset_row_count(validation), 10);
    ck_assert_uint_eq(snug_dataset_row_count(test), 10);
    ck_assert_uint_eq(snug_dataset_class_count(train), 2);
    ck_assert_uint_eq(snug_model_output_count(model), 2);
    ck_assert_str_eq(snug_dataset_class_name(train, 1), "yes");
    snug_model_free(model);
    snug_dataset_free(train);
    snug_dataset_free(validation);
    snug_dataset_free(test);
    snug_experiment_free(e);
    clear_folder(path);
}
END_TEST

/* An experiment whose first layers are given. */
#define LAYERS(first)                                                                              \
    "{" DATA ", \"model\": {\"layers\": [" first ", {\"type\": \"dense\", \"units\": "             \
    "\"classes\"}]}}"

/* Loads the experiment, and checks the part of the model's config that begins with "columns". */
static void check_columns(const char *text, const char *columns) {
    char *path = place(text);
    snug_experiment *e = snug_experiment_read(path, NULL, 0);
    snug_model *model;
    snug_dataset *train, *validation, *test;
    ck_assert_msg(e != NULL, "%s", snug_error());
    ck_assert_msg(snug_experiment_load(e, &model, &train, &validation, &test) == SNUG_OK, "%s",
                  snug_error());
    char *config = snug_model_config(model);
    cJSON *json = cJSON_Parse(config), *layers;
    layers = cJSON_GetObjectItemCaseSensitive(json->child, "layers");
    char *written = cJSON_PrintUnformatted(
        cJSON_GetObjectItemCaseSensitive(cJSON_GetArrayItem(layers, 0), "columns"));
    ck_assert_str_eq(written, columns);
    cJSON_free(written);
    cJSON_Delete(json);
    snug_free(config);
    snug_model_free(model);
    snug_dataset_free(train);
    snug_dataset_free(validation);
    snug_dataset_free(test);
    snug_experiment_free(e);
    clear_folder(path);
}

START_TEST(names_of_columns_become_numbers) {
    check_columns(LAYERS("{\"type\": \"periodic_embedding\"}"), "[0,1]");
    check_columns(LAYERS("{\"type\": \"periodic_embedding\", \"columns\": [\"b\"]}"), "[1]");
    check_columns(LAYERS("{\"type\": \"periodic_embedding\", \"columns\": [\"b\", 0]}"), "[0,1]");
    check_columns(LAYERS("{\"type\": \"periodic_embedding\", \"columns\": \"categorical\"}"), "[]");
}
END_TEST

START_TEST(wrong_names_of_columns) {
    refuse(LAYERS("{\"type\": \"periodic_embedding\", \"columns\": [\"A\"]}"),
           "model.layers[0].columns: the data has no column of features \"A\"");
    refuse(LAYERS("{\"type\": \"periodic_embedding\", \"columns\": [\"b\", 1]}"),
           "model.layers[0].columns: has column 1 twice");
    refuse(LAYERS("{\"type\": \"periodic_embedding\", \"columns\": [\"a\", \"a\", \"a\"]}"),
           "model.layers[0].columns: has column 0 twice");
    refuse(LAYERS("\"selu\", {\"type\": \"periodic_embedding\", \"columns\": [\"a\"]}, "
                  "{\"type\": \"periodic_embedding\", \"columns\": [\"a\"]}"),
           "model.layers[2].columns: a layer before this one replaces the column \"a\"");
    refuse(LAYERS("{\"type\": \"dense\", \"units\": 2}, "
                  "{\"type\": \"periodic_embedding\", \"columns\": [\"a\"]}"),
           "model.layers[1].columns: \"a\": names of columns are known only where");
    refuse(LAYERS("{\"type\": \"residual\", \"layers\": [\"tanh\", {\"type\": "
                  "\"periodic_embedding\", \"columns\": [\"c\"]}]}"),
           "model.layers[0].layers[1].columns: the data has no column of features \"c\"");
}
END_TEST

START_TEST(config_is_a_fixed_point) {
    static const char text[] = "{" DATA ", " MODEL "}";
    snug_experiment *e = snug_experiment_parse(text, sizeof text - 1, NULL), *again;
    char *config = snug_experiment_config(e), *config_again;
    again = snug_experiment_parse(config, strlen(config), NULL);
    ck_assert_msg(again != NULL, "%s", snug_error());
    config_again = snug_experiment_config(again);
    ck_assert_str_eq(config, config_again);
    ck_assert_ptr_nonnull(strstr(config, "\"softmax_cross_entropy\""));
    snug_free(config);
    snug_free(config_again);
    snug_experiment_free(e);
    snug_experiment_free(again);
}
END_TEST

static Suite *experiment_suite(void) {
    Suite *suite = suite_create("experiments");
    TCase *tc = tcase_create("experiments");
    tcase_add_test(tc, wrong_experiments);
    tcase_add_test(tc, keeps_the_name_of_a_schema);
    tcase_add_test(tc, options_of_tables_are_refused_beside_other_files);
    tcase_add_test(tc, reads_a_written_config_of_arrays);
    tcase_add_test(tc, applies_settings_to_the_sources_that_are_tables);
    tcase_add_test(tc, overrides_are_applied);
    tcase_add_test(tc, wrong_overrides_are_refused);
    tcase_add_test(tc, opening);
    tcase_add_test(tc, names_of_columns_become_numbers);
    tcase_add_test(tc, wrong_names_of_columns);
    tcase_add_test(tc, config_is_a_fixed_point);
    suite_add_tcase(suite, tc);
    return suite;
}

REGISTER_SUITE(experiment_suite)
