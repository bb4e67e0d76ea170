# NPY files: in experiments, and as what the tool evaluates and predicts.
. "$SNUG_SOURCE/tests/cli/lib/assert.sh"

# npy SHAPE BYTES: an array of unsigned bytes; its header takes 128 bytes.
npy() {
    printf "\\223NUMPY\\1\\0\\166\\0%-117s\\n$2" \
        "{'descr': '|u1', 'fortran_order': False, 'shape': $1, }"
}

npy '(8, 2)' '\1\2\3\1\2\2\1\1\11\10\10\11\12\12\11\11' >x.npy
npy '(8,)' '\0\0\0\0\1\1\1\1' >y.npy
cat >arrays.json <<'JSON'
{"data": {"train": {"features": "x.npy", "targets": "y.npy"}},
 "model": {"layers": [{"type": "dense", "units": 4}, "selu",
                       {"type": "dense", "units": "classes"}]},
 "train": {"epochs": 60, "batch_size": 4, "seed": 1,
            "optimizer": {"type": "adam", "learning_rate": 0.05}}}
JSON
run 0 train arrays.json --quiet
run 0 evaluate arrays.safetensors x.npy,y.npy --json
equals accuracy "$(value out accuracy)" 1
run 0 predict arrays.safetensors x.npy --out p.csv
equals "predictions" "$(tail -n +2 p.csv | cut -d, -f1 | tr '\n' ' ')" "0 0 0 0 1 1 1 1 "
run 0 inspect arrays.json --data x.npy,y.npy
refuses 2 '--no-header:' \
    inspect arrays.json --data x.npy,y.npy --no-header

refuses 2 'x.npy:' evaluate arrays.safetensors x.npy
head -c 140 x.npy >short.npy
run 2 evaluate arrays.safetensors short.npy,y.npy
matches err '^snug: short.npy: '
npy '(8,)' '\0\0\0\0\1\1\1\1' >flat.npy
run 2 predict arrays.safetensors flat.npy
matches err '^snug: flat.npy: '
refuses 2 'arrays.json: data.train.targets:' \
    train arrays.json --set 'data.train={"features": "x.npy"}'

# Whether the targets are classes or values is for the loss to decide, not for their type.
run 0 train arrays.json --quiet --out values.safetensors --set train.loss=mse \
    --set 'model.layers[2].units=1'
run 0 evaluate values.safetensors x.npy,y.npy
matches out '^mae +[0-9.]+$'
printf "\\223NUMPY\\1\\0\\166\\0%-117s\\n" \
    "{'descr': '<f4', 'fortran_order': False, 'shape': (8,), }" >real.npy
for i in 1 2 3 4; do printf '\0\0\0\0'; done >>real.npy
for i in 1 2 3 4; do printf '\0\0\200\77'; done >>real.npy
run 0 train arrays.json --quiet --out real.safetensors --set data.train.targets=real.npy
run 0 evaluate real.safetensors x.npy,real.npy --json
equals accuracy "$(value out accuracy)" 1
run 0 evaluate real.safetensors x.npy,y.npy --json
equals accuracy "$(value out accuracy)" 1
run 0 evaluate arrays.safetensors x.npy,real.npy --json
equals accuracy "$(value out accuracy)" 1
run 0 train arrays.json --quiet --out binary.safetensors --set data.train.targets=real.npy \
    --set train.loss=binary_cross_entropy --set 'model.layers[2].units=1'
run 0 evaluate binary.safetensors x.npy,y.npy --json
equals accuracy "$(value out accuracy)" 1
refuses 2 'arrays.json: model.layers[2]: "units":' \
    train arrays.json --set train.loss=mse
run 0 predict arrays.safetensors x.npy,no-such-targets.npy

# In Fortran order the file holds column after column; the rows are the same.
printf "\\223NUMPY\\1\\0\\166\\0%-117s\\n" \
    "{'descr': '|u1', 'fortran_order': True, 'shape': (8, 2), }" >fortran.npy
printf '\1\3\2\1\11\10\12\11\2\1\2\1\10\11\12\11' >>fortran.npy
run 0 predict arrays.safetensors x.npy --out p.csv
run 0 predict arrays.safetensors fortran.npy --out f.csv
same p.csv f.csv

# Settings and options of tables are refused: nothing would come of them.
for set in 'target=nosuch' 'columns=["zz"]' 'ignore=["zz"]' weights=w split=part \
    missing=median categories=integer; do
    refuses 2 "arrays.json: data.${set%%=*}:" \
        train arrays.json --set "data.$set"
done
for set in delimiter=tab header=false; do
    refuses 2 "arrays.json: data.${set%%=*}:" \
        check arrays.json --set "data.$set"
done
images='{"images": "a", "labels": "b"}, "missing": "error"}'
sed 's/{"features": "x.npy", "targets": "y.npy"}}/'"$images/" \
    arrays.json >images.json
refuses 2 'images.json: data.missing:' \
    inspect images.json
run 0 train arrays.json --quiet --set data.missing=mean --set data.delimiter=, \
    --set data.scaling=min_max
refuses 2 '--delimiter:' \
    evaluate arrays.safetensors x.npy,y.npy --delimiter tab
refuses 2 '--no-header:' \
    predict arrays.safetensors x.npy --no-header
