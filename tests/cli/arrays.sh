# NPY files: in experiments, and as what the tool judges and predicts.
. "$SNUG_SOURCE/tests/cli/lib/assert.sh"

# npy SHAPE BYTES: an array of unsigned bytes; its header takes 128 bytes.
npy() { printf "\\223NUMPY\\1\\0\\166\\0%-117s\\n$2" "{'descr': '|u1', 'fortran_order': False, 'shape': $1, }"; }

npy '(8, 2)' '\1\2\3\1\2\2\1\1\11\10\10\11\12\12\11\11' >x.npy
npy '(8,)' '\0\0\0\0\1\1\1\1' >y.npy
cat >arrays.json <<'JSON'
{"data": {"train": {"features": "x.npy", "targets": "y.npy"}},
 "model": {"layers": [{"type": "dense", "units": 4}, "selu", {"type": "dense", "units": "classes"}]},
 "train": {"epochs": 60, "batch_size": 4, "seed": 1, "optimizer": {"type": "adam", "learning_rate": 0.05}}}
JSON
run 0 train arrays.json --quiet
run 0 evaluate arrays.safetensors x.npy,y.npy --json
equals accuracy "$(value out accuracy)" 1
run 0 predict arrays.safetensors x.npy --out p.csv
equals "predictions" "$(tail -n +2 p.csv | cut -d, -f1 | tr '\n' ' ')" "0 0 0 0 1 1 1 1 "
run 0 inspect arrays.json --data x.npy,y.npy

refuses 2 'x.npy: needs its targets too: FEATURES,TARGETS' evaluate arrays.safetensors x.npy
head -c 140 x.npy >short.npy
run 2 evaluate arrays.safetensors short.npy,y.npy
matches err '^snug: short.npy: '
npy '(8,)' '\0\0\0\0\1\1\1\1' >flat.npy
run 2 predict arrays.safetensors flat.npy
matches err '^snug: flat.npy: '
refuses 2 'arrays.json: data.train.targets: is required' \
    train arrays.json --set 'data.train={"features": "x.npy"}'
