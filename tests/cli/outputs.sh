# Where the tool writes: links, modes, /dev/stdout, closed descriptors, and names that cannot be
# made.
. "$SNUG_SOURCE/tests/cli/lib/assert.sh"

make_clouds_experiment
run 0 train clouds.json --quiet
run 0 predict clouds.safetensors clouds.csv
cp out wanted.csv
cp clouds.safetensors wanted.safetensors

# A symbolic link stays, and the file that it leads to keeps its mode.
mkdir real
for name in m.safetensors p.csv a.svg h.jsonl; do
    echo old >real/$name
    chmod 600 real/$name
    ln -s real/$name link.$name
done
run 0 train clouds.json --quiet --out link.m.safetensors --history link.h.jsonl
run 0 predict link.m.safetensors clouds.csv --out link.p.csv
run 0 plot selu --out link.a.svg
same wanted.safetensors real/m.safetensors
same wanted.csv real/p.csv
matches real/a.svg '^<svg '
equals "lines of the history" "$(wc -l <real/h.jsonl)" 5
for name in m.safetensors p.csv a.svg h.jsonl; do
    [ -L link.$name ] || fail "link.$name is no link any more"
    equals "mode of $name" "$(stat -c %a real/$name)" 600
done
equals "files left behind" "$(ls -A real)" "$(printf '%s\n' a.svg h.jsonl m.safetensors p.csv)"

# An open file is written where it is: after what is in it, whatever the shell made it lead to.
if [ -e /proc/self/fd/1 ]; then
    for path in /dev/stdout /dev/fd/1 /proc/self/fd/1; do
        { echo head && "$SNUG" predict clouds.safetensors clouds.csv --out $path &&
            echo tail; } >out
        { echo head && cat wanted.csv && echo tail; } | cmp - out ||
            fail "$path was not written in place"
        "$SNUG" predict clouds.safetensors clouds.csv --out $path | cmp - wanted.csv
    done
    "$SNUG" train clouds.json --quiet --out /dev/fd/3 --history /dev/stdout 3>m.safetensors >out
    same wanted.safetensors m.safetensors
    equals "lines" "$(grep -c '^{"epoch":' out)" 5
    matches out 'the model is saved in /dev/fd/3$'
    refuses 1 '/dev/fd/3:' train clouds.json --out /dev/fd/3 3<wanted.csv
else
    echo "skipped: there is no /proc"
fi

# The same where the process may replace what is in /dev, and where a file cannot be replaced but
# written.
if unshare -m true 2>err; then
    mkdir mounted
    echo old >volume
    echo old >mounted/m.safetensors
    export SNUG
    unshare -m sh -eu -c '
        mount --bind volume mounted/m.safetensors
        "$SNUG" train clouds.json --quiet --out mounted/m.safetensors
        mount -t tmpfs none /dev
        ln -s /proc/self/fd/1 /dev/stdout
        "$SNUG" predict clouds.safetensors clouds.csv --out /dev/stdout >redirected.csv
        [ -L /dev/stdout ]' >out
    same wanted.safetensors volume
    same wanted.csv redirected.csv
    equals "files left behind" "$(ls -A mounted)" m.safetensors
else
    echo "skipped: mount namespaces: $(cat err)"
fi

# Names that cannot be made are refused before anything is read: there is no such experiment, model
# or data.
long=$(printf 'x%.0s' $(seq 300))
refuse_name() {
    refuses 1 "$1: cannot create: $2" train none.json --out "$1"
    refuses 1 "$1: cannot create: $2" predict none none --out "$1"
    refuses 1 "$1: cannot create: $2" plot selu --out "$1"
    refuses 1 "$1: cannot create: $2" train clouds.json --quiet --history "$1" --out m.safetensors
}
before=$(ls -A)
refuse_name "$long" 'File name too long'
refuse_name none/a 'No such file or directory'
refuse_name real 'Is a directory'
refuse_name real/ 'Is a directory'
refuse_name clouds.csv/a 'Not a directory'
if [ "$(id -u)" != 0 ]; then
    chmod 500 real
    refuse_name real/new 'Permission denied'
    chmod 700 real
else
    echo "skipped: a directory without permission, for root has every one"
fi
equals "files left behind" "$(ls -A)" "$before"
refuses 2 'train:' train clouds.json --out ''
refuses 2 'predict:' predict none none --out=
refuses 2 'train: --out and --history would both write one' \
    train clouds.json --out one --history one
touch one
ln one two
refuses 2 'train: --out and --history would both write two' \
    train clouds.json --out one --history two
rm one two

# Nothing gets the number of a standard stream that is closed, and results are not lost without a
# word.
"$SNUG" train clouds.json --history h.jsonl --out m.safetensors 2>&- >out
equals "lines of JSON in the history" "$(grep -c '^{"epoch":[1-5],.*}$' h.jsonl)" 5
equals "lines of the history" "$(wc -l <h.jsonl)" 5
same wanted.safetensors m.safetensors
"$SNUG" train clouds.json --quiet --history h.jsonl --out m.safetensors <&- >out 2>&-
equals "lines of the history" "$(wc -l <h.jsonl)" 5
status=0
"$SNUG" train clouds.json --quiet --history h.jsonl --out m.safetensors >&- 2>err || status=$?
equals "exit status without standard output" "$status" 1
equals "the message" "$(cat err)" "snug: standard output: cannot write: Bad file descriptor"
equals "lines of the history" "$(wc -l <h.jsonl)" 5
same wanted.safetensors m.safetensors

# What standard output does not take is an error once.
if [ -c /dev/full ]; then
    for n in $(seq 200); do tail -n +2 clouds.csv; done >rows && { head -n 1 clouds.csv && cat \
        rows; } >many.csv
    for arguments in "predict clouds.safetensors clouds.csv" "predict clouds.safetensors many.csv" \
        "plot selu" "evaluate clouds.safetensors clouds.csv --json"; do
        status=0
        # shellcheck disable=SC2086 # they are words
        "$SNUG" $arguments >/dev/full 2>err || status=$?
        equals "exit status of $arguments" "$status" 1
        matches err '^snug: standard output: cannot write(: No space left on device)?$'
        equals "messages of $arguments" "$(wc -l <err)" 1
    done
else
    echo "skipped: there is no /dev/full"
fi
