/*
 * Writing a model file, in the safetensors format:
 *
 *     8 bytes       length of the header, little-endian
 *     the header    JSON, padded by blanks so that the tensors begin at a multiple of 8
 *         "__metadata__"   strings: "snug.format" (its version), "snug.version" (of the library),
 *                          "snug.model" (the config), "snug.output" (the output function);
 *                          "snug.loss" and "snug.preprocessing" where the model has them; and
 *                          members that a newer version wrote, as they were loaded
 *         "0.weight" ...   an entry a tensor, in the order of the plan: its dtype, "F32", its shape
 *                          and where its bytes are, from the end of the header
 *     the tensors   in the same order, little-endian; a matrix that is marked as transposed is
 *                   written columns x rows, as PyTorch has it
 */
#include <math.h>
#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "files/file_write.h"
#include "json/json.h"
#include "json/json_build.h"
#include "json/json_print.h"
#include "json/json_syntax.h"
#include "model/config.h"
#include "model/model.h"
#include "model/targets.h"
#include "model_file/format.h"
#include "model_file/safetensors.h"
#include "model_file/save.h"

/* Adds a JSON value, which it takes over, to the metadata as a string that loading can parse. */
static void add_json(cJSON *metadata, const char *key, size_t most, cJSON *json, bool *failed) {
    char *text = json != NULL ? snug_json_print(json, false) : NULL;
    if (text != NULL && snug_json_check_syntax(key, text, strlen(text), most) == SNUG_OK) {
        snug_json_string(metadata, key, text, failed);
    } else {
        *failed = true;
    }
    snug_release(text);
    cJSON_Delete(json);
}

static void add_metadata(cJSON *header, const snug_model *model, bool *failed) {
    cJSON *metadata = snug_json_object(header, "__metadata__", failed);
    const snug_activation_kind *output = snug_model_output(model);
    const size_t most = SNUG_JSON_MAX_VALUES;
    if (*failed || output == NULL) {
        *failed = true;
        return;
    }
    snug_json_string(metadata, SNUG_KEY_FORMAT, snug_format_written(), failed);
    snug_json_string(metadata, SNUG_KEY_VERSION, snug_version(), failed);
    add_json(metadata, SNUG_KEY_MODEL, most, snug_model_write(model), failed);
    snug_json_string(metadata, SNUG_KEY_OUTPUT, output->base.name, failed);
    if (model->loss != NULL) {
        add_json(metadata, SNUG_KEY_LOSS, most, snug_object_write(model->loss), failed);
    }
    if (model->preprocessing != NULL) {
        add_json(metadata, SNUG_KEY_PREPROCESSING, snug_preprocessing_values(model->inputs),
                 snug_preprocessing_write(model->preprocessing), failed);
    }
    const cJSON *unknown = model->metadata != NULL ? model->metadata->child : NULL;
    for (; unknown != NULL && !*failed; unknown = unknown->next) {
        snug_json_copy(metadata, unknown->string, unknown, failed);
    }
}

/* Adds one tensor's entry; its bytes begin at `begin`. */
static void add_entry(cJSON *header, const snug_tensor_slot *slot, size_t begin, bool *failed) {
    const snug_tensor *t = slot->tensor;
    cJSON *entry = snug_json_object(header, slot->name, failed);
    cJSON *shape, *offsets;
    if (*failed) {
        return;
    }
    snug_json_string(entry, "dtype", "F32", failed);
    shape = snug_json_array(entry, "shape", failed);
    if (t->rows > 0) {
        snug_json_number(shape, NULL, (double)(t->transposed ? t->columns : t->rows), failed);
    }
    snug_json_number(shape, NULL, (double)(t->transposed ? t->rows : t->columns), failed);
    offsets = snug_json_array(entry, "data_offsets", failed);
    snug_json_number(offsets, NULL, (double)begin, failed);
    snug_json_number(offsets, NULL, (double)(begin + slot->size * sizeof(float)), failed);
}

/* Pads the header with spaces so that the data is aligned. NULL on failure. */
static char *pad_header(const char *text, size_t most, size_t *length) {
    *length = (strlen(text) + 7) / 8 * 8;
    if (*length <= most) {
        return snug_format("%-*s", (int)*length, text);
    }
    snug_fail(
        SNUG_ERROR_CONFIG,
        "the model cannot be saved: its names, layers and scaling take %zu bytes, and a model "
        "file has %zu for them; fewer or shorter ones are needed",
        *length, most);
    return NULL;
}

/*
 * Returns the header, of up to `most` bytes; NULL on failure. *length: its bytes with the padding;
 * *data: the bytes of all tensors.
 */
static char *write_header(const snug_model *model, size_t most, size_t *length, size_t *data) {
    bool failed = false;
    cJSON *header = snug_json_object(NULL, NULL, &failed);
    char *text = NULL, *padded = NULL;
    *data = 0;
    if (!failed) {
        add_metadata(header, model, &failed);
    }
    for (size_t i = 0; i < model->plan->slot_count && !failed; i++) {
        add_entry(header, &model->plan->slots[i], *data, &failed);
        *data += model->plan->slots[i].size * sizeof(float);
    }
    if (!failed) {
        text = snug_json_print(header, false);
    }
    cJSON_Delete(header);
    if (text != NULL &&
        snug_json_check_syntax("header", text, strlen(text), SNUG_JSON_MAX_VALUES) == SNUG_OK) {
        padded = pad_header(text, most, length);
    }
    snug_release(text);
    return padded;
}

snug_status snug_model_check_saving(const snug_model *model, size_t limit) {
    size_t length, data;
    char *header = write_header(model, limit, &length, &data);
    snug_status status = header != NULL ? SNUG_OK : snug_error_status();
    snug_release(header);
    return status;
}

/* Writes a tensor as the file has it: columns x rows where it is transposed. */
static snug_status write_slot(const snug_model *model, const snug_tensor_slot *slot,
                              unsigned char *out) {
    const snug_tensor *t = slot->tensor;
    const float *values = (t->state ? model->state : model->parameters) + slot->offset;
    size_t rows = slot->rows, columns = t->columns;
    for (size_t i = 0; i < rows; i++) {
        for (size_t j = 0; j < columns; j++) {
            float value = values[i * columns + j];
            if (!isfinite(value)) {
                return snug_fail(SNUG_ERROR_DIVERGED,
                                 "%s[%zu][%zu] is not finite: such a model is not saved",
                                 slot->name, t->transposed ? j : i, t->transposed ? i : j);
            }
            snug_safetensors_put(
                out + sizeof(float) * (t->transposed ? j * rows + i : i * columns + j), value);
        }
    }
    return SNUG_OK;
}

static snug_status write_slots(const snug_model *model, unsigned char *out) {
    for (size_t i = 0; i < model->plan->slot_count; i++) {
        snug_status status = write_slot(model, &model->plan->slots[i], out);
        if (status != SNUG_OK) {
            return status;
        }
        out += model->plan->slots[i].size * sizeof(float);
    }
    return SNUG_OK;
}

snug_status snug_model_save_to_memory(const snug_model *model, char **bytes, size_t *size) {
    size_t length = 0, data = 0;
    char *header, *all;
    snug_status status = snug_model_check(model);
    *bytes = NULL;
    if (status == SNUG_OK) {
        status = snug_model_check_names(model);
    }
    if (status != SNUG_OK) {
        return status;
    }
    header = write_header(model, SNUG_HEADER_LIMIT, &length, &data);
    all = header != NULL ? snug_alloc(8 + length + data, 1) : NULL;
    if (all == NULL) {
        snug_release(header);
        return snug_error_status();
    }
    for (int i = 0; i < 8; i++) {
        all[i] = (char)(unsigned char)((uint64_t)length >> (8 * i));
    }
    memcpy(all + 8, header, length);
    snug_release(header);
    status = write_slots(model, (unsigned char *)all + 8 + length);
    if (status != SNUG_OK) {
        snug_release(all);
        return status;
    }
    *bytes = all;
    *size = 8 + length + data;
    return SNUG_OK;
}

snug_status snug_model_save(const snug_model *model, const char *path) {
    char *bytes;
    size_t size = 0;
    if (path == NULL) {
        return snug_fail_null("the path of the model");
    }
    snug_status status = snug_model_save_to_memory(model, &bytes, &size);
    if (status != SNUG_OK) {
        return status;
    }
    status = snug_file_write(path, bytes, size);
    snug_release(bytes);
    return status;
}
