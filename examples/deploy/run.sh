#!/usr/bin/env bash
# Trains a small network, exports it as C in float and in int8, and runs it on this computer and on
# a Cortex-M4, as qemu has one: the predictions must be the same. Prints what the network takes
# there: code and constants, memory, stack, instructions.
# usage: run.sh [FOLDER]      the folder that files are written to; otherwise one that is removed
#        SNUG=PATH            the tool; otherwise the one that is installed
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
snug=${SNUG:-snug}
rows=60
for tool in arm-none-eabi-gcc arm-none-eabi-size qemu-system-arm cc; do
    command -v "$tool" >/dev/null || {
        echo "skipped: $tool is missing (Debian: gcc-arm-none-eabi, libnewlib-arm-none-eabi," \
            "qemu-system-arm)"
        exit 77
    }
done
if [ $# -gt 0 ]; then
    work=$1
    mkdir -p "$work"
else
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
fi
fail() {
    echo "run.sh: $*" >&2
    exit 1
}

# -std=c99 also keeps the compiler from fusing a * b + c, which would give other last bits.
flags=(-std=c99 -O2 -Wall -Wextra -Wpedantic -Wconversion -Werror)
arm_flags=(-mcpu=cortex-m4 -mthumb -mfloat-abi=hard -mfpu=fpv4-sp-d16 -ffunction-sections
    -fdata-sections)

# Every so many rows of the table as an array: the features are all columns but the last.
every=$(($(wc -l <"$here/../data/digits.csv") / rows))
awk -F, -v every="$every" -v rows="$rows" '
    BEGIN { print "static const unsigned char rows[][NET_INPUTS] = {" }
    NR > 1 && (NR - 2) % every == 0 && count < rows {
        count++
        printf "{"
        for (i = 1; i < NF; i++) printf "%s%s", $i, i < NF - 1 ? "," : "},\n"
    }
    END { printf "};\nenum { ROWS = %d };\n", count }' "$here/../data/digits.csv" >"$work/rows.h"

# build FORM: the program in $work/FORM for both machines.
build() {
    local folder=$work/$1
    cc "${flags[@]}" -o "$folder/host" -I "$folder" -I "$work" "$here/main.c" \
        "$here/board_host.c" "$folder/net.c" -lm
    arm-none-eabi-gcc "${flags[@]}" "${arm_flags[@]}" -I "$folder" -I "$work" -c \
        -o "$folder/net.o" "$folder/net.c"
    arm-none-eabi-gcc "${flags[@]}" "${arm_flags[@]}" --specs=nano.specs \
        -nostartfiles -Wl,--gc-sections -T "$here/mps2.ld" -o "$folder/net.elf" -I "$folder" \
        -I "$work" "$here/main.c" "$here/board_mps2.c" "$folder/net.o" -lm
}

# run FORM: the output of both machines in $work/FORM.
run() {
    local folder=$work/$1
    "$folder/host" >"$folder/host.txt"
    timeout 120 qemu-system-arm -M mps2-an386 -nographic -monitor none -serial none \
        -semihosting-config enable=on,target=native -icount shift=6 -kernel "$folder/net.elf" \
        >"$folder/board.out" 2>&1 || fail "$1: qemu: $(tail -1 "$folder/board.out")"
    grep -v '^#' "$folder/board.out" >"$folder/board.txt" || fail "$1: the board printed nothing"
    sed -i '/^#/d' "$folder/host.txt"
    [ "$(wc -l <"$folder/board.txt")" -eq "$rows" ] || fail "$1: the board did not finish"
}

# value FORM NAME: what the board measured.
value() {
    awk -v name="$2" '$1 == "#" && $2 == name { print $3 }' "$work/$1/board.out"
}

# The largest difference of a probability, in billionths, where all classes are equal.
largest_difference() {
    paste -d ' ' "$work/$1/host.txt" "$work/$1/board.txt" | awk '
        {
            half = NF / 2
            if ($1 != $(1 + half)) { print "classes"; exit }
            for (i = 3; i <= half; i += 2) {
                d = $i - $(i + half)
                if (d < 0) d = -d
                if (d > most) most = d
            }
        }
        END { print most + 0 }'
}

report() {
    local loop text data bss
    loop=$(value "$1" loop)
    [ "$loop" -ge 1990 ] && [ "$loop" -le 2030 ] ||
        fail "$1: a loop of 2000 instructions took $loop"
    read -r text data bss _ < <(arm-none-eabi-size "$work/$1/net.o" | tail -1)
    printf '%-6s %8d %6d %6d %6d %14d\n' "$1" "$text" "$data" "$bss" "$(value "$1" stack)" \
        "$(value "$1" instructions)"
}

"$snug" train "$here/digits_small.json" --quiet --out "$work/model.safetensors"
mkdir -p "$work/float" "$work/int8"
"$snug" export "$work/model.safetensors" --c "$work/float/net.c" >/dev/null
# Without <math.h>, whose functions differ in their last bits from one C library to another.
"$snug" export "$work/model.safetensors" --c "$work/int8/net.c" --no-libm \
    --int8 --data "$here/../data/digits.csv"
for form in float int8; do
    build "$form"
    run "$form"
done
difference=$(largest_difference float)
[ "$difference" != classes ] && [ "$difference" -le 1000 ] ||
    fail "float: predictions differ by $difference billionths"
cmp "$work/int8/host.txt" "$work/int8/board.txt" || fail "int8: predictions differ"

echo
echo "$rows rows: float differs by at most $difference billionths, int8 not in a bit"
echo
printf '%-6s %8s %6s %6s %6s %14s\n' "" text data bss stack instructions
report float
report int8
