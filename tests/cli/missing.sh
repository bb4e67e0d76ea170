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
