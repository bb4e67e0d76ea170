#include <math.h>

#include "tune/importance.h"

/* Quarters of a range, or values of a list beyond which they are joined. */
enum { QUARTERS = 4, MOST_GROUPS = 16 };

/* Ranks of the trials of one group. */
typedef struct group {
    double count, sum;
} group;

static size_t group_count(const snug_dimension *d) {
    size_t count = d->list != NULL ? d->points : QUARTERS;
    return count < MOST_GROUPS ? count : MOST_GROUPS;
}

/* Sets *index to the group of a trial's value. Returns false where it is outside of the space. */
static bool find_group(const snug_tune_plan *plan, size_t dimension, size_t trial, size_t *index) {
    const snug_dimension *d = &plan->space.dimensions[dimension];
    cJSON *values = snug_tune_plan_values(plan, trial);
    double position = 0;
    bool found = values != NULL &&
                 snug_dimension_position(d, cJSON_GetArrayItem(values, (int)dimension), &position);
    size_t count = group_count(d);
    *index = (size_t)(position * (double)count);
    *index = *index < count ? *index : count - 1;
    cJSON_Delete(values);
    return found;
}

/*
 * Returns epsilon squared of a one-way analysis of variance: (SSB - (k - 1) MSW) / SST, of k groups
 * that have trials, at least 0. SSB and SSW are the sums of squares between and within groups, SST
 * is their sum, and MSW = SSW / (n - k). Random groups give 0 on average.
 */
static double epsilon_squared(const group *groups, size_t count, double squares) {
    double n = 0, sum = 0, between = 0, used = 0;
    for (size_t i = 0; i < count; i++) {
        n += groups[i].count;
        sum += groups[i].sum;
        used += groups[i].count > 0;
        between += groups[i].count > 0 ? groups[i].sum * groups[i].sum / groups[i].count : 0;
    }
    double total = squares - sum * sum / n;
    between -= sum * sum / n;
    if (n < SNUG_IMPORTANCE_MIN_TRIALS || n <= used) {
        return (double)NAN;
    }
    double within = (total - between) / (n - used);
    double share = total > 0 ? (between - (used - 1) * within) / total : 0;
    return fmax(0, fmin(1, share));
}

/* Ranks instead of metrics: one trial that is worse by far would otherwise be all the variance. */
static double share_of(const snug_tune_plan *plan, snug_run *const *runs, size_t count,
                       size_t dimension) {
    group groups[MOST_GROUPS] = {{0}};
    double squares = 0;
    for (size_t i = 0; i < count; i++) {
        size_t index;
        if (find_group(plan, dimension, runs[i]->trial, &index)) {
            groups[index].count++;
            groups[index].sum += (double)i;
            squares += (double)i * (double)i;
        }
    }
    return epsilon_squared(groups, group_count(&plan->space.dimensions[dimension]), squares);
}

void snug_importance_compute(const snug_tune_plan *plan, snug_run *const *runs, size_t count,
                             double *shares) {
    for (size_t i = 0; i < plan->space.count; i++) {
        shares[i] = share_of(plan, runs, count, i);
    }
}
