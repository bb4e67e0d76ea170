/*
 * Prints JSON. cJSON's own printer rounds a number to 15 digits where that comes near enough, and
 * asks the locale for the decimal point; ours gives the shortest digits that read back as the same
 * bits.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/locale.h"
#include "core/memory.h"
#include "core/status.h"
#include "core/utf8.h"
#include "json/json_print.h"

typedef struct printer {
    char *text;
    size_t used, capacity;
    bool formatted;
    bool failed;
} printer;

static void print_value(printer *out, const cJSON *value, size_t depth);

/* ---- characters ------------------------------------------------------------------------------ */

/* Makes capacity for n bytes and the 0 after them. */
static bool reserve(printer *out, size_t n) {
    if (out->failed) {
        return false;
    }
    if (out->text != NULL && out->capacity - out->used > n) {
        return true;
    }
    size_t needed, doubled;
    if (!snug_add(out->used, n, &needed) || !snug_add(needed, 128, &needed) ||
        !snug_multiply(out->capacity, 2, &doubled)) {
        snug_fail_memory(n);
        out->failed = true;
        return false;
    }
    size_t capacity = needed > doubled ? needed : doubled;
    char *text = snug_resize(out->text, capacity, 1);
    out->failed = text == NULL;
    if (text != NULL) {
        out->text = text;
        out->capacity = capacity;
    }
    return !out->failed;
}

static void put(printer *out, const char *bytes, size_t n) {
    if (!reserve(out, n)) {
        return;
    }
    memcpy(out->text + out->used, bytes, n);
    out->used += n;
    out->text[out->used] = 0;
}

static void put_string(printer *out, const char *text) {
    put(out, text, strlen(text));
}

static void new_line(printer *out, size_t depth) {
    put(out, "\n", 1);
    for (size_t i = 0; i < depth; i++) {
        put(out, "  ", 2);
    }
}

/* ---- values ---------------------------------------------------------------------------------- */

void snug_number_format(double number, char string[SNUG_NUMBER_LENGTH]) {
    locale_t old_locale = snug_locale_enter();
    if (number == floor(number) && fabs(number) < 1e15) {
        snprintf(string, SNUG_NUMBER_LENGTH, "%.0f", number);
    } else {
        for (int digits = 1; digits <= 17; digits++) {
            snprintf(string, SNUG_NUMBER_LENGTH, "%.*g", digits, number);
            if (strtod(string, NULL) == number) {
                break;
            }
        }
    }
    snug_locale_leave(old_locale);
}

static void print_number(printer *out, double number) {
    char text[SNUG_NUMBER_LENGTH];
    snug_number_format(number, text);
    put_string(out, text);
}

/* The escape of a byte, or NULL if it needs none. */
static const char *escape(unsigned char c, char code[8]) {
    static const char *const short_forms[] = {
        ['\b'] = "\\b", ['\f'] = "\\f", ['\n'] = "\\n",  ['\r'] = "\\r",
        ['\t'] = "\\t", ['"'] = "\\\"", ['\\'] = "\\\\",
    };
    if (c < sizeof short_forms / sizeof *short_forms && short_forms[c] != NULL) {
        return short_forms[c];
    }
    if (c >= ' ') {
        return NULL;
    }
    snprintf(code, 8, "\\u%04x", (unsigned)c);
    return code;
}

/* JSON is UTF-8: what is not could be written, and never be read again. */
static void print_text(printer *out, const char *text) {
    if (!out->failed && !snug_utf8_valid(text)) {
        snug_fail(SNUG_ERROR_DATA, "\"%.200s\" is not UTF-8, which JSON has to be", text);
        out->failed = true;
    }
    put(out, "\"", 1);
    for (const char *c = text; *c; c++) {
        char code[8];
        const char *escaped = escape((unsigned char)*c, code);
        if (escaped != NULL) {
            put_string(out, escaped);
        } else {
            put(out, c, 1);
        }
    }
    put(out, "\"", 1);
}

static bool is_container(const cJSON *value) {
    return cJSON_IsObject(value) || cJSON_IsArray(value);
}

/* An array of plain values reads best on one line. */
static bool on_one_line(const cJSON *container) {
    if (cJSON_IsObject(container)) {
        return container->child == NULL;
    }
    for (const cJSON *item = container->child; item != NULL; item = item->next) {
        if (is_container(item)) {
            return false;
        }
    }
    return true;
}

static void print_container(printer *out, const cJSON *container, size_t depth) {
    bool object = cJSON_IsObject(container);
    bool lines = out->formatted && !on_one_line(container);
    put(out, object ? "{" : "[", 1);
    for (const cJSON *item = container->child; item != NULL; item = item->next) {
        if (item != container->child) {
            put_string(out, out->formatted && !lines ? ", " : ",");
        }
        if (lines) {
            new_line(out, depth + 1);
        }
        if (object) {
            print_text(out, item->string);
            put_string(out, out->formatted ? ": " : ":");
        }
        print_value(out, item, depth + 1);
    }
    if (lines) {
        new_line(out, depth);
    }
    put(out, object ? "}" : "]", 1);
}

static void print_value(printer *out, const cJSON *value, size_t depth) {
    if (is_container(value)) {
        print_container(out, value, depth);
    } else if (cJSON_IsNumber(value)) {
        print_number(out, value->valuedouble);
    } else if (cJSON_IsString(value)) {
        print_text(out, value->valuestring);
    } else if (cJSON_IsBool(value)) {
        put_string(out, cJSON_IsTrue(value) ? "true" : "false");
    } else {
        put_string(out, "null");
    }
}

char *snug_json_print(const cJSON *value, bool formatted) {
    printer out = {.formatted = formatted};
    print_value(&out, value, 0);
    if (!out.failed) {
        return out.text;
    }
    snug_release(out.text);
    return NULL;
}
