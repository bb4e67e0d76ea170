#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "output.h"

typedef struct theory_options {
    const char *convention;
    bool json;
} theory_options;

/* The theory of one activation. */
typedef struct prediction {
    const char *activation;
    snug_theory_layer standard; /* a layer whose z is standard normal */
    snug_theory_fixed_point point;
} prediction;

/* ---- printing -------------------------------------------------------------------------------- */

/* Returns a number to print with six decimals; one that is 0 but for rounding without a sign. */
static double without_sign(double number) {
    return fabs(number) < 5e-7 ? 0.0 : number;
}

static void add_number(cli_table *table, double number) {
    cli_table_cell(table, "%.6f", without_sign(number));
}

static const char *attraction_of(const snug_theory_fixed_point *point) {
    if (point->attracting) {
        return "attracting";
    }
    return fabs(point->rate - 1.0) < 5e-7 ? "neither" : "repelling";
}

enum { LIMIT_SIZE = 32 };

static void write_limit(double limit, char *buffer) {
    if (isinf(limit)) {
        snprintf(buffer, LIMIT_SIZE, "infinity");
    } else if (isnan(limit)) {
        snprintf(buffer, LIMIT_SIZE, "-");
    } else {
        snprintf(buffer, LIMIT_SIZE, limit > 0.0 ? "%.6f" : "%.0f", limit);
    }
}

/* Adds the limit, or the limits from below and above. */
static void add_limits(cli_table *table, const snug_theory_fixed_point *point) {
    char below[LIMIT_SIZE], above[LIMIT_SIZE];
    write_limit(point->limit_below, below);
    write_limit(point->limit_above, above);
    if (strcmp(below, above) == 0) {
        cli_table_cell(table, "%s", above);
    } else {
        cli_table_cell(table, "%s or %s", below, above);
    }
}

static void add_row(cli_table *table, const prediction *p) {
    const snug_theory_fixed_point *point = &p->point;
    char *name = cli_printable(p->activation);
    cli_table_cell(table, "%s", name);
    free(name);
    add_number(table, p->standard.mean);
    add_number(table, p->standard.second_moment);
    add_number(table, p->standard.gradient_growth);
    add_number(table, p->standard.correlation_near_1);
    add_number(table, p->standard.correlation_near_0);
    if (point->found) {
        cli_table_cell(table, "mean %.6f, variance %.6f", without_sign(point->mean),
                       point->variance);
        cli_table_cell(table, "%s", attraction_of(point));
        add_number(table, point->rate);
    } else {
        cli_table_cell(table, "none");
        cli_table_cell(table, "-");
        cli_table_cell(table, "-");
    }
    add_limits(table, point);
}

/* Says which activations have another attracting fixed point. */
static void print_others(const prediction *predictions, size_t count) {
    const char *before = "\n";
    for (size_t i = 0; i < count; i++) {
        const snug_theory_fixed_point *point = &predictions[i].point;
        if (point->other_variance > 0.0) {
            char *name = cli_printable(predictions[i].activation);
            printf("%s%s: another attracting fixed point at mean %.6f, variance %.6f, rate %.6f\n",
                   before, name, without_sign(point->other_mean), point->other_variance,
                   point->other_rate);
            free(name);
            before = "";
        }
    }
}

static void print_table(const prediction *predictions, size_t count, const char *convention) {
    static const char *const heads[] = {
        "activation",  "mean",        "2nd moment", "gradients", "chi_1",
        "correlation", "fixed point", "",           "rate",      "variance 1 becomes"};
    cli_table table = {.align = "lrrrrrllrl"};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        cli_table_cell(&table, "%s", heads[i]);
    }
    for (size_t i = 0; i < count; i++) {
        add_row(&table, &predictions[i]);
    }
    cli_table_print(&table);
    print_others(predictions, count);
    printf(
        "\n"
        "mean, 2nd moment:   of f(z) for a standard normal z\n"
        "gradients:          growth of their second moment in each layer, E f'^2\n"
        "chi_1:              E f'^2 / Var f, the same of f scaled to variance 1; growth of the\n"
        "                    distance of two samples whose correlation is near 1\n"
        "correlation:        factor of a small correlation of two samples, (E z f)^2 / Var f\n"
        "fixed point:        mean and variance that layers keep\n"
        "rate:               factor of a small distance to the fixed point in each layer\n"
        "variance 1 becomes: what layers make of mean 0 and variance 1 in the end; two numbers:\n"
        "                    of a variance a little below 1, and of one a little above\n"
        "convention:         %s; others by --convention; lecun_normal draws random weights\n",
        convention);
}

static void add_limit(cJSON *json, const char *key, double limit) {
    if (isinf(limit)) {
        cli_json_string(json, key, "infinity");
    } else {
        cli_json_number(json, key, limit);
    }
}

static void add_point(cJSON *json, const snug_theory_fixed_point *point) {
    if (!point->found) {
        cli_json_number(json, "fixed_point", NAN); /* null */
        return;
    }
    cJSON *member = cli_json_object(json, "fixed_point");
    cli_json_number(member, "mean", point->mean);
    cli_json_number(member, "variance", point->variance);
    cli_json_bool(member, "attracting", point->attracting);
    cli_json_number(member, "rate", point->rate);
    cli_json_number(member, "norm", point->norm);
    cli_json_number(member, "gradient_growth", point->layer.gradient_growth);
    cli_json_number(member, "chi_1", point->layer.correlation_near_1);
    cli_json_number(member, "correlation", point->layer.correlation_near_0);
}

static void add_other_point(cJSON *json, const snug_theory_fixed_point *point) {
    if (!(point->other_variance > 0.0)) {
        cli_json_number(json, "other_fixed_point", NAN); /* null */
        return;
    }
    cJSON *member = cli_json_object(json, "other_fixed_point");
    cli_json_number(member, "mean", point->other_mean);
    cli_json_number(member, "variance", point->other_variance);
    cli_json_number(member, "rate", point->other_rate);
}

static void print_json(const prediction *predictions, size_t count, const char *convention) {
    cJSON *json = cli_json_object(NULL, NULL);
    cli_json_string(json, "convention", convention);
    cJSON *array = cli_json_array(json, "activations");
    for (size_t i = 0; i < count; i++) {
        const prediction *p = &predictions[i];
        cJSON *row = cli_json_object(array, NULL);
        cli_json_string(row, "activation", p->activation);
        cli_json_number(row, "mean", p->standard.mean);
        cli_json_number(row, "variance", p->standard.variance);
        cli_json_number(row, "second_moment", p->standard.second_moment);
        cli_json_number(row, "slope", p->standard.slope);
        cli_json_number(row, "squared_slope", p->standard.squared_slope);
        cli_json_number(row, "gradient_growth", p->standard.gradient_growth);
        cli_json_number(row, "chi_1", p->standard.correlation_near_1);
        cli_json_number(row, "correlation", p->standard.correlation_near_0);
        add_point(row, &p->point);
        add_other_point(row, &p->point);
        add_limit(row, "limit", p->point.limit);
        add_limit(row, "limit_below", p->point.limit_below);
        add_limit(row, "limit_above", p->point.limit_above);
    }
    cli_json_print(json);
}

/* ---- computing ------------------------------------------------------------------------------- */

static snug_status predict(const char *spec, const snug_theory_weights *weights, prediction *p) {
    p->activation = spec;
    snug_status status = snug_theory_activation(spec, NULL, 0.0, 1.0, &p->standard);
    return status == SNUG_OK ? snug_theory_find_fixed_point(spec, weights, &p->point) : status;
}

/* Those that are named. Returns an exit status. */
static int predict_named(const cli_list *specs, const snug_theory_weights *weights,
                         prediction *predictions) {
    for (size_t i = 0; i < specs->count; i++) {
        if (predict(specs->items[i], weights, &predictions[i]) != SNUG_OK) {
            return cli_library_error();
        }
    }
    return CLI_DONE;
}

/*
 * All that need nothing but their name, with the defaults of their fields: not those of whole rows,
 * as softmax. Returns an exit status.
 */
static int predict_all(const snug_theory_weights *weights, prediction *predictions, size_t *count) {
    const snug_kind *kind;
    for (size_t i = 0; (kind = snug_kind_at(SNUG_GROUP_ACTIVATION, i)) != NULL; i++) {
        snug_status status = predict(kind->name, weights, &predictions[*count]);
        if (status == SNUG_ERROR_MEMORY) {
            return cli_library_error();
        }
        *count += status == SNUG_OK;
    }
    return CLI_DONE;
}

static size_t count_kinds(void) {
    size_t count = 0;
    while (snug_kind_at(SNUG_GROUP_ACTIVATION, count) != NULL) {
        count++;
    }
    return count;
}

static int run(const cli_list *operands, const void *options) {
    const theory_options *given = options;
    snug_theory_weights weights;
    if (snug_theory_convention(given->convention, &weights) != SNUG_OK) {
        return cli_library_error();
    }
    size_t count = operands->count;
    prediction *predictions = cli_allocate(count > 0 ? count : count_kinds(), sizeof *predictions);
    int status = count > 0 ? predict_named(operands, &weights, predictions)
                           : predict_all(&weights, predictions, &count);
    const char *convention =
        given->convention != NULL ? given->convention : snug_theory_convention_name(0);
    if (status == CLI_DONE && given->json) {
        print_json(predictions, count, convention);
    } else if (status == CLI_DONE) {
        print_table(predictions, count, convention);
    }
    free(predictions);
    return status;
}

static const cli_option option_table[] = {
    {"--convention", "NAME", "weights: zero_sum (default), unit_sum or random", &cli_string_type,
     offsetof(theory_options, convention)},
    CLI_JSON_OPTION(theory_options),
    {0},
};

const cli_command cli_theory = {
    .name = "theory",
    .operands = "[ACTIVATION]...",
    .summary = "compute what wide layers make of mean, variance, gradients and correlation",
    .details = "By default of all elementwise activations. An activation is a name, or a JSON\n"
               "object: '{\"type\": \"elu\", \"alpha\": 1.5}'. The sum of a unit's weights is 0\n"
               "(zero_sum, as in the paper), 1 (unit_sum), or differs from unit to unit (random,\n"
               "as lecun_normal draws them); the sum of their squares is 1. They differ where\n"
               "f(z) has a mean other than 0.\n",
    .min_operands = 0,
    .max_operands = 64,
    .options = option_table,
    .options_size = sizeof(theory_options),
    .print_operands = cli_print_activations,
    .run = run,
};
