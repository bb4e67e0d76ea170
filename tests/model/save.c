/* Saving and loading: the same bits, and every kind of damage refused. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data/preprocessing.h"
#include "model/model.h"
#include "model_file/save.h"
#include "support.h"
#include "support/suite.h"

static char *saved(size_t *size) {
    snug_model *model = small_model();
    char *bytes;
    ck_assert_msg(snug_model_save_to_memory(model, &bytes, size) == SNUG_OK, "%s", snug_error());
    snug_model_free(model);
    return bytes;
}

START_TEST(same_bits_and_same_bytes) {
    size_t size, again_size;
    char *bytes = saved(&size), *again;
    float x[6 * 5], before[6 * 3], after[6 * 3];
    snug_model *model = small_model(), *loaded = snug_model_load_from_memory(bytes, size);
    snug_session *a = snug_session_new(model, 6), *b;
    ck_assert_msg(loaded != NULL, "%s", snug_error());
    b = snug_session_new(loaded, 6);
    fill_numbers(9, 6 * 5, x);
    ck_assert_int_eq(snug_predict(a, x, 6, before), SNUG_OK);
    ck_assert_int_eq(snug_predict(b, x, 6, after), SNUG_OK);
    ck_assert_mem_eq(before, after, sizeof before);
    ck_assert_int_eq(snug_model_save_to_memory(loaded, &again, &again_size), SNUG_OK);
    ck_assert_uint_eq(size, again_size);
    ck_assert_mem_eq(bytes, again, size);
    snug_free(bytes);
    snug_free(again);
    snug_session_free(a);
    snug_session_free(b);
    snug_model_free(model);
    snug_model_free(loaded);
}
END_TEST

/* PyTorch's order: weight[out][in]. */
START_TEST(layout_in_the_file) {
    size_t size, header;
    char *bytes;
    double weight[3 * 2] = {1, 2, 3, 4, 5, 6};
    float first[6];
    snug_model *model = snug_model_new(2);
    ck_assert_int_eq(snug_model_add(model, snug_dense(3)), SNUG_OK);
    ck_assert_int_eq(snug_model_init(model, 0), SNUG_OK);
    set_tensor(model, "0.weight", 3, 2, weight);
    ck_assert_int_eq(snug_model_save_to_memory(model, &bytes, &size), SNUG_OK);
    header = (unsigned char)bytes[0] + 256U * (unsigned char)bytes[1];
    ck_assert_uint_eq(header % 8, 0);
    ck_assert_ptr_nonnull(strstr(bytes + 8, "\"0.weight\":{\"dtype\":\"F32\",\"shape\":[3,2],"
                                            "\"data_offsets\":[0,24]}"));
    ck_assert_ptr_nonnull(strstr(bytes + 8, "\"0.bias\":{\"dtype\":\"F32\",\"shape\":[3],"
                                            "\"data_offsets\":[24,36]}"));
    ck_assert_uint_eq(size, 8 + header + 36);
    memcpy(first, bytes + 8 + header, sizeof first);
    for (size_t i = 0; i < 6; i++) {
        ck_assert(first[i] == (float)weight[i]);
    }
    snug_free(bytes);
    snug_model_free(model);
}
END_TEST

static void refuse(const char *bytes, size_t size, const char *part) {
    ck_assert_msg(snug_model_load_from_memory(bytes, size) == NULL, "loaded in spite of: %s", part);
    ck_assert_msg(strstr(snug_error(), part) != NULL, "got \"%s\", wanted \"%s\"", snug_error(),
                  part);
}

/* What would be refused when it is loaded is not saved: here, a name that is not UTF-8. */
static void expect_not_saved(snug_model *model, char *name) {
    char *bytes, first = *name;
    size_t size;
    *name = '\xE9';
    ck_assert_int_eq(snug_model_save_to_memory(model, &bytes, &size), SNUG_ERROR_DATA);
    ck_assert_ptr_null(bytes);
    ck_assert_ptr_nonnull(strstr(snug_error(), " is not UTF-8, which JSON has to be"));
    ck_assert_int_eq(snug_model_save(model, "never.safetensors"), SNUG_ERROR_DATA);
    ck_assert_ptr_null(fopen("never.safetensors", "r"));
    *name = first;
}

START_TEST(names_that_are_not_utf8_are_not_saved) {
    const float x[2 * 5] = {1, 2, 3, 4, 5, 7, 8, 9, 11, 12};
    const int32_t classes[2] = {0, 2};
    snug_model *model = small_model();
    snug_dataset *data = snug_dataset_from_arrays(x, 2, 5, classes);
    ck_assert_int_eq(snug_model_fit_scaler(model, data, SNUG_SCALING_STANDARD), SNUG_OK);
    snug_table_schema *table = model->preprocessing->table;
    expect_not_saved(model, table->classes.items[1]);
    char target[] = "kind";
    table->target = target;
    expect_not_saved(model, target);
    table->target = NULL;
    char *bytes;
    size_t size;
    ck_assert_int_eq(snug_model_save_to_memory(model, &bytes, &size), SNUG_OK);
    snug_free(bytes);
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

START_TEST(every_truncation_is_refused) {
    size_t size;
    char *bytes = saved(&size);
    for (size_t n = 0; n < size; n++) {
        ck_assert_msg(snug_model_load_from_memory(bytes, n) == NULL, "%zu bytes", n);
    }
    refuse(bytes, 5, "(memory): is no model file: it has 5 bytes");
    refuse(bytes, 100, "(memory): is no model file, or truncated: a header of ");
    refuse(bytes, size - 4, "the file is truncated");
    snug_free(bytes);
}
END_TEST

START_TEST(an_enlarged_file_is_refused) {
    size_t size;
    char *bytes = saved(&size), *longer = calloc(1, size + 4);
    memcpy(longer, bytes, size);
    refuse(longer, size + 4, "(memory): 4 bytes follow the last tensor");
    free(longer);
    snug_free(bytes);
}
END_TEST

START_TEST(a_wrong_header_length_is_refused) {
    size_t size;
    char *bytes = saved(&size);
    memset(bytes, 0xff, 8);
    refuse(bytes, size,
           "(memory): is no model file, or truncated: a header of 18446744073709551615 "
           "bytes is announced where ");
    memset(bytes, 0, 8);
    refuse(bytes, size, "the header of the model file: (memory):1:1: ");
    snug_free(bytes);
}
END_TEST

/* Replaces the first `from` in the header by `to` of the same length. */
static void refuse_edit(const char *from, const char *to, const char *part) {
    size_t size, at = 8;
    char *bytes = saved(&size);
    ck_assert_uint_eq(strlen(from), strlen(to));
    while (at < size - strlen(from) && memcmp(bytes + at, from, strlen(from)) != 0) {
        at++;
    }
    ck_assert_msg(at < size - strlen(from), "%s is not in the header", from);
    memcpy(bytes + at, to, strlen(to));
    refuse(bytes, size, part);
    snug_free(bytes);
}

START_TEST(every_wrong_header_is_refused) {
    refuse_edit("\"snug.format\"", "\"snug.farmat\"",
                "(memory): is no model of Snug: its metadata has no "
                "\"snug.format\"");
    refuse_edit("\"F32\"", "\"F64\"",
                "0.weight: data_offsets: span 80 bytes where the shape needs 160 of F64");
    refuse_edit("\"F32\"", "\"I32\"", "(memory): 0.weight: dtype: must be \"F32\" (got I32)");
    refuse_edit("\"F32\"", "\"F33\"",
                "(memory): 0.weight: dtype: must be a type of safetensors files such as \"F32\" "
                "(got \"F33\")");
    refuse_edit("[4,5]", "[5,4]",
                "(memory): 0.weight: the shape is 5 x 4 where the model has 4 x 5");
    refuse_edit("[4,5]", "[4,6]",
                "0.weight: data_offsets: span 80 bytes where the shape needs 96 of F32");
    refuse_edit("[4,5]", "[4.5]", "0.weight: shape: must hold whole numbers");
    refuse_edit("[0,80]", "[80,0]",
                "0.weight: data_offsets: must be [begin, end] with begin <= end");
    refuse_edit("[80,96]", "[16,32]", "two tensors overlap at byte 16 of the data");
    refuse_edit("[80,96]", "[84,99]",
                "0.bias: data_offsets: span 15 bytes where the shape needs 16 of F32");
    refuse_edit("[96,144]", "[98,146]", "bytes 96 to 98 of the data belong to no tensor");
    refuse_edit("\"2.bias\"", "\"3.bias\"", "(memory): 2.bias: the tensor is missing");
    refuse_edit("\"2.bias\"", "\"0.bias\"", "is given twice");
    refuse_edit("\"snug.output\":\"softmax\"", "\"snug.output\":\"sigmoid\"",
                "the output function is \"sigmoid\" where the loss has \"softmax\"");
    refuse_edit("softmax_cross_entropy", "softmax_cross_antropy", "did you mean");
    refuse_edit("\\\"units\\\":4", "\\\"units\\\":5",
                "(memory): holds 39 numbers where its model has 48");
    refuse_edit("\\\"units\\\":4", "\\\"onits\\\":4", "did you mean \"units\"?");
}
END_TEST

/* Expects that a file of this header and `data` bytes behind it is refused. */
static void refuse_header(const char *header, size_t data, const char *part) {
    size_t length = strlen(header), size = 8 + length + data;
    char *bytes = calloc(1, size);
    bytes[0] = (char)(unsigned char)(length % 256);
    bytes[1] = (char)(unsigned char)(length / 256);
    memcpy(bytes + 8, header, length);
    refuse(bytes, size, part);
    free(bytes);
}

/* What two readers could take for two different models. */
START_TEST(headers_with_two_meanings_are_refused) {
    refuse_header(" {}", 0, "(memory): the header must begin with '{'");
    refuse_header("[]", 0, "(memory): the header must begin with '{'");
    refuse_header("{}{}", 0, "the header of the model file: (memory):1:3: ");
    refuse_header("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
                  "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
                  4, "the key \"a\" is given twice");
    refuse_header("{\"__metadata__\":{\"a\":\"1\",\"a\":\"2\"}}", 0,
                  "__metadata__: the key \"a\" is given twice");
    refuse_header("{\"__metadata__\":{},\"__metadata__\":{}}", 0,
                  "the key \"__metadata__\" is given twice");
    refuse_header("{\"__metadata__\":[]}", 0,
                  "(memory): __metadata__: must be an object (got an array)");
    refuse_header("{\"__metadata__\":{\"a\":1}}", 0,
                  "(memory): __metadata__.a: must be a string (got a number)");
    refuse_header("{\"__metadata__\":{}}", 4, "(memory): 4 bytes follow the last tensor");
}
END_TEST

START_TEST(entries_that_do_not_fit_are_refused) {
    refuse_header("{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],"
                  "\"data_offsets\":[0,4]}}",
                  4, "(memory): a: shape: has more numbers than memory can hold");
    refuse_header("{\"a\":{\"dtype\":\"F64\",\"shape\":[4294967296,1073741824],"
                  "\"data_offsets\":[0,4]}}",
                  4, "(memory): a: shape: has more bytes than memory can hold");
    refuse_header("{\"a\":{\"dtype\":\"F32\",\"shape\":[1,1,1,1,1,1,1,1,1],"
                  "\"data_offsets\":[0,4]}}",
                  4, "(memory): a: shape: must be an array of up to 8 sizes");
    refuse_header("{\"a\":{\"dtype\":32,\"shape\":[1],\"data_offsets\":[0,4]}}", 4,
                  "(memory): a: dtype: must be a string such as \"F32\" (got a number)");
    refuse_header("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", 4,
                  "(memory): a tensor ends at byte 8 of the data, which has 4");
    refuse_header("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", 8,
                  "(memory): bytes 0 to 4 of the data belong to no tensor");
}
END_TEST

/* Files that are not written: only their first bytes are, and the size says the rest. */
START_TEST(a_header_beyond_the_limit_is_refused) {
    const unsigned char length[8] = {1, 0xe1, 0xf5, 5}; /* 100,000,001 */
    const char *path = "long-header.safetensors";
    FILE *stream = fopen(path, "wb");
    ck_assert_ptr_nonnull(stream);
    ck_assert_uint_eq(fwrite(length, 1, sizeof length, stream), sizeof length);
    ck_assert_int_eq(fseek(stream, 8 + 100000001 - 1, SEEK_SET), 0);
    ck_assert_int_eq(fputc(' ', stream), ' ');
    ck_assert_int_eq(fclose(stream), 0);
    ck_assert_ptr_null(snug_model_load(path));
    ck_assert_str_eq(snug_error(), "long-header.safetensors: has a header of 100000001 bytes, more "
                                   "than the 100000000 that the format allows");
    remove(path);
}
END_TEST

START_TEST(weights_that_are_not_finite_are_refused) {
    size_t size;
    char *bytes = saved(&size);
    const unsigned char nan[4] = {0, 0, 0xc0, 0x7f}, infinity[4] = {0, 0, 0x80, 0xff};
    memcpy(bytes + size - 4, nan, 4);
    refuse(bytes, size, "(memory): 2.bias: entry 2 is not finite");
    memcpy(bytes + size - 8, infinity, 4);
    refuse(bytes, size, "(memory): 2.bias: entry 1 is not finite");
    snug_free(bytes);
}
END_TEST

/* Any one byte of the header changed: refused, or read as some model; never harm. */
START_TEST(every_byte_of_the_header_changed) {
    size_t size, header;
    char *bytes = saved(&size);
    header = (unsigned char)bytes[0] + 256U * (unsigned char)bytes[1];
    for (size_t i = 0; i < 8 + header; i++) {
        const char kept = bytes[i];
        bytes[i] = (char)(kept ^ (i % 7 == 0 ? 0x20 : 0x01));
        snug_model_free(snug_model_load_from_memory(bytes, size));
        bytes[i] = kept;
    }
    snug_model_free(snug_model_load_from_memory(bytes, size));
    ck_assert_str_ne(snug_error(), "");
    snug_free(bytes);
}
END_TEST

/* What is too long for the header, or too deep for reading, is told before training. */
START_TEST(refuses_a_model_that_could_not_be_loaded) {
    snug_model *model = snug_model_new(3);
    snug_model_add(model, snug_dense(2));
    ck_assert_int_eq(snug_model_check_saving(model, 4096), SNUG_OK);
    ck_assert_int_eq(snug_model_check_saving(model, 96), SNUG_ERROR_CONFIG);
    ck_assert_msg(strstr(snug_error(), "the model cannot be saved: its names, layers and scaling "
                                       "take ") == snug_error(),
                  "%s", snug_error());
    ck_assert_ptr_nonnull(strstr(snug_error(), " bytes, and a model file has 96 for them"));
    snug_model_free(model);
}
END_TEST

START_TEST(refuses_layers_that_are_too_deep_to_be_read_again) {
    enum { LEVELS = 99 };
    static const char open[] = "{\"type\":\"residual\",\"layers\":[", close[] = "]}";
    static const float x[] = {1, 2, 3, 5, 8, 13};
    static const int32_t classes[] = {0, 1};
    char spec[LEVELS * (sizeof open + sizeof close) + 64] = "";
    for (size_t i = 0; i < LEVELS; i++) {
        strcat(spec, open);
    }
    strcat(spec, "{\"type\":\"relu\"}");
    for (size_t i = 0; i < LEVELS; i++) {
        strcat(spec, close);
    }
    snug_model *model = snug_model_new(3);
    ck_assert_int_eq(snug_model_add(model, snug_layer_new(spec)), SNUG_OK);
    snug_dataset *data = snug_dataset_from_arrays(x, 2, 3, classes);
    ck_assert_int_eq(snug_model_fit_scaler(model, data, SNUG_SCALING_STANDARD), SNUG_ERROR_CONFIG);
    ck_assert_msg(strstr(snug_error(), "more than 200 objects and arrays are nested") != NULL, "%s",
                  snug_error());
    ck_assert_ptr_null(snug_model_preprocessing(model));
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

START_TEST(files) {
    char path[] = "snug-save-XXXXXX";
    int fd = mkstemp(path);
    snug_model *model = small_model(), *loaded;
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(snug_model_save(model, path), SNUG_OK);
    loaded = snug_model_load(path);
    ck_assert_msg(loaded != NULL, "%s", snug_error());
    snug_model_free(loaded);
    remove(path);
    ck_assert_ptr_null(snug_model_load(path));
    ck_assert_msg(strstr(snug_error(), path) == snug_error(), "%s", snug_error());
    ck_assert_int_eq(snug_model_save(model, "no-such-folder/model.safetensors"), SNUG_ERROR_FILE);
    snug_model_free(model);
}
END_TEST

static Suite *save_suite(void) {
    Suite *suite = suite_create("model files");
    TCase *tc = tcase_create("save and load");
    tcase_add_test(tc, same_bits_and_same_bytes);
    tcase_add_test(tc, layout_in_the_file);
    tcase_add_test(tc, names_that_are_not_utf8_are_not_saved);
    tcase_add_test(tc, every_truncation_is_refused);
    tcase_add_test(tc, an_enlarged_file_is_refused);
    tcase_add_test(tc, a_wrong_header_length_is_refused);
    tcase_add_test(tc, every_wrong_header_is_refused);
    tcase_add_test(tc, headers_with_two_meanings_are_refused);
    tcase_add_test(tc, entries_that_do_not_fit_are_refused);
    tcase_add_test(tc, a_header_beyond_the_limit_is_refused);
    tcase_add_test(tc, weights_that_are_not_finite_are_refused);
    tcase_add_test(tc, every_byte_of_the_header_changed);
    tcase_add_test(tc, refuses_a_model_that_could_not_be_loaded);
    tcase_add_test(tc, refuses_layers_that_are_too_deep_to_be_read_again);
    tcase_add_test(tc, files);
    suite_add_tcase(suite, tc);
    return suite;
}

REGISTER_SUITE(save_suite)
