#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/locale.h"
#include "files/path.h"

size_t snug_directory_length(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash != NULL ? (size_t)(slash - path) + 1 : 0;
}

bool snug_path_join(char joined[PATH_MAX], const char *from, const char *path) {
    size_t directory = from != NULL && path[0] != '/' ? snug_directory_length(from) : 0;
    size_t length = strlen(path);
    if (directory >= PATH_MAX || length >= PATH_MAX - directory) {
        errno = ENAMETOOLONG;
        return false;
    }
    if (directory > 0) {
        memcpy(joined, from, directory);
    }
    memcpy(joined + directory, path, length + 1);
    return true;
}

snug_status snug_fail_file(const char *path, const char *what) {
    return snug_fail(SNUG_ERROR_FILE, "%s: cannot %s: %s", path, what,
                     strerror_l(errno, snug_locale()));
}
