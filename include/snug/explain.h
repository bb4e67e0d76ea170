/*
 * What a trained model does with the columns of a table: how much its predictions depend on each,
 * and in which way.
 *
 *     snug_explanation found;
 *     snug_status status = snug_explain_importance(model, held_out, NULL, &found);
 *     for (size_t i = 0; i < found.count; i++) {
 *         printf("%s %g\n", found.columns[i].column, found.columns[i].mean);
 *     }
 *     snug_explanation_clear(&found);
 */
#ifndef SNUG_EXPLAIN_H
#define SNUG_EXPLAIN_H

#include <snug/model.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Zeroed, or NULL where a pointer to it is taken: the defaults. */
typedef struct snug_explain_options {
    const char *metric;         /* a number of snug_evaluate(); NULL: the loss */
    size_t repeats;             /* permutations of each column; 0: 5 */
    uint64_t seed;              /* of the permutations */
    size_t threads;             /* at most SNUG_MAX_THREADS; 0: as many as the process may use */
    const char *const *columns; /* names; NULL: all columns of features */
    size_t column_count;
    size_t points; /* of a numeric column's grid, at least 2; 0: 21 */
} snug_explain_options;

/* How important a column is: by how much the metric becomes worse without what it says. */
typedef struct snug_column_importance {
    char *column;
    double mean, deviation; /* over the repeats; the deviation of one repeat is 0 */
} snug_column_importance;

typedef struct snug_explanation {
    const char *metric; /* its name, which is static */
    bool greater;       /* a greater value of it is better */
    double baseline;    /* the metric of the data as it is */
    size_t rows, repeats;
    snug_column_importance *columns; /* in the order of the table */
    size_t count;
} snug_explanation;

/*
 * Computes the permutation importance of columns (Breiman 2001, "Random forests", section 10): the
 * values of one column are exchanged among the rows at random, and what the metric then loses is
 * the importance, a difference that is above 0 where the metric is worse. All features of a column,
 * its categories and the indicator of missing values, move together. A column that the model
 * ignores has exactly 0. Of columns that say the same each is less important than both together.
 *
 * The data has targets, and is matched with the model as snug_evaluate() does it; rows that the
 * model was not trained on show what it uses to predict rows that it does not know. `options` may
 * be NULL. The result is the same for any number of threads; free it with snug_explanation_clear().
 * Fails with SNUG_ERROR_ARGUMENT where the data has one row, which has no other values to get.
 */
SNUG_API snug_status snug_explain_importance(const snug_model *model, const snug_dataset *data,
                                             const snug_explain_options *options,
                                             snug_explanation *result);

/* Frees the names and sets the result to zero; takes NULL. */
SNUG_API void snug_explanation_clear(snug_explanation *result);

/* The mean prediction of a model as a function of one column. */
typedef struct snug_dependence {
    char *column;
    size_t points, outputs;
    double *values;      /* points: values of a numeric column; NULL for categories */
    char **categories;   /* points: names of categories; NULL for a numeric column */
    double *predictions; /* points x outputs: means over the rows, in the targets' units */
    char **names;        /* outputs: the class, or snug_model_prediction_name(), of each */
} snug_dependence;

/*
 * Computes the partial dependence on a column (Friedman 2001, "Greedy function approximation",
 * section 8.2): what the model predicts on average over the rows, where every row has the same
 * value in this column. The values are quantiles of a numeric column, as many as .points and
 * without repetition, or all categories that the model knows. A single probability is that of the
 * second class.
 *
 * Targets and row weights are not used. Of more than 2000 rows each n-th counts, so that at most
 * 2000 do. Free the result with snug_dependence_clear().
 */
SNUG_API snug_status snug_explain_dependence(const snug_model *model, const snug_dataset *data,
                                             const char *column,
                                             const snug_explain_options *options,
                                             snug_dependence *result);

/* Frees what is in it and sets it to zero; takes NULL. */
SNUG_API void snug_dependence_clear(snug_dependence *result);

#ifdef __cplusplus
}
#endif
#endif
