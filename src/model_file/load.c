/* A model from the bytes of a safetensors file; anything that does not fit fails with a message. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "json/json.h"
#include "json/json_build.h"
#include "math/gemm_microkernels.h"
#include "model/config.h"
#include "model/ensemble.h"
#include "model/model.h"
#include "model/targets.h"
#include "model_file/format.h"
#include "model_file/safetensors.h"

enum { BAND = 16 }; /* rows of a file that are transposed at once; more do not stay in the cache */

/* Parses the JSON in a string of the metadata, of up to `most` values; NULL on failure. */
static cJSON *metadata_json(const snug_safetensors *file, const char *key, size_t most) {
    const char *text = snug_safetensors_text(file, key);
    if (text == NULL) {
        snug_fail(SNUG_ERROR_FILE, "the metadata has no string \"%s\"", key);
        return NULL;
    }
    return snug_json_parse_max(key, text, strlen(text), most);
}

static snug_status check_format(const snug_safetensors *file, bool *newer) {
    const char *format = snug_safetensors_text(file, SNUG_KEY_FORMAT);
    const char *writer = snug_safetensors_text(file, SNUG_KEY_VERSION);
    const char *kind = snug_safetensors_text(file, SNUG_KEY_KIND);
    if (kind != NULL && strcmp(kind, SNUG_KIND_CHECKPOINT) == 0) {
        return snug_fail(SNUG_ERROR_FILE,
                         "is the checkpoint of a training run and no model: the run that is "
                         "resumed from it saves its model");
    }
    if (format == NULL) {
        return snug_fail(SNUG_ERROR_FILE, "is no model of Snug: its metadata has no \"%s\"",
                         SNUG_KEY_FORMAT);
    }
    snug_status status = snug_format_check(format, writer, newer);
    if (status == SNUG_OK && *newer) {
        snug_log(SNUG_LOG_WARNING,
                 "%s: has format %s, newer than the %s of this Snug, which keeps what it does not "
                 "know and ignores it",
                 file->source->name, format, snug_format_written());
    }
    return status;
}

/* Returns what follows the prefix in a key, or NULL where it does not begin with it. */
static const char *own_key(const snug_safetensors *file, const char *key) {
    size_t length = strlen(file->prefix);
    return strncmp(key, file->prefix, length) == 0 ? key + length : NULL;
}

/*
 * Keeps the keys of the metadata that Snug does not know, for when the model is saved: those of a
 * member with the member, and the others with the ensemble.
 */
static snug_status read_unknown(const snug_safetensors *file, snug_model *model) {
    bool failed = false;
    bool whole = snug_model_is_ensemble(model);
    model->metadata = snug_json_object(NULL, NULL, &failed);
    const cJSON *member = snug_safetensors_metadata(file)->child;
    for (; member != NULL && !failed; member = member->next) {
        const char *key = own_key(file, member->string);
        bool of_member =
            whole && strncmp(member->string, SNUG_MEMBER_START, strlen(SNUG_MEMBER_START)) == 0;
        if (key != NULL && !of_member && !snug_format_knows(key)) {
            snug_json_copy(model->metadata, key, member, &failed);
        }
    }
    return failed ? SNUG_ERROR_MEMORY : SNUG_OK;
}

static snug_model *read_model(const snug_safetensors *file) {
    cJSON *json = metadata_json(file, SNUG_KEY_MODEL, SNUG_JSON_MAX_VALUES);
    snug_model *model = json != NULL ? snug_model_read(json, "model") : NULL;
    cJSON_Delete(json);
    return model;
}

static snug_status read_loss(const snug_safetensors *file, snug_model *model) {
    const char *output = snug_safetensors_text(file, SNUG_KEY_OUTPUT);
    const snug_activation_kind *kind;
    if (snug_safetensors_text(file, SNUG_KEY_LOSS) != NULL) {
        cJSON *json = metadata_json(file, SNUG_KEY_LOSS, SNUG_JSON_MAX_VALUES);
        snug_status status =
            json == NULL
                ? snug_error_status()
                : snug_model_replace_loss(model, snug_object_read(SNUG_GROUP_LOSS, json, "loss"));
        cJSON_Delete(json);
        if (status != SNUG_OK) {
            return status;
        }
    }
    kind = snug_model_output(model);
    if (kind == NULL) {
        return snug_error_status();
    }
    if (output == NULL || strcmp(output, kind->base.name) != 0) {
        return snug_fail(SNUG_ERROR_FILE, "the output function is \"%s\" where the loss has \"%s\"",
                         output != NULL ? output : "", kind->base.name);
    }
    return SNUG_OK;
}

static snug_status read_preprocessing(const snug_safetensors *file, bool newer, snug_model *model) {
    const size_t most = snug_preprocessing_values(model->inputs);
    snug_status status = SNUG_OK;
    if (snug_safetensors_text(file, SNUG_KEY_PREPROCESSING) != NULL) {
        cJSON *json = metadata_json(file, SNUG_KEY_PREPROCESSING, most);
        status = json == NULL ? snug_error_status()
                              : snug_model_set_preprocessing(
                                    model, snug_preprocessing_read(json, "preprocessing", newer));
        cJSON_Delete(json);
    }
    return status;
}

static snug_status read_postprocessing(const snug_safetensors *file, bool newer,
                                       snug_model *model) {
    if (snug_safetensors_text(file, SNUG_KEY_POSTPROCESSING) == NULL) {
        return SNUG_OK;
    }
    cJSON *json = metadata_json(file, SNUG_KEY_POSTPROCESSING, SNUG_JSON_MAX_VALUES);
    if (json == NULL) {
        return snug_error_status();
    }
    model->postprocessing = snug_postprocessing_read(json, "postprocessing", newer);
    cJSON_Delete(json);
    return model->postprocessing != NULL ? SNUG_OK : snug_error_status();
}

/*
 * Fails where one of n numbers of a tensor is not finite; `at` is the index of the first. The first
 * loop has no branch, so that it is vectorized; only a failure needs the second.
 */
static snug_status check_finite(const snug_tensor_slot *slot, size_t at, size_t n,
                                const float *values) {
    int bad = 0;
    for (size_t i = 0; i < n; i++) {
        bad |= !(fabsf(values[i]) <= FLT_MAX);
    }
    for (size_t i = 0; bad && i < n; i++) {
        if (!isfinite(values[i])) {
            return snug_fail(SNUG_ERROR_FILE, "%s: entry %zu is not finite", slot->name, at + i);
        }
    }
    return SNUG_OK;
}

/*
 * Fills values[rows][columns] from the file's columns x rows. A band of 16 rows of the file is
 * transposed at a time, while it is in the cache, in strips as wide as a vector, so that whole
 * lines of the cache are written.
 */
static snug_status fill_transposed(const snug_safetensors *file, const snug_tensor_slot *slot,
                                   size_t begin, float *values) {
    size_t rows = slot->rows, columns = slot->tensor->columns;
    size_t height = columns < BAND ? columns : BAND;
    float *band = snug_alloc(rows * height, sizeof *band);
    snug_status status = band != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
    const snug_microkernels *tiles = snug_microkernels_chosen();
    for (size_t j = 0; j < columns && status == SNUG_OK; j += height) {
        size_t now = columns - j < height ? columns - j : height, n = now * rows;
        status = snug_safetensors_floats(file, begin + j * rows * sizeof *band, n, band);
        if (status == SNUG_OK) {
            status = check_finite(slot, j * rows, n, band);
        }
        for (size_t i = 0; i < rows && status == SNUG_OK; i += tiles->lanes) {
            size_t width = rows - i < tiles->lanes ? rows - i : tiles->lanes;
            tiles->transpose(now, width, band + i, rows, values + i * columns + j, columns);
        }
    }
    snug_release(band);
    return status;
}

static snug_status fill_slot(const snug_safetensors *file, const snug_tensor_slot *slot,
                             size_t begin, float *values) {
    if (slot->tensor->transposed) {
        return fill_transposed(file, slot, begin, values);
    }
    size_t n = slot->rows * slot->tensor->columns;
    snug_status status = snug_safetensors_floats(file, begin, n, values);
    return status == SNUG_OK ? check_finite(slot, 0, n, values) : status;
}

static snug_status read_slot(const snug_safetensors *file, snug_model *model,
                             const snug_tensor_slot *slot) {
    const snug_tensor *t = slot->tensor;
    const cJSON *json = snug_safetensors_find(file, slot->name);
    size_t rows = t->transposed ? t->columns : slot->rows;
    size_t columns = t->transposed ? slot->rows : t->columns;
    snug_entry entry;
    snug_status status;
    if (json == NULL) {
        return snug_fail(SNUG_ERROR_FILE, "%s: the tensor is missing", slot->name);
    }
    status = snug_safetensors_entry(json, &entry);
    if (status != SNUG_OK) {
        return status;
    }
    if (entry.rank != (t->rows > 0 ? 2U : 1U) || entry.shape[0] != rows ||
        entry.shape[1] != columns) {
        return snug_fail(SNUG_ERROR_FILE,
                         "%s: the shape is %zu x %zu where the model has %zu x %zu", slot->name,
                         entry.shape[0], entry.shape[1], rows, columns);
    }
    return fill_slot(file, slot, entry.begin,
                     (t->state ? model->state : model->parameters) + slot->offset);
}

/* Fails where a tensor has another type than the one that models are saved with. */
static snug_status check_types(const snug_safetensors *file) {
    for (const cJSON *e = file->header->child; e != NULL; e = e->next) {
        snug_entry entry;
        if (snug_safetensors_is_metadata(e)) {
            continue;
        }
        snug_status status = snug_safetensors_entry(e, &entry);
        if (status != SNUG_OK) {
            return status;
        }
        if (entry.type != SNUG_DTYPE_F32) {
            return snug_fail(SNUG_ERROR_FILE, "%s: dtype: must be \"F32\" (got %s)", e->string,
                             snug_dtype_name(entry.type));
        }
    }
    return SNUG_OK;
}

/* Fails where the file does not hold as many tensors and numbers as its models have. */
static snug_status check_counts(const snug_safetensors *file, snug_model *const *models,
                                size_t count) {
    size_t entries = file->count - 1; /* one is the metadata */
    size_t slots = 0, floats = 0;
    for (size_t k = 0; k < count; k++) {
        const snug_plan *plan = models[k]->plan;
        slots += plan->slot_count;
        for (size_t i = 0; i < plan->slot_count; i++) {
            size_t size = plan->slots[i].size;
            floats += size < SIZE_MAX - floats ? size : SIZE_MAX - floats;
        }
    }
    if (entries != slots) {
        return snug_fail(SNUG_ERROR_FILE, "holds %zu tensors where its model has %zu", entries,
                         slots);
    }
    if (floats != file->size / sizeof(float)) {
        return snug_fail(SNUG_ERROR_FILE, "holds %zu numbers where its model has %zu",
                         file->size / sizeof(float), floats);
    }
    return SNUG_OK;
}

static snug_status read_tensors(const snug_safetensors *file, snug_model *model) {
    const snug_plan *plan = model->plan;
    snug_status status = snug_model_allocate(model);
    for (size_t i = 0; i < plan->slot_count && status == SNUG_OK; i++) {
        status = read_slot(file, model, &plan->slots[i]);
    }
    return status;
}

/* Reads everything that a file has of a model beside its tensors. NULL on failure. */
static snug_model *read_metadata(const snug_safetensors *file, bool newer) {
    snug_model *model = read_model(file);
    snug_status status = model != NULL ? read_loss(file, model) : snug_error_status();
    if (status == SNUG_OK) {
        status = read_preprocessing(file, newer, model);
    }
    if (status == SNUG_OK) {
        status = read_postprocessing(file, newer, model);
    }
    if (status == SNUG_OK) {
        status = read_unknown(file, model);
    }
    if (status == SNUG_OK) {
        status = snug_model_check_names(model);
    }
    if (status == SNUG_OK) {
        return model;
    }
    snug_model_free(model);
    return NULL;
}

static snug_model *read_single(const snug_safetensors *file, bool newer) {
    snug_model *model = read_metadata(file, newer);
    if (model == NULL) {
        return NULL;
    }
    if (check_counts(file, &model, 1) == SNUG_OK && read_tensors(file, model) == SNUG_OK) {
        return model;
    }
    snug_model_free(model);
    return NULL;
}

/* ---- ensembles ------------------------------------------------------------------------------- */

/*
 * Reads the number of members. Each has entries of its own in the metadata, so that a number that a
 * file claims takes no more memory than the file has.
 */
static snug_status read_member_count(const snug_safetensors *file, const char *text,
                                     size_t *count) {
    size_t digits = strspn(text, "0123456789");
    size_t most = (size_t)cJSON_GetArraySize(snug_safetensors_metadata(file));
    *count = digits > 0 && digits <= 9 && text[digits] == 0 ? strtoul(text, NULL, 10) : 0;
    if (*count > 0 && *count <= most) {
        return SNUG_OK;
    }
    return snug_fail(SNUG_ERROR_FILE,
                     "%s: must be a number from 1 to that of the entries of the metadata, which "
                     "are %zu (got \"%.40s\")",
                     SNUG_KEY_MEMBERS, most, text);
}

/* Reads the members in turn: first their metadata and then, where `tensors`, their tensors. */
static snug_status read_members(const snug_safetensors *file, bool newer, bool tensors,
                                snug_model **members, size_t count) {
    for (size_t i = 0; i < count; i++) {
        snug_safetensors of_member = *file;
        char prefix[SNUG_PREFIX_SIZE];
        snug_format_member_prefix(i, prefix);
        of_member.prefix = prefix;
        if (!tensors) {
            members[i] = read_metadata(&of_member, newer);
        }
        if (members[i] == NULL || (tensors && read_tensors(&of_member, members[i]) != SNUG_OK)) {
            return snug_error_status() != SNUG_ERROR_MEMORY ? snug_fail_in("member %zu", i)
                                                            : SNUG_ERROR_MEMORY;
        }
    }
    return SNUG_OK;
}

static snug_model *read_ensemble(const snug_safetensors *file, bool newer, const char *text) {
    size_t count = 0;
    snug_model **members = read_member_count(file, text, &count) == SNUG_OK
                               ? snug_alloc(count, sizeof(snug_model *))
                               : NULL;
    if (members == NULL) {
        return NULL;
    }
    snug_status status = read_members(file, newer, false, members, count);
    if (status == SNUG_OK) {
        status = check_counts(file, members, count);
    }
    if (status == SNUG_OK) {
        status = read_members(file, newer, true, members, count);
    }
    if (status != SNUG_OK) {
        snug_ensemble_free_members(members, count);
        return NULL;
    }
    snug_model *ensemble = snug_ensemble_take(members, count);
    if (ensemble == NULL ||
        (read_postprocessing(file, newer, ensemble) == SNUG_OK &&
         read_unknown(file, ensemble) == SNUG_OK && snug_model_check_names(ensemble) == SNUG_OK)) {
        return ensemble;
    }
    snug_model_free(ensemble);
    return NULL;
}

static snug_model *read_any(const snug_safetensors *file) {
    bool newer = false;
    if (check_format(file, &newer) != SNUG_OK || check_types(file) != SNUG_OK) {
        return NULL;
    }
    const char *members = snug_safetensors_text(file, SNUG_KEY_MEMBERS);
    return members != NULL ? read_ensemble(file, newer, members) : read_single(file, newer);
}

static snug_model *load(const snug_byte_source *source) {
    snug_safetensors file;
    if (snug_safetensors_open(&file, source) != SNUG_OK) {
        return NULL;
    }
    snug_model *model = read_any(&file);
    snug_safetensors_clear(&file);
    if (model != NULL) {
        return model;
    }
    if (snug_error_status() != SNUG_ERROR_MEMORY) {
        snug_fail_in("%s", source->name);
    }
    return NULL;
}

snug_model *snug_model_load_from_memory(const void *bytes, size_t size) {
    if (bytes == NULL) {
        snug_fail_null("the bytes of the model");
        return snug_constructed(SNUG_CONSTRUCTED_MODEL, NULL);
    }
    const snug_byte_source source = snug_byte_source_of("(memory)", bytes, size);
    return snug_constructed(SNUG_CONSTRUCTED_MODEL, load(&source));
}

snug_model *snug_model_load(const char *path) {
    snug_byte_source source;
    snug_model *model =
        snug_byte_source_open(&source, path, snug_safetensors_check_start) == SNUG_OK
            ? load(&source)
            : NULL;
    snug_byte_source_close(&source);
    return snug_constructed(SNUG_CONSTRUCTED_MODEL, model);
}
