# int8 programs of the examples: what is printed, and what is wrong on the command line.
. "$SNUG_SOURCE/tests/cli/lib/assert.sh"

examples=$SNUG_SOURCE/examples

# The number behind "NAME": in the JSON of a command.
number() {
    sed -nE "s/^.*\"$1\":[[:space:]]*([-0-9.e+]+),?$/\1/p" out | head -1
}

# loses LARGEST ARGUMENT...: exports, and checks that accuracy is lost by at most so much.
loses() {
    local largest=$1
    shift
    run 0 export "$@" --int8 --json
    equals "metric" "$(sed -nE 's/.*"metric":[[:space:]]*"(.*)".*/\1/p' out)" accuracy
    holds "$(number float) > 0.5"
    holds "$(number float) - $(number int8) <= $largest"
    holds "$(number int8_bytes) * 2 < $(number float_bytes)"
}

run 0 train "$examples/digits.json" --set train.epochs=12 --quiet --out digits.safetensors
loses 0.01 digits.safetensors --c net.c --data "$examples/data/digits.csv"
contains net.c 'static const int8_t net_weights_1'
contains net.h 'void net_predict(const float in'
cp net.c first.c
run 0 export digits.safetensors --c net.c --int8 --data "$examples/data/digits.csv"
same first.c net.c
cost='; a (loss|gain) of [0-9.]+ points$'
matches out "^int8 on 1797 rows: accuracy 0[0-9.]+, in float 0[0-9.]+$cost"
matches out '^constants: [0-9.]+ KiB, in float [0-9.]+ KiB$'

# Values: the error grows by little.
run 0 train "$examples/diabetes.json" --set train.epochs=10 --quiet --out diabetes.safetensors
run 0 export diabetes.safetensors --c net.c --int8 --data "$examples/data/diabetes.csv" --json
contains out '"rmse"'
holds "$(number int8) < 1.02 * $(number float)"

# Categories and missing values.
cat >towns.csv <<'CSV'
size,time,town,kind
1,1700000001,Ulm,b
2,1700000003,Bonn,a
3,1700000002,Ulm,b
,1700000009,Bonn,a
CSV
printf '{"data": {"train": "towns.csv"}, "model": {"layers": [
 {"type": "dense", "units": 3}, "selu", {"type": "dense", "units": "classes"}]},
 "train": {"epochs": 2}}' >towns.json
run 0 train towns.json --quiet
run 0 export towns.safetensors --c net.c --int8 --data towns.csv
contains out 'int8 on 4 rows'

# A model without a loss is not evaluated.
layers='[{"type": "dense", "units": 10}]'
echo "{\"model\": {\"inputs\": 64, \"layers\": $layers}}" >bare.json
run 0 train "$examples/digits.json" --set train.epochs=1 --set "model.layers=$layers" --quiet \
    --out one.safetensors
run 0 import --weights one.safetensors --config bare.json --out none.safetensors
no_loss='none.safetensors: has no loss, by which a model is evaluated: snug import --weights FILE'
refuses 2 "$no_loss" export none.safetensors --c net.c --int8 --data "$examples/data/digits.csv"
refuses 2 "$no_loss" evaluate none.safetensors "$examples/data/digits.csv"
refuses 2 "$no_loss" explain none.safetensors "$examples/data/digits.csv"

# Wrong use.
data=$examples/data/digits.csv
refuses 2 'export: --int8 is for --c' export digits.safetensors --int8 --data "$data"
refuses 2 'export: --int8 needs --data DATA' export digits.safetensors --int8 --c net.c
refuses 2 'export: --data is for --int8' export digits.safetensors --c net.c --data "$data"
refuses 2 'export: --decimal is for --data' export digits.safetensors --c net.c --decimal ,
refuses 2 'towns.csv:' export digits.safetensors --c net.c --int8 --data towns.csv
refuses 2 'absent.csv:' export digits.safetensors --c net.c --int8 --data absent.csv
head -1 "$data" >empty.csv
refuses 2 'empty.csv:' export digits.safetensors --c net.c --int8 --data empty.csv
cut -d, -f1-64 "$data" >bare.csv
refuses 2 'bare.csv:' export digits.safetensors --c net.c --int8 --data bare.csv
grep -v '^,' towns.csv >full.csv
sed 's/"selu"/"selu", "layer_norm"/; s/towns.csv/full.csv/' towns.json >norm.json
run 0 train norm.json --quiet
refuses 2 'the layer "layer_norm": layers.2:' export norm.safetensors --c net.c --int8 \
    --data full.csv

# Fashion-MNIST, where it is installed; under a sanitizer it would take minutes.
fashion=/usr/share/datasets/fashion-mnist
if [ -d "$fashion" ] && [ -z "${SNUG_REPORTS:-}" ]; then
    run 0 train "$examples/fashion_mnist.json" --set train.epochs=1 --set data.validation=0.8 \
        --quiet --out fashion.safetensors
    loses 0.01 fashion.safetensors --c net.c --data \
        "$fashion/t10k-images-idx3-ubyte.gz,$fashion/t10k-labels-idx1-ubyte.gz"
fi
