/*
 * Plug-ins: shared objects that register kinds of their own. They link libsnug.so, as the tool
 * does, so that both use the same list of kinds: the one in that library. See the section on the
 * tool in docs/ARCHITECTURE.md, which says why.
 *
 * A plug-in's functions run with the rights of the user: load only what is trusted.
 */
#ifndef SNUG_CLI_PLUGIN_H
#define SNUG_CLI_PLUGIN_H

/*
 * Loads the shared object `path`, which must define the function snug_plugin(), and calls it. A
 * path without a slash is a file of the current directory.
 *
 * The object stays loaded until the process ends: its descriptors are in use. Returns CLI_DONE, or
 * CLI_WRONG after an error message: the file cannot be loaded, has no such function, or a kind is
 * refused.
 */
int cli_plugin_load(const char *path);

#endif
