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
 "model": {"layers": [{"type": "dense", "units": 4}, "selu",
                      {"type": "dense", "units": "classes"}]},
 "train": {"epochs": 3, "batch_size": 4}}
JSON

# bytes N K: the K lowest bytes of a number, the lowest first.
bytes() {
    for ((k = 0; k < $2; k++)); do printf %b "\\x$(printf %x $(($1 >> 8 * k & 255)))"; done
}

# zstd_of FILE: a frame with a window of 1 KiB whose only block, the last, is the file as it is.
zstd_of() {
    printf '\x28\xb5\x2f\xfd\0\0'
    bytes $(($(wc -c <"$1") << 3 | 1)) 3
    cat "$1"
}

for format in csv jsonl libsvm; do
    run 0 train e.json --quiet --out plain.safetensors --set data.train=t.$format
    gzip -kf t.$format
    zstd_of t.$format >t.$format.zst

    # Without a name that tells anything.
    cp t.$format.gz gzipped
    cp t.$format.zst zstandard
    for source in t.$format.gz t.$format.zst gzipped zstandard; do
        run 0 train e.json --quiet --out other.safetensors --set data.train=$source
        same plain.safetensors other.safetensors
    done
    for source in t.$format gzipped zstandard; do
        run 0 train e.json --quiet --out other.safetensors --set data.train=- <$source
        same plain.safetensors other.safetensors
    done
    run 0 evaluate plain.safetensors - --json <t.$format.gz
    equals rows "$(value out rows)" 9
done

# Arrays: 4 rows of 2 bytes and their classes, in NPY and in IDX.
npy() {
    printf "\\223NUMPY\\1\\0\\166\\0%-117s\\n$2" \
        "{'descr': '|u1', 'fortran_order': False, 'shape': $1, }"
}
npy '(4, 2)' '\1\2\3\1\11\10\10\11' >x.npy
npy '(4,)' '\0\0\1\1' >y.npy
printf '\0\0\10\2\0\0\0\4\0\0\0\2\1\2\3\1\11\10\10\11' >x.idx
printf '\0\0\10\1\0\0\0\4\0\0\1\1' >y.idx

# arrays FORMAT SUFFIX OUT: trains on the two files.
arrays() {
    local names=(features targets)
    [ "$1" != idx ] || names=(images labels)
    run 0 train e.json --quiet --out "$3" \
        --set "data.train={\"${names[0]}\": \"x.$1$2\", \"${names[1]}\": \"y.$1$2\"}"
}
for format in npy idx; do
    for part in x y; do
        gzip -kf $part.$format
        zstd_of $part.$format >$part.$format.zst
    done
    arrays $format '' plain_arrays.safetensors
    for suffix in .gz .zst; do
        arrays $format $suffix other.safetensors
        same plain_arrays.safetensors other.safetensors
        run 0 evaluate other.safetensors x.$format$suffix,y.$format$suffix --json
        equals rows "$(value out rows)" 4
    done
done

refuses 2 'e.json: data.test:' train e.json --set data.train=- --set data.test=- <t.csv
refuses 2 '/dev/stdin: data.train:' train /dev/stdin --set data.train=- <e.json
refuses 2 '/dev/stdin and -:' evaluate /dev/stdin - <plain.safetensors
refuses 2 'e.json: data.format:' train e.json --set data.format=cvs
for suffix in gz zst; do
    head -c 40 t.csv.$suffix >cut
    refuses 2 'cut:' evaluate plain.safetensors cut
done
