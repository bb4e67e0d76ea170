#!/usr/bin/env bash
# Writes anew what the pages take from the tool: the README's table of kinds and its figure, and
# docs/EXPERIMENT.md.
# usage: scripts/update-docs.sh [DIRECTORY of README.md and docs/]
# The tool is $SNUG, or that of the release build.
set -euo pipefail
source=$(cd "$(dirname "$0")/.." && pwd)
snug=${SNUG:-$source/build/release/snug}
cd "${1:-$source}"

# The rows of the table: a group, and the names of its kinds.
rows() {
    "$snug" describe | awk '
        /^[a-z]+$/ { group = $1; line[++groups] = "| " group " | "; comma = "" }
        /^  [a-z]/ { line[groups] = line[groups] comma "`" $1 "`"; comma = ", " }
        END { for (i = 1; i <= groups; i++) print line[i] " |" }'
}

table=$(rows)
awk -v table="$table" '
    /^\|/ && inside { next }
    inside { inside = 0 }
    { print }
    $0 == "| group | names |" { print "|---|---|"; print table; inside = 1 }' README.md >README.new
cat README.new >README.md
rm README.new
"$snug" plot elu selu --out docs/elu_selu.svg
"$snug" schema | python3 "$source/scripts/experiment-keys.py" >docs/EXPERIMENT.md
