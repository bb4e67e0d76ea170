# snug train --checkpoint: a run that a signal ended, SIGKILL too, is resumed to the bytes of one
# that was not interrupted, with its history; what cannot be resumed is refused.
. "$SNUG_SOURCE/tests/cli/lib/assert.sh"

make_clouds_experiment
long="--set train.epochs=2500 --set train.batch_size=1 --set data.validation=0.25
    --set train.early_stopping.patience=1000 --set train.ema=0.9
    --set train.inspect.every=20000 --set train.inspect.rows=20"

seldom="--every 500"

run 0 train clouds.json $long --history straight.jsonl --out straight.safetensors
cp out straight.out

# interrupt SIGNAL EPOCH ARGUMENT...: starts a run, and sends the signal when the line of the epoch
# is read. The pipe holds some 700 lines, so that the run is never as far as its end.
interrupt() {
    signal=$1
    epoch=$2
    shift 2
    rm -f progress
    mkfifo progress
    "$SNUG" train clouds.json $long --checkpoint runs "$@" >out 2>progress &
    tool=$!
    while read -r line; do
        printf '%s\n' "$line" >last
        case $line in
        "epoch $epoch/"*) kill -s "$signal" "$tool" ;;
        "resumed "*) printf '%s\n' "$line" >resumed ;;
        esac
    done <progress
    status=0
    wait "$tool" || status=$?
}

# ends_the_same: the resumed run has the straight one's model, history and metrics.
ends_the_same() {
    same straight.safetensors model.safetensors
    same straight.jsonl model.jsonl
    equals "metrics" "$(head -n 4 out)" "$(head -n 4 straight.out)"
}

# Killed three times, at any moment.
interrupt KILL 3 --out model.safetensors --history model.jsonl --every 1
equals "exit status" "$status" 137
absent model.safetensors
[ -s runs/checkpoint.safetensors ] || fail "there is no checkpoint"
interrupt KILL 500 --out model.safetensors --history model.jsonl --every-steps 7000 --resume
equals "exit status" "$status" 137
matches resumed '^resumed after epoch [0-9]+/2500 and [0-9]+ batch(es)?$'
interrupt KILL 1650 --out model.safetensors --history model.jsonl --every 500 --resume
equals "exit status" "$status" 137
run 0 train clouds.json $long --checkpoint runs --resume --quiet $seldom \
    --out model.safetensors --history model.jsonl
ends_the_same
equals "temporary files" "$(find runs -name '*.tmp')" ""

# Resumed after its end a run gives the same again, also the lines of a history that is lost.
rm model.safetensors
grep -v inspection straight.jsonl >epochs.jsonl
run 0 train clouds.json $long --checkpoint runs --resume --quiet $seldom \
    --out model.safetensors --history again.jsonl
same straight.safetensors model.safetensors
same epochs.jsonl again.jsonl

# A signal that can be caught saves model and checkpoint, and says how to go on.
stop() {
    rm -rf runs model.*
    interrupt "$1" 4 --out model.safetensors --history model.jsonl --every 2000
    equals "exit status after $1" "$status" $((128 + $2))
    matches last "^snug: stopped by signal $2 after .*--resume goes on by the checkpoint in runs$"
    run 0 evaluate model.safetensors clouds.csv
    run 0 train clouds.json $long --checkpoint runs --resume --quiet $seldom \
        --out model.safetensors --history model.jsonl
    ends_the_same
}
stop INT 2
stop TERM 15

# A checkpoint is no model, and a new run does not replace it.
refuses 2 "runs/checkpoint.safetensors: is the checkpoint of a training run" \
    predict runs/checkpoint.safetensors clouds.csv
refuses 2 "runs/checkpoint.safetensors: is there already" \
    train clouds.json --quiet --checkpoint runs --out other.safetensors
absent other.safetensors

# Other conditions are named, and leave checkpoint and history as they are.
cp runs/checkpoint.safetensors checkpoint
refuses 2 "runs/checkpoint.safetensors: cannot be resumed to the same bits: train.batch_size is 2" \
    train clouds.json $long --set train.batch_size=2 --quiet --checkpoint runs --resume \
    --history model.jsonl
same checkpoint runs/checkpoint.safetensors
same straight.jsonl model.jsonl
run 0 train clouds.json $long --set train.batch_size=2 --set train.epochs=2502 --quiet \
    --checkpoint runs --resume --allow-drift $seldom --history model.jsonl \
    --out drifted.safetensors
equals "epochs" "$(grep -c '^{"epoch"' model.jsonl)" 2502
refuses 2 "runs/checkpoint.safetensors: cannot be resumed: train.optimizer.type is \"sgd\"" \
    train clouds.json $long --set train.optimizer=sgd --quiet --checkpoint runs --resume \
    --allow-drift --history model.jsonl

# Without a checkpoint it starts from the beginning, and says so.
run 0 train clouds.json $long --quiet --checkpoint new $seldom --resume --out model.safetensors \
    --history new.jsonl
equals "the message" "$(cat err)" \
    "snug: new/checkpoint.safetensors: is not there: training starts from the beginning"
same straight.safetensors model.safetensors
same straight.jsonl new.jsonl

# Where a checkpoint cannot be written, as on a full disk, training ends and the model so far is
# saved; the checkpoint before it goes on. A file grows here by a line of metrics an epoch.
few="--set train.epochs=200 --set train.batch_size=60 --quiet"
status=0
(trap '' XFSZ && ulimit -f 8 &&
    "$SNUG" train clouds.json $few --checkpoint full --out full.safetensors >out 2>err) || status=$?
equals "exit status of a full disk" "$status" 1
equals "the message" "$(head -n 1 err)" \
    "snug: full/checkpoint.safetensors: cannot write: File too large"
matches err '^snug: the model so far is saved in full.safetensors$'
run 0 evaluate full.safetensors clouds.csv
run 0 train clouds.json $few --checkpoint full --resume $seldom --out full.safetensors
run 0 train clouds.json $few --out whole.safetensors
same whole.safetensors full.safetensors

# Options that are not enough, and directories that cannot be.
refuses 2 "train: --resume: is for --checkpoint DIR" train clouds.json --resume
refuses 2 "train: --every: is for --checkpoint DIR" train clouds.json --every 2
refuses 2 "train: --every-steps: is for --checkpoint DIR" train clouds.json --every-steps 2
refuses 2 "train: --allow-drift: is for --resume" train clouds.json --checkpoint a --allow-drift
refuses 2 "clouds.csv/lock: cannot create" train clouds.json --quiet --checkpoint clouds.csv
refuses 2 "train: --every: must be a whole number of at least 1 and at most 999999999999999 (got" \
    train clouds.json --checkpoint a --every 99999999999999999999
refuses 2 "clouds.csv/b: cannot create: Not a dir" \
    train clouds.json --quiet --checkpoint clouds.csv/b

# Directories are made with those that they are in.
run 0 train clouds.json $few --checkpoint a/b/c --out made.safetensors
[ -s a/b/c/checkpoint.safetensors ] || fail "there is no checkpoint in a/b/c"

# A run that is resumed has the weights of its checkpoint, and says nothing of others; another model
# to start from is a difference, also with folds.
sed 's|"train": {|"train": {"start_from": "made.safetensors", |' clouds.json >next.json
cp made.safetensors again.safetensors
run 0 train next.json $few --checkpoint next --out next.safetensors
matches err '^snug: next.json: starts from made.safetensors: '
run 0 train next.json $few --checkpoint next --resume --out next.safetensors
equals "what a resumed run says" "$(cat err)" ""
refuses 2 "next/checkpoint.safetensors: cannot be resumed to the same bits: train.start_from is " \
    train next.json $few --set train.start_from=again.safetensors --checkpoint next --resume
run 0 train next.json $few --folds 2 --checkpoint folds --resume --out folds.safetensors
matches err '^snug: folds: has no checkpoints: training starts from the beginning$'
matches err '^snug: next.json: starts from made.safetensors: '
run 0 train next.json $few --folds 2 --checkpoint folds --resume --out folds.safetensors
equals "what resumed folds say" "$(cat err)" ""
refuses 2 "fold 1 of 2, seed 1 of 1: folds/member-0.safetensors: cannot be resumed to the" \
    train next.json $few --set train.start_from=again.safetensors --folds 2 --threads 1 \
    --checkpoint folds --resume
