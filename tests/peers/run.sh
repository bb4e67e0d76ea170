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

passed=0
failed=0
seed=0
for path in "${paths[@]}"; do
    seed=$((seed + 1))
    for file in "$@"; do
        module=${file%.py}
        echo "==== $module, CPU path $path"
        log=$(SNUG_CPU=$path SNUG_SEED=$seed PYTHONDONTWRITEBYTECODE=1 OMP_NUM_THREADS=1 \
            "$python" -m unittest "$module" 2>&1)
        status=$?
        printf '%s\n' "$log"
        # A test whose parts fail counts once; one module that does not run counts as a failure.
        total=$(sed -nE 's/^Ran ([0-9]+) tests? in .*/\1/p' <<<"$log")
        bad=$(sed -nE 's/^(FAIL|ERROR): ([A-Za-z_0-9]+) .*/\2/p' <<<"$log" | sort -u | wc -l)
        total=${total:-0}
        [ "$status" = 0 ] || [ "$bad" != 0 ] || bad=1
        [ "$total" -ge "$bad" ] || total=$bad
        passed=$((passed + total - bad))
        failed=$((failed + bad))
    done
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" != 0 ]
