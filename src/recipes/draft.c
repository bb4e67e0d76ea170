/* What was seen of a table: its strings and notes, and freeing it. */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include "core/memory.h"
#include "core/status.h"
#include "core/string_list.h"
#include "recipes/draft.h"

/* Frees a string of a suggestion, whose pointers are const for its readers only. */
static void release_string(const char *string) {
    snug_release((void *)(uintptr_t)string);
}

void snug_suggestion_free(snug_suggestion *seen) {
    if (seen == NULL) {
        return;
    }
    for (size_t i = 0; i < seen->column_count; i++) {
        release_string(seen->columns[i].name);
        release_string(seen->columns[i].reason);
    }
    for (size_t i = 0; i < seen->class_count; i++) {
        release_string(seen->classes[i].name);
    }
    snug_release(seen->columns);
    snug_release(seen->classes);
    release_string(seen->task_reason);
    snug_strings_clear(&seen->notes);
    snug_release(seen);
}

bool snug_draft_holds_numbers(const snug_draft *draft, size_t column) {
    snug_column_use use = draft->seen->columns[column].use;
    return use == SNUG_USE_NUMBERS ||
           (use == SNUG_USE_TARGET && draft->seen->task == SNUG_TASK_REGRESSION);
}

snug_status snug_draft_set(const char **string, const char *value) {
    *string = snug_copy_string(value);
    return *string != NULL ? SNUG_OK : SNUG_ERROR_MEMORY;
}

snug_status snug_draft_note(snug_draft *draft, const char *format, ...) {
    char buffer[SNUG_MESSAGE_SIZE];
    va_list values;
    va_start(values, format);
    snug_print_message(buffer, format, values);
    va_end(values);
    snug_strings *notes = &draft->seen->notes;
    char **larger = snug_resize(notes->items, notes->count + 1, sizeof *larger);
    if (larger == NULL) {
        return SNUG_ERROR_MEMORY;
    }
    notes->items = larger;
    return snug_strings_append(notes, buffer);
}
