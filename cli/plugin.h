/* Plug-ins: shared objects that register kinds of their own. */
#ifndef SNUG_CLI_PLUGIN_H
#define SNUG_CLI_PLUGIN_H

/* Loads one and calls its snug_plugin(). Answers an exit status, after saying why. */
int cli_plugin_load(const char *path);

#endif
