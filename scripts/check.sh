#!/usr/bin/env bash
# Builds Snug and runs all its tests. The last lines are ctest's summary.
# usage: scripts/check.sh [ARGUMENT OF CMAKE...], such as -DSNUG_WERROR=ON
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/setup.sh
cmake --preset release "$@"
cmake --build --preset release --parallel "$(nproc)"
ctest --preset release --parallel "$(nproc)"
