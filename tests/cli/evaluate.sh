# snug evaluate: metrics and the confusion of classes, for classes and for values.
. "$SNUG_SOURCE/tests/cli/lib/assert.sh"

make_clouds_experiment
run 0 train clouds.json --quiet --set train.epochs=60

run 0 evaluate clouds.safetensors clouds.csv
matches out '^rows +60$'
matches out '^loss +[0-9.e-]+$'
matches out '^accuracy +[0-9.]+$'
matches out '^rows of each class, and what they were taken for:$'
matches out '^with, comma +[0-9]+ +[0-9]+ +[0-9]+$'

run 0 evaluate clouds.safetensors clouds.csv --json
json out
equals rows "$(value out rows)" 60
holds "$(value out accuracy) >= 0.9"
tr -d '\n\t' <out >flat
matches flat '"classes":\["plain", *"with \\"quotes\\"", *"with, comma"\]'
matches flat '"confusion":\[\[[0-9]+, [0-9]+, [0-9]+\], \[[0-9]+, [0-9]+, [0-9]+\], '
equals "rows in the confusion" \
    "$(sed 's/.*"confusion"://; s/[^0-9]/ /g' flat |
        awk '{for (i = 1; i <= NF; i++) n += $i; print n}')" 60
"$SNUG" evaluate clouds.safetensors clouds.csv --json >again
same out again

for metric in loss accuracy balanced_accuracy precision recall f1 f1_macro f1_micro roc_auc \
    log_loss; do
    matches out "^	\"$metric\":"
done

# Accuracy is the share of the diagonal.
diagonal=$(sed 's/.*"confusion"://; s/[^0-9]/ /g' flat | awk '{print $1 + $5 + $9}')
holds \
    "$(value out accuracy) - $diagonal / 60 < 1e-6 && $diagonal / 60 - $(value out accuracy) < 1e-6"

# Columns are found by their names, in any order.
awk -F, '{ print $2 "," substr($0, length($1 $2) + 3) "," $1 }' clouds.csv >turned.csv
"$SNUG" evaluate clouds.safetensors turned.csv --json >again
same out again
tr ',' ';' <clouds.csv | sed 's/"with; comma"/"with, comma"/' >semicolons.csv
"$SNUG" evaluate clouds.safetensors semicolons.csv --delimiter ';' --json >again
same out again

# Two classes by one output.
run 0 train "$examples/breast_cancer.json" --quiet --set train.epochs=3
run 0 evaluate breast_cancer.safetensors "$examples/data/breast_cancer.csv" --json
equals rows "$(value out rows)" 569
holds "$(value out accuracy) >= 0.9"

# Values.
run 0 train "$examples/diabetes.json" --quiet --set train.epochs=2
run 0 evaluate diabetes.safetensors "$examples/data/diabetes.csv" --json
json out
holds "$(value out mae) > 0"
matches out '"r2":'
! grep -q confusion out || fail "values have no confusion"
run 0 evaluate diabetes.safetensors "$examples/data/diabetes.csv"
matches out '^mae +[0-9.]+$'

# A target that is not last is found where it was, with names and without.
awk -F, '{ print $NF "," substr($0, 1, length($0) - length($NF) - 1) }' \
    "$examples/data/diabetes.csv" >first.csv
sed 1d first.csv >bare.csv
sed '1d; s/^[^,]*,//' first.csv >features.csv
run 0 train "$examples/diabetes.json" --quiet --set train.epochs=2 \
    --set "data.train=$PWD/first.csv" \
    --set data.target=progression --out first.safetensors
"$SNUG" evaluate first.safetensors first.csv --json >named
run 0 evaluate first.safetensors bare.csv --no-header --json
same named out
"$SNUG" predict first.safetensors first.csv >named
equals "lines" "$(wc -l <named)" 443
for table in bare.csv features.csv; do
    run 0 predict first.safetensors "$table" --no-header
    same named out
done

# Targets are needed.
cut -d, -f1,2 clouds.csv >features.csv
run 2 evaluate clouds.safetensors features.csv
equals "standard output" "$(cat out)" ""
run 2 evaluate diabetes.safetensors "$examples/data/diabetes.csv" --confusion
equals "the message" "$(cat err)" \
    "snug: evaluate: --confusion needs classes, and diabetes.safetensors predicts values"

# The matrix of many classes is counted and printed where it is asked for.
awk 'BEGIN { print "x,y"; for (i = 0; i < 202; i++) print i % 101 - 50 ",c" i % 101 }' >many.csv
cat >many.json <<'JSON'
{"data": {"train": "many.csv"}, "model": {"layers": [{"type": "dense", "units": "classes"}]},
 "train": {"epochs": 1}}
JSON
run 0 train many.json --quiet
run 0 evaluate many.safetensors many.csv
matches out '^accuracy +[0-9.]+$'
matches out '^--confusion prints the confusion matrix of 101 classes$'
equals "lines about classes" "$(grep -c '^c[0-9]' out || true)" 0
run 0 evaluate many.safetensors many.csv --json
json out
matches out '^	"classes":	\["c0", "c1", '
equals "matrices" "$(grep -c confusion out || true)" 0
run 0 evaluate many.safetensors many.csv --confusion
equals "lines about classes" "$(grep -c '^c[0-9]' out)" 101
equals "rows in the matrix" \
    "$(grep '^c[0-9]' out | awk '{for (i = 2; i <= NF; i++) n += $i; print NF}
    END {print n}' | sort -n | uniq -c | awk '{print $1 "x" $2}' | tr '\n' ' ')" "101x102 1x202 "
run 0 evaluate many.safetensors many.csv --confusion --json
json out
equals "rows in the matrix" \
    "$(tr -d '\n\t' <out | sed 's/.*"confusion"://; s/[^0-9]/ /g' |
        awk '{for (i = 1; i <= NF; i++) n += $i; print NF, n}')" \
    "10201 202"

# Of 20000 classes it would take more than 3 GB, and is not counted at all.
npy() {
    printf "\\223NUMPY\\1\\0\\166\\0%-117s\\n$2" \
        "{'descr': '$3', 'fortran_order': False, 'shape': $1, }"
}
npy '(4, 2)' '\1\2\3\4\5\6\7\10' '|u1' >x.npy
npy '(4,)' '\0\0\1\0\2\0\37\116' '<u2' >y.npy
cat >arrays.json <<'JSON'
{"data": {"train": {"features": "x.npy", "targets": "y.npy"}},
 "model": {"layers": [{"type": "dense", "units": "classes"}]},
 "train": {"epochs": 1}}
JSON
run 0 train arrays.json --quiet
run 0 evaluate arrays.safetensors x.npy,y.npy
matches out '^20000 classes are too many for a confusion matrix$'
run 0 evaluate arrays.safetensors x.npy,y.npy --json
equals rows "$(value out rows)" 4
refuses 2 'evaluate:' \
    evaluate arrays.safetensors x.npy,y.npy --confusion
