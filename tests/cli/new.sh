# snug new: what it sees of a table and writes, trains as it is.
. "$SNUG_SOURCE/tests/cli/lib/assert.sh"

# trains FILE.json: two epochs, without an edit.
trains() { run 0 train "$1" --quiet --set train.epochs=2 --out trained.safetensors; }

# A table as people have it: an identifier, names, blanks, markers, a constant column, Windows-1252.
awk 'BEGIN {
    print "Id;name;size;weight;colour;empty;unit;kind"
    for (i = 1; i <= 60; i++)
        printf "%d;thing %d;%s;%d,5;%s;;kg;%s\n", i, i, i % 9 ? i % 7 : "NA", i * 7 % 11,
            i % 3 ? "ros\351" : "bleu", i % 2 ? "small" : "large"
}' >things.csv
run 0 new things.csv
contains out 'things.csv: 60 rows, 8 columns; csv, windows-1252'
matches out '60 rows.* fields between ";", decimal mark ",", a header$'
matches out '^target +kind, the last column \(--target\): 2 classes: large 50.0 %, small 50.0 %'
matches out '^numbers +2: size \(10.0 % missing\), weight$'
matches out '^categories +1: colour \(2\)$'
matches out '^ignored +Id: '
matches out '^ignored +name: '
matches out '^ignored +empty: '
matches out '^ignored +unit: '
matches out '^training +48 rows, validation 12 \(20 %\); 200 epochs$'
matches out '^values +scaled: robust_clip; a missing number becomes the median$'
matches out '^recipe +tabular-[0-9]: four networks of 3 x 128 SELU units in one'
matches out '^things.json is written; snug train things.json trains it$'
holds "$(wc -l <out) < 17"
contains things.json '"ignore": ["Id", "name", "empty", "unit"]'
trains things.json
run 0 new things.csv --ignore kind,unit,empty --out colour.json
matches out '^target +colour, the last column that can be the target \(--target\): 2 classes'
# What the experiment says of missing values is not assumed: strict training takes the table.
run 0 train things.json --strict --quiet --set train.epochs=2 --out trained.safetensors
run 0 evaluate trained.safetensors things.csv
run 0 predict trained.safetensors things.csv

# No file is overwritten.
cp things.json before.json
refuses 2 'new: things.json is there already' new things.csv
same before.json things.json
refuses 2 'new: before.json is there already' new things.csv --out before.json
run 0 new things.csv --out again.json
same things.json again.json

# In another directory, from another one, and compressed.
mkdir data runs
mv things.csv data
gzip -k data/things.csv
run 0 new data/things.csv.gz --out here.json
contains here.json '"train": "data/things.csv.gz"'
trains here.json
run 0 new data/things.csv --out runs/things.json
contains runs/things.json '"train": "../data/things.csv"'
trains runs/things.json
(cd runs && "$SNUG" train things.json --quiet --set train.epochs=1 >/dev/null)
run 0 new "$PWD/data/things.csv" --out absolute.json
contains absolute.json "\"train\": \"$PWD/data/things.csv\""

# Every choice has an option.
run 0 new data/things.csv --out options.json --target size --task value --ignore colour,weight \
    --keep Id --recipe linear --test 0.1 --seed 3 --missing-values NA,0
matches out '^target +size: values; it was asked for'
matches out '^numbers +1: Id$'
matches out '^ignored +weight, colour: as told$'
for text in '"target": ["size"]' '"test": 0.1' '"seed": 3' '"missing_values": ["NA", "0"]' \
    '"recipe": "linear-'; do
    contains options.json "$text"
done
trains options.json
for recipe in tabular tabular-fast snn linear; do
    run 0 new data/things.csv --out "$recipe.json" --recipe "$recipe"
    trains "$recipe.json"
done

# Several targets; names with commas; no header.
awk 'BEGIN {
    for (i = 0; i < 60; i++)
        printf "%d.5,\"%s\",%d.25,%d.75\n", i % 7, i % 2 ? "a" : "b", i, i * 3 % 17
}' >bare.csv
run 0 new bare.csv --target column3,column4
matches out 'no header$'
contains bare.json '"target": ["column3", "column4"]'
matches out '^target +column3, column4: values; several targets are values$'
contains bare.json '"header": false'
contains bare.json '"units": "targets"'
trains bare.json
run 0 predict trained.safetensors bare.csv
run 0 train bare.json --quiet --set train.epochs=1 --out bare.safetensors \
    --set 'train.loss={"type": "quantile", "taus": [0.05, 0.5, 0.95]}'
run 0 predict bare.safetensors bare.csv --out intervals.csv
equals "prediction intervals" "$(head -1 intervals.csv)" \
    "column3_q0.05,column3_q0.5,column3_q0.95,column4_q0.05,column4_q0.5,column4_q0.95"
holds "$(grep -c '"units": "targets"' bare.safetensors || true) == 0"
refuses 2 'here.json: model.layers[0]: "units": "targets" needs data whose targets are values; ' \
    train here.json --set 'model.layers=[{"type": "dense", "units": "targets"}]'
sed '1i "x","a, b","c, d","y"' bare.csv >commas.csv
run 0 new commas.csv --target 'c\, d' --target y --ignore 'a\, b'
contains commas.json '"target": ["c, d", "y"]'
trains commas.json
run 0 new commas.csv --out forced.json --no-header --target 4
contains forced.json '"header": false'

# Very long names, and many notes and ignored columns, are shortened.
awk 'BEGIN {
    for (j = 0; j < 80; j++)
        printf "c%d,", j
    name = sprintf("%0500d", 0)
    gsub("0", "n", name)
    print name ",kind"
    for (i = 0; i < 60; i++) {
        for (j = 0; j < 80; j++)
            printf "%s,", j < 40 ? 7 : i == 3 ? "bad" : i * 3 / 2
        printf "%d.25,%s\n", i % 5, i % 2 ? "v" : name
    }
}' >long.csv
run 0 new long.csv
matches out '^target +kind, the last column \(--target\): 2 classes: n{60}\.\.\. 50.0 %, v 50.0 %; '
matches out '^ignored +c0, .* c11 \.\.\.: the same in every row$'
matches out '^note +28 more '
holds "$(wc -c <out) < 3000"
trains long.json

# JSON.
run 0 new data/things.csv --out json.json --json
json out
equals "recipe" "$(value out experiment)" '"json.json"'
equals "rows" "$(value out rows)" 60
equals "task" "$(value out task)" '"class"'
equals "delimiter" "$(value out delimiter)" '";"'
equals "names of columns" "$(grep -c '"use":' out)" 8

# Other formats, and formats of two files.
run 0 train "$examples/iris.json" --quiet --set train.epochs=1 --out iris.safetensors
awk -F, 'NR > 1 { printf "{\"a\": %s, \"b\": %s, \"species\": \"%s\"}\n", $1, $2, $5 }' \
    "$examples/data/iris.csv" >iris.jsonl
run 0 new iris.jsonl
contains iris.json '"target": ["species"]'
trains iris.json
awk 'BEGIN { for (i = 0; i < 60; i++) print i % 2, "1:" i % 7, "3:" i % 2 }' >lines.svm
run 0 new lines.svm
trains lines.json

# The recipe as it was taken, and shares of all rows.
run 0 new data/things.csv --out value.json --target size --task value --test 0.25
matches out '^training +29 rows, validation 11 \(20 %\), test 14; 256 epochs$'
matches out '^values +scaled: standard_clip$'
matches out '^recipe +tabular-[0-9]: four networks of 3 x 128 Mish units in one'

# Numbers in another format.
awk 'BEGIN { print "price,y"; for (i = 0; i < 60; i++)
         printf "\"$%d,%03d.50\",%d.25\n", i % 3 + 1, i * 7, i }' >prices.csv
run 0 new prices.csv
matches out '; numbers are read as formatted, such as "1,234" and "\$5.20"$'
contains prices.json '"number_format": "formatted"'
run 0 new prices.csv --out prices2.json --json
equals 'number format' "$(value out number_format)" '"formatted"'
equals 'epochs' "$(value out epochs)" 256
equals 'scaling' "$(value out scaling)" '"standard_clip"'
equals 'validation rows' "$(value out validation_rows)" 12

# A comma or a point that may separate thousands: what was assumed is noted where it is not sure.
awk 'BEGIN { print "income\ty"; for (i = 0; i < 60; i++)
         printf i % 2 ? "%d\t%d.25\n" : "%d,230\t%d.25\n", 100 + i, i }' >thousands.tsv
run 0 new thousands.tsv
matches out 'decimal mark "\.", a header$'
matches out '^numbers +1: income$'
! grep '^note ' out || fail 'a note is not expected'
contains thousands.json '"number_format": "formatted"'
sed 's/\.25/,234/' thousands.tsv >marks.tsv
run 0 new marks.tsv --target income
matches out '^note +the comma of "100,230" in "income" is taken for the decimal mark: '
sed 's/\.25//; s/,230/.230/; s/\t/;/' thousands.tsv >points.csv
run 0 new points.csv
matches out 'decimal mark ",", a header$'
matches out '^note +the point of "100.230" in "income" is taken to separate thousands: '
matches out ': --decimal \. takes it for the decimal mark$'
run 0 new points.csv --decimal . --out points2.json
! grep 'the point of' out || fail 'a note is not expected'
printf 'x;y\n1,234;a\n2,345;b\n3,456;a\n' >commas.csv
run 0 new commas.csv --out commas2.json
matches out '^note +the comma of "1,234" in "x" is taken for the decimal mark: '
matches out ': --decimal \. takes it to separate thousands$'

# Years among the names of columns.
awk 'BEGIN { print "country,2019,2020,label"; for (i = 0; i < 60; i++)
         printf "c%d,%d,%d,%s\n", i % 5, i * 7 % 60, i * 11 % 60, i % 2 ? "A" : "B" }' >years.csv
run 0 new years.csv
matches out ', a header$'
matches out '^note +the first line is taken for a header: --no-header takes it for values$'
run 0 new years.csv --no-header --out years2.json
matches out ', no header$'
! grep 'the first line' out || fail 'a note is not expected'

# Codes with leading zeros: the classes are named as predictions name them.
awk 'BEGIN { print "zip,x,kind"; for (i = 0; i < 60; i++)
         printf "001%02d,%d.5,%s\n", i % 5, i, i % 3 ? "007" : "008" }' >codes.csv
run 0 new codes.csv
matches out '2 classes: 007 66.7 %, 008 33.3 %; '
matches out '^categories +1: zip \(5\)$'
matches out '^note +"zip" has leading zeros, such as "00100", and is taken for categories'
contains codes.json '"categorical": ["zip"]'
trains codes.json
run 0 predict trained.safetensors codes.csv
contains out p_007

# The largest of many classes; small ones, and those that differ in capitals.
awk 'BEGIN {
    print "x,kind"
    for (i = 0; i < 3000; i++) {
        kind = "k" (i % 8 ? i % 8 : 2)
        if (i % 8 == 1) kind = i % 31 == 1 ? "yes" : "Yes"
        if (i == 9) kind = "ISLAND"
        printf "%d.5,%s\n", i % 7, kind
    }
}' >kinds.csv
run 0 new kinds.csv
matches out '^target +kind, the last column \(--target\): 9 classes: k2 25.0 %, k3 .*, k7 12.* '
matches out ' % and 3 more; it holds strings'
matches out '^note +class "ISLAND" has 1 row, '
matches out '^note +the classes "Yes" and "yes" differ only in capitals'
grep -v ',k[4-7]' kinds.csv >few.csv
run 0 new few.csv
matches out '^target +kind, the last column \(--target\): 5 classes: ISLAND < 0.1 %, Yes '

# Targets of which nothing can be learned.
awk 'BEGIN { print "x,name,n,five"; for (i = 1; i <= 100; i++)
         printf "%d.5,name%d,%d,5.5\n", i % 7, i, i }' >hopeless.csv
run 0 new hopeless.csv --target name
matches out '^note +100 of 100 classes have 1 row, '
run 0 new hopeless.csv --target n --out rows.json
matches out '^note +the target "n" numbers the rows, .*: --target takes another$'
refuses 2 'hopeless.csv: the target "five" is "5.5" in every row' new hopeless.csv --out five.json
run 0 new hopeless.csv --target x,five --keep n --out five.json
awk 'BEGIN { print "x,y"; for (i = 0; i < 40; i++)
         printf "%d.5,c%d\n", i % 7, i < 20 ? i % 10 : i < 30 ? 10 : 11 }' >small.csv
run 0 new small.csv
matches out '^note +10 of 12 classes have fewer than 5 rows, '

# A comment above the header.
printf '# exported\na,b\n1,2\n3,4\n' >comment.csv
refuses 2 'comment.csv:2: has 1 field where the header has 2, between blanks' new comment.csv

# Wrong input.
rm things.json
refuses 2 'new: needs DATA' new
refuses 2 'none.csv: cannot open' new none.csv
refuses 2 'data/things.csv: there is no column "kin"' new data/things.csv --target kin
refuses 2 'data/things.csv: the target "kind" holds strings' new data/things.csv --task value
refuses 2 'new: --task: must be class or value' new data/things.csv --task both
refuses 2 'there is no recipe "tab"' new data/things.csv --recipe tab
refuses 2 'new: --test: must be a share' new data/things.csv --test 2
refuses 2 'new: --seed: must be a whole number' new data/things.csv --seed -1
refuses 2 'new: --header and --no-header' new data/things.csv --header --no-header
refuses 2 'new: --target needs a value' new data/things.csv --target ''
refuses 2 '-: standard input can be read once' new - --out stdin.json
refuses 2 'iris.jsonl: .delimiter' new iris.jsonl --delimiter ';' --out iris2.json
refuses 1 'none/things.json: ' new data/things.csv --out none/things.json
printf 'x,y\n1,2\n3\n' >ragged.csv
refuses 2 'ragged.csv:3: ' new ragged.csv
printf 'x,y\n1,a\n2,a\n' >one.csv
refuses 2 'one.csv: the target "y" is "a" in every row' new one.csv
absent ragged.json
absent one.json
