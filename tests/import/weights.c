/* Importing state dicts: names, shapes, warnings, and every allocation that fails. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <snug/import.h>

#include "model/model.h"
#include "support/suite.h"
#include "support/tables.h"

static const char config[] =
    "{\"model\": {\"inputs\": 2, \"layers\": [{\"type\": \"dense\", \"units\": 3}, \"selu\", "
    "{\"type\": \"batch_norm\"}, {\"type\": \"dense\", \"units\": 1}]}}";

/* A tensor of F32, whose numbers count on from those of the tensors before it. */
typedef struct file_tensor {
    const char *name, *shape;
    size_t count;
} file_tensor;

/* Writes w.safetensors with a path before each name. */
static void write_file(const char *path, size_t count, const file_tensor *tensors) {
    char header[2048] = "{";
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        char entry[256];
        snprintf(entry, sizeof entry,
                 "%s\"%s%s\":{\"dtype\":\"F32\",\"shape\":[%s],\"data_offsets\":[%zu,%zu]}",
                 i > 0 ? "," : "", path, tensors[i].name, tensors[i].shape, 4 * at,
                 4 * (at + tensors[i].count));
        strcat(header, entry);
        at += tensors[i].count;
    }
    strcat(header, "}");
    FILE *file = fopen("w.safetensors", "wb");
    ck_assert_ptr_nonnull(file);
    const unsigned char length[8] = {(unsigned char)(strlen(header) % 256),
                                     (unsigned char)(strlen(header) / 256)};
    fwrite(length, 1, sizeof length, file);
    fputs(header, file);
    for (size_t i = 0; i < at; i++) {
        const float number = (float)i + 0.5F;
        uint32_t bits;
        memcpy(&bits, &number, sizeof bits);
        for (int k = 0; k < 4; k++) {
            fputc((int)(bits >> (8 * k) & 0xffU), file);
        }
    }
    ck_assert_int_eq(fclose(file), 0);
}

/* The tensors of the config, in the order of PyTorch, with other numbers of layers. */
static void write_numbered(const char *path, const char *const numbers[3]) {
    char names[7][64];
    static const char *const rest[] = {"weight",       "bias",        "weight", "bias",
                                       "running_mean", "running_var", "weight"};
    static const size_t layers[] = {0, 0, 1, 1, 1, 1, 2};
    static const char *const shapes[] = {"3,2", "3", "3", "3", "3", "3", "1,3"};
    static const size_t counts[] = {6, 3, 3, 3, 3, 3, 3};
    file_tensor tensors[8];
    for (size_t i = 0; i < 7; i++) {
        snprintf(names[i], sizeof names[i], "%s.%s", numbers[layers[i]], rest[i]);
        tensors[i] = (file_tensor){names[i], shapes[i], counts[i]};
    }
    char last[64];
    snprintf(last, sizeof last, "%s.bias", numbers[2]);
    tensors[7] = (file_tensor){last, "1", 1};
    write_file(path, 8, tensors);
}

static size_t warnings;
static char warning[512];

static void keep_warning(snug_log_level level, const char *message, void *user) {
    (void)level, (void)user;
    warnings++;
    snprintf(warning, sizeof warning, "%s", message);
}

static snug_model *imported(void) {
    warnings = 0;
    warning[0] = 0;
    snug_set_log(keep_warning, NULL);
    snug_model *model = snug_model_import_weights("w.safetensors", "c.json");
    snug_set_log(NULL, NULL);
    return model;
}

/* Expects that the tensors of the model have the numbers of the file. */
static void expect_numbers(snug_model *model) {
    ck_assert_msg(model != NULL, "%s", snug_error());
    snug_tensor_info info;
    for (size_t i = 0; i < snug_model_tensor_count(model); i++) {
        ck_assert_int_eq(snug_model_tensor(model, i, &info), SNUG_OK);
        if (strcmp(info.name, "0.weight") == 0) { /* in memory inputs x units */
            const float wanted[6] = {0.5F, 2.5F, 4.5F, 1.5F, 3.5F, 5.5F};
            expect_floats(sizeof wanted / sizeof *wanted, info.values, wanted);
        } else if (strcmp(info.name, "2.running_var") == 0) {
            const float wanted[3] = {18.5F, 19.5F, 20.5F};
            expect_floats(sizeof wanted / sizeof *wanted, info.values, wanted);
        } else if (strcmp(info.name, "3.bias") == 0) {
            ck_assert(info.values[0] == 24.5F);
        }
    }
    snug_model_free(model);
}

START_TEST(takes_the_names_of_a_sequential) {
    static const char *const same[] = {"0", "2", "3"}, *const others[] = {"1", "9", "10"};
    write_text("c.json", config);
    write_numbered("", same);
    expect_numbers(imported());
    ck_assert_uint_eq(warnings, 0);
    write_numbered("model.net.", same);
    expect_numbers(imported());
    ck_assert_uint_eq(warnings, 1);
    ck_assert_str_eq(warning, "w.safetensors: all names begin with \"model.net.\", which is left "
                              "out");
    /* 10 comes behind 9, though it is before it in the order of strings. */
    write_numbered("", others);
    expect_numbers(imported());
    ck_assert_uint_eq(warnings, 1);
    ck_assert_str_eq(warning, "w.safetensors: its layers have other numbers than the model's: its "
                              "3 layers with tensors are taken in the order of their numbers");
    write_numbered("net.", others);
    expect_numbers(imported());
    ck_assert_uint_eq(warnings, 2);
}
END_TEST

static void refused(const char *message) {
    ck_assert_ptr_null(imported());
    ck_assert_str_eq(snug_error(), message);
}

START_TEST(names_what_does_not_fit) {
    static const char *const fewer[] = {"0", "2", "2"};
    write_text("c.json", "{\"model\": {\"inputs\": 2, \"layers\": [{\"type\": \"dense\", "
                         "\"units\": 3}]}}");
    write_file("", 2, (const file_tensor[]){{"0.weight", "3,2", 6}, {"0.b", "3", 3}});
    refused("w.safetensors: 0.bias [3] is missing; 0.b [3] belongs to no layer of the model");
    write_file("", 2, (const file_tensor[]){{"0.weight", "3,2,2", 12}, {"0.bias", "3,1", 3}});
    refused("w.safetensors: 0.weight [3, 2, 2] must be [3, 2]");
    write_file("fc.", 1, (const file_tensor[]){{"weight", "3,2", 6}});
    refused("w.safetensors: 0.weight [3, 2] is missing; 0.bias [3] is missing; fc.weight [3, 2] "
            "belongs to no layer of the model");
    write_text("c.json", config);
    write_numbered("", fewer);
    ck_assert_ptr_null(imported()); /* its header gives a name twice */
    write_file("", 0, NULL);
    ck_assert_ptr_null(imported());
    ck_assert_ptr_nonnull(strstr(snug_error(), "; and 2 more do not fit"));
}
END_TEST

START_TEST(infers_what_the_data_would_say) {
    write_text("c.json", "{\"model\": {\"layers\": [{\"type\": \"dense\", \"units\": 3}, "
                         "{\"type\": \"dense\", \"units\": \"classes\"}]}}");
    write_file("net.", 4,
               (const file_tensor[]){{"0.weight", "3,2", 6},
                                     {"0.bias", "3", 3},
                                     {"1.weight", "4,3", 12},
                                     {"1.bias", "4", 4}});
    snug_model *model = imported();
    ck_assert_msg(model != NULL, "%s", snug_error());
    ck_assert_uint_eq(snug_model_input_count(model), 2);
    ck_assert_uint_eq(snug_model_output_count(model), 4);
    snug_model_free(model);
    write_file("", 1, (const file_tensor[]){{"weight", "3,2", 6}});
    ck_assert_ptr_null(imported());
    ck_assert_ptr_nonnull(strstr(snug_error(), "c.json: model.inputs: is required"));
}
END_TEST

static bool import_numbered(void) {
    snug_model *model = snug_model_import_weights("w.safetensors", "c.json");
    snug_model_free(model);
    return model != NULL;
}

START_TEST(every_allocation_may_fail) {
    static const char *const others[] = {"1", "9", "10"};
    write_text("c.json", config);
    write_numbered("net.", others);
    expect_every_failure(import_numbered);
}
END_TEST

static Suite *weights_suite(void) {
    Suite *suite = suite_create("imported weights");
    TCase *tc = directory_case(suite, "weights");
    tcase_add_test(tc, takes_the_names_of_a_sequential);
    tcase_add_test(tc, names_what_does_not_fit);
    tcase_add_test(tc, infers_what_the_data_would_say);
    tcase_add_test(tc, every_allocation_may_fail);
    return suite;
}

REGISTER_SUITE(weights_suite)
