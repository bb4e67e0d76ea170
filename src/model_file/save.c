/*
 * Writing a model file, in the safetensors format:
 *
 *     8 bytes       length of the header, little-endian
 *     the header    JSON, padded by blanks so that the tensors begin at a multiple of 8
 *         "__metadata__"   strings: "snug.format" (its version), "snug.version" (of the library),
 *                          "snug.model" (the config), "snug.output" (the output function);
 *                          "snug.loss", "snug.preprocessing" and "snug.postprocessing" where
 *                          the model has them; and members that a newer version wrote, as they
 *                          were loaded. In the file of an ensemble "snug.members" is the number
 *                          of its members, and each of them has these keys:
 *                          "members.0.snug.model" ...
 *         "0.weight" ...   an entry a tensor, in the order of the plan: its dtype, "F32", its shape
 *                          and where its bytes are, from the end of the header. Those of an
 *                          ensemble are called "members.0.0.weight" ...
 *     the tensors   in the same order, little-endian; a matrix that is marked as transposed is
 *                   written columns x rows, as PyTorch has it
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "files/file_write.h"
#include "json/json.h"
#include "json/json_build.h"
#include "json/json_print.h"
#include "json/json_syntax.h"
#include "model/config.h"
#include "model/ensemble.h"
#include "model/model.h"
#include "model/targets.h"
#include "model_file/format.h"
#include "model_file/safetensors.h"
#include "model_file/save.h"

/* The metadata that is written, for a model whose keys and names begin with a prefix. */
typedef struct metadata_writer {
    cJSON *metadata;
    const char *prefix; /* "", or that of a member of an ensemble */
    bool *failed;
} metadata_writer;

static void add_string(const metadata_writer *to, const char *key, const char *text) {
    char *name = snug_format("%s%s", to->prefix, key);
    if (name != NULL) {
        snug_json_string(to->metadata, name, text, to->failed);
    } else {
        *to->failed = true;
    }
    snug_release(name);
}

/* Adds a JSON value, which it takes over, to the metadata as a string that loading can parse. */
static void add_json(const metadata_writer *to, const char *key, size_t most, cJSON *json) {
    char *text = json != NULL ? snug_json_print(json, false) : NULL;
    if (text != NULL && snug_json_check_syntax(key, text, strlen(text), most) == SNUG_OK) {
        add_string(to, key, text);
    } else {
        *to->failed = true;
    }
    snug_release(text);
    cJSON_Delete(json);
}

/* Adds what is kept of a file that a newer version wrote. */
static void add_unknown(const metadata_writer *to, const snug_model *model) {
    const cJSON *unknown = model->metadata != NULL ? model->metadata->child : NULL;
    for (; unknown != NULL && !*to->failed; unknown = unknown->next) {
        char *name = snug_format("%s%s", to->prefix, unknown->string);
        if (name != NULL) {
            snug_json_copy(to->metadata, name, unknown, to->failed);
        } else {
            *to->failed = true;
        }
        snug_release(name);
    }
}

static void add_postprocessing(const metadata_writer *to, const snug_model *model) {
    if (model->postprocessing != NULL) {
        add_json(to, SNUG_KEY_POSTPROCESSING, SNUG_JSON_MAX_VALUES,
                 snug_postprocessing_write(model->postprocessing));
    }
}

/* Adds what the file has of a single model, or of a member of an ensemble. */
static void add_model(const metadata_writer *to, const snug_model *model) {
    const snug_activation_kind *output = snug_model_output(model);
    const size_t most = SNUG_JSON_MAX_VALUES;
    if (output == NULL) {
        *to->failed = true;
        return;
    }
    add_json(to, SNUG_KEY_MODEL, most, snug_model_write(model));
    add_string(to, SNUG_KEY_OUTPUT, output->base.name);
    if (model->loss != NULL) {
        add_json(to, SNUG_KEY_LOSS, most, snug_object_write(model->loss));
    }
    if (model->preprocessing != NULL) {
        add_json(to, SNUG_KEY_PREPROCESSING, snug_preprocessing_values(model->inputs),
                 snug_preprocessing_write(model->preprocessing));
    }
    add_postprocessing(to, model);
    add_unknown(to, model);
}

static void add_members(const metadata_writer *to, const snug_model *ensemble) {
    char text[SNUG_PREFIX_SIZE];
    snprintf(text, sizeof text, "%zu", ensemble->member_count);
    add_string(to, SNUG_KEY_MEMBERS, text);
    add_postprocessing(to, ensemble);
    add_unknown(to, ensemble);
    for (size_t i = 0; i < ensemble->member_count && !*to->failed; i++) {
        snug_format_member_prefix(i, text);
        const metadata_writer member = {to->metadata, text, to->failed};
        add_model(&member, ensemble->members[i]);
    }
}

static void add_metadata(cJSON *header, const snug_model *model, bool *failed) {
    const metadata_writer to = {snug_json_object(header, "__metadata__", failed), "", failed};
    if (*failed) {
        return;
    }
    add_string(&to, SNUG_KEY_FORMAT, snug_format_written());
    add_string(&to, SNUG_KEY_VERSION, snug_version());
    (snug_model_is_ensemble(model) ? add_members : add_model)(&to, model);
}

/* Adds one tensor's entry; its bytes begin at `begin`. */
static void add_entry(cJSON *header, const char *prefix, const snug_tensor_slot *slot, size_t begin,
                      bool *failed) {
    const snug_tensor *t = slot->tensor;
    char *name = snug_format("%s%s", prefix, slot->name);
    *failed = *failed || name == NULL;
    cJSON *entry = *failed ? NULL : snug_json_object(header, name, failed);
    snug_release(name);
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

/* Adds the entries of a model's tensors; the bytes of the first begin at *begin. */
static void add_entries(cJSON *header, const char *prefix, const snug_model *model, size_t *begin,
                        bool *failed) {
    for (size_t i = 0; i < model->plan->slot_count && !*failed; i++) {
        add_entry(header, prefix, &model->plan->slots[i], *begin, failed);
        *begin += model->plan->slots[i].size * sizeof(float);
    }
    for (size_t i = 0; i < model->member_count && !*failed; i++) {
        char of_member[SNUG_PREFIX_SIZE];
        snug_format_member_prefix(i, of_member);
        add_entries(header, of_member, model->members[i], begin, failed);
    }
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
    if (!failed) {
        add_entries(header, "", model, data, &failed);
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

/* Writes the tensors of a model at *out, and sets *out to where they end. */
static snug_status write_slots(const snug_model *model, unsigned char **out) {
    snug_status status = SNUG_OK;
    for (size_t i = 0; i < model->plan->slot_count && status == SNUG_OK; i++) {
        status = write_slot(model, &model->plan->slots[i], *out);
        *out += model->plan->slots[i].size * sizeof(float);
    }
    for (size_t i = 0; i < model->member_count && status == SNUG_OK; i++) {
        status = write_slots(model->members[i], out);
    }
    return status;
}

snug_status snug_model_save_to_memory(const snug_model *model, char **bytes, size_t *size) {
    size_t length = 0, data = 0;
    char *header, *all;
    if (bytes == NULL || size == NULL) {
        return snug_fail_null(bytes == NULL ? "the pointer to the bytes" : "the size");
    }
    snug_status status = snug_model_check_weights(model);
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
    unsigned char *tensors = (unsigned char *)all + 8 + length;
    status = write_slots(model, &tensors);
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
