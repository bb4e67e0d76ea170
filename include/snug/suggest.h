/*
 * Suggesting an experiment: what is seen of a table, and the experiment that a recipe makes of it.
 * A table to a fitted model:
 *
 *     snug_experiment *e = snug_experiment_suggest("titanic.csv", &options, NULL);
 *     status = snug_experiment_load(e, &model, &train, &validation, &test);
 *     status = snug_experiment_options(e, &fit);
 *     fit.validation_data = validation;
 *     status = snug_fit(model, train, &fit, NULL);
 */
#ifndef SNUG_SUGGEST_H
#define SNUG_SUGGEST_H

#include <snug/experiment.h>
#include <snug/strings.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Whether the first line of a file of delimited fields names the columns. */
typedef enum snug_header {
    SNUG_HEADER_AUTO = 0, /* the file decides */
    SNUG_HEADER_NAMES,    /* it does */
    SNUG_HEADER_NONE      /* it holds values */
} snug_header;

/* What is known of the data. All zero: everything is found out. */
typedef struct snug_suggest_options {
    const char *recipe;  /* a name of snug_recipe_name(); NULL: "tabular" */
    const char *format;  /* a name of snug_data_format_name(); NULL: the file decides */
    const char *targets; /* the second file of formats that have one; NULL: none */
    /* names of the target columns, ended by NULL; NULL: the last with a name and values */
    const char *const *target;
    const char *const *ignore; /* columns that are not used, ended by NULL, besides those found */
    const char *const *keep;   /* columns that are used whatever they look like, ended by NULL */
    /* the strings that mean a missing value, as of snug_csv_options; NULL: the usual ones */
    const char *const *missing_values;
    const char
        *encoding;  /* NULL: a byte order mark, otherwise UTF-8 or Windows-1252 by the bytes */
    char delimiter; /* 0: of , ; | tab and blank the one that gives lines of equal length */
    char decimal;   /* '.' or ','; 0: as most numbers are written */
    snug_header header;
    snug_task task;         /* AUTO: by the target's values and its name */
    double test;            /* share of the rows that is left for the test; 0: none */
    uint64_t seed;          /* of the experiment */
    const char *experiment; /* path of the file that the experiment will be written to, which paths
                                in it are relative to; NULL: the current directory */
} snug_suggest_options;

/* What becomes of a column. */
typedef enum snug_column_use {
    SNUG_USE_NUMBERS = 0, /* a feature */
    SNUG_USE_CATEGORIES,  /* features, by the recipe */
    SNUG_USE_TARGET,
    SNUG_USE_IGNORED
} snug_column_use;

/* One column of the table, as it is suggested to be used. */
typedef struct snug_suggested_column {
    const char *name;
    const char *reason; /* why it is ignored, "a different one in each row"; NULL: not ignored */
    snug_column_use use;
    size_t missing;  /* rows in which its value is missing */
    size_t distinct; /* its different values; of very many at least so many */
} snug_suggested_column;

/* A class, and how many rows it has. */
typedef struct snug_suggested_class {
    const char *name;
    size_t rows;
} snug_suggested_class;

/* What was seen and chosen. All pointers belong to it. */
typedef struct snug_suggestion {
    const char *recipe;            /* with its version: "tabular-1" */
    const char *recipe_summary;    /* one line about what the recipe is for this task */
    const char *format;            /* "csv" */
    const char *encoding;          /* "utf-8"; NULL where the format has none */
    char delimiter;                /* 0: the format has none */
    char decimal;                  /* 0: the format has none */
    bool header;                   /* the first line names the columns */
    size_t rows;                   /* that have a target */
    size_t rows_without_target;    /* they are left out */
    size_t duplicates;             /* rows that are the same as one before, also in the target */
    snug_task task;                /* SNUG_TASK_CLASSIFICATION or SNUG_TASK_REGRESSION */
    const char *task_reason;       /* "it holds strings" */
    snug_suggested_class *classes; /* in the order of the dataset's; of values none */
    size_t class_count;
    snug_suggested_column *columns; /* in the order of the file; of arrays without names none */
    size_t column_count;
    size_t features;        /* numbers that the network takes, where categories are one-hot */
    snug_strings notes;     /* what else was assumed or looks wrong, and what would change it */
    bool formatted;         /* numbers are read as 1,234.5 and $5 and 45%, too */
    const char *missing;    /* what a missing number becomes: "median"; NULL: none is missing */
    const char *scaling;    /* of the features: "robust_clip" */
    size_t epochs;          /* of training */
    double validation;      /* share of the rows that are held out for validation; 0: none */
    size_t validation_rows; /* how many these are */
    size_t test_rows;       /* and those of snug_suggest_options.test */
} snug_suggestion;

/*
 * Returns a new experiment, which the caller owns, for the table at `path`, a file in any format:
 * what a recipe makes of the data, complete, with nothing hidden: snug_experiment_config() is its
 * file. *seen, unless `seen` is NULL, becomes what was seen and chosen, to be freed with
 * snug_suggestion_free(); NULL on failure. The file is read two to four times. NULL options: all
 * defaults. NULL on failure.
 */
SNUG_API snug_experiment *snug_experiment_suggest(const char *path,
                                                  const snug_suggest_options *options,
                                                  snug_suggestion **seen);

/* Frees what was seen; takes NULL. */
SNUG_API void snug_suggestion_free(snug_suggestion *seen);

/* Returns the name of recipe number `index`, such as "tabular", the default; NULL past the last. */
SNUG_API const char *snug_recipe_name(size_t index);

/* Returns the name with the version of recipe number `index`, "tabular-1"; NULL past the last. */
SNUG_API const char *snug_recipe_version(size_t index);

/* Returns one line about recipe number `index`; NULL past the last. */
SNUG_API const char *snug_recipe_summary(size_t index);

#ifdef __cplusplus
}
#endif
#endif
