# Tables as people have them: names that are missing, and blanks that nobody sees.
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
warns 'called "column4" by its number: left out, because it is empty in every row'
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
