/* The same table in CSV, JSON lines and the format of libsvm is the same dataset. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/number.h"
#include "data/preprocessing.h"
#include "data/scaler.h"
#include "support/suite.h"
#include "support/tables.h"

enum { MOST = 4096 };

/* ---- the table in other formats -------------------------------------------------------------- */

typedef struct cells {
    char text[MOST];
    size_t columns;
    char *names[16], *fields[16];
} cells;

static size_t split(char *line, char **fields) {
    size_t count = 0;
    for (char *next = line; next != NULL;) {
        char *comma = strchr(next, ',');
        fields[count++] = next;
        if (comma != NULL) {
            *comma++ = 0;
        }
        next = comma;
    }
    return count;
}

/* Calls `write` for each row of a plain CSV table. */
static void write_rows(const char *csv, const char *path,
                       void (*write)(FILE *stream, const cells *row, size_t number)) {
    cells row;
    FILE *stream = fopen(path, "w");
    ck_assert_ptr_nonnull(stream);
    ck_assert_uint_lt(strlen(csv), MOST);
    strcpy(row.text, csv);
    char *next = row.text;
    for (size_t number = 0; *next != 0; number++) {
        char *line = next, *end = strchr(line, '\n');
        *end = 0;
        next = end + 1;
        if (number == 0) {
            row.columns = split(line, row.names);
        } else {
            split(line, row.fields);
            write(stream, &row, number);
        }
    }
    ck_assert_int_eq(fclose(stream), 0);
}

/* A missing value is null, or absent after the first row, which has all keys in their order. */
static void write_object(FILE *stream, const cells *row, size_t number) {
    bool first = true;
    fputs(number % 3 == 0 ? " { " : "{", stream);
    for (size_t i = 0; i < row->columns; i++) {
        snug_cell_kind kind = snug_cell_classify(row->fields[i]);
        const char *quote = kind == SNUG_CELL_NUMBER ? "" : "\"";
        if (kind == SNUG_CELL_MISSING && number % 2 == 0) {
            continue;
        }
        fprintf(stream, "%s\"%s\":%s", first ? "" : ", ", row->names[i], number % 3 ? "" : " ");
        first = false;
        if (kind == SNUG_CELL_MISSING) {
            fputs("null", stream);
        } else {
            fprintf(stream, "%s%s%s", quote, row->fields[i], quote);
        }
    }
    fputs(number % 4 == 0 ? " }\r\n" : "}\n", stream);
}

/* The last column is the label; zeros are left out; every third row has its indices backwards. */
static void write_pairs(FILE *stream, const cells *row, size_t number) {
    size_t last = row->columns - 1;
    fputs(row->fields[last], stream);
    for (size_t i = 0; i < last; i++) {
        size_t column = number % 3 == 0 ? last - 1 - i : i;
        if (strcmp(row->fields[column], "0") != 0) {
            fprintf(stream, " %s:%s", row->names[column] + 1, row->fields[column]);
        }
    }
    fputs(number % 4 == 0 ? "\t # a comment: 1:2\n" : "\n", stream);
}

/* ---- comparing ------------------------------------------------------------------------------- */

static void expect_same_string(const char *a, const char *b) {
    ck_assert_int_eq(a == NULL, b == NULL);
    if (a != NULL) {
        ck_assert_str_eq(a, b);
    }
}

static void expect_same_names(const snug_dataset *a, const snug_dataset *b) {
    for (size_t i = 0; i < snug_dataset_column_count(a); i++) {
        expect_same_string(snug_dataset_column_name(a, i), snug_dataset_column_name(b, i));
    }
    for (size_t i = 0; i <= snug_dataset_class_count(a); i++) {
        expect_same_string(snug_dataset_class_name(a, i), snug_dataset_class_name(b, i));
    }
    for (size_t i = 0; i <= snug_dataset_output_count(a); i++) {
        expect_same_string(snug_dataset_target_name(a, i), snug_dataset_target_name(b, i));
    }
}

static void expect_same_row(const snug_dataset *a, const snug_dataset *b, size_t row) {
    float x[32], y[32];
    size_t columns = snug_dataset_column_count(a), outputs = snug_dataset_output_count(a);
    ck_assert_uint_le(columns, 32);
    snug_dataset_row(a, row, x);
    snug_dataset_row(b, row, y);
    expect_floats(columns, y, x);
    ck_assert_int_eq(snug_dataset_class(a, row), snug_dataset_class(b, row));
    if (outputs > 0) {
        expect_floats(outputs, snug_dataset_values(b, row), snug_dataset_values(a, row));
    }
    ck_assert_float_eq(snug_dataset_weight(a, row), snug_dataset_weight(b, row));
}

static void expect_same(const snug_dataset *a, const snug_dataset *b) {
    ck_assert_msg(a != NULL && b != NULL, "%s", snug_error());
    ck_assert_uint_eq(snug_dataset_row_count(a), snug_dataset_row_count(b));
    ck_assert_uint_eq(snug_dataset_column_count(a), snug_dataset_column_count(b));
    ck_assert_uint_eq(snug_dataset_class_count(a), snug_dataset_class_count(b));
    ck_assert_uint_eq(snug_dataset_output_count(a), snug_dataset_output_count(b));
    ck_assert_int_eq(snug_dataset_weighted(a), snug_dataset_weighted(b));
    expect_same_names(a, b);
    for (size_t i = 0; i < snug_dataset_row_count(a); i++) {
        expect_same_row(a, b, i);
    }
}

static snug_preprocessing *learn(const snug_dataset *data) {
    return snug_preprocessing_new(snug_table_schema_copy(data->storage->table),
                                  snug_scaler_fit(data, SNUG_SCALING_NONE));
}

typedef snug_dataset *read_fn(const char *path, const snug_csv_options *options);

/* Reads two files with the options, and then each of them like the other. */
static void compare_files(const char *path, read_fn *read, const snug_csv_options *options) {
    snug_dataset *csv = snug_dataset_read_csv("t.csv", options);
    ck_assert_msg(csv != NULL, "%s", snug_error());
    snug_dataset *other = read(path, options);
    expect_same(csv, other);
    snug_preprocessing *from_csv = learn(csv), *from_other = learn(other);
    const snug_task tasks[] = {SNUG_TASK_AUTO, SNUG_TASK_NONE};
    for (size_t i = 0; i < 2; i++) {
        snug_csv_options like = {.like = from_csv, .task = tasks[i]};
        snug_dataset *expected = snug_dataset_read_csv("t.csv", &like), *data = read(path, &like);
        expect_same(expected, data);
        snug_dataset_free(data);
        like.like = from_other;
        data = read(path, &like);
        expect_same(expected, data);
        snug_dataset_free(data);
        data = snug_dataset_read_csv("t.csv", &like);
        expect_same(expected, data);
        snug_dataset_free(data);
        snug_dataset_free(expected);
    }
    snug_preprocessing_free(from_csv);
    snug_preprocessing_free(from_other);
    snug_dataset_free(csv);
    snug_dataset_free(other);
}

/* ---- tables ---------------------------------------------------------------------------------- */

static const char mixed[] = "a,colour,b,w,part,n,c,kind\n"
                            "1,red,2.5,1,0,0.1,16777217,7\n"
                            "-3,blue,4e1,2,1,1e-3,0.30000000000000004,7\n"
                            "5,red,-6,0,2,1e22,-0,9\n"
                            "7,green,0.25,1.5,0,123456789.125,8,9\n"
                            "7,green,0.125,1.5,0,3.4e38,8,9\n";

static const char gaps[] = "a,colour,b,kind\n"
                           "1,red,2,u\n"
                           ",blue,,v\n"
                           "3,,4,v\n"
                           "NA,red,?,u\n";

static const char numbers[] = "x1,x2,x3,x4,label\n"
                              "1,0,2.5,0,1\n"
                              "0,0,0,-4e1,-1\n"
                              "0.5,3,0,1,1\n"
                              "0,0,1e-3,0,-1\n"
                              "7,8,9,10,1\n";

static const char regression[] = "x1,x2,label\n"
                                 "0,1.25,0.1\n"
                                 "2,0,16777217\n"
                                 "0.5,3,-1e-3\n";

START_TEST(json_lines_are_as_csv) {
    static const char *const two[] = {"c", "a", NULL}, *const ignored[] = {"part", NULL},
                             *const chosen[] = {"b", "colour", NULL};
    const snug_csv_options options[] = {
        {0},
        {.task = SNUG_TASK_CLASSIFICATION},
        {.task = SNUG_TASK_REGRESSION},
        {.task = SNUG_TASK_NONE},
        {.target = "colour"},
        {.target = "kind", .weights = "w", .split = "part", .ignore = NULL},
        {.targets = two, .weights = "w", .ignore = ignored},
        {.target = "b", .columns = chosen + 1},
        {.categories = SNUG_CATEGORIES_INTEGER},
    };
    write_text("t.csv", mixed);
    write_rows(mixed, "t.jsonl", write_object);
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        compare_files("t.jsonl", snug_dataset_read_jsonl, &options[i]);
    }
    write_text("t.csv", gaps);
    write_rows(gaps, "t.jsonl", write_object);
    compare_files("t.jsonl", snug_dataset_read_jsonl,
                  &(snug_csv_options){.missing = SNUG_MISSING_MEAN});
}
END_TEST

START_TEST(libsvm_is_as_csv) {
    static const char *const ignored[] = {"x2", NULL}, *const chosen[] = {"x4", "x1", NULL};
    static const char *const two[] = {"x3", "label", NULL};
    const snug_csv_options options[] = {
        {0},
        {.task = SNUG_TASK_CLASSIFICATION},
        {.task = SNUG_TASK_REGRESSION},
        {.ignore = ignored},
        {.columns = chosen},
        {.ignore = ignored, .task = SNUG_TASK_NONE},
        {.target = "x3", .task = SNUG_TASK_CLASSIFICATION},
        {.target = "x3", .task = SNUG_TASK_REGRESSION},
        {.targets = two},
    };
    write_text("t.csv", numbers);
    write_rows(numbers, "t.svm", write_pairs);
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        compare_files("t.svm", snug_dataset_read_libsvm, &options[i]);
    }
    write_text("t.csv", regression);
    write_rows(regression, "t.svm", write_pairs);
    compare_files("t.svm", snug_dataset_read_libsvm, NULL);
    compare_files("t.svm", snug_dataset_read_libsvm, &(snug_csv_options){.weights = "x1"});
}
END_TEST

static Suite *same_tables(void) {
    Suite *suite = suite_create("the same table in all formats");
    TCase *tests = directory_case(suite, "same");
    tcase_add_test(tests, json_lines_are_as_csv);
    tcase_add_test(tests, libsvm_is_as_csv);
    return suite;
}

REGISTER_SUITE(same_tables)
