#!/usr/bin/env bash
# Installs with apt what building Snug needs and this machine does not have. Quiet when nothing is
# missing. With --ci also what .ci/run needs: clang, the linters and Valgrind; with --peers what
# tests/peers/run.sh and the benchmarks compare with: PyTorch, scikit-learn, pandas, XGBoost and,
# where it can be had, FANN; with --export what reading and writing ONNX files needs (onnx.proto and
# protobuf-c), and, where it can be had, what runs exported models: onnx, onnxruntime in build/onnx,
# a compiler and an emulator for Cortex-M; with --coverage what scripts/coverage.sh needs: gcovr.
set -euo pipefail

required=(build-essential g++ cmake pkg-config libopenblas-dev libcjson-dev zlib1g-dev libcsv-dev
          libzstd-dev check)
linters=(clang clang-format-19 clang-tidy-19 python3-clang-19 cppcheck valgrind)
peers=(python3-torch python3-sklearn python3-pandas python3-xgboost)
export=(libonnx-dev libprotobuf-c-dev protobuf-c-compiler)
# What only the checks of exported models need: they say what is missing and go on.
export_checks=(python3-onnx gcc-arm-none-eabi libnewlib-arm-none-eabi qemu-system-arm)
command -v node >/dev/null || export_checks+=(nodejs)
command -v npm >/dev/null || export_checks+=(npm)
with_export=no
coverage=(gcovr)
# What only some results need, each with what happens without it.
declare -A optional=([dataset-fashion-mnist]="the demo takes the digits instead")

for option in "$@"; do
    case $option in
    --ci) required+=("${linters[@]}") ;;
    --peers)
        required+=("${peers[@]}")
        optional[libfann-dev]="bench/compare leaves FANN out"
        ;;
    --export)
        required+=("${export[@]}")
        with_export=yes
        ;;
    --coverage) required+=("${coverage[@]}") ;;
    *)
        echo "usage: scripts/setup.sh [--ci] [--peers] [--export] [--coverage]" >&2
        exit 2
        ;;
    esac
done

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    echo "setup: no apt here; please install what Debian calls ${required[*]}" >&2
    exit 1
fi

# Sets `missing` to those of the given packages that are not there. A command of the package's name
# is as good: it may come from elsewhere, or from a package that took the name over.
find_missing() {
    missing=()
    local package
    for package in "$@"; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
            command -v "$package" >/dev/null ||
            missing+=("$package")
    done
}

apt() {
    local root=()
    [ "$(id -u)" = 0 ] || root=(sudo)
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 \
        -o DPkg::Lock::Timeout=120 "$@" >/dev/null
}

# Tries with the package lists as they are, then with fresh ones.
install() {
    apt install -y --no-install-recommends "$@" 2>/dev/null && return
    apt update || true
    apt install -y --no-install-recommends "$@"
}

find_missing "${required[@]}"
if [ ${#missing[@]} -gt 0 ]; then
    echo "setup: installing ${missing[*]}"
    install "${missing[@]}" || {
        echo "setup: apt-get cannot install ${missing[*]}" >&2
        exit 1
    }
fi

find_missing "${!optional[@]}"
for package in "${missing[@]}"; do
    install "$package" 2>/dev/null || echo "setup: $package cannot be had; ${optional[$package]}"
done

# onnxruntime for node, of the version and the checksums of tests/peers/onnx/package-lock.json. Its
# package holds the library, so that none of its scripts has to run.
install_onnxruntime() {
    local source=tests/peers/onnx target=build/onnx
    mkdir -p "$target"
    if [ -d "$target/node_modules" ] && cmp -s {$source,$target}/package-lock.json; then return; fi
    echo "setup: installing onnxruntime-node in $target"
    cp "$source"/package*.json "$target" &&
        (cd "$target" && npm ci --ignore-scripts --no-audit --no-fund --silent) && return
    rm -rf "$target"
    return 1
}

if [ "$with_export" = yes ]; then
    cd "$(dirname "$0")/.."
    find_missing "${export_checks[@]}"
    if [ ${#missing[@]} -gt 0 ]; then
        echo "setup: installing ${missing[*]}"
        install "${missing[@]}" ||
            echo "setup: ${missing[*]} cannot be had; checks of exported models are skipped"
    fi
    install_onnxruntime ||
        echo "setup: onnxruntime-node cannot be had; no exported ONNX model is run"
fi
