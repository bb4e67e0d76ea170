# snug import: models of other programs' weights, and what of them is refused.
. "$SNUG_SOURCE/tests/cli/lib/assert.sh"

# file_of HEADER BYTES: w.safetensors, whose tensors are so many bytes of 0.
file_of() {
    local length=${#1}
    {
        printf "\\x$(printf %02x $((length % 256)))\\x$(printf %02x $((length / 256)))"
        printf '\0\0\0\0\0\0%s' "$1"
        head -c "$2" /dev/zero
    } >w.safetensors
}

# entry NAME DTYPE SHAPE BEGIN END: a tensor of a header.
entry() { printf '"%s":{"dtype":"%s","shape":[%s],"data_offsets":[%s,%s]}' "$@"; }

# bad STATUS MESSAGE...: importing w.safetensors for c.json is refused.
bad() { refuses "$1" "$2" import --weights w.safetensors --config c.json --out m; }

cat >c.json <<'JSON'
{"model": {"inputs": 2, "layers": [{"type": "dense", "units": 3}, "selu",
                                   {"type": "dense", "units": 1}]}}
JSON
a=$(entry 0.weight F32 3,2 0 24)
b=$(entry 0.bias F32 3 24 36)
c=$(entry 2.weight F16 1,3 36 42)
d=$(entry 2.bias BF16 1 42 44)
file_of "{$a,$b,$c,$d}" 44
run 0 import --weights w.safetensors --config c.json --out m
equals out "$(cat out)" "m: 2 inputs, 3 layers, 1 outputs, 13 parameters"
equals err "$(cat err)" ""
printf 'x,y\n1,2\n' >x.csv
run 0 predict m x.csv
run 0 import --weights w.safetensors --config c.json --out m --json
json out
equals parameters "$(value out parameters)" 13

# A file of our own is a state dict, too; the model is the same but for its metadata.
run 0 import --weights m --config c.json --out again
run 0 predict m x.csv
cp out first
run 0 predict again x.csv
same first out

# One message names all that does not fit.
c2=$(entry 2.weight I16 3 36 42)
file_of "{$(entry 0.weight F32 2,3 0 24),$b,$c2,$(entry 4.x F32 '' 42 46)}" 46
bad 2 'w.safetensors: 0.weight [2, 3] must be [3, 2]; 2.weight [3] is of type I16, and weights are'
contains err '2.bias [1] is missing; 4.x [] belongs to no layer of the model'
file_of "{$a,$b,$(entry 2.weight F32 1,3 32 44)}" 44
bad 2 'w.safetensors: two tensors overlap at byte 32 of the data'
file_of "{}" 0
bad 2 'w.safetensors: 0.weight [3, 2] is missing; 0.bias [3] is missing'
file_of "[]" 0
bad 2 'w.safetensors: the header must begin with'
{ head -c 8 m && printf '{' && head -c 90 /dev/zero; } >w.safetensors
bad 2 'w.safetensors: '
file_of "{$a,$b,$c,$d}" 44
{ head -c -2 w.safetensors && printf '\300\177'; } >nan && mv nan w.safetensors
bad 2 'w.safetensors: 2.bias: entry 0 is no finite float'

# Files of other kinds.
printf 'PK\003\004\000\000\010\010\000\000' >w.safetensors
bad 2 'w.safetensors: is no safetensors file: it looks like one of torch.save(); '
printf '\200\002\212\012\154\374\234\106\371' >w.safetensors
bad 2 'w.safetensors: is no safetensors file: it looks like one of torch.save(); '
cp "$SNUG_SOURCE/tests/fuzz/corpus/onnx/mlp.onnx" w.safetensors
bad 2 'w.safetensors: is no safetensors file: it looks like an ONNX model, which snug import --onnx'
printf 'sepal,petal\n1,2\n' >w.safetensors
bad 2 'w.safetensors: is no safetensors file: it looks like text'

if [ -c /dev/full ]; then
    refuses 1 '/dev/full: cannot write:' import --weights m --config c.json --out /dev/full
fi

# Wrong configs, options and files.
file_of "{$a,$b,$c,$d}" 44
echo '{"layers": []}' >c.json
bad 2 'c.json: model: must be there'
echo '{"model": {"layers": [{"type": "dens"}]}}' >c.json
bad 2 'c.json: model.layers[0]: unknown layer "dens"; did you mean "dense"?'
echo '{"model": {"layers": [{"type": "dense", "units": 3}]},
      "data": {"train": "x.csv"}, "train": {"epoch": 1}}' >c.json
bad 2 'c.json: train: unknown key "epoch"; did you mean "epochs"?'
echo 'x' >c.json
bad 2 'c.json:1:1:'
refuses 2 'none.json: cannot open' import --weights w.safetensors --config none.json --out m
refuses 2 'none: cannot open' import --weights none --config c.json --out m
refuses 2 'import: from what?' import --out m
refuses 2 'import: from two files?' import --weights w.safetensors --onnx n.onnx --out m
refuses 2 'import: --config is for --weights' import --onnx n.onnx --config c.json --out m
refuses 2 'import: --weights needs --config' import --weights w.safetensors --out m
refuses 2 'import: needs --out' import --weights w.safetensors --config c.json
refuses 2 'import: --out would overwrite w.safetensors, which is read as --weights' \
    import --weights w.safetensors --config c.json --out w.safetensors
refuses 1 'no-such-folder/m: ' import --weights w.safetensors --config c.json --out no-such-folder/m

# ONNX models, where they are built in; tests/peers compares what PyTorch exports.
corpus=$SNUG_SOURCE/tests/fuzz/corpus/onnx
wrong_onnx() { refuses 2 "$1" import --onnx n.onnx --out m; }

cp "$corpus/mlp.onnx" n.onnx
if "$SNUG" import --onnx n.onnx --out m 2>err >out; then
    equals out "$(cat out)" "m: 3 inputs, 4 layers, 2 outputs, 26 parameters"
    printf 'x,y,z\n1,2,3\n' >x.csv
    run 0 predict m x.csv
    for good in batch_norm clip functions gelu layer_norm lists transpose; do
        run 0 import --onnx "$corpus/$good.onnx" --out m
        run 0 predict m x.csv
    done
    cp "$corpus/subtract.onnx" n.onnx
    wrong_onnx 'n.onnx: node "/1/Sub" (Sub): no layer of Snug does this'
    cp "$corpus/external.onnx" n.onnx
    wrong_onnx 'n.onnx: node "/0/Gemm" (Gemm): 0.weight: is in another file'
    for size in 0 1 30 200 400; do
        head -c $size "$corpus/mlp.onnx" >n.onnx
        wrong_onnx 'n.onnx: '
    done
    cp c.json n.onnx
    wrong_onnx 'n.onnx: is no ONNX model'
    # An opset that is not read, and an operator of another name.
    sed 's/Selu/Solu/g' "$corpus/mlp.onnx" >n.onnx
    wrong_onnx 'n.onnx: node "/1/Solu" (Solu): no layer of Snug does this'
    # Messages in messages, 20 deep: sequences of sequences as the type of an input.
    type=
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        type=$(printf '\\x0a\\x%02x%s' $((${#type} / 4)) "$type")
        type=$(printf '\\x22\\x%02x%s' $((${#type} / 4)) "$type")
    done
    for tag in 12 5a 3a; do # of a value, of an input, of the graph
        type=$(printf '\\x%s\\x%02x%s' $tag $((${#type} / 4)) "$type")
    done
    printf "$type" >n.onnx
    wrong_onnx 'n.onnx: has messages more than 16 deep in each other'
    rm n.onnx
    wrong_onnx 'n.onnx: cannot open'
else
    contains err 'this build of Snug reads no ONNX models'
fi
run 0 import --help
contains out '--weights'
