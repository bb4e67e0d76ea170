#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <snug/kind.h>

#include "command.h"
#include "output.h"
#include "plugin.h"

/* A name without a slash would be searched for in the system's directories, so it gets one. */
static void *open_beside(const char *path) {
    size_t size = strlen(path) + sizeof "./";
    char *beside = malloc(size);
    void *object = NULL;
    if (beside != NULL) {
        snprintf(beside, size, "%s%s", strchr(path, '/') == NULL ? "./" : "", path);
        object = dlopen(beside, RTLD_NOW | RTLD_LOCAL);
    }
    free(beside);
    return object;
}

int cli_plugin_load(const char *path) {
    void *object = open_beside(path);
    void *symbol = object != NULL ? dlsym(object, SNUG_PLUGIN_SYMBOL) : NULL;
    snug_plugin_fn *plugin;
    if (object == NULL) {
        return cli_usage_error("--plugin %s: cannot be loaded: %s", path, dlerror());
    }
    if (symbol == NULL) {
        return cli_usage_error("--plugin %s: defines no function " SNUG_PLUGIN_SYMBOL, path);
    }
    memcpy(&plugin, &symbol, sizeof plugin); /* ISO C has no cast from an object to a function */
    if (plugin() != SNUG_OK) {
        return cli_usage_error("--plugin %s: %s", path, snug_error());
    }
    return CLI_DONE; /* it stays loaded: its descriptors are in use until the end */
}
