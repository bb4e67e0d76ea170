# No command overwrites a file that it reads, by whatever path, or writes one file twice: it refuses
# before it does any work.
. "$SNUG_SOURCE/tests/cli/lib/assert.sh"

make_clouds_experiment
run 0 train clouds.json --quiet --set train.epochs=1
run 0 import --weights clouds.safetensors --config clouds.json --out made.safetensors
ln -s clouds.csv link.csv
ln -s . here
echo '{"train.epochs": [1, 2]}' >space.json

# An experiment elsewhere, with rows of validation and test, whose paths are relative to its file.
mkdir parts
for part in train validation test; do
    cp clouds.csv parts/$part.csv
done
cp clouds.safetensors parts/old.safetensors
cat >parts/all.json <<'JSON'
{"data": {"train": "train.csv", "validation": "validation.csv", "test": "test.csv",
          "target": "cloud"},
 "model": {"layers": [{"type": "dense", "units": 8}, "selu",
                       {"type": "dense", "units": "classes"}]},
 "train": {"epochs": 1, "start_from": "old.safetensors"}}
JSON
printf '\0\0\10\3\0\0\0\2\0\0\0\1\0\0\0\1\1\2' >images
printf '\0\0\10\1\0\0\0\2\0\1' >labels
cat >images.json <<'JSON'
{"data": {"train": {"images": "images", "labels": "labels"}},
 "model": {"layers": [{"type": "dense", "units": "classes"}]}, "train": {"epochs": 1}}
JSON

# The options of the tool that name a file, of all commands. One that is new belongs below, too.
options=
for command in $("$SNUG" --help | sed -n '/^commands:/,/^$/s/^  \([a-z]*\) .*/\1/p'); do
    options="$options$("$SNUG" "$command" --help |
        sed -n 's/^  \(--[a-z-]* [A-Z]*\(FILE\|MODEL\|DATA\|DIR\|\.json\)[A-Za-z.]*\) .*/\1/p' |
        sed "s/^/$command /")
"
done
equals "options that name files" "$(echo "$options" | sed '/^$/d')" "\
new --out EXPERIMENT.json
train --out MODEL.safetensors
train --history FILE.jsonl
train --out-of-fold FILE.csv
train --checkpoint DIR
tune --space SPACE.json
tune --journal FILE.jsonl
tune --out BEST.json
tune --model MODEL.safetensors
predict --out FILE.csv
explain --svg FILE.svg
export --onnx FILE
export --c FILE.c
export --data DATA
import --weights FILE
import --config FILE.json
import --onnx FILE
import --out MODEL
inspect --data DATA
inspect --svg FILE.svg
plot --out FILE.svg"

# Files but those of the test itself, with what is in them.
list_files() {
    find . -type f ! -name before ! -name after ! -name out ! -name err -exec cksum {} + | sort
}
list_files >before
unchanged() {
    list_files >after
    cmp before after || fail "a command changed a file"
}

# overwrites NAME FILE OPTION ARGUMENT...: the command would write the file, which is read as NAME.
overwrites() {
    refuses 2 "$4: $3 would overwrite $2, which is read as $1; give another file" "${@:4}" "$3" "$2"
}

for option in --out --history; do
    overwrites "the experiment" clouds.json $option train clouds.json
    overwrites "the experiment" here/clouds.json $option train clouds.json
    overwrites data.train clouds.csv $option train clouds.json
    overwrites data.train link.csv $option train clouds.json
    overwrites data.train ./here/clouds.csv $option train clouds.json
    for part in train validation test; do
        overwrites data.$part parts/$part.csv $option train parts/all.json
    done
    overwrites data.test space.json $option \
        train clouds.json --set data.test='"space.json"'
    overwrites train.start_from parts/old.safetensors $option train parts/all.json
    overwrites data.train images $option train images.json
    overwrites data.train labels $option train images.json
done
unchanged
overwrites "the experiment" clouds.json --out-of-fold train clouds.json --folds 2
overwrites data.train clouds.csv --out-of-fold train clouds.json --folds 2
overwrites data.train clouds.csv --out train clouds.json --folds 2 --refit

for option in --out --model --journal; do
    overwrites "the experiment" clouds.json $option tune clouds.json --trials 2
    overwrites data.train clouds.csv $option tune clouds.json --trials 2
    overwrites --space space.json $option tune clouds.json --trials 2 --space space.json
done
overwrites "the model" clouds.safetensors --out predict clouds.safetensors clouds.csv
overwrites "the data" clouds.csv --out predict clouds.safetensors clouds.csv
overwrites "the data" link.csv --out predict clouds.safetensors clouds.csv
overwrites "the data" labels --out predict clouds.safetensors images,labels
overwrites "the model" clouds.safetensors --svg explain clouds.safetensors clouds.csv
overwrites "the data" clouds.csv --svg explain clouds.safetensors clouds.csv
for option in --onnx --c; do
    overwrites "the model" clouds.safetensors $option export clouds.safetensors
done
overwrites "the data" clouds.csv --onnx \
    export clouds.safetensors --c n.c --int8 --data clouds.csv
overwrites --weights clouds.safetensors --out \
    import --weights clouds.safetensors --config clouds.json
overwrites --config clouds.json --out import --weights clouds.safetensors --config clouds.json
overwrites --onnx n.onnx --out import --onnx n.onnx
overwrites "the model" clouds.safetensors --svg inspect clouds.safetensors --data clouds.csv
overwrites "the data" clouds.csv --svg inspect clouds.safetensors --data clouds.csv
overwrites "the experiment" clouds.json --svg inspect clouds.json
overwrites data.train clouds.csv --svg inspect clouds.json
overwrites data.train link.csv --svg inspect parts/all.json --data clouds.csv
overwrites data.train clouds.csv --svg inspect clouds.json --widths 4,8
refuses 2 'new: clouds.csv is there already' new clouds.csv --out clouds.csv
unchanged

# The header beside a program, and the files of a directory of checkpoints.
cp clouds.safetensors before.h
mkdir runs
cp clouds.csv runs/lock
cp clouds.csv runs/checkpoint.safetensors
list_files >before
refuses 2 'export: --c would overwrite before.h, which is read as the model' \
    export before.h --c before.c
for name in lock checkpoint.safetensors; do
    refuses 2 "train: --checkpoint would overwrite ./runs/$name, which is read as data.train" \
        train clouds.json --set data.train="\"./runs/$name\"" --checkpoint runs
done
for name in lock checkpoint.safetensors member-12.safetensors refit-0.safetensors; do
    refuses 2 "train: --out and --checkpoint would both write runs/$name" \
        train clouds.json --checkpoint runs --out runs/$name
done

# twice FILE OPTION OPTION ARGUMENT...: both options would write the file.
twice() {
    refuses 2 "$4: $2 and $3 would both write $1; give one of them another file" \
        "${@:4}" "$2" "$1" "$3" "$1"
}
twice n.new --out --history train clouds.json
twice n.new --out --out-of-fold train clouds.json --folds 2
twice n.new --out --model tune clouds.json --trials 2
twice n.new --out --journal tune clouds.json --trials 2
twice n.new --model --journal tune clouds.json --trials 2
twice n.c --onnx --c export clouds.safetensors
refuses 2 'train: --out and --history would both write clouds.safetensors' \
    train clouds.json --history clouds.safetensors
refuses 2 'tune: --out and --journal would both write clouds-tuned.json' \
    tune clouds.json --trials 2 --journal clouds-tuned.json

unchanged

# Results of a run before are replaced, and what is beside the checkpoints is none of them.
rm -r runs
mkdir runs
for again in "" --resume; do
    run 0 train clouds.json --quiet --checkpoint runs --out runs/model.safetensors \
        --history runs/lines.jsonl $again
done
for again in 1 2; do
    run 0 train clouds.json --quiet --folds 2 --out-of-fold rows.csv
    run 0 tune clouds.json --quiet --trials 2 --journal lines.jsonl --set data.validation=0.2
    run 0 predict clouds.safetensors clouds.csv --out predicted.csv
done
run 0 train /dev/stdin --quiet --out made.safetensors <clouds.json
