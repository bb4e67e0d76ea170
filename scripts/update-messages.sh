#!/usr/bin/env bash
# Writes tests/golden/messages.txt: every error message that the tests meet, by running them all.
# Look at what changed (git diff) before committing it. usage: scripts/update-messages.sh [BUILD]
set -euo pipefail
cd "$(dirname "$0")/.."
build=$(realpath "${1:-build/release}")

collection=$(mktemp)
trap 'rm -f "$collection"' EXIT
export SNUG_COLLECT_MESSAGES=$collection
ctest --test-dir "$build" -L 'unit|cli|repo' --output-on-failure -j "$(nproc)"
LC_ALL=C sort -u "$collection" >tests/golden/messages.txt
