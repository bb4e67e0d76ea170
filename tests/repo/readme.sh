# README.md says what is true: its programs run, its figure and its tables are up to date.
. "$SNUG_SOURCE/tests/cli/lib/assert.sh"
readme=$SNUG_SOURCE/README.md

# block LANGUAGE: the contents of the one fence of that language.
block() {
    equals "fences of $1" "$(grep -cx '```'"$1" "$readme")" 1
    awk -v fence='```'"$1" '$0 == "```" { on = 0 } on { print } $0 == fence { on = 1 }' "$readme"
}

# table HEADER: the rows of the table whose header starts so.
table() {
    awk -v header="| $1 |" 'index($0, header) == 1 { on = 1 } !/^\|/ { on = 0 } on' "$readme"
}

cp "$examples/data/iris.csv" .

# ---- the experiment, and the commands on it ------------------------------------------------------

block json >my_iris.json
run 0 check my_iris.json
run 0 train my_iris.json --json --quiet
sed -n '/"test"/,$p' out >test.part
holds "$(value test.part accuracy) >= 0.9"
run 0 evaluate my_iris.safetensors iris.csv
run 0 predict my_iris.safetensors iris.csv
equals "the head of the predictions" "$(head -n 1 out)" \
    prediction,p_setosa,p_versicolor,p_virginica
refuses 2 'my_iris.json: model.layers[0].units:' \
    check my_iris.json --set 'model.layers[0].units=0'
contains "$readme" "$(cat err)"

# What the file holds is what the README says, key by key.
table key | grep -o '`snug\.[a-z]*`' | tr -d '`' | sort >said
head -c 20000 my_iris.safetensors | grep -aoE '"snug\.[a-z]+"' | tr -d '"' | sort >there
same said there
for tensor in 0.weight 0.bias 2.weight 2.bias; do
    head -c 20000 my_iris.safetensors | grep -aqF "\"$tensor\"" || fail "the model lacks $tensor"
done

# The program in C that the model becomes.
run 0 export my_iris.safetensors --c net.c
sed -n '/^    #include "net.h"/,/^    }/s/^    //p' "$readme" >main.c
"${CC:-cc}" -std=c99 -Wall -Wextra -Werror main.c net.c -lm -o net || fail "main.c does not compile"
./net >out
matches out '^versicolor, p = 0\.[0-9]{3}$'

# ---- from a table to a model ---------------------------------------------------------------------

cp "$examples/data/breast_cancer.csv" "$examples/data/wine.csv" .
run 0 new breast_cancer.csv
contains "$readme" "$(head -n 1 out)"
run 0 train breast_cancer.json --folds 5 --quiet --set train.epochs=2
run 0 new wine.csv
run 0 train wine.json --quiet --set train.epochs=2
{
    printf '#include <snug/snug.h>\n\nint main(void) {\n'
    printf 'snug_model *model;\nsnug_dataset *train, *validation, *test;\n'
    printf 'snug_fit_options options;\n'
    grep -A 4 '^    snug_experiment \*wine' "$readme" |
        sed -E 's/^ +snug_fit\(/options.epochs = 2;\nsnug_status status = snug_fit(/'
    printf 'snug_dataset_free(train);\nsnug_dataset_free(validation);\nsnug_dataset_free(test);\n'
    printf 'snug_model_free(model);\nsnug_experiment_free(wine);\nreturn status;\n}\n'
} >table.c

# ---- the programs --------------------------------------------------------------------------------

library=$(dirname "$SNUG")
sanitize=
for name in address:__asan_init thread:__tsan_init; do
    if nm -D --undefined-only "$library/libsnug.so" | grep -qw "${name#*:}"; then
        sanitize=-fsanitize=${name%:*}
    fi
done

# compiled SOURCE.c: as a user would, with warnings as errors.
compiled() {
    # A sanitizer's flag, or none.
    # shellcheck disable=SC2086
    ${CC:-cc} -std=c11 -Wall -Wextra -Werror $sanitize -I"$SNUG_SOURCE/include" "$1" \
        "$library/libsnug.so" "-Wl,-rpath,$library" -lm -o "${2:-program}" ||
        fail "$1 does not compile"
}

compiled table.c
./program || fail "the five lines from a table to a model fail"

block c >net.c
compiled net.c
./program >out 2>err || fail "the program fails: $(cat err)"
equals "what it says" "$(cat out)" versicolor

compiled "$examples/seed_elu_selu.c"
./program >out
block text >said
same said out

# ---- what scripts/update-docs.sh writes
# -----------------------------------------------------------

contains "$readme" 'snug plot elu selu --out docs/elu_selu.svg'
contains "$readme" '](docs/elu_selu.svg)'
mkdir -p updated/docs
cp "$readme" updated
SNUG="$SNUG" bash "$SNUG_SOURCE/scripts/update-docs.sh" updated
equals "the README's table of kinds, which scripts/update-docs.sh writes" \
    "$(table group)" "$(readme=updated/README.md table group)"
same "$readme" updated/README.md
same "$SNUG_SOURCE/docs/elu_selu.svg" updated/docs/elu_selu.svg
same "$SNUG_SOURCE/docs/EXPERIMENT.md" updated/docs/EXPERIMENT.md
contains "$readme" '](docs/EXPERIMENT.md)'

# Every kind that `snug describe --json` names is in it.
run 0 describe --json
sed -n 's/^      "name": "\(.*\)",$/\1/p' out >kinds
holds "$(wc -l <kinds) >= 23"
table group >said
while read -r kind; do
    contains said "\`$kind\`"
done <kinds

# ---- the other tables ----------------------------------------------------------------------------

# Every command.
run 0 --help
sed -n 's/^  \([a-z]*\)  *[a-z].*/\1/p' out | sort >there
table command | sed -n 's/^| `snug \([a-z]*\).*/\1/p' | sort >said
equals "commands in the README's table" "$(cat said)" "$(cat there)"

# ---- links ---------------------------------------------------------------------------------------

for page in README.md CONTRIBUTING.md docs/ARCHITECTURE.md docs/SELF_NORMALIZATION.md; do
    grep -oE '\]\([^)#]+' "$SNUG_SOURCE/$page" | sed 's/^](//' | grep -v '^https:' >links || true
    while read -r link; do
        [ -e "$SNUG_SOURCE/$(dirname "$page")/$link" ] || fail "$page: $link is not there"
    done <links
done

# ---- experiments ---------------------------------------------------------------------------------

# The commands of the page on self-normalization write the pictures that are above them, and each
# experiment is in the page.
page=$SNUG_SOURCE/docs/SELF_NORMALIZATION.md
experiments=examples/experiments
sed -n "s|^    build/release/$experiments/\([a-z_]*\) --out docs/\(.*\)$|\1 \2|p" "$page" >commands
holds "$(wc -l <commands) >= 6"
while read -r name picture; do
    equals "the picture of $name" "$picture" "experiments/$name.svg"
    contains "$page" "]($picture)"
done <commands
for source in "$SNUG_SOURCE/$experiments"/*.c; do
    matches "$page" "^    build/release/$experiments/$(basename "$source" .c)( --out .*)?\$"
done
