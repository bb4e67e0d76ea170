/* The schema of a table as JSON, a part of the preprocessing in a model file. */
#include <stddef.h>

#include "core/memory.h"
#include "core/status.h"
#include "core/string_set.h"
#include "files/text_encoding.h"
#include "json/json.h"
#include "json/json_build.h"
#include "kinds/character.h"
#include "schema/table_schema.h"

/* ---- the columns of a schema ----------------------------------------------------------------- */

static const snug_json_member column_members[] = {
    {"name", &snug_json_string_codec, offsetof(snug_column, name), true},
    {"categories", &snug_json_names_codec, offsetof(snug_column, categories), false},
    {"integer", &snug_json_flag_codec, offsetof(snug_column, integer), false},
    {"embedding", &snug_json_flag_codec, offsetof(snug_column, embedding), false},
    {"indicator", &snug_json_flag_codec, offsetof(snug_column, indicator), false},
    {.key = NULL}};

static void write_columns(const snug_json_member *member, const void *base, cJSON *object,
                          bool *failed) {
    const snug_table_schema *table = base;
    cJSON *array = table->columns != NULL ? snug_json_array(object, member->key, failed) : NULL;
    for (size_t i = 0; array != NULL && i < table->column_count && !*failed; i++) {
        snug_json_members_write(column_members, &table->columns[i],
                                snug_json_object(array, NULL, failed), failed);
    }
}

static snug_status check_column_names(const snug_table_schema *table, const char *path) {
    snug_string_set names = {0};
    snug_status status = SNUG_OK;
    for (size_t i = 0; i < table->column_count && status == SNUG_OK; i++) {
        status = snug_string_set_add(&names, table->columns[i].name, NULL);
        if (status == SNUG_OK && names.list.count == i) {
            status = snug_fail(SNUG_ERROR_CONFIG, "%s[%zu].name: \"%.200s\" occurs twice", path, i,
                               table->columns[i].name);
        }
    }
    snug_string_set_clear(&names);
    return status;
}

static snug_status read_column(const cJSON *json, const char *path, bool newer,
                               snug_column *column) {
    static const snug_json_member *const tables[] = {column_members, NULL};
    snug_status status = snug_json_members_check(tables, json, path, newer);
    if (status == SNUG_OK) {
        status = snug_json_members_read(column_members, column, json, path, newer);
    }
    if (status == SNUG_OK && column->embedding &&
        (!column->integer || column->categories.count == 0)) {
        status = snug_fail(SNUG_ERROR_CONFIG,
                           "%s.embedding: is for categories whose number is the feature", path);
    }
    return status;
}

static snug_status read_columns(const snug_json_member *member, void *base, const cJSON *json,
                                const char *path, bool newer) {
    snug_table_schema *table = base;
    snug_status status = snug_json_check_array(json, path);
    (void)member;
    if (status != SNUG_OK) {
        return status;
    }
    table->column_count = (size_t)cJSON_GetArraySize(json);
    table->columns = snug_alloc(table->column_count, sizeof *table->columns);
    if (table->columns == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    const cJSON *item = json->child;
    for (size_t i = 0; item != NULL && status == SNUG_OK; item = item->next, i++) {
        char *item_path = snug_format("%s[%zu]", path, i);
        status = item_path != NULL ? read_column(item, item_path, newer, &table->columns[i])
                                   : SNUG_ERROR_MEMORY;
        snug_release(item_path);
        table->features += snug_column_features(&table->columns[i]);
    }
    return status == SNUG_OK ? check_column_names(table, path) : status;
}

static const snug_json_codec columns_codec = {write_columns, read_columns};

/* ---- the number of features of a schema without columns -------------------------------------- */

static void write_features(const snug_json_member *member, const void *base, cJSON *object,
                           bool *failed) {
    const snug_table_schema *table = base;
    if (table->columns == NULL) {
        snug_json_number(object, member->key, (double)table->features, failed);
    }
}

static snug_status read_features(const snug_json_member *member, void *base, const cJSON *json,
                                 const char *path, bool newer) {
    snug_table_schema *table = base;
    uint64_t count;
    (void)member;
    (void)newer;
    if (!snug_json_whole(json, &count) || count == 0 || count > SIZE_MAX) {
        return snug_fail(SNUG_ERROR_CONFIG, "%s: must be a whole number of at least 1", path);
    }
    table->features = table->column_count = (size_t)count;
    return SNUG_OK;
}

static const snug_json_codec features_codec = {write_features, read_features};

/* ---- the positions of the targets ------------------------------------------------------------ */

static void write_positions(const snug_json_member *member, const void *base, cJSON *object,
                            bool *failed) {
    const snug_table_schema *table = base;
    if (table->target_columns == NULL) {
        return;
    }
    cJSON *array = snug_json_array(object, member->key, failed);
    for (size_t i = 0; i < snug_table_schema_target_count(table) && !*failed; i++) {
        snug_json_number(array, NULL, (double)table->target_columns[i], failed);
    }
}

/*
 * Reads as many positions as there are targets, whose rows come before in the table. What positions
 * are possible is checked last, by snug_table_schema_check_positions().
 */
static snug_status read_positions(const snug_json_member *member, void *base, const cJSON *json,
                                  const char *path, bool newer) {
    snug_table_schema *table = base;
    size_t targets = snug_table_schema_target_count(table), i = 0;
    (void)member;
    (void)newer;
    if (!cJSON_IsArray(json) || (size_t)cJSON_GetArraySize(json) != targets || targets == 0) {
        return snug_fail(SNUG_ERROR_CONFIG,
                         "%s: must be an array of %zu whole number%s, one a target", path, targets,
                         targets == 1 ? "" : "s");
    }
    table->target_columns = snug_alloc(targets, sizeof *table->target_columns);
    if (table->target_columns == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    for (const cJSON *item = json->child; item != NULL; item = item->next, i++) {
        uint64_t position;
        if (!snug_json_whole(item, &position) || position > SIZE_MAX) {
            position = 0; /* which is no position: snug_table_schema_check_positions() refuses it */
        }
        table->target_columns[i] = (size_t)position;
    }
    return SNUG_OK;
}

static const snug_json_codec positions_codec = {write_positions, read_positions};

/* ---- what a missing value does --------------------------------------------------------------- */

static void write_missing(const snug_json_member *member, const void *base, cJSON *object,
                          bool *failed) {
    const snug_table_schema *table = base;
    snug_json_string(object, member->key, snug_missing_names[table->missing], failed);
}

static snug_status read_missing(const snug_json_member *member, void *base, const cJSON *json,
                                const char *path, bool newer) {
    snug_table_schema *table = base;
    (void)member;
    (void)newer;
    int found = snug_json_find_name(snug_missing_names, json);
    if (found < 0) {
        return snug_fail(SNUG_ERROR_CONFIG, "%s: must be \"mean\", \"median\" or \"error\"", path);
    }
    table->missing = (snug_missing)found;
    return SNUG_OK;
}

static const snug_json_codec missing_codec = {write_missing, read_missing};

/* ---- how the table is written ---------------------------------------------------------------- */

static void write_number_format(const snug_json_member *member, const void *base, cJSON *object,
                                bool *failed) {
    const snug_table_schema *table = base;
    if (table->notation.formatted) {
        snug_json_string(object, member->key, snug_number_format_names[SNUG_NUMBERS_FORMATTED],
                         failed);
    }
}

static snug_status read_number_format(const snug_json_member *member, void *base, const cJSON *json,
                                      const char *path, bool newer) {
    snug_table_schema *table = base;
    (void)member;
    (void)newer;
    int found = snug_json_find_name(snug_number_format_names, json);
    if (found < 0) {
        return snug_fail(SNUG_ERROR_CONFIG, "%s: must be \"plain\" or \"formatted\"", path);
    }
    table->notation.formatted = found == SNUG_NUMBERS_FORMATTED;
    return SNUG_OK;
}

static void write_decimal(const snug_json_member *member, const void *base, cJSON *object,
                          bool *failed) {
    const snug_table_schema *table = base;
    if (table->notation.decimal == ',') {
        snug_json_string(object, member->key, ",", failed);
    }
}

static snug_status read_decimal(const snug_json_member *member, void *base, const cJSON *json,
                                const char *path, bool newer) {
    snug_table_schema *table = base;
    static const char *const marks[] = {".", ",", NULL};
    (void)member;
    (void)newer;
    int found = snug_json_find_name(marks, json);
    if (found < 0) {
        return snug_fail(SNUG_ERROR_CONFIG, "%s: must be \".\" or \",\"", path);
    }
    table->notation.decimal = marks[found][0];
    return SNUG_OK;
}

static void write_delimiter(const snug_json_member *member, const void *base, cJSON *object,
                            bool *failed) {
    const snug_table_schema *table = base;
    if (table->delimiter != 0) {
        snug_json_string(object, member->key, (const char[]){table->delimiter, '\0'}, failed);
    }
}

static snug_status read_delimiter(const snug_json_member *member, void *base, const cJSON *json,
                                  const char *path, bool newer) {
    snug_table_schema *table = base;
    (void)member;
    (void)newer;
    if (!cJSON_IsString(json) || !snug_character_parse(json->valuestring, &table->delimiter)) {
        return snug_fail(SNUG_ERROR_CONFIG, "%s: must be %s", path, SNUG_CHARACTER_EXPECTED);
    }
    return SNUG_OK;
}

/* The key is missing where the table has a header, as in older files. */
static void write_header(const snug_json_member *member, const void *base, cJSON *object,
                         bool *failed) {
    const snug_table_schema *table = base;
    if (table->no_header) {
        snug_json_bool(object, member->key, false, failed);
    }
}

static snug_status read_header(const snug_json_member *member, void *base, const cJSON *json,
                               const char *path, bool newer) {
    snug_table_schema *table = base;
    (void)member;
    (void)newer;
    if (!cJSON_IsBool(json)) {
        return snug_fail(SNUG_ERROR_CONFIG, "%s: must be true or false", path);
    }
    table->no_header = cJSON_IsFalse(json);
    return SNUG_OK;
}

static void write_encoding(const snug_json_member *member, const void *base, cJSON *object,
                           bool *failed) {
    const snug_table_schema *table = base;
    if (table->encoding != NULL) {
        snug_json_string(object, member->key, table->encoding, failed);
    }
}

static snug_status read_encoding(const snug_json_member *member, void *base, const cJSON *json,
                                 const char *path, bool newer) {
    snug_table_schema *table = base;
    (void)member;
    (void)newer;
    if (!cJSON_IsString(json)) {
        return snug_fail(SNUG_ERROR_CONFIG, "%s: must be a string", path);
    }
    const snug_text_encoding *encoding = snug_text_encoding_find(json->valuestring);
    if (encoding == NULL) {
        return snug_fail_in("%s", path);
    }
    table->encoding = encoding->iconv != NULL ? encoding->name : NULL;
    return SNUG_OK;
}

static const snug_json_codec header_codec = {write_header, read_header};
static const snug_json_codec encoding_codec = {write_encoding, read_encoding};
static const snug_json_codec delimiter_codec = {write_delimiter, read_delimiter};
static const snug_json_codec decimal_codec = {write_decimal, read_decimal};
static const snug_json_codec number_format_codec = {write_number_format, read_number_format};

/* ---- what an unknown category does ----------------------------------------------------------- */

static bool has_categories(const snug_table_schema *table) {
    for (size_t i = 0; table->columns != NULL && i < table->column_count; i++) {
        if (table->columns[i].categories.count > 0) {
            return true;
        }
    }
    return false;
}

/* The key is missing where it is an error, as in older files. */
static void write_unknown(const snug_json_member *member, const void *base, cJSON *object,
                          bool *failed) {
    const snug_table_schema *table = base;
    if (table->unknown_category != SNUG_UNKNOWN_ERROR && has_categories(table)) {
        snug_json_string(object, member->key, snug_unknown_category_names[table->unknown_category],
                         failed);
    }
}

static snug_status read_unknown(const snug_json_member *member, void *base, const cJSON *json,
                                const char *path, bool newer) {
    snug_table_schema *table = base;
    (void)member;
    (void)newer;
    int found = snug_json_find_name(snug_unknown_category_names, json);
    if (found < 0) {
        return snug_fail(SNUG_ERROR_CONFIG, "%s: must be \"missing\" or \"error\"", path);
    }
    table->unknown_category = (snug_unknown_category)found;
    return SNUG_OK;
}

static const snug_json_codec unknown_codec = {write_unknown, read_unknown};

/* ---- the schema ------------------------------------------------------------------------------ */

#define AT(member) offsetof(snug_table_schema, member)
const snug_json_member snug_table_schema_members[] = {
    {"columns", &columns_codec, 0, false}, /* or "features" */
    {"features", &features_codec, 0, false},
    {"target", &snug_json_string_codec, AT(target), false},
    {"classes", &snug_json_names_codec, AT(classes), false},
    {"targets", &snug_json_names_codec, AT(targets), false},
    {"target_columns", &positions_codec, 0, false}, /* older files lack it */
    {"weights", &snug_json_names_codec, AT(weights), false},
    {"ignored", &snug_json_names_codec, AT(ignored), false},
    {"missing", &missing_codec, 0, true},
    {"unknown_category", &unknown_codec, 0, false},
    {"missing_values", &snug_json_names_codec, AT(missing_values), false},
    {"delimiter", &delimiter_codec, 0, false},
    {"decimal", &decimal_codec, 0, false},
    {"number_format", &number_format_codec, 0, false},
    {"encoding", &encoding_codec, 0, false},
    {"header", &header_codec, 0, false},
    {.key = NULL}};
#undef AT

static snug_status check_schema(const snug_table_schema *table, const char *path) {
    if (table->targets.count > 0 && (table->classes.count > 0 || table->target != NULL)) {
        return snug_fail(SNUG_ERROR_CONFIG,
                         "%s: \"targets\" are values, \"target\" and \"classes\" are not: "
                         "only one of them can be",
                         path);
    }
    return SNUG_OK;
}

snug_status snug_table_schema_check_positions(const snug_table_schema *table, const char *path) {
    size_t targets = snug_table_schema_target_count(table);
    size_t positions = table->column_count + targets;
    if (table->target_columns == NULL) {
        return SNUG_OK;
    }
    bool *taken = snug_alloc(positions, sizeof *taken);
    snug_status status = taken != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
    for (size_t i = 0; i < targets && status == SNUG_OK; i++) {
        size_t position = table->target_columns[i];
        if (position < 1 || position > positions) {
            status = snug_fail(SNUG_ERROR_CONFIG,
                               "%s.target_columns[%zu]: must be a whole number from 1 to %zu", path,
                               i, positions);
        } else if (taken[position - 1]) {
            status = snug_fail(SNUG_ERROR_CONFIG, "%s.target_columns[%zu]: %zu occurs twice", path,
                               i, position);
        } else {
            taken[position - 1] = true;
        }
    }
    snug_release(taken);
    return status;
}

snug_status snug_table_schema_read(const cJSON *json, const char *path, bool newer,
                                   snug_table_schema *table) {
    bool columns = snug_json_get(json, "columns") != NULL;
    if (columns == (snug_json_get(json, "features") != NULL)) {
        return snug_fail(SNUG_ERROR_CONFIG, "%s: must have one of \"columns\" and \"features\"",
                         path);
    }
    table->unknown_category = SNUG_UNKNOWN_ERROR;
    snug_status status =
        snug_json_members_read(snug_table_schema_members, table, json, path, newer);
    return status == SNUG_OK ? check_schema(table, path) : status;
}
