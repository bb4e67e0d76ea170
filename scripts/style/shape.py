"""Sizes: functions, files, directories, and the share of comments."""

import collections
import re

MAX_FUNCTION_LINES = 60
MIN_FILE_LINES = 20
MAX_DIRECTORY_FILES = 25
COMMENT_PERCENT = (12, 25)
# One file for each kind, field type or command, the scripts that test commands, and one header for
# each noun of the interface; the directories of tests/golden/ have a file for each model of a
# version.
PER_KIND = {
    "src/activations",
    "src/losses",
    "src/layers",
    "src/optim",
    "src/schedules",
    "src/init",
    "src/kinds",
    "cli",
    "include/snug",
    "tests/cli",
}
DESCRIPTOR = re.compile(r"^const snug_\w+_kind\b", re.MULTILINE)


def check(tree):
    yield from check_functions(tree)
    yield from check_small_files(tree)
    yield from check_directories(tree)
    yield from check_comments(tree)


def length(item):
    return item.last - item.first + 1


def check_functions(tree):
    for file in tree.c_files():
        for function in file.source.functions():
            if length(function) > MAX_FUNCTION_LINES:
                name = function.name
                yield (
                    file.path,
                    function.first,
                    f"{name} has {length(function)} lines: " f"at most {MAX_FUNCTION_LINES}",
                )


def check_small_files(tree):
    for file in tree.c_files("src", "cli"):
        if len(file.lines) < MIN_FILE_LINES and not DESCRIPTOR.search(file.string):
            yield (
                file.path,
                1,
                f"{len(file.lines)} lines: at least {MIN_FILE_LINES}, " "or part of another file",
            )


def check_directories(tree):
    counts = collections.Counter(p.parent.as_posix() for p in tree.all_paths)
    for directory, count in counts.items():
        checked = directory.split("/")[0] in {"src", "include", "cli", "tests"}
        one_a_kind = directory in PER_KIND or directory.startswith("tests/golden/")
        if checked and not one_a_kind and count > MAX_DIRECTORY_FILES:
            yield (
                directory,
                1,
                f"{count} files: at most {MAX_DIRECTORY_FILES}, " "or several directories",
            )


def comment_percent(tree):
    sources = tree.c_files("src")
    total = sum(len(file.lines) for file in sources)
    return 100 * sum(file.source.comment_lines() for file in sources) / total if total else None


def check_comments(tree):
    low, high = COMMENT_PERCENT
    percent = comment_percent(tree)
    if percent is not None and not low <= percent <= high:
        yield "src", 1, f"{percent:.1f} % of the lines are comments: {low} to {high} %"


def statistics(tree):
    """Returns a line for each folder of C files, and one with the share of comments."""
    report = ["folder    functions  median  90th percentile  longest"]
    for folder in ["src", "cli", "include", "examples", "tests", "bench"]:
        lengths = sorted(
            length(f) for file in tree.c_files(folder) for f in file.source.functions()
        )
        if lengths:
            last = len(lengths) - 1
            report.append(
                f"{folder:<10}{len(lengths):>9}{lengths[last // 2]:>8}"
                f"{lengths[last * 9 // 10]:>17}{lengths[last]:>9}"
            )
    percent = comment_percent(tree)
    if percent is not None:
        report.append(f"comment lines in src: {percent:.1f} %")
    return "\n".join(report)
