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
