# What prediction does beyond the network: values that are clipped, shown by inspect.
. "$SNUG_SOURCE/tests/cli/lib/assert.sh"

awk 'BEGIN { print "a,y"
             for (i = 0; i < 60; i++) print i * 7 % 61 "," 3 * (i * 7 % 61) - i % 4 }' \
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

# Two classes: a temperature and a threshold, fitted on the validation rows.
awk 'BEGIN { print "a,b,bought"
             for (i = 0; i < 300; i++) {
                 a = i * 37 % 101; b = i * 53 % 97
                 print a "," b "," (a + b > 120 || i % 9 == 0 ? "yes" : "no")
             } }' >shop.csv
cat >shop.json <<'JSON'
{"data": {"train": "shop.csv", "target": "bought", "validation": 0.3},
 "model": {"layers": [{"type": "dense", "units": 32}, "selu", {"type": "dense", "units": 1}]},
 "train": {"loss": "binary_cross_entropy", "epochs": 150, "batch_size": 16, "seed": 3,
           "optimizer": {"type": "adam", "learning_rate": 0.02},
           "calibration": "temperature", "threshold_metric": "balanced_accuracy"}}
JSON
run 0 train shop.json --quiet
run 0 inspect shop.safetensors
matches out '^temperature of the probabilities: [0-9.]+$'
matches out '^predicted class: yes above a probability of 0\.[0-9]+$'
threshold=$(sed -n 's/^predicted class: yes above a probability of //p' out)
run 0 predict shop.safetensors shop.csv
awk -F, -v t="$threshold" 'NR > 1 && ($3 > t + 1e-6 && $1 != "yes" || $3 < t - 1e-6 && $1 != "no") {
    print; exit 1 }' out || fail "a class that is not decided by the threshold"
for name in brier_score expected_calibration_error; do
    run 0 evaluate shop.safetensors shop.csv --json
    holds "$(value out "$name") > 0 && $(value out "$name") < 0.5"
done
refuses 2 'calibration: needs validation rows' train shop.json --set data.validation=null
refuses 2 'shop.json: train.calibration: must be "temperature" or null (got "isotonic")' \
    train shop.json --set train.calibration=isotonic
refuses 2 'shop.json: train.threshold_metric: unknown metric "f3"' \
    train shop.json --set train.threshold_metric=f3

# Several quantiles of each of two targets.
awk 'BEGIN { print "a,y,z"; for (i = 0; i < 120; i++)
                 print i % 40 "," 2 * (i % 40) + i * 7 % 19 "," 500 - i % 40 * (i * 5 % 13) }' \
    >bands.csv
cat >bands.json <<'JSON'
{"data": {"train": "bands.csv", "target": ["y", "z"]},
 "model": {"layers": [{"type": "dense", "units": 8}, "selu", {"type": "dense", "units": 6}]},
 "train": {"loss": {"type": "quantile", "taus": [0.05, 0.5, 0.95]}, "epochs": 40, "seed": 2,
           "batch_size": 16, "optimizer": {"type": "adam", "learning_rate": 0.02}}}
JSON
run 0 train bands.json --quiet
run 0 predict bands.safetensors bands.csv
equals "columns" "$(head -n 1 out)" 'y_q0.05,y_q0.5,y_q0.95,z_q0.05,z_q0.5,z_q0.95'
awk -F, 'NR > 1 && ($1 > $2 || $2 > $3 || $4 > $5 || $5 > $6) { print; exit 1 }' out ||
    fail "quantiles that cross"
run 0 evaluate bands.safetensors bands.csv --json
holds "$(value out interval_coverage) > 0.3 && $(value out interval_coverage) <= 1"
