# Each format, plain and compressed, from a file, a pipe and standard input, trains the same model.
. "$SNUG_SOURCE/tests/cli/lib/assert.sh"

{
    echo 'a,b,y'
    for i in 1 2 3 4 5 6 7 8 9; do echo "$i.5,$((i * i % 7)),$((i % 2))"; done
} >t.csv
sed '1d; s/^\(.*\),\(.*\),\(.*\)$/{"a": \1, "b": \2, "y": \3}/' t.csv >t.jsonl
sed '1d; s/^\(.*\),\(.*\),\(.*\)$/\3 1:\1 2:\2/' t.csv >t.libsvm
cat >e.json <<'JSON'
{"data": {"train": "t.csv"},
 "model": {"layers": [{"type": "dense", "units": 4}, "selu", {"type": "dense", "units": "classes"}]},
 "train": {"epochs": 3, "batch_size": 4}}
JSON

for format in csv jsonl libsvm; do
    run 0 train e.json --quiet --out plain.safetensors --set data.train=t.$format
    gzip -kf t.$format

    gzip -c t.$format >gzipped # without a name that tells anything
    for source in t.$format.gz gzipped; do
        run 0 train e.json --quiet --out other.safetensors --set data.train=$source
        same plain.safetensors other.safetensors
    done
    for source in t.$format gzipped; do
        run 0 train e.json --quiet --out other.safetensors --set data.train=- <$source
        same plain.safetensors other.safetensors
    done
    run 0 evaluate plain.safetensors - --json <t.$format.gz
    equals rows "$(value out rows)" 9
done

refuses 2 'e.json: data.test:' train e.json --set data.train=- --set data.test=- <t.csv
refuses 2 '/dev/stdin: data.train:' train /dev/stdin --set data.train=- <e.json
refuses 2 '/dev/stdin and -:' evaluate /dev/stdin - <plain.safetensors
refuses 2 'e.json: data.format:' train e.json --set data.format=cvs
head -c 40 t.csv.gz >cut
refuses 2 'cut:' evaluate plain.safetensors cut
