# Every experiment file of the examples: it trains, and what it saves can be evaluated and used.
. "$SNUG_SOURCE/tests/cli/lib/assert.sh"

# learns NAME KEY LEAST: the whole run ends with at least that in the test rows.
learns() {
    run 0 train "$examples/$1.json" --json --quiet
    equals "errors of $1" "$(cat err)" ""
    json out
    sed -n '/"test"/,$p' out >test.part
    holds "$(value test.part "$2") >= $3"
    run 0 evaluate "$1.safetensors" "$examples/data/$4.csv"
    run 0 predict "$1.safetensors" "$examples/data/$4.csv"
}

learns iris accuracy 0.9 iris
learns wine accuracy 0.9 wine
learns breast_cancer accuracy 0.9 breast_cancer
learns digits accuracy 0.92 digits
learns self_normalizing_mlp accuracy 0.92 digits
learns diabetes r2 0.35 diabetes
learns rare accuracy 0.95 rare

# Fashion-MNIST is a package of its own; the test suite does not wait for its training.
for experiment in "$examples"/*.json; do
    if [ "${experiment##*/}" != fashion_mnist.json ] ||
        [ -d /usr/share/datasets/fashion-mnist ]; then
        run 0 inspect "$experiment" --json
        json out
        # A model config names no data.
        [ "${experiment##*/}" = model_config.json ] || run 0 check "$experiment"
    fi
done
