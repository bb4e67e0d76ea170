/* Paths of files: their directory, what they lead to, and error messages that begin with them. */
#ifndef SNUG_FILES_PATH_H
#define SNUG_FILES_PATH_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include <snug/status.h>

/* Returns how many bytes of `path` are its directory, with the last slash; 0: the current one. */
size_t snug_directory_length(const char *path);

/*
 * Writes `path` as seen from the file `from`: joined to the directory of `from` unless `path` is
 * absolute or `from` is NULL. Returns false, with ENAMETOOLONG in errno, where it does not fit.
 */
bool snug_path_join(char joined[PATH_MAX], const char *from, const char *path);

/*
 * Fails with "PATH: cannot open: No such file or directory", where `what` is "open" and errno has
 * the reason. Returns SNUG_ERROR_FILE.
 */
snug_status snug_fail_file(const char *path, const char *what);

#endif
