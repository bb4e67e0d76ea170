#include <math.h>
#include <stdlib.h>

#include "coordinates.h"
#include "output.h"

/* The widths, and what was measured of each. */
typedef struct coordinate_check {
    size_t count;
    snug_coordinates *widths; /* owned */
} coordinate_check;

static double size_at(const snug_coordinates *c, size_t step, size_t layer) {
    return c->sizes[step * c->layer_count + layer];
}

/* ---- printing -------------------------------------------------------------------------------- */

static void add_heads(cli_table *table, size_t steps) {
    static const char *const heads[] = {"layer", "type", "width"};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        cli_table_cell(table, "%s", heads[i]);
    }
    for (size_t step = 0; step <= steps; step++) {
        cli_table_cell(table, "step_%zu", step);
    }
}

/* The factor from the smallest to the largest size of a layer over the widths, after a step. */
static double spread(const coordinate_check *check, size_t step, size_t layer) {
    double least = (double)INFINITY, most = 0;
    for (size_t k = 0; k < check->count; k++) {
        double size = size_at(&check->widths[k], step, layer);
        least = size < least ? size : least;
        most = size > most ? size : most;
    }
    return most / least;
}

static void print_spread(const coordinate_check *check) {
    const snug_coordinates *first = &check->widths[0];
    size_t worst = 0;
    double largest = 0;
    for (size_t i = 0; i < first->layer_count; i++) {
        double factor = spread(check, first->steps, i);
        if (factor > largest) {
            largest = factor;
            worst = i;
        }
    }
    printf("\nmean absolute outputs of each layer");
    if (check->count > 1) {
        printf("; after %zu steps those of layer %zu differ most between widths: by a factor of "
               "%.2f",
               first->steps, worst, largest);
    }
    printf("\n");
}

static void print_table(const coordinate_check *check) {
    const snug_coordinates *first = &check->widths[0];
    char *align = cli_allocate(first->steps + 5, 1);
    for (size_t j = 0; j < first->steps + 4; j++) {
        align[j] = j == 1 ? 'l' : 'r';
    }
    cli_table table = {.align = align};
    add_heads(&table, first->steps);
    for (size_t i = 0; i < first->layer_count; i++) {
        for (size_t k = 0; k < check->count; k++) {
            cli_table_cell(&table, "%zu", i);
            cli_table_cell(&table, "%s", first->layers[i].type);
            cli_table_cell(&table, "%zu", check->widths[k].width);
            for (size_t step = 0; step <= first->steps; step++) {
                cli_table_number(&table, size_at(&check->widths[k], step, i));
            }
        }
    }
    cli_table_print(&table);
    free(align);
    print_spread(check);
}

static void add_width(cJSON *widths, const snug_coordinates *c) {
    cJSON *json = cli_json_object(widths, NULL);
    cli_json_count(json, "width", c->width);
    cJSON *layers = cli_json_array(json, "layers");
    for (size_t i = 0; i < c->layer_count; i++) {
        cJSON *layer = cli_json_object(layers, NULL);
        cli_json_string(layer, "type", c->layers[i].type);
        cli_json_count(layer, "output", c->layers[i].outputs);
        cJSON *sizes = cli_json_array(layer, "sizes");
        for (size_t step = 0; step <= c->steps; step++) {
            cli_json_number(sizes, NULL, size_at(c, step, i));
        }
    }
}

static void print_json(const coordinate_check *check) {
    cJSON *json = cli_json_object(NULL, NULL);
    cli_json_count(json, "steps", check->widths[0].steps);
    cJSON *widths = cli_json_array(json, "widths");
    for (size_t k = 0; k < check->count; k++) {
        add_width(widths, &check->widths[k]);
    }
    cli_json_warnings(json);
    cli_json_print(json);
}

static int draw(const coordinate_check *check, const char *path) {
    char *picture = snug_plot_coordinates(check->widths, check->count);
    int status = picture != NULL ? cli_output_text(path, picture) : cli_library_error();
    snug_free(picture);
    return status;
}

/* ---- measuring ------------------------------------------------------------------------------- */

/*
 * Trains the model with result->width, and sets the result. Each run takes over a loss, an
 * optimizer and schedules: those of the first are open already.
 */
static int measure(cli_experiment *opened, const cli_coordinate_options *given,
                   snug_coordinates *result) {
    enum { STEPS = 4 };
    const size_t width = result->width, steps = given->steps > 0 ? given->steps : STEPS;
    if (opened->options.optimizer == NULL &&
        snug_experiment_options(opened->experiment, &opened->options) != SNUG_OK) {
        return cli_library_error();
    }
    snug_fit_options options = opened->options;
    options.validation_data = opened->validation;
    options.threads = given->threads;
    opened->options = (snug_fit_options){0};
    return snug_coordinate_check(opened->model, opened->train, &options, width, steps, result) ==
                   SNUG_OK
               ? CLI_DONE
               : cli_library_error();
}

/* Reads all widths, before one is trained, as the options read a count. */
static int read_widths(coordinate_check *check, const cli_command *command,
                       const cli_list *widths) {
    static const cli_option option = {.name = "--widths"};
    int status = CLI_DONE;
    for (size_t k = 0; k < check->count && status == CLI_DONE; k++) {
        status = cli_count_type.store(command, &option, widths->items[k], &check->widths[k].width);
    }
    return status;
}

int cli_check_coordinates(cli_experiment *opened, const cli_command *command,
                          const cli_coordinate_options *given) {
    coordinate_check check = {.count = given->widths.count};
    check.widths = cli_allocate(check.count, sizeof *check.widths);
    int status = read_widths(&check, command, &given->widths);
    for (size_t k = 0; k < check.count && status == CLI_DONE; k++) {
        status = measure(opened, given, &check.widths[k]);
    }
    if (status == CLI_DONE && given->svg != NULL) {
        status = draw(&check, given->svg);
    }
    if (status == CLI_DONE) {
        (given->json ? print_json : print_table)(&check);
    }
    for (size_t k = 0; k < check.count; k++) {
        snug_coordinates_clear(&check.widths[k]);
    }
    free(check.widths);
    return status;
}
