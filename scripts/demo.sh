#!/usr/bin/env bash
# Trains a self-normalizing network on images, saves it, and classifies with the saved file:
# Fashion-MNIST where Debian's package dataset-fashion-mnist is installed, small digits otherwise.
set -euo pipefail
cd "$(dirname "$0")/.."

images=/usr/share/datasets/fashion-mnist
snug=build/release/snug
model=build/demo/model.safetensors
predictions=build/demo/predictions.csv

say() { printf '\n== %s\n' "$*"; }

scripts/setup.sh
say "Building (build/release)"
cmake --preset release >/dev/null
cmake --build --preset release --parallel "$(nproc)" --target snug_tool | tail -n 1
mkdir -p build/demo

if [ -d "$images" ]; then
    experiment=examples/fashion_mnist.json
    data=$images/t10k-images-idx3-ubyte.gz,$images/t10k-labels-idx1-ubyte.gz
    unlabelled=$images/t10k-images-idx3-ubyte.gz
    what="the test images"
else
    experiment=examples/digits.json
    data=examples/data/digits.csv
    unlabelled=build/demo/digits.csv
    what="all digits, most of which it was trained on"
    head -n 11 "$data" >"$unlabelled"
fi

say "Training: snug train $experiment --out $model"
"$snug" train "$experiment" --out "$model"

say "The saved model on $what: snug evaluate $model DATA"
"$snug" evaluate "$model" "$data"

say "Mean and variance of each layer's activations: snug inspect $model --data DATA"
"$snug" inspect "$model" --data "$data"

say "The first images, classified by the saved file: snug predict $model IMAGES"
"$snug" predict "$model" "$unlabelled" --out "$predictions"
# The class of each of the first ten and how sure the model is, beside what the image shows.
true_classes() {
    if [ -d "$images" ]; then
        gzip -dc "$images/t10k-labels-idx1-ubyte.gz" | od -An -v -tu1 -w1 -j8 -N10
    else
        awk -F, \
            'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "digit") c = i; next } { print $c }' \
            "$unlabelled"
    fi
}
paste <(tail -n +2 "$predictions" | head -n 10) <(true_classes) | awk -F'[,\t]' '
    BEGIN { printf "%5s  %-10s %-11s %s\n", "image", "predicted", "probability", "true class" }
    {
        best = 0
        for (i = 2; i < NF; i++) if ($i > best) best = $i
        printf "%5d  %-10s %-11.3f %s\n", NR, $1, best, $NF + 0
    }'

say "The model: $PWD/$model"
