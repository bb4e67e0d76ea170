#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <check.h>

#include "core/memory.h"
#include "support.h"

static char folder[32];

static void write_table(const char *path) {
    FILE *stream = fopen(path, "w");
    ck_assert_ptr_nonnull(stream);
    fputs("a,b,kind\n", stream);
    for (int i = 0; i < 90; i++) {
        fprintf(stream, "%d.%d,%d,%s\n", i * 31 % 17, i % 10, i * 7 % 11,
                (i * 31 % 17 + i * 7 % 11 + i % 4) % 28 > 13 ? "yes" : "no");
    }
    fclose(stream);
}

const char *tune_folder_path(const char *name) {
    static char path[sizeof folder + 257];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

snug_experiment *tune_folder_make(const char *validation) {
    strcpy(folder, "snug-tune-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    write_table(tune_folder_path("table.csv"));
    char *text = snug_format(
        "{\"data\": {\"train\": \"table.csv\", \"test\": 0.2%s}, \"model\": {\"layers\": "
        "[{\"type\": \"dense\", \"units\": 6}, \"selu\", {\"type\": \"dense\", \"units\": "
        "\"classes\"}]}, \"train\": {\"epochs\": 9, \"batch_size\": 16, \"seed\": 3, "
        "\"optimizer\": {\"type\": \"adam\", \"learning_rate\": 0.01}}}",
        validation);
    snug_experiment *e =
        snug_experiment_parse(text, strlen(text), tune_folder_path("experiment.json"));
    ck_assert_msg(e != NULL, "%s", snug_error());
    snug_release(text);
    return e;
}

void tune_folder_remove(void) {
    DIR *directory = opendir(folder);
    ck_assert_ptr_nonnull(directory);
    for (const struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        (void)remove(tune_folder_path(entry->d_name));
    }
    closedir(directory);
    ck_assert_int_eq(rmdir(folder), 0);
}

snug_tuning *tune_run(const snug_experiment *experiment, const snug_tune_options *options) {
    snug_tuning *tuning;
    snug_status status = snug_tune(experiment, options, &tuning);
    ck_assert_msg(status == SNUG_OK, "%s", snug_error());
    return tuning;
}

static unsigned long hash(const char *bytes, size_t size) {
    unsigned long sum = 5381;
    for (size_t i = 0; i < size; i++) {
        sum = sum * 33 + (unsigned char)bytes[i];
    }
    return sum;
}

char *tune_describe(const snug_tuning *tuning) {
    char *text = snug_tuning_config(tuning), *bytes;
    size_t size;
    ck_assert_ptr_nonnull(text);
    for (size_t i = 0; i < snug_tuning_trial_count(tuning); i++) {
        snug_trial t;
        ck_assert_int_eq(snug_tuning_trial(tuning, i, &t), SNUG_OK);
        char *longer = snug_format("%s\n%zu %s %s %.17g %.17g %zu %zu %s", text, t.number, t.values,
                                   snug_trial_status_name(t.status), t.metric, t.loss, t.rung,
                                   t.epochs, t.message);
        snug_free(text);
        text = longer;
    }
    for (size_t i = 0; i < snug_tuning_member_count(tuning); i++) {
        snug_tuning_member m;
        ck_assert_int_eq(snug_tuning_get_member(tuning, i, &m), SNUG_OK);
        char *longer = snug_format("%s\n%zu x %zu", text, m.trial, m.weight);
        snug_free(text);
        text = longer;
    }
    ck_assert_int_eq(snug_model_save_to_memory(snug_tuning_model(tuning), &bytes, &size), SNUG_OK);
    char *whole = snug_format("%s\n%lx\n%.17g", text, hash(bytes, size),
                              snug_metrics_get(snug_tuning_test(tuning), "loss"));
    snug_free(bytes);
    snug_free(text);
    return whole;
}
