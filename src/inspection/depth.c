#include "inspection/depth.h"

/* The largest factor between the variances of two hidden layers of new weights, and of trained. */
#define MOST_CHANGE 1e2
#define MOST_CHANGE_TRAINED 1e6

/* The layers with weights that hidden layers feed: the second and the last; 0: there are none. */
typedef struct fed_layers {
    size_t second, last;
} fed_layers;

static fed_layers find_fed(const snug_inspection *inspection, const snug_plan *plan) {
    fed_layers fed = {0, 0};
    size_t count = 0;
    for (size_t i = 0; i < plan->count; i++) {
        if (inspection->units[i].linear || plan->nodes[i].block != NULL) {
            count++;
            fed.second = count == 2 ? i : fed.second;
            fed.last = i;
        }
    }
    return count > 2 ? fed : (fed_layers){0, 0};
}

/* Returns whether a layer normalizes by the batch, which new weights in prediction do not show. */
static bool any_mixes_rows(const snug_plan *plan) {
    for (size_t i = 0; i < plan->count; i++) {
        if (plan->nodes[i].flags & SNUG_MIXES_ROWS) {
            return true;
        }
    }
    return false;
}

/* Returns whether the weights of a layer are divided by the size of their inputs, as by "auto". */
static bool divides_by_inputs(const snug_plan_node *node) {
    for (size_t k = 0; k < node->shape.tensor_count; k++) {
        const snug_object *init = node->shape.tensors[k].init;
        if (init != NULL && ((const snug_init_kind *)(const void *)init->kind)->divides_by_inputs) {
            return true;
        }
    }
    return false;
}

snug_status snug_inspection_check_depth(snug_inspection *inspection, const snug_model *model) {
    const snug_plan *plan = model->plan;
    const fed_layers fed = find_fed(inspection, plan);
    const double most = inspection->untrained ? MOST_CHANGE : MOST_CHANGE_TRAINED;
    if (fed.second == 0 ||
        (inspection->untrained && !inspection->training && any_mixes_rows(plan))) {
        return SNUG_OK;
    }
    const double first = inspection->layers[fed.second - 1].variance;
    const double last = inspection->layers[fed.last - 1].variance;
    if (!(first > 0) || (last <= most * first && last >= first / most)) {
        return SNUG_OK;
    }
    return snug_inspection_note(
        inspection,
        "model.layers[%zu]: the variance of activations %s from %.3g in model.layers[%zu] to %.3g: "
        "%s\"selu\" with its default \"init\" keeps it",
        fed.last - 1, last < first ? "falls" : "grows", first, fed.second - 1, last,
        divides_by_inputs(&plan->nodes[fed.last]) ? "" : "\"init\": \"auto\" or ");
}
