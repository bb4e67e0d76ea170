#!/usr/bin/env bash
# Compares Snug with PyTorch, scikit-learn and XGBoost (scripts/setup.sh --peers) on every CPU
# path of this machine. The last line counts the tests.
# usage: run.sh BUILD [TEST...], such as run.sh build/release test_losses
set -uo pipefail

SNUG_BUILD=$(cd "${1:-build/release}" && pwd) || exit 2
export SNUG_BUILD
shift
cd "$(dirname "$0")" || exit 2
[ $# -gt 0 ] || set -- test_*.py

# Debian's Python, which has Debian's packages.
python=/usr/bin/python3
"$python" -c 'import numpy, pandas, sklearn, torch, xgboost' || {
    echo "run.sh: a library to compare with is missing; scripts/setup.sh --peers installs them" >&2
    exit 2
}

paths=(portable)
if grep -qw avx2 /proc/cpuinfo && grep -qw fma /proc/cpuinfo; then paths+=(avx2); fi
if grep -qw avx512dq /proc/cpuinfo && grep -qw avx512vl /proc/cpuinfo; then paths+=(avx512); fi

# run_module PATH SEED MODULE: the log and the exit status are files of $logs.
run_module() {
    local log=$logs/$1.$3
    SNUG_CPU=$1 SNUG_SEED=$2 PYTHONDONTWRITEBYTECODE=1 OMP_NUM_THREADS=1 \
        "$python" -m unittest "$3" >"$log.log" 2>&1
    echo $? >"$log.status"
}
logs=$(mktemp -d) || exit 2
trap 'rm -rf "$logs"' EXIT
export logs python
export -f run_module

# As many at once as there are processors, those that take longest first.
modules=()
for file in "$@"; do
    case $file in
    test_experiments*) modules=("${file%.py}" ${modules[@]+"${modules[@]}"}) ;;
    *) modules+=("${file%.py}") ;;
    esac
done
for module in "${modules[@]}"; do
    seed=0
    for path in "${paths[@]}"; do
        seed=$((seed + 1))
        printf '%s\0' "$path" "$seed" "$module"
    done
done | xargs -0 -n 3 -P "$(nproc)" bash -c 'run_module "$@"' bash

passed=0
failed=0
for path in "${paths[@]}"; do
    for module in "${modules[@]}"; do
        echo "==== $module, CPU path $path"
        log=$(cat "$logs/$path.$module.log")
        status=$(cat "$logs/$path.$module.status")
        printf '%s\n' "$log"
        # A test whose parts fail counts once; one module that does not run counts as a failure.
        total=$(sed -nE 's/^Ran ([0-9]+) tests? in .*/\1/p' <<<"$log")
        bad=$(sed -nE 's/^(FAIL|ERROR): ([A-Za-z_0-9]+) .*/\2/p' <<<"$log" | sort -u | wc -l)
        total=${total:-0}
        [ "${status:-1}" = 0 ] || [ "$bad" != 0 ] || bad=1
        [ "$total" -ge "$bad" ] || total=$bad
        passed=$((passed + total - bad))
        failed=$((failed + bad))
    done
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" != 0 ]
