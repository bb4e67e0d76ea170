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

# Pictures, notes, and what is not there.
run 0 inspect clouds.safetensors --data clouds.csv --svg layers.svg
contains layers.svg 'variance of gradients'
contains layers.svg '</svg>'
run 0 inspect clouds.json --svg layers.svg --training --threads 2
refuses 1 'nowhere/layers.svg' inspect clouds.json --svg nowhere/layers.svg
rm layers.svg
# A name of another kind of picture, for every command that draws.
refuses 2 'layers.png:' inspect clouds.json --svg layers.png
refuses 2 'widths.JPG:' inspect clouds.json --widths 4 --svg widths.JPG
refuses 2 'selu.pdf:' plot selu --out selu.pdf
refuses 2 'columns.png:' explain clouds.safetensors clouds.csv --svg columns.png
absent layers.png
refuses 2 'inspect: --member' inspect clouds.safetensors --member 1
refuses 2 'inspect: --svg needs rows' inspect clouds.safetensors --svg layers.svg
refuses 2 'inspect: --training needs rows' inspect clouds.safetensors --training
cut -d, -f1-2 clouds.csv >features.csv
run 0 inspect clouds.safetensors --data features.csv
matches out '^note: no gradients: the data has no targets$'
matches out '^ +1 +selu +- +- +- '
run 0 inspect clouds.safetensors --data features.csv --json
json out
contains out '"gradient_mean":	null'
contains out 'no gradients: the data has no targets'
cut -d, -f2-3 clouds.csv >fewer.csv
refuses 2 'fewer.csv:' inspect clouds.safetensors --data fewer.csv
run 0 inspect clouds.json --set 'model.layers=[{"type": "dense", "units": 64}, "selu",
    {"type": "dropout", "rate": 0.5}, {"type": "dense", "units": "classes"}]'
matches out '^note: model.layers\[2\]: noise in training makes of variance 1 a variance of 2 '

# The coordinate check: sizes of outputs over the first steps, for each width.
run 0 inspect clouds.json --widths 4,16,64 --steps 3 --svg widths.svg
matches out '^layer +type +width +step_0 +step_1 +step_2 +step_3$'
matches out '^ +1 +selu +64 +[0-9.]+ +[0-9.]+ +[0-9.]+ +[0-9.]+$'
equals "rows" "$(grep -c '^ *[0-2] ' out)" 9
contains widths.svg 'after 3 steps'
contains out 'differ most between widths: by a factor of'
run 0 inspect clouds.json --widths 5
! grep -q 'between widths' out || fail "one width differs from itself: $(cat out)"
run 0 inspect clouds.json --widths 5 --json
json out
equals "sizes" "$(grep -c '"sizes":' out)" 3
equals "steps" "$(value out steps)" 4
refuses 2 'inspect: --widths:' inspect clouds.json --widths 4,0
diverging='train.optimizer.learning_rate=1e30'
run 1 inspect clouds.json --widths 4 --set "$diverging"
refuses 2 'inspect: --widths:' inspect clouds.json --widths 4,0 --set "$diverging"
refuses 2 'inspect: --steps' inspect clouds.json --steps 3
refuses 2 'inspect: --widths' inspect clouds.safetensors --widths 4
refuses 2 'inspect: --training' inspect clouds.json --widths 4 --training

# The same in training, as lines of the history.
run 0 train clouds.json --quiet --history lines.jsonl --set 'train.inspect={"every": 5, "rows": 9}'
matches lines.jsonl '^\{"step":5,"inspection":\{"rows":9,"input":.*"layers":.*"theory":'
# Without a history of one training there is none, which is said once.
warning='snug: warning: train.inspect: has no effect'
run 0 train clouds.json --quiet --set 'train.inspect={"every": 5}'
equals "the warning" "$(cat err)" "$warning without --history FILE.jsonl, where inspections go"
run 0 train clouds.json --quiet --set 'train.inspect={"every": 5}' --folds 2 --json
equals "the warning of folds" "$(grep -c "^$warning with --folds: it is for one training" err)" 1
contains out 'train.inspect: has no effect with --folds'
run 0 tune clouds.json --quiet --set 'train.inspect={"every": 5}' --set data.validation=0.25 \
    --trials 2 --json
equals "the warning of tune" "$(grep -c "^$warning with tune: it is for one training" err)" 1
contains out 'train.inspect: has no effect with tune'
refuses 2 'train.inspect:' \
    train clouds.json --quiet --set 'train.inspect={"every": 5}' --strict
refuses 2 'train.inspect:' tune clouds.json --quiet --set 'train.inspect={"every": 5}' \
    --set data.validation=0.25 --trials 2 --strict
refuses 2 'train.inspect:' \
    train clouds.json --quiet --set 'train.inspect={"every": 5}' --strict --folds 2
while read -r line; do
    printf '%s\n' "$line" >line
    json line
done <lines.jsonl

# A model config needs no data.
printf '{"model": {"inputs": 5, "layers": [{"type": "dense", "units": 7}]}}' >config.json
run 0 inspect config.json
matches out '^parameters: 42$'
refuses 2 'inspect:' \
    inspect config.json --data clouds.csv
refuses 2 'inspect:' inspect config.json --delimiter ';'
refuses 2 'inspect: --svg needs rows' inspect config.json --svg layers.svg
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
