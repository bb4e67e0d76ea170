/* The journal: a search that was killed anywhere goes on to the same result. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/memory.h"
#include "files/file.h"
#include "support.h"
#include "support/suite.h"

#define SPACE "{\"train.optimizer.learning_rate\": {\"log_uniform\": [0.001, 0.3]}}"

/* Runs a search with a journal and returns what it found, for snug_free(). */
static char *search(const snug_experiment *e, const char *journal, const char *space) {
    snug_tuning *tuning = tune_run(
        e,
        &(snug_tune_options){
            .space = space, .trials = 8, .rungs = 2, .ensemble = 3, .jobs = 2, .journal = journal});
    char *text = tune_describe(tuning);
    snug_tuning_free(tuning);
    return text;
}

static void write_bytes(const char *path, const char *bytes, size_t size) {
    FILE *stream = fopen(path, "wb");
    ck_assert_ptr_nonnull(stream);
    ck_assert_uint_eq(fwrite(bytes, 1, size, stream), size);
    fclose(stream);
}

/* Returns whether a search that left the first `size` bytes of a journal ends as the whole did. */
static bool resumes(const snug_experiment *e, const char *bytes, size_t size, const char *wanted) {
    char *journal = snug_copy_string(tune_folder_path("journal.jsonl"));
    write_bytes(journal, bytes, size);
    char *text = search(e, journal, SPACE);
    bool same = strcmp(text, wanted) == 0;
    snug_free(text);
    snug_release(journal);
    return same;
}

/* Returns the bytes of the file of a journal, for snug_release(). */
static char *read_journal(const char *journal, size_t *size) {
    char *bytes = snug_file_read(journal, size);
    ck_assert_msg(bytes != NULL, "%s", snug_error());
    return bytes;
}

START_TEST(resumes_after_each_line_and_within_lines) {
    snug_experiment *e = tune_folder_make(", \"validation\": 0.25");
    char *journal = snug_copy_string(tune_folder_path("journal.jsonl"));
    char *wanted = search(e, NULL, SPACE), *whole = search(e, journal, SPACE);
    ck_assert_str_eq(wanted, whole);
    size_t size, lines = 0;
    char *bytes = read_journal(journal, &size);
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] == '\n') {
            lines++;
            ck_assert(resumes(e, bytes, i + 1, wanted)); /* the line is whole */
            ck_assert(resumes(e, bytes, i, wanted));     /* its end is missing */
        } else if (i % 97 == 0) {
            ck_assert(resumes(e, bytes, i, wanted));
        }
    }
    ck_assert_uint_eq(lines, 1 + 8 + 3); /* the header, rung 0, and 3 of rung 1 */
    snug_release(bytes);
    snug_free(whole);
    snug_free(wanted);
    snug_release(journal);
    snug_experiment_free(e);
    tune_folder_remove();
}
END_TEST

/* Models beside the journal take the place of training again; they are removed at the end. */
static bool stop_after_six(const snug_tune_progress *at, void *user) {
    (void)user;
    return at->done < 6;
}

START_TEST(keeps_models_until_the_end) {
    snug_experiment *e = tune_folder_make(", \"validation\": 0.25");
    char *journal = snug_copy_string(tune_folder_path("journal.jsonl"));
    char *wanted = search(e, NULL, SPACE);
    snug_tuning *tuning;
    snug_tune_options options = {.space = SPACE,
                                 .trials = 8,
                                 .rungs = 2,
                                 .ensemble = 3,
                                 .jobs = 1,
                                 .journal = journal,
                                 .callback = stop_after_six};
    ck_assert_int_eq(snug_tune(e, &options, &tuning), SNUG_STOPPED);
    snug_trial best;
    ck_assert_int_eq(snug_tuning_trial(tuning, 0, &best), SNUG_OK);
    char *model = snug_format("%s.trial-%zu-%zu.safetensors", journal, best.number, best.rung);
    ck_assert_int_eq(access(model, R_OK), 0);
    char *text = search(e, journal, SPACE);
    ck_assert_str_eq(text, wanted);
    ck_assert_int_ne(access(model, R_OK), 0);
    snug_release(model);
    snug_free(text);
    snug_tuning_free(tuning);
    snug_free(wanted);
    snug_release(journal);
    snug_experiment_free(e);
    tune_folder_remove();
}
END_TEST

static void refuse(const snug_experiment *e, const char *space, const char *what) {
    char *journal = snug_copy_string(tune_folder_path("journal.jsonl"));
    snug_tuning *tuning;
    ck_assert_int_eq(
        snug_tune(e,
                  &(snug_tune_options){.space = space, .trials = 8, .rungs = 2, .journal = journal},
                  &tuning),
        SNUG_ERROR_FILE);
    ck_assert_msg(strstr(snug_error(), what) != NULL, "%s", snug_error());
    snug_release(journal);
}

START_TEST(refuses_journals_of_others) {
    snug_experiment *e = tune_folder_make(", \"validation\": 0.25");
    char *journal = snug_copy_string(tune_folder_path("journal.jsonl"));
    snug_free(search(e, journal, SPACE));
    refuse(e, "{\"train.epochs\": [2, 3]}", "whose \"space\" differs");
    static const char damaged[] = "{\"snug\":\n", other[] = "{}\n";
    write_bytes(journal, damaged, sizeof damaged - 1);
    refuse(e, SPACE, ":1: is no line of a journal");
    write_bytes(journal, other, sizeof other - 1);
    refuse(e, SPACE, "whose \"snug\" differs");
    size_t size;
    static const char without_end[] = "{\"data\": {\"train\": \"table.csv\"}}";
    write_bytes(journal, without_end, sizeof without_end - 1);
    refuse(e, SPACE, ":1: is no line of a journal");
    char *bytes = read_journal(journal, &size); /* it is as it was */
    ck_assert_uint_eq(size, sizeof without_end - 1);
    ck_assert(memcmp(bytes, without_end, size) == 0);
    snug_release(bytes);
    ck_assert_int_eq(remove(journal), 0);
    ck_assert_int_eq(mkfifo(journal, 0600), 0);
    refuse(e, SPACE, "a journal must be a regular file");
    snug_release(journal);
    snug_experiment_free(e);
    tune_folder_remove();
}
END_TEST

static void count_warnings(snug_log_level level, const char *message, void *user) {
    ck_assert_int_eq(level, SNUG_LOG_WARNING);
    *(size_t *)user += strstr(message, "journal.jsonl") != NULL &&
                       strstr(message, "goes on without its journal") != NULL;
}

/* A disk that is full after a while: one warning, the same result, and a journal to go on with. */
START_TEST(a_full_disk_costs_no_results) {
    snug_experiment *e = tune_folder_make(", \"validation\": 0.25");
    char *journal = snug_copy_string(tune_folder_path("journal.jsonl"));
    char *wanted = search(e, NULL, SPACE);
    struct rlimit before, limited;
    size_t warnings = 0, size;
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
    limited = (struct rlimit){.rlim_cur = 700, .rlim_max = before.rlim_max};
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    snug_set_log(count_warnings, &warnings);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limited), 0);
    char *text = search(e, journal, SPACE);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
    snug_set_log(NULL, NULL);
    signal(SIGXFSZ, handler);
    ck_assert_str_eq(text, wanted);
    ck_assert_uint_eq(warnings, 1);
    char *bytes = read_journal(journal, &size);
    ck_assert_uint_le(size, 700);
    ck_assert(resumes(e, bytes, size, wanted));
    snug_release(bytes);
    snug_free(text);
    snug_free(wanted);
    snug_release(journal);
    snug_experiment_free(e);
    tune_folder_remove();
}
END_TEST

static Suite *journal(void) {
    Suite *suite = suite_create("journal");
    TCase *tests = tcase_create("journal");
    tcase_add_test(tests, keeps_models_until_the_end);
    tcase_add_test(tests, refuses_journals_of_others);
    tcase_add_test(tests, a_full_disk_costs_no_results);
    suite_add_tcase(suite, tests);
    TCase *many = tcase_create("each line");
    tcase_set_tags(many, "exhaustive");
    tcase_add_test(many, resumes_after_each_line_and_within_lines);
    suite_add_tcase(suite, many);
    return suite;
}

REGISTER_SUITE(journal)
