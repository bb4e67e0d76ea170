# snug describe, schema and plot: what there is.
. "$SNUG_SOURCE/tests/cli/lib/assert.sh"

run 0 describe
for group in layers activations losses optimizers schedules inits metrics formats; do
    matches out "^$group\$"
done
for kind in dense activation selu elu relu leaky_relu tanh sigmoid identity mse \
    softmax_cross_entropy binary_cross_entropy sgd adam constant lecun_normal he_uniform zeros; do
    matches out "^  $kind  +[^ ]"
done

run 0 describe --json
json out
for group in layers activations losses optimizers schedules inits metrics formats; do
    matches out "\"$group\":"
done

# Every kind that is listed can be asked for by its group and name.
run 0 describe
cp out all
group=
kinds=0
while read -r name summary; do
    case $name in
    layers | activations | losses | optimizers | schedules | inits | metrics | formats)
        group=${name%s}
        group=${group%losse}
        group=${group:-loss}
        ;;
    '' | snug) ;;
    *)
        run 0 describe "$group:$name"
        matches out "^$name: "
        kinds=$((kinds + 1))
        ;;
    esac
done <all
holds "$kinds >= 23"

run 0 describe elu
matches out '^  field +kind +default +range +help$'
matches out '^  alpha +.*1 '
run 0 describe dense
matches out '^  units '
run 0 describe adam --json
json out
equals name "$(value out name)" '"adam"'
for key in summary fields kind default range help; do
    contains out "\"$key\":"
done
run 0 describe roc_auc
matches out '^roc_auc: '
run 0 describe metric:mae --json
equals group "$(value out group)" '"metrics"'
run 0 describe
matches out '^  csv  +[^ ]'
matches out '^  npy  +[^ ]'
run 0 describe csv
matches out '^csv: '
run 0 describe formats:npy --json
equals group "$(value out group)" '"formats"'
run 2 describe format:cvs
matches err 'did you mean "?csv"?'
run 2 describe roc_acu
matches err 'did you mean "?roc_auc"?'
run 2 describe selo
matches err 'did you mean "?selu"?'

run 0 schema
json out
contains out 'https://json-schema.org/draft/2020-12/schema'
contains out '"units"'

run 0 plot elu selu
contains out '<svg'
contains out '</svg>'
cp out plot.svg
run 0 plot elu '{"type": "selu"}' --out file.svg
same plot.svg file.svg
run 0 plot '{"type": "elu", "alpha": 1.5}'
differ plot.svg out
run 2 plot selo
matches err 'did you mean "?selu"?'
refuses 2 'plot:' plot
refuses 2 'softmax: is not elementwise, and so has no curve' plot softmax
