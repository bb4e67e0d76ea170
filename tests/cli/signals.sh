# A signal stops a long run; what was learnt so far is saved and can be used.
. "$SNUG_SOURCE/tests/cli/lib/assert.sh"

make_clouds_experiment

# stop NAME NUMBER: starts a run of minutes, and sends the signal when its third epoch is done.
stop() {
    rm -f progress "$1.safetensors"
    mkfifo progress
    "$SNUG" train clouds.json --set train.epochs=100000 --set train.batch_size=1 \
    --out "$1.safetensors" \
        >out 2>progress &
    tool=$!
    sent=no
    while read -r line; do
        printf '%s\n' "$line" >last
        case $line in
        "epoch 3/"*) kill -s "$1" "$tool" && sent=yes ;;
        esac
    done <progress
    status=0
    wait "$tool" || status=$?
    equals "the signal was sent" "$sent" yes
    equals "exit status after $1" "$status" $((128 + $2))
    matches last "^snug: stopped by signal $2 after [0-9]+ epochs? and [0-9]+ batch.*; the model "
    equals "standard output" "$(cat out)" ""
    run 0 evaluate "$1.safetensors" clouds.csv --json
    equals rows "$(value out rows)" 60
}

stop INT 2
stop TERM 15

# Where early stopping keeps the weights of the best epoch, they are saved. The learning rate is
# such that the first epoch stays the best.
rm -f progress
mkfifo progress
"$SNUG" train clouds.json --set train.epochs=100000 --set train.batch_size=1 \
    --out best.safetensors \
    --set data.validation=0.25 --set train.early_stopping.patience=100000 --history best.jsonl \
    --set 'train.optimizer={"type": "sgd", "learning_rate": 10}' >out 2>progress &
tool=$!
while read -r line; do
    printf '%s\n' "$line" >last
    case $line in
    "epoch 9/"*) kill -s TERM "$tool" ;;
    esac
done <progress
status=0
wait "$tool" || status=$?
equals "exit status" "$status" 143
best=$(sed 's/.*"validation":{"loss":\([^,]*\),.*/\1/' best.jsonl | awk '
    NR == 1 || $1 != "null" && $1 < least { least = $1; best = NR } END { print best }')
matches last "^snug: stopped by signal 15 after [0-9]+ epochs? and [0-9]+ batch(es)?; the model of"
run 0 evaluate best.safetensors clouds.csv

# A history that nobody reads does not hold up the signal: the pipe is full, and stays open.
if [ ! -r /proc/self/status ]; then
    echo "skipped: there is no /proc"
    exit 0
fi
mkfifo slow
exec 3<>slow
"$SNUG" train clouds.json --quiet --set train.epochs=10000000 --history slow \
    --out slow.safetensors 2>err &
tool=$!
read -r line <&3
until grep -qE '^State:.*(sleeping|zombie)' "/proc/$tool/status"; do :; done
kill -s TERM "$tool"
status=0
wait "$tool" || status=$?
exec 3>&-
equals "exit status" "$status" 143
matches err '^snug: stopped by signal 15 after [0-9]+ epochs? and 0 batches; the model so far is '
run 0 evaluate slow.safetensors clouds.csv
