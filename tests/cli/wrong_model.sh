# Damaged model files are refused with an error message, and exit status 2.
. "$SNUG_SOURCE/tests/cli/lib/assert.sh"
make_clouds_experiment
run 0 train clouds.json --quiet --out good
size=$(wc -c <good)

# wrong LOCATION: the file bad.safetensors is refused with it, by all that load a model.
wrong() {
    refuses 2 "$1" predict bad.safetensors clouds.csv
    refuses 2 "$1" evaluate bad.safetensors clouds.csv
    refuses 2 "$1" inspect bad.safetensors
}

wrong 'bad.safetensors:'
: >bad.safetensors
wrong 'bad.safetensors:'
head -c 4 good >bad.safetensors
wrong 'bad.safetensors:'
head -c $((size - 1)) good >bad.safetensors
wrong 'bad.safetensors:'
{ cat good && printf x; } >bad.safetensors
wrong 'bad.safetensors:'
{ printf '\377\377\377\377\377\377\377\177' && tail -c +9 good; } >bad.safetensors
wrong 'bad.safetensors:'
sed 's/"F32"/"F16"/' good >bad.safetensors
wrong 'bad.safetensors: 0.weight: data_offsets: span 64 bytes where the shape needs 32 of F16'
sed 's/"F32"/"I32"/' good >bad.safetensors
wrong 'bad.safetensors: 0.weight: dtype: must be "F32"'
sed 's/0\.weight/0.height/' good >bad.safetensors
wrong 'bad.safetensors: 0.weight:'
sed 's/"shape":\[8,2\]/"shape":[2,8]/' good >bad.safetensors
wrong 'bad.safetensors: 0.weight:'
{ head -c $((size - 4)) good && printf '\0\0\300\177'; } >bad.safetensors
wrong 'bad.safetensors: 2.bias:'

# The good one still is good, and the damaged ones have hurt nothing.
run 0 predict good clouds.csv

# Streams that do not end are refused by their first bytes, or when they are too long.
if [ -c /dev/zero ]; then
    cp "$examples/data/iris.csv" x.csv
    refuses 2 '/dev/zero:' \
        evaluate /dev/zero x.csv
    refuses 2 '/dev/zero:' \
        predict /dev/zero x.csv
    refuses 2 '/dev/zero:' train /dev/zero --out m.safetensors
fi
