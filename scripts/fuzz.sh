#!/usr/bin/env bash
# Fuzzes what reads files: builds the preset "fuzz" and runs each target of tests/fuzz, or those
# that are named, for some seconds, as many at once as there are processors. An input that crashes,
# hangs, leaks or takes too much memory is kept in build/fuzz/crashes, and the exit status is then
# not 0.
# usage: scripts/fuzz.sh [SECONDS=30] [TARGET...]
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${1:-30}
[ $# = 0 ] || shift
targets=("$@")
if [ ${#targets[@]} = 0 ]; then
    for source in tests/fuzz/*.c; do
        targets+=("$(basename "$source" .c)")
    done
fi

cmake --preset fuzz >/dev/null
cmake --build --preset fuzz --parallel "$(nproc)" >/dev/null
mkdir -p build/fuzz/crashes build/fuzz/logs
export OPENBLAS_NUM_THREADS=1 ASAN_OPTIONS=allocator_may_return_null=1

# fuzz TARGET: inputs that reach new code are kept in build/fuzz/corpus, for the next run.
fuzz() {
    local target=$1 found=build/fuzz/corpus/$1 log=build/fuzz/logs/$1 seeds=()
    case $target in
    model) seeds=(tests/golden) ;;
    experiment | json) seeds=(examples) ;;
    esac
    [ ! -d "tests/fuzz/corpus/$target" ] || seeds+=("tests/fuzz/corpus/$target")
    mkdir -p "$found"
    if "build/fuzz/fuzz/$target" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=4096 \
        -max_len=65536 -print_final_stats=1 -artifact_prefix="build/fuzz/crashes/$target-" \
        "$found" "${seeds[@]}" >"$log" 2>&1; then
        echo "$target: $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") inputs"
    else
        tail -n 60 "$log"
        echo "$target: failed; the input is in build/fuzz/crashes"
        return 1
    fi
}
export -f fuzz
export seconds

printf '%s\0' "${targets[@]}" | xargs -0 -P "$(nproc)" -I TARGET bash -c 'fuzz TARGET'
