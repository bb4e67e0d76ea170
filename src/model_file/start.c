#include <stdio.h>
#include <string.h>

#include "core/status.h"
#include "model/model.h"
#include "model_file/start.h"

/* ---- comparing ------------------------------------------------------------------------------- */

static const snug_tensor_slot *find_slot(const snug_plan *plan, const char *name) {
    for (size_t i = 0; i < plan->slot_count; i++) {
        if (strcmp(plan->slots[i].name, name) == 0) {
            return &plan->slots[i];
        }
    }
    return NULL;
}

/* Prints a shape as files have it: "8 x 4", out x in, or "8" of a vector. */
static void print_shape(const snug_tensor_slot *slot, char shape[48]) {
    size_t rows = slot->rows, columns = slot->size / slot->rows;
    if (slot->tensor->rows == 0) {
        snprintf(shape, 48, "%zu", slot->size);
    } else if (slot->tensor->transposed) {
        snprintf(shape, 48, "%zu x %zu", columns, rows);
    } else {
        snprintf(shape, 48, "%zu x %zu", rows, columns);
    }
}

static snug_status check_shape(const snug_tensor_slot *own, const snug_tensor_slot *other) {
    char shape[48], other_shape[48];
    print_shape(own, shape);
    print_shape(other, other_shape);
    if (strcmp(shape, other_shape) == 0 && own->tensor->state == other->tensor->state) {
        return SNUG_OK;
    }
    return snug_fail(SNUG_ERROR_ARGUMENT,
                     "%s: is %s%s where the model has %s%s: layers that it starts from must have "
                     "the same shapes",
                     own->name, other_shape, other->tensor->state ? " of state" : "", shape,
                     own->tensor->state ? " of state" : "");
}

/* Appends a name to a list, or "..." once where it is full. */
static void add_name(char *list, size_t size, const char *name) {
    size_t used = strlen(list);
    const char *comma = used > 0 ? ", " : "";
    if (used + strlen(comma) + strlen(name) + sizeof ", ..." <= size) {
        snprintf(list + used, size - used, "%s%s", comma, name);
    } else if (used < 3 || strcmp(list + used - 3, "...") != 0) {
        snprintf(list + used, size - used, "%s...", comma);
    }
}

snug_status snug_start_compare(const snug_model *model, const snug_model *from,
                               snug_start_report *report) {
    *report = (snug_start_report){.count = model->plan->slot_count};
    if (from->member_count > 0) {
        return snug_fail(SNUG_ERROR_ARGUMENT,
                         "is an ensemble of %zu models, where training starts from one model",
                         from->member_count);
    }
    for (size_t i = 0; i < report->count; i++) {
        const snug_tensor_slot *own = &model->plan->slots[i];
        const snug_tensor_slot *other = find_slot(from->plan, own->name);
        if (other == NULL) {
            add_name(report->missing, sizeof report->missing, own->name);
        } else if (check_shape(own, other) != SNUG_OK) {
            return snug_error_status();
        }
        report->taken += other != NULL;
    }
    for (size_t i = 0; i < from->plan->slot_count; i++) {
        const char *name = from->plan->slots[i].name;
        if (find_slot(model->plan, name) == NULL) {
            add_name(report->unused, sizeof report->unused, name);
        }
    }
    return report->taken > 0 ? SNUG_OK
                             : snug_fail(SNUG_ERROR_ARGUMENT,
                                         "has no tensor of a name that the model has: it "
                                         "has %s, the model has %s",
                                         report->unused[0] != '\0' ? report->unused : "none",
                                         report->missing[0] != '\0' ? report->missing : "none");
}

void snug_start_log(const snug_start_report *report, const char *name, const char *from) {
    const char *missing = report->missing, *unused = report->unused;
    snug_log(SNUG_LOG_INFO, "%s: starts from %s: %zu of %zu tensors are taken%s%s%s%s", name, from,
             report->taken, report->count, missing[0] != '\0' ? "; new are " : "", missing,
             unused[0] != '\0' ? "; of the file the model has not " : "", unused);
}

/* ---- taking ---------------------------------------------------------------------------------- */

snug_status snug_start_take_preprocessing(snug_model *model, const snug_model *from) {
    if (model->preprocessing != NULL || from->preprocessing == NULL) {
        return SNUG_OK;
    }
    return snug_model_set_preprocessing(model, snug_preprocessing_copy(from->preprocessing));
}

/* Copies the tensors that both have. */
static void copy_tensors(snug_model *model, const snug_model *from) {
    for (size_t i = 0; i < model->plan->slot_count; i++) {
        const snug_tensor_slot *own = &model->plan->slots[i];
        const snug_tensor_slot *other = find_slot(from->plan, own->name);
        if (other != NULL && own->tensor->state) {
            memcpy(model->state + own->offset, from->state + other->offset,
                   own->size * sizeof(float));
        } else if (other != NULL) {
            memcpy(model->parameters + own->offset, from->parameters + other->offset,
                   own->size * sizeof(float));
        }
    }
}

snug_status snug_model_start_from(snug_model *model, const snug_model *from, uint64_t seed) {
    snug_start_report report;
    if (from == NULL) {
        return snug_fail_not_constructed(SNUG_CONSTRUCTED_MODEL, "the model to start from");
    }
    snug_status status = snug_model_check_layers(model);
    if (status == SNUG_OK) {
        status = snug_start_compare(model, from, &report);
    }
    if (status == SNUG_OK) {
        status = snug_model_check(from);
    }
    if (status == SNUG_OK && model->parameters == NULL) {
        status = snug_model_init(model, seed);
    }
    if (status == SNUG_OK) {
        status = snug_start_take_preprocessing(model, from);
    }
    if (status == SNUG_OK) {
        copy_tensors(model, from);
        /* Fitting layers to rows would change what was taken. */
        model->fresh = model->untrained = false;
    }
    return status;
}
