# What make.sh and tests/cli/golden.sh share; in the directory tests/golden.

# table_of NAME: the table of a golden file: what its name begins with, up to the dash.
table_of() { echo tables/"${1%%-*}".*; }

# metadata FILE: the JSON header of a model file, whose length its first 8 bytes give.
metadata() {
    local length
    length=$(head -c 8 "$1" | od -An -t u4 --endian=little | awk '{ print $1 }')
    head -c $((8 + length)) "$1" | tail -c +9
}

# version_of FILE: the format version of a model file; files of 1.0 hold a plain 1.
version_of() {
    metadata "$1" | sed -nE 's/^.*"snug\.format":"([0-9.]*)".*$/\1/p' | sed 's/^1$/1.0/'
}
