# snug inspect: models, experiments and model configs; and snug check.
. "$SNUG_SOURCE/tests/cli/lib/assert.sh"

make_clouds_experiment
run 0 train clouds.json --quiet

run 0 inspect clouds.safetensors
matches out '^inputs: 2$'
matches out '^layer +type +output +parameters$'
matches out '^ +0 +dense +8 +24$'
matches out '^ +1 +selu +8 +0$'
matches out '^ +2 +dense +3 +27$'
matches out '^parameters: 51$'
matches out '^memory of a training step with a batch of 32:$'
matches out '^  total +[0-9.]+ (bytes|KiB)$'

run 0 inspect clouds.safetensors --data clouds.csv
matches out '^layer +type +output +parameters +mean +variance +theory_mean +theory_variance'
matches out '^ +1 +selu +8 +0 +-?[0-9.]+ +[0-9.]+ +-?[0-9.]+ +[0-9.]+ +[0-9.]+$'
matches out '^layer +type +gradient_mean +gradient_variance +theory_variance +omega +\+- +tau +\+-$'
matches out '^mean and variance of each layer.s outputs over 60 rows; the inputs have mean'

run 0 inspect clouds.safetensors --data clouds.csv --json
json out
equals parameters "$(value out parameters | head -n 1)" 51
for key in memory batch_size gradients moments activations total layers type output mean variance \
    rows input gradient_mean gradient_variance saturated omega tau deviation theory warnings; do
    contains out "\"$key\":"
done
equals "layers" "$(grep -c '"type":' out)" 3
equals "the first type" "$(value out type)" '"dense"'
"$SNUG" inspect clouds.safetensors --data clouds.csv --json >again
same out again
cp clouds.safetensors saved # known by its first bytes alone
"$SNUG" inspect saved --data clouds.csv --json >again
same out again

# An experiment: as training starts, measured on its training rows.
run 0 inspect clouds.json
matches out '^mean and variance of each layer.s outputs over 45 rows;'
matches out '^memory of a training step with a batch of 7:$'
run 0 inspect clouds.json --set 'model.layers[0].units=64' --set data.test=0.5
matches out '^ +0 +dense +64 +192 '
matches out ' over 30 rows;'
head -n 21 clouds.csv >some.csv
run 0 inspect clouds.json --data some.csv --json
equals rows "$(value out rows)" 15

# The options of CSV files are those of --data, and refused where there is no such file.
tr , ';' <clouds.csv | sed 's/"with; comma"/"with, comma"/' >semicolons.csv
run 0 inspect clouds.json --json
cp out wanted
run 0 inspect clouds.json --data semicolons.csv --delimiter ';' --json
same wanted out
run 0 inspect clouds.json --data semicolons.csv --delimiter semicolon --json
same wanted out
tail -n +2 semicolons.csv >values.csv
run 0 inspect clouds.json --data values.csv --delimiter ';' --no-header --set 'data.target=[]' \
    --json
same wanted out
run 0 inspect clouds.safetensors --data semicolons.csv --delimiter ';'
refuses 2 'inspect: --delimiter:' \
    inspect clouds.json --data semicolons.csv --delimiter ab
refuses 2 'inspect:' inspect clouds.json --delimiter ';'
refuses 2 'inspect:' inspect clouds.safetensors --no-header

# Deep and self-normalizing: every SELU layer starts near mean 0 and variance 1.
run 0 inspect "$examples/self_normalizing_mlp.json"
awk '$2 == "selu" { n++; if ($5 < -0.25 || $5 > 0.25 || $6 < 0.5 || $6 > 1.6) exit 1 }
    END { exit n < 4 }' out || fail "the layers are not normalized: $(cat out)"

# A model config needs no data.
printf '{"model": {"inputs": 5, "layers": [{"type": "dense", "units": 7}]}}' >config.json
run 0 inspect config.json
matches out '^parameters: 42$'
refuses 2 'inspect:' \
    inspect config.json --data clouds.csv
refuses 2 'inspect:' inspect config.json --delimiter ';'
refuses 2 'inspect:' \
    inspect clouds.safetensors --set train.epochs=3

# Every gradient, tensor by tensor.
run 0 check clouds.json
matches out '^tensor +checked +kinks +error +$'
matches out '^0\.weight +[0-9]+ +[0-9]+ +[0-9.]+e[+-][0-9]+ +ok$'
matches out '^2\.bias +3 +0 +[0-9.]+e[+-][0-9]+ +ok$'
equals "tensors" "$(grep -c ' ok$' out)" 4
run 0 check clouds.json --json \
    --set 'model.layers=[{"type": "dense", "units": 4}, "tanh",
        {"type": "dense", "units": "classes"}]'
json out
matches out '^	"passed":	true,$'
equals "tensors" "$(grep -c '"name":' out)" 4

# Before weights of 0 nothing changes the loss: the gradient is 0, and the differences are too.
run 0 check clouds.json --set data.standardize=false \
    --set 'model.layers=[{"type": "dense", "units": 4, "init": "zeros"}, "relu",
        {"type": "dense", "units": 3, "init": "zeros"}]'
matches out '^0\.weight .* ok, all zero$'
