#include <stdint.h>
#include <string.h>

#include "c_code/plan.h"
#include "core/memory.h"
#include "core/status.h"

/* In planner.readers: no operation reads the node, or several loops, or one that cannot share. */
#define NO_READER SIZE_MAX
#define NO_LOOP (SIZE_MAX - 1)

/* What is known of each node while a graph is planned; the arrays are owned. */
typedef struct planner {
    const snug_graph *graph;
    snug_c_place *places;
    size_t *readers; /* the root of the one loop that reads the node entry by entry */
    size_t *parents; /* the node in whose memory the result is; itself: it has its own */
    size_t *shifts;  /* floats from the beginning of the parent's result */
    size_t *deaths;  /* of memory: the last root that reads it */
    size_t *live;    /* nodes whose memory is in use, by offset */
    size_t live_count;
} planner;

bool snug_c_is_entrywise(const snug_graph_node *node) {
    return node->operation >= SNUG_OPERATION_UNARY && node->operation <= SNUG_OPERATION_SELECT;
}

bool snug_c_is_number(const snug_graph_node *node) {
    if (node->operation != SNUG_OPERATION_CONSTANT) {
        return false;
    }
    for (size_t i = 1; i < node->rows * node->columns; i++) {
        if (memcmp(&node->values[i], &node->values[0], sizeof *node->values) != 0) {
            return false;
        }
    }
    return true;
}

bool snug_c_same_shape(const snug_graph_node *a, const snug_graph_node *b) {
    return a->rows == b->rows && a->columns == b->columns;
}

static size_t size_of(const snug_graph_node *node) {
    return node->rows * node->columns;
}

/* ---- loops ----------------------------------------------------------------------------------- */

/* Notes that the loop of `root` reads a node entry by entry, or with NO_LOOP in another way. */
static void claim(planner *p, size_t node, size_t root) {
    p->readers[node] = p->readers[node] == NO_READER || p->readers[node] == root ? root : NO_LOOP;
}

/* Finds the loop of each operation, from the last to the first: readers are known before. */
static void find_roots(planner *p) {
    const snug_graph_node *nodes = p->graph->nodes;
    memset(p->readers, 0xff, p->graph->count * sizeof *p->readers);
    for (size_t v = p->graph->count; v-- > 0;) {
        const bool entrywise = snug_c_is_entrywise(&nodes[v]);
        const bool shares = entrywise && v != p->graph->output.node && p->readers[v] < NO_LOOP;
        const size_t root = shares ? p->readers[v] : v;
        p->places[v].root = root;
        p->places[v].first = v;
        p->places[root].first = v;
        for (size_t i = 0; i < nodes[v].input_count; i++) {
            const size_t input = nodes[v].inputs[i];
            const bool fits = entrywise && snug_c_same_shape(&nodes[input], &nodes[v]);
            claim(p, input, fits ? root : NO_LOOP);
        }
    }
}

/* ---- results in the memory of others --------------------------------------------------------- */

/* Returns the node whose own memory has the result of v, and adds how far from its beginning. */
static size_t memory_of(const planner *p, size_t v, size_t *shift) {
    while (p->parents[v] != v) {
        *shift += p->shifts[v];
        v = p->parents[v];
    }
    return v;
}

static bool is_side_by_side(const snug_graph_node *node, const snug_graph_node *from) {
    for (size_t i = 1; i < node->columns; i++) {
        if (node->numbers[i] != node->numbers[0] + i) {
            return false;
        }
    }
    return node->rows == 1 || node->columns == from->columns;
}

/* Lets reshaped values and columns side by side be where the value is that they are taken from. */
static void find_parts(planner *p) {
    for (size_t v = 0; v < p->graph->count; v++) {
        const snug_graph_node *node = &p->graph->nodes[v];
        p->parents[v] = v;
        if (node->operation == SNUG_OPERATION_RESHAPE) {
            p->parents[v] = node->inputs[0];
        } else if (node->operation == SNUG_OPERATION_COLUMNS &&
                   is_side_by_side(node, &p->graph->nodes[node->inputs[0]])) {
            p->parents[v] = node->inputs[0];
            p->shifts[v] = node->numbers[0];
        }
        p->places[v].computed = p->parents[v] == v && p->places[v].root == v &&
                                node->operation != SNUG_OPERATION_INPUT &&
                                node->operation != SNUG_OPERATION_CONSTANT;
    }
}

/* Lets the parts of concatenated rows be computed where the concatenation has them. */
static void find_concatenated(planner *p) {
    for (size_t v = 0; v < p->graph->count; v++) {
        const snug_graph_node *node = &p->graph->nodes[v];
        size_t column = 0;
        for (size_t i = 0; node->operation == SNUG_OPERATION_CONCATENATE && node->rows == 1 &&
                           i < node->input_count;
             i++) {
            const size_t part = node->inputs[i];
            if (p->places[part].computed && p->parents[part] == part &&
                part != p->graph->output.node) {
                p->parents[part] = v;
                p->shifts[part] = column;
            }
            column += p->graph->nodes[part].columns;
        }
    }
}

/* Finds the last reader of each memory. What the output is taken from is read at the end. */
static void find_deaths(planner *p) {
    size_t shift = 0;
    for (size_t v = 0; v < p->graph->count; v++) {
        const snug_graph_node *node = &p->graph->nodes[v];
        for (size_t i = 0; i < node->input_count; i++) {
            size_t *death = &p->deaths[memory_of(p, node->inputs[i], &shift)];
            *death = *death < p->places[v].root ? p->places[v].root : *death;
        }
    }
    p->deaths[memory_of(p, p->graph->output.node, &shift)] = SIZE_MAX;
}

/*
 * Whether the loop of `root` may overwrite `memory`: it reads there, entry by entry, what it has
 * not overwritten yet.
 */
static bool reads_in_step(const planner *p, size_t root, size_t memory) {
    const snug_graph_node *nodes = p->graph->nodes;
    for (size_t v = p->places[root].first; v <= root; v++) {
        for (size_t i = 0; p->places[v].root == root && i < nodes[v].input_count; i++) {
            const size_t input = nodes[v].inputs[i];
            size_t shift = 0;
            if (memory_of(p, input, &shift) == memory &&
                (shift != 0 || !snug_c_same_shape(&nodes[input], &nodes[root]))) {
                return false;
            }
        }
    }
    return true;
}

/* Returns memory that the loop of `root` may overwrite; otherwise `root`. */
static size_t overwritten(const planner *p, size_t root) {
    const snug_graph_node *nodes = p->graph->nodes;
    for (size_t v = p->places[root].first; v <= root; v++) {
        for (size_t i = 0; p->places[v].root == root && i < nodes[v].input_count; i++) {
            size_t shift = 0;
            const size_t memory = memory_of(p, nodes[v].inputs[i], &shift);
            if (p->places[memory].computed && p->deaths[memory] == root &&
                size_of(&nodes[memory]) == size_of(&nodes[root]) &&
                reads_in_step(p, root, memory)) {
                return memory;
            }
        }
    }
    return root;
}

static void find_overwritten(planner *p) {
    for (size_t v = 0; v < p->graph->count; v++) {
        if (p->places[v].computed && snug_c_is_entrywise(&p->graph->nodes[v]) &&
            p->parents[v] == v && v != p->graph->output.node) {
            const size_t memory = overwritten(p, v);
            p->parents[v] = memory;
            p->deaths[memory] = p->deaths[v] > p->deaths[memory] ? p->deaths[v] : p->deaths[memory];
        }
    }
}

/* ---- scratch memory -------------------------------------------------------------------------- */

/* Removes memory from the list that nothing reads from operation v on. */
static void forget_dead(planner *p, size_t v) {
    size_t kept = 0;
    for (size_t i = 0; i < p->live_count; i++) {
        if (p->deaths[p->live[i]] >= v) {
            p->live[kept++] = p->live[i];
        }
    }
    p->live_count = kept;
}

/* Finds the first gap between live memory that is large enough for that of `memory`. */
static snug_status allocate(planner *p, size_t memory, size_t *scratch) {
    const size_t size = size_of(&p->graph->nodes[memory]);
    size_t offset = 0, at = 0, end = 0;
    while (at < p->live_count && p->places[p->live[at]].offset - offset < size) {
        const size_t before = p->live[at++];
        offset = p->places[before].offset + size_of(&p->graph->nodes[before]);
    }
    if (!snug_add(offset, size, &end)) {
        return snug_fail_memory(SIZE_MAX);
    }
    memmove(p->live + at + 1, p->live + at, (p->live_count - at) * sizeof *p->live);
    p->live[at] = memory;
    p->live_count++;
    p->places[memory].storage = SNUG_C_SCRATCH;
    p->places[memory].offset = offset;
    *scratch = end > *scratch ? end : *scratch;
    return SNUG_OK;
}

/* Gives memory to each node that has its own, when the first operation writes there. */
static snug_status allocate_all(planner *p, size_t *scratch) {
    const snug_graph_node *nodes = p->graph->nodes;
    for (size_t v = 0; v < p->graph->count; v++) {
        snug_c_place *place = &p->places[v];
        size_t shift = 0;
        const size_t memory = memory_of(p, v, &shift);
        if (place->root != v) {
            place->storage = SNUG_C_LOCAL;
        } else if (nodes[v].operation == SNUG_OPERATION_CONSTANT) {
            place->storage = SNUG_C_CONSTANT;
            place->constant = v;
        } else if (memory == p->graph->output.node && p->places[memory].computed) {
            p->places[memory].storage = SNUG_C_OUTPUT;
        } else if (place->computed && p->places[memory].storage != SNUG_C_SCRATCH) {
            forget_dead(p, v);
            if (allocate(p, memory, scratch) != SNUG_OK) {
                return SNUG_ERROR_MEMORY;
            }
        }
    }
    return SNUG_OK;
}

/* Gives results in the memory of others their place there. */
static void place_parts(planner *p) {
    for (size_t v = 0; v < p->graph->count; v++) {
        snug_c_place *place = &p->places[v];
        size_t shift = 0;
        const size_t memory = memory_of(p, v, &shift);
        if (memory != v && place->storage != SNUG_C_LOCAL) {
            place->storage = p->places[memory].storage;
            place->constant = p->places[memory].constant;
            place->offset = p->places[memory].offset + shift;
        }
    }
}

/* ---- the plan -------------------------------------------------------------------------------- */

static bool allocate_planner(planner *p) {
    size_t **arrays[] = {&p->readers, &p->parents, &p->shifts, &p->deaths, &p->live};
    bool ok = true;
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) {
        *arrays[i] = snug_alloc(p->graph->count, sizeof **arrays[i]);
        ok = ok && *arrays[i] != NULL;
    }
    return ok;
}

static void free_planner(planner *p) {
    snug_release(p->readers);
    snug_release(p->parents);
    snug_release(p->shifts);
    snug_release(p->deaths);
    snug_release(p->live);
}

snug_status snug_c_plan_make(snug_c_plan *plan, const snug_graph *graph) {
    *plan = (snug_c_plan){.places = snug_alloc(graph->count, sizeof *plan->places)};
    planner p = {.graph = graph, .places = plan->places};
    snug_status status = SNUG_ERROR_MEMORY;
    if (plan->places != NULL && allocate_planner(&p)) {
        find_roots(&p);
        find_parts(&p);
        find_concatenated(&p);
        find_deaths(&p);
        find_overwritten(&p);
        status = allocate_all(&p, &plan->scratch);
        place_parts(&p);
    }
    free_planner(&p);
    if (status != SNUG_OK) {
        snug_c_plan_clear(plan);
    }
    return status;
}

void snug_c_plan_clear(snug_c_plan *plan) {
    snug_release(plan->places);
    *plan = (snug_c_plan){0};
}
