# Mistakes in an experiment file: one message with the location, and exit status 2.
. "$SNUG_SOURCE/tests/cli/lib/assert.sh"
make_clouds

# wrong LOCATION JSON: the experiment e.json is refused with it, by train and by check.
wrong() {
    printf '%s\n' "$2" >e.json
    refuses 2 "$1" train e.json
    refuses 2 "$1" check e.json
    absent e.safetensors
}
data='"data": {"train": "clouds.csv"}'
dense='{"type": "dense", "units": "classes"}'
model="\"model\": {\"layers\": [$dense]}"
layers() { wrong "e.json: model.layers$1" "{$data, \"model\": {\"layers\": $2}}"; }
section() { wrong "e.json: $1" "{$data, $model, \"train\": {$2}}"; }
rows() { wrong "e.json: $1" "{\"data\": {$2}, $model}"; }

# Files and syntax
refuses 2 'none.json:' train none.json
wrong 'e.json:1:43:' '{"data": {"train": "clouds.csv"}, "model" {}}'
wrong 'e.json:2:2:' '{"data": {"train": "clouds.csv"}
,, }'
wrong 'e.json:' '[1]'
wrong 'e.json:' "{$data, $data, $model}"

# Sections
wrong 'e.json: data:' '{}'
wrong 'e.json: model:' "{$data}"
wrong 'e.json:' "{$data, \"modle\": {}}"

# Layers
layers ': must have at least one layer' '[]'
layers ': must be an array of layers (got a number)' 3
layers '[0].units:' '[{"type": "dense", "units": 0}]'
layers '[2].units:' '[{"type": "dense", "units": 3}, "selu", {"type": "dense", "units": 0}]'
layers '[0].units:' '[{"type": "dense", "units": 2.5}]'
layers '[0].units:' \
    '[{"type": "dense", "units": "clases"}]'
layers '[0].units:' '[{"type": "dense"}]'
layers '[0]:' '[{"type": "dense", "unit": 3}]'
layers '[0]:' '[{"type": "dense", "units": 3, "units": 4}]'
layers '[1]:' '["selu", {"type": "dens", "units": 3}]'
layers '[0]:' "[\"sellu\", $dense]"
layers '[0].alpha:' "[{\"type\": \"elu\", \"alpha\": -1}, $dense]"
layers '[0].alpha:' "[{\"type\": \"elu\", \"alpha\": 1e999}, $dense]"

# Training
section 'train:' '"epoch": 3'
section 'train.epochs:' '"epochs": 0'
section 'train.batch_size:' '"batch_size": "3"'
section 'train.optimizer.beta1:' '"optimizer": {"type": "adam", "beta1": 1}'
section 'train.optimizer:' '"optimizer": "adma"'
loss='{"type": "softmax_cross_entropy", "class_weights":'
section 'train.loss.class_weights:' \
    "\"loss\": $loss \"even\"}"
section 'train.loss.class_weights:' "\"loss\": $loss [1, 0, 2]}"
wrong 'the loss softmax_cross_entropy has' \
    "{$data, $model, \"train\": {\"loss\": $loss [1, 2]}}}"

# Data
rows 'data.train:' ''
rows 'data.train.labels:' '"train": {"images": "a"}'
rows 'data.test:' '"train": "clouds.csv", "test": 1.5'
rows 'data.validation and data.test:' \
    '"train": "clouds.csv", "test": 0.5, "validation": 0.5'
rows 'data.missing:' '"train": "clouds.csv", "missing": "men"'
rows 'data.scaling:' \
    '"train": "clouds.csv", "standardize": false, "scaling": "robust"'
rows 'data.scaling:' \
    '"train": "clouds.csv", "scaling": "log"'
rows 'data.delimiter:' '"train": "clouds.csv", "delimiter": ""'
wrong 'none.csv:' \
    "{\"data\": {\"train\": \"none.csv\"}, $model}"
wrong 'clouds.csv:' \
    "{\"data\": {\"train\": \"clouds.csv\", \"target\": \"clowd\"}, $model}"

# What does not fit together is refused too.
printf '%s\n' "{$data, \"model\": {\"layers\": [{\"type\": \"dense\", \"units\": 2}]}}" >e.json
run 2 train e.json
matches err '^snug: .*has 3 classes where the model.s last layer has 2 outputs'
absent e.safetensors

# --set replaces before anything is checked.
printf '%s\n' "{$data, $model}" >e.json
refuses 2 'e.json: train:' check e.json --set train.epoch=3
refuses 2 'e.json: train.epochs:' \
    check e.json --set 'train.epochs="5"'
refuses 2 'e.json: model.layers[0].units:' \
    check e.json --set 'model.layers[0].units=0'
run 0 check e.json --set train.epochs=5

# Paths are relative to the file that names them.
mkdir below
mv e.json below
refuses 2 'below/clouds.csv:' check below/e.json
mv clouds.csv below
run 0 check below/e.json
