# Tables as people have them: names that are missing, blanks that nobody sees, decimal commas, other
# encodings.
. "$SNUG_SOURCE/tests/cli/lib/assert.sh"
make_clouds_experiment

# warns TEXT: one line of "err" is a warning with that text.
warns() {
    grep -F 'snug: warning: ' err | grep -qF -e "$1" || fail "no warning has
$1
in
$(cat err)"
}

# The index that pandas writes as a first column without a name.
awk -F, 'NR == 1 { print "," $0 } NR > 1 { print NR - 2 "," $0 }' clouds.csv >t.csv
run 0 train clouds.json --quiet --set data.train=t.csv --out t.safetensors
warns 't.csv:1: 1 column of the header has no name, called "column1" by its number'
run 0 predict t.safetensors t.csv
run 0 train clouds.json --quiet --set data.train=t.csv --set 'data.ignore=["column1"]' \
    --out t.safetensors
[ ! -s err ] || fail "a warning of a column that is ignored: $(cat err)"
run 0 predict t.safetensors clouds.csv
run 2 train clouds.json --quiet --set data.train=t.csv --strict --out u.safetensors
absent u.safetensors

# A separator at the end of each line.
sed 's/$/,/' clouds.csv >t.csv
run 0 train clouds.json --quiet --set data.train=t.csv --out t.safetensors
warns 'called "column4" by its number: left out: empty in every row'
run 0 evaluate t.safetensors t.csv
run 0 evaluate t.safetensors clouds.csv

# A column is found by its name as the file has it, and without the blanks; "a " is the class "a".
awk -F, 'NR == 1 { print "x, y ,cloud " } NR > 1 && NR % 2 { print $1 ", " $2 ",a " }
         NR > 1 && !(NR % 2) { print $1 "," $2 " ,\"b \"" }' clouds.csv >t.csv
for name in 'cloud ' cloud; do
    run 0 train clouds.json --quiet --set data.train=t.csv --set "data.target=\"$name\"" \
        --set 'data.columns=["x "," y "]' --out t.safetensors
done
run 0 predict t.safetensors t.csv
matches out '^prediction,p_a,p_b$'

# Decimal commas, of which the model knows when it reads other tables.
sed 's/^\([^,]*\),\([^,]*\),/\1;\2;/; s/\./,/g' clouds.csv >commas.csv
refuses 2 'commas.csv:2: column "x":' train clouds.json --quiet --set data.train=commas.csv \
    --set data.delimiter=semicolon --out t.safetensors
run 0 train clouds.json --quiet --out points.safetensors
run 0 train clouds.json --quiet --set data.train=commas.csv --set data.delimiter=semicolon \
    --set 'data.decimal=","' --out commas.safetensors
run 0 predict points.safetensors clouds.csv
mv out wanted
run 0 predict commas.safetensors commas.csv --delimiter ';'
same wanted out
run 0 predict commas.safetensors commas.csv
same wanted out
run 0 predict commas.safetensors clouds.csv
same wanted out
tr ';' '\t' <commas.csv >tabs.csv
run 0 train clouds.json --quiet --set data.train=tabs.csv --set data.delimiter=tab \
    --set 'data.decimal=","' --out tabs.safetensors
run 0 predict tabs.safetensors tabs.csv
same wanted out
run 0 predict commas.safetensors clouds.csv --decimal .
same wanted out
run 0 predict points.safetensors commas.csv --delimiter ';' --decimal ,
same wanted out
run 0 inspect clouds.json --data commas.csv --delimiter ';' --decimal ,
refuses 2 'commas.csv:2: column "x":' predict points.safetensors commas.csv --delimiter ';'
refuses 2 'clouds.json: data.decimal:' train clouds.json --set 'data.decimal=";"'
cut -d, -f1,2 clouds.csv >numbers.csv
refuses 2 'numbers.csv:' predict points.safetensors numbers.csv --decimal ,

# Prices and percentages.
awk 'BEGIN {
    print "x,y,cloud"
    for (i = 0; i < 60; i++) printf "\"$%d,%03d.50\",%d%%,%s\n", i % 3 + 1, i * 7, i, i % 3
}' >t.csv
refuses 2 't.csv:2: column "x":' train clouds.json --quiet --set data.train=t.csv
run 0 train clouds.json --quiet --set data.train=t.csv --set data.number_format=formatted \
    --out t.safetensors
run 0 predict t.safetensors t.csv

# UTF-16 by its mark, Windows-1252 by option, also compressed and from standard input.
awk 'BEGIN { for (i = 0; i < 40; i++) printf "%d,%s\n", i, i < 20 ? "ros\303\251" : "\342\202\254"
     }' | sed '1i gr\xC3\xB6\xC3\x9Fe,cloud' >utf8.csv
for encoding in UTF-16LE UTF-16BE; do
    { case $encoding in UTF-16LE) printf '\377\376' ;; *) printf '\376\377' ;; esac
      iconv -f UTF-8 -t $encoding utf8.csv; } >$encoding.csv
    run 0 train clouds.json --quiet --set data.train=$encoding.csv --out t.safetensors
    run 0 predict t.safetensors $encoding.csv
    matches out '^prediction,p_rosé,p_€$'
    mv out wanted
    gzip -k $encoding.csv
    run 0 predict t.safetensors $encoding.csv.gz
    same wanted out
    run 0 predict t.safetensors - <$encoding.csv
    same wanted out
    run 0 predict t.safetensors utf8.csv
    same wanted out
done
iconv -f UTF-8 -t WINDOWS-1252 utf8.csv >latin.csv
refuses 2 'latin.csv:1: column 1:' train clouds.json --quiet --set data.train=latin.csv
run 0 train clouds.json --quiet --set data.train=latin.csv --set data.encoding=windows-1252 \
    --out t.safetensors
run 0 predict t.safetensors latin.csv --encoding windows-1252
same wanted out
run 0 predict t.safetensors - --encoding windows-1252 <latin.csv
same wanted out
run 0 predict t.safetensors latin.csv
same wanted out
run 0 predict t.safetensors utf8.csv
same wanted out
run 0 evaluate t.safetensors latin.csv
run 0 explain t.safetensors latin.csv
run 0 inspect t.safetensors --data latin.csv
refuses 2 'latin.csv:1: column 1:' predict t.safetensors latin.csv --encoding utf-8
refuses 2 'latin.csv: unknown encoding' predict t.safetensors latin.csv --encoding latin
refuses 2 'clouds.json: data.encoding: unknown encoding' \
    train clouds.json --set data.encoding=latin

# A table without a header, for a model whose data had none: in all commands, without an option.
sed 1d clouds.csv >bare.csv
run 0 train clouds.json --quiet --set data.train=bare.csv --set data.header=false \
    --set data.target=column3 --out bare.safetensors
run 0 predict bare.safetensors bare.csv
mv out wanted
equals 'rows' "$(wc -l <wanted)" 61
run 0 predict bare.safetensors bare.csv --no-header
same wanted out
cut -d, -f1,2 bare.csv >features.csv
run 0 predict bare.safetensors features.csv
same wanted out
sed '1i column1,column2,column3' bare.csv >numbered.csv
run 0 predict bare.safetensors numbered.csv
same wanted out
run 0 evaluate bare.safetensors bare.csv
run 0 explain bare.safetensors bare.csv
run 0 inspect bare.safetensors --data bare.csv

# One for a model whose data had a header.
refuses 2 'features.csv:1: the column "0.000" is there twice: does the first line' \
    predict points.safetensors features.csv
sed 1d features.csv >later.csv
refuses 2 'later.csv: unknown column "3.700": does the first line' \
    predict points.safetensors later.csv
run 0 predict points.safetensors later.csv --no-header

# Decimal commas in quotes, between commas: the model reads its own file without an option.
awk 'BEGIN { print "a,b,y"; for (i = 0; i < 40; i++)
         printf "\"%d,5\",\"%d,25\",%s\n", i, i * 7 % 11, i < 20 ? "low" : "high" }' >quoted.csv
run 0 train clouds.json --quiet --set data.train=quoted.csv --set data.target=y \
    --set data.decimal=, --out t.safetensors
run 0 predict t.safetensors quoted.csv
mv out wanted
run 0 predict t.safetensors quoted.csv --decimal ,
same wanted out

# Markers of missing values are numbers like others in a column of parts or weights.
awk 'BEGIN { print "a,part,weight,y"; for (i = 0; i < 40; i++)
         printf "%d,%d,%d,%s\n", i % 9, i % 3, i % 2 ? 0 : 2, i % 4 < 2 ? "u" : "v" }' >parts.csv
run 0 train clouds.json --quiet --set data.train=parts.csv --set data.target=y \
    --set 'data.missing_values=["0"]' --set data.validation=null --set data.test=null \
    --set data.split=part --set data.weights=weight \
    --set data.missing=median --out t.safetensors
equals "warnings" "$(cat err)" ""

# Where commas are decimal, 1.1 and 1.10 are two names.
awk 'BEGIN { print "part;x;y"; for (i = 0; i < 40; i++)
         printf "%s;%d,5;%s\n", i % 2 ? "1.1" : "1.10", i, i < 20 ? "low" : "high" }' >names.csv
run 0 train clouds.json --quiet --set data.train=names.csv --set data.target=y \
    --set 'data.delimiter=;' --set data.decimal=, --set 'data.categorical=["part"]' \
    --set data.categories=one_hot --out t.safetensors
grep -aqF '\"1.1\",\"1.10\"' t.safetensors || fail "1.1 and 1.10 are one category"

# A marker of the model is the same number in a file with points.
awk 'BEGIN { print "a;y"; for (i = 0; i < 40; i++)
         printf "%s;%s\n", i % 5 ? i ",5" : "-99,9", i < 20 ? "low" : "high" }' >marked.csv
run 0 train clouds.json --quiet --set data.train=marked.csv --set data.target=y \
    --set 'data.delimiter=;' --set data.decimal=, --set 'data.missing_values=["-99,9"]' \
    --set data.missing=median --out t.safetensors
printf 'a\n-99,9\n' >comma.csv
run 0 predict t.safetensors comma.csv --delimiter ';'
mv out wanted
printf 'a\n-99.9\n' >point.csv
run 0 predict t.safetensors point.csv --decimal .
same wanted out

# A validation file is read by the offsets of the training file, as evaluation reads it.
awk 'BEGIN { print "t,y"; for (i = 0; i < 60; i++)
         printf "%d.25,%.3f\n", 1700000000 + 7 * i, i / 10 }' >clock.csv
run 0 train clouds.json --quiet --json --set data.train=clock.csv --set data.test=clock.csv \
    --set data.validation=null --set data.target=y --set train.loss=mse \
    --set 'model.layers=[{"type":"dense","units":1}]' --out t.safetensors
tr -d ' \t\n' <out >flat
matches flat '"train":(\{[^}]*\}),"test":'
equals "metrics of one file as training and test rows" \
    "$(sed 's/.*"train":\({[^}]*}\).*/\1/' flat)" "$(sed 's/.*"test":\({[^}]*}\).*/\1/' flat)"
