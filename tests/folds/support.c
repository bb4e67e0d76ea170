#include <stdio.h>
#include <string.h>

#include <check.h>

#include "support.h"

snug_experiment *folds_experiment(const char *train) {
    char text[1024];
    snprintf(text, sizeof text,
             "{\"data\": {\"train\": \"none.csv\", \"scaling\": \"robust_clip\"}, \"model\": "
             "{\"layers\": [{\"type\": \"dense\", \"units\": 6}, \"selu\", {\"type\": \"dense\", "
             "\"units\": \"classes\"}]}, \"train\": {\"batch_size\": 8, \"seed\": 3, %s}}",
             train);
    snug_experiment *e = snug_experiment_parse(text, strlen(text), NULL);
    ck_assert_msg(e != NULL, "%s", snug_error());
    return e;
}

snug_folds *folds_train(const snug_experiment *e, const snug_dataset *rows,
                        snug_folds_options options) {
    snug_folds *folds;
    ck_assert_msg(snug_folds_train(e, rows, &options, &folds) == SNUG_OK, "%s", snug_error());
    return folds;
}
