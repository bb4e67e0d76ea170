# `snug train --folds`: members, one model of all of them, out-of-fold predictions, refit.
. "$SNUG_SOURCE/tests/cli/lib/assert.sh"
cd "$SNUG_SCRATCH"

awk 'BEGIN { print "a,b,kind"
    for (i = 0; i < 60; i++) {
        k = i % 3
        print (i * 7) % 11 + 4 * k "," (i * 5) % 13 "," substr("xyz", k + 1, 1)
    }
}' >rows.csv
cat >rows.json <<'END'
{"data": {"train": "rows.csv", "validation": 0.2, "test": 0.2},
 "model": {"layers": [{"type": "dense", "units": 6}, "selu",
                       {"type": "dense", "units": "classes"}]},
 "train": {"epochs": 12, "batch_size": 8, "early_stopping": {"patience": 4}}}
END

# The model is an ensemble that the other commands take as any model.
"$SNUG" train rows.json --folds 4 --quiet --out-of-fold apart.csv >out
contains out "mean"
contains out "deviation"
contains out "in 4 networks, whose predictions are averaged"
"$SNUG" evaluate rows.safetensors rows.csv >evaluated
contains evaluated "accuracy"
"$SNUG" predict rows.safetensors rows.csv --out predicted.csv
equals "head of predictions" "$(head -1 predicted.csv)" "prediction,p_x,p_y,p_z"
equals "rows of predictions" "$(wc -l <predicted.csv)" 61
"$SNUG" inspect rows.safetensors >inspected
contains inspected "an ensemble of 4 models"
equals "members" "$("$SNUG" inspect rows.safetensors --json | grep -c '"layers"')" 4
refuses 2 "inspect: --data is for a single model" inspect rows.safetensors --data rows.csv
run 0 inspect rows.safetensors --data rows.csv --member 4
matches out '^mean and variance of each layer.s outputs over 60 rows'
cp out fourth
run 0 inspect rows.safetensors --data rows.csv --member 1
differ out fourth
run 0 inspect rows.safetensors --member 2
matches out '^layer +type +output +parameters$'
refuses 2 'inspect: --member:' inspect rows.safetensors --member 5
refuses 2 'inspect: --member' inspect rows.json --member 1

# The rows that the test share leaves, each once, in their order.
equals "head of out-of-fold predictions" "$(head -1 apart.csv)" \
    "row,fold,target,prediction,p_x,p_y,p_z"
equals "folds" "$(tail -n +2 apart.csv | cut -d , -f 2 | sort | uniq -c | tr -s ' ')" \
    "$(printf ' 12 %s\n' 1 2 3 4)"

# Each line has the number of its row in the file, by which the two can be joined, also where rows
# without a target were left out, and a share of the others was split off for the test.
joins() { # FILE.csv TABLE.csv: the last column of the table is the target
    awk -F, 'NR == FNR { target[FNR - 1] = $NF; next }
        FNR > 1 && (!($1 in target) || target[$1] != $3 || seen[$1]++) { print; wrong = 1 }
        END { exit wrong }' "$2" "$1" || {
        echo "$1: the target of a row is not that of $2"
        exit 1
    }
}
joins apart.csv rows.csv
awk -F, -v OFS=, 'NR > 1 && NR % 7 == 2 { $3 = "" } { print } NR == 20 { print "" }' rows.csv \
    >gaps.csv
grep -v '^$' gaps.csv >table.csv # a blank line is no row
for test in 0.2 null; do
    run 0 train rows.json --folds 2 --quiet --set data.train=gaps.csv --set data.test=$test \
        --out gaps.safetensors --out-of-fold gaps.folds.csv
    contains err "gaps.csv:2: column \"kind\": 9 values of the target are missing"
    joins gaps.folds.csv table.csv
    cut -d, -f1 gaps.folds.csv | sort -nu >numbers
    equals "rows in their order" "$(cut -d, -f1 gaps.folds.csv | tail -n +2)" \
        "$(sed '/row/d' numbers)"
done
equals "numbers of all rows" "$(sed '/row/d' numbers)" \
    "$(awk -F, 'NR > 1 && $NF != "" { print NR - 1 }' table.csv)"

# Any number of threads gives the same bits.
"$SNUG" train rows.json --folds 4 --quiet --threads 3 --out three.safetensors \
    --out-of-fold three.csv >out
"$SNUG" train rows.json --folds 4 --quiet --threads 1 --out one.safetensors >out
cmp three.safetensors one.safetensors
cmp three.safetensors rows.safetensors
cmp three.csv apart.csv

# JSON has the folds, their mean and their deviation.
"$SNUG" train rows.json --folds 2 --seeds 2 --json --quiet >json
equals "folds in JSON" "$(grep -c '"best_epoch"' json)" 4
for key in folds mean deviation train test warnings; do contains json "\"$key\""; done

# A refit is an ordinary model, for the mean of the best epochs; of two seeds it is an ensemble.
"$SNUG" train rows.json --folds 3 --refit --quiet --out refit.safetensors >out
contains out "trained on all rows for "
"$SNUG" inspect refit.safetensors --data rows.csv >inspected
contains inspected "variance"
"$SNUG" train rows.json --folds 3 --seeds 2 --refit --quiet --out refit.safetensors >out
contains out "in 2 networks"

# Early stopping watches the folds: no other validation rows are needed.
"$SNUG" train rows.json --folds 2 --quiet --set data.validation=null >out
refuses 2 "rows.json: train.early_stopping: needs validation rows" \
    train rows.json --set data.validation=null

# Validation rows in a file are evaluated, and nothing else.
"$SNUG" train rows.json --folds 2 --quiet --set data.validation=rows.csv >out
equals "rows of validation" "$(awk '$1 == "validation" { print $2 }' out)" 60

# A table of values.
"$SNUG" train rows.json --folds 2 --quiet --set data.target=b --set train.loss=mse \
    --set 'model.layers=[{"type": "dense", "units": 1}]' --out-of-fold values.csv >out
equals "head of values" "$(head -1 values.csv)" "row,fold,target,b"

# Several quantiles of one target: a column of targets, and one of predictions a quantile.
"$SNUG" train rows.json --folds 2 --quiet --set data.target=b \
    --set 'train.loss={"type": "quantile", "taus": [0.1, 0.5, 0.9]}' \
    --set 'model.layers=[{"type": "dense", "units": 3}]' --set data.test=null \
    --out-of-fold quantiles.csv >out
equals "head of quantiles" "$(head -1 quantiles.csv)" "row,fold,target,b_q0.1,b_q0.5,b_q0.9"
equals "targets of quantiles" "$(tail -n +2 quantiles.csv | cut -d, -f3)" \
    "$(tail -n +2 rows.csv | cut -d, -f2)"

# Rows of one group are in one fold; their column is neither a feature nor a target.
awk -F, '{ print (NR == 1 ? "person" : "p" int(NR / 5)) "," $0 }' rows.csv >persons.csv
run 0 train rows.json --folds 3 --quiet --out-of-fold persons.folds.csv \
    --set data.train=persons.csv --set data.group=person --set data.test=null
paste -d, persons.csv persons.folds.csv | tail -n +2 | cut -d, -f1,6 | sort -u >pairs
equals "groups" "$(wc -l <pairs)" 13
run 0 inspect rows.safetensors
contains out "inputs: 2"
run 0 predict rows.safetensors rows.csv
run 0 predict rows.safetensors persons.csv
run 0 train rows.json --quiet --set data.train=persons.csv --set data.group=person
refuses 2 "folds: must be at most the number of groups" train rows.json --folds 14 --quiet \
    --set data.train=persons.csv --set data.group=person --set data.test=null
refuses 2 "persons.csv: the column" train rows.json --set data.train=persons.csv \
    --set data.group=person --set data.ignore=person

# A refit has the temperature that was fitted on all folds.
run 0 train rows.json --folds 3 --refit --quiet --set train.calibration=temperature
run 0 evaluate rows.safetensors rows.csv
run 0 train rows.json --folds 3 --quiet --set train.calibration=temperature
run 0 evaluate rows.safetensors rows.csv
run 0 inspect rows.safetensors
matches out '^member +parameters +temperature +layers$'
matches out '^ +2 +[0-9]+ +[0-9.]+ +dense '

# The threshold and the members of a layer are shown of an ensemble too.
grep -v ',y$' rows.csv >two.csv
run 0 train rows.json --folds 2 --quiet --out two.safetensors --set data.train=two.csv \
    --set train.threshold_metric=f1_binary --set 'model.layers=[
        {"type": "batch_ensemble", "units": 6, "members": 4}, "selu",
        {"type": "batch_ensemble", "units": "classes", "members": 4, "shared": false}]'
run 0 inspect two.safetensors
matches out '^predicted class: z above a probability of 0[.]'
matches out '^ +1 +[0-9]+ +batch_ensemble 4 x 6, selu, '
run 0 inspect two.safetensors --json
equals "thresholds" "$(grep -c '"threshold":' out)" 3
matches out '"members":.4,'

# A signal ends the run; the members that were finished are saved.
mkfifo progress
"$SNUG" train rows.json --folds 2 --seeds 1000 --threads 1 --out stopped.safetensors \
    >out 2>progress &
tool=$!
while read -r line; do
    printf '%s\n' "$line" >last
    case $line in
    "1 of 2000 members"*) kill -s INT "$tool" ;;
    esac
done <progress
status=0
wait "$tool" || status=$?
equals "exit status" "$status" 130
matches last '^snug: stopped by signal 2; a model of the [0-9]+ of 2000 members that were finished '
run 0 evaluate stopped.safetensors rows.csv

# With checkpoints it goes on: the members that were finished are not trained again, and the model
# is the same. Meanwhile no other process may use the directory.
seldom="--checkpoint runs --every 1000"
many="--folds 2 --seeds 80 --refit --set train.epochs=60 --set train.early_stopping.patience=60"
run 0 train rows.json $many --quiet --out straight.safetensors
cp out straight.out
rm progress
mkfifo progress
"$SNUG" train rows.json $many --threads 1 $seldom --out resumed.safetensors \
    >out 2>progress &
tool=$!
while read -r line; do
    printf '%s\n' "$line" >last
    case $line in
    "1 of 160 members"*)
        run 2 train rows.json $many --checkpoint runs --resume --quiet --out other.safetensors
        contains err "snug: runs: is used by process $tool, "
        kill -s TERM "$tool"
        ;;
    esac
done <progress
status=0
wait "$tool" || status=$?
equals "exit status" "$status" 143
matches last '; the same command with --resume goes on by the checkpoints in runs$'
run 0 train rows.json $many $seldom --resume --quiet --out resumed.safetensors
same straight.safetensors resumed.safetensors
equals "results" "$(sed '$d' out)" "$(sed '$d' straight.out)"

refuses 2 "folds: must be from 2 to the number of rows" train rows.json --folds 49
refuses 2 "train: --folds: must be at least 2 (got 1)" train rows.json --folds 1
refuses 2 "train: --seeds is for --folds" train rows.json --seeds 2
refuses 2 "train: --refit is for --folds" train rows.json --refit
refuses 2 "train: --out-of-fold is for --folds" train rows.json --out-of-fold x.csv
refuses 2 "train: --history is of one training" train rows.json --folds 2 --history x.jsonl
refuses 2 "train: --out and --out-of-fold would both write rows.safetensors" \
    train rows.json --folds 2 --out-of-fold rows.safetensors

