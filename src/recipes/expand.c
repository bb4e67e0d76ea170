#include <string.h>

#include "core/memory.h"
#include "files/file.h"
#include "json/json.h"
#include "json/json_build.h"
#include "json/json_print.h"
#include "recipes/columns.h"
#include "recipes/expand.h"

/* ---- what the data decides in a template ----------------------------------------------------- */

/* Returns whether the condition of a "when", which is "numbers", holds. Arrays hold numbers. */
static bool has_numbers(const snug_draft *draft) {
    const snug_suggestion *seen = draft->seen;
    bool found = seen->column_count == 0;
    for (size_t i = 0; i < seen->column_count && !found; i++) {
        found = seen->columns[i].use == SNUG_USE_NUMBERS;
    }
    return found;
}

/* Puts the layers of each {"repeat": n, "layers": [...]} of a list in its place, n times. */
static void unroll(cJSON *list, bool *failed) {
    cJSON *all = snug_json_array(NULL, NULL, failed), *item;
    while (!*failed && (item = cJSON_DetachItemFromArray(list, 0)) != NULL) {
        const cJSON *repeat = snug_json_get(item, "repeat");
        if (repeat == NULL) {
            snug_json_add(all, NULL, item, failed);
            continue;
        }
        const cJSON *layers = snug_json_get(item, "layers");
        for (int times = 0; times < repeat->valueint; times++) {
            for (const cJSON *layer = layers->child; layer != NULL; layer = layer->next) {
                snug_json_copy(all, NULL, layer, failed);
            }
        }
        cJSON_Delete(item);
    }
    if (!*failed) { /* the list is empty now */
        list->child = all->child;
        all->child = NULL;
    }
    cJSON_Delete(all);
}

/*
 * Replaces in an object or list, and in all that is in it, what the data decides: `numbers` is
 * whether a feature holds numbers.
 */
static void fill_in(cJSON *parent, bool numbers, bool *failed) {
    cJSON *next;
    for (cJSON *child = parent->child; child != NULL && !*failed; child = next) {
        next = child->next;
        if (snug_json_get(child, "when") != NULL && !numbers) {
            cJSON_Delete(cJSON_DetachItemViaPointer(parent, child));
        } else {
            cJSON_DeleteItemFromObjectCaseSensitive(child, "when");
            fill_in(child, numbers, failed);
        }
    }
    if (cJSON_IsArray(parent)) {
        unroll(parent, failed);
    }
}

/* ---- the data section ------------------------------------------------------------------------ */

/* Returns the path of a data file as the experiment writes it, for snug_release(). */
static char *path_of(const snug_draft *draft, const char *path) {
    return snug_path_seen_from(draft->options->experiment, path);
}

static void add_train(const snug_draft *draft, cJSON *data, bool *failed) {
    const snug_field *files = draft->format->files;
    char *first = path_of(draft, draft->path);
    char *second = draft->options->targets != NULL ? path_of(draft, draft->options->targets) : NULL;
    *failed = *failed || first == NULL || (draft->options->targets != NULL && second == NULL);
    if (files == NULL) {
        snug_json_string(data, "train", first, failed);
    } else if (!*failed) {
        cJSON *train = snug_json_object(data, "train", failed);
        snug_json_string(train, files[0].name, first, failed);
        snug_json_string(train, files[1].name, second, failed);
    }
    snug_release(first);
    snug_release(second);
}

static void add_list(cJSON *data, const char *key, const snug_strings *strings, bool *failed) {
    cJSON *list = snug_json_array(data, key, failed);
    for (size_t i = 0; i < strings->count; i++) {
        snug_json_string(list, NULL, strings->items[i], failed);
    }
}

static void add_columns(const snug_draft *draft, cJSON *data, bool *failed) {
    cJSON *targets = snug_json_array(data, "target", failed);
    for (size_t i = 0; i < draft->target_count; i++) {
        snug_json_string(targets, NULL, draft->seen->columns[draft->targets[i]].name, failed);
    }
    cJSON *ignore = NULL;
    for (size_t i = 0; i < draft->seen->column_count && !*failed; i++) {
        if (draft->seen->columns[i].use == SNUG_USE_IGNORED) {
            ignore = ignore != NULL ? ignore : snug_json_array(data, "ignore", failed);
            snug_json_string(ignore, NULL, draft->seen->columns[i].name, failed);
        }
    }
}

/*
 * Adds the columns that training would take for numbers: of codes, and of one number that is there
 * or not.
 */
static void add_categorical(const snug_draft *draft, cJSON *data, bool *failed) {
    cJSON *list = NULL;
    for (size_t i = 0; i < draft->seen->column_count && !*failed; i++) {
        const snug_column_profile *column = &draft->profile.columns[i];
        if (draft->seen->columns[i].use == SNUG_USE_CATEGORIES &&
            (snug_column_holds_codes(column) || snug_column_is_flag(column))) {
            list = list != NULL ? list : snug_json_array(data, "categorical", failed);
            snug_json_string(list, NULL, draft->seen->columns[i].name, failed);
        }
    }
}

/*
 * Adds how the file is written, where it is not as usual: UTF-16 also where a byte order mark shows
 * it, as it may have been an option.
 */
static void add_dialect(const snug_draft *draft, cJSON *data, bool *failed) {
    const snug_suggestion *seen = draft->seen;
    if (seen->encoding != NULL && strcmp(seen->encoding, "utf-8") != 0) {
        snug_json_string(data, "encoding", seen->encoding, failed);
    }
    if (seen->delimiter != 0) {
        snug_json_string(data, "delimiter", (const char[]){seen->delimiter, 0}, failed);
        snug_json_bool(data, "header", seen->header, failed);
    }
    if (seen->decimal == ',') {
        snug_json_string(data, "decimal", ",", failed);
    }
    if (draft->formatted) {
        snug_json_string(data, "number_format", "formatted", failed);
    }
}

static void add_data(const snug_draft *draft, cJSON *data, bool *failed) {
    add_train(draft, data, failed);
    if (draft->options->format != NULL && draft->format->files == NULL) {
        snug_json_string(data, "format", draft->format->name, failed);
    }
    if (draft->seen->column_count > 0) {
        add_columns(draft, data, failed);
        add_categorical(draft, data, failed);
        add_dialect(draft, data, failed);
    } else { /* of arrays there are no columns of which values could be missing */
        cJSON_DeleteItemFromObjectCaseSensitive(data, "missing");
    }
    if (draft->listed) {
        add_list(data, "missing_values", &draft->missing_values.list, failed);
    }
    if (draft->options->test > 0) {
        snug_json_number(data, "test", draft->options->test, failed);
    }
}

/* ---- the experiment -------------------------------------------------------------------------- */

static cJSON *build(const snug_draft *draft) {
    bool failed = false;
    const char *text =
        draft->seen->task == SNUG_TASK_REGRESSION ? draft->recipe->values : draft->recipe->classes;
    cJSON *root = snug_json_parse(draft->recipe->name, text, strlen(text));
    if (root == NULL) {
        return NULL;
    }
    fill_in(root, has_numbers(draft), &failed);
    snug_json_string(root, "recipe", draft->recipe->version, &failed);
    add_data(draft, cJSON_GetObjectItemCaseSensitive(root, "data"), &failed);
    snug_json_number(cJSON_GetObjectItemCaseSensitive(root, "train"), "seed",
                     (double)draft->options->seed, &failed);
    if (!failed) {
        return root;
    }
    cJSON_Delete(root);
    return NULL;
}

double snug_recipe_validation(const snug_recipe *recipe) {
    cJSON *root = snug_json_parse(recipe->name, recipe->classes, strlen(recipe->classes));
    const cJSON *share = snug_json_get(snug_json_get(root, "data"), "validation");
    double validation = share != NULL ? share->valuedouble : 0;
    cJSON_Delete(root);
    return validation;
}

snug_experiment *snug_draft_expand(const snug_draft *draft) {
    cJSON *root = build(draft);
    char *text = root != NULL ? snug_json_print(root, false) : NULL;
    snug_experiment *experiment = NULL;
    if (text != NULL) {
        experiment = snug_experiment_parse(text, strlen(text), draft->options->experiment);
    }
    snug_release(text);
    cJSON_Delete(root);
    return experiment;
}

cJSON *snug_recipe_space(const snug_recipe *recipe, bool classes) {
    bool failed = false;
    const char *text = classes ? recipe->classes_space : recipe->values_space;
    cJSON *space = snug_json_parse(recipe->name, text, strlen(text));
    if (space == NULL) {
        return NULL;
    }
    fill_in(space, true, &failed);
    if (!failed) {
        return space;
    }
    cJSON_Delete(space);
    return NULL;
}
