/*
 * Snug: small self-normalizing neural networks. This header includes all the others.
 *
 * 1. Train from a file: an experiment in JSON names the data, the layers and the options.
 *    <snug/experiment.h>, <snug/metrics.h>; <snug/describe.h> lists what a file can hold.
 *
 *     snug_experiment *file = snug_experiment_read("iris.json", NULL, 0);
 *     snug_fit_options options;
 *     snug_status status = snug_experiment_load(file, &model, &train, &validation, &test);
 *     status = snug_experiment_options(file, &options);
 *     status = snug_fit(model, train, &options, NULL);
 *
 * 2. Build and fit in C: <snug/data.h> reads tables, <snug/layer.h>, <snug/loss.h>,
 *    <snug/optimizer.h> and <snug/schedule.h> make the parts, <snug/train.h> fits,
 *    <snug/session.h> predicts, <snug/model.h> saves and loads.
 *
 *     snug_dataset *iris = snug_dataset_read_csv("iris.csv", NULL);
 *     snug_model *net = snug_model_new(snug_dataset_column_count(iris));
 *     snug_model_add(net, snug_dense(16));
 *     snug_model_add(net, snug_selu());
 *     snug_model_add(net, snug_dense(3));
 *     status = snug_fit(net, iris, &(snug_fit_options){.epochs = 100, .seed = 42}, NULL);
 *
 *    <snug/theory.h> says what to expect of mean and variance in deep networks.
 *
 * 3. Extend: one constant descriptor of <snug/kind.h> adds an activation, a layer, a loss, an
 *    optimizer, a schedule or an initializer that works like a built-in one.
 *
 *     status = snug_register_activation(&own_kind);
 *     snug_layer *own = snug_layer_make("own", SNUG_FIELDS(snug_number("beta", 1.5)));
 *     status = snug_model_add(net, own);
 *
 * Errors are in <snug/status.h>: functions return a snug_status or NULL, and snug_error() is the
 * message. Who owns a handle is said in <snug/layer.h> and in the first line of each function.
 */
#ifndef SNUG_H
#define SNUG_H

#include <snug/activation.h>       /* IWYU pragma: export */
#include <snug/coordinate_check.h> /* IWYU pragma: export */
#include <snug/data.h>             /* IWYU pragma: export */
#include <snug/describe.h>         /* IWYU pragma: export */
#include <snug/experiment.h>       /* IWYU pragma: export */
#include <snug/explain.h>          /* IWYU pragma: export */
#include <snug/export.h>           /* IWYU pragma: export */
#include <snug/field_value.h>      /* IWYU pragma: export */
#include <snug/folds.h>            /* IWYU pragma: export */
#include <snug/gradient_check.h>   /* IWYU pragma: export */
#include <snug/graph.h>            /* IWYU pragma: export */
#include <snug/import.h>           /* IWYU pragma: export */
#include <snug/inspection.h>       /* IWYU pragma: export */
#include <snug/kind.h>             /* IWYU pragma: export */
#include <snug/layer.h>            /* IWYU pragma: export */
#include <snug/loss.h>             /* IWYU pragma: export */
#include <snug/memory.h>           /* IWYU pragma: export */
#include <snug/metrics.h>          /* IWYU pragma: export */
#include <snug/model.h>            /* IWYU pragma: export */
#include <snug/optimizer.h>        /* IWYU pragma: export */
#include <snug/plot.h>             /* IWYU pragma: export */
#include <snug/random.h>           /* IWYU pragma: export */
#include <snug/schedule.h>         /* IWYU pragma: export */
#include <snug/session.h>          /* IWYU pragma: export */
#include <snug/status.h>           /* IWYU pragma: export */
#include <snug/strings.h>          /* IWYU pragma: export */
#include <snug/suggest.h>          /* IWYU pragma: export */
#include <snug/theory.h>           /* IWYU pragma: export */
#include <snug/train.h>            /* IWYU pragma: export */
#include <snug/tune.h>             /* IWYU pragma: export */

#endif
