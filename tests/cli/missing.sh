# Values that are missing, and categories that are unknown, from training to prediction.
. "$SNUG_SOURCE/tests/cli/lib/assert.sh"

# A category that the training rows do not have, in rows to predict and in the validation rows.
printf 'size,town,kind\n%s\n' '1,Bonn,a
4,Ulm,b
2,Bonn,a
7,Ulm,b
3,Ulm,a
9,Bonn,b' >towns.csv
printf 'size,town,kind\n2,Köln,a\n8,,b\n5,Trier,b\n' >later.csv
printf '{"data": {"train": "towns.csv", "validation": "later.csv"}, "model": {"layers":
 [{"type": "dense", "units": "classes"}]}, "train": {"epochs": 2}}' >towns.json
run 0 train towns.json --quiet --json
unknown='later.csv:2: column "town": 2 cells hold unknown categories, the first one "Köln": '
warns "$unknown"
matches out '2 cells hold unknown categories, the first one \\"Köln\\":'
run 0 evaluate towns.safetensors later.csv
warns "$unknown"
run 0 predict towns.safetensors later.csv
warns "$unknown"
equals 'rows' "$(wc -l <out)" 4
sed '3s/,,/,Ulm,/' later.csv >strict.csv
refuses 2 'strict.csv:2: column "town":' predict towns.safetensors strict.csv --strict
refuses 2 'later.csv:2: column "town":' \
    train towns.json --quiet --set data.unknown_category=error --out t.safetensors

# Rows without a target: left out of training, validation and evaluation, and predicted.
printf 'size,town,kind\n%s\n' '1,Bonn,a
4,Ulm,
2,Bonn,a
7,Ulm,b
3,Ulm, 
9,Bonn,b' >targets.csv
run 0 train towns.json --quiet --json --set data.train=targets.csv --set data.validation=targets.csv
warns 'targets.csv:3: column "kind": 2 values of the target are missing, the first one here:'
matches out '2 values of the target are missing'
run 0 evaluate towns.safetensors targets.csv --json
warns 'targets.csv:3: column "kind": 2 values of the target are missing, the first one here:'
run 0 predict towns.safetensors targets.csv
equals 'warnings of a prediction' "$(cat err)" ''
equals 'predictions' "$(wc -l <out)" 7
mv out wanted
for placeholder in '' '?' NA unknown 0; do
    awk -F, -v kind="$placeholder" 'NR > 1 { $0 = $1 "," $2 "," kind } { print }' targets.csv >t.csv
    run 0 predict towns.safetensors t.csv
    same out wanted
done
refuses 2 'targets.csv:3: column "kind":' evaluate towns.safetensors targets.csv --strict
sed 's/,[^,]*$/,/; 1s/$/kind/' targets.csv >none.csv
refuses 2 'none.csv: column "kind":' train towns.json --quiet --set data.train=none.csv \
    --set data.validation=null

# A feature more for a column with missing values, which the model makes in other tables too.
printf 'size,town,kind\n%s\n' '1,Bonn,a
4,,b
2,Bonn,a
,Ulm,b' >gaps.csv
run 0 train towns.json --quiet --set data.train=gaps.csv --set data.missing_indicator=true \
    --set data.validation=null --out gaps.safetensors
run 0 inspect gaps.safetensors
matches out '\b5\b'
run 0 predict gaps.safetensors later.csv
equals 'predictions' "$(wc -l <out)" 4
