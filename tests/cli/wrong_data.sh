# Mistakes in CSV and IDX files: the line and the column, and exit status 2.
. "$SNUG_SOURCE/tests/cli/lib/assert.sh"
make_clouds_experiment
run 0 train clouds.json --quiet --set data.missing=error

# trains LOCATION TABLE: a table that cannot be trained on.
trains() {
    printf "$2" >t.csv
    refuses 2 "$1" train clouds.json --quiet --set data.train=t.csv --set data.missing=error \
        --out t.safetensors
    absent t.safetensors
}
trains 't.csv:' ''
trains 't.csv:' 'x,y,cloud\n'
trains 't.csv:3:' 'x,y,cloud\n1,2,a\n1,2\n'
trains 't.csv:4:' 'x,y,cloud\r\n1,2,a\r\n3,4,b\r\n1,2,b,4\r\n'
trains 't.csv:3: column "y":' \
    'x,y,cloud\n1,2,a\n1,,b\n'
trains 't.csv: column "cloud":' 'x,y,cloud\n1,2,\n3,4,\n1,3,\n'
trains 't.csv:1:' 'x,x,cloud\n1,2,a\n'
trains 't.csv:2:' 'x,y,cloud\n1,2,"a\n'
trains 't.csv:2:' \
    'x,y,cloud\n1,2,a"b\n1,2,b\n'
trains 't.csv:2: column "y":' 'x,y,cloud\n1,1e999,a\n1,2,b\n'

trains 't.csv:' \
    'x;y;cloud\n1;2;a\n'

# Several targets are values, each predicted by its name.
refuses 2 'clouds.json: data.target:' \
    train clouds.json --quiet --set 'data.target=["x","y"]'
printf 'up,x,z,down\n1,2,3,4\n5,6,7,9\n9,3,1,2\n' >several.csv
printf '{"data": {"train": "several.csv", "target": ["down", "up"]}, "model": {"layers":
 [{"type": "dense", "units": 2}]}, "train": {"loss": "mse", "epochs": 2}}' >several.json
run 0 train several.json --quiet
run 0 predict several.safetensors several.csv
equals 'the first line' "$(head -n 1 out)" 'down,up'
run 0 evaluate several.safetensors several.csv
printf 'x,old,new\n1,0,1\n5,1,0\n9,1,1\n' >labels.csv
run 0 train several.json --quiet --set data.train=labels.csv --set 'data.target=["old","new"]' \
    --set train.loss=binary_cross_entropy --out labels.safetensors
run 0 predict labels.safetensors labels.csv
equals 'the first line' "$(head -n 1 out)" 'old,new'

# A missing value becomes the column's mean, in a model that is trained so; with one warning a file.
awk -F, 'NR == 3 { $0 = "," substr($0, length($1) + 2) } { print }' clouds.csv >t.csv
refuses 2 't.csv:3: column "x":' \
    train clouds.json --quiet --set data.train=t.csv --set data.missing=error
refuses 2 't.csv:3: column "x": 1 value is missing here:' \
    train clouds.json --quiet --set data.train=t.csv --strict
run 0 train clouds.json --quiet --set data.train=t.csv --set data.missing=median --strict \
    --out median.safetensors
equals "warnings where the option says what to do" "$(cat err)" ""
run 0 predict median.safetensors t.csv --strict
equals "warnings where the model says what to do" "$(cat err)" ""
run 0 train clouds.json --quiet --set data.train=t.csv --json --out mean.safetensors
warns 't.csv:3: column "x": 1 value is missing here: a number becomes the mean'
matches out '"warnings":[[:space:]]*\["t.csv:3: column \\"x\\": 1 value is missing here: '
run 0 evaluate mean.safetensors t.csv
warns 't.csv:3: column "x": 1 value is missing here: a number becomes the mean'
run 0 predict mean.safetensors t.csv
warns 't.csv:3: column "x": 1 value is missing here: a number becomes the mean'

# predicts LOCATION TABLE: a table that does not fit the model.
predicts() {
    printf "$2" >t.csv
    refuses 2 "$1" predict clouds.safetensors t.csv
}
refuses 2 'none.csv:' predict clouds.safetensors none.csv
predicts 't.csv:' 'x\n1\n'
predicts 't.csv:' 'x,y,z\n1,2,3\n'
predicts 't.csv:' \
    'x;y\n1;2\n'
predicts 't.csv:2: column "y":' 'x,y\n1,abc\n'
predicts 't.csv:3: column "y":' \
    'x,y\n1,2\n3,\n'
printf 'x,y,cloud\n1,2,other\n' >t.csv
run 2 evaluate clouds.safetensors t.csv
matches err '^snug: t.csv:2: column "cloud": unknown class "other"; known are '
refuses 2 'predict: --delimiter:' \
    predict clouds.safetensors clouds.csv --delimiter ab
cut -d, -f1,2 clouds.csv >features.csv
refuses 2 'features.csv:' evaluate clouds.safetensors features.csv

# Images: three of 2 x 2 pixels, and their labels.
printf '\0\0\010\003\0\0\0\003\0\0\0\002\0\0\0\002abcdefghijkl' >images-ubyte
printf '\0\0\010\001\0\0\0\003\0\001\0' >labels-ubyte
printf '{"data": {"train": {"images": "images-ubyte", "labels": "labels-ubyte"}},
 "model": {"layers": [{"type": "dense", "units": "classes"}]}}' >images.json
run 0 train images.json --quiet

# images LOCATION: the file i-ubyte is refused with it.
images() { refuses 2 "i-ubyte$1" predict images.safetensors i-ubyte; }
head -c 26 images-ubyte >i-ubyte
images ': holds 2 images where its header says 3'
{ cat images-ubyte && printf x; } >i-ubyte
images ': goes on after the 3 images that its header says'
printf 'hello, this is no image' >i-ubyte
images ': is no IDX file: it does not start with two zero bytes'
printf '\0\0\014\001\0\0\0\001\0\0\0\001' >i-ubyte
images ': holds values of type 0x0c; only bytes, 0x08, are read'
printf '\0\0\010\003\377\377\377\377\377\377\377\377\377\377\377\377aa' >i-ubyte
images ': its dimensions are too large'
gzip -c images-ubyte | head -c 30 >i-ubyte
images ': the gzip data ends too early, at byte 30'

printf '\0\0\010\001\0\0\0\002\0\001' >l-ubyte
refuses 2 'l-ubyte:' \
    evaluate images.safetensors images-ubyte,l-ubyte
refuses 2 'images-ubyte:' \
    evaluate images.safetensors images-ubyte,images-ubyte

# A name in a file cannot send the terminal anything: neither in error messages nor in tables.
escape=$(printf '\033')
printf 'a,b,y\n1,2,\033[31mred\n2,1,blue\n1,3,\033[31mred\n2,2,blue\n' >terminal.csv
printf '{"data": {"train": "terminal.csv"},
 "model": {"layers": [{"type": "dense", "units": "classes"}]},
  "train": {"epochs": 1}}' >terminal.json
run 0 train terminal.json --quiet
run 0 evaluate terminal.safetensors terminal.csv
contains out '?[31mred'
! grep -q "$escape" out || fail "a class name reaches the terminal"
printf 'a,b,y\n1,2,\033[2Jgone\n' >t.csv
refuses 2 't.csv:2: column "y":' \
    evaluate terminal.safetensors t.csv
refuses 2 'unknown command a?b' "a${escape}b"

# A share of too few rows names the key that asks for it.
printf 'a,b,y\n1,2,red\n' >single.csv
printf '{"data": {"train": "single.csv", "validation": 0.2},
 "model": {"layers": [{"type": "dense", "units": "classes"}]}}' >single.json
refuses 2 'single.json: data.validation: a share of 0.2 of 1 rows' train single.json
refuses 2 'single.json: data.test: a share of 0.3 of 1 rows' \
    train single.json --set data.test=0.3
# The test rows come first; a share of what they leave is not the number that was given.
printf 'a,b,y\n1,2,red\n3,5,blue\n2,2,red\n4,3,blue\n' >four.csv
sed 's/single/four/' single.json >four.json
refuses 2 'four.json: data.validation: 0.1 of all rows, of those that data.test leaves: a share' \
    train four.json --set data.test=0.5 --set data.validation=0.1
