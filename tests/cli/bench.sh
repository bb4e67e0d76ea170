# `snug bench`: that it measures, never what.
. "$SNUG_SOURCE/tests/cli/lib/assert.sh"

run 0 bench W1 --seconds 0.0001
matches out '^name +shape +batch +step us +GEMMs us +ratio +samples/s +GFLOP/s$'
matches out '^W1 +tiny +16( +[0-9.]+){5}$'
equals "lines" "$(wc -l <out)" 2

run 0 bench W6-W2-1 W1 --seconds 0.0001 --threads 2 --json
json out
equals "names" "$(sed -n 's/.*"name":[[:space:]]*"\([^"]*\)".*/\1/p' out | tr '\n' ' \
    ')" "W1 W6-W2-1 "
equals "threads" "$(value out threads)" 2
equals "batch" "$(value out batch)" 16
for key in step_us gemm_us ratio samples_per_second gflops; do
    holds "$(value out "$key") > 0"
done
holds "$(value out step_us) / $(value out gemm_us) / $(value out ratio) > 0.999"

run 0 bench W6 --seconds 0.0001
equals "rows of W6" "$(grep -c '^W6-W[23]-1' out)" 4

refuses 2 'bench:' bench W7
refuses 2 'bench: --seconds:' bench --seconds 0
refuses 2 'bench: --seconds:' bench --seconds=1s
