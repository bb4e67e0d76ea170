/*
 * Trains small models with everything that the registry has, and random ones, and exports them as
 * ONNX models into the current directory; beside each NAME.onnx a file NAME.bin with raw rows and
 * what Snug predicts for them, for compare.js.
 *
 *     export_models SEED
 *     export_models NAME MODEL DATA      exports a model with the operators of every version
 *
 * NAME.bin is, little-endian: rows, columns, outputs as int32; rows x columns float32 of features;
 * rows x outputs float32 of predictions; rows int32 of classes, -1 for values. index.txt has the
 * names, a line each.
 */
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include <snug/snug.h>

#include "model/model.h"

enum { TRAINING_ROWS = 80, NEW_ROWS = 40, MOST_ROWS = 64, LONGEST_TEXT = 4096, LONGEST_NAME = 128 };

/* Ends the program. */
static void fail(const char *what, const char *why) {
    fprintf(stderr, "export_models: %s: %s\n", what, why);
    exit(1);
}

static void *allocate(size_t count, size_t size) {
    void *block = calloc(count > 0 ? count : 1, size);
    if (block == NULL) {
        fail("memory", "none is left");
    }
    return block;
}

/* ---- random numbers -------------------------------------------------------------------------- */

static uint64_t random_state;

/* Returns a number from 0 to n - 1, by Knuth's generator (MMIX). */
static size_t below(size_t n) {
    random_state = random_state * 6364136223846793005U + 1442695040888963407U;
    return (size_t)(random_state >> 33U) % n;
}

static double uniform(double low, double high) {
    return low + (high - low) * (double)below(1 << 20) / (1 << 20);
}

/* ---- texts ----------------------------------------------------------------------------------- */

typedef struct text {
    char bytes[LONGEST_TEXT];
    size_t length;
} text;

static void SNUG_PRINTF(2, 3) add(text *t, const char *format, ...) {
    va_list list;
    va_start(list, format);
    int length = vsnprintf(t->bytes + t->length, sizeof t->bytes - t->length, format, list);
    va_end(list);
    if (length < 0 || (size_t)length >= sizeof t->bytes - t->length) {
        fail("text", "too long");
    }
    t->length += (size_t)length;
}

/* ---- raw rows -------------------------------------------------------------------------------- */

/*
 * Returns the raw value of a column whose features are x: what a program without Snug gives to an
 * exported model. Missing and unknown categories are NaN or a number that no category has.
 */
static float raw_value(const snug_column *column, const double *x, double offset, size_t row) {
    const float none = row % 2 == 0 ? NAN : row % 3 == 0 ? -1.0F : 1e6F;
    if (column == NULL || column->categories.count == 0) {
        return (float)(x[0] - offset);
    }
    if (column->integer) {
        return x[0] >= 0 && x[0] < (double)column->categories.count ? (float)x[0] : none;
    }
    for (size_t k = 0; k < column->categories.count; k++) {
        if (x[k] == 1) {
            return (float)k;
        }
    }
    return none;
}

/* Sets offsets[columns] to those of an exported model's description. */
static void read_offsets(const snug_model *model, size_t columns, double *offsets) {
    char *printed = snug_model_export_description(model);
    if (printed == NULL) {
        fail("description", snug_error());
    }
    cJSON *description = cJSON_Parse(printed);
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(description, "columns");
    const cJSON *column = NULL;
    size_t j = 0;
    cJSON_ArrayForEach(column, list) {
        const cJSON *offset = cJSON_GetObjectItemCaseSensitive(column, "offset");
        if (j < columns) {
            offsets[j] = offset != NULL ? offset->valuedouble : 0;
        }
        j++;
    }
    if (j != columns) {
        fail("description", "the number of columns is wrong");
    }
    cJSON_Delete(description);
    snug_free(printed);
}

/* Sets raw[rows][columns] to the raw values of the rows of features x. Returns the columns. */
static size_t raw_rows(const snug_model *model, size_t rows, const double *x, float *raw) {
    const snug_table_schema *schema = model->preprocessing->table;
    const size_t columns = schema->column_count;
    double *offsets = allocate(columns, sizeof *offsets);
    read_offsets(model, columns, offsets);
    for (size_t i = 0; i < rows; i++) {
        const double *row = x + i * schema->features;
        for (size_t j = 0; j < columns; j++) {
            const snug_column *column = schema->columns != NULL ? &schema->columns[j] : NULL;
            raw[i * columns + j] = raw_value(column, row, offsets[j], i);
            row += column != NULL ? snug_column_features(column) : 1;
        }
    }
    free(offsets);
    return columns;
}

/* ---- files ----------------------------------------------------------------------------------- */

/* Raw rows, and what Snug predicts for them. */
typedef struct agreement {
    size_t rows, columns, outputs;
    float *raw, *predictions;
    int32_t *classes;
    bool
        both; /* one probability is that of the second of two classes, of which both are exported */
} agreement;

static FILE *open_file(const char *name, const char *ending, const char *mode) {
    char path[LONGEST_NAME + 16];
    snprintf(path, sizeof path, "%s%s", name, ending);
    FILE *file = fopen(path, mode);
    if (file == NULL) {
        fail(path, "cannot be opened");
    }
    return file;
}

static void write_agreement(const char *name, const agreement *a) {
    FILE *file = open_file(name, ".bin", "wb");
    const int32_t sizes[] = {(int32_t)a->rows, (int32_t)a->columns,
                             a->both ? 2 : (int32_t)a->outputs};
    fwrite(sizes, sizeof *sizes, 3, file);
    fwrite(a->raw, sizeof *a->raw, a->rows * a->columns, file);
    for (size_t i = 0; i < a->rows * a->outputs; i++) {
        const float other = 1 - a->predictions[i];
        fwrite(&other, sizeof other, a->both ? 1 : 0, file);
        fwrite(&a->predictions[i], sizeof *a->predictions, 1, file);
    }
    fwrite(a->classes, sizeof *a->classes, a->rows, file);
    if (fclose(file) != 0) {
        fail(name, "cannot be written");
    }
    file = open_file("index", ".txt", "a");
    fprintf(file, "%s\n", name);
    fclose(file);
}

/* Predicts the first rows of data, at most MOST_ROWS. */
static void predict(const char *name, const snug_model *model, const snug_dataset *data,
                    agreement *a) {
    const size_t features = snug_dataset_column_count(data), all = snug_dataset_row_count(data);
    const bool classifies = snug_model_class_count(model) > 0;
    a->rows = all < MOST_ROWS ? all : MOST_ROWS;
    a->outputs = snug_model_output_count(model);
    a->raw = allocate(a->rows * features, sizeof *a->raw);
    a->predictions = allocate(a->rows * a->outputs, sizeof *a->predictions);
    a->classes = allocate(a->rows, sizeof *a->classes);
    double *x = allocate(a->rows * features, sizeof *x);
    snug_session *session = snug_session_new(model, a->rows);
    snug_status status = session != NULL ? SNUG_OK : snug_error_status();
    for (size_t i = 0; i < a->rows && status == SNUG_OK; i++) {
        status = snug_dataset_row_f64(data, i, x + i * features);
    }
    if (status == SNUG_OK) {
        status = snug_predict_classes_f64(session, x, a->rows, a->predictions,
                                          classifies ? a->classes : NULL);
    }
    if (status != SNUG_OK) {
        fail(name, snug_error());
    }
    for (size_t i = 0; i < a->rows && !classifies; i++) {
        a->classes[i] = -1;
    }
    snug_session_free(session);
    a->both = classifies && a->outputs == 1;
    a->columns = raw_rows(model, a->rows, x, a->raw);
    free(x);
}

/* Exports a model, and writes rows of data with what is predicted for them. */
static void export_model(const char *name, const snug_model *model, const snug_dataset *data,
                         size_t opset) {
    char path[LONGEST_NAME + 16];
    agreement a = {0};
    snprintf(path, sizeof path, "%s.onnx", name);
    if (snug_model_export_onnx(model, path, &(snug_onnx_options){.opset = opset}) != SNUG_OK) {
        fail(name, snug_error());
    }
    predict(name, model, data, &a);
    write_agreement(name, &a);
    free(a.raw);
    free(a.predictions);
    free(a.classes);
}

/* ---- the table ------------------------------------------------------------------------------- */

static const char *const colours[] = {"red", "blue", "green", "violet"};

static void write_targets(FILE *file, size_t row, size_t colour, double sum) {
    const double part = 0.25 + 0.5 / (1 + exp(-sum));
    fprintf(file, ",k%zu,%s,%.3f,%.3f,%zu,%.6f,%.6f", row % 2 == 0 ? row % 3 : colour,
            sum + uniform(-1, 1) > 0 ? "yes" : "no", 1000 + 50 * sum, sum * sum, below(5), part,
            1 - part);
}

/*
 * Writes rows of a table: numbers with missing values, seconds since 1970, a column of few and one
 * of many categories, and targets of each kind. New rows have categories that others lack.
 */
static void write_table(const char *name, size_t rows, bool with_targets) {
    FILE *file = open_file(name, "", "w");
    fprintf(file, "a,b,time,colour,town%s\n",
            with_targets ? ",class,pair,value,other,count,part,rest" : "");
    for (size_t i = 0; i < rows; i++) {
        const double a = uniform(-3, 3), b = 100 + 10 * a + uniform(-20, 20);
        const size_t colour = below(with_targets ? 3 : 4), town = below(with_targets ? 12 : 14);
        if (below(7) > 0) {
            fprintf(file, "%.4f", a);
        }
        fprintf(file, ",%.4f,%zu,%s,town%zu", b, 1700000000 + below(100000),
                below(9) == 0 ? "" : colours[colour], town);
        if (with_targets) {
            write_targets(file, i, colour, a + (double)colour - (double)(town % 3));
        }
        fputc('\n', file);
    }
    if (fclose(file) != 0) {
        fail(name, "cannot be written");
    }
}

/* ---- what models are made of ----------------------------------------------------------------- */

/* A loss with targets and units of the last layer that suit it. */
typedef struct loss_case {
    const char *name, *json, *targets, *units;
} loss_case;

static const loss_case losses[] = {
    {"softmax_cross_entropy", "\"softmax_cross_entropy\"", "\"class\"", "\"classes\""},
    {"mse", "\"mse\"", "[\"value\", \"other\"]", "2"},
    {"binary_cross_entropy", "\"binary_cross_entropy\"", "\"pair\"", "1"},
    {"mae", "\"mae\"", "\"value\"", "1"},
    {"huber", "\"huber\"", "[\"value\", \"other\"]", "2"},
    {"log_cosh", "\"log_cosh\"", "\"value\"", "1"},
    {"quantile", "{\"type\": \"quantile\", \"taus\": [0.1, 0.5, 0.9]}", "[\"value\", \"other\"]",
     "6"},
    {"poisson", "\"poisson\"", "\"count\"", "1"},
    {"kl_divergence", "\"kl_divergence\"", "[\"part\", \"rest\"]", "2"},
    {"hinge", "\"hinge\"", "\"class\"", "\"classes\""},
    {"focal", "\"focal\"", "\"class\"", "\"classes\""},
    /* beside one of each, others whose outputs mean something else */
    {"hinge", "\"hinge\"", "\"pair\"", "1"},
    {"focal", "\"focal\"", "\"pair\"", "1"},
    {"softmax_cross_entropy", "\"softmax_cross_entropy\"", "\"pair\"", "\"classes\""},
    {"binary_cross_entropy", "\"binary_cross_entropy\"", "\"class\"", "\"classes\""},
    {"quantile", "\"quantile\"", "\"value\"", "1"},
};

typedef struct layer_case {
    const char *name, *json;
} layer_case;

static const layer_case layers[] = {
    {"dense", "{\"type\": \"dense\", \"units\": 7}"},
    {"batch_ensemble", "{\"type\": \"batch_ensemble\", \"units\": 6, \"members\": 3}, \"selu\", "
                       "{\"type\": \"batch_ensemble\", \"units\": 5, \"members\": 3}, \"tanh\""},
    {"activation", "{\"type\": \"activation\", \"function\": \"tanh\"}"},
    {"parametric_activation", "{\"type\": \"parametric_activation\", \"function\": \"mish\"}"},
    {"feature_scale", "\"feature_scale\""},
    {"prelu", "{\"type\": \"dense\", \"units\": 6}, \"prelu\""},
    {"dropout", "{\"type\": \"dropout\", \"rate\": 0.1}"},
    {"alpha_dropout", "{\"type\": \"dense\", \"units\": 6}, \"selu\", "
                      "{\"type\": \"alpha_dropout\", \"rate\": 0.1}"},
    {"gaussian_noise", "\"gaussian_noise\""},
    {"piecewise_linear_embedding",
     "{\"type\": \"piecewise_linear_embedding\", \"bins\": 5, \"units\": 3, "
     "\"activation\": \"relu\"}"},
    {"periodic_embedding", "{\"type\": \"periodic_embedding\", \"frequencies\": 4}"},
    {"category_embedding", "{\"type\": \"category_embedding\", \"units\": 3}"},
    {"batch_norm", "\"batch_norm\""},
    {"layer_norm", "{\"type\": \"dense\", \"units\": 6}, \"layer_norm\""},
    {"residual", "{\"type\": \"residual\", \"layers\": [{\"type\": \"dense\", \"units\": 9}, "
                 "\"selu\"]}"},
    {"highway", "{\"type\": \"dense\", \"units\": 6}, {\"type\": \"highway\", \"layers\": "
                "[{\"type\": \"dense\", \"units\": 6}, \"tanh\"]}"},
    /* beside one of each, others of their options */
    {"piecewise_linear_embedding",
     "{\"type\": \"piecewise_linear_embedding\", \"bins\": 4, \"units\": 0}"},
    {"periodic_embedding", "{\"type\": \"periodic_embedding\", \"variant\": \"plr\", "
                           "\"frequencies\": 3, \"units\": 4}"},
    {"batch_ensemble", "{\"type\": \"batch_ensemble\", \"units\": 6, \"members\": 3, "
                       "\"shared\": false}, \"relu\""},
};

static const char *const data_options[] = {
    "",
    ", \"missing_indicator\": true",
    ", \"missing\": \"median\", \"categories\": \"integer\"",
    ", \"categories\": \"embedding\", \"scaling\": \"robust_clip\"",
    ", \"scaling\": \"none\", \"columns\": [\"a\", \"colour\"], \"missing_indicator\": true",
    ", \"scaling\": \"min_max\", \"target_scaling\": \"none\"",
    ", \"scaling\": \"robust\", \"categories\": \"integer\", \"missing_indicator\": true",
    ", \"categories\": \"embedding\", \"scaling\": \"standard_clip\", \"missing_indicator\": true",
};

enum {
    LOSSES = sizeof losses / sizeof *losses,
    LAYERS = sizeof layers / sizeof *layers,
    DATA_OPTIONS = sizeof data_options / sizeof *data_options,
    EMBEDDING = 3 /* the data options with numbers of categories for an embedding */
};

/* One model, as parts of an experiment. */
typedef struct recipe {
    const char *data, *train; /* more options of the sections */
    const loss_case *loss;
    size_t members; /* above 1: an ensemble of so many */
    text hidden;    /* the layers before the last */
} recipe;

static recipe random_recipe(void) {
    return (recipe){
        .data = data_options[below(DATA_OPTIONS)], .train = "", .loss = &losses[below(LOSSES)]};
}

/* Adds an activation, its fields near their defaults. */
static void add_activation(text *t, const snug_kind *kind) {
    add(t, "{\"type\": \"activation\", \"function\": {\"type\": \"%s\"", kind->name);
    const snug_field *field = kind->fields;
    for (; field != NULL && field->kind != SNUG_FIELD_END; field++) {
        if (field->kind == SNUG_FIELD_REAL && !field->optional) {
            const double value = field->initial * uniform(0.7, 1.3);
            const bool bounded = field->max != 0 || field->min < 0;
            add(t, ", \"%s\": %.6g", field->name,
                bounded && value > field->max ? field->initial : value);
        }
    }
    add(t, "}}");
}

/* ---- training -------------------------------------------------------------------------------- */

static void write_experiment(text *json, const recipe *r) {
    const bool columns = strstr(r->data, "\"columns\"") != NULL;
    add(json, "{\"data\": {\"train\": \"table.csv\", \"target\": %s, \"validation\": 0.25%s%s}, ",
        r->loss->targets,
        columns ? "" : ", \"columns\": [\"a\", \"b\", \"time\", \"colour\", \"town\"]", r->data);
    const bool codes = strstr(r->data, "\"embedding\"") != NULL &&
                       strstr(r->hidden.bytes, "category_embedding") == NULL;
    add(json, "\"model\": {\"layers\": [%s", codes ? "\"category_embedding\", " : "");
    /* the members of an ensemble in one model end in a layer of each */
    const bool members = strstr(r->hidden.bytes, "batch_ensemble") != NULL;
    add(json, "%s%s{\"type\": \"%s\", \"units\": %s%s}]}, ", r->hidden.bytes,
        r->hidden.length > 0 ? ", " : "", members ? "batch_ensemble" : "dense", r->loss->units,
        members ? ", \"members\": 3, \"shared\": false" : "");
    add(json,
        "\"train\": {\"loss\": %s, \"epochs\": 3, \"seed\": %zu, "
        "\"optimizer\": {\"type\": \"adam\", \"learning_rate\": 0.01}%s}}",
        r->loss->json, below(1000), r->train);
}

static snug_model *train(const char *name, const recipe *r) {
    text json = {.length = 0};
    write_experiment(&json, r);
    snug_model *model = NULL;
    snug_dataset *training = NULL, *validation = NULL, *test = NULL;
    snug_fit_options options;
    snug_experiment *experiment = snug_experiment_parse(json.bytes, json.length, NULL);
    snug_status status = experiment != NULL ? SNUG_OK : snug_error_status();
    if (status == SNUG_OK) {
        status = snug_experiment_load(experiment, &model, &training, &validation, &test);
    }
    if (status == SNUG_OK) {
        status = snug_experiment_options(experiment, &options);
    }
    if (status == SNUG_OK) {
        options.validation_data = validation;
        status = snug_fit(model, training, &options, NULL);
    }
    if (status != SNUG_OK) {
        fprintf(stderr, "%s\n", json.bytes);
        fail(name, snug_error());
    }
    snug_dataset_free(training);
    snug_dataset_free(validation);
    snug_dataset_free(test);
    snug_experiment_free(experiment);
    return model;
}

static snug_model *make(const char *name, const recipe *r) {
    enum { MOST_MEMBERS = 8 };
    snug_model *members[MOST_MEMBERS] = {NULL};
    if (r->members <= 1) {
        return train(name, r);
    }
    for (size_t i = 0; i < r->members; i++) {
        members[i] = train(name, r);
    }
    snug_model *ensemble = snug_model_new_ensemble(members, r->members);
    if (ensemble == NULL) {
        fail(name, snug_error());
    }
    for (size_t i = 0; i < r->members; i++) {
        snug_model_free(members[i]);
    }
    return ensemble;
}

/* Trains and exports a model, with rows that it was not trained on. */
static void run(const char *name, const recipe *r) {
    static size_t opset = SNUG_MIN_OPSET;
    snug_model *model = make(name, r);
    snug_data_options options = {.table.task = SNUG_TASK_NONE};
    snug_dataset *rows = snug_dataset_read_for(model, "new.csv", &options);
    if (rows == NULL) {
        fail(name, snug_error());
    }
    export_model(name, model, rows, opset);
    opset = opset < SNUG_MAX_OPSET ? opset + 1 : SNUG_MIN_OPSET;
    snug_dataset_free(rows);
    snug_model_free(model);
}

/* ---- the registry, and random models --------------------------------------------------------- */

static void run_activations(void) {
    const snug_kind *kind = NULL;
    for (size_t i = 0; (kind = snug_kind_at(SNUG_GROUP_ACTIVATION, i)) != NULL; i++) {
        recipe r = random_recipe();
        char name[LONGEST_NAME];
        snprintf(name, sizeof name, "activation_%s", kind->name);
        add(&r.hidden, "{\"type\": \"dense\", \"units\": 6}, ");
        add_activation(&r.hidden, kind);
        run(name, &r);
    }
}

/* Runs the models of one layer kind. Returns how many there are. */
static size_t run_layer(const snug_kind *kind) {
    size_t found = 0;
    for (size_t k = 0; k < LAYERS; k++) {
        if (strcmp(layers[k].name, kind->name) == 0) {
            recipe r = random_recipe();
            char name[LONGEST_NAME];
            snprintf(name, sizeof name, "layer_%s_%zu", kind->name, found++);
            if (strstr(kind->name, "embedding") != NULL) {
                r.data = data_options[EMBEDDING];
            }
            add(&r.hidden, "%s", layers[k].json);
            run(name, &r);
        }
    }
    return found;
}

/* Runs the models of one loss. Returns how many there are. */
static size_t run_loss(const snug_kind *kind) {
    size_t found = 0;
    for (size_t k = 0; k < LOSSES; k++) {
        if (strcmp(losses[k].name, kind->name) == 0) {
            recipe r = random_recipe();
            char name[LONGEST_NAME];
            snprintf(name, sizeof name, "loss_%s_%zu", kind->name, found++);
            r.loss = &losses[k];
            add(&r.hidden, "{\"type\": \"dense\", \"units\": 8}, \"selu\"");
            run(name, &r);
        }
    }
    return found;
}

/* Runs the models of every kind of a group; a new kind has to be in a table above. */
static void run_group(snug_group group, size_t (*run_kind)(const snug_kind *kind)) {
    const snug_kind *kind = NULL;
    for (size_t i = 0; (kind = snug_kind_at(group, i)) != NULL; i++) {
        if (run_kind(kind) == 0) {
            fail(kind->name, "no table of export_models.c has a model with it");
        }
    }
}

/* What prediction does beyond the loss's output function. */
static void run_postprocessing(void) {
    static const struct {
        const char *name, *loss, *targets, *train;
    } cases[] = {
        {"temperature", "softmax_cross_entropy", "\"class\"", ", \"calibration\": \"temperature\""},
        {"temperature_of_one", "binary_cross_entropy", "\"pair\"",
         ", \"calibration\": \"temperature\""},
        {"threshold", "softmax_cross_entropy", "\"pair\"", ", \"threshold_metric\": \"f1\""},
        {"threshold_of_one", "binary_cross_entropy", "\"pair\"",
         ", \"calibration\": \"temperature\", \"threshold_metric\": \"f1\""},
        {"clipped", "mse", "[\"value\", \"other\"]", ", \"clip_predictions\": true"},
        {"clipped_quantiles", "quantile", "[\"value\", \"other\"]", ", \"clip_predictions\": true"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (size_t k = 0; k < LOSSES; k++) {
            if (strcmp(losses[k].name, cases[i].loss) == 0 &&
                strcmp(losses[k].targets, cases[i].targets) == 0) {
                recipe r = random_recipe();
                r.loss = &losses[k];
                r.train = cases[i].train;
                add(&r.hidden, "{\"type\": \"dense\", \"units\": 8}, \"selu\"");
                run(cases[i].name, &r);
            }
        }
    }
}

static const snug_kind *random_activation(void) {
    size_t count = 0;
    while (snug_kind_at(SNUG_GROUP_ACTIVATION, count) != NULL) {
        count++;
    }
    return snug_kind_at(SNUG_GROUP_ACTIVATION, below(count));
}

/* Models of random depth and width; every third is an ensemble. */
static void run_random(size_t count) {
    for (size_t i = 0; i < count; i++) {
        recipe r = random_recipe();
        char name[LONGEST_NAME];
        const size_t depth = below(4);
        for (size_t k = 0; k < depth; k++) {
            add(&r.hidden, "%s{\"type\": \"dense\", \"units\": %zu}, ", k > 0 ? ", " : "",
                3 + below(12));
            add_activation(&r.hidden, random_activation());
            add(&r.hidden, "%s", below(3) == 0 ? ", \"batch_norm\"" : "");
        }
        r.members = i % 3 == 0 ? 2 + below(3) : 1;
        snprintf(name, sizeof name, "random_%zu", i);
        run(name, &r);
    }
}

/* ---- arguments ------------------------------------------------------------------------------- */

static void export_file(const char *name, const char *path, const char *data_path) {
    snug_model *model = snug_model_load(path);
    snug_dataset *data = model != NULL ? snug_dataset_read_for(model, data_path, NULL) : NULL;
    if (data == NULL) {
        fail(name, snug_error());
    }
    for (size_t opset = SNUG_MIN_OPSET; opset <= SNUG_MAX_OPSET; opset++) {
        char numbered[LONGEST_NAME];
        snprintf(numbered, sizeof numbered, "%s_%zu", name, opset);
        export_model(numbered, model, data, opset);
    }
    snug_dataset_free(data);
    snug_model_free(model);
}

int main(int count, char **arguments) {
    enum { RANDOM_MODELS = 40 };
    if (count == 4) {
        export_file(arguments[1], arguments[2], arguments[3]);
        return 0;
    }
    if (count != 2) {
        fprintf(stderr, "usage: export_models SEED, or export_models NAME MODEL DATA\n");
        return 2;
    }
    random_state = strtoull(arguments[1], NULL, 10) + 1;
    write_table("table.csv", TRAINING_ROWS, true);
    write_table("new.csv", NEW_ROWS, false);
    run_activations();
    run_group(SNUG_GROUP_LAYER, run_layer);
    run_group(SNUG_GROUP_LOSS, run_loss);
    run_postprocessing();
    run_random(RANDOM_MODELS);
    return 0;
}
