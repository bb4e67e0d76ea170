# snug predict: CSV and JSON, to standard output or a file; nothing half-written.
. "$SNUG_SOURCE/tests/cli/lib/assert.sh"

make_clouds_experiment
run 0 train clouds.json --quiet --set train.epochs=60

run 0 predict clouds.safetensors clouds.csv
equals "the head" "$(head -n 1 out)" \
    'prediction,p_plain,"p_with ""quotes""","p_with, comma"'
equals "lines" "$(wc -l <out)" 61
matches out '^plain,[0-9.e-]+,[0-9.e-]+,[0-9.e-]+$'
matches out '^"with, comma",[0-9.e-]+,[0-9.e-]+,[0-9.e-]+$'
matches out '^"with ""quotes""",[0-9.e-]+,[0-9.e-]+,[0-9.e-]+$'
cp out all.csv

# The probabilities of a row add up to one, and the largest is the prediction's.
sed '1d; s/^"with, comma"/comma/; s/^"with ""quotes"""/quotes/' all.csv | awk -F, '
    { best = $2 >= $3 && $2 >= $4 ? "plain" : $3 >= $4 ? "quotes" : "comma"
      sum = $2 + $3 + $4
      if (best != $1 || sum < 0.999999 || sum > 1.000001) exit 1 }' ||
    fail "a prediction does not follow from its probabilities"

# The target column may be missing, the columns may be turned, rows may be few.
awk -F, '{ print $2 "," $1 }' clouds.csv >features.csv
"$SNUG" predict clouds.safetensors features.csv >again.csv
same all.csv again.csv
"$SNUG" predict clouds.safetensors clouds.csv --rows 7 >few.csv
head -n 8 all.csv >wanted.csv
same wanted.csv few.csv
"$SNUG" predict clouds.safetensors clouds.csv --rows 1000 >again.csv
same all.csv again.csv

# Targets are not read: they may be empty, missing or new. `snug evaluate` needs them.
awk -F, 'NR == 1 { print; next }
         { print $1 "," $2 "," (NR % 3 == 0 ? "" : NR % 3 == 1 ? "?" : "new") }' \
    clouds.csv >unknown.csv
"$SNUG" predict clouds.safetensors unknown.csv >again.csv
same all.csv again.csv
refuses 2 'unknown.csv:2: column "cloud":' \
    evaluate clouds.safetensors unknown.csv

# To a file, which is replaced as a whole.
printf 'old\n' >file.csv
run 0 predict clouds.safetensors clouds.csv --out file.csv
equals "standard output" "$(cat out)" ""
same all.csv file.csv
ls -A >before
refuses 1 'none/file.csv:' \
    predict clouds.safetensors clouds.csv --out none/file.csv
printf 'x,y\n1,2\n3\n' >short.csv
refuses 2 'short.csv:3:' \
    predict clouds.safetensors short.csv --out file.csv
same all.csv file.csv
ls -A | grep -vxF -e short.csv -e after >after
same before after
run 0 predict clouds.safetensors clouds.csv --out /dev/null
[ ! -f /dev/null ] || fail "/dev/null was replaced"

# JSON
run 0 predict clouds.safetensors clouds.csv --json --rows 2
json out
matches out '^\{"rows": 2, "predictions": \[$'
matches out '^  \{"prediction": "plain", "p_plain": [0-9.e-]+, '\
'"p_with \\"quotes\\"": [0-9.e-]+, "p_with, comma": [0-9.e-]+\},$'

# One output for two classes gives both probabilities.
run 0 train "$examples/breast_cancer.json" --quiet --set train.epochs=2
run 0 predict breast_cancer.safetensors "$examples/data/breast_cancer.csv"
matches out '^prediction,p_benign,p_malignant$'
sed 1d out | awk -F, '$2 + $3 < 0.999999 || $2 + $3 > 1.000001 ||
    ($1 == "malignant") != ($3 > 0.5) { exit 1 }' || fail "the probabilities are wrong"

# Values: a column by the target's name.
run 0 train "$examples/diabetes.json" --quiet --set train.epochs=2
run 0 predict diabetes.safetensors "$examples/data/diabetes.csv"
equals "the head" "$(head -n 1 out)" progression
equals "lines" "$(wc -l <out)" 443
run 0 predict diabetes.safetensors "$examples/data/diabetes.csv" --json --rows 1
matches out '^  \{"progression": -?[0-9.e-]+\}$'

# Targets of any units train with the defaults, and their predictions have these units. Column c of
# the table is 250000 + 30000 a - 20000 b.
awk 'BEGIN {
    print "a,b,c"
    for (i = 0; i < 120; i++) {
        a = (i * 37 % 120) / 40 - 1.5; b = (i * 53 % 120) / 40 - 1.5
        printf "%.6f,%.6f,%.2f\n", a, b, 250000 + 30000 * a - 20000 * b
    }
}' >prices.csv
cat >prices.json <<'END'
{"data": {"train": "prices.csv", "target": "c", "test": 0.25},
 "model": {"layers": [{"type": "dense", "units": 16}, "selu", {"type": "dense", "units": 1}]},
 "train": {"loss": "mae", "epochs": 60}}
END
run 0 train prices.json --quiet --json
sed -n '/"test"/,$p' out >test.part
holds "$(value test.part r2) > 0.9"
holds "$(value test.part loss) < 15000 && $(value test.part loss) > 10"
run 0 predict prices.safetensors prices.csv
awk -F, 'NR > 1 && ($1 < 140000 || $1 > 360000) { exit 1 }' out ||
    fail "predictions have other units"
run 0 check prices.json
run 0 train prices.json --quiet --json --set data.target_scaling=none
sed -n '/"test"/,$p' out >test.part
holds "$(value test.part r2) < 0"
run 2 train prices.json --set data.target_scaling=min_max
contains err 'data.target_scaling: '

# Seconds since 1970 train as seconds since the start; with and without the model the same rows are
# read to the same digits.
for start in 0 1700000000; do
    awk -v start=$start 'BEGIN {
        print "t,y"
        for (i = 0; i < 400; i++) {
            printf "%.1f,%.5f\n", start + i / 10, 2 * sin(i / 100)
        }
    }' >"clock$start.csv"
    cat >"clock$start.json" <<END
{"data": {"train": "clock$start.csv", "target": "y", "test": 0.25},
 "model": {"layers": [{"type": "dense", "units": 16}, "selu", {"type": "dense", "units": 1}]},
 "train": {"loss": "mse", "epochs": 150, "seed": 3,
           "optimizer": {"type": "adam", "learning_rate": 0.01}}}
END
    run 0 train "clock$start.json" --quiet --json
    equals "warnings" "$(cat err)" ""
    sed -n '/"test"/,$p' out >test.part
    holds "$(value test.part r2) > 0.9"
    run 0 predict "clock$start.safetensors" "clock$start.csv"
    cp out "predictions$start.csv"
done
paste -d , predictions0.csv predictions1700000000.csv | awk -F, '
    NR > 1 { d = $1 - $2; if (d > 1e-3 || d < -1e-3) exit 1 }' ||
    fail "a late clock predicts otherwise"
equals "different predictions" "$(sort -u predictions1700000000.csv | wc -l)" 401
run 0 evaluate clock1700000000.safetensors clock1700000000.csv --json
holds "$(value out r2) > 0.9"
