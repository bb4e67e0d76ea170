# IDX files: training, evaluating and predicting images, plain and gzip.
. "$SNUG_SOURCE/tests/cli/lib/assert.sh"

# 24 images of 2 x 3 pixels in two classes: bright above, or bright below.
{
    printf '\000\000\010\003\000\000\000\030\000\000\000\002\000\000\000\003'
    for i in 1 2 3 4 5 6; do
        printf "\\360\\37$i\\350\\00$i\\012\\000\\01$i\\000\\00$i\\377\\36$i\\340"
        printf "\\340\\33$i\\350\\02$i\\010\\005\\00$i\\010\\01$i\\365\\34$i\\370"
    done
} >images-ubyte
{
    printf '\000\000\010\001\000\000\000\030'
    for i in 1 2 3 4 5 6; do printf '\000\001\000\001'; done
} >labels-ubyte
cat >images.json <<'JSON'
{"data": {"train": {"images": "images-ubyte", "labels": "labels-ubyte"}},
 "model": {"layers": [{"type": "dense", "units": 5}, "selu",
                       {"type": "dense", "units": "classes"}]},
 "train": {"epochs": 30, "batch_size": 5,
           "optimizer": {"type": "adam", "learning_rate": 0.05}}}
JSON

run 0 train images.json --quiet --json
holds "$(value out accuracy) == 1"
run 0 evaluate images.safetensors images-ubyte,labels-ubyte --json
equals rows "$(value out rows)" 24
holds "$(value out accuracy) == 1"
run 0 predict images.safetensors images-ubyte
cp out plain.csv
equals "the head" "$(head -n 1 out)" prediction,p_0,p_1
equals "the classes" "$(sed '1d; s/,.*//' out | tr -d '\n')" 010101010101010101010101

gzip -kn images-ubyte labels-ubyte
run 0 predict images.safetensors images-ubyte.gz,labels-ubyte.gz
same plain.csv out
cp images-ubyte.gz picture # known by its first bytes alone
run 0 predict images.safetensors picture
same plain.csv out
cp images-ubyte picture
run 0 predict images.safetensors picture
same plain.csv out

refuses 2 'images-ubyte:' \
    evaluate images.safetensors images-ubyte
refuses 2 'none-ubyte:' \
    predict images.safetensors none-ubyte

printf '\000\000\010\003\000\000\000\001\000\000\000\002\000\000\000\002abcd' >small-ubyte
refuses 2 'small-ubyte:' \
    predict images.safetensors small-ubyte
