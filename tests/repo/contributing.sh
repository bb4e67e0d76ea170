# "How to add an activation" of CONTRIBUTING.md, done to the letter in a copy of the sources.
. "$SNUG_SOURCE/tests/cli/lib/assert.sh"

# block LANGUAGE: the contents of the fence of that language.
block() {
    awk -v fence='```'"$1" '$0 == "```" { on = 0 } on { print } $0 == fence { on = 1 }' \
        "$SNUG_SOURCE/CONTRIBUTING.md"
}

mkdir -p copy/tests
cp -r "$SNUG_SOURCE"/{CMakeLists.txt,cmake,include,src,cli} copy
cp -r "$SNUG_SOURCE"/tests/{activations,peers,support,vectors} copy/tests

[ ! -e copy/src/activations/isru.c ] || fail "the example of CONTRIBUTING.md is there already"
block c >copy/src/activations/isru.c
block registry >registry.line
block json >golden.json
equals "lines for the registry" "$(wc -l <registry.line)" 1
sed -i '/^    X(activation, elu) /r registry.line' copy/src/kinds/builtin_kinds.h
sed -i '/"functions": \[/r golden.json' copy/tests/vectors/activations.json
contains copy/src/kinds/builtin_kinds.h 'X(activation, isru)'
contains copy/tests/vectors/activations.json '"isru"'

cmake -S copy -B build -DCMAKE_BUILD_TYPE=Debug -DCMAKE_C_FLAGS_DEBUG=-O0 \
    -DSNUG_BUILD_EXAMPLES=OFF -DSNUG_BUILD_BENCH=OFF -DSNUG_INSTALL=OFF >configure.log 2>&1 ||
    fail "cmake: $(cat configure.log)"
cmake --build build --parallel 2 --target snug_tool test_activations >build.log 2>&1 ||
    fail "the build: $(tail -n 40 build.log)"
! grep -A 5 'isru\.c:.*warning' build.log || fail "the example gives warnings"

CK_RUN_SUITE=golden build/test_activations >golden.log || fail "golden values: $(cat golden.log)"
matches golden.log '^100%: '
sed -i 's/0\.702246904/0.702246/' copy/tests/vectors/activations.json
! CK_RUN_SUITE=golden build/test_activations >golden.log || fail "wrong golden values pass"
contains golden.log isru

SNUG=$PWD/build/snug
run 0 describe isru
matches out '^isru: inverse square root unit'
matches out '^  a +real +1 +\[1e-06, 1000000\] '
run 0 plot isru relu --out isru.svg
contains isru.svg '>isru<'
make_clouds_experiment
run 0 check clouds.json --set 'model.layers[1].type=isru' --set 'model.layers[1].a=0.5'
run 0 train clouds.json --quiet --json --set 'model.layers[1].type=isru' --set train.epochs=60
holds "$(value out accuracy) >= 0.9"
run 0 predict clouds.safetensors clouds.csv
run 0 export clouds.safetensors --c clouds.c
[ -s clouds.c ] || fail "the example of CONTRIBUTING.md is not exported"
refuses 2 'clouds.json: model.layers[1].a:' \
    check clouds.json --set 'model.layers[1].type=isru' --set 'model.layers[1].a=0'
