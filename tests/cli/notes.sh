# The notes of snug inspect: a sane network has none, with each recipe and in each example.
. "$SNUG_SOURCE/tests/cli/lib/assert.sh"

# without_notes NAME: the last inspection, in "out", has no note, but for layers that are narrow.
without_notes() {
    ! grep '^note:' out | grep -v ' units are not nearly Gaussian' >notes || fail "$1: $(cat notes)"
}

for file in "$examples"/*.json; do
    case $file in
    */model_config.json | */fashion_mnist.json) continue ;; # without data, or with data elsewhere
    esac
    run 0 inspect "$file"
    without_notes "$file"
done

for name in breast_cancer digits diabetes iris; do
    for recipe in tabular tabular-fast snn linear; do
        rm -f new.json
        run 0 new "$examples/data/$name.csv" --recipe "$recipe" --out new.json
        run 0 inspect new.json
        without_notes "$name with $recipe"
    done
done
