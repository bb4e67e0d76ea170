/*
 * Models for programs without Snug. What is exported takes the raw values of a row, as they are in
 * the table, and gives what snug_predict() does: preprocessing, layers, output function and
 * postprocessing are all in it, and the members of an ensemble are averaged.
 *
 *     snug_status status = snug_model_export_onnx(model, "iris.onnx", NULL);
 *
 * A row has one number for each column of the table, in the order of the model's columns: the
 * number of the file, minus the column's offset where it has one; of a category its number, from 0
 * in the order of the model's categories, any other number being an unknown category; NaN where
 * the value is missing. A model that was trained on arrays takes their features.
 *
 * Numbers of ONNX models and of programs in float differ from those of snug_predict() by at most
 * 1e-5 of max(1, |number|); where targets are scaled, of max(s, |number|), s being the standard
 * deviation of the target: values that cross zero have no more digits than their target's scale.
 */
#ifndef SNUG_EXPORT_H
#define SNUG_EXPORT_H

#include <stdbool.h>

#include <snug/data.h>
#include <snug/model.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The oldest and the newest version of ONNX's operators that a model is exported with. */
enum { SNUG_MIN_OPSET = 13, SNUG_MAX_OPSET = 17 };

/* Zeroed, or NULL where a pointer to it is taken: the defaults. */
typedef struct snug_onnx_options {
    size_t opset; /* version of the operators, from SNUG_MIN_OPSET to SNUG_MAX_OPSET; 0: 13 */
} snug_onnx_options;

/*
 * Writes a model with weights as an ONNX model, beside `path`, and renames it. Its input is
 * "features", float32 [batch, columns]. Its outputs are for classes "label", int64 [batch], the
 * index of the predicted class, and "probabilities", float32 [batch, classes] ("scores" where the
 * loss has none, such as hinge); for values "values", float32 [batch, outputs]. The metadata of the
 * model are the members of snug_model_export_description(), each a text of JSON, as "snug.columns",
 * "snug.classes" ...
 * Fails for a kind that cannot be exported, by its name, for a model that would be larger than
 * 2 GiB, the most that the format takes, and where the library was built without protobuf-c.
 */
SNUG_API snug_status snug_model_export_onnx(const snug_model *model, const char *path,
                                            const snug_onnx_options *options);

/*
 * Returns what an exported model takes and gives, as a JSON text, which the caller frees with
 * snug_free(): an object of Snug's "version", the "task" ("classification" or "regression"),
 * "columns" of a "name", a "type" ("number" or "category"), an "offset" where there is one and
 * "categories", the names of the "classes" or "values", the "threshold" where one decides between
 * two classes, and "notes" for people. NULL on failure, as of a kind that cannot be exported.
 */
SNUG_API char *snug_model_export_description(const snug_model *model);

/* Zeroed, or NULL where a pointer to it is taken: the defaults. */
typedef struct snug_c_options {
    bool no_libm; /* the program has its own expf() and the like, and no <math.h> */
    /*
     * What all names in the program begin with, in capitals those of constants. NULL: the name of
     * the file, with "_" for what cannot be in a name: "my-net.c" has my_net_predict().
     */
    const char *name;
} snug_c_options;

/*
 * Writes a model with weights as a program in C99, which is C++ too: `path`, which ends in ".c",
 * and a header beside it that ends in ".h". It needs no library but that of <math.h>, and no
 * memory but static. Its header has, for a path "net.c":
 *
 *     void net_predict(const float in[NET_INPUTS], float out[NET_OUTPUTS]);
 *     void net_predict_with(const float in[], float out[], float scratch[NET_SCRATCH]);
 *     int net_class(const float out[NET_OUTPUTS]);              (of a classifier)
 *     extern const char *const net_class_names[NET_CLASSES];    (of a classifier)
 *
 * with constants for columns, categories, classes and offsets. net_predict() has static memory for
 * results in between and is for one thread; calls of net_predict_with() may run side by side.
 * Compilers must keep NaN, which is a missing value: -ffast-math breaks the program.
 * Fails for a kind that cannot be exported, by its name.
 */
SNUG_API snug_status snug_model_export_c(const snug_model *model, const char *path,
                                         const snug_c_options *options);

/* How well an int8 program predicts, and what it takes. */
typedef struct snug_int8_report {
    size_t rows;  /* of the data */
    bool classes; /* the qualities are accuracies, from 0 to 1; otherwise root mean square errors */
    double float_quality, int8_quality; /* on the data, by the weights of its rows */
    size_t float_bytes, int8_bytes;     /* of the constants: weights, biases, tables */
} snug_int8_report;

/*
 * Writes a model as snug_model_export_c() does, but computes from the first linear map to the last
 * in int8: weights with a scale for each output unit, values with a scale and a zero point, sums in
 * int32, and tables for functions of one number. Preprocessing before them, and output function and
 * units of targets behind them, are in float. Its results are the same bits on every machine,
 * where the compiler does not fuse a * b + c (-std=c99, or -ffp-contract=off).
 *
 * Ranges are chosen by at most 1024 rows of `data`, which is not scaled, and should be rows that
 * the model was trained on, or like them. The report, unless NULL, is of the whole data, which has
 * targets. Fails also for layers between linear maps that have no form in int8, by their names:
 * layer_norm, softmax and log_softmax, and piecewise_linear_embedding, if it is not the first.
 */
SNUG_API snug_status snug_model_export_c_int8(const snug_model *model, const char *path,
                                              const snug_c_options *options,
                                              const snug_dataset *data, snug_int8_report *report);

#ifdef __cplusplus
}
#endif
#endif
