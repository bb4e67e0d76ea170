/* Values of a space: random draws, and the combinations of a grid. */
#include <math.h>
#include <stdio.h>

#include "core/locale.h"
#include "core/memory.h"
#include "core/number.h"
#include "core/status.h"
#include "math/random.h"
#include "tune/space.h"

/* The most combinations of a grid. */
enum { MAX_COMBINATIONS = 1000000 };

double snug_space_draw(uint64_t seed, size_t trial, size_t dimension) {
    const snug_random stream = {seed, SNUG_PURPOSE_TUNE, (uint32_t)trial};
    return ((double)snug_random_bits(&stream, dimension) + 0.5) * 0x1p-32;
}

/* ---- ranges ---------------------------------------------------------------------------------- */

static double between(double low, double high, double position) {
    return low + (high - low) * position;
}

static double clamp(double x, double low, double high) {
    return x < low ? low : x > high ? high : x;
}

/*
 * Rounds to 4 significant digits: of the number itself where ratios matter, otherwise of the width
 * of the range, so that it keeps thousands of different values wherever it is.
 */
static double round_digits(const snug_dimension *d, double x) {
    char digits[512];
    locale_t old_locale = snug_locale_enter();
    if (d->distribution->logarithmic) {
        snprintf(digits, sizeof digits, "%.3e", x);
    } else {
        int decimals = 3 - (int)floor(log10(d->high - d->low));
        snprintf(digits, sizeof digits, "%.*f", decimals > 0 ? decimals : 0, x);
    }
    double rounded = snug_parse_double(digits);
    snug_locale_leave(old_locale);
    return rounded;
}

/*
 * Returns a whole number from low to high: number k has the share of the distribution from k - 0.5
 * to k + 0.5, so that in an "integer" range all are equally likely.
 */
static double whole_value(const snug_dimension *d, double position) {
    double low = d->low - 0.5, high = d->high + 0.5;
    if (d->distribution->logarithmic) {
        return round(exp(between(log(low), log(high), position)));
    }
    return round(between(low, high, position));
}

static double range_value(const snug_dimension *d, double position) {
    double x;
    if (d->distribution->whole) {
        x = whole_value(d, position);
    } else if (d->distribution->logarithmic) {
        x = round_digits(d, exp(between(log(d->low), log(d->high), position)));
    } else {
        x = round_digits(d, between(d->low, d->high, position));
    }
    return clamp(x, d->low, d->high);
}

/* ---- values ---------------------------------------------------------------------------------- */

static cJSON *check_memory(cJSON *json) {
    if (json == NULL) {
        snug_fail_memory(1);
    }
    return json;
}

static cJSON *list_value(const snug_dimension *d, size_t index) {
    return check_memory(cJSON_Duplicate(cJSON_GetArrayItem(d->list, (int)index), true));
}

cJSON *snug_dimension_value(const snug_dimension *d, double position) {
    if (d->list == NULL) {
        return check_memory(cJSON_CreateNumber(range_value(d, position)));
    }
    size_t index = (size_t)(position * (double)d->points);
    return list_value(d, index < d->points ? index : d->points - 1);
}

bool snug_dimension_position(const snug_dimension *d, const cJSON *value, double *position) {
    if (d->list != NULL) {
        size_t index = 0;
        const cJSON *item = d->list->child;
        for (; item != NULL && !cJSON_Compare(item, value, true); item = item->next) {
            index++;
        }
        *position = ((double)index + 0.5) / (double)d->points;
        return item != NULL;
    }
    if (!cJSON_IsNumber(value) || value->valuedouble < d->low || value->valuedouble > d->high) {
        return false;
    }
    double x = value->valuedouble;
    *position = d->distribution->logarithmic ? log(x / d->low) / log(d->high / d->low)
                                             : (x - d->low) / (d->high - d->low);
    return true;
}

/* ---- grid ------------------------------------------------------------------------------------ */

snug_status snug_space_grid_count(const snug_space *space, size_t *count) {
    *count = 1;
    for (size_t i = 0; i < space->count; i++) {
        const snug_dimension *d = &space->dimensions[i];
        if (d->points == 0) {
            return snug_fail(SNUG_ERROR_CONFIG,
                             "%s: a grid needs a list of values, or \"points\": N beside the range",
                             d->path);
        }
        if (!snug_multiply(*count, d->points, count) || *count > MAX_COMBINATIONS) {
            return snug_fail(SNUG_ERROR_CONFIG, "the grid has more than %d combinations",
                             MAX_COMBINATIONS);
        }
    }
    return SNUG_OK;
}

/* The last dimension varies fastest. */
cJSON *snug_space_grid_value(const snug_space *space, size_t index, size_t dimension) {
    for (size_t i = space->count - 1; i > dimension; i--) {
        index /= space->dimensions[i].points;
    }
    const snug_dimension *d = &space->dimensions[dimension];
    index %= d->points;
    if (d->list != NULL) {
        return list_value(d, index);
    }
    double share = (double)index / (double)(d->points - 1);
    double x = d->distribution->logarithmic ? exp(between(log(d->low), log(d->high), share))
                                            : between(d->low, d->high, share);
    x = d->distribution->whole ? round(x) : round_digits(d, x);
    return check_memory(cJSON_CreateNumber(clamp(x, d->low, d->high)));
}
