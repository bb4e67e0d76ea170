# As many classes as outputs: what training refuses, and that each row is counted and named.
. "$SNUG_SOURCE/tests/cli/lib/assert.sh"
make_clouds_experiment

wide='model.layers=[{"type":"dense","units":7}]'
for command in train check; do
    run 2 $command clouds.json --set "$wide"
    matches err "has 3 classes where the model's last layer has 7 outputs: "
done
absent clouds.safetensors

# A single class, and classes that outnumber the outputs where their weights are balanced.
{
    echo a,b,y
    for i in 1 2 3 4 5 6 7 8; do echo "$i,$((9 - i)),yes"; done
} >one.csv
cat >one.json <<'JSON'
{"data": {"train": "one.csv", "target": "y"},
 "model": {"layers": [{"type": "dense", "units": "classes"}]}, "train": {"epochs": 1}}
JSON
for command in train check; do
    run 2 $command one.json
    matches err 'has a single class: training needs two at least'
done
{
    echo a,b,y
    for i in $(seq 120); do echo "$i,$((i % 7)),k$((i % 60))"; done
} >many.csv
cat >many.json <<'JSON'
{"data": {"train": "many.csv", "target": "y"}, "model": {"layers": [{"type": "dense", "units": 8}]},
 "train": {"loss": {"type": "softmax_cross_entropy", "class_weights": "balanced"}}}
JSON
for command in train check; do
    run 2 $command many.json
    matches err "has 60 classes where the model's last layer has 8 outputs, which are 8 classes"
done

# A file whose names do not fit its outputs is refused by all that load a model.
run 0 train clouds.json --quiet
for units in 2 4; do
    sed 's/\\"units\\":3/\\"units\\":'$units'/' clouds.safetensors >bad.safetensors
    for command in predict evaluate inspect; do
        operands=bad.safetensors
        [ $command = inspect ] || operands='bad.safetensors clouds.csv'
        refuses 2 "bad.safetensors: preprocessing.classes:" \
            $command $operands
    done
done

# A metric that the rows do not define: null in JSON, a dash in a table.
awk 'NR == 1 || $0 ~ /plain/' clouds.csv >plain.csv
run 0 evaluate clouds.safetensors plain.csv --json
json out
matches out '"roc_auc":[[:space:]]*null'
run 0 evaluate clouds.safetensors plain.csv
matches out '^roc_auc +-$'
