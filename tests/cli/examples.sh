# Every experiment file of the examples: it trains, and what it saves can be evaluated and used.
. "$SNUG_SOURCE/tests/cli/lib/assert.sh"

# learns NAME KEY LEAST: the whole run ends with at least that in the test rows.
learns() {
    run 0 train "$examples/$1.json" --json --quiet
    equals "errors of $1" "$(cat err)" ""
    json out
    sed -n '/"test"/,$p' out >test.part
    holds "$(value test.part "$2") >= $3"
    run 0 evaluate "$1.safetensors" "$examples/data/$4.csv"
    run 0 predict "$1.safetensors" "$examples/data/$4.csv"
}

learns iris accuracy 0.9 iris
learns wine accuracy 0.9 wine
learns breast_cancer accuracy 0.9 breast_cancer
learns digits accuracy 0.92 digits
learns self_normalizing_mlp accuracy 0.92 digits
learns diabetes r2 0.35 diabetes
learns rare accuracy 0.95 rare

# exported NAME TARGET DATA ERROR OPTION...: the program in C that the model becomes predicts the
# same, to ERROR times max(1, |value|).
exported() {
    run 0 export "$1.safetensors" --c net.c "${@:5}"
    cat >main.c <<'C'
#include <stdio.h>
#include "net.h"
int main(void) {
    float in[NET_INPUTS], out[NET_OUTPUTS];
    for (size_t i = 0; scanf("%f", &in[i]) == 1; i = (i + 1) % NET_INPUTS) {
        if (i + 1 == NET_INPUTS) {
            net_predict(in, out);
            for (size_t k = 0; k < NET_OUTPUTS; k++) {
                printf("%.9g%c", (double)out[k], k + 1 < NET_OUTPUTS ? ' ' : '\n');
            }
        }
    }
    return 0;
}
C
    "${CC:-cc}" -std=c99 -O2 -Wall -Wextra -Werror main.c net.c -lm -o net ||
        fail "net.c of $1 does not compile"
    # The columns but the target, a missing value as nan.
    awk -F, -v target="$2" 'NR == 1 { for (i = 1; i <= NF; i++) skip[i] = $i == target; next }
        { for (i = 1; i <= NF; i++) if (!skip[i]) printf "%s ", $i == "" ? "nan" : $i; print "" }' \
        "$examples/data/$3.csv" | ./net >got.txt
    run 0 predict "$1.safetensors" "$examples/data/$3.csv"
    awk -F, 'NR > 1 { line = ""; for (i = 2; i <= NF; i++) line = line " " $i
        print (NF > 1 ? line : $1) }' out >wanted.txt
    equals "rows of $1" "$(wc -l <got.txt)" "$(wc -l <wanted.txt)"
    paste -d' ' got.txt wanted.txt | awk -v most="$4" '{
        for (i = 1; i <= NF / 2; i++) {
            d = $i - $(i + NF / 2); m = $i < 0 ? -$i : $i; m = m > 1 ? m : 1
            if (d > most * m || d < -most * m) exit 1
        }
    }' || fail "the program of $1 predicts other values"
}

exported iris species iris 1e-6
exported wine cultivar wine 1e-6 --no-libm
exported breast_cancer diagnosis breast_cancer 1e-6
exported digits digit digits 1e-6
# Of 17,970 probabilities behind five layers; Snug's own are off by up to 8e-7.
exported self_normalizing_mlp digit digits 2e-6 --no-libm
exported diabetes progression diabetes 1e-6
exported rare kind rare 1e-6

# Fashion-MNIST is a package of its own; the test suite does not wait for its training.
for experiment in "$examples"/*.json; do
    if [ "${experiment##*/}" != fashion_mnist.json ] ||
        [ -d /usr/share/datasets/fashion-mnist ]; then
        run 0 inspect "$experiment" --json
        json out
        # A model config names no data.
        [ "${experiment##*/}" = model_config.json ] || run 0 check "$experiment"
    fi
done
