/*
 * The graph is followed from its output back to its input, a layer at a time: each step knows the
 * one value that a layer's output is computed of. So the steps together are all that the output
 * depends on, whatever else is in the graph. Then the layers are added and filled in their order.
 */
#include <stdio.h>
#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "core/warnings.h"
#include "import/onnx_layers.h"
#include "import/onnx_network.h"
#include "import/onnx_tensor.h"

enum { MAX_STEPS = 1 << 14 };

typedef struct network {
    snug_onnx_graph graph;
    const Onnx__ValueInfoProto *input;
    snug_onnx_step *steps; /* owned; from the output to the input */
    size_t count, capacity;
    snug_model *model; /* owned */
} network;

/* ---- inputs and outputs ---------------------------------------------------------------------- */

/* Finds the one input that is no initializer, and checks that there is one output. */
static snug_status find_ends(network *net) {
    const Onnx__GraphProto *proto = net->graph.proto;
    size_t inputs = 0;
    for (size_t i = 0; i < proto->n_input; i++) {
        const char *name = proto->input[i]->name;
        if (name != NULL && snug_onnx_constant(&net->graph, name) == NULL) {
            net->input = proto->input[i];
            inputs++;
        }
    }
    if (inputs != 1 || proto->n_output != 1 || proto->output[0]->name == NULL) {
        return snug_fail(SNUG_ERROR_FILE,
                         "has %zu inputs and %zu outputs; models with one of each are read", inputs,
                         proto->n_output);
    }
    return SNUG_OK;
}

/*
 * Sets *columns to the product of the sizes of the input behind the first, the batch: 0 where one
 * is not known. Fails where the input is no tensor of floats with two dimensions or more.
 */
static snug_status read_input(const network *net, const char *path, size_t *columns, size_t *rank) {
    const Onnx__TypeProto *type = net->input->type;
    const Onnx__TypeProto__Tensor *tensor =
        type != NULL && type->value_case == ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE ? type->tensor_type
                                                                                : NULL;
    if (tensor == NULL || (tensor->elem_type != ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT &&
                           tensor->elem_type != ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT16 &&
                           tensor->elem_type != ONNX__TENSOR_PROTO__DATA_TYPE__DOUBLE)) {
        return snug_fail(SNUG_ERROR_FILE, "its input \"%.100s\" is no tensor of floats",
                         net->input->name);
    }
    *rank = tensor->shape != NULL ? tensor->shape->n_dim : 2;
    *columns = tensor->shape != NULL ? 1 : 0;
    for (size_t i = 1; tensor->shape != NULL && i < *rank; i++) {
        const Onnx__TensorShapeProto__Dimension *dim = tensor->shape->dim[i];
        bool known = dim->value_case == ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE &&
                     dim->dim_value > 0 && dim->dim_value <= SNUG_MAX_INPUTS;
        if (!snug_multiply(*columns, known ? (size_t)dim->dim_value : 0, columns) ||
            *columns > SNUG_MAX_INPUTS) {
            return snug_fail(SNUG_ERROR_FILE, "its input \"%.100s\" is too large",
                             net->input->name);
        }
    }
    if (*rank < 2) {
        return snug_fail(SNUG_ERROR_FILE,
                         "its input \"%.100s\" must have two dimensions, [batch, columns]",
                         net->input->name);
    }
    return tensor->elem_type == ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT
               ? SNUG_OK
               : snug_warn(NULL,
                           "%s: computes in another type of numbers than float, which Snug "
                           "computes in",
                           path);
}

/* ---- steps ----------------------------------------------------------------------------------- */

static snug_status add_step(network *net, const char *value) {
    if (net->count == MAX_STEPS) {
        return snug_fail(SNUG_ERROR_FILE, "has more than %d layers in a row, or a cycle",
                         MAX_STEPS);
    }
    if (net->count == net->capacity) {
        size_t capacity = 2 * net->capacity + 16;
        snug_onnx_step *steps = snug_resize(net->steps, capacity, sizeof *steps);
        if (steps == NULL) {
            return SNUG_ERROR_MEMORY;
        }
        net->steps = steps;
        net->capacity = capacity;
    }
    return snug_onnx_step_to(&net->graph, value, &net->steps[net->count++]);
}

/* Follows the graph from the output to the input. */
static snug_status find_steps(network *net) {
    const char *value = net->graph.proto->output[0]->name;
    snug_status status = SNUG_OK;
    while (status == SNUG_OK && strcmp(value, net->input->name) != 0) {
        status = add_step(net, value);
        value = status == SNUG_OK ? net->steps[net->count - 1].x : value;
    }
    return status;
}

/* ---- layers ---------------------------------------------------------------------------------- */

/* Adds the layer of a step, which takes `width` columns. */
static snug_status add_layer(network *net, snug_onnx_step *step, size_t width) {
    if (step->inputs > 0 && step->inputs != width) {
        return snug_fail(SNUG_ERROR_FILE, "takes %zu columns where %zu come to it", step->inputs,
                         width);
    }
    if (step->layer == NULL) {
        return step->outputs == 0 || step->outputs == width
                   ? SNUG_OK
                   : snug_fail(SNUG_ERROR_FILE, "makes %zu columns of %zu", step->outputs, width);
    }
    snug_object *layer = step->layer;
    step->layer = NULL;
    return snug_model_append(net->model, layer);
}

/* Returns the columns of the input that the first layer takes, where the input does not tell. */
static size_t first_columns(const network *net) {
    for (size_t i = net->count; i-- > 0;) {
        if (net->steps[i].inputs > 0) {
            return net->steps[i].inputs;
        }
    }
    return 0;
}

static snug_status add_layers(network *net, const char *path) {
    size_t columns = 0, rank = 0;
    snug_status status = read_input(net, path, &columns, &rank);
    if (status != SNUG_OK) {
        return status;
    }
    if (rank > 2 && (net->count == 0 || !net->steps[net->count - 1].flattens)) {
        return snug_fail(SNUG_ERROR_FILE,
                         "its input \"%.100s\" has %zu dimensions, and its first node is not "
                         "Flatten",
                         net->input->name, rank);
    }
    net->model = snug_model_new(columns > 0 ? columns : first_columns(net));
    if (net->model == NULL) {
        return snug_error_status();
    }
    for (size_t i = net->count; i-- > 0 && status == SNUG_OK;) {
        size_t width = net->model->layers.count > 0 ? snug_model_output_count(net->model)
                                                    : snug_model_input_count(net->model);
        status = add_layer(net, &net->steps[i], width);
        if (status != SNUG_OK) {
            return snug_onnx_fail_in(net->steps[i].node);
        }
    }
    return net->model->layers.count > 0
               ? SNUG_OK
               : snug_fail(SNUG_ERROR_FILE, "computes nothing: its output is its input");
}

/* ---- weights --------------------------------------------------------------------------------- */

/* Returns the slot of layer number `layer` with that name, or NULL. */
static const snug_tensor_slot *find_slot(const snug_model *model, size_t layer, const char *name) {
    char wanted[64];
    snprintf(wanted, sizeof wanted, "%zu.%s", layer, name);
    const snug_plan_node *node = &model->plan->nodes[layer];
    for (size_t i = node->first_tensor; i < model->plan->slot_count; i++) {
        if (strcmp(model->plan->slots[i].name, wanted) == 0) {
            return &model->plan->slots[i];
        }
    }
    return NULL;
}

/* Returns whether a tensor is a row: all its sizes but the last are 1. */
static bool is_row(const Onnx__TensorProto *tensor) {
    for (size_t i = 0; i + 1 < tensor->n_dims; i++) {
        if (tensor->dims[i] != 1) {
            return false;
        }
    }
    return true;
}

/* Copies values[count] into a slot; a single number goes everywhere in a vector. */
static void place(const snug_onnx_weight *weight, const snug_tensor_slot *slot, size_t count,
                  const float *values, float *to) {
    size_t rows = slot->rows, columns = slot->tensor->columns;
    for (size_t i = 0; i < rows; i++) {
        for (size_t j = 0; j < columns; j++) {
            size_t at = weight->swapped ? j * rows + i : i * columns + j;
            to[i * columns + j] = weight->factor * values[count == 1 ? 0 : at];
        }
    }
}

static snug_status fill_weight(snug_model *model, size_t layer, const snug_onnx_weight *weight) {
    const snug_tensor_slot *slot = find_slot(model, layer, weight->name);
    size_t count = 0;
    float *values = snug_onnx_tensor_floats(weight->tensor, &count);
    if (values == NULL) {
        return snug_error_status();
    }
    bool vector = !weight->matrix && !weight->swapped;
    snug_status status = SNUG_OK;
    if (slot == NULL || (count != slot->size && !(vector && count == 1)) ||
        (vector && !is_row(weight->tensor))) {
        status =
            snug_fail(SNUG_ERROR_FILE, "its %s has %zu numbers where %zu columns need one each",
                      weight->name, count, slot != NULL ? slot->size : 0);
    } else {
        float *all = slot->tensor->state ? model->state : model->parameters;
        place(weight, slot, count, values, all + slot->offset);
    }
    snug_release(values);
    return status;
}

static snug_status fill_layers(network *net) {
    snug_status status = snug_model_allocate(net->model);
    size_t layer = 0;
    for (size_t i = net->count; i-- > 0 && status == SNUG_OK;) {
        const snug_onnx_step *step = &net->steps[i];
        for (size_t j = 0; j < step->weight_count && status == SNUG_OK; j++) {
            status = fill_weight(net->model, layer, &step->weights[j]);
        }
        if (status != SNUG_OK) {
            return snug_onnx_fail_in(step->node);
        }
        layer += step->is_layer;
    }
    return status;
}

static snug_status build(network *net, const snug_onnx_file *file, const char *path) {
    snug_status status = snug_onnx_graph_open(&net->graph, file->model->graph, file->opset);
    if (status == SNUG_OK) {
        status = find_ends(net);
    }
    if (status == SNUG_OK) {
        status = find_steps(net);
    }
    if (status == SNUG_OK) {
        status = add_layers(net, path);
    }
    return status == SNUG_OK ? fill_layers(net) : status;
}

snug_model *snug_onnx_network(const snug_onnx_file *file, const char *path) {
    network net = {.count = 0};
    snug_status status = build(&net, file, path);
    for (size_t i = 0; i < net.count; i++) {
        snug_object_free(net.steps[i].layer);
    }
    snug_release(net.steps);
    snug_onnx_graph_clear(&net.graph);
    if (status != SNUG_OK) {
        snug_model_free(net.model);
        net.model = NULL;
    }
    return net.model;
}
