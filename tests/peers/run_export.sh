#!/usr/bin/env bash
# Compares exported ONNX models with Snug: onnx's checker reads them, onnxruntime runs them
# (scripts/setup.sh --export). The models are those of the examples, of everything in the registry,
# and random ones. The last line counts the checks; a tool that is missing is said and skipped.
# usage: run_export.sh BUILD [SEED], such as run_export.sh build/release
set -uo pipefail

build=$(cd "${1:-build/release}" && pwd) || exit 2
seed=${2:-1}
here=$(cd "$(dirname "$0")" && pwd) || exit 2
examples=$here/../../examples
modules=$here/../../build/onnx/node_modules
scratch=$build/scratch/export
passed=0
failed=0
skipped=0

# count LOG: adds the counts of its last line.
count() {
    local good bad
    read -r good bad < <(sed -nE 's/^([0-9]+) passed, ([0-9]+) failed$/\1 \2/p' "$1" | tail -1)
    passed=$((passed + ${good:-0}))
    failed=$((failed + ${bad:-1}))
}

skip() {
    echo "skipped: $1 is missing; scripts/setup.sh --export installs it"
    skipped=$((skipped + 1))
}

finish() {
    echo "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" = 0 ]
    exit
}

if [ ! -x "$build/peers/export_models" ]; then
    skip "protobuf-c, which the build needs for ONNX models,"
    finish
fi
rm -rf "$scratch"
mkdir -p "$scratch"
cd "$scratch" || exit 2

# example NAME EXPERIMENT DATA OPTION...: trains it for a short time and exports it as NAME.
example() {
    "$build/snug" train "$2" --quiet --set train.epochs=2 --out "$1.safetensors" "${@:4}" \
        >train.log 2>&1 &&
        "$build/peers/export_models" "$1" "$1.safetensors" "$3" && return
    cat train.log
    failed=$((failed + 1))
}

fashion=/usr/share/datasets/fashion-mnist/t10k # as few images as there are in one file
for experiment in "$examples"/*.json; do
    name=$(basename "$experiment" .json)
    data=$examples/data/$name.csv
    if [ -e "$data" ]; then example "$name" "$experiment" "$data"; fi
done
# Ensembles of folds, which share a temperature, a threshold or a range.
example folds_classes "$examples/wine.json" "$examples/data/wine.csv" --folds 3 \
    --set data.test=null --set data.validation=null --set train.calibration=temperature
example folds_pair "$examples/breast_cancer.json" "$examples/data/breast_cancer.csv" --folds 2 \
    --seeds 2 --set data.test=null --set data.validation=null --set train.calibration=temperature \
    --set train.threshold_metric=f1
example folds_values "$examples/diabetes.json" "$examples/data/diabetes.csv" --folds 3 \
    --set data.test=null --set data.validation=null --set train.clip_predictions=true
if [ -e "$fashion-images-idx3-ubyte.gz" ]; then
    images=$fashion-images-idx3-ubyte.gz
    example fashion_mnist "$examples/fashion_mnist.json" "$images" --set data.test=null \
        --set "data.train.images=$images" --set train.epochs=1 \
        --set "data.train.labels=$fashion-labels-idx1-ubyte.gz"
else
    skip "dataset-fashion-mnist"
fi
"$build/peers/export_models" "$seed" || failed=$((failed + 1))

if /usr/bin/python3 -c 'import onnx' 2>/dev/null; then
    PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 "$here/onnx/check.py" . | tee check.log
    count check.log
else
    skip "python3-onnx"
fi
if [ -d "$modules/onnxruntime-node" ] && command -v node >/dev/null; then
    NODE_PATH=$modules node "$here/onnx/compare.js" . | tee compare.log
    count compare.log
else
    skip "node with onnxruntime-node in build/onnx"
fi
finish
