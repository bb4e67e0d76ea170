/*
 * Piecewise-linear embeddings of numeric columns (Gorishniy et al. 2022, "On embeddings for
 * numerical features in tabular deep learning"). Edges e_0 < ... < e_T divide a column into bins;
 * the T numbers that encode x tell how far it has come through each of them:
 *
 *     v_t = (x - e_{t-1}) / (e_t - e_{t-1})   below 0: 0, but for t = 1; above 1: 1, but for t = T
 *
 * and a linear map of its own turns them into `units` numbers, y = f(W' v + c) with an activation f
 * or none; "units": 0 leaves the v. The edges are state: fitted to the training rows before the
 * first step (layers/bin_edges.h), saved, and not trained. Equal edges, as at the end where a
 * column has fewer different ones, make an empty bin, whose v is 0; the last bin is the one that
 * ends at the last edge.
 *
 * Of n chosen columns the tensors are the edges, n x (T + 1); W, n times T x units below each
 * other; and c, n x units. Outputs: see layers/columns.h. Kept of a row from forward to backward
 * are v and its gradient, n x T each, and with an activation its inputs and their gradient, n x
 * units each. W and c are the maps of layers/column_maps.h.
 */
#include <string.h>

#include <snug/kind.h>
#include <snug/layer.h>

#include "activations/activation_graph.h"
#include "core/memory.h"
#include "core/status.h"
#include "cpu/simd.h"
#include "kinds/field_macros.h"
#include "kinds/object.h"
#include "layers/bin_edges.h"
#include "layers/column_maps.h"
#include "layers/columns.h"
#include "layers/parameter_options.h"

enum { QUANTILES, TREE };

static const char *const edge_names[] = {[QUANTILES] = "quantiles", [TREE] = "tree", NULL};

typedef struct piecewise_config {
    snug_columns columns;
    size_t bins, units, min_leaf;
    int edges;
    double learning_rate_factor;
    snug_object *activation;
} piecewise_config;

enum { EDGES, WEIGHT, BIAS };

/* ---- shapes ---------------------------------------------------------------------------------- */

/* The sizes of a layer for a number of inputs, and the strides of its matrices. */
typedef struct embedding {
    size_t chosen;                          /* n: columns that are embedded */
    size_t others;                          /* columns that are passed on */
    size_t bins;                            /* T */
    size_t units;                           /* of W; 0: there is none */
    size_t row;                             /* floats of the cache a row */
    const snug_activation_kind *activation; /* or NULL */
    const void *activation_config;
} embedding;

static embedding embedding_of(const piecewise_config *c, size_t inputs) {
    embedding e = {
        .chosen = snug_columns_count(&c->columns, inputs), .bins = c->bins, .units = c->units};
    e.others = inputs - e.chosen;
    e.row = 2 * e.chosen * e.bins;
    if (c->activation != NULL && c->units > 0) {
        e.activation = (const snug_activation_kind *)(const void *)c->activation->kind;
        e.activation_config = c->activation->config;
        e.row += 2 * e.chosen * e.units;
    }
    return e;
}

/* Edges of a layer that was never fitted: bins of one width between -2 and 2. */
static void fill_edges(const void *config, const snug_random *stream, size_t count, float *values) {
    const piecewise_config *c = config;
    (void)stream;
    for (size_t i = 0; i < count; i++) {
        double share = (double)(i % (c->bins + 1)) / (double)c->bins;
        values[i] = (float)(4.0 * share - 2.0);
    }
}

static void fill_linear(const void *config, const snug_random *stream, size_t count,
                        float *values) {
    snug_column_maps_fill(((const piecewise_config *)config)->bins, stream, count, values);
}

static snug_status plan(const void *config, snug_layer_shape *shape) {
    const piecewise_config *c = config;
    const embedding e = embedding_of(c, shape->inputs);
    if (snug_columns_plan(&c->columns, c->units > 0 ? c->units : c->bins, shape) != SNUG_OK) {
        return snug_error_status();
    }
    if (e.chosen == 0) {
        return SNUG_OK;
    }
    shape->cache = e.row;
    shape->fitted = true;
    shape->tensor_count = e.units > 0 ? 3 : 1;
    shape->tensors[EDGES] = (snug_tensor){.name = "edges",
                                          .rows = e.chosen,
                                          .columns = e.bins + 1,
                                          .state = true,
                                          .fill = fill_edges};
    shape->tensors[WEIGHT] = (snug_tensor){.name = "weight",
                                           .rows = e.chosen * e.bins,
                                           .columns = e.units,
                                           .fill = fill_linear,
                                           .learning_rate_factor = c->learning_rate_factor};
    shape->tensors[BIAS] = (snug_tensor){.name = "bias",
                                         .rows = e.chosen,
                                         .columns = e.units,
                                         .fill = fill_linear,
                                         .learning_rate_factor = c->learning_rate_factor,
                                         .bias = true};
    return SNUG_OK;
}

/* ---- edges ----------------------------------------------------------------------------------- */

static snug_status fit(const void *config, const snug_layer_fit *f) {
    const piecewise_config *c = config;
    const embedding e = embedding_of(c, f->shape->inputs);
    const snug_edge_tree tree = {c->bins, c->min_leaf};
    const size_t stride = f->shape->members * f->shape->inputs; /* the first member's */
    snug_ranked_value *sorted = snug_alloc(f->rows, sizeof *sorted);
    snug_status status = sorted != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
    for (size_t j = 0; j < e.chosen && status == SNUG_OK; j++) {
        const float *x = f->x + snug_columns_number(&c->columns, j);
        float *edges = f->tensors[EDGES] + j * (e.bins + 1);
        for (size_t i = 0; i < f->rows; i++) {
            sorted[i] = (snug_ranked_value){x[i * stride], i};
        }
        snug_sort_ranked(f->rows, sorted);
        if (c->edges == TREE) {
            status = snug_tree_edges(f, sorted, &tree, edges);
        } else {
            snug_quantile_edges(f->rows, sorted, e.bins, edges);
        }
    }
    snug_release(sorted);
    return status;
}

/* ---- the parts of a row of the cache --------------------------------------------------------- */

/* Returns the gradient of v, behind v itself. */
static float *encoding_gradient(const embedding *e, const snug_layer_call *run) {
    return run->cache + e->chosen * e->bins;
}

/* Returns the inputs of the activation, and behind them their gradient. */
static float *activation_input(const embedding *e, const snug_layer_call *run) {
    return run->cache + 2 * e->chosen * e->bins;
}

static float *activation_gradient(const embedding *e, const snug_layer_call *run) {
    return activation_input(e, run) + e->chosen * e->units;
}

/* Returns the maps W and c from the v to what the activation gets. */
static snug_column_maps maps_of(const embedding *e) {
    return (snug_column_maps){e->chosen, 1, e->bins, e->units, e->row};
}

/* Returns where the maps write, and where the gradient by it is. */
static snug_made made_of(const embedding *e, const snug_layer_call *run) {
    if (e->activation != NULL) {
        return (snug_made){activation_input(e, run), e->row, e->units};
    }
    return (snug_made){run->y + e->others, run->outputs, e->units};
}

static snug_made_gradient made_gradient_of(const embedding *e, const snug_layer_call *run) {
    if (e->activation != NULL) {
        return (snug_made_gradient){activation_gradient(e, run), e->row, e->units};
    }
    return (snug_made_gradient){run->dy + e->others, run->outputs, e->units};
}

/* ---- forward --------------------------------------------------------------------------------- */

/*
 * Encodes one x by T + 1 edges. The divisor of an empty bin is 1 instead of 0, and its v is set to
 * 0 afterwards, so that the loop has no branches. NaN stays.
 */
SNUG_KERNEL(encode, (size_t bins, float x, const float *edges, float *v), (bins, x, edges, v)) {
    const float last = edges[bins];
#pragma omp simd
    for (size_t t = 0; t < bins; t++) {
        float width = edges[t + 1] - edges[t];
        float share = (x - edges[t]) / (width > 0.0F ? width : 1.0F);
        share = share < 0.0F && t > 0 ? 0.0F : share;
        share = share > 1.0F && edges[t + 1] < last ? 1.0F : share;
        v[t] = width > 0.0F ? share : 0.0F;
    }
}

static void forward(const void *config, const snug_layer_call *run) {
    const piecewise_config *c = config;
    const embedding e = embedding_of(c, run->inputs);
    const size_t n = e.chosen * e.bins;
    snug_columns_pass(&c->columns, run);
    for (size_t i = 0; i < run->rows; i++) {
        float *v = run->cache + i * e.row;
        for (size_t j = 0; j < e.chosen; j++) {
            encode(e.bins, run->x[i * run->inputs + snug_columns_number(&c->columns, j)],
                   run->tensors[EDGES] + j * (e.bins + 1), v + j * e.bins);
        }
        if (e.units == 0 && n > 0) {
            memcpy(run->y + i * run->outputs + e.others, v, n * sizeof *v);
        }
    }
    if (e.units > 0) {
        const snug_column_maps maps = maps_of(&e);
        const snug_made made = made_of(&e, run);
        snug_column_maps_forward(&maps, run->rows, run->cache, run->tensors[WEIGHT],
                                 run->tensors[BIAS], &made);
    }
    for (size_t i = 0; e.activation != NULL && i < run->rows; i++) {
        e.activation->forward(e.activation_config, 1, e.chosen * e.units,
                              activation_input(&e, run) + i * e.row,
                              run->y + i * run->outputs + e.others);
    }
}

/* ---- backward -------------------------------------------------------------------------------- */

/*
 * Returns the gradient by x, the sum of dv_t / (e_t - e_{t-1}) over the bins that x is in: those
 * whose v is not limited. At an edge, where two slopes meet, it is that of neither bin.
 */
SNUG_INLINE float slope_sum(const bool fused, size_t bins, const float *edges, const float *v,
                            const float *dv) {
    const float last = edges[bins];
    float sum = 0.0F;
#pragma omp simd reduction(+ : sum)
    for (size_t t = 0; t < bins; t++) {
        float width = edges[t + 1] - edges[t];
        float slope = 1.0F / (width > 0.0F ? width : 1.0F);
        slope = v[t] <= 0.0F && t > 0 ? 0.0F : slope;
        slope = v[t] >= 1.0F && edges[t + 1] < last ? 0.0F : slope;
        slope = width > 0.0F ? slope : 0.0F;
        sum = snug_fma(fused, slope, dv[t], sum);
    }
    return sum;
}

SNUG_KERNEL(find_input_gradients,
            (const embedding *e, const snug_columns *columns, const float *edges, const float *v,
             const float *dv, float *dx),
            (e, columns, edges, v, dv, dx)) {
    for (size_t j = 0; j < e->chosen; j++) {
        dx[snug_columns_number(columns, j)] =
            slope_sum(fused, e->bins, edges + j * (e->bins + 1), v + j * e->bins, dv + j * e->bins);
    }
}

/* Makes the gradient by the inputs of the activation, in the cache. */
static void activation_back(const embedding *e, const snug_layer_call *run) {
    for (size_t i = 0; i < run->rows; i++) {
        size_t at = i * run->outputs + e->others;
        e->activation->backward(e->activation_config, 1, e->chosen * e->units,
                                activation_input(e, run) + i * e->row, run->y + at, run->dy + at,
                                activation_gradient(e, run) + i * e->row);
    }
}

static void backward(const void *config, const snug_layer_call *run) {
    const piecewise_config *c = config;
    const embedding e = embedding_of(c, run->inputs);
    snug_columns_pass_back(&c->columns, run);
    if (e.activation != NULL) {
        activation_back(&e, run);
    }
    if (run->dx == NULL) {
        return;
    }
    if (e.units > 0) {
        const snug_column_maps maps = maps_of(&e);
        const snug_made_gradient made = made_gradient_of(&e, run);
        snug_column_maps_backward(&maps, run->rows, &made, run->tensors[WEIGHT],
                                  encoding_gradient(&e, run));
    }
    for (size_t i = 0; i < run->rows; i++) {
        const float *dv = e.units > 0 ? encoding_gradient(&e, run) + i * e.row
                                      : run->dy + i * run->outputs + e.others;
        find_input_gradients(&e, &c->columns, run->tensors[EDGES], run->cache + i * e.row, dv,
                             run->dx + i * run->inputs);
    }
}

/* ---- gradients of the parameters ------------------------------------------------------------- */

static void gradients(const void *config, const snug_layer_call *run, size_t tensor, size_t first,
                      size_t count, float *gradient) {
    const embedding e = embedding_of(config, run->inputs);
    const snug_column_maps maps = maps_of(&e);
    const snug_made_gradient made = made_gradient_of(&e, run);
    if (tensor == WEIGHT) {
        snug_column_maps_weight_gradient(&maps, run, run->cache, &made, first, count, gradient);
    } else {
        snug_column_maps_bias_gradient(&maps, run, &made, first, count, gradient);
    }
}

/* ---- the kind -------------------------------------------------------------------------------- */

/* The gradient by the inputs of an activation is made of its outputs, too. */
static unsigned flags_of(const void *config) {
    const piecewise_config *c = config;
    return c->activation != NULL && c->units > 0 ? SNUG_READS_OUTPUT : 0;
}

static size_t column_of(const void *config, size_t column) {
    return snug_columns_behind(&((const piecewise_config *)config)->columns, column);
}

static const char *check(const void *config) {
    const piecewise_config *c = config;
    if (c->activation == NULL) {
        return NULL;
    }
    return ((const snug_activation_kind *)(const void *)c->activation->kind)->derivative != NULL
               ? NULL
               : "activation must be a function of each number alone";
}

static const snug_field fields[] = {
    {SNUG_FIELD(piecewise_config, columns, COLUMNS, "the columns that are embedded"),
     .initial_text = "numeric"},
    SNUG_SIZE_FIELD(piecewise_config, bins, 16, SNUG_FROM_TO(1, 4096), "most bins of a column"),
    SNUG_CHOICE_FIELD(piecewise_config, edges, QUANTILES, edge_names,
                      "quantiles: bins of equally many rows; tree: leaves of a tree that predicts "
                      "the targets by the column"),
    SNUG_SIZE_FIELD(piecewise_config, min_leaf, 64, SNUG_FROM_TO(1, 4096),
                    "least training rows of a leaf of the tree"),
    SNUG_SIZE_FIELD(piecewise_config, units, 8, SNUG_FROM_TO(0, 4096),
                    "outputs a column, by a trained linear map; 0: the bins themselves"),
    {SNUG_FIELD(piecewise_config, activation, OBJECT, "behind the linear map; null: none"),
     .group = SNUG_GROUP_ACTIVATION},
    SNUG_RATE_FACTOR_FIELD(piecewise_config, learning_rate_factor,
                           "times the learning rate of all its parameters"),
    SNUG_FIELDS_END,
};

static snug_value graph(const void *config, snug_graph *g, const snug_layer_graph *layer) {
    const piecewise_config *c = config;
    const embedding e = embedding_of(c, layer->shape->inputs);
    if (e.chosen == 0) {
        return layer->x;
    }
    snug_value made = snug_bins_graph(g, &c->columns, layer->x, e.bins, layer->tensors[EDGES]);
    if (e.units > 0) {
        const snug_linear_weights maps = {e.chosen, e.bins, e.units, layer->tensors[WEIGHT],
                                          layer->tensors[BIAS]};
        made = snug_graph_linear(g, snug_graph_reshape(g, made, e.chosen, e.bins), &maps);
        made = snug_graph_reshape(g, made, 1, e.chosen * e.units);
    }
    if (e.activation != NULL) {
        made = snug_graph_activation(g, e.activation, e.activation_config, made);
    }
    return snug_columns_join(g, &c->columns, layer->x, made);
}

const snug_layer_kind snug_layer_piecewise_linear_embedding_kind = {
    .base = {.name = "piecewise_linear_embedding",
             .summary = "each numeric column becomes several numbers, by bins whose edges are "
                        "fitted to the training rows",
             .fields = fields,
             .config_size = sizeof(piecewise_config),
             .check = check},
    .flags = SNUG_ROWWISE,
    .flags_of = flags_of,
    .plan = plan,
    .forward = forward,
    .backward = backward,
    .gradients = gradients,
    .column_of = column_of,
    .fit = fit,
    .graph = graph};

snug_layer *snug_piecewise_linear_embedding(size_t bins, size_t units) {
    return snug_layer_make(
        "piecewise_linear_embedding",
        SNUG_FIELDS(snug_number("bins", (double)bins), snug_number("units", (double)units)));
}
