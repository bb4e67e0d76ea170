/* Training on features that stay in their file. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "formats/idx.h"
#include "support/confusion.h"
#include "support/errors.h"
#include "support/problems.h"
#include "support/suite.h"

enum { ROWS = 90, COLUMNS = 6, HEADER = 12, SHORTER = 20 };

static char directory[] = "/tmp/snug-large-XXXXXX";
static const char gone[] = "images:";

static void write_bytes(const char *name, const unsigned char *bytes, size_t n) {
    FILE *file = fopen(name, "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(bytes, 1, n, file), n);
    fclose(file);
}

/* Two classes by whether the first byte is above the second. */
static void write_data(void) {
    unsigned char images[HEADER + ROWS * COLUMNS] = {0, 0, 8, 2, 0, 0, 0, ROWS, 0, 0, 0, COLUMNS};
    unsigned char labels[8 + ROWS] = {0, 0, 8, 1, 0, 0, 0, ROWS};
    for (size_t i = 0; i < ROWS * COLUMNS; i++) {
        images[HEADER + i] = (unsigned char)(i * i * 31 % 241);
    }
    for (size_t i = 0; i < ROWS; i++) {
        labels[8 + i] = images[HEADER + i * COLUMNS] > images[HEADER + i * COLUMNS + 1];
    }
    write_bytes("images", images, sizeof images);
    write_bytes("labels", labels, sizeof labels);
}

static void enter(void) {
    memcpy(directory + sizeof directory - 7, "XXXXXX", 6);
    ck_assert_ptr_nonnull(mkdtemp(directory));
    ck_assert_int_eq(chdir(directory), 0);
    write_data();
}

static void leave(void) {
    unlink("images");
    unlink("labels");
    ck_assert_int_eq(chdir("/"), 0);
    rmdir(directory);
}

static snug_dataset *open_data(size_t most) {
    snug_dataset *data = snug_idx_dataset("images", "labels", 0, most);
    ck_assert_msg(data != NULL, "%s", snug_error());
    return data;
}

static snug_fit_options options(const char *optimizer) {
    return (snug_fit_options){.optimizer = snug_optimizer_new(optimizer),
                              .epochs = 4,
                              .batch_size = 16,
                              .validation = 0.2,
                              .seed = 3};
}

static char *train(const char *optimizer, size_t most, size_t *size) {
    snug_dataset *data = open_data(most);
    snug_model *model = mlp(COLUMNS, 2);
    snug_fit_options o = options(optimizer);
    char *bytes;
    ck_assert_msg(snug_fit(model, data, &o, NULL) == SNUG_OK, "%s", snug_error());
    ck_assert_int_eq(snug_model_save_to_memory(model, &bytes, size), SNUG_OK);
    snug_dataset_free(data);
    snug_model_free(model);
    return bytes;
}

START_TEST(gives_the_same_bits) {
    static const char *const optimizers[] = {"adam", "lbfgs"};
    for (size_t i = 0; i < 2; i++) {
        size_t held_size, kept_size;
        char *held = train(optimizers[i], ROWS * COLUMNS, &held_size);
        char *kept = train(optimizers[i], 0, &kept_size);
        ck_assert_uint_eq(held_size, kept_size);
        ck_assert_mem_eq(held, kept, held_size);
        snug_free(held);
        snug_free(kept);
    }
}
END_TEST

static void shorten(void) {
    ck_assert_int_eq(truncate("images", SHORTER), 0);
}

/* After the first epoch. */
static bool shorten_meanwhile(const snug_progress *progress, void *user) {
    (void)user;
    if (progress->epoch_end) {
        shorten();
    }
    return true;
}

START_TEST(stops_when_the_file_shrinks) {
    static const char *const optimizers[] = {"adam", "lbfgs"};
    for (size_t i = 0; i < 2; i++) {
        write_data();
        snug_dataset *data = open_data(0);
        snug_model *model = mlp(COLUMNS, 2);
        snug_fit_options o = options(optimizers[i]);
        snug_history *history;
        o.callback = shorten_meanwhile;
        ck_assert_int_eq(snug_fit(model, data, &o, &history), SNUG_ERROR_FILE);
        expect_location(gone);
        ck_assert_uint_eq(snug_history_epoch_count(history), 1);
        snug_history_free(history);
        snug_dataset_free(data);
        snug_model_free(model);
    }
}
END_TEST

START_TEST(tells_it_wherever_rows_are_needed) {
    double means[3], variances[3];
    double counts[4];
    snug_metrics metrics;
    snug_dataset *data = open_data(0);
    snug_model *model = mlp(COLUMNS, 2);
    ck_assert_int_eq(snug_model_set_loss(model, snug_softmax_cross_entropy()), SNUG_OK);
    ck_assert_int_eq(snug_model_init(model, 1), SNUG_OK);
    ck_assert_int_eq(snug_evaluate(model, data, &metrics), SNUG_OK);
    ck_assert_int_eq(confusion_of(model, data, 2, counts), SNUG_OK);
    ck_assert_double_eq(counts[0] + counts[1] + counts[2] + counts[3], ROWS);
    ck_assert_int_eq(snug_model_statistics(model, data, means, variances), SNUG_OK);
    shorten();
    ck_assert_int_eq(snug_evaluate(model, data, &metrics), SNUG_ERROR_FILE);
    expect_location(gone);
    ck_assert_int_eq(confusion_of(model, data, 2, counts), SNUG_ERROR_FILE);
    ck_assert_int_eq(snug_model_statistics(model, data, means, variances), SNUG_ERROR_FILE);
    ck_assert_int_eq(snug_fit(model, data, NULL, NULL), SNUG_ERROR_FILE);
    expect_location(gone);
    snug_dataset_free(data);
    snug_model_free(model);
}
END_TEST

static Suite *large_suite(void) {
    Suite *suite = suite_create("large data");
    TCase *tests = tcase_create("large data");
    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, enter, leave);
    tcase_add_test(tests, gives_the_same_bits);
    tcase_add_test(tests, stops_when_the_file_shrinks);
    tcase_add_test(tests, tells_it_wherever_rows_are_needed);
    return suite;
}

REGISTER_SUITE(large_suite)
