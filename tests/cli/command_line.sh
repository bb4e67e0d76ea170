# The command line itself: help, version, and what is wrong with it.
. "$SNUG_SOURCE/tests/cli/lib/assert.sh"

run 0 --version
matches out '^snug [0-9]+\.[0-9]+\.[0-9]+$'

run 0 --help
for command in train evaluate predict inspect check describe schema plot bench completion help; do
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

refuses 2 '--help:' --help train
refuses 2 '--version:' --version now

# help COMMAND prints what COMMAND --help does.
run 0 help
same out help
run 0 train --help
cp out train_help
run 0 help train
same out train_help
refuses 2 'unknown command trian;' help trian
refuses 2 'help: unexpected argument' help train predict

run 0 train --help
for option in --out --set --threads --quiet --json; do
    matches out "^  $option[ =]"
done

refuses 2 'which command?'
refuses 2 'unknown command trian' trian
refuses 2 'unknown command evalute' evalute model data
refuses 2 'unknown command Train' Train
refuses 2 'unknown command PLTO' PLTO
refuses 2 'unknown command xyzzy' xyzzy
refuses 2 'unknown option --versio' --versio
refuses 2 'train:' train
refuses 2 'predict:' predict model
refuses 2 'train:' train a.json b.json
refuses 2 'train:' train a.json --ouy b
refuses 2 'train:' train a.json --JSON
refuses 2 'train:' train a.json --epochs=3
refuses 2 'train:' train a.json --out
refuses 2 'train:' train a.json --quiet=yes
refuses 2 'train: --threads:' \
    train a.json --threads 0
refuses 2 'train: --threads:' \
    train a.json --threads=two
refuses 2 'train: --threads:' \
    train a.json --threads 1025
refuses 2 'bench: --threads:' \
    bench --threads 99999999999999999999
refuses 2 'predict: --rows:' \
    predict model data --rows -3
refuses 2 'train: --set:' \
    train a.json --set train.epochs
refuses 2 'schema:' schema all

# What follows "--" is no option.
refuses 2 '--help:' inspect -- --help

# A full disk is not taken for success.
if [ -w /dev/full ]; then
    status=0
    "$SNUG" --help >/dev/full 2>err || status=$?
    equals "exit status on a full disk" "$status" 1
    equals "the message" "$(cat err)" 'snug: standard output: cannot write: No space left on device'
else
    echo "skipped: there is no /dev/full"
fi
