/* The format version of model files: what is read, what is refused, and what is kept. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <snug/snug.h>

#include "core/memory.h"
#include "model/copy.h"
#include "model/model.h"
#include "support/errors.h"
#include "support/failing.h"
#include "support/suite.h"

/* Four rows of two features and a class. */
static snug_dataset *table(const snug_preprocessing *like) {
    char path[] = "snug-format-XXXXXX";
    FILE *file = fdopen(mkstemp(path), "w");
    ck_assert_ptr_nonnull(file);
    fputs("a,b,y\n1,7,p\n2,4,q\n5,3,p\n3,9,q\n", file);
    fclose(file);
    snug_csv_options options = {.target = "y", .like = like};
    snug_dataset *data = snug_dataset_read_csv(path, &options);
    remove(path);
    ck_assert_msg(data != NULL, "%s", snug_error());
    return data;
}

/* A model whose preprocessing names its columns and classes. */
static snug_model *named_model(void) {
    snug_dataset *data = table(NULL);
    snug_model *model = snug_model_new(2);
    ck_assert_int_eq(snug_model_add(model, snug_dense(2)), SNUG_OK);
    ck_assert_int_eq(snug_model_init(model, 7), SNUG_OK);
    ck_assert_int_eq(snug_model_set_loss(model, snug_softmax_cross_entropy()), SNUG_OK);
    ck_assert_int_eq(snug_model_fit_scaler(model, data, SNUG_SCALING_STANDARD), SNUG_OK);
    snug_dataset_free(data);
    return model;
}

/* A file's bytes with the first `from` of the header replaced; free() them. */
static char *edited(const char *bytes, size_t size, const char *from, const char *to,
                    size_t *new_size) {
    size_t at = 8, header = 0;
    while (at + strlen(from) < size && memcmp(bytes + at, from, strlen(from)) != 0) {
        at++;
    }
    ck_assert_msg(at + strlen(from) < size, "%s is not in the header", from);
    *new_size = size - strlen(from) + strlen(to);
    char *out = malloc(*new_size);
    memcpy(out, bytes, at);
    memcpy(out + at, to, strlen(to));
    memcpy(out + at + strlen(to), bytes + at + strlen(from), size - at - strlen(from));
    for (int i = 0; i < 8; i++) {
        header |= (size_t)(unsigned char)bytes[i] << (8 * i);
    }
    header += *new_size - size;
    for (int i = 0; i < 8; i++) {
        out[i] = (char)(unsigned char)(header >> (8 * i));
    }
    return out;
}

static char *saved(const snug_model *model, size_t *size) {
    char *bytes;
    ck_assert_msg(snug_model_save_to_memory(model, &bytes, size) == SNUG_OK, "%s", snug_error());
    return bytes;
}

/* Loads the file of named_model() with one or two places edited. */
static snug_model *load_edited(const char *from, const char *to, const char *from2,
                               const char *to2) {
    size_t size, size1, size2;
    snug_model *model = named_model();
    char *bytes = saved(model, &size);
    char *one = edited(bytes, size, from, to, &size1);
    char *two = edited(one, size1, from2, to2, &size2);
    snug_model *loaded = snug_model_load_from_memory(two, size2);
    free(two);
    free(one);
    snug_free(bytes);
    snug_model_free(model);
    return loaded;
}

static const char current[] = "\"snug.format\":\"3.1\"";

static snug_model *load_version(const char *version) {
    char text[128];
    snprintf(text, sizeof text, "\"snug.format\":\"%s\"", version);
    return load_edited(current, text, "snug.version", "snug.version");
}

static int warnings;
static char warning[512];

static void note(snug_log_level level, const char *message, void *user) {
    (void)user;
    warnings += level == SNUG_LOG_WARNING;
    snprintf(warning, sizeof warning, "%s", message);
}

START_TEST(older_and_own_versions_load_in_silence) {
    static const char *const versions[] = {"1", "1.0", "1.1", "2.0", "3.0", "3.1"};
    snug_set_log(note, NULL);
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        snug_model *model = load_version(versions[i]);
        ck_assert_msg(model != NULL, "%s: %s", versions[i], snug_error());
        snug_model_free(model);
    }
    ck_assert_int_eq(warnings, 0);
}
END_TEST

START_TEST(a_newer_minor_version_loads_with_a_warning) {
    snug_set_log(note, NULL);
    snug_model *model = load_version("3.17");
    ck_assert_msg(model != NULL, "%s", snug_error());
    ck_assert_int_eq(warnings, 1);
    ck_assert_str_eq(warning, "(memory): has format 3.17, newer than the 3.1 of this Snug, which "
                              "keeps what it does not know and ignores it");
    snug_model_free(model);
}
END_TEST

START_TEST(a_newer_major_version_is_refused_in_one_line) {
    ck_assert_ptr_null(load_version("4.0"));
    expect_location("(memory):");
    ck_assert_int_eq(snug_error_status(), SNUG_ERROR_FILE);
    ck_assert_ptr_null(load_edited(current, "\"snug.format\":\"12.3\"",
                                   "\"snug.version\":\"0.1.0\"", "\"snug.version\":\"0\\n1\""));
    ck_assert_ptr_nonnull(strstr(snug_error(), "has format 12.3, written by Snug ?; this is"));
}
END_TEST

START_TEST(malformed_versions_are_refused) {
    static const char *const versions[] = {
        "",     "x",    "2",     "1.",    ".1",      "1.2.3",   "-1.0",
        "1.-1", "+1.1", " 1.1",  "1.1 ",  "01.1",    "1.01",    "0.9",
        "1,1",  "1.1x", "1.1e1", "1.0x1", "10000.0", "1.10000", "99999999999999999999999.0"};
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        char wanted[256];
        snprintf(wanted, sizeof wanted, "(memory): snug.format: must be a version such as \"3.1\"");
        ck_assert_msg(load_version(versions[i]) == NULL, "\"%s\" loads", versions[i]);
        ck_assert_msg(strstr(snug_error(), wanted) == snug_error(), "got: %s", snug_error());
    }
    ck_assert_ptr_null(load_version("1\\n.1"));
    ck_assert_ptr_null(strchr(snug_error(), '\n'));
    ck_assert_ptr_null(load_edited(current, "\"snug.format\":3.0", "snug", "snug"));
}
END_TEST

/* The header of a model's file, as text; release it. */
static char *header_of(const snug_model *model) {
    size_t size, header = 0;
    char *bytes = saved(model, &size);
    for (int i = 0; i < 8; i++) {
        header |= (size_t)(unsigned char)bytes[i] << (8 * i);
    }
    char *text = snug_copy_text(bytes + 8, header);
    snug_free(bytes);
    return text;
}

static void assert_kept(const snug_model *model, const char *part) {
    char *header = header_of(model);
    ck_assert_msg(strstr(header, part) != NULL, "%s is not in %s", part, header);
    snug_release(header);
}

static void train(snug_model *model) {
    snug_dataset *data = table(snug_model_preprocessing(model));
    snug_fit_options fit = {.epochs = 2, .batch_size = 3};
    ck_assert_msg(snug_fit(model, data, &fit, NULL) == SNUG_OK, "%s", snug_error());
    snug_dataset_free(data);
}

START_TEST(unknown_metadata_is_kept) {
    static const char note_text[] = "\"note\":\"\\u00e9t\\u00e9 \\\"7\\\"\",\"snug.later\":\"{}\",";
    static const char kept[] = "\"note\":\"\xc3\xa9t\xc3\xa9 \\\"7\\\"\",\"snug.later\":\"{}\"";
    char text[128];
    snprintf(text, sizeof text, "%s%s", note_text, current);
    snug_model *model = load_edited(current, text, "snug", "snug");
    ck_assert_msg(model != NULL, "%s", snug_error());
    assert_kept(model, kept);
    train(model);
    assert_kept(model, kept);
    snug_model *copy = snug_model_copy(model);
    assert_kept(copy, kept);
    snug_model_free(copy);
    size_t size;
    char *bytes = saved(model, &size);
    snug_model *again = snug_model_load_from_memory(bytes, size);
    assert_kept(again, kept);
    snug_model_free(again);
    snug_free(bytes);
    snug_model_free(model);
}
END_TEST

/* Members that a newer minor version added to the preprocessing and to its second column. */
static const char unit[] = "{\\\"name\\\":\\\"b\\\",\\\"unit\\\":[1,{\\\"m\\\":2}]}";
static const char source[] = "\\\"classes\\\":";
static const char new_source[] = "\\\"source\\\":{\\\"classes\\\":9},\\\"classes\\\":";
static const char column[] = "{\\\"name\\\":\\\"b\\\"}";

/* The file of named_model() with those members; free() it. */
static char *later(const char *version, size_t *new_size) {
    size_t size, size1;
    snug_model *model = named_model();
    char *bytes = saved(model, &size), text[64];
    snprintf(text, sizeof text, "\"snug.format\":\"%s\"", version);
    char *one = edited(bytes, size, current, text, &size1);
    char *two = edited(one, size1, column, unit, &size);
    char *three = edited(two, size, source, new_source, new_size);
    free(one);
    free(two);
    snug_free(bytes);
    snug_model_free(model);
    return three;
}

static snug_model *load_later(const char *version) {
    size_t size;
    char *bytes = later(version, &size);
    snug_model *model = snug_model_load_from_memory(bytes, size);
    free(bytes);
    return model;
}

START_TEST(members_of_a_newer_minor_version_are_kept) {
    static const char kept[] = "\\\"source\\\":{\\\"classes\\\":9}";
    snug_model *model = load_later("3.2");
    ck_assert_msg(model != NULL, "%s", snug_error());
    train(model);
    snug_model *copy = snug_model_copy(model);
    assert_kept(model, unit);
    assert_kept(model, kept);
    assert_kept(copy, unit);
    assert_kept(copy, kept);
    snug_model_free(copy);
    snug_model_free(model);
    /* In a version that this Snug knows they are mistakes. */
    ck_assert_ptr_null(load_later("3.1"));
    ck_assert_ptr_nonnull(strstr(snug_error(), "unknown key \"source\""));
    ck_assert_ptr_null(load_later("1.1"));
}
END_TEST

/* Loads, copies and saves; whether all of it worked. */
static bool live(const char *bytes, size_t size) {
    char *again = NULL;
    snug_model *model = snug_model_load_from_memory(bytes, size);
    snug_model *copy = model != NULL ? snug_model_copy(model) : NULL;
    bool done = copy != NULL && snug_model_save_to_memory(copy, &again, &size) == SNUG_OK;
    snug_free(again);
    snug_model_free(copy);
    snug_model_free(model);
    return done;
}

START_TEST(every_failing_allocation_is_an_error) {
    size_t before, size, k = 0;
    char *first = later("3.2", &before);
    char *bytes =
        edited(first, before, "\"snug.version\"", "\"note\":\"x\",\"snug.version\"", &size);
    free(first);
    for (bool done = false; !done; k++) {
        failing_start(k);
        done = live(bytes, size);
        ck_assert_msg(failing_stop() == 0, "allocation %zu is not freed", k);
        ck_assert(done || snug_error_status() == SNUG_ERROR_MEMORY);
    }
    ck_assert_uint_gt(k, 300);
    free(bytes);
}
END_TEST

/* What could change predictions is refused in a newer minor version too. */
START_TEST(unknown_members_of_layers_and_losses_are_refused) {
    static const char units[] = "\\\"units\\\":2", loss[] = "\"snug.loss\":\"{";
    ck_assert_ptr_null(load_edited(current, "\"snug.format\":\"3.9\"", units,
                                   "\\\"units\\\":2,\\\"spectral\\\":true"));
    ck_assert_ptr_nonnull(strstr(snug_error(), "unknown key \"spectral\""));
    ck_assert_ptr_null(
        load_edited(current, "\"snug.format\":\"3.9\"", loss, "\"snug.loss\":\"{\\\"odd\\\":1,"));
    ck_assert_ptr_nonnull(strstr(snug_error(), "unknown key \"odd\""));
}
END_TEST

static Suite *format_suite(void) {
    Suite *suite = suite_create("format");
    TCase *tc = tcase_create("versions");
    tcase_add_test(tc, older_and_own_versions_load_in_silence);
    tcase_add_test(tc, a_newer_minor_version_loads_with_a_warning);
    tcase_add_test(tc, a_newer_major_version_is_refused_in_one_line);
    tcase_add_test(tc, malformed_versions_are_refused);
    tcase_add_test(tc, unknown_metadata_is_kept);
    tcase_add_test(tc, members_of_a_newer_minor_version_are_kept);
    tcase_add_test(tc, every_failing_allocation_is_an_error);
    tcase_add_test(tc, unknown_members_of_layers_and_losses_are_refused);
    suite_add_tcase(suite, tc);
    return suite;
}

REGISTER_SUITE(format_suite)
