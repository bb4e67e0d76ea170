/* A table to an experiment: opens the file, finds out how it is written, and makes a draft. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "data/scaler.h"
#include "experiment/experiment.h"
#include "files/text_encoding.h"
#include "formats/data_files.h"
#include "json/json.h"
#include "recipes/columns.h"
#include "recipes/dialect.h"
#include "recipes/expand.h"
#include "recipes/notes.h"
#include "recipes/rows.h"
#include "recipes/target.h"

/* ---- rows ------------------------------------------------------------------------------------ */

/* A message that says how many rows it takes at least names at most so many more. */
enum { MOST_MORE = 1000 };

/* How many rows each part gets. */
typedef struct parts {
    size_t test, validation, training;
} parts;

/* Divides rows by the shares of test and validation, as training does. */
static parts divide(size_t rows, double test, double validation) {
    size_t for_test = (size_t)round(test * (double)rows), rest = rows - for_test;
    size_t for_validation = (size_t)round(validation / (1 - test) * (double)rest);
    return (parts){for_test, for_validation, rest - for_validation};
}

static bool are_too_few(size_t rows, double test, double validation) {
    parts of = divide(rows, test, validation);
    return of.training == 0 || (test > 0 && of.test == 0) || (validation > 0 && of.validation == 0);
}

/* Checks that each part of so many rows with a target has at least one of them. */
static snug_status check_rows(const snug_draft *draft, size_t rows) {
    double test = draft->options->test, validation = snug_recipe_validation(draft->recipe);
    size_t needed = rows;
    if (test + validation >= 1) {
        return SNUG_OK; /* whose error is that of the experiment */
    }
    while (needed < rows + MOST_MORE && are_too_few(needed, test, validation)) {
        needed++;
    }
    if (needed == rows) {
        return SNUG_OK;
    }
    char others[64] = "";
    if (test > 0) {
        snprintf(others, sizeof others, ", and %g for the test,", test);
    }
    return snug_fail(SNUG_ERROR_DATA,
                     "%s: has %zu row%s with a target: to leave %g of them for validation%s takes "
                     "at least %zu",
                     draft->path, rows, rows == 1 ? "" : "s", validation, others, needed);
}

/* ---- tables ---------------------------------------------------------------------------------- */

/* Finds out how the file is written, as far as the options do not say it. */
static snug_status find_dialect(snug_draft *draft, const snug_byte_source *source) {
    const snug_suggest_options *options = draft->options;
    snug_suggestion *seen = draft->seen;
    snug_dialect dialect = {.encoding = options->encoding,
                            .delimiter = options->delimiter,
                            .decimal = options->decimal};
    snug_status status = SNUG_OK;
    if (dialect.encoding == NULL) {
        status = snug_text_encoding_detect(source, "windows-1252", &dialect.encoding);
    } else {
        const snug_text_encoding *encoding = snug_text_encoding_find(dialect.encoding);
        status = encoding != NULL ? SNUG_OK : SNUG_ERROR_CONFIG;
        dialect.encoding = encoding != NULL ? encoding->name : NULL;
    }
    if (status == SNUG_OK && draft->format->settings & SNUG_DATA_DELIMITED) {
        status = snug_dialect_detect(source, options->header, &dialect);
        seen->header = dialect.header;
        seen->delimiter = dialect.delimiter;
    }
    seen->encoding = dialect.encoding;
    seen->decimal = dialect.decimal;
    draft->dialect = dialect;
    return status;
}

/* Profiles the table, once more where its numbers are formatted. */
static snug_status profile(snug_draft *draft, const snug_byte_source *source) {
    const snug_suggestion *seen = draft->seen;
    snug_csv_options table = {.encoding = seen->encoding,
                              .delimiter = seen->delimiter,
                              .decimal = seen->decimal,
                              .no_header = seen->delimiter != 0 && !seen->header,
                              .missing_values = draft->options->missing_values};
    snug_status status = snug_profile_open(&draft->profile, draft->format, source, &table);
    for (size_t i = 0; status == SNUG_OK && i < draft->profile.table.column_count; i++) {
        draft->formatted = draft->formatted || snug_column_is_formatted(&draft->profile.columns[i]);
    }
    if (!draft->formatted) {
        return status;
    }
    snug_profile_close(&draft->profile);
    table.number_format = SNUG_NUMBERS_FORMATTED;
    return snug_profile_open(&draft->profile, draft->format, source, &table);
}

static snug_status see_table(snug_draft *draft, const snug_byte_source *source) {
    snug_status status = find_dialect(draft, source);
    if (status == SNUG_OK) {
        status = profile(draft, source);
    }
    if (status == SNUG_OK && draft->profile.rows == 1) {
        status = check_rows(draft, 1);
    }
    if (status == SNUG_OK) {
        status = snug_draft_choose_targets(draft);
    }
    if (status == SNUG_OK) {
        status = snug_draft_choose_columns(draft);
    }
    if (status == SNUG_OK) {
        status = snug_draft_count_rows(draft);
    }
    if (status == SNUG_OK) {
        status = check_rows(draft, draft->seen->rows);
    }
    return status == SNUG_OK ? snug_draft_add_notes(draft) : status;
}

/* ---- arrays ---------------------------------------------------------------------------------- */

static snug_status count_classes(snug_suggestion *seen, const snug_dataset *data) {
    size_t count = snug_dataset_class_count(data);
    seen->classes = snug_alloc(count, sizeof *seen->classes);
    snug_status status = seen->classes != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
    for (size_t i = 0; i < count && status == SNUG_OK; i++) {
        status = snug_draft_set(&seen->classes[i].name, snug_dataset_class_name(data, i));
        seen->class_count += status == SNUG_OK;
    }
    for (size_t i = 0; i < seen->rows && status == SNUG_OK; i++) {
        seen->classes[snug_dataset_class(data, i)].rows++;
    }
    return status;
}

static snug_status see_dataset(snug_draft *draft, const snug_dataset *data) {
    snug_suggestion *seen = draft->seen;
    seen->rows = snug_dataset_row_count(data);
    seen->features = snug_dataset_column_count(data);
    draft->outputs = snug_dataset_output_count(data);
    seen->task = draft->outputs > 0 ? SNUG_TASK_REGRESSION : SNUG_TASK_CLASSIFICATION;
    snug_status status = snug_draft_set(&seen->task_reason, draft->options->task != SNUG_TASK_AUTO
                                                                ? "it was asked for"
                                                                : "by the type of the numbers");
    if (status == SNUG_OK) {
        status = check_rows(draft, seen->rows);
    }
    return status == SNUG_OK && draft->outputs == 0 ? count_classes(seen, data) : status;
}

/* Arrays without names: nothing is to be decided about columns. */
static snug_status see_arrays(snug_draft *draft) {
    const snug_suggest_options *options = draft->options;
    if (options->targets == NULL) {
        return snug_fail(SNUG_ERROR_ARGUMENT, "%s: is in %s format: its %s are needed too",
                         draft->path, draft->format->title, draft->format->files[1].name);
    }
    snug_dataset *data =
        snug_dataset_read(draft->path, &(snug_data_options){.format = draft->format->name,
                                                            .targets = options->targets,
                                                            .table = {.task = options->task}});
    snug_status status = data != NULL ? see_dataset(draft, data) : snug_error_status();
    snug_dataset_free(data);
    return status;
}

/* ---- all ------------------------------------------------------------------------------------- */

/* Fails for a number that is no value of its enumeration. */
static snug_status check_choices(const snug_suggest_options *o) {
    if ((unsigned)o->header > SNUG_HEADER_NONE) {
        return snug_fail(SNUG_ERROR_ARGUMENT, ".header: must be a value of snug_header (got %d)",
                         (int)o->header);
    }
    if ((unsigned)o->task > SNUG_TASK_NONE) {
        return snug_fail(SNUG_ERROR_ARGUMENT, ".task: must be a value of snug_task (got %d)",
                         (int)o->task);
    }
    return SNUG_OK;
}

/* Fails for an option that does not apply to the format. */
static snug_status check_options(const snug_draft *draft) {
    const snug_suggest_options *o = draft->options;
    bool table = draft->format->settings & SNUG_DATA_TABLE;
    const char *delimited = o->delimiter != 0 ? "delimiter" : o->header != 0 ? "header" : NULL;
    const char *named = o->target != NULL           ? "target"
                        : o->ignore != NULL         ? "ignore"
                        : o->keep != NULL           ? "keep"
                        : o->missing_values != NULL ? "missing_values"
                        : o->encoding != NULL       ? "encoding"
                        : o->decimal != 0           ? "decimal"
                                                    : NULL;
    const char *wrong = delimited != NULL && !(draft->format->settings & SNUG_DATA_DELIMITED)
                            ? delimited
                        : !table ? named
                                 : NULL;
    if (wrong != NULL) {
        return snug_fail(SNUG_ERROR_ARGUMENT, "%s: .%s does not apply to %s format", draft->path,
                         wrong, draft->format->title);
    }
    if (table && o->targets != NULL) {
        return snug_fail(SNUG_ERROR_ARGUMENT, "%s: is in %s format, which has no second file: %s",
                         draft->path, draft->format->title, o->targets);
    }
    if (check_choices(o) != SNUG_OK) {
        return snug_error_status();
    }
    if (o->seed > (uint64_t)SNUG_JSON_LARGEST_WHOLE) {
        return snug_fail(SNUG_ERROR_ARGUMENT, ".seed: must be at most 2^53");
    }
    return o->test >= 0 && o->test < 1
               ? SNUG_OK
               : snug_fail(SNUG_ERROR_ARGUMENT, ".test: must be a share from 0 to below 1 (got %g)",
                           o->test);
}

/* Returns whether a feature of numbers has missing values, which training replaces. */
static bool lacks_numbers(const snug_suggestion *seen) {
    bool lacks = false;
    for (size_t i = 0; i < seen->column_count; i++) {
        const snug_suggested_column *column = &seen->columns[i];
        lacks = lacks || (column->use == SNUG_USE_NUMBERS && column->missing > 0);
    }
    return lacks;
}

/* Tells what the experiment holds. */
static void see_experiment(const snug_draft *draft, const snug_experiment *experiment) {
    snug_suggestion *seen = draft->seen;
    const snug_recipe *recipe = draft->recipe;
    const char *summary =
        seen->task == SNUG_TASK_CLASSIFICATION ? recipe->classes_summary : recipe->values_summary;
    const snug_data_settings *data = &experiment->data;
    seen->recipe_summary = summary != NULL ? summary : recipe->summary;
    seen->formatted = draft->formatted;
    seen->missing = lacks_numbers(seen) ? snug_missing_names[data->csv.missing] : NULL;
    seen->scaling = snug_scaling_names[data->scaling];
    seen->epochs = experiment->train.fit.epochs;
    seen->validation = data->validation.fraction;
    parts of = divide(seen->rows, data->test.fraction, seen->validation);
    seen->test_rows = of.test;
    seen->validation_rows = of.validation;
}

/* Sees the data of an open file and makes the experiment. */
static snug_experiment *see(snug_draft *draft, const snug_byte_source *source) {
    snug_status status = check_options(draft);
    if (status == SNUG_OK) {
        draft->seen->format = draft->format->name;
        draft->seen->recipe = draft->recipe->version;
        status = draft->format->records != NULL ? see_table(draft, source) : see_arrays(draft);
    }
    snug_experiment *experiment = status == SNUG_OK ? snug_draft_expand(draft) : NULL;
    if (experiment != NULL) {
        see_experiment(draft, experiment);
    }
    return experiment;
}

static snug_experiment *open_and_see(snug_draft *draft) {
    const char *name = draft->options->format;
    const snug_data_format *format = name != NULL ? snug_data_format_find(name) : NULL;
    if (name != NULL && format == NULL) {
        return NULL;
    }
    if (snug_is_standard_input(draft->path)) {
        snug_fail(SNUG_ERROR_ARGUMENT,
                  "%s: standard input can be read once, and the experiment reads it again: save it "
                  "as a file first",
                  draft->path);
        return NULL;
    }
    snug_data_files files;
    snug_experiment *experiment = NULL;
    if (snug_data_files_open(&files, draft->path, NULL, format) == SNUG_OK) {
        draft->format = files.format;
        experiment = see(draft, &files.sources[0]);
    }
    snug_profile_close(&draft->profile);
    snug_data_files_close(&files);
    return experiment;
}

snug_experiment *snug_experiment_suggest(const char *path, const snug_suggest_options *options,
                                         snug_suggestion **seen) {
    static const snug_suggest_options defaults = {0};
    snug_draft draft = {.path = path, .options = options != NULL ? options : &defaults};
    snug_experiment *experiment = NULL;
    if (seen != NULL) {
        *seen = NULL;
    }
    if (path == NULL) {
        snug_fail_null("the path of the data");
        return NULL;
    }
    draft.recipe =
        draft.options->recipe != NULL ? snug_recipe_find(draft.options->recipe) : snug_recipe_at(0);
    draft.seen = draft.recipe != NULL ? snug_alloc(1, sizeof *draft.seen) : NULL;
    if (draft.seen != NULL) {
        experiment = open_and_see(&draft);
    }
    snug_release(draft.targets);
    snug_string_set_clear(&draft.missing_values);
    if (experiment != NULL && seen != NULL) {
        *seen = draft.seen;
    } else {
        snug_suggestion_free(draft.seen);
    }
    return experiment;
}
