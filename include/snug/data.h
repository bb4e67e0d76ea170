/* Datasets: rows of features with their targets, from tables, image files or memory. */
#ifndef SNUG_DATA_H
#define SNUG_DATA_H

#include <stdbool.h>
#include <stdint.h>

#include <snug/kind.h> /* IWYU pragma: export */

#ifdef __cplusplus
extern "C" {
#endif

/*
 * An immutable table of rows x columns, contiguous, float32 or bytes, with the rows' targets: class
 * indices or values. It may be shared by threads and by any number of models.
 */
typedef struct snug_dataset snug_dataset;

/* What the target column holds. */
typedef enum snug_task {
    /*
     * Classes where the target holds strings, or only whole numbers of which there are at most 20
     * and fewer than half the rows; values otherwise.
     */
    SNUG_TASK_AUTO = 0,
    /*
     * Classes, named by the strings of the column in order: numbers by size, strings by strcmp().
     * Equal numbers, such as 1, 1.0 and +1, are one class, named by the shortest spelling.
     */
    SNUG_TASK_CLASSIFICATION,
    SNUG_TASK_REGRESSION, /* values: numbers */
    SNUG_TASK_NONE        /* there is no target: every column is a feature */
} snug_task;

/*
 * What a missing value of a feature does; which cells are missing values: see .missing_values
 * below. Training rows count here where they weigh more than 0. A missing category that would be
 * one of several features (SNUG_CATEGORIES_ONE_HOT) is 0 in each of them, before they are scaled,
 * unless it is refused. One warning for each file tells how many values are missing, and where,
 * and one for each column that NA or ? were taken for missing values; the median and
 * .missing_indicator, which are chosen and not assumed, need none.
 */
typedef enum snug_missing {
    SNUG_MISSING_MEAN = 0, /* the mean of the column's training rows takes its place */
    SNUG_MISSING_MEDIAN,   /* their median takes its place */
    SNUG_MISSING_ERROR     /* refused, with line and column */
} snug_missing;

/* What a column of texts becomes. */
typedef enum snug_categories {
    SNUG_CATEGORIES_ONE_HOT = 0, /* a feature 0 or 1 a category, named "column=category" */
    /* one feature: the number of the category from 0; numbers by size, then strings by strcmp() */
    SNUG_CATEGORIES_INTEGER,
    /*
     * as INTEGER in columns of more than .embedding_above categories, for the layer
     * category_embedding: no scaling changes the number, and that of a missing or unknown category
     * is the number of categories. Other columns as ONE_HOT. A program that predicts rows of its
     * own gives the number, or NaN for missing
     */
    SNUG_CATEGORIES_EMBEDDING
} snug_categories;

/* How numbers are written in a table of text. */
typedef enum snug_numbers {
    SNUG_NUMBERS_PLAIN = 0, /* 1234.5, or 1.2345e3 */
    /*
     * also with digits in groups of three (1,234.5 1'234.5 "1 234.5"), and with one sign of a
     * currency (dollar, euro, pound, yen) or % before or after the number. The sign is left out:
     * 45% is 45. A minus may be U+2212, or be behind the number, and a number in parentheses has
     * one: (5) and 5- are -5
     */
    SNUG_NUMBERS_FORMATTED
} snug_numbers;

/*
 * What a category does that the rows which the model was trained on do not have, in a table that is
 * read with .like, such as one with rows to predict.
 */
typedef enum snug_unknown_category {
    SNUG_UNKNOWN_MISSING = 0, /* it counts as missing, with one warning for each file */
    SNUG_UNKNOWN_ERROR        /* refused, with line and column */
} snug_unknown_category;

/*
 * How features are brought to one scale, by the training rows that weigh more than 0:
 * x' = (x - a) / b. Where b would be 0, as in a constant column, it is 1.
 *
 * With ROBUST_CLIP, x' = z / sqrt(1 + (z / 3)^2), which is between -3 and 3, for z = (x - a) / b;
 * where the quartiles are equal, b is half the largest minus the least value, and a constant column
 * gives 0 whatever x is (Holzmueller, Grinsztajn and Steinwart 2024, "Better by default: strong
 * pre-tuned MLPs and boosted trees on tabular data"). With STANDARD_CLIP z is by mean and standard
 * deviation, the 3 is a 5, and a constant column gives 0, too.
 */
typedef enum snug_scaling {
    SNUG_SCALING_STANDARD = 0, /* a is the mean, b the standard deviation (of the population) */
    SNUG_SCALING_NONE,         /* x' = x */
    SNUG_SCALING_MIN_MAX,      /* a is the least value, b the largest minus the least */
    SNUG_SCALING_ROBUST,       /* a is the median, b the upper minus the lower quartile */
    SNUG_SCALING_ROBUST_CLIP,  /* as ROBUST, and clipped smoothly to -3 to 3 */
    SNUG_SCALING_STANDARD_CLIP /* as STANDARD, and clipped smoothly to -5 to 5 */
} snug_scaling;

/* How targets that are values are brought to one scale for training: see <snug/loss.h>. */
typedef enum snug_target_scaling {
    SNUG_TARGET_SCALING_STANDARD = 0, /* (t - mean) / standard deviation, of each output */
    SNUG_TARGET_SCALING_NONE          /* t */
} snug_target_scaling;

typedef struct snug_preprocessing snug_preprocessing;

typedef struct snug_csv_options {
    /* name of the target column, or its number from 1 with .no_header; NULL: the last */
    const char *target;
    const char *const *targets; /* ended by NULL: several target columns, which hold values, in this
                                   order; instead of .target. NULL: one */
    const char *weights;        /* name of a column of row weights, each at least 0; NULL: none */
    /*
     * name of a column that holds the part of each row: 0 training, 1 validation, 2 test; see
     * snug_dataset_part(). NULL: none
     */
    const char *split;
    /*
     * name of a column whose equal values snug_dataset_split() and folds keep together, such as the
     * person that several rows are of; it is neither a feature nor a target. NULL: none
     */
    const char *group;
    const char *const *columns; /* ended by NULL: the features; NULL: all that is nothing else */
    const char *const *ignore;  /* ended by NULL: columns that are left alone; NULL: none */
    /*
     * ended by NULL: columns that hold categories also where these are numbers, such as codes.
     * NULL: only columns that hold a string are categorical
     */
    const char *const *categorical;
    /*
     * ended by NULL: the strings that mean a missing value, in place of the usual ones: {"-200"}. A
     * number means every spelling of it, such as -200.0. They count in every feature and in targets
     * that are values. NULL: NA, N/A, NaN, null, None, #N/A, <NA>, ? and -, in capitals or not,
     * which count only in features that otherwise hold numbers: other columns keep them as
     * categories. An empty cell, and one of blanks, is always missing.
     */
    const char *const *missing_values;
    snug_task task;
    /*
     * the encoding of a file without a byte order mark, which decides otherwise: "utf-8",
     * "windows-1252" (also called "latin-1" and "iso-8859-1"), "utf-16le" or "utf-16be"; NULL:
     * "utf-8", or that of .like where the bytes are not UTF-8
     */
    const char *encoding;
    /* 0: ',', or that of .like if the file's first line has it; ' ' means any number of blanks */
    char delimiter;
    char decimal;   /* the decimal mark, '.' or ','; 0: '.', or that of .like */
    bool no_header; /* the first line holds values; columns are called column1, column2 ... */
    /*
     * how numbers are written. A column of plain strings that are all numbers in another format is
     * refused, with a message that names the option. In JSON lines it concerns strings; libsvm has
     * plain numbers only
     */
    snug_numbers number_format;
    snug_missing missing;
    /*
     * whether each column that has missing values in the table makes one more feature behind its
     * own, 1 where the value is missing and 0 elsewhere, called "column=missing" (and longer,
     * "column=missing=missing", where a category is called "missing"). A model keeps which columns
     * have one; in other tables an unknown category is 1 there too
     */
    bool missing_indicator;
    snug_categories categories;
    size_t embedding_above;                 /* see SNUG_CATEGORIES_EMBEDDING; 0: 8 */
    snug_unknown_category unknown_category; /* the model keeps it; see .like */
    bool strict; /* each warning is an error; see snug_dataset_warning() */
    /*
     * Read as this preprocessing says (a model's: see snug_model_preprocessing): the same columns
     * by name in any order, the same categories and classes. A table without the target column is
     * then no error: it has no targets. With .task SNUG_TASK_NONE, for rows to be predicted, the
     * columns of targets and weights are ignored, whatever they hold. Of the other options only
     * .encoding, .delimiter, .decimal, .no_header, .number_format and .strict count. With
     * .no_header the features are in the order of that table: they are alone, or with the targets
     * where they were in it, or, if it had no header either, with all its columns; it is then
     * assumed, unless the first name is one as column1. snug_dataset_read_for() reads for a model.
     * Where a table was read without .like, snug_evaluate() and snug_fit() match it by names.
     */
    const snug_preprocessing *like;
} snug_csv_options;

/*
 * Returns a new dataset, which the caller owns, from a table as RFC 4180 says: fields may be
 * quoted, lines end in LF or CRLF, in the encoding that a byte order mark or else .encoding names;
 * names, categories and classes that are not in it are refused, with line and column. A column that
 * holds a string in any row is categorical, unless at most one of ten values is a string (one of
 * twenty, where there are at most 20 different values) in a column of at least 20 values: that is
 * an error, which shows the strings and what would read them. A column without a name in the header
 * is called column7, by its number from 1, with a warning; where it is empty in every row it is
 * left out. A row in which a target is missing is left out, with one warning for each file; for
 * rows to be predicted see .like. Blanks around names and cells are no part of them, quoted or not,
 * here and in JSON lines; a name in the options is that of a column also where only such blanks
 * differ. NULL options: all defaults. NULL on failure: "iris.csv:7: has 4 fields where the header
 * has 5".
 */
SNUG_API snug_dataset *snug_dataset_read_csv(const char *path, const snug_csv_options *options);

/*
 * Returns a new dataset, which the caller owns, from JSON lines: each line is an object, whose keys
 * are columns in the order in which they first appear in the file; blank lines are skipped. A key
 * that an object lacks, null, and a string that CSV takes for a missing value are missing; nested
 * values and repeated keys are refused. A string is a string even where it looks like a number, so
 * that a column with one is categorical; a number has the name that it is written with. The options
 * are those of CSV but for .delimiter and .no_header. With .like an object may lack any feature;
 * the features of a model that was trained on arrays are called x1, x2 ..., its classes y. NULL on
 * failure, as above.
 */
SNUG_API snug_dataset *snug_dataset_read_jsonl(const char *path, const snug_csv_options *options);

/*
 * Returns a new dataset, which the caller owns, from the format of libsvm: each line is "label
 * index:value index:value ...", where values that are left out are 0. A '#' begins a comment; blank
 * lines are skipped. Indices count from 1, or from 0 where the file has an index 0, up to 1048576,
 * in any order; qid is refused. The columns are called x1, x2 ... (or x0, x1 ...) and "label", the
 * target unless the options name another. Labels 1, +1 and 1.0 are one class. Where lines have
 * several labels, separated by commas, or none, each different label is a target of its own,
 * "label=3": 1 in rows that have the label, and 0 in all others. The options are those of CSV but
 * for .delimiter and .no_header. With .like the width is that of the model: larger indices are
 * ignored, with one warning (see snug_set_log()). Columns of a model that was trained on another
 * format are taken in their order. NULL on failure, as above.
 */
SNUG_API snug_dataset *snug_dataset_read_libsvm(const char *path, const snug_csv_options *options);

/* The part that a row belongs to, by the number in the column that .split names. */
typedef enum snug_part {
    SNUG_PART_TRAINING = 0,
    SNUG_PART_VALIDATION = 1,
    SNUG_PART_TEST = 2
} snug_part;

/*
 * Returns a new dataset, which the caller owns: the rows of a part of a table that was read with
 * .split. It shares the table's storage and may outlive it. NULL where the table has no rows of the
 * part: "there are no rows of part 1".
 */
SNUG_API snug_dataset *snug_dataset_part(const snug_dataset *all, snug_part part);

/* How snug_dataset_read() reads files. */
typedef struct snug_data_options {
    const char *format;  /* a name of snug_data_format_name(); NULL: the file decides */
    const char *targets; /* the second file of formats that have one; NULL: no targets */
    /*
     * .task and .like count for every format; .delimiter and .no_header fail where the format has
     * no such thing; all others count for formats whose columns have names.
     */
    snug_csv_options table;
} snug_data_options;

/*
 * Returns a new dataset, which the caller owns, from a file in any format. Without .format the end
 * of its name decides (".csv", ".npy.gz"), and where that is of no format its content. The file may
 * be compressed by gzip or zstd, whatever its name. "-" is standard input, which like a pipe is
 * read into memory, at most 1 GiB of it. NULL options: all defaults. NULL on failure.
 */
SNUG_API snug_dataset *snug_dataset_read(const char *path, const snug_data_options *options);

/* Returns the name of format number `index`, such as "csv", and its summary; NULL past the last. */
SNUG_API const char *snug_data_format_name(size_t index);
SNUG_API const char *snug_data_format_summary(size_t index);

/* Whether .delimiter and .no_header apply to a format. */
SNUG_API bool snug_data_format_delimited(const char *format);

/*
 * Returns what the file number `index`, from 0, of a dataset in a format is called, such as
 * "images" and "labels"; NULL past the last, and where one file holds features and targets.
 */
SNUG_API const char *snug_data_format_file(const char *format, size_t index);

/*
 * Returns the name of the format that snug_dataset_read() would read a file in; NULL after a
 * failure. Not for pipes, whose bytes can be read only once.
 */
SNUG_API const char *snug_data_format_of(const char *path);

/*
 * Returns a new dataset, which the caller owns, from IDX files, plain or compressed: images
 * (unsigned bytes, rows x any dimensions, kept as bytes, valued 0 to 255) and labels (unsigned
 * bytes, rows); labels NULL: no targets. Classes are named "0", "1" ...
 */
SNUG_API snug_dataset *snug_dataset_read_idx(const char *images, const char *labels);

/*
 * Returns a new dataset, which the caller owns, from IDX files whose labels are what `task` needs:
 * classes (AUTO and CLASSIFICATION), values, or with NONE not read.
 */
SNUG_API snug_dataset *snug_dataset_read_idx_as(const char *images, const char *labels,
                                                snug_task task);

/*
 * Returns a new dataset, which the caller owns, from arrays that numpy.save() wrote, in C or
 * Fortran order: features of rows x any dimensions, of which the last varies fastest, as
 * x.reshape(rows, -1) makes them (float32, float64, integers or bool as float32; unsigned bytes are
 * kept as bytes) and targets, one or more a row: one integer or bool is a class, all else are
 * values. targets NULL: none. Features with more digits than a float holds are stored relative to
 * an offset, as by snug_dataset_from_arrays_f64(); which ones is seen from at most 4096 rows in
 * blocks over the whole file.
 *
 * Features of more than 1 GiB in memory stay in their file, here and with IDX that is not
 * compressed: it stays open, rows are read where they are gathered, and only then it is told that a
 * value is not finite or that the file became shorter, by the call that needed the row: snug_fit(),
 * snug_evaluate(), snug_dataset_row().
 */
SNUG_API snug_dataset *snug_dataset_read_npy(const char *features, const char *targets);

/*
 * Returns a new dataset, which the caller owns, from NPY files whose targets are what `task` needs,
 * whatever their type: with CLASSIFICATION one whole number of at least 0 a row, such as 0.0 and
 * 1.0; with REGRESSION values; with NONE they are not read. AUTO goes by their type, as
 * snug_dataset_read_npy() does.
 */
SNUG_API snug_dataset *snug_dataset_read_npy_as(const char *features, const char *targets,
                                                snug_task task);

/*
 * Returns a new dataset, which the caller owns. Borrows arrays, which must outlive the dataset:
 * x[rows][columns] and classes[rows], each at least 0; their number is the largest + 1. classes
 * NULL: no targets.
 */
SNUG_API snug_dataset *snug_dataset_from_arrays(const float *x, size_t rows, size_t columns,
                                                const int32_t *classes);

/*
 * Returns a new dataset, which the caller owns. Borrows x[rows][columns] and y[rows][outputs],
 * finite features and target values, which must outlive the dataset. NULL on failure.
 */
SNUG_API snug_dataset *snug_dataset_from_values(const float *x, size_t rows, size_t columns,
                                                const float *y, size_t outputs);

/*
 * Return new datasets of doubles, which the caller owns, as snug_dataset_from_arrays() and
 * snug_dataset_from_values() do of floats, but copy the arrays, which need not outlive them. The
 * features become floats. Where a float would lose digits that matter in the range of a feature, as
 * of seconds since 1970, its difference from an offset does, a constant that the dataset keeps and
 * that training gives to the model. Targets have no offset: a warning (snug_dataset_warning())
 * tells where they lose digits. NULL on failure.
 */
SNUG_API snug_dataset *snug_dataset_from_arrays_f64(const double *x, size_t rows, size_t columns,
                                                    const int32_t *classes);
SNUG_API snug_dataset *snug_dataset_from_values_f64(const double *x, size_t rows, size_t columns,
                                                    const double *y, size_t outputs);

/*
 * Returns a new dataset, which the caller owns. Borrows bytes x[rows][columns], such as images,
 * whose features have the values 0 to 255, and classes[rows] as snug_dataset_from_arrays() does.
 * NULL on failure.
 */
SNUG_API snug_dataset *snug_dataset_from_bytes(const uint8_t *x, size_t rows, size_t columns,
                                               const int32_t *classes);

/*
 * Weighs the rows of a whole dataset, weights[rows] in its order, finite, at least 0 and not all 0:
 * a row of weight 2 counts in loss, gradients and metrics as if it were there twice, one of weight
 * 0 not at all. They are copied; NULL: each row weighs 1 again. Before rows are split off or
 * selected, which keep their weights.
 */
SNUG_API snug_status snug_dataset_set_weights(snug_dataset *data, const float *weights);

/*
 * Groups the rows of a whole dataset: those with equal numbers in groups[rows] stay together where
 * rows are split off or divided into folds. They are copied; NULL: none. Before rows are split off
 * or selected, which keep their groups.
 */
SNUG_API snug_status snug_dataset_set_groups(snug_dataset *data, const uint32_t *groups);

/*
 * Gives the caller two new datasets, both to be freed: splits off a share in (0, 1) of the rows, at
 * random by `seed`; where the targets are classes, each class gives its share (stratified), rounded
 * so that the total is round(share * rows). A class keeps at least one row in `rest`, one that
 * weighs more than 0 if it has any, unless there are too few other rows. Where the rows have groups
 * each is in one part as a whole, chosen so that both parts have about their shares. The two parts
 * share the parent's storage, keep its order, and may outlive it. On failure both are NULL.
 */
SNUG_API snug_status snug_dataset_split(const snug_dataset *all, double share, uint64_t seed,
                                        snug_dataset **rest, snug_dataset **part);

/*
 * Returns a new dataset, which the caller owns, of the given rows of another, sharing its storage;
 * each row number is below its rows. NULL on failure.
 */
SNUG_API snug_dataset *snug_dataset_select(const snug_dataset *all, const size_t *rows,
                                           size_t count);

/* Frees a dataset; the storage that it shares lives as long as its other datasets. Takes NULL. */
SNUG_API void snug_dataset_free(snug_dataset *data);

SNUG_API size_t snug_dataset_row_count(const snug_dataset *data);
SNUG_API size_t snug_dataset_column_count(const snug_dataset *data); /* features */
SNUG_API size_t
snug_dataset_class_count(const snug_dataset *data); /* 0 when the targets are values or none */
SNUG_API size_t
snug_dataset_output_count(const snug_dataset *data); /* values a row; 0 for classes or none */
SNUG_API const char *snug_dataset_class_name(const snug_dataset *data,
                                             size_t index); /* NULL past the last */
SNUG_API const char *snug_dataset_column_name(const snug_dataset *data,
                                              size_t index); /* of a feature */
SNUG_API const char *snug_dataset_target_name(
    const snug_dataset *data, size_t index); /* of a value, or of the class column */

/*
 * Row `row` as features before standardization (a missing value is NaN): columns floats. Fails
 * where there is no such row, and where the features stayed in their file and it cannot be read.
 */
SNUG_API snug_status snug_dataset_row(const snug_dataset *data, size_t row, float *features);

/*
 * Sets `features` to row `row` as snug_dataset_row() does, in double: a column whose digits a float
 * would lose, such as seconds since 1970, keeps them. For snug_predict_f64().
 */
SNUG_API snug_status snug_dataset_row_f64(const snug_dataset *data, size_t row, double *features);

/*
 * Returns the number, from 1, of a row in the file that the data was read from, so that it can be
 * joined with the file: all rows count, also those that were left out because a target is missing,
 * but no header and no blank lines. Rows that were split off or selected keep their numbers. In
 * data of arrays, in memory or in files, it is the index + 1 in the whole dataset. 0 where there is
 * no such row.
 */
SNUG_API size_t snug_dataset_row_number(const snug_dataset *data, size_t row);

/* The class of a row, or -1; the values of a row, or NULL. */
SNUG_API int32_t snug_dataset_class(const snug_dataset *data, size_t row);
SNUG_API const float *snug_dataset_values(const snug_dataset *data, size_t row);

/*
 * Returns warning number `index`, from 0, about what was assumed while the file was read, such as
 * "t.csv:7: column "age": 3 cells hold "n/a" ...", as the log got it; NULL past the last. It
 * belongs to the data, and those that share its rows have the same.
 */
SNUG_API const char *snug_dataset_warning(const snug_dataset *data, size_t index);

/* Whether rows have weights; the weight of a row: 1 where they have none. */
SNUG_API bool snug_dataset_weighted(const snug_dataset *data);
SNUG_API float snug_dataset_weight(const snug_dataset *data, size_t row);

#ifdef __cplusplus
}
#endif
#endif
