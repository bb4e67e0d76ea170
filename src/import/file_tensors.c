#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "core/warnings.h"
#include "import/file_tensors.h"

/* The counter that PyTorch keeps beside the statistics of batch normalization. */
static const char counter[] = "num_batches_tracked";

static bool is_counter(const char *name) {
    size_t n = strlen(name), length = strlen(counter);
    return n > length && name[n - length - 1] == '.' && strcmp(name + n - length, counter) == 0;
}

static int by_name(const void *a, const void *b) {
    return strcmp(((const snug_file_tensor *)a)->name, ((const snug_file_tensor *)b)->name);
}

snug_status snug_file_tensors_list(snug_file_tensors *tensors, const snug_safetensors *file) {
    *tensors = (snug_file_tensors){.items = snug_alloc(file->count, sizeof *tensors->items)};
    if (tensors->items == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    for (const cJSON *e = file->header->child; e != NULL; e = e->next) {
        snug_file_tensor *item = &tensors->items[tensors->count];
        if (snug_safetensors_is_metadata(e)) {
            continue;
        }
        if (is_counter(e->string)) {
            tensors->ignored++;
            continue;
        }
        item->name = e->string;
        snug_status status = snug_safetensors_entry(e, &item->entry);
        if (status != SNUG_OK) {
            return status;
        }
        tensors->count++;
    }
    qsort(tensors->items, tensors->count, sizeof *tensors->items, by_name);
    return SNUG_OK;
}

void snug_file_tensors_clear(snug_file_tensors *tensors) {
    snug_release(tensors->items);
    snug_release(tensors->layers);
    *tensors = (snug_file_tensors){0};
}

/* ---- names ----------------------------------------------------------------------------------- */

/* Reads the whole number that a path begins with, "12" of "12.weight"; NULL, or what follows it. */
static const char *read_number(const char *path, uint64_t *number) {
    size_t digits = strspn(path, "0123456789");
    if (digits == 0 || digits > 9 || path[digits] != '.') {
        return NULL;
    }
    *number = strtoull(path, NULL, 10);
    return path + digits;
}

/* A name in parts: the start that all names share, the number of a layer or "", and the rest. */
typedef struct name_parts {
    const char *parts[3];
    size_t lengths[3];
} name_parts;

/* Compares a name in parts with another, as strcmp() compares them. */
static int compare_parts(const name_parts *name, const char *other) {
    for (size_t i = 0; i < 3; i++) {
        int order = strncmp(name->parts[i], other, name->lengths[i]);
        if (order != 0) {
            return order;
        }
        other += name->lengths[i];
    }
    return *other == 0 ? 0 : -1;
}

static int by_parts(const void *key, const void *item) {
    return compare_parts(key, ((const snug_file_tensor *)item)->name);
}

/* Returns the tensor of that name: the first `prefix` bytes of all names, a number, the rest. */
static snug_file_tensor *find_name(const snug_file_tensors *tensors, size_t prefix,
                                   const char *number, const char *rest) {
    if (tensors->count == 0) {
        return NULL;
    }
    const name_parts name = {{tensors->items[0].name, number, rest},
                             {prefix, strlen(number), strlen(rest)}};
    return bsearch(&name, tensors->items, tensors->count, sizeof *tensors->items, by_parts);
}

/* Returns the length of a longer start that all names share, up to a dot; `prefix`: no longer. */
static size_t next_prefix(const snug_file_tensors *tensors, size_t prefix) {
    const char *first = tensors->count > 0 ? tensors->items[0].name : "";
    const char *dot = strchr(first + prefix, '.');
    size_t length = dot != NULL ? (size_t)(dot - first) + 1 : prefix;
    /* They are sorted: what the first and the last share is what all share. */
    return tensors->count > 0 && length < 1000 &&
                   strncmp(first, tensors->items[tensors->count - 1].name, length) == 0
               ? length
               : prefix;
}

static int by_number(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/*
 * Sets numbers[], ascending and each once, to the numbers that names begin with behind a prefix;
 * returns how many there are, 0 where a name begins with no number.
 */
static size_t number_layers(const snug_file_tensors *tensors, size_t prefix, uint64_t *numbers) {
    size_t count = 0;
    for (size_t i = 0; i < tensors->count; i++) {
        if (read_number(tensors->items[i].name + prefix, &numbers[i]) == NULL) {
            return 0;
        }
    }
    qsort(numbers, tensors->count, sizeof *numbers, by_number);
    for (size_t i = 0; i < tensors->count; i++) {
        if (count == 0 || numbers[i] != numbers[count - 1]) {
            numbers[count++] = numbers[i];
        }
    }
    return count;
}

/* Counts the layers of the plan with tensors before that of a slot; `slot` NULL: all of them. */
static size_t layers_before(const snug_plan *plan, const snug_tensor_slot *slot) {
    size_t count = 0;
    uint64_t last = UINT64_MAX, number = 0;
    for (size_t i = 0; i < plan->slot_count; i++) {
        bool known = read_number(plan->slots[i].name, &number) != NULL;
        count += known && number != last;
        last = number;
        if (&plan->slots[i] == slot) {
            return count - 1;
        }
    }
    return count;
}

/* ---- matching -------------------------------------------------------------------------------- */

/* Returns how many tensors of the plan are in the file behind a prefix. */
static size_t count_found(const snug_file_tensors *tensors, const snug_plan *plan, size_t prefix) {
    size_t found = 0;
    for (size_t i = 0; i < plan->slot_count; i++) {
        found += find_name(tensors, prefix, "", plan->slots[i].name) != NULL;
    }
    return found;
}

/*
 * Numbers the layers of the file where there are as many as the plan has; false: there are not.
 * Numbers have an order, which names such as "hidden" and "out" do not have in a sorted file: those
 * are never taken by their order.
 */
static bool renumber(snug_file_tensors *tensors, const snug_plan *plan) {
    size_t wanted = layers_before(plan, NULL);
    for (size_t prefix = 0, last = SIZE_MAX; prefix != last;
         last = prefix, prefix = next_prefix(tensors, prefix)) {
        tensors->layer_count = number_layers(tensors, prefix, tensors->layers);
        if (tensors->layer_count == wanted && wanted > 0) {
            tensors->prefix = prefix;
            return true;
        }
    }
    return false;
}

/*
 * Chooses the prefix behind which most of the plan's names are; where some are not, layers are
 * numbered otherwise if there are as many of them.
 */
static snug_status choose_names(snug_file_tensors *tensors, const snug_plan *plan) {
    size_t most = 0;
    for (size_t prefix = 0, last = SIZE_MAX; prefix != last;
         last = prefix, prefix = next_prefix(tensors, prefix)) {
        size_t found = count_found(tensors, plan, prefix);
        if (found > most) {
            most = found;
            tensors->prefix = prefix;
        }
    }
    if (most == plan->slot_count) {
        return SNUG_OK;
    }
    tensors->layers = snug_alloc(tensors->count + 1, sizeof *tensors->layers);
    if (tensors->layers == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    if (!renumber(tensors, plan)) {
        snug_release(tensors->layers);
        tensors->layers = NULL;
    }
    return SNUG_OK;
}

/* Whether a layer has another number in the file than in the plan. */
static bool numbers_differ(const snug_file_tensors *tensors, const snug_plan *plan) {
    for (size_t i = 0; i < plan->slot_count && tensors->layers != NULL; i++) {
        uint64_t number = 0;
        if (read_number(plan->slots[i].name, &number) != NULL &&
            number != tensors->layers[layers_before(plan, &plan->slots[i])]) {
            return true;
        }
    }
    return false;
}

snug_status snug_file_tensors_match(snug_file_tensors *tensors, const snug_plan *plan,
                                    const char *path) {
    snug_status status = choose_names(tensors, plan);
    if (status == SNUG_OK && tensors->prefix > 0) {
        status = snug_warn(NULL, "%s: all names begin with \"%.*s\", which is left out", path,
                           (int)tensors->prefix, tensors->items[0].name);
    }
    if (status == SNUG_OK && numbers_differ(tensors, plan)) {
        status = snug_warn(NULL,
                           "%s: its layers have other numbers than the model's: its %zu layers "
                           "with tensors are taken in the order of their numbers",
                           path, tensors->layer_count);
    }
    if (status == SNUG_OK && tensors->ignored > 0) {
        status = snug_warn(NULL, "%s: \"%s\" of %zu layers is ignored: Snug has no use for it",
                           path, counter, tensors->ignored);
    }
    return status;
}

snug_file_tensor *snug_file_tensors_find(const snug_file_tensors *tensors, const snug_plan *plan,
                                         const snug_tensor_slot *slot) {
    uint64_t number = 0;
    const char *rest = tensors->layers != NULL ? read_number(slot->name, &number) : NULL;
    char text[24] = "";
    if (rest != NULL) {
        snprintf(text, sizeof text, "%llu",
                 (unsigned long long)tensors->layers[layers_before(plan, slot)]);
    }
    return find_name(tensors, tensors->prefix, text, rest != NULL ? rest : slot->name);
}

/* ---- sizes ----------------------------------------------------------------------------------- */

/* Sets *number to the first part of a name that is a whole number; false: there is none. */
static bool layer_number(const char *name, uint64_t *number) {
    while (name != NULL && read_number(name, number) == NULL) {
        name = strchr(name, '.');
        name = name != NULL ? name + 1 : NULL;
    }
    return name != NULL;
}

/* Returns the tensor of most dimensions of the first, or the last, numbered layer; or NULL. */
static const snug_file_tensor *layer_tensor(const snug_file_tensors *tensors, bool last) {
    const snug_file_tensor *best = NULL;
    uint64_t number = 0, best_number = 0;
    for (size_t i = 0; i < tensors->count; i++) {
        const snug_file_tensor *item = &tensors->items[i];
        if (!layer_number(item->name, &number)) {
            continue;
        }
        bool nearer = last ? number > best_number : number < best_number;
        if (best == NULL || nearer ||
            (number == best_number && item->entry.rank > best->entry.rank)) {
            best = item;
            best_number = number;
        }
    }
    return best != NULL && best->entry.rank >= 1 && best->entry.rank <= 2 ? best : NULL;
}

size_t snug_file_tensors_inputs(const snug_file_tensors *tensors) {
    const snug_file_tensor *first = layer_tensor(tensors, false);
    return first != NULL ? first->entry.dims[first->entry.rank - 1] : 0;
}

size_t snug_file_tensors_outputs(const snug_file_tensors *tensors) {
    const snug_file_tensor *last = layer_tensor(tensors, true);
    return last != NULL ? last->entry.dims[0] : 0;
}
