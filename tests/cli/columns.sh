# What the columns of a table hold: markers of missing values, strings among numbers, codes, and
# targets that do not suit the loss.
. "$SNUG_SOURCE/tests/cli/lib/assert.sh"

# A table of 200 rows: two columns of numbers, a code from 1 to 4, classes and a measurement.
awk 'BEGIN {
    print "a,b,code,side,price"
    for (i = 0; i < 200; i++) {
        a = i * 37 % 101 / 10
        b = i * 53 % 97 / 10
        printf "%.1f,%.1f,%d,%s,%.3f\n", a, b, 1 + i % 4, (a > b ? "up" : "down"), 20 + 3 * a - b
    }
}' >whole.csv
cat >t.json <<'JSON'
{"data": {"train": "t.csv", "target": "side", "ignore": ["price"], "missing": "mean"},
 "model": {"layers": [{"type": "dense", "units": "classes"}]},
 "train": {"loss": "softmax_cross_entropy", "epochs": 2, "seed": 1}}
JSON
edit() { awk -F, -v OFS=, "$1 { print }" whole.csv >t.csv; }

# Markers in a column of numbers are missing values, with a warning; the model reads them alike.
edit 'NR == 52 || NR == 99 { $1 = "n/a" } NR == 70 { $2 = "-" }'
run 0 train t.json --quiet --json
matches err '^snug: warning: t.csv:52: column "a": 2 cells hold "n/a", .*"missing_values"'
matches err '^snug: warning: t.csv:70: column "b": 1 cell holds "-", .*"missing_values"'
json out
contains out '"t.csv:52: column \"a\": 2 cells hold \"n/a\"'
head -n 60 t.csv >p.csv
run 0 predict t.safetensors p.csv
edit 'NR == 52 { $1 = "many" }'
refuses 2 't.csv:52: column "a":' predict t.safetensors t.csv
run 2 train t.json --quiet --strict

# A string in a column that is nearly all numbers: an error that names the ways out, which all work.
refuses 2 't.csv:52: column "a":' train t.json --quiet
contains err '"missing_values": ["many"]'
contains err '"categorical": ["a"]'
contains err '"ignore"'
run 0 train t.json --quiet --set 'data.missing_values=["many"]'
run 0 train t.json --quiet --set 'data.categorical=["a"]'
run 0 train t.json --quiet --set 'data.ignore=["price","a"]'

# Codes are categories where they are declared, 1 and 1.0 one of them.
edit 'NR > 1 && NR % 2 { $3 = $3 ".0" }'
run 0 train t.json --quiet --set 'data.categorical=["code"]'
equals 'standard error' "$(cat err)" ''
run 0 predict t.safetensors whole.csv
refuses 2 't.csv: there is no column "cod"; did you mean "code"?' \
    train t.json --quiet --set 'data.categorical=["cod"]'

# -200, with any number of decimals, instead of the usual markers.
edit 'NR % 9 == 2 { $1 = "-200" } NR % 9 == 3 { $1 = "-200.0" }'
run 0 train t.json --quiet --set 'data.missing_values=["-200"]'
if grep -q cells err; then fail "a warning of what was asked for: $(cat err)"; fi
run 0 evaluate t.safetensors t.csv
run 0 evaluate t.safetensors whole.csv

# A measurement where the loss wants classes, and two classes where it wants values.
cp whole.csv t.csv
classes='data.ignore=["side"]'
run 0 train t.json --quiet --set "$classes" --set data.target=price
matches err '^snug: warning: t.csv: column "price": the target holds [0-9]+ different numbers, not'
contains err '"loss": "mse"'
edit 'NR > 1 { $4 = $4 == "up" }'
run 0 train t.json --quiet --set train.loss=mse --set 'model.layers=[{"type":"dense","units":1}]'
matches err '^snug: warning: the target "side" is 0 or 1 in every row, .*"softmax_cross_entropy"'
