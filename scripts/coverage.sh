#!/usr/bin/env bash
# Measures which lines and branches of src/, include/ and cli/ the tests run: builds the preset
# "coverage", runs its tests, and prints a table of the directories and their total. The exit status
# is that of the tests.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/setup.sh --coverage
cmake --preset coverage -DSNUG_BUILD_BENCH=OFF
cmake --build --preset coverage --parallel "$(nproc)"
# Counts of an earlier run would be added to those of this one.
find build/coverage -name '*.gcda' -delete
status=0
# The test of CONTRIBUTING.md builds a copy of the sources, which counts nothing here.
ctest --preset coverage --parallel "$(nproc)" --exclude-regex contributing || status=$?

# The objects of the library and the tool only. A test that ends a process in the middle of a
# function leaves counts of branches that gcovr would refuse.
summary=build/coverage/summary.json
gcovr --root . --filter src/ --filter include/ --filter cli/ -j "$(nproc)" \
    --gcov-ignore-parse-errors --json-summary "$summary" \
    build/coverage/CMakeFiles/snug_objects.dir build/coverage/CMakeFiles/snug_tool.dir
/usr/bin/python3 - "$summary" <<'PY'
import collections
import json
import os
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    files = json.load(file)["files"]
counts = collections.defaultdict(lambda: [0, 0, 0, 0])
keys = ["line_covered", "line_total", "branch_covered", "branch_total"]
for entry in files:
    for directory in (os.path.dirname(entry["filename"]), "total"):
        counts[directory] = [a + entry[key] for a, key in zip(counts[directory], keys)]
total = counts.pop("total")
print(f"{'directory':<20}{'lines':>8}{'covered':>9}{'branches':>10}{'covered':>9}")
for directory, row in [*sorted(counts.items()), ("total", total)]:
    shares = [100 * row[i] / row[i + 1] if row[i + 1] else 100 for i in (0, 2)]
    print(f"{directory:<20}{row[1]:>8}{shares[0]:>7.1f} %{row[3]:>10}{shares[1]:>7.1f} %")
PY
exit "$status"
