#include "core/memory.h"
#include "data/preprocessing.h"
#include "records/record_reader.h"

snug_status snug_record_reader_open(snug_record_reader *reader, const snug_record_format *format,
                                    const snug_byte_source *source,
                                    const snug_csv_options *options) {
    *reader = (snug_record_reader){.format = format,
                                   .options = options,
                                   .like = options->like != NULL ? options->like->table : NULL,
                                   .default_targets = 1,
                                   .warnings = {.strict = options->strict}};
    snug_status status = snug_text_file_open(&reader->file, source, options->encoding);
    return status == SNUG_OK ? format->open(reader) : status;
}

snug_status snug_record_reader_run(snug_record_reader *reader, snug_record_fn *receive,
                                   void *user) {
    return reader->format->run(reader, receive, user);
}

static snug_status add_numbers(snug_string_set *names, size_t count) {
    snug_status status = SNUG_OK;
    for (size_t i = 0; i < count && status == SNUG_OK; i++) {
        char number[32];
        snprintf(number, sizeof number, "x%zu", i + 1);
        status = snug_string_set_add(names, number, NULL);
    }
    return status;
}

snug_status snug_add_feature_names(snug_string_set *names, const snug_table_schema *table) {
    if (table->columns == NULL) {
        return add_numbers(names, table->column_count);
    }
    snug_strings list = {snug_alloc(table->column_count, sizeof *list.items), 0};
    if (list.items == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    while (list.count < table->column_count) {
        list.items[list.count] = table->columns[list.count].name;
        list.count++;
    }
    snug_status status = snug_string_set_add_all_trimmed(names, &list);
    snug_release(list.items);
    return status;
}

snug_status snug_record_reader_add_features(snug_record_reader *reader) {
    return reader->like != NULL ? snug_add_feature_names(&reader->columns, reader->like) : SNUG_OK;
}

void snug_record_reader_close(snug_record_reader *reader) {
    if (reader->format != NULL && reader->format->close != NULL) {
        reader->format->close(reader);
    }
    reader->state = NULL;
    snug_text_file_close(&reader->file);
    snug_string_set_clear(&reader->columns);
    snug_string_set_clear(&reader->nameless);
    snug_warnings_clear(&reader->warnings);
}

/* ---- records whose fields name their columns ------------------------------------------------- */

void snug_record_builder_begin(snug_record_builder *builder) {
    builder->count = 0;
    builder->record++;
}

static snug_status reserve_field(snug_record_builder *b) {
    if (b->count < b->size) {
        return SNUG_OK;
    }
    size_t size = b->size + b->size / 2 + 16;
    const char **fields = snug_resize(b->fields, size, sizeof *fields);
    b->fields = fields != NULL ? fields : b->fields;
    size_t *columns = snug_resize(b->columns, size, sizeof *columns);
    b->columns = columns != NULL ? columns : b->columns;
    bool *quoted = snug_resize(b->quoted, size, sizeof *quoted);
    b->quoted = quoted != NULL ? quoted : b->quoted;
    if (fields == NULL || columns == NULL || quoted == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    b->size = size;
    return SNUG_OK;
}

/* New columns are 0 in last_record, the number of no record. */
static snug_status reserve_column(snug_record_builder *b, size_t column) {
    if (column < b->column_count) {
        return SNUG_OK;
    }
    size_t count = column + column / 2 + 16;
    size_t *last_record = snug_resize(b->last_record, count, sizeof *last_record);
    if (last_record == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    b->last_record = last_record;
    b->column_count = count;
    return SNUG_OK;
}

snug_status snug_record_builder_add(snug_record_builder *builder, size_t column, const char *field,
                                    bool quoted, bool *twice) {
    snug_record_builder *b = builder;
    snug_status status = reserve_field(b);
    if (status == SNUG_OK) {
        status = reserve_column(b, column);
    }
    if (status != SNUG_OK) {
        return status;
    }
    *twice = b->last_record[column] == b->record;
    if (!*twice) {
        b->last_record[column] = b->record;
        b->fields[b->count] = field;
        b->columns[b->count] = column;
        b->quoted[b->count] = quoted;
        b->count++;
    }
    return SNUG_OK;
}

snug_record snug_record_builder_record(const snug_record_builder *builder, size_t line) {
    return (snug_record){line, builder->count, builder->fields, builder->columns, builder->quoted};
}

void snug_record_builder_free(snug_record_builder *builder) {
    snug_release(builder->fields);
    snug_release(builder->columns);
    snug_release(builder->quoted);
    snug_release(builder->last_record);
    *builder = (snug_record_builder){0};
}
