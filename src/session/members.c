#include <string.h>

#include "session/members.h"

/* ---- outputs --------------------------------------------------------------------------------- */

/*
 * Averages the members of some samples, whose rows begin at z, into the same samples of
 * arena.averaged.
 */
static void average(const snug_session *session, snug_row_range rows, const float *z) {
    const snug_activation_kind *output = session->output;
    const size_t members = session->model->plan->members, outputs = session->model->plan->outputs;
    const size_t first = rows.first * outputs;
    float *predictions = session->arena.predictions + first * members;
    double *means = session->arena.means + first;
    output->forward(NULL, rows.count * members, outputs, z, predictions);
    memset(means, 0, rows.count * outputs * sizeof *means);
    for (size_t i = 0; i < rows.count; i++) {
        for (size_t m = 0; m < members; m++) {
            for (size_t j = 0; j < outputs; j++) {
                means[i * outputs + j] += (double)predictions[(i * members + m) * outputs + j];
            }
        }
    }
    for (size_t i = 0; i < rows.count * outputs; i++) {
        means[i] /= (double)members;
    }
    output->inverse(NULL, rows.count, outputs, means, session->arena.averaged + first);
}

void snug_session_average(const snug_session *session, snug_row_range rows, const float *z) {
    if (snug_session_result(session, z) != z) {
        average(session, rows, z);
    }
}

/* ---- targets --------------------------------------------------------------------------------- */

/* Writes each of `rows` rows of `columns` floats `times` times. */
static void repeat_floats(size_t rows, size_t columns, size_t times, const float *from, float *to) {
    for (size_t i = 0; i < rows; i++) {
        for (size_t k = 0; k < times; k++) {
            memcpy(to + (i * times + k) * columns, from + i * columns, columns * sizeof *to);
        }
    }
}

static void repeat_classes(size_t rows, size_t times, const int32_t *from, int32_t *to) {
    for (size_t i = 0; i < rows; i++) {
        for (size_t k = 0; k < times; k++) {
            to[i * times + k] = from[i];
        }
    }
}

void snug_session_repeat_targets(snug_session *session) {
    const size_t members = snug_session_members(session), rows = session->last.rows;
    snug_targets *targets = &session->last.targets;
    snug_repeated_targets *to = &session->arena.repeated;
    if (members == 1) {
        return;
    }
    session->last.of_samples = *targets;
    if (targets->values != NULL) {
        repeat_floats(rows, session->model->plan->outputs, members, targets->values, to->values);
        targets->values = to->values;
    }
    if (targets->classes != NULL) {
        repeat_classes(rows, members, targets->classes, to->classes);
        targets->classes = to->classes;
    }
    if (targets->weights != NULL) {
        repeat_floats(rows, 1, members, targets->weights, to->weights);
        targets->weights = to->weights;
    }
}

void snug_session_merge_members(snug_session *session) {
    snug_last_pass *last = &session->last;
    if (snug_session_members(session) > 1) {
        average(session, (snug_row_range){0, last->rows}, last->values);
        last->values = session->arena.averaged;
        last->targets = last->of_samples;
    }
}
