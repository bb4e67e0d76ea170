# What prediction does beyond the network: values that are clipped, shown by inspect.
. "$SNUG_SOURCE/tests/cli/lib/assert.sh"

awk 'BEGIN { print "a,y"; for (i = 0; i < 60; i++) print i * 7 % 61 "," 3 * (i * 7 % 61) - i % 4 }' \
    >line.csv
cat >line.json <<'JSON'
{"data": {"train": "line.csv", "validation": 0.2},
 "model": {"layers": [{"type": "dense", "units": 1}]},
 "train": {"loss": "mse", "epochs": 40, "batch_size": 8, "clip_predictions": true,
           "optimizer": {"type": "adam", "learning_rate": 0.1}, "metrics": ["rmse"]}}
JSON
printf 'a\n-500\n30\n500\n' >far.csv
run 0 train line.json --quiet --out line.safetensors
run 0 inspect line.safetensors
matches out '^predicted values of y: clipped to -?[0-9.]+ to [0-9.]+$'
low=$(sed -nE 's/^predicted values of y: clipped to ([^ ]*) to .*/\1/p' out)
high=$(sed -nE 's/^predicted values of y: clipped to [^ ]* to (.*)/\1/p' out)
run 0 inspect line.safetensors --json
json out
matches out '"prediction_ranges":'
run 0 predict line.safetensors far.csv
equals "the smallest" "$(sed -n 2p out)" "$low"
equals "the largest" "$(sed -n 4p out)" "$high"

# Classes are not clipped.
refuses 2 'line.json: train.clip_predictions: is for targets that are values, where train.loss, '\
'softmax_cross_entropy, takes classes' train line.json --set train.loss=softmax_cross_entropy
