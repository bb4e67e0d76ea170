# Export: what is written, what is printed of it, and what is wrong on the command line.
. "$SNUG_SOURCE/tests/cli/lib/assert.sh"

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

# Wrong command lines: nothing is read or written.
refuses 2 'export: to what?' export towns.safetensors
refuses 2 'export: --opset is for --onnx' export towns.safetensors --opset 13
refuses 2 'export:' export --onnx m.onnx
refuses 2 'export:' export towns.safetensors towns.safetensors --onnx m.onnx
refuses 2 'export: --opset:' export towns.safetensors --onnx m.onnx --opset 0
refuses 2 'export: --opset:' export towns.safetensors --onnx m.onnx --opset new
refuses 2 'export:' export towns.safetensors --onx m.onnx
refuses 2 'absent.safetensors:' export absent.safetensors --onnx m.onnx
refuses 2 'towns.csv:' export towns.csv --onnx m.onnx
refuses 1 'absent/m.onnx: cannot create:' export towns.safetensors --onnx absent/m.onnx
refuses 1 '.: cannot create:' export towns.safetensors --onnx .
absent m.onnx

# The model is not overwritten, by whatever name.
cp towns.safetensors copy.safetensors
ln -s towns.safetensors link
refuses 2 'export: --onnx would overwrite towns.safetensors' \
    export towns.safetensors --onnx towns.safetensors
refuses 2 'export: --onnx would overwrite link' export towns.safetensors --onnx link
same copy.safetensors towns.safetensors

# A build without protobuf-c says what it needs.
status=0
"$SNUG" export towns.safetensors --onnx m.onnx >out 2>err || status=$?
if [ "$status" != 0 ]; then
    contains err 'libprotobuf-c-dev'
    contains err 'scripts/setup.sh --export'
    absent m.onnx
    exit 0
fi

equals "errors" "$(cat err)" ""
cp out printed
if [ -c /dev/full ]; then
    refuses 1 '/dev/full: cannot write:' export towns.safetensors --onnx /dev/full
fi
mv printed out
matches out '^m\.onnx: an ONNX model, [0-9.]+ KiB$'
contains out '3 columns go in, as float32:'
matches out '^ +1 +size +number$'
matches out '^ +2 +time +number, minus 1700000005$'
matches out '^ +3 +town +category: 0 Bonn, 1 Ulm$'
contains out '2 classes come out: 0 a, 1 b'
contains out 'note: NaN is a missing value'
equals "notes" "$(grep -c '^note: ' out)" 3

# The same model gives the same bytes, over an older file.
mv m.onnx first.onnx
echo old >m.onnx
run 0 export towns.safetensors --onnx m.onnx --json
same first.onnx m.onnx
json out
contains out '"path":	"m.onnx"'
contains out '"form":	"onnx"'
contains out '"offset":	1700000005'
contains out '"categories":	["Bonn", "Ulm"]'
equals "bytes" "$(value out bytes)" "$(wc -c <m.onnx)"
refuses 2 'opset:' export towns.safetensors --onnx m.onnx --opset 12
refuses 2 'opset:' export towns.safetensors --onnx m.onnx --opset 18
same first.onnx m.onnx
run 0 export towns.safetensors --onnx m.onnx --opset 17
differ first.onnx m.onnx

# Many plain columns are counted, and not listed.
awk 'BEGIN {
    for (j = 1; j <= 30; j++) printf "a%d,", j
    print "y"
    for (i = 0; i < 6; i++) { for (j = 1; j <= 30; j++) printf "%d,", i * j % 7; print i % 3 }
}' >wide.csv
run 0 train towns.json --quiet --set data.train=wide.csv --out wide.safetensors
run 0 export wide.safetensors --onnx wide.onnx
contains out '  all of them numbers; --json lists their names'
