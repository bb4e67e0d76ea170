# A signal stops a long run; what was learnt so far is saved and can be used.
. "$SNUG_SOURCE/tests/cli/lib/assert.sh"

make_clouds_experiment

# stop NAME NUMBER: starts a run of minutes, and sends the signal when its third epoch is done.
stop() {
    rm -f progress "$1.safetensors"
    mkfifo progress
    "$SNUG" train clouds.json --set train.epochs=100000 --set train.batch_size=1 --out "$1.safetensors" \
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
    matches last "^snug: stopped by signal $2 after [0-9]+ epochs and [0-9]+ batches; the model so far is saved in $1\.safetensors\$"
    equals "standard output" "$(cat out)" ""
    run 0 evaluate "$1.safetensors" clouds.csv --json
    equals rows "$(value out rows)" 60
}

stop INT 2
stop TERM 15
