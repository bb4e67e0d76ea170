# snug tune: the table, the JSON, the files, and what is refused.
. "$SNUG_SOURCE/tests/cli/lib/assert.sh"

make_clouds_experiment
settings=(--set data.validation=0.25)
cat >space.json <<'JSON'
{"train.optimizer.learning_rate": {"log_uniform": [0.001, 0.2]},
 "model.layers[0].units": [4, 8, 16], "model.layers[1]": ["selu", "tanh"]}
JSON

# The best experiment and the model are saved, and training the one gives the other.
run 0 tune clouds.json "${settings[@]}" --space space.json --trials 9 --jobs 2
matches out '^trial +loss +epochs +seconds +learning_rate +units +layers\[1\]$'
matches out '^train.optimizer.learning_rate +[0-9]+ %$'
matches out '^test: loss [0-9.]+, accuracy [0-9.]+$'
matches out '^9 trials, 0 failed; saved in clouds-tuned.json and clouds-tuned.safetensors$'
equals "lines of progress" "$(grep -c '^trial ' err)" 9
run 0 train clouds-tuned.json --quiet --out again.safetensors
same clouds-tuned.safetensors again.safetensors

# One JSON object; the same search again, whatever the number of jobs.
run 0 tune clouds.json "${settings[@]}" --space space.json --trials 9 --json --quiet \
    --model json.safetensors --out json.json
equals "progress with --quiet" "$(cat err)" ""
json out
equals "trials" "$(grep -c '"status":	"ok"' out)" 10 # with that of "best"
matches out '"train.optimizer.learning_rate":	[0-9.]+'
same clouds-tuned.safetensors json.safetensors
same clouds-tuned.json json.json

# The metrics of the result are by default those of "snug train": of labels those of labels.
awk 'BEGIN { print "a,b,p,q"
    for (i = 0; i < 60; i++) print i % 7 "," i % 5 "," (i % 7 > 3) "," (i % 5 > 1) }' >labels.csv
cat >labels.json <<'JSON'
{"data": {"train": "labels.csv", "target": ["p", "q"], "validation": 0.25},
 "model": {"layers": [{"type": "dense", "units": 2}]},
 "train": {"epochs": 2, "loss": "binary_cross_entropy"}}
JSON
run 0 tune labels.json --trials 2 --quiet
matches out '^validation, by which it was chosen: loss [0-9.]+, accuracy [0-9.]+, hamming_loss '

# In another directory, the best experiment still finds its data.
mkdir elsewhere
run 0 tune clouds.json "${settings[@]}" --space space.json --trials 2 --quiet \
    --out elsewhere/best.json --model elsewhere/m.safetensors
(cd elsewhere && "$SNUG" train best.json --quiet --out again.safetensors >/dev/null)
same elsewhere/m.safetensors elsewhere/again.safetensors

# Without a space there is one for the experiment. A grid needs no number of trials.
run 0 tune clouds.json "${settings[@]}" --trials 2 --quiet --rungs 2 --metric accuracy
matches out '^2 trials, 0 failed'
contains out 'which fields matter cannot be told from so few trials: it takes 8 at least'
echo '{"train.batch_size": [5, 10], "train.ema": {"uniform": [0, 0.5], "points": 3}}' >grid.json
run 0 tune clouds.json "${settings[@]}" --space grid.json --method grid --quiet
matches out '^7 trials, 0 failed'
run 0 tune clouds.json "${settings[@]}" --space grid.json --method grid --trials 3 --quiet
matches out '^3 trials, 0 failed'
matches err '^snug: warning: a grid of 6 combinations, of which 2 are tried: 7 trials, '

# A journal, and a search that goes on.
run 0 tune clouds.json "${settings[@]}" --space space.json --trials 9 --quiet --journal j.jsonl
equals "lines of the journal" "$(wc -l <j.jsonl)" 10
head -c 700 j.jsonl >short.jsonl
run 0 tune clouds.json "${settings[@]}" --space space.json --trials 9 --quiet --journal short.jsonl
same clouds-tuned.safetensors again.safetensors
equals "lines of the journal" "$(wc -l <short.jsonl)" 10
equals "files left behind" "$(ls -A | grep -c 'jsonl\.' || true)" 0

# A signal ends the search, and the best so far is saved.
rm clouds-tuned.safetensors
"$SNUG" tune clouds.json "${settings[@]}" --space space.json --time 1000 --journal signal.jsonl \
    >out 2>err &
until [ -s signal.jsonl ] && [ "$(wc -l <signal.jsonl)" -gt 3 ]; do :; done
kill -INT $!
status=0
wait $! || status=$?
equals "the exit status" $status 130
matches err '^snug: stopped by signal 2; the best so far is saved in clouds-tuned.json and '
[ -s clouds-tuned.safetensors ] || fail "no model is saved"

# The space that is made for an experiment, and the same search with it as a file.
run 0 tune clouds.json "${settings[@]}" --print-space
json out
contains out '"model.layers[0].units": ['
run 0 new clouds.csv --target cloud --recipe snn --out snn.json
run 0 tune snn.json --print-space
contains out '"model.layers[*].units": [64, 128, 256, 512]'
mv out snn-space.json
few=(--set train.epochs=1 --trials 3 --quiet --ensemble 1)
run 0 tune snn.json "${few[@]}" --space snn-space.json --model given.safetensors
run 0 tune snn.json "${few[@]}" --model made.safetensors
same given.safetensors made.safetensors
refuses 2 'tune: --print-space:' tune clouds.json --print-space --space space.json

# A value of all hidden layers.
run 0 train snn.json --quiet --set train.epochs=1 --set 'model.layers[*].units=8' \
    --out eight.safetensors
refuses 2 'snn.json: --set model.layers[*].unit=8: no entry but the last' \
    train snn.json --set 'model.layers[*].unit=8'
refuses 2 'snn.json: --set model.layers[*].layers[*].units=8: "[*]" may be in a path once' \
    train snn.json --set 'model.layers[*].layers[*].units=8'

# What is wrong.
refuses 2 'tune: how long?' tune clouds.json
refuses 2 'tune: --method:' tune clouds.json --trials 2 --method bayes
refuses 2 'tune: --space:' tune clouds.json --trials 2 --space none.json
refuses 2 'there are no validation rows' tune clouds.json --trials 2 --set data.validation=null
refuses 2 'tune: --out would overwrite clouds.json' tune clouds.json --trials 2 --out clouds.json
refuses 2 'tune: --out and --journal would both write clouds-tuned.json' \
    tune clouds.json --trials 2 --journal clouds-tuned.json
refuses 1 'none/best.json:' tune clouds.json --trials 2 --out none/best.json
echo '{"train.optimizer.learning_rat": {"log_uniform": [0.001, 0.2]}}' >wrong.json
refuses 2 'wrong.json: train.optimizer.learning_rat:' \
    tune clouds.json "${settings[@]}" --trials 2 --space wrong.json
echo '{"train.epochs": {"log_uniform": [5, 2]}}' >wrong.json
refuses 2 'wrong.json: train.epochs: log_uniform:' \
    tune clouds.json "${settings[@]}" --trials 2 --space wrong.json
refuses 2 'ensemble: must be at most' tune clouds.json --trials 2 --ensemble 1001
refuses 2 'j.jsonl: is the journal of another search' \
    tune clouds.json "${settings[@]}" --trials 2 --journal j.jsonl

# All trials fail.
run 1 tune clouds.json "${settings[@]}" --trials 3 --quiet \
    --set 'train.optimizer={"type": "sgd", "learning_rate": 1e30}'
matches err '^snug: each of the 3 trials failed; trial 0: the loss became '
