/* The sources of rows of an experiment: their formats, and standard input among them. */
#ifndef SNUG_EXPERIMENT_DATA_SOURCES_H
#define SNUG_EXPERIMENT_DATA_SOURCES_H

#include "experiment/data_options.h"

/*
 * Returns the format that the settings give a source: by the names of its files, such as "images",
 * or by "format". NULL: the name and the content of its file decide.
 */
const snug_data_format *snug_data_source_format(const snug_data_settings *data,
                                                const snug_source *source);

/*
 * Checks "format" against the sources, and that standard input is used at most once: by a source,
 * or by the experiment itself, whose file is `path`.
 */
snug_status snug_data_check_sources(const snug_data_settings *data, const char *path);

#endif
