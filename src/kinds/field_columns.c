/*
 * Fields of type COLUMNS: which of a layer's inputs it works on. In JSON "numeric", "categorical"
 * or an array; each of its elements is a name, the number of an input from 0, or both a column and
 * the number of its categories: {"column": 3, "categories": 12}.
 */
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/memory.h"
#include "core/spelling.h"
#include "core/status.h"
#include "json/json.h"
#include "json/json_build.h"
#include "json/json_path.h"
#include "kinds/field_type.h"
#include "kinds/input_columns.h"

static const char *const group_names[] = {
    [SNUG_COLUMNS_NUMERIC] = "numeric", [SNUG_COLUMNS_CATEGORICAL] = "categorical"};

/* A float holds every whole number up to this one. */
enum { MOST_CATEGORIES = 1 << 24 };

static const char expected[] = "\"numeric\", \"categorical\" or an array of columns";

static void release(const snug_field *field, void *member) {
    (void)field;
    snug_columns *columns = member;
    for (size_t i = 0; columns->items != NULL && i < columns->count; i++) {
        snug_release(columns->items[i].name);
    }
    snug_release(columns->items);
    *columns = (snug_columns){0};
}

/* Returns the group of that name; SNUG_COLUMNS_LISTED: there is none. */
static snug_column_group group_of(const char *name) {
    for (int group = SNUG_COLUMNS_NUMERIC; group <= SNUG_COLUMNS_CATEGORICAL; group++) {
        if (strcmp(name, group_names[group]) == 0) {
            return (snug_column_group)group;
        }
    }
    return SNUG_COLUMNS_LISTED;
}

static snug_status set_default(const snug_field *field, void *member) {
    snug_columns *columns = member;
    *columns = (snug_columns){0};
    if (field->initial_text != NULL) {
        columns->group = group_of(field->initial_text);
    }
    return SNUG_OK;
}

static const char *missing(const snug_field *field) {
    bool valid =
        field->initial_text == NULL || group_of(field->initial_text) != SNUG_COLUMNS_LISTED;
    return valid ? NULL : "its default must be \"numeric\", \"categorical\" or none";
}

/* ---- lists ----------------------------------------------------------------------------------- */

static int compare_numbers(const void *a, const void *b) {
    size_t left = ((const snug_listed_column *)a)->number;
    size_t right = ((const snug_listed_column *)b)->number;
    return (left > right) - (left < right);
}

/* Sorts a list whose numbers are all known; fails where one occurs twice. */
static snug_status sort(snug_columns *columns, const char *path) {
    for (size_t i = 0; i < columns->count; i++) {
        if (columns->items[i].name != NULL) {
            return SNUG_OK;
        }
    }
    if (columns->count > 1) {
        qsort(columns->items, columns->count, sizeof *columns->items, compare_numbers);
    }
    for (size_t i = 1; i < columns->count; i++) {
        if (columns->items[i].number == columns->items[i - 1].number) {
            return snug_fail_at(path, "has column %zu twice", columns->items[i].number);
        }
    }
    return SNUG_OK;
}

/* Sets the column of an element from a name or a number. */
static snug_status read_column(snug_listed_column *item, const cJSON *json, const char *path) {
    uint64_t number;
    if (cJSON_IsString(json)) {
        item->name = snug_copy_string(json->valuestring);
        return item->name != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
    }
    if (!snug_json_whole(json, &number) || number >= SNUG_NO_COLUMN) {
        return snug_fail_at(path, "must be a name or the number of a column, from 0");
    }
    item->number = (size_t)number;
    return SNUG_OK;
}

/* Reads {"column": 3, "categories": 12}. */
static snug_status read_object(snug_listed_column *item, const cJSON *json, const char *path) {
    const cJSON *column = snug_json_get(json, "column");
    const cJSON *categories = snug_json_get(json, "categories");
    uint64_t count;
    if (column == NULL || categories == NULL || cJSON_GetArraySize(json) != 2) {
        return snug_fail_at(path, "must have the keys \"column\" and \"categories\"");
    }
    if (!snug_json_whole(categories, &count) || count == 0 || count > MOST_CATEGORIES) {
        return snug_fail_at(path, "\"categories\" must be a whole number from 1 to %d",
                            MOST_CATEGORIES);
    }
    item->categories = (size_t)count;
    return read_column(item, column, path);
}

static snug_status read_list(snug_columns *columns, const cJSON *json, const char *path) {
    columns->items = snug_alloc((size_t)cJSON_GetArraySize(json), sizeof *columns->items);
    if (columns->items == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    snug_status status = SNUG_OK;
    for (const cJSON *element = json->child; element != NULL && status == SNUG_OK;
         element = element->next) {
        snug_listed_column *item = &columns->items[columns->count];
        char *item_path = snug_join_index(path, columns->count++);
        if (item_path == NULL) {
            return SNUG_ERROR_MEMORY;
        }
        status = cJSON_IsObject(element) ? read_object(item, element, item_path)
                                         : read_column(item, element, item_path);
        snug_release(item_path);
    }
    return status == SNUG_OK ? sort(columns, path) : status;
}

static snug_status read(const snug_field *field, void *member, const cJSON *json,
                        const char *path) {
    snug_columns columns = {0};
    snug_status status = SNUG_OK;
    if (cJSON_IsString(json)) {
        columns.group = group_of(json->valuestring);
    }
    if (cJSON_IsArray(json)) {
        status = read_list(&columns, json, path);
    } else if (columns.group == SNUG_COLUMNS_LISTED) {
        status = snug_fail_type(path, expected, json);
    }
    release(field, status == SNUG_OK ? member : &columns);
    if (status == SNUG_OK) {
        *(snug_columns *)member = columns;
    }
    return status;
}

/* ---- writing --------------------------------------------------------------------------------- */

/* Adds a name or a number, under a key or, where that is NULL, to an array. */
static void write_column(const snug_listed_column *item, const char *key, cJSON *json,
                         bool *failed) {
    if (item->name != NULL) {
        snug_json_string(json, key, item->name, failed);
    } else {
        snug_json_number(json, key, (double)item->number, failed);
    }
}

static void write(const snug_field *field, const void *member, cJSON *json, bool *failed) {
    const snug_columns *columns = member;
    if (columns->group != SNUG_COLUMNS_LISTED) {
        snug_json_string(json, field->name, group_names[columns->group], failed);
        return;
    }
    cJSON *array = snug_json_array(json, field->name, failed);
    for (size_t i = 0; i < columns->count && !*failed; i++) {
        const snug_listed_column *item = &columns->items[i];
        if (item->categories == 0) {
            write_column(item, NULL, array, failed);
            continue;
        }
        cJSON *object = snug_json_object(array, NULL, failed);
        write_column(item, "column", object, failed);
        snug_json_number(object, "categories", (double)item->categories, failed);
    }
}

static void print_range(const snug_field *field, char *buffer, size_t size) {
    (void)field;
    snprintf(buffer, size, "%s", expected);
}

/* Adds what a column is written as: a name or a number. */
static void add_column_schema(cJSON *alternatives, bool *failed) {
    cJSON *name = snug_json_object(alternatives, NULL, failed);
    snug_json_string(name, "type", "string", failed);
    cJSON *number = snug_json_object(alternatives, NULL, failed);
    snug_json_string(number, "type", "integer", failed);
    snug_json_number(number, "minimum", 0, failed);
}

static void add_schema(const snug_field *field, cJSON *schema, bool *failed) {
    (void)field;
    cJSON *alternatives = snug_json_array(schema, "anyOf", failed);
    for (int group = SNUG_COLUMNS_NUMERIC; group <= SNUG_COLUMNS_CATEGORICAL; group++) {
        snug_json_string(snug_json_object(alternatives, NULL, failed), "const", group_names[group],
                         failed);
    }
    cJSON *array = snug_json_object(alternatives, NULL, failed);
    snug_json_string(array, "type", "array", failed);
    cJSON *elements = snug_json_array(snug_json_object(array, "items", failed), "anyOf", failed);
    add_column_schema(elements, failed);
    cJSON *object = snug_json_object(elements, NULL, failed);
    snug_json_string(object, "type", "object", failed);
    cJSON *properties = snug_json_object(object, "properties", failed);
    add_column_schema(
        snug_json_array(snug_json_object(properties, "column", failed), "anyOf", failed), failed);
    cJSON *categories = snug_json_object(properties, "categories", failed);
    snug_json_string(categories, "type", "integer", failed);
    snug_json_number(categories, "minimum", 1, failed);
}

static snug_status copy(const snug_field *field, void *to, const void *from) {
    (void)field;
    snug_columns *target = to;
    const snug_columns *columns = from;
    *target = (snug_columns){.group = columns->group};
    if (columns->items == NULL) {
        return SNUG_OK;
    }
    target->items = snug_alloc(columns->count, sizeof *target->items);
    if (target->items == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    for (size_t i = 0; i < columns->count; i++) {
        snug_listed_column *item = &target->items[target->count++];
        const char *name = columns->items[i].name;
        *item = columns->items[i];
        item->name = name != NULL ? snug_copy_string(name) : NULL;
        if (name != NULL && item->name == NULL) {
            return SNUG_ERROR_MEMORY;
        }
    }
    return SNUG_OK;
}

/* ---- from names to numbers ------------------------------------------------------------------- */

static bool is_in_group(const snug_input_column *input, snug_column_group group) {
    return input->number != SNUG_NO_COLUMN &&
           (group == SNUG_COLUMNS_NUMERIC ? input->numeric : input->categories > 0);
}

/* Whether a name in the file means the feature: its own name, or that of its column. */
static bool is_named(const snug_input_column *input, const char *name) {
    return strcmp(input->name, name) == 0 ||
           (input->column != NULL && strcmp(input->column, name) == 0);
}

/* A list of numbers that is being made, with space for every input and every listed number. */
typedef struct numbers {
    snug_columns columns;
    size_t capacity;
} numbers;

/* Appends an input. Only one that is there already can find no space. */
static snug_status append(numbers *to, const snug_input_column *input, const char *path) {
    if (to->columns.count == to->capacity) {
        return snug_fail_at(path, "has column %zu twice", input->number);
    }
    to->columns.items[to->columns.count++] =
        (snug_listed_column){.number = input->number, .categories = input->categories};
    return SNUG_OK;
}

static snug_status fail_unknown(const snug_input_columns *inputs, const char *name,
                                const char *path) {
    const char **names = snug_alloc(inputs->count, sizeof *names);
    if (names == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    for (size_t i = 0; i < inputs->count; i++) {
        const snug_input_column *input = &inputs->items[i];
        names[i] = input->column != NULL ? input->column : input->name;
    }
    const char *nearest = snug_nearest_name(name, names, inputs->count);
    snug_release(names);
    return snug_fail_at(path, "the data has no column of features \"%.200s\"%s%.200s%s", name,
                        nearest != NULL ? "; did you mean \"" : "", nearest != NULL ? nearest : "",
                        nearest != NULL ? "\"?" : "");
}

/* Appends the inputs of that name: several where the name is that of a column of categories. */
static snug_status append_named(numbers *to, const snug_input_columns *inputs, const char *name,
                                const char *path) {
    bool known = false, found = false;
    snug_status status = SNUG_OK;
    for (size_t i = 0; i < inputs->count && status == SNUG_OK; i++) {
        const snug_input_column *input = &inputs->items[i];
        known = known || is_named(input, name);
        if (is_named(input, name) && input->number != SNUG_NO_COLUMN) {
            status = append(to, input, path);
            found = true;
        }
    }
    if (!known) {
        return fail_unknown(inputs, name, path);
    }
    return found
               ? status
               : snug_fail_at(path, "a layer before this one replaces the column \"%.200s\"", name);
}

/* Appends an input by its number, with the number of its categories where only the data has it. */
static snug_status append_number(numbers *to, const snug_input_columns *inputs,
                                 const snug_listed_column *item, const char *path) {
    snug_input_column input = {.number = item->number, .categories = item->categories};
    for (size_t i = 0; i < inputs->count && input.categories == 0; i++) {
        if (inputs->items[i].number == item->number) {
            input.categories = inputs->items[i].categories;
        }
    }
    return append(to, &input, path);
}

/* Finds the numbers of what is listed, or of the group, among the inputs. */
static snug_status find(numbers *to, const snug_columns *listed, const snug_input_columns *inputs,
                        const char *path) {
    snug_status status = SNUG_OK;
    bool grouped = listed->group != SNUG_COLUMNS_LISTED;
    for (size_t i = 0; grouped && i < inputs->count && status == SNUG_OK; i++) {
        if (is_in_group(&inputs->items[i], listed->group)) {
            status = append(to, &inputs->items[i], path);
        }
    }
    for (size_t i = 0; i < listed->count && status == SNUG_OK; i++) {
        const snug_listed_column *item = &listed->items[i];
        status = item->name != NULL ? append_named(to, inputs, item->name, path)
                                    : append_number(to, inputs, item, path);
    }
    return status == SNUG_OK ? sort(&to->columns, path) : status;
}

/*
 * Where the inputs are not the data's features any more, a group stays what it is, numbers count
 * the inputs, and a name is refused.
 */
static snug_status check_unfollowed(const snug_columns *columns, const char *path) {
    for (size_t i = 0; i < columns->count; i++) {
        if (columns->items[i].name != NULL) {
            return snug_fail_at(
                path,
                "\"%.200s\": names of columns are known only where a layer's inputs "
                "are the features: in the first layer, and behind layers that keep "
                "the columns",
                columns->items[i].name);
        }
    }
    return SNUG_OK;
}

/* Warns of a group that no feature of the data belongs to, and that an option would fill. */
static void warn_of_none(const snug_columns *columns, const numbers *found, const char *path) {
    if (columns->group == SNUG_COLUMNS_CATEGORICAL && found->columns.count == 0) {
        snug_log(
            SNUG_LOG_WARNING,
            "%s: no feature is the number of a category, so that the layer has nothing to do; "
            "\"categories\": \"embedding\" in \"data\" makes numbers of columns that have more "
            "categories than \"embedding_above\"",
            path);
    }
}

static snug_status resolve_columns(const snug_field *field, void *member,
                                   const snug_input_columns *inputs, const char *path) {
    snug_columns *columns = member;
    numbers found = {0};
    if (!inputs->followed) {
        return check_unfollowed(columns, path);
    }
    if (!snug_add(inputs->count, columns->count, &found.capacity)) {
        return snug_fail_memory(SIZE_MAX);
    }
    found.columns.items = snug_alloc(found.capacity, sizeof *found.columns.items);
    snug_status status =
        found.columns.items != NULL ? find(&found, columns, inputs, path) : SNUG_ERROR_MEMORY;
    if (status == SNUG_OK) {
        warn_of_none(columns, &found, path);
    }
    release(field, status == SNUG_OK ? member : &found.columns);
    if (status == SNUG_OK) {
        *columns = found.columns;
    }
    return status;
}

const snug_field_type snug_field_columns = {
    .name = "columns",
    .size = sizeof(snug_columns),
    .alignment = alignof(snug_columns),
    .missing = missing,
    .set_default = set_default,
    .read = read,
    .write = write,
    .print_range = print_range,
    .add_schema = add_schema,
    .resolve_columns = resolve_columns,
    .copy = copy,
    .release = release,
};
