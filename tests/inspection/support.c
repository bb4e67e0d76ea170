#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "inspection/support.h"

snug_model *inspected_model(size_t inputs, const char *layers, const char *loss) {
    char config[4000];
    int n = snprintf(config, sizeof config, "{\"model\": {\"inputs\": %zu, \"layers\": %s}}",
                     inputs, layers);
    ck_assert(n > 0 && (size_t)n < sizeof config);
    snug_model *model = snug_model_parse_config(config, (size_t)n);
    ck_assert_msg(model != NULL, "%s", snug_error());
    ck_assert_int_eq(snug_model_init(model, 11), SNUG_OK);
    ck_assert_int_eq(snug_model_set_loss(model, snug_loss_new(loss)), SNUG_OK);
    return model;
}

snug_dataset *normal_rows(size_t rows, size_t columns) {
    static float x[1 << 19];
    static int32_t classes[1 << 14];
    const snug_random stream = {.seed = 21, .purpose = 5};
    ck_assert(rows * columns <= sizeof x / sizeof *x && rows <= sizeof classes / sizeof *classes);
    snug_random_normal(&stream, 0, rows * columns, x);
    for (size_t i = 0; i < rows; i++) {
        classes[i] = (int32_t)(i % 3);
    }
    return snug_dataset_from_arrays(x, rows, columns, classes);
}

snug_inspection *inspect(const snug_model *model, const snug_dataset *data,
                         const snug_inspect_options *options) {
    snug_inspection *found = snug_inspect(model, data, options);
    ck_assert_msg(found != NULL, "%s", snug_error());
    return found;
}

const snug_layer_statistics *layer_of(const snug_inspection *found, size_t layer) {
    const snug_layer_statistics *statistics = snug_inspection_layer(found, layer);
    ck_assert_ptr_nonnull(statistics);
    return statistics;
}

void expect_near(double got, double wanted) {
    ck_assert_msg(fabs(got - wanted) <= 1e-5 * fmax(fabs(wanted), 1e-3), "%.9g instead of %.9g",
                  got, wanted);
}
