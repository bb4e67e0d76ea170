/*
 * Recipes: what experiments to begin with look like. Each is one descriptor in a file of this
 * directory, and one line in SNUG_RECIPES below.
 *
 * A recipe has two templates, one for classes and one for values: experiment files without what
 * depends on the table (the file, the target, ignored columns, how the file is written). Everything
 * else has its place in the template or keeps the default of its field; the experiment that is
 * made of it is written with all defaults, so that nothing is hidden. In a template,
 *
 *     "when": "numbers"       keeps the object, an element of a list, only where a feature holds
 *                             numbers
 *     {"repeat": 3, "layers": [...]}  an element of a list, is that many times these layers
 *
 * Whoever changes a template changes the version: experiment files keep it as "recipe".
 *
 * A recipe has its own default spaces for "snug tune", in the form of a file of --space, where a
 * "repeat" may be in lists of layers. Each path is one that the experiment of the recipe has.
 */
#ifndef SNUG_RECIPES_RECIPE_H
#define SNUG_RECIPES_RECIPE_H

#include <stddef.h>

typedef struct snug_recipe {
    const char *name;    /* "tabular" */
    const char *version; /* "tabular-1" */
    const char *summary; /* one line */
    const char *classes; /* the template where the target holds classes */
    const char *values;  /* and where targets hold values */
    /* One line each about what the templates are, where the summary is about both; or NULL. */
    const char *classes_summary, *values_summary;
    /* What "snug tune" varies of the experiments of the two templates, as a space in JSON. */
    const char *classes_space, *values_space;
} snug_recipe;

/*
 * Makes a string of JSON that is written as it is, without quotes around it and escapes in it, and
 * of macros for what templates repeat. A file of a recipe does not include <stdbool.h>, where true
 * and false are macros too.
 */
#define SNUG_TEMPLATE(...) SNUG_TEMPLATE_STRING(__VA_ARGS__)
#define SNUG_TEMPLATE_STRING(...) #__VA_ARGS__

/* Every recipe, the default first. */
#define SNUG_RECIPES(X)                                                                            \
    X(tabular)                                                                                     \
    X(tabular_fast)                                                                                \
    X(snn)                                                                                         \
    X(linear)

#define SNUG_DECLARE_RECIPE(name) extern const snug_recipe snug_recipe_##name;
SNUG_RECIPES(SNUG_DECLARE_RECIPE)
#undef SNUG_DECLARE_RECIPE

/* Returns recipe number `index` of the list, or NULL past the last. */
const snug_recipe *snug_recipe_at(size_t index);

/* Returns the recipe of that name, or with that version; NULL after snug_fail(). */
const snug_recipe *snug_recipe_find(const char *name);

#endif
