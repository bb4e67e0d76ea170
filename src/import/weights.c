/* Weights of another program for the layers of a config: see <snug/import.h>. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <snug/import.h>

#include "core/memory.h"
#include "core/status.h"
#include "core/warnings.h"
#include "import/config.h"
#include "import/file_tensors.h"
#include "model/model.h"

/* The tensors that do not fit, as the parts of one error message. */
typedef struct misfits {
    char text[SNUG_MESSAGE_SIZE];
    size_t length;  /* of the text */
    size_t unnamed; /* so many more have no part of their own */
    size_t count;
} misfits;

enum { NAMED_MISFITS = 6, SHAPE_SIZE = 160 };

/* Writes a shape as "[3, 4]". */
static const char *shape_text(size_t rank, const size_t *dims, char text[SHAPE_SIZE]) {
    size_t at = (size_t)snprintf(text, SHAPE_SIZE, "[");
    for (size_t i = 0; i < rank && at < SHAPE_SIZE - 24; i++) {
        at += (size_t)snprintf(text + at, SHAPE_SIZE - at, "%s%zu", i > 0 ? ", " : "", dims[i]);
    }
    snprintf(text + at, SHAPE_SIZE - at, "]");
    return text;
}

/*
 * Adds "NAME SHAPE WHAT" to the message. Only the first tensors are named: with the numbers of
 * layers shifted by one, nothing of a deep network fits, and the first names show it.
 */
static void add_misfit(misfits *found, const char *name, const char *shape, const char *what) {
    if (found->count++ >= NAMED_MISFITS) {
        found->unnamed++;
        return;
    }
    int n = snprintf(found->text + found->length, sizeof found->text - found->length,
                     "%s%.40s %s %s", found->length > 0 ? "; " : "", name, shape, what);
    found->length += n > 0 ? (size_t)n : 0;
}

/* The shape of a slot in a file of Snug, and so in one of PyTorch: dims[rank]. */
static size_t wanted_shape(const snug_tensor_slot *slot, size_t dims[2]) {
    const snug_tensor *t = slot->tensor;
    if (t->rows == 0) {
        dims[0] = t->columns;
        return 1;
    }
    dims[0] = t->transposed ? t->columns : slot->rows;
    dims[1] = t->transposed ? slot->rows : t->columns;
    return 2;
}

/* Drops sizes of 1; returns how many others there are. */
static size_t without_ones(size_t rank, const size_t *dims, size_t others[SNUG_MAX_RANK]) {
    size_t count = 0;
    for (size_t i = 0; i < rank; i++) {
        if (dims[i] != 1) {
            others[count++] = dims[i];
        }
    }
    return count;
}

/* Whether two shapes are equal but for sizes of 1, so that the numbers have the same order. */
static bool same_shape(size_t rank, const size_t *dims, const snug_entry *entry) {
    size_t a[SNUG_MAX_RANK], b[SNUG_MAX_RANK];
    size_t count = without_ones(rank, dims, a);
    return count == without_ones(entry->rank, entry->dims, b) &&
           memcmp(a, b, count * sizeof *a) == 0;
}

/* Notes a tensor of the model that the file lacks, or has otherwise. */
static void check_slot(const snug_tensor_slot *slot, snug_file_tensor *found, misfits *all) {
    size_t dims[2];
    size_t rank = wanted_shape(slot, dims);
    char wanted[SHAPE_SIZE], had[SHAPE_SIZE], what[SHAPE_SIZE + 64];
    shape_text(rank, dims, wanted);
    if (found == NULL) {
        add_misfit(all, slot->name, wanted, "is missing");
        return;
    }
    found->used = true;
    shape_text(found->entry.rank, found->entry.dims, had);
    if (!same_shape(rank, dims, &found->entry)) {
        snprintf(what, sizeof what, "must be %s", wanted);
        add_misfit(all, found->name, had, what);
    } else if (!snug_dtype_is_real(found->entry.type)) {
        snprintf(what, sizeof what, "is of type %s, and weights are F32, F16, BF16 or F64",
                 snug_dtype_name(found->entry.type));
        add_misfit(all, found->name, had, what);
    }
}

/*
 * Fails with one message about all tensors that are missing, left over or of another shape: to
 * correct a config, a user needs all of them, and not the first alone.
 */
static snug_status check_tensors(const snug_file_tensors *tensors, const snug_plan *plan) {
    misfits all = {.count = 0};
    for (size_t i = 0; i < plan->slot_count; i++) {
        const snug_tensor_slot *slot = &plan->slots[i];
        check_slot(slot, snug_file_tensors_find(tensors, plan, slot), &all);
    }
    for (size_t i = 0; i < tensors->count; i++) {
        const snug_file_tensor *item = &tensors->items[i];
        char shape[SHAPE_SIZE];
        if (!item->used) {
            add_misfit(&all, item->name, shape_text(item->entry.rank, item->entry.dims, shape),
                       "belongs to no layer of the model");
        }
    }
    if (all.count == 0) {
        return SNUG_OK;
    }
    if (all.unnamed > 0) {
        return snug_fail(SNUG_ERROR_FILE, "%s; and %zu more do not fit", all.text, all.unnamed);
    }
    return snug_fail(SNUG_ERROR_FILE, "%s", all.text);
}

/* ---- numbers --------------------------------------------------------------------------------- */

/*
 * Copies the values of a file to the layout of memory: PyTorch has a row for each unit, and a dense
 * layer here has one for each input.
 */
static void place(const snug_tensor_slot *slot, const float *values, float *to) {
    size_t rows = slot->rows, columns = slot->tensor->columns;
    if (!slot->tensor->transposed) {
        memcpy(to, values, slot->size * sizeof *to);
        return;
    }
    for (size_t i = 0; i < rows; i++) {
        for (size_t j = 0; j < columns; j++) {
            to[i * columns + j] = values[j * rows + i];
        }
    }
}

/* A double beyond the largest float has become infinite, too. */
static snug_status check_finite(const char *name, size_t n, const float *values) {
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(values[i])) {
            return snug_fail(SNUG_ERROR_FILE, "%s: entry %zu is no finite float", name, i);
        }
    }
    return SNUG_OK;
}

/* Reads a tensor that fits into the model; adds to *rounded how many numbers were rounded. */
static snug_status read_tensor(const snug_safetensors *file, const snug_file_tensor *tensor,
                               const snug_tensor_slot *slot, float *to, size_t *rounded) {
    size_t bytes = tensor->entry.end - tensor->entry.begin;
    unsigned char *raw = snug_alloc(bytes, 1);
    float *values = snug_alloc(slot->size, sizeof *values);
    snug_status status = raw != NULL && values != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
    if (status == SNUG_OK) {
        status = snug_byte_source_read(file->source, file->data + tensor->entry.begin, bytes, raw);
    }
    if (status == SNUG_OK) {
        *rounded += snug_dtype_convert(tensor->entry.type, slot->size, raw, values);
        status = check_finite(tensor->name, slot->size, values);
    }
    if (status == SNUG_OK) {
        place(slot, values, to);
    }
    snug_release(values);
    snug_release(raw);
    return status;
}

static snug_status read_tensors(const snug_safetensors *file, const snug_file_tensors *tensors,
                                snug_model *model) {
    size_t rounded = 0;
    snug_status status = snug_model_allocate(model);
    for (size_t i = 0; i < model->plan->slot_count && status == SNUG_OK; i++) {
        const snug_tensor_slot *slot = &model->plan->slots[i];
        float *to = (slot->tensor->state ? model->state : model->parameters) + slot->offset;
        status = read_tensor(file, snug_file_tensors_find(tensors, model->plan, slot), slot, to,
                             &rounded);
    }
    if (status == SNUG_OK && rounded > 0) {
        status = snug_warn(NULL, "%s: %zu numbers of type F64 are rounded to the nearest float",
                           file->source->name, rounded);
    }
    return status;
}

/* ---- the model ------------------------------------------------------------------------------- */

/* Gives the model of a config the tensors of an open file. */
static snug_status take_weights(const snug_safetensors *file, snug_file_tensors *tensors,
                                snug_model *model) {
    snug_status status = snug_file_tensors_match(tensors, model->plan, file->source->name);
    if (status == SNUG_OK) {
        status = check_tensors(tensors, model->plan);
    }
    if (status == SNUG_OK) {
        status = read_tensors(file, tensors, model);
    }
    if (status != SNUG_OK && status != SNUG_ERROR_MEMORY) {
        snug_fail_in("%s", file->source->name);
    }
    return status;
}

static snug_model *import_open(const snug_safetensors *file, const char *config_path) {
    snug_file_tensors tensors;
    snug_model *model = NULL;
    if (snug_file_tensors_list(&tensors, file) == SNUG_OK) {
        model = snug_import_config(config_path, snug_file_tensors_inputs(&tensors),
                                   snug_file_tensors_outputs(&tensors));
    }
    if (model != NULL && take_weights(file, &tensors, model) != SNUG_OK) {
        snug_model_free(model);
        model = NULL;
    }
    snug_file_tensors_clear(&tensors);
    return model;
}

snug_model *snug_model_import_weights(const char *path, const char *config_path) {
    snug_byte_source source = {.descriptor = -1};
    snug_safetensors file;
    snug_model *model = NULL;
    if (path == NULL || config_path == NULL) {
        snug_fail_null(path == NULL ? "the path of the weights" : "the path of the config");
        return snug_constructed(SNUG_CONSTRUCTED_MODEL, NULL);
    }
    if (snug_byte_source_open(&source, path, snug_safetensors_check_start) == SNUG_OK &&
        snug_safetensors_open(&file, &source) == SNUG_OK) {
        model = import_open(&file, config_path);
        snug_safetensors_clear(&file);
    }
    snug_byte_source_close(&source);
    return snug_constructed(SNUG_CONSTRUCTED_MODEL, model);
}
