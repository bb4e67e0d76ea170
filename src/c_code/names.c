#include <stdbool.h>
#include <string.h>

#include "c_code/names.h"
#include "core/memory.h"
#include "core/status.h"
#include "files/path.h"

/* Constants of every program: names of columns and categories are others. */
static const char *const usual[] = {"H", "INPUTS", "OUTPUTS", "SCRATCH", "CLASSES", "THRESHOLD"};

enum { USUAL = sizeof usual / sizeof *usual };

/* Whether a string is an identifier that neither C nor C++ reserves, with characters behind it. */
static bool is_prefix(const char *name) {
    char word[SNUG_C_WORD_SIZE];
    snug_c_word(word, name);
    return strcmp(word, name) == 0 && *name != '\0' && !(*name >= '0' && *name <= '9');
}

/* Makes a prefix of the name of a file: "nets/my-net.v2.c" gives my_net_v2, "3.c" gives net_3. */
static void prefix_of_path(char prefix[SNUG_C_WORD_SIZE], const char *path) {
    const char *file = path + snug_directory_length(path), *end = strrchr(file, '.');
    char stem[SNUG_C_WORD_SIZE], word[SNUG_C_WORD_SIZE];
    size_t length = end != NULL ? (size_t)(end - file) : strlen(file);
    length = length < sizeof stem ? length : sizeof stem - 1;
    memcpy(stem, file, length);
    stem[length] = '\0';
    snug_c_word(word, stem);
    const bool letter = *word != '\0' && !(*word >= '0' && *word <= '9');
    snprintf(prefix, SNUG_C_WORD_SIZE, "%s%s%.50s", letter ? "" : "net",
             letter || *word == '\0' ? "" : "_", word);
}

snug_status snug_c_names_start(snug_c_names *names, const char *path, const char *name) {
    *names = (snug_c_names){0};
    if (name != NULL && !is_prefix(name)) {
        return snug_fail(SNUG_ERROR_ARGUMENT,
                         "name: \"%.80s\" cannot begin names in C: must be letters, digits and "
                         "single \"_\", beginning with a letter and ending without \"_\", of at "
                         "most %d characters",
                         name, SNUG_C_WORD_SIZE - 24);
    }
    if (name != NULL) {
        memcpy(names->prefix, name, strlen(name) + 1);
    } else {
        prefix_of_path(names->prefix, path);
    }
    memcpy(names->upper, names->prefix, sizeof names->upper);
    snug_c_capitalize(names->upper);
    for (size_t i = 0; i < USUAL; i++) {
        char *constant = snug_format("%s_%s", names->upper, usual[i]);
        const bool ok =
            constant != NULL && snug_string_set_add(&names->constants, constant, NULL) == SNUG_OK;
        snug_release(constant);
        if (!ok) {
            snug_c_names_clear(names);
            return SNUG_ERROR_MEMORY;
        }
    }
    return SNUG_OK;
}

void snug_c_names_clear(snug_c_names *names) {
    snug_string_set_clear(&names->constants);
}

/* Returns PREFIX_GROUP_WORD for the number 1, PREFIX_GROUP_WORD_2 for 2 and so on. */
static char *constant_of(const snug_c_names *names, const char *group, const char *word,
                         size_t number) {
    return number == 1 ? snug_format("%s_%s_%s", names->upper, group, word)
                       : snug_format("%s_%s_%s_%zu", names->upper, group, word, number);
}

const char *snug_c_names_add(snug_c_names *names, const char *group, const char *name,
                             size_t number) {
    char word[SNUG_C_WORD_SIZE];
    snug_c_word(word, name);
    snug_c_capitalize(word);
    if (*word == '\0') {
        snprintf(word, sizeof word, "%zu", number);
    }
    const size_t before = names->constants.list.count;
    for (size_t i = 1; names->constants.list.count == before;
         i = i == 1 && number > 0 ? number + 1 : i + 1) {
        char *constant = constant_of(names, group, word, i);
        const bool ok =
            constant != NULL && snug_string_set_add(&names->constants, constant, NULL) == SNUG_OK;
        snug_release(constant);
        if (!ok) {
            return NULL;
        }
    }
    return names->constants.list.items[before];
}
