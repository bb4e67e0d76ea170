# snug explain: the importance of columns as a table, as JSON and as a picture.
. "$SNUG_SOURCE/tests/cli/lib/assert.sh"

make_clouds_experiment
run 0 train clouds.json --quiet

run 0 explain clouds.safetensors clouds.csv
matches out '^loss [0-9.e-]+ of 60 rows; how much larger it gets where a column is permuted, 5 '
matches out '^column +mean +deviation'
matches out '^[a-z]+ +[0-9.]+ +[0-9.]+ +####################$'

# The columns in the order of their importance, the same in any number of threads.
run 0 explain clouds.safetensors clouds.csv --json --threads 1 --seed 7
json out
cp out one
for key in metric value rows repeats importance column mean deviation warnings; do
    contains out "\"$key\":"
done
equals "columns" "$(grep -c '"column":' out)" 2
run 0 explain clouds.safetensors clouds.csv --json --threads 3 --seed 7
same one out
value one mean | sort -gr >sorted
value one mean >given
same sorted given

# One column by a metric that is to be great; a picture of it alone.
name=$(value one column | head -n 1 | tr -d '"')
run 0 explain clouds.safetensors clouds.csv --metric accuracy --repeats 2 --columns "$name" \
    --svg picture.svg
matches out 'how much smaller it gets where a column is permuted, 2 times'
equals "panels" "$(grep -c 'font-weight="bold"' picture.svg)" 1
contains picture.svg ">$name</text>"
contains picture.svg "</svg>"

run 2 explain clouds.safetensors clouds.csv --columns colour
message 'the data has no column of features "colour"'
run 2 explain clouds.safetensors clouds.csv --metric confusion_matrix
message 'metric: confusion_matrix is no number'
run 2 explain clouds.safetensors
