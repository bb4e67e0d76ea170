#!/usr/bin/env bash
# Writes golden files: trains every experiment of models/ with a tool, and stores each model and its
# predictions of its table, as decimal numbers that name one float32 each.
# Usage: tests/golden/make.sh SNUG
# The folder is that of the version in the files. Golden files never change: what is there stays.
set -euo pipefail
[ $# = 1 ] || { sed -n '4s/^# //p' "$0" >&2; exit 2; }
snug=$(realpath "$1")
cd "$(dirname "$0")"
. ./lib.sh

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
for experiment in models/*.json; do
    name=$(basename "$experiment" .json)
    case $name in *-folds) folds="--folds 3" ;; *) folds= ;; esac
    "$snug" train "$experiment" $folds --quiet --out "$scratch/model" >/dev/null
    "$snug" predict "$scratch/model" "$(table_of "$name")" >"$scratch/table"
    version=$(version_of "$scratch/model")
    [ ! -e "$version/$name.safetensors" ] || continue
    mkdir -p "$version"
    cp "$scratch/model" "$version/$name.safetensors"
    cp "$scratch/table" "$version/$name.csv"
    echo "wrote tests/golden/$version/$name"
done
