/*
 * Embeddings of categories: a column that holds the number of a category, from 0, becomes the row
 * of that number in a trained table (Guo and Berkhahn 2016, "Entity embeddings of categorical
 * variables").
 *
 * The tables of all chosen columns are one tensor, `units` columns wide: each has a row a category
 * and one more, for a missing or unknown category: any number that is none of the others. They
 * start with standard normal numbers, as torch.nn.Embedding does. Outputs: see layers/columns.h.
 */
#include <string.h>

#include <snug/kind.h>
#include <snug/layer.h>

#include "core/memory.h"
#include "core/status.h"
#include "kinds/field_macros.h"
#include "layers/columns.h"
#include "layers/parameter_options.h"
#include "math/reduce.h"

typedef struct category_config {
    snug_columns columns;
    size_t units;
    double learning_rate_factor;
} category_config;

/* Returns the number of rows of a column's table. */
static size_t rows_of(const snug_listed_column *column) {
    return column->categories + 1;
}

/* Initial numbers: normal, of mean 0 and deviation 1. */
static void fill(const void *config, const snug_random *stream, size_t count, float *values) {
    (void)config;
    snug_random_normal(stream, 0, count, values);
}

static snug_status check_sizes(const snug_columns *columns) {
    if (columns->group == SNUG_COLUMNS_NUMERIC) {
        return snug_fail(SNUG_ERROR_CONFIG, "columns: numeric columns have no categories");
    }
    for (size_t i = 0; i < columns->count; i++) {
        if (columns->items[i].name == NULL && columns->items[i].categories == 0) {
            return snug_fail(SNUG_ERROR_CONFIG,
                             "columns: column %zu: the number of its categories is not known: data "
                             "with \"categories\": \"embedding\" has it, otherwise it is given as "
                             "{\"column\": %zu, \"categories\": N}",
                             columns->items[i].number, columns->items[i].number);
        }
    }
    return SNUG_OK;
}

static snug_status plan(const void *config, snug_layer_shape *shape) {
    const category_config *c = config;
    size_t rows = 0;
    if (check_sizes(&c->columns) != SNUG_OK ||
        snug_columns_plan(&c->columns, c->units, shape) != SNUG_OK) {
        return snug_error_status();
    }
    for (size_t i = 0; i < c->columns.count; i++) {
        if (!snug_add(rows, rows_of(&c->columns.items[i]), &rows)) {
            return snug_fail_memory(SIZE_MAX);
        }
    }
    if (rows > 0) {
        shape->tensors[0] = (snug_tensor){.name = "weight",
                                          .rows = rows,
                                          .columns = c->units,
                                          .fill = fill,
                                          .learning_rate_factor = c->learning_rate_factor};
        shape->tensor_count = 1;
    }
    return SNUG_OK;
}

/* Returns the row of a column's table that belongs to x; NaN fails the comparison. */
static size_t row_of(const snug_listed_column *column, float x) {
    bool known = x >= 0.0F && x < (float)column->categories;
    return known ? (size_t)x : column->categories;
}

static void forward(const void *config, const snug_layer_call *run) {
    const category_config *c = config;
    snug_columns_pass(&c->columns, run);
    size_t others = run->inputs - c->columns.count;
    for (size_t i = 0; i < run->rows; i++) {
        const float *x = run->x + i * run->inputs;
        float *y = run->y + i * run->outputs + others;
        size_t first = 0;
        for (size_t j = 0; j < c->columns.count; j++, y += c->units) {
            const snug_listed_column *column = &c->columns.items[j];
            size_t row = first + row_of(column, x[column->number]);
            memcpy(y, run->tensors[0] + row * c->units, c->units * sizeof *y);
            first += rows_of(column);
        }
    }
}

/* Passes dy on; a number of a category has no derivative. */
static void backward(const void *config, const snug_layer_call *run) {
    const category_config *c = config;
    snug_columns_pass_back(&c->columns, run);
    for (size_t i = 0; run->dx != NULL && i < run->rows; i++) {
        for (size_t j = 0; j < c->columns.count; j++) {
            run->dx[i * run->inputs + c->columns.items[j].number] = 0.0F;
        }
    }
}

/* A column with the place of its table and of its outputs. */
typedef struct embedded {
    const snug_listed_column *column;
    size_t first;  /* row of the tensor */
    size_t output; /* column of y */
} embedded;

/*
 * Adds the gradients of a column's categories, of those whose rows are among first .. first +
 * count - 1 of the tensor, one row of the batch after the other.
 */
static void add_gradients(const category_config *c, const snug_layer_call *run, const embedded *e,
                          size_t first, size_t count, float *gradient) {
    for (size_t i = 0; i < run->rows; i++) {
        size_t row = e->first + row_of(e->column, run->x[i * run->inputs + e->column->number]);
        if (row >= first && row - first < count) {
            snug_vector_add(c->units, run->dy + i * run->outputs + e->output,
                            gradient + (row - first) * c->units);
        }
    }
}

/* Sums dy over the rows of the batch that have a category, in their order: 0 where none has. */
static void gradients(const void *config, const snug_layer_call *run, size_t tensor, size_t first,
                      size_t count, float *gradient) {
    const category_config *c = config;
    embedded e = {.output = run->inputs - c->columns.count};
    (void)tensor;
    if (!run->add_gradients) {
        memset(gradient, 0, count * c->units * sizeof *gradient);
    }
    for (size_t j = 0; j < c->columns.count; j++) {
        e.column = &c->columns.items[j];
        if (e.first < first + count && first < e.first + rows_of(e.column)) {
            add_gradients(c, run, &e, first, count, gradient);
        }
        e.first += rows_of(e.column);
        e.output += c->units;
    }
}

static size_t column_of(const void *config, size_t column) {
    return snug_columns_behind(&((const category_config *)config)->columns, column);
}

static const snug_field fields[] = {
    {SNUG_FIELD(category_config, columns, COLUMNS, "the columns that hold numbers of categories"),
     .initial_text = "categorical"},
    SNUG_SIZE_FIELD(category_config, units, 8, SNUG_FROM_TO(1, 4096), "outputs a column"),
    SNUG_RATE_FACTOR_FIELD(category_config, learning_rate_factor,
                           "times the learning rate of the tables"),
    SNUG_FIELDS_END,
};

static snug_value graph(const void *config, snug_graph *g, const snug_layer_graph *layer) {
    const category_config *c = config;
    const float *table = layer->tensors[0];
    snug_value made = {0};
    for (size_t j = 0; j < c->columns.count; j++) {
        const snug_listed_column *column = &c->columns.items[j];
        snug_value x = snug_graph_columns(g, layer->x, 1, &column->number);
        snug_value row = snug_graph_look_up(g, x, rows_of(column), c->units, table);
        made = j == 0 ? row : snug_graph_concatenate(g, 2, (snug_value[]){made, row});
        table += rows_of(column) * c->units;
    }
    return snug_columns_join(g, &c->columns, layer->x, made);
}

const snug_layer_kind snug_layer_category_embedding_kind = {
    .base = {.name = "category_embedding",
             .summary = "the number of a category becomes trained numbers, a row of a table",
             .fields = fields,
             .config_size = sizeof(category_config)},
    .flags = SNUG_READS_INPUT | SNUG_ROWWISE,
    .plan = plan,
    .forward = forward,
    .backward = backward,
    .gradients = gradients,
    .column_of = column_of,
    .graph = graph};

snug_layer *snug_category_embedding(size_t units) {
    return snug_layer_make("category_embedding", SNUG_FIELDS(snug_number("units", (double)units)));
}
