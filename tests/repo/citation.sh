# CITATION.cff names the version that CMakeLists.txt does.
. "$SNUG_SOURCE/tests/cli/lib/assert.sh"

version=$(sed -n 's/^project(snug VERSION \([0-9.]*\) .*/\1/p' "$SNUG_SOURCE/CMakeLists.txt")
matches "$SNUG_SOURCE/CMakeLists.txt" '^project\(snug VERSION [0-9]+\.[0-9]+\.[0-9]+ '
equals "the version in CITATION.cff" \
    "$(sed -n 's/^version: //p' "$SNUG_SOURCE/CITATION.cff")" "$version"
run 0 --version
equals "the version of the tool" "$(cat out)" "snug $version"
