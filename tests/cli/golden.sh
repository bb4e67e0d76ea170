# Golden files: models of every version of the file format, tests/golden/<version>/, load and
# predict what they did when they were written, on every CPU path; and the current version's hold
# every kind. Checkpoints of every version that had them are resumed to models that predict the
# same.
. "$SNUG_SOURCE/tests/cli/lib/assert.sh"
cd "$SNUG_SOURCE/tests/golden"
. ./lib.sh
scratch=$SNUG_SCRATCH

# near GOT WANTED TOLERANCE: the same words, and numbers that differ by at most so much of the
# largest of their row, or of 0.1 where all are smaller: sums of larger numbers.
near() {
    paste -d '\n' "$1" "$2" | awk -F, -v tolerance="$3" '
        NR % 2 { split($0, got); next }
        { largest = 0.1
          for (i = 1; i <= NF; \
              i++) { size = $i < 0 ? -$i : $i + 0; if (size > largest) largest = size }
          for (i = 1; i <= NF; i++) {
              number = $i ~ /^-?[0-9][0-9.e+-]*$/
              off = got[i] - $i; off = off < 0 ? -off : off
              if (number ? off > tolerance * largest || got[i] !~ /^-?[0-9]/ : got[i] != $i) {
                  print "line " NR / 2 ", field " i ": " got[i] " instead of " $i; bad = 1
              }
          }
        }
        END { exit bad || NR < 40 }' || fail "$2: predicts something else"
    equals "lines of $1" "$(wc -l <"$1")" "$(wc -l <"$2")"
}

files=0
for model in [0-9]*/*.safetensors; do
    name=$(basename "$model" .safetensors)
    equals "version of $model" "$(version_of "$model")" "${model%%/*}"
    for path in portable avx2 avx512; do
        SNUG_CPU=$path "$SNUG" predict "$model" \
            $(table_of "$name") >"$scratch/got" 2>"$scratch/err" ||
            fail "$model: $(cat "$scratch/err")"
        equals "warnings of $model" "$(grep -v ' values are missing' "$scratch/err")" ""
        near "$scratch/got" "${model%.safetensors}.csv" 1e-6
    done
    files=$((files + 1))
done
holds "$files >= 12"

# Checkpoints, of runs that were stopped within an epoch and within a group of accumulated batches,
# or between steps of L-BFGS. CPU paths differ in the last bits of a step, hence the tolerance.
checkpoints=0
for checkpoint in [0-9]*/checkpoints/*.safetensors; do
    name=$(basename "$checkpoint" .safetensors)
    equals "version of $checkpoint" "$(version_of "$checkpoint")" "${checkpoint%%/*}"
    for path in portable avx2 avx512; do
        mkdir -p "$scratch/runs"
        cp "$checkpoint" "$scratch/runs/checkpoint.safetensors"
        SNUG_CPU=$path "$SNUG" train "runs/$name.json" --checkpoint "$scratch/runs" --resume \
            --allow-drift --out "$scratch/resumed" >"$scratch/out" 2>"$scratch/err" ||
            fail "$checkpoint: $(cat "$scratch/err")"
        contains "$scratch/err" "resumed after epoch "
        "$SNUG" predict "$scratch/resumed" $(table_of "$name") >"$scratch/got" 2>"$scratch/err"
        near "$scratch/got" "${checkpoint%.safetensors}.csv" 1e-3
    done
    checkpoints=$((checkpoints + 1))
done
holds "$checkpoints >= 2"

# Every version has a file of each name that the first one has.
for name in 1.0/*; do
    for version in [0-9]*; do
        [ -e "$version/${name#*/}" ] || fail "tests/golden/$version lacks ${name#*/}"
    done
done

# The version that this Snug writes has golden files: tests/golden/make.sh writes them.
"$SNUG" train models/values-mse.json --quiet --out "$scratch/model.safetensors" >"$scratch/out"
version=$(version_of "$scratch/model.safetensors")
[ -d "$version" ] || fail "tests/golden/$version is not there: see CONTRIBUTING.md"

# Each kind that a model file can hold is in one of them.
for model in "$version"/*.safetensors; do metadata "$model"; done |
    grep -oE '\\"type\\":\\"[a-z0-9_]+\\"|\\"[a-z0-9_]+\\"[],]' | grep -oE '[a-z0-9_]+\\"[],]?$' |
    grep -oE '^[a-z0-9_]+' | sort -u >"$scratch/there"
sed -nE 's/^    X\((layer|activation|loss|init), ([a-z0-9_]+)\).*/\2/p' \
    "$SNUG_SOURCE/src/kinds/builtin_kinds.h" | sort -u >"$scratch/kinds"
holds "$(wc -l <"$scratch/kinds") >= 50"
# In JSON the layer "activation" is written as the activation that it wraps.
missing=$(grep -vx activation "$scratch/kinds" | comm -23 - "$scratch/there")
equals "kinds in no golden file of $version: add one to tests/golden/models" "$missing" ""
