#include <assert.h>

#include "core/status.h"
#include "data/scaler.h"
#include "experiment/data_options.h"
#include "files/text_encoding.h"
#include "kinds/field_macros.h"
#include "schema/table_schema.h"
#include "schema/target_scaler.h"

static const char *const category_names[] = {[SNUG_CATEGORIES_ONE_HOT] = "one_hot",
                                             [SNUG_CATEGORIES_INTEGER] = "integer",
                                             [SNUG_CATEGORIES_EMBEDDING] = "embedding",
                                             NULL};

static const char *const decimal_names[] = {".", ",", NULL};

static_assert(offsetof(snug_data_settings, csv) == 0, "offsets in the options are used");
static_assert(sizeof(snug_missing) == sizeof(int) && sizeof(snug_categories) == sizeof(int) &&
                  sizeof(snug_scaling) == sizeof(int) && sizeof(snug_numbers) == sizeof(int) &&
                  sizeof(snug_target_scaling) == sizeof(int),
              "a CHOICE is stored as an int");
static_assert(sizeof(snug_unknown_category) == sizeof(int), "a CHOICE is stored as an int");

const snug_field snug_data_fields[] = {
    {SNUG_FIELD(snug_data_settings, train, SOURCE,
                "the training rows: a file, or the files of a format that needs several; \"-\": "
                "standard input"),
     .required = true, .file = true},
    {SNUG_FIELD(snug_data_settings, validation, SOURCE,
                "rows to evaluate after each epoch: files, or a share of all rows of train"),
     .file = true, SNUG_ABOVE_BELOW(0, 1)},
    {SNUG_FIELD(snug_data_settings, test, SOURCE,
                "rows to evaluate at the end: files, or a share of all rows of train"),
     .file = true, SNUG_ABOVE_BELOW(0, 1)},
    {SNUG_FIELD(snug_data_settings, format, STRING,
                "the format of the files; null: the name or the content of each decides"),
     .names = snug_data_format_name},
    {.name = "target",
     .help = "the target column of a table, or several of values; none: the last",
     .kind = SNUG_FIELD_STRINGS,
     .offset = offsetof(snug_csv_options, targets),
     .scope = SNUG_SCOPE_TRAIN_TABLE},
    {SNUG_FIELD(snug_csv_options, columns, STRINGS,
                "the columns of a table that are features; none: all that have no other use"),
     .scope = SNUG_SCOPE_TRAIN_TABLE},
    {SNUG_FIELD(snug_csv_options, ignore, STRINGS, "columns of a table that are not used"),
     .scope = SNUG_SCOPE_TRAIN_TABLE},
    {SNUG_FIELD(snug_csv_options, weights, STRING,
                "the column of a table that weighs the rows; null: none"),
     .scope = SNUG_SCOPE_TRAIN_TABLE},
    {SNUG_FIELD(snug_csv_options, split, STRING,
                "the column with the part that a row belongs to: 0 train, 1 validation, 2 test; "
                "null: none"),
     .scope = SNUG_SCOPE_TRAIN_TABLE},
    {SNUG_FIELD(snug_csv_options, group, STRING,
                "the column of a table whose equal values shares and folds keep together; null: "
                "none"),
     .scope = SNUG_SCOPE_TRAIN_TABLE},
    SNUG_BOOL_FIELD(snug_data_settings, standardize, true,
                    "whether features are scaled; false is short for \"scaling\": \"none\""),
    SNUG_CHOICE_FIELD(snug_data_settings, scaling, SNUG_SCALING_STANDARD, snug_scaling_names,
                      "by the training rows: standard: to mean 0 and deviation 1; min_max: to 0 to "
                      "1; robust: by median and quartiles; robust_clip: that, clipped smoothly to "
                      "-3 to 3; standard_clip: standard, clipped smoothly to -5 to 5"),
    SNUG_CHOICE_FIELD(
        snug_data_settings, target_scaling, SNUG_TARGET_SCALING_STANDARD, snug_target_scaling_names,
        "of targets that are values, for losses of differences: standard: trains with "
        "mean 0 and deviation 1, and reports and predicts in the target's units"),
    {SNUG_FIELD(snug_csv_options, encoding, STRING,
                "the encoding of files of text without a byte order mark; null: utf-8"),
     .names = snug_text_encoding_name, .scope = SNUG_SCOPE_TRAIN_TABLE},
    {SNUG_FIELD(snug_csv_options, decimal, CHARACTER,
                "the decimal mark of a table's numbers, which differs from the delimiter"),
     .initial = '.', .choices = decimal_names, .scope = SNUG_SCOPE_TRAIN_TABLE},
    {SNUG_FIELD(snug_csv_options, number_format, CHOICE,
                "how a table writes numbers: plain: 1234.5; formatted: also 1,234.5, $5 and 45%"),
     .choices = snug_number_format_names, .scope = SNUG_SCOPE_TRAIN_TABLE},
    {SNUG_FIELD(snug_csv_options, missing, CHOICE,
                "a missing value becomes the mean or median of the training rows, or is an error"),
     .choices = snug_missing_names, .scope = SNUG_SCOPE_TRAIN_TABLE},
    {SNUG_FIELD(
         snug_csv_options, missing_indicator, BOOL,
         "whether a column with missing values has one more feature: 1 where one is missing"),
     .scope = SNUG_SCOPE_TRAIN_TABLE},
    {SNUG_FIELD(snug_csv_options, missing_values, STRINGS,
                "the strings that mean a missing value, besides an empty cell, such as \"-200\"; "
                "none: NA, n/a, null, None, NaN, #N/A, <NA>, ? and - in columns of numbers"),
     .scope = SNUG_SCOPE_TRAIN_TABLE},
    {SNUG_FIELD(snug_csv_options, categorical, STRINGS,
                "columns of a table that hold categories also where these are numbers, as codes"),
     .scope = SNUG_SCOPE_TRAIN_TABLE},
    {SNUG_FIELD(
         snug_csv_options, categories, CHOICE,
         "a column of strings becomes a feature 0 or 1 a category, or the category's number; "
         "embedding: the number, for the layer category_embedding, where there are many"),
     .choices = category_names, .scope = SNUG_SCOPE_TRAIN_TABLE},
    {SNUG_FIELD(snug_csv_options, embedding_above, SIZE,
                "with \"categories\": \"embedding\", columns of more categories become numbers"),
     .initial = SNUG_EMBEDDING_ABOVE, SNUG_AT_LEAST(1), .scope = SNUG_SCOPE_TRAIN_TABLE},
    {SNUG_FIELD(
         snug_csv_options, unknown_category, CHOICE,
         "a category that the training file does not have counts as missing, or is an error"),
     .choices = snug_unknown_category_names, .scope = SNUG_SCOPE_TRAIN_TABLE},
    SNUG_BOOL_FIELD(snug_csv_options, strict, false,
                    "whether each warning about the data is an error"),
    {SNUG_FIELD(snug_csv_options, delimiter, CHARACTER,
                "one character between the fields of a table; a space: any number of blanks"),
     .initial = ',', .scope = SNUG_SCOPE_ANY_DELIMITED},
    {.name = "header",
     .help = "whether the first line of a table names the columns",
     .kind = SNUG_FIELD_BOOL,
     .offset = offsetof(snug_csv_options, no_header),
     .inverted = true,
     .initial = true,
     .scope = SNUG_SCOPE_ANY_DELIMITED},
    SNUG_FIELDS_END};

bool snug_source_is_set(const snug_source *source) {
    return source->paths[0] != NULL || source->fraction > 0;
}

snug_status snug_data_check_settings(const snug_data_settings *data) {
    if (snug_data_check_scopes(data, NULL) != SNUG_OK) {
        return snug_error_status();
    }
    if (snug_text_encoding_find(data->csv.encoding) == NULL) {
        return snug_fail_in("data.encoding");
    }
    if (!data->standardize && data->scaling > SNUG_SCALING_NONE) {
        return snug_fail(SNUG_ERROR_CONFIG,
                         "data.scaling: is \"%s\" where \"standardize\": false wants none",
                         snug_scaling_names[data->scaling]);
    }
    double shares = data->validation.fraction + data->test.fraction;
    if (shares >= 1.0) {
        return snug_fail(SNUG_ERROR_CONFIG,
                         "data.validation and data.test: together must leave training rows: a sum "
                         "below 1 (got %g)",
                         shares);
    }
    if (data->csv.split != NULL &&
        (snug_source_is_set(&data->validation) || snug_source_is_set(&data->test))) {
        return snug_fail(SNUG_ERROR_CONFIG,
                         "data.split: tells the validation and test rows: \"validation\" and "
                         "\"test\" cannot be given beside it");
    }
    return SNUG_OK;
}
