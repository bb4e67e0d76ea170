# snug train: what it prints, what it saves, and that it repeats.
. "$SNUG_SOURCE/tests/cli/lib/assert.sh"

# The model is named after the experiment and is in the current directory, wherever that is.
run 0 train "$examples/iris.json" --set train.epochs=3
[ -s iris.safetensors ] || fail "iris.safetensors is not there"
matches out '^ +rows +loss +accuracy$'
matches out '^train +90 +[0-9.]+ +[0-9.]+$'
matches out '^validation +30 '
matches out '^test +30 '
matches out '^403 parameters, 3 epochs in [0-9]+\.[0-9] s; the model is saved in iris.safetensors$'
matches err '^epoch 1/3  loss [0-9.]+  accuracy [0-9.]+  validation_loss [0-9.]+  validation_acc'
equals "lines of progress" "$(grep -c '^epoch ' err)" 3
equals "control characters off a terminal" "$(tr -d '\n[:print:]' <err)" ""

# The same run gives the same bytes; another seed or another number of epochs does not.
cp iris.safetensors first.safetensors
run 0 train "$examples/iris.json" --set train.epochs=3 --quiet --out second.safetensors
equals "progress with --quiet" "$(cat err)" ""
same first.safetensors second.safetensors
run 0 train "$examples/iris.json" --set train.epochs=3 --threads 1 --quiet --out=third.safetensors
same first.safetensors third.safetensors
run 0 train "$examples/iris.json" --set train.epochs=3 --set train.seed=43 --quiet --out other
differ first.safetensors other

# One JSON object and nothing else.
run 0 train "$examples/iris.json" --set train.epochs=60 --quiet --json --out good.safetensors
json out
equals epochs "$(value out epochs)" 60
equals model "$(value out model)" '"good.safetensors"'
holds "$(value out seconds) >= 0"
for part in train validation test; do
    matches out "^	\"$part\":	\{\$"
done
holds "$(value out accuracy) >= 0.9"

# Parts that the experiment does not name are left out; overrides may be texts or JSON.
make_clouds_experiment
run 0 train clouds.json --json --quiet --set train.optimizer=sgd --set 'data.test=0.5'
matches out '"test"'
! grep -q '"validation"' out || fail "there is no validation"
refuses 2 'clouds.json: train.optimizer:' \
    train clouds.json --set train.optimizer=adma
refuses 2 'clouds.json: train.epochs:' \
    train clouds.json --set train.epochs=0

# What cannot be saved is known before the work starts.
rm -f clouds.safetensors
refuses 1 'none/model.safetensors:' \
    train clouds.json --out none/model.safetensors
mkdir directory
refuses 1 'directory:' train clouds.json --out directory

# A loss that is not finite stops the run, and no model is saved.
run 1 train clouds.json --quiet --set train.loss=softmax_cross_entropy --set train.epochs=50 \
    --set 'train.optimizer={"type": "sgd", "learning_rate": 1e30}'
matches err '^snug: the loss became (NaN|infinite) at epoch [0-9]+, batch [0-9]+: '
absent clouds.safetensors
equals "files left behind" "$(ls -A | grep -c tmp || true)" 0

# Where early stopping keeps the weights of the best epoch, they are saved: here the loss grows by
# some constant factor an epoch.
awk 'BEGIN { print "x,y"
             for (i = 0; i < 50; i++) print i * 7 % 11 "," i * 7 % 11 * 3 - i % 4 }' >line.csv
cat >line.json <<'JSON'
{"data": {"train": "line.csv", "validation": 0.2},
 "model": {"layers": [{"type": "dense", "units": 1}]},
 "train": {"epochs": 5000, "batch_size": 50, "loss": "mse",
           "optimizer": {"type": "sgd", "learning_rate": 2.5},
           "early_stopping": {"patience": 5000}}}
JSON
run 1 train line.json --quiet --out best.safetensors
equals "lines" "$(wc -l <err)" 2
matches err '^snug: the loss became (NaN|infinite) at epoch [0-9]+, batch [0-9]+: '
matches err '^snug: the model of epoch 1, the best so far, is saved in best.safetensors$'
run 0 train line.json --quiet --out wanted.safetensors --set train.epochs=1
same wanted.safetensors best.safetensors
for wish in restore_best_weights=false keep=last; do
    run 1 train line.json --quiet --out last.safetensors --set "train.early_stopping.$wish"
    equals "lines" "$(wc -l <err)" 1
    absent last.safetensors
done

# What the library warns of is said on standard error.
run 0 train clouds.json --quiet --set data.standardize=false
matches err '^snug: warning: the inputs are not standardized'
run 0 train clouds.json --quiet --set 'model.layers[0].init=he_normal'
matches err '^snug: warning: '

# Early stopping: what the run ended with is said, and the model of the best epoch is saved.
run 0 train "$examples/iris.json" --quiet --json --out early.safetensors \
    --set train.epochs=200 --set train.early_stopping.patience=3
equals stopped_early "$(value out stopped_early)" true
holds "$(value out epochs) < 200"
equals "the best epoch" "$(value out best_epoch)" $(($(value out epochs) - 3))
run 0 train "$examples/iris.json" --quiet --out early.safetensors \
    --set train.epochs=200 --set train.early_stopping.patience=3
matches out '^stopped early after epoch [0-9]+ of 200; the weights are those of epoch [0-9]+$'
refuses 2 \
    "clouds.json: train.early_stopping: needs validation rows, which it watches: name them in \
data.validation" train clouds.json --set train.early_stopping.patience=3

# The history: a line of JSON an epoch.
run 0 train "$examples/iris.json" --set train.epochs=4 --quiet --history h.jsonl --out m.safetensors
equals "lines of the history" "$(wc -l <h.jsonl)" 4
n='[0-9.e-]+'
metrics="\"loss\":$n,\"accuracy\":$n"
equals "epochs" \
    "$(grep -cE "^\{\"epoch\":[1-4],\"train\":\{$metrics},\"validation\":\{$metrics}}$" h.jsonl)" 4
matches h.jsonl '^{"epoch":4,'
refuses 1 'none/h.jsonl:' \
    train clouds.json --history none/h.jsonl

# One that cannot be written does not cost the run, and the exit status is 1.
run 0 train clouds.json --quiet --out wanted.safetensors
if [ -c /dev/full ]; then
    run 1 train clouds.json --quiet --history /dev/full --out full.safetensors
    equals "the message" "$(cat err)" \
        "snug: /dev/full: cannot write: No space left on device; training goes on without it"
    matches out 'the model is saved in full.safetensors$'
    same wanted.safetensors full.safetensors
else
    echo "skipped: there is no /dev/full"
fi
mkfifo history
head -n 1 history >first &
run 1 train clouds.json --quiet --set train.epochs=300 --history history --out broken.safetensors
wait $!
matches first '^{"epoch":1,'
equals "the message" "$(cat err)" \
    "snug: history: cannot write: Broken pipe; training goes on without it"
run 0 train clouds.json --quiet --set train.epochs=300 --out wanted.safetensors
same wanted.safetensors broken.safetensors

# A metric without a value is no reason to stop: the validation rows are of one class.
{ head -n 1 clouds.csv && grep plain clouds.csv; } >plain.csv
refuses 2 'early_stopping.metric:' train clouds.json --quiet --set train.epochs=50 \
    --set 'data.validation="plain.csv"' \
    --set 'train.early_stopping={"patience": 3, "metric": "roc_auc"}'

# Metrics by their names, in the lines of progress, the history, the table and the JSON.
run 0 train "$examples/iris.json" --set train.epochs=2 --history h.jsonl --out m.safetensors \
    --set 'train.metrics=["f1", "roc_auc"]'
matches err \
    '^epoch 2/2  loss [0-9.]+  f1 [0-9.]+  roc_auc [0-9.]+  validation_loss [0-9.]+  validation_f1 '
matches out '^ +rows +loss +f1 +roc_auc$'
matches h.jsonl '"validation":{"loss":[0-9.]+,"f1":[0-9.]+,"roc_auc":[0-9.]+}}$'
refuses 2 'clouds.json: train.metrics[0]:' \
    train clouds.json --set 'train.metrics=["acuracy"]'

# Columns of weights, of parts and of no use; predicting knows them, and does without them.
{
    echo 'name;x;y;w;part;cloud'
    tail -n +2 clouds.csv |
        awk -F, '{ cloud = substr($0, length($1) + length($2) + 3)
                   print "n" NR ";" $1 ";" $2 ";" 1 + NR % 2 ";" NR % 4 % 3 ";" cloud }'
} >parts.csv
data='"train": "parts.csv", "target": "cloud", "weights": "w", "split": "part"'
sed 's/"train": "clouds.csv"[^}]*}/'"$data"', "ignore": "name", "delimiter": "semicolon"}/' \
    clouds.json >parts.json
run 0 train parts.json --quiet --json
holds "$(value out loss) > 0"
matches out "\"validation\":"
matches out "\"test\":"
run 0 predict parts.safetensors parts.csv --delimiter semicolon --out p.csv
equals "rows predicted" "$(wc -l <p.csv)" "$(wc -l <parts.csv)"
run 0 predict parts.safetensors clouds.csv --out p.csv
refuses 2 'parts.json: data.split:' \
    train parts.json --set data.validation=0.5

# A column that never changes, however large, does no harm, in training and after loading.
sed -e '1s/^/lot,/' -e '2,$s/^/100000,/' "$examples/data/iris.csv" >lots.csv
for scaling in standard min_max robust robust_clip standard_clip; do
    run 0 train "$examples/iris.json" --quiet --json --out lots.safetensors \
        --set "data.train=$PWD/lots.csv" --set "data.scaling=$scaling" --set train.epochs=60
    holds "$(value out accuracy) >= 0.9"
    run 0 evaluate lots.safetensors lots.csv --json
    holds "$(value out accuracy) >= 0.9"
done

# A class of one row stays with the training rows; where a column of parts puts one elsewhere, it
# has none. Both are warnings.
{
    echo a,b,part,kind
    for i in $(seq 30); do echo "$i,$((i * 7 % 11)),$((i % 3)),k$((i % 2))"; done
    for i in 1 4 7; do echo "$i,3,1,rare$i"; done
} >rare.csv
cat >rare.json <<'JSON'
{"data": {"train": "rare.csv", "target": "kind", "validation": 0.3, "ignore": "part"},
 "model": {"layers": [{"type": "dense", "units": "classes"}]}, "train": {"epochs": 1}}
JSON
run 0 train rare.json --quiet
equals "warnings" "$(cat err)" \
    'snug: warning: column "kind": 3 of the 5 classes have a single training row, which is too '\
'few to learn from: "rare1", "rare4", "rare7"; add rows, or join classes'
by_part=(--set data.validation=null --set data.ignore=null --set data.split=part)
run 0 train rare.json --quiet "${by_part[@]}"
equals "warnings" "$(cat err)" \
    'snug: warning: column "kind": 3 of the 5 classes have no training rows, so that nothing is '\
'learned of them: "rare1", "rare4", "rare7"; "split" chooses the training rows'

# A column that is the same in each row, and a metric without a value: the validation rows are of
# one class.
awk -F, 'NR == 1 {print "year," $0} NR > 1 && ($3 != 1 || $4 == "k1") {print "2020," $0}' rare.csv \
    >constant.csv
run 0 train rare.json --quiet "${by_part[@]}" --set data.train=constant.csv \
    --set 'train.metrics=["roc_auc"]'
equals "warnings" "$(wc -l <err)" 2
matches err '^snug: warning: column "year": has the same value in all training rows'
matches err '^snug: warning: metrics: "roc_auc" of the validation rows had no value in any epoch'

# Warnings are in --json too, and errors with --strict, before the first step.
run 0 train rare.json --quiet --json "${by_part[@]}"
json out
matches out '"warnings":\[$|"warnings":	\["column \\"kind\\": 3 of the 5 classes have no'
rm -f rare.safetensors
run 2 train rare.json --quiet --strict "${by_part[@]}"
matches err '^snug: .*column "kind": 3 of the 5 classes have no training rows'
absent rare.safetensors

# A table is no experiment, also a compressed one.
gzip -k clouds.csv
for table in clouds.csv clouds.csv.gz; do
    refuses 2 "$table:1:1: expected a value" train "$table"
    contains err 'an experiment is a JSON file, which "snug new" makes of a table'
done

# An experiment that comes from a pipe or a descriptor names its data from the current directory.
run 0 train /dev/stdin --quiet --out piped.safetensors <clouds.json
"$SNUG" train /dev/stdin --quiet --out piped2.safetensors < <(cat clouds.json) >out
same piped.safetensors piped2.safetensors

# Training starts from another model, which is beside the experiment, and keeps its scaling.
mkdir -p elsewhere
"$SNUG" train clouds.json --quiet --out elsewhere/old.safetensors >out
sed 's|clouds.csv|../clouds.csv|; s|"train": {|"train": {"start_from": "old.safetensors", |' \
    clouds.json >elsewhere/more.json
run 0 train elsewhere/more.json --quiet --set train.epochs=1 --out more.safetensors \
    --set 'train.optimizer={"type": "sgd", "learning_rate": 1e-30}'
matches err '^snug: elsewhere/more.json: starts from old.safetensors: (.) of \1 tensors are taken$'
same elsewhere/old.safetensors more.safetensors
refuses 2 "elsewhere/more.json: train.start_from: old.safetensors: 0.weight: is " \
    train elsewhere/more.json --quiet --set 'model.layers[0].units=99'
