# Export as C: what the tool writes compiles without a warning as C99 and as C++, needs libm alone
# or nothing, and predicts what snug predict does; and what is wrong on the command line.
. "$SNUG_SOURCE/tests/cli/lib/assert.sh"

warnings="-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wdouble-promotion -Werror"

# ---- a model of a table whose names are hostile --------------------------------------------------

# The rows as a table, and as numbers: categories in the order of their names.
awk 'BEGIN {
    print "\"a \"\"b\"\"\",int,time,*/ x,\"??/\",INPUTS" >"names.csv"
    split("\"\"\"/*\",??/,gr\303\274n", kinds, ",")
    for (i = 0; i < 60; i++) {
        size = i % 9 == 4 ? "" : i * 7 % 11 / 10
        kind = i * 5 % 7 % 3
        word = i % 3 == 0 ? "a-b" : i % 7 == 3 ? "" : "a b"
        printf "%s,%d,%d,%s,%s,%s\n", size, i % 5, 1700000000 + i * 3, kinds[kind + 1], word,
            i % 3 == 0 ? "yes */" : "\"no \"\"??=\"\"\"" >"names.csv"
        printf "%s %d %d %d %s\n", size == "" ? "nan" : size, i % 5, 1700000000 + i * 3, kind,
            word == "" ? "nan" : word == "a-b" >"rows.txt"
    }
}'
printf '{"data": {"train": "names.csv", "target": "INPUTS"},
 "model": {"layers": [{"type": "dense", "units": 8}, "gelu", {"type": "dense", "units": 5}, "mish",
                      {"type": "dense", "units": "classes"}]},
 "train": {"epochs": 20}}' >names.json
run 0 train names.json --quiet
run 0 export names.safetensors --c net.c
matches out '^net\.c: a program in C, [0-9.]+ KiB$'
run 0 export names.safetensors --c small.c --no-libm
run 0 export names.safetensors --c other.c --name Third --json
json out
contains net.h '#define NET_INPUTS 5'
contains net.h '    NET_COLUMN_TIME = 2, /* time */'
contains net.h '#define NET_OFFSET_TIME '
contains net.h 'extern const char *const net_class_names[NET_CLASSES];'
contains other.h 'void Third_predict(const float in[THIRD_INPUTS], float out[THIRD_OUTPUTS]);'
! grep -q 'math\.h>' small.c || fail "small.c includes math.h"

# The same model gives the same bytes, over older files.
cp net.c first.c
cp net.h first.h
run 0 export names.safetensors --c net.c
same net.c first.c
same net.h first.h

# ---- compilers -----------------------------------------------------------------------------------

compile() { "$@" >compiler.log 2>&1 || fail "$*: $(cat compiler.log)"; }

for compiler in gcc clang; do
    command -v $compiler >/dev/null || continue
    for source in net small other; do
        compile $compiler -std=c99 -O2 $warnings -c $source.c -o $source.o
        compile $compiler -std=c99 -O3 $warnings -c $source.c -o $source.o
    done
done
for compiler in g++ clang++; do
    command -v $compiler >/dev/null || continue
    for source in net small; do
        compile $compiler -x c++ -std=c++98 -pedantic -Wall -Werror -fsyntax-only $source.h
    done
    for standard in c++11 c++17; do
        for source in net small; do
            compile $compiler -x c++ -std=$standard -O1 $warnings -c $source.c -o cpp.o
        done
    done
done

# undefined FILE: the symbols that an object needs of others, but for those that compilers call.
undefined() {
    nm -u "$1" | awk '{ print $2 }' | grep -vxE 'mem(cpy|set|move)|_GLOBAL_OFFSET_TABLE_' |
        tr '\n' ' '
}

compile gcc -std=c99 -O2 -c small.c -o small.o
compile gcc -std=c99 -O2 -c net.c -o net.o
equals "symbols that small.o needs" "$(undefined small.o)" ""
for symbol in $(undefined net.o); do
    case $symbol in
    expf | tanhf | erff | log1pf) ;;
    *) fail "net.o needs $symbol" ;;
    esac
done

# ---- predictions ---------------------------------------------------------------------------------

# Prints the class and the probabilities of rows of numbers, also with memory of its own.
cat >main.c <<'C'
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef SMALL
#include "small.h"
#define NET_INPUTS SMALL_INPUTS
#define NET_OUTPUTS SMALL_OUTPUTS
#define NET_SCRATCH SMALL_SCRATCH
#define NET_OFFSET_TIME SMALL_OFFSET_TIME
#define NET_COLUMN_TIME SMALL_COLUMN_TIME
#define net_predict small_predict
#define net_predict_with small_predict_with
#define net_class small_class
#define net_class_names small_class_names
#else
#include "net.h"
#endif

int main(void) {
    double value = 0;
    float in[NET_INPUTS], out[NET_OUTPUTS], again[NET_OUTPUTS];
    float *scratch = malloc(NET_SCRATCH * sizeof *scratch);
    for (size_t i = 0; scratch != NULL && scanf("%lf", &value) == 1; i = (i + 1) % NET_INPUTS) {
        in[i] = (float)(i == NET_COLUMN_TIME ? value - NET_OFFSET_TIME : value);
        if (i + 1 == NET_INPUTS) {
            net_predict(in, out);
            net_predict_with(in, again, scratch);
            if (memcmp(out, again, sizeof out) != 0) {
                return 1;
            }
            printf("%s", net_class_names[net_class(out)]);
            for (size_t k = 0; k < NET_OUTPUTS; k++) {
                printf("\t%.9g", (double)out[k]);
            }
            printf("\n");
        }
    }
    free(scratch);
    return 0;
}
C

run 0 predict names.safetensors names.csv
awk -F, 'NR > 1 { n = NF; print $(n - 1), $n }' out >wanted.txt

# agree PROGRAM: its probabilities are those of snug predict, to 1e-6.
agree() {
    "$1" <rows.txt >got.tsv || fail "$1 fails"
    awk -F'\t' '{ print $2, $3 }' got.tsv >got.txt
    equals "rows of $1" "$(wc -l <got.txt)" 60
    paste -d' ' got.txt wanted.txt | awk '{
        for (k = 1; k <= 2; k++) { d = $k - $(k + 2); if (d > 1e-6 || d < -1e-6) exit 1 }
    }' || fail "$1 predicts $(paste got.txt wanted.txt)"
}

sanitize="-fsanitize=address,undefined -fno-sanitize-recover=all"
compile gcc -std=c99 -O1 -g $sanitize $warnings main.c net.c -o net -lm
compile gcc -std=c99 -O3 $warnings -DSMALL main.c small.c -o small
agree ./net
agree ./small

# ---- wrong command lines -------------------------------------------------------------------------

refuses 2 'export: --no-libm is for --c' export names.safetensors --no-libm
refuses 2 'export: --name is for --c' export names.safetensors --name net
refuses 2 'new.h: must end in .c' export names.safetensors --c new.h
refuses 2 'new: must end in .c' export names.safetensors --c new
refuses 2 '.c: must have a name before .c' export names.safetensors --c .c
refuses 2 'export: --onnx and --c would both write e.c' \
    export names.safetensors --onnx e.c --c e.c
refuses 2 'export: --onnx and --c would both write e.h' \
    export names.safetensors --onnx ./e.h --c e.c
cp names.safetensors m.h
refuses 2 'export: --c would overwrite m.h' export m.h --c m.c
same names.safetensors m.h
refuses 2 'n"w.c:' export names.safetensors --c 'n"w.c'
refuses 2 'name: "a b"' export names.safetensors --c new.c --name 'a b'
refuses 2 'export: --name' export names.safetensors --c new.c --name ''
refuses 1 'absent/new.c: cannot create:' export names.safetensors --c absent/new.c
mkdir taken.h
refuses 1 'taken.h: cannot create:' export names.safetensors --c taken.c
absent new.c
absent new.h
absent e.c
absent e.h
absent taken.c
