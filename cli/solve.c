#include <stdlib.h>

#include "commands.h"
#include "output.h"

typedef struct solve_options {
    double mean, variance; /* variance 0: 1 */
    const char *convention;
    bool json;
} solve_options;

/* The constants, and a layer with them at the fixed point. */
typedef struct solution {
    double mean, variance, alpha, scale;
    const char *convention;
    snug_theory_layer layer;
} solution;

static void print_json(const solution *s) {
    double rate = snug_theory_spectral_radius(&s->layer);
    cJSON *json = cli_json_object(NULL, NULL);
    cli_json_number(json, "mean", s->mean);
    cli_json_number(json, "variance", s->variance);
    cli_json_string(json, "convention", s->convention);
    cli_json_number(json, "alpha", s->alpha);
    cli_json_number(json, "scale", s->scale);
    cli_json_number(json, "contraction", rate);
    cli_json_number(json, "norm", snug_theory_spectral_norm(&s->layer));
    cli_json_bool(json, "attracting", rate < 1.0);
    cli_json_number(json, "gradient_growth", s->layer.gradient_growth);
    cli_json_number(json, "correlation", s->layer.correlation_near_0);
    cli_json_print(json);
}

static void print_text(const solution *s) {
    double rate = snug_theory_spectral_radius(&s->layer);
    printf("{\"type\": \"selu\", \"alpha\": %.17g, \"scale\": %.17g}\n\n", s->alpha, s->scale);
    printf("keeps mean %g and variance %g with the convention %s\n", s->mean, s->variance,
           s->convention);
    printf("contraction:      %.10g (%s)\n", rate, rate < 1.0 ? "attracting" : "repelling");
    printf("spectral norm:    %.10g\n", snug_theory_spectral_norm(&s->layer));
    printf("gradient growth:  %.10g in each layer\n", s->layer.gradient_growth);
    printf("correlation:      %.10g in each layer\n", s->layer.correlation_near_0);
}

static int run(const cli_list *operands, const void *options) {
    const solve_options *given = options;
    snug_theory_weights weights;
    const char *convention = given->convention;
    solution s = {.mean = given->mean,
                  .variance = given->variance > 0.0 ? given->variance : 1.0,
                  .convention = convention != NULL ? convention : snug_theory_convention_name(0)};
    (void)operands;
    if (snug_theory_convention(s.convention, &weights) != SNUG_OK ||
        snug_theory_solve(s.mean, s.variance, s.convention, &s.alpha, &s.scale) != SNUG_OK ||
        snug_theory_selu(s.alpha, s.scale, &weights, s.mean, s.variance, &s.layer) != SNUG_OK) {
        return cli_library_error();
    }
    if (given->json) {
        print_json(&s);
    } else {
        print_text(&s);
    }
    return CLI_DONE;
}

static const cli_option option_table[] = {
    {"--mean", "M", "the mean that layers are to keep; 0 by default", &cli_real_type,
     offsetof(solve_options, mean)},
    {"--variance", "V", "the variance that layers are to keep, from 1e-16 to 1e16; 1 by default",
     &cli_positive_type, offsetof(solve_options, variance)},
    {"--convention", "NAME", "weights: zero_sum (default), unit_sum or random", &cli_string_type,
     offsetof(solve_options, convention)},
    CLI_JSON_OPTION(solve_options),
    {0},
};

const cli_command cli_solve = {
    .name = "solve",
    .operands = "",
    .summary = "compute alpha and scale of the SELU that keeps a mean and a variance",
    .details = "The sum of a unit's weights is 0 (zero_sum, as in the paper), 1 (unit_sum, as in\n"
               "the authors' program), or differs from unit to unit (random, as lecun_normal\n"
               "draws them); they differ for means other than 0.\n",
    .options = option_table,
    .options_size = sizeof(solve_options),
    .run = run,
};
