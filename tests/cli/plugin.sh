# Plug-ins: kinds from a shared object, and what is wrong with one.
. "$SNUG_SOURCE/tests/cli/lib/assert.sh"

plugin=$(dirname "$SNUG")/examples/plugins/arctan.so
[ -e "$plugin" ] || { echo "built without the examples: nothing to load"; exit 0; }

cat >e.json <<END
{"data": {"train": "$examples/data/iris.csv", "validation": 0.2},
 "model": {"layers": [{"type": "dense", "units": 8}, "arctan",
                       {"type": "dense", "units": "classes"}]},
 "train": {"optimizer": {"type": "adam", "learning_rate": 0.02}, "epochs": 40, "seed": 3}}
END
run 2 train e.json --quiet
contains err 'unknown layer "arctan"'

run 0 --plugin "$plugin" train e.json --quiet --json --out model.safetensors
matches out '"accuracy":[[:space:]]*(0\.9|1)'
run 0 --plugin "$plugin" predict model.safetensors "$examples/data/iris.csv"
run 0 "--plugin=$plugin" check e.json
run 0 --plugin "$plugin" export model.safetensors --c net.c
contains net.c net_predict
run 0 --plugin "$plugin" describe arctan
contains out 'the angle whose tangent is x'
run 0 --plugin "$plugin" plot arctan
# E f(z)^2 and E f'(z)^2 for a standard normal z, to the six digits of its functions in float
run 0 --plugin "$plugin" theory arctan --json
holds "($(value out second_moment) - 0.449700916434902)^2 < 4e-13"
holds "($(value out squared_slope) - 0.5)^2 < 2e-13"

# the same from its own directory, by its plain name
cp "$plugin" own.so
run 0 --plugin own.so describe arctan

# a model names what it needs
run 2 inspect model.safetensors
contains err 'unknown layer "arctan"'

refuses 2 '--plugin:' --plugin
echo 'not a library' >text.so
run 2 --plugin ./text.so describe
contains err '--plugin ./text.so: cannot be loaded: '
