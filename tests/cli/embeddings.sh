# Embeddings of columns by names: a table of numbers and categories, from the experiment to
# predictions of other rows.
. "$SNUG_SOURCE/tests/cli/lib/assert.sh"

# 400 rows: two numbers, a place of 12, two colours, and a measurement that depends on all of them.
awk 'BEGIN {
    print "age,place,colour,income,y"
    for (i = 0; i < 400; i++) {
        age = 20 + i * 37 % 41
        place = i * 7 % 12
        income = i * 53 % 97 / 10
        printf "%d,place%02d,%s,%.1f,%.3f\n", age, place, (i % 2 ? "red" : "blue"), income,
               place * place % 7 + age / 20 + income + i % 2
    }
}' >t.csv
cat >t.json <<'JSON'
{"data": {"train": "t.csv", "validation": 0.2, "categories": "embedding", "scaling": "robust_clip"},
 "model": {"layers": ["category_embedding", "periodic_embedding", {"type": "dense", "units": 24},
                      "selu", {"type": "dense", "units": 1}]},
 "train": {"loss": "mse", "optimizer": {"type": "adam", "learning_rate": 0.01}, "epochs": 40,
           "batch_size": 32, "seed": 1}}
JSON
run 0 train t.json --quiet
run 0 evaluate t.safetensors t.csv
holds "$(sed -n 's/^r2  *//p' out) > 0.95"

# Names became numbers, and the model knows how many categories there are.
run 0 inspect t.safetensors
matches out 'category_embedding *12 *104'
matches out 'periodic_embedding *18 *166'

# A missing place and an unknown one are predicted alike, and otherwise than any other.
printf 'colour,income,age,place\nred,5,30,\nred,5,30,elsewhere\nred,5,30,place03\n' >p.csv
run 0 predict t.safetensors p.csv
equals 'a missing place' "$(sed -n 2p out)" "$(sed -n 3p out)"
if [ "$(sed -n 2p out)" = "$(sed -n 4p out)" ]; then fail "a known place as a missing one"; fi

# Few categories, all of them one-hot: the layer has nothing to do.
run 0 train t.json --quiet --set data.embedding_above=12
warns 'model.layers[0].columns: no feature is the number of a category'
run 0 inspect t.safetensors
matches out 'category_embedding *16 *0'

# The same without the option that makes numbers of categories, and no warning with it.
run 0 train t.json --quiet --set data.categories=one_hot
warns 'model.layers[0].columns: no feature is the number of a category'
equals 'warnings' "$(grep -c 'no feature is the number' err)" 1
run 0 train t.json --quiet
equals 'warnings' "$(cat err)" ''

# Numbers of categories are no quantities.
refuses 2 't.json: model.layers[0]: the column "place" enters it as the number of a category' \
    train t.json --quiet --set 'model.layers[0]=selu'
refuses 2 't.json: model.layers[2]: the column "place" enters it as the number of a category' \
    train t.json --quiet --set 'model.layers[0]=periodic_embedding'

# Names of columns, right and wrong.
run 0 train t.json --quiet \
    --set 'model.layers[1]={"type": "periodic_embedding", "columns": ["age"]}'
refuses 2 't.json: model.layers[1].columns: the data has no column of features "agee"; did you' \
    train t.json --quiet \
    --set 'model.layers[1]={"type": "periodic_embedding", "columns": ["agee"]}'
refuses 2 't.json: model.layers[1].columns: a layer before this one replaces the column "place"' \
    train t.json --quiet \
    --set 'model.layers[1]={"type": "periodic_embedding", "columns": ["place"]}'
