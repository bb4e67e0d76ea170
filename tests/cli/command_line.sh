# The command line itself: help, version, and what is wrong with it.
. "$SNUG_SOURCE/tests/cli/lib/assert.sh"

run 0 --version
matches out '^snug [0-9]+\.[0-9]+\.[0-9]+$'

run 0 --help
for command in train evaluate predict inspect check describe schema plot bench; do
    matches out "^  $command  "
    cp out help
    run 0 $command --help
    matches out "^usage: snug $command .*\[OPTION\]\.\.\.$"
    matches out '^  --help '
    equals "errors of $command --help" "$(cat err)" ""
    cp help out
done
run 0 -h
same out help

refuses 2 '--help: unexpected argument train (see snug --help)' --help train
refuses 2 '--version: unexpected argument now (see snug --help)' --version now

run 0 train --help
for option in --out --set --threads --quiet --json; do
    matches out "^  $option[ =]"
done

refuses 2 'which command? (see snug --help)'
refuses 2 'unknown command trian; did you mean train?' trian
refuses 2 'unknown command evalute; did you mean evaluate?' evalute model data
refuses 2 'unknown command Train; did you mean train?' Train
refuses 2 'unknown command PLTO; did you mean plot?' PLTO
refuses 2 'unknown command xyzzy (see snug --help)' xyzzy
refuses 2 'unknown option --versio; did you mean --version?' --versio
refuses 2 'train: needs EXPERIMENT.json (see snug train --help)' train
refuses 2 'predict: needs MODEL DATA (see snug predict --help)' predict model
refuses 2 'train: unexpected argument b.json (see snug train --help)' train a.json b.json
refuses 2 'train: unknown option --ouy; did you mean --out?' train a.json --ouy b
refuses 2 'train: unknown option --JSON; did you mean --json?' train a.json --JSON
refuses 2 'train: unknown option --epochs (see snug train --help)' train a.json --epochs=3
refuses 2 'train: --out needs a value: --out MODEL.safetensors' train a.json --out
refuses 2 'train: --quiet takes no value' train a.json --quiet=yes
refuses 2 'train: --threads: must be a whole number from 1 to 1024 (got "0")' \
    train a.json --threads 0
refuses 2 'train: --threads: must be a whole number from 1 to 1024 (got "two")' \
    train a.json --threads=two
refuses 2 'train: --threads: must be a whole number from 1 to 1024 (got "1025")' \
    train a.json --threads 1025
refuses 2 'bench: --threads: must be a whole number from 1 to 1024 (got "99999999999999999999")' \
    bench --threads 99999999999999999999
refuses 2 'predict: --rows: must be a whole number of at least 1 (got "-3")' \
    predict model data --rows -3
refuses 2 'train: --set: must be PATH=VALUE, such as train.epochs=5 (got "train.epochs")' \
    train a.json --set train.epochs
refuses 2 'schema: unexpected argument all (see snug schema --help)' schema all

# What follows "--" is no option.
refuses 2 '--help: cannot open: No such file or directory' inspect -- --help

# A full disk is not taken for success.
if [ -w /dev/full ]; then
    status=0
    "$SNUG" --help >/dev/full 2>err || status=$?
    equals "exit status on a full disk" "$status" 1
    equals "the message" "$(cat err)" 'snug: standard output: cannot write: No space left on device'
else
    echo "skipped: there is no /dev/full"
fi
