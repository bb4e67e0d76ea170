#!/usr/bin/env bash
# Installs with apt what building Snug needs and this machine does not have. Quiet when nothing is
# missing. With --ci also what .ci/run needs: clang, the linters and Valgrind; with --peers what
# tests/peers/run.sh and bench/tables compare with: PyTorch, scikit-learn, pandas and XGBoost; with
# --export what reading and writing ONNX files needs: onnx.proto and protobuf-c; with --coverage
# what scripts/coverage.sh needs: gcovr.
set -euo pipefail

required=(build-essential g++ cmake pkg-config libopenblas-dev libcjson-dev zlib1g-dev libcsv-dev
          libzstd-dev check)
linters=(clang clang-format-19 clang-tidy-19 python3-clang-19 cppcheck valgrind)
peers=(python3-torch python3-sklearn python3-pandas python3-xgboost)
export=(libonnx-dev libprotobuf-c-dev protobuf-c-compiler python3-onnx)
coverage=(gcovr)
optional=(dataset-fashion-mnist)

for option in "$@"; do
    case $option in
    --ci) required+=("${linters[@]}") ;;
    --peers) required+=("${peers[@]}") ;;
    --export) required+=("${export[@]}") ;;
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

find_missing "${optional[@]}"
if [ ${#missing[@]} -gt 0 ]; then
    install "${missing[@]}" 2>/dev/null ||
        echo "setup: ${missing[*]} cannot be had; the demo takes the digits instead"
fi
