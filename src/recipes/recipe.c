#include <string.h>

#include <snug/suggest.h>

#include "core/spelling.h"
#include "core/status.h"
#include "recipes/recipe.h"

#define RECIPE(name) &snug_recipe_##name,
static const snug_recipe *const recipes[] = {SNUG_RECIPES(RECIPE)};
#undef RECIPE

enum { COUNT = sizeof recipes / sizeof *recipes };

const snug_recipe *snug_recipe_at(size_t index) {
    return index < COUNT ? recipes[index] : NULL;
}

const snug_recipe *snug_recipe_find(const char *name) {
    const char *names[COUNT];
    char list[128];
    for (size_t i = 0; i < COUNT; i++) {
        names[i] = recipes[i]->name;
        if (strcmp(name, recipes[i]->name) == 0 || strcmp(name, recipes[i]->version) == 0) {
            return recipes[i];
        }
    }
    snug_quote_names(names, COUNT, list, sizeof list);
    snug_fail(SNUG_ERROR_CONFIG, "there is no recipe \"%.60s\"; there are %s", name, list);
    return NULL;
}

const char *snug_recipe_name(size_t index) {
    return index < COUNT ? recipes[index]->name : NULL;
}

const char *snug_recipe_version(size_t index) {
    return index < COUNT ? recipes[index]->version : NULL;
}

const char *snug_recipe_summary(size_t index) {
    return index < COUNT ? recipes[index]->summary : NULL;
}
