#if defined(__linux__)
#define _GNU_SOURCE /* for sched_setaffinity(). NOLINT(bugprone-reserved-identifier) */
#endif

#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/processors.h"
#include "support/suite.h"

/* A root directory with the files of the test. */
static char root[64];

/* Writes a file below the root, whose directories are made. */
static void put(const char *name, const char *content) {
    char path[256];
    snprintf(path, sizeof path, "%s/%s", root, name);
    for (char *slash = path + strlen(root) + 1; (slash = strchr(slash, '/')) != NULL; slash++) {
        *slash = '\0';
        mkdir(path, 0700);
        *slash = '/';
    }
    FILE *stream = fopen(path, "w");
    ck_assert_ptr_nonnull(stream);
    fputs(content, stream);
    ck_assert_int_eq(fclose(stream), 0);
}

static void make_root(void) {
    strcpy(root, "/tmp/snug_root_XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(root));
}

static void remove_root(void) {
    char command[96];
    snprintf(command, sizeof command, "rm -r %s", root);
    ck_assert_int_eq(system(command), 0); /* NOLINT(cert-env33-c): a path of our own */
}

START_TEST(no_quota) {
    ck_assert(snug_processor_quota(root) == SIZE_MAX);
    put("proc/self/cgroup", "0::/a/b\n");
    ck_assert(snug_processor_quota(root) == SIZE_MAX);
    put("sys/fs/cgroup/a/b/cpu.max", "max 100000\n");
    ck_assert(snug_processor_quota(root) == SIZE_MAX);
    put("sys/fs/cgroup/a/b/cpu.max", "");
    put("proc/self/cgroup", "a line of something else\n::\n:\n\n");
    ck_assert(snug_processor_quota(root) == SIZE_MAX);
}
END_TEST

/* Version 2: the smallest along the path, as whole processors, at least one. */
START_TEST(version_2) {
    put("proc/self/cgroup", "0::/a/b\n");
    put("sys/fs/cgroup/a/b/cpu.max", "700000 100000\n");
    ck_assert_uint_eq(snug_processor_quota(root), 7);
    put("sys/fs/cgroup/a/cpu.max", "175000 50000\n");
    ck_assert_uint_eq(snug_processor_quota(root), 3);
    put("sys/fs/cgroup/cpu.max", "40000 100000\n");
    ck_assert_uint_eq(snug_processor_quota(root), 1);
    put("sys/fs/cgroup/b/cpu.max", "1 100000\n");
    put("sys/fs/cgroup/cpu.max", "max 100000\n");
    ck_assert_uint_eq(snug_processor_quota(root), 3);
    put("proc/self/cgroup", "0::/");
    put("sys/fs/cgroup/cpu.max", "500000 100000\n");
    ck_assert_uint_eq(snug_processor_quota(root), 5);
}
END_TEST

/* Version 1: the line that has the controller "cpu", mounted by its list or by the name alone. */
START_TEST(version_1) {
    put("proc/self/cgroup",
        "7:blkio:/c\n3:cpuset:/d\n4:cpu,cpuacct:/a/b\n1:name=systemd:/\n0::/\n");
    put("sys/fs/cgroup/cpu,cpuacct/a/b/cpu.cfs_quota_us", "-1\n");
    put("sys/fs/cgroup/cpu,cpuacct/a/b/cpu.cfs_period_us", "100000\n");
    put("sys/fs/cgroup/cpuset/d/cpu.cfs_quota_us", "100000\n");
    put("sys/fs/cgroup/cpuset/d/cpu.cfs_period_us", "100000\n");
    ck_assert(snug_processor_quota(root) == SIZE_MAX);
    put("sys/fs/cgroup/cpu,cpuacct/a/b/cpu.cfs_quota_us", "640000\n");
    ck_assert_uint_eq(snug_processor_quota(root), 6);
    put("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "200000\n"); /* a container's own root */
    put("sys/fs/cgroup/cpu/cpu.cfs_period_us", "50000\n");
    ck_assert_uint_eq(snug_processor_quota(root), 4);
}
END_TEST

START_TEST(the_affinity_mask_counts) {
    ck_assert_uint_ge(snug_processors(), 1);
#if defined(__linux__)
    cpu_set_t before, one;
    ck_assert_int_eq(sched_getaffinity(0, sizeof before, &before), 0);
    size_t first = 0;
    while (!CPU_ISSET(first, &before)) {
        first++;
    }
    CPU_ZERO(&one);
    CPU_SET(first, &one);
    ck_assert_int_eq(sched_setaffinity(0, sizeof one, &one), 0);
    ck_assert_uint_eq(snug_processors(), 1);
    ck_assert_int_eq(sched_setaffinity(0, sizeof before, &before), 0);
    ck_assert_uint_le(snug_processors(), (size_t)CPU_COUNT(&before));
#endif
}
END_TEST

static Suite *processors_suite(void) {
    Suite *suite = suite_create("processors");
    TCase *tests = tcase_create("processors");
    tcase_add_checked_fixture(tests, make_root, remove_root);
    tcase_add_test(tests, no_quota);
    tcase_add_test(tests, version_2);
    tcase_add_test(tests, version_1);
    tcase_add_test(tests, the_affinity_mask_counts);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(processors_suite)
