#include <stdio.h>
#include <string.h>

#include "checkpoint/conditions.h"
#include "cpu/cpu.h"
#include "json/json.h"
#include "json/json_build.h"
#include "json/json_print.h"
#include "math/openblas.h"
#include "model/config.h"

/* ---- comparing ------------------------------------------------------------------------------- */

#define TENSORS "tensors" /* the shapes of the model's */

enum { PATH_SIZE = 160, VALUE_SIZE = 60, LISTED = 6 };

/* Prints a value for a message: a number, a string, or what else it is. */
static void print_value(const cJSON *value, char out[VALUE_SIZE]) {
    if (value == NULL) {
        snprintf(out, VALUE_SIZE, "not given");
    } else if (cJSON_IsNumber(value)) {
        snug_number_format(value->valuedouble, out);
    } else if (cJSON_IsString(value)) {
        bool cut = strlen(value->valuestring) > VALUE_SIZE - 8;
        snprintf(out, VALUE_SIZE, "\"%.*s%s\"", cut ? VALUE_SIZE - 8 : VALUE_SIZE,
                 value->valuestring, cut ? "..." : "");
    } else if (cJSON_IsArray(value)) {
        snprintf(out, VALUE_SIZE, "a list of %d", cJSON_GetArraySize(value));
    } else {
        snprintf(out, VALUE_SIZE, "%s",
                 cJSON_IsBool(value)   ? (cJSON_IsTrue(value) ? "true" : "false")
                 : cJSON_IsNull(value) ? "null"
                                       : snug_json_type(value));
    }
}

/* Values that are hashes, which tell nothing: the words for their difference, by their paths. */
static const char *const hashes[][2] = {
    {"data.contents", "the values of the training data"},
    {"validation.contents", "the values of the validation data"},
    {"preprocessing", "the columns, classes or scaling"}};

/* Prints a difference to a text of the size. Returns its length. */
static int print_difference(char *text, size_t size, const char *path, const cJSON *then,
                            const cJSON *now) {
    char was[VALUE_SIZE], is[VALUE_SIZE];
    for (size_t i = 0; i < sizeof hashes / sizeof *hashes && then != NULL && now != NULL; i++) {
        if (strcmp(path, hashes[i][0]) == 0) {
            return snprintf(text, size, "%s are not those of the checkpoint (%s)", hashes[i][1],
                            path);
        }
    }
    print_value(then, was);
    print_value(now, is);
    return snprintf(text, size, "%s is %s (was %s)", path, is, was);
}

static void add_difference(snug_differences *to, const char *path, const cJSON *then,
                           const cJSON *now) {
    char text[PATH_SIZE + 2 * VALUE_SIZE + 16] = ", ";
    size_t comma = to->length > 0 ? 2 : 0;
    if (to->count++ >= LISTED) {
        return;
    }
    int length = print_difference(text + comma, sizeof text - comma, path, then, now);
    length += length > 0 ? (int)comma : 0;
    if (length > 0 && to->length + (size_t)length < sizeof to->list) {
        memcpy(to->list + to->length, text, (size_t)length + 1);
        to->length += (size_t)length;
    }
}

static void compare(const cJSON *then, const cJSON *now, const char *path,
                    snug_differences *differences);

/* Compares the members of two objects: all that one of them has. */
static void compare_objects(const cJSON *then, const cJSON *now, const char *path,
                            snug_differences *differences) {
    char inner[PATH_SIZE];
    const char *dot = *path != '\0' ? "." : "";
    for (const cJSON *member = then->child; member != NULL; member = member->next) {
        snprintf(inner, sizeof inner, "%s%s%.60s", path, dot, member->string);
        compare(member, snug_json_get(now, member->string), inner, differences);
    }
    for (const cJSON *member = now->child; member != NULL; member = member->next) {
        if (snug_json_get(then, member->string) == NULL) {
            snprintf(inner, sizeof inner, "%s%s%.60s", path, dot, member->string);
            add_difference(differences, inner, NULL, member);
        }
    }
}

/* Compares two arrays of the same length. */
static void compare_arrays(const cJSON *then, const cJSON *now, const char *path,
                           snug_differences *differences) {
    char inner[PATH_SIZE];
    const cJSON *other = now->child;
    size_t i = 0;
    for (const cJSON *item = then->child; item != NULL; item = item->next, other = other->next) {
        snprintf(inner, sizeof inner, "%s[%zu]", path, i++);
        compare(item, other, inner, differences);
    }
}

static void compare(const cJSON *then, const cJSON *now, const char *path,
                    snug_differences *differences) {
    if (cJSON_IsObject(then) && cJSON_IsObject(now)) {
        compare_objects(then, now, path, differences);
    } else if (cJSON_IsArray(then) && cJSON_IsArray(now) &&
               cJSON_GetArraySize(then) == cJSON_GetArraySize(now)) {
        compare_arrays(then, now, path, differences);
    } else if (cJSON_IsNumber(then) && cJSON_IsNumber(now)) {
        if (then->valuedouble != now->valuedouble) { /* cJSON_Compare() takes near ones as equal */
            add_difference(differences, path, then, now);
        }
    } else if (!cJSON_Compare(then, now, true)) {
        add_difference(differences, path, then, now);
    }
}

void snug_conditions_compare(const cJSON *then, const cJSON *now, snug_differences *differences) {
    *differences = (snug_differences){.count = 0};
    compare(then, now, "", differences);
    size_t more = differences->count > LISTED ? differences->count - LISTED : 0;
    if (more > 0 && differences->length + 32 < sizeof differences->list) {
        snprintf(differences->list + differences->length, 32, " and %zu more", more);
    }
}

/* What must not drift, by its path. */
enum { LONGEST_PATH = 3 };

static const char *const kinds[][LONGEST_PATH] = {{TENSORS},
                                                  {"train", "optimizer", "type"},
                                                  {"train", "metrics"},
                                                  {"train", "early_stopping", "metric"}};

/* Returns a value by its path and prints the path; NULL where there is none. */
static const cJSON *find_kind(const cJSON *conditions, const char *const path[LONGEST_PATH],
                              char printed[PATH_SIZE]) {
    const cJSON *value = conditions;
    size_t length = 0;
    for (size_t i = 0; i < LONGEST_PATH && path[i] != NULL; i++) {
        value = snug_json_get(value, path[i]);
        length += (size_t)snprintf(printed + length, PATH_SIZE - length, "%s%s", i > 0 ? "." : "",
                                   path[i]);
    }
    return value;
}

void snug_conditions_compare_kinds(const cJSON *then, const cJSON *now,
                                   snug_differences *differences) {
    *differences = (snug_differences){.count = 0};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        char path[PATH_SIZE];
        const cJSON *was = find_kind(then, kinds[i], path), *is = find_kind(now, kinds[i], path);
        if (was == NULL || is == NULL) {
            if (was != is) {
                add_difference(differences, path, was, is);
            }
        } else {
            compare(was, is, path, differences);
        }
    }
}

/* ---- the model ------------------------------------------------------------------------------- */

void snug_conditions_add_model(cJSON *conditions, const snug_model *model, bool *failed) {
    const snug_plan *plan = model->plan;
    snug_json_add(conditions, "model", snug_model_write(model), failed);
    cJSON *tensors = snug_json_object(conditions, TENSORS, failed);
    for (size_t i = 0; i < plan->slot_count && !*failed; i++) {
        cJSON *shape = snug_json_array(tensors, plan->slots[i].name, failed);
        snug_json_number(shape, NULL, (double)plan->slots[i].rows, failed);
        snug_json_number(shape, NULL, (double)plan->slots[i].tensor->columns, failed);
    }
}

/* ---- the machine ----------------------------------------------------------------------------- */

/* Returns whether OpenBLAS computes a layer, of these or in their blocks: see math/gemm.h. */
static bool has_large_layer(const snug_plan_node *nodes, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (nodes[i].large || has_large_layer(nodes[i].block, nodes[i].block_count)) {
            return true;
        }
    }
    return false;
}

void snug_conditions_add_machine(cJSON *conditions, const snug_model *model, size_t threads,
                                 bool *failed) {
    snug_json_string(conditions, "snug", snug_version(), failed);
    snug_json_string(conditions, "compiler", __VERSION__, failed);
    snug_json_string(conditions, "cpu", snug_cpu_name(snug_cpu_path()), failed);
    if (has_large_layer(model->plan->nodes, model->plan->count)) {
        snug_json_string(conditions, "openblas", snug_openblas_core(), failed);
        snug_json_number(conditions, "threads", (double)threads, failed);
    }
}
