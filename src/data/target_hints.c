#include <math.h>

#include "core/warnings.h"
#include "data/target_hints.h"

enum {
    FEW_CLASSES = 20,     /* so many are ordinary however few rows there are */
    ROWS_OF_A_CLASS = 10, /* on average, from which on classes are ordinary however many they are */
    MIN_ROWS = 20         /* fewer rows show nothing about two values */
};

snug_status snug_warn_of_many_classes(snug_warnings *warnings, const char *where, size_t classes,
                                      size_t rows, bool fractional) {
    bool many = classes > FEW_CLASSES && classes > rows / ROWS_OF_A_CLASS;
    if (classes < 3 || !(fractional || many)) {
        return SNUG_OK;
    }
    return snug_warn(warnings,
                     "%s: the target holds %zu different numbers%s in %zu rows, which look like "
                     "values and are read as classes; \"loss\": \"mse\" takes values",
                     where, classes, fractional ? ", not all of them whole," : "", rows);
}

/* Sets a and b to the two values of a target; fails where there are more, fewer or fractions. */
static bool find_two(const snug_dataset *data, float *a, float *b) {
    size_t found = 0;
    for (size_t i = 0; i < data->count; i++) {
        float value = *snug_dataset_values(data, i);
        if ((found > 0 && value == *a) || (found > 1 && value == *b)) {
            continue;
        }
        if (found == 2 || value != floorf(value)) {
            return false;
        }
        *(found == 0 ? a : b) = value;
        found++;
    }
    return found == 2;
}

snug_status snug_warn_of_two_values(const snug_dataset *data, const char *loss) {
    float a = 0, b = 0;
    const char *name = snug_dataset_target_name(data, 0);
    if (data->storage->outputs != 1 || data->count < MIN_ROWS || !find_two(data, &a, &b)) {
        return SNUG_OK;
    }
    return snug_warn(&data->storage->warnings,
                     "the target \"%s\" is %.9g or %.9g in every row, which look like classes, and "
                     "the loss %s takes values; \"loss\": \"softmax_cross_entropy\" takes classes",
                     name != NULL ? name : "", (double)fminf(a, b), (double)fmaxf(a, b), loss);
}
