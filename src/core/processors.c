#if defined(__linux__)
#define _GNU_SOURCE /* for sched_getaffinity(). NOLINT(bugprone-reserved-identifier) */
#endif

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/processors.h"

/* ---- the affinity mask ----------------------------------------------------------------------- */

static size_t online(void) {
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count > 0 ? (size_t)count : 1;
}

#if defined(__linux__)
static size_t allowed(void) {
    static const size_t most = 65536; /* processors; a mask that is too small is an error */
    unsigned long mask[65536 / (CHAR_BIT * sizeof(unsigned long))];
    cpu_set_t *set = (cpu_set_t *)(void *)mask;
    if (sched_getaffinity(0, most / CHAR_BIT, set) != 0) {
        return online();
    }
    int count = CPU_COUNT_S(most / CHAR_BIT, set);
    return count > 0 ? (size_t)count : 1;
}
#else
static size_t allowed(void) {
    return online();
}
#endif

/* ---- the quota of control groups ------------------------------------------------------------- */

/* The beginning of a file as text; false where there is none. */
static bool read_text(const char *path, char *text, size_t size) {
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
        return false;
    }
    size_t used = 0;
    for (ssize_t got = 1; got != 0 && used + 1 < size;) {
        got = read(descriptor, text + used, size - 1 - used);
        if (got < 0 && errno != EINTR) {
            break;
        }
        used += got > 0 ? (size_t)got : 0;
    }
    text[used] = '\0';
    close(descriptor);
    return used > 0;
}

/* A number in a file of a group's directory; 0 where there is none. "max" and -1 are no number. */
static double read_number(const char *directory, const char *name, const char **rest, char *text,
                          size_t size) {
    char path[PATH_MAX];
    int length = snprintf(path, sizeof path, "%s/%s", directory, name);
    if (length >= (int)sizeof path || !read_text(path, text, size)) {
        return 0;
    }
    char *end;
    long long number = strtoll(text, &end, 10);
    *rest = end;
    return number > 0 ? (double)number : 0;
}

/* The processors that one group's quota pays for; SIZE_MAX: it has none. */
static size_t quota_of(const char *directory) {
    char text[64];
    const char *rest = "";
    double period = 0, quota = read_number(directory, "cpu.max", &rest, text, sizeof text);
    if (quota > 0) {
        period = (double)strtoll(rest, NULL, 10);
    } else {
        quota = read_number(directory, "cpu.cfs_quota_us", &rest, text, sizeof text);
        period = read_number(directory, "cpu.cfs_period_us", &rest, text, sizeof text);
    }
    if (!(quota > 0 && period > 0 && quota / period < 1e6)) {
        return SIZE_MAX;
    }
    size_t whole = (size_t)(quota / period);
    return whole > 0 ? whole : 1;
}

/*
 * The smallest quota of the group `group` ("/a/b") of the hierarchy at `mount`, and of the groups
 * around it. In a container the path may be the host's, of which only the outer groups can be read.
 */
static size_t quota_along(const char *mount, const char *group) {
    char path[PATH_MAX];
    size_t smallest = SIZE_MAX, root = strlen(mount);
    int length = snprintf(path, sizeof path, "%s%s", mount, group);
    if (length >= (int)sizeof path) {
        return SIZE_MAX;
    }
    for (char *end = path + length; end != NULL && (size_t)(end - path) >= root;
         end = strrchr(path, '/')) {
        *end = '\0';
        size_t quota = quota_of(path);
        smallest = quota < smallest ? quota : smallest;
    }
    return smallest;
}

/* Whether a comma-separated list of controllers has "cpu". */
static bool has_cpu(const char *list) {
    for (const char *at = list; at != NULL; at = strchr(at, ',')) {
        at += *at == ',';
        if (strncmp(at, "cpu", 3) == 0 && (at[3] == ',' || at[3] == '\0')) {
            return true;
        }
    }
    return false;
}

/* A line of /proc/self/cgroup: "4:cpu,cpuacct:/a/b" of version 1, "0::/a/b" of version 2. */
static size_t quota_of_line(const char *root, char *line) {
    char mount[PATH_MAX];
    char *list = strchr(line, ':');
    char *group = list != NULL ? strchr(list + 1, ':') : NULL;
    if (group == NULL) {
        return SIZE_MAX;
    }
    *group++ = '\0';
    list++;
    if (*list != '\0' && !has_cpu(list)) {
        return SIZE_MAX;
    }
    const char *const names[] = {*list != '\0' ? list : ".", *list != '\0' ? "cpu" : "unified"};
    size_t smallest = SIZE_MAX;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        int length = snprintf(mount, sizeof mount, "%s/sys/fs/cgroup/%s", root, names[i]);
        size_t quota = length < (int)sizeof mount ? quota_along(mount, group) : SIZE_MAX;
        smallest = quota < smallest ? quota : smallest;
    }
    return smallest;
}

size_t snug_processor_quota(const char *root) {
    char path[PATH_MAX], text[8192];
    size_t smallest = SIZE_MAX;
    int length = snprintf(path, sizeof path, "%s/proc/self/cgroup", root);
    if (length >= (int)sizeof path || !read_text(path, text, sizeof text)) {
        return SIZE_MAX;
    }
    for (char *line = text; *line != '\0';) {
        char *end = line + strcspn(line, "\n");
        bool last = *end == '\0';
        *end = '\0';
        size_t quota = quota_of_line(root, line);
        smallest = quota < smallest ? quota : smallest;
        line = last ? end : end + 1;
    }
    return smallest;
}

size_t snug_processors(void) {
    size_t processors = allowed(), quota = snug_processor_quota("");
    return quota < processors ? quota : processors;
}
