# The layers of the architecture: no source includes a file of a layer above its own, or of another
# module of the same layer. docs/ARCHITECTURE.md draws the layers.
. "$SNUG_SOURCE/tests/cli/lib/assert.sh"

height_of() {
    case $1 in
    core) echo 1 ;;
    files | json | cpu | graph) echo 2 ;;
    kinds | quantize) echo 3 ;;
    schema | math) echo 4 ;;
    data | theory) echo 5 ;;
    records) echo 6 ;;
    tables) echo 7 ;;
    formats) echo 8 ;;
    activations | losses | optim | schedules | init) echo 9 ;;
    layers | postprocessing) echo 10 ;;
    plan) echo 11 ;;
    model) echo 12 ;;
    session | model_file) echo 13 ;;
    metrics | data_init | inspection) echo 14 ;;
    calibration | checkpoint) echo 15 ;;
    explain | train) echo 16 ;;
    experiment | coordinates) echo 17 ;;
    recipes | folds) echo 18 ;;
    tune) echo 19 ;;
    report | export | import) echo 20 ;;
    c_code) echo 21 ;;
    int8_code) echo 22 ;;
    cli) echo 23 ;;
    *) fail "src/$1 is in no layer: name it here and in docs/ARCHITECTURE.md" ;;
    esac
}

# The module to which a public header belongs. Handles of layers, losses and optimizers belong to
# kinds.
module_of_header() {
    case $1 in
    status.h | memory.h | strings.h) echo core ;;
    kind.h | field_value.h | layer.h | loss.h | optimizer.h | schedule.h) echo kinds ;;
    random.h) echo math ;;
    graph.h) echo graph ;;
    export.h) echo export ;;
    import.h) echo import ;;
    activation.h) echo activations ;;
    data.h) echo schema ;; # its options and enumerations
    theory.h) echo theory ;;
    model.h) echo model ;;
    session.h) echo session ;;
    coordinate_check.h) echo coordinates ;;
    inspection.h) echo inspection ;;
    metrics.h | gradient_check.h) echo metrics ;;
    train.h) echo train ;;
    experiment.h | describe.h) echo experiment ;;
    suggest.h) echo recipes ;;
    explain.h) echo explain ;;
    folds.h) echo folds ;;
    plot.h) echo report ;;
    tune.h) echo tune ;;
    snug.h) echo cli ;;
    *) fail "snug/$1 belongs to no module: name it here" ;;
    esac
}

# Every include of the files of a folder, as "FILE NAME".
includes() {
    grep -rHoE '^ *# *include *[<"][^>"]+' "$SNUG_SOURCE/$1" --include='*.[ch]' |
        sed -E "s|^$SNUG_SOURCE/||; s|: *# *include *[<\"]| |"
}

includes src >all
holds "$(wc -l <all) > 100"
: >wrong
while read -r file name; do
    module=${file#src/}
    module=${module%%/*}
    case $name in
    snug/*) other=$(module_of_header "${name#snug/}") ;;
    */*.h) other=${name%%/*} ;;
    *) continue ;;
    esac
    case $other in cjson | protobuf-c | sanitizer | sys) continue ;; esac
    [ -e "$SNUG_SOURCE/src/$name" ] || [ -e "$SNUG_SOURCE/include/$name" ] ||
        echo "$file: $name is not there, or not by its path from src/" >>wrong
    height=$(height_of "$module")
    other_height=$(height_of "$other")
    if [ "$module" != "$other" ] && [ "$other_height" -ge "$height" ]; then
        echo "$file: includes $name which is not in a layer below" >>wrong
    fi
done <all
equals "includes against the layers" "$(cat wrong)" ""

# Each third-party library has one module; the compiler's header for sanitizers has one file.
equals "users of sanitizers" \
    "$(sed -n 's|^\(.*\) sanitizer/.*$|\1|p' all | sort -u)" src/core/guard.h
equals "users of BLAS" "$(sed -n 's|^src/\([^/]*\)/.* cblas.h$|\1|p' all | sort -u)" math
equals "users of zlib and libzstd" \
    "$(sed -nE 's|^src/([^/]*)/.* (zlib\|zstd)\.h$|\1|p' all | sort -u)" files
equals "users of protobuf-c" \
    "$(sed -nE 's#^src/([^/]*/[^_]*)_.* (protobuf-c/.*|onnx\.pb-c\.h)$#\1#p' all | sort -u)" \
    "$(printf '%s\n' export/onnx import/onnx)"
equals "users of libcsv" "$(sed -nE 's|^src/([^/]*)/.* csv\.h$|\1|p' all | sort -u)" formats

# The tool includes public headers, and those internal ones whose sources it is linked to.
sed -n '/^set(SNUG_COMMON_SOURCES/,/)/ s|^ *src/\(.*\)\.c)*$|\1.h|p' \
    "$SNUG_SOURCE/CMakeLists.txt" >common
holds "$(wc -l <common) > 5"
includes cli >tool
holds "$(wc -l <tool) > 20"
awk '{ print $2 }' tool | sort -u >names
while read -r name; do
    case $name in
    snug/*) [ -e "$SNUG_SOURCE/include/$name" ] ||
        fail "cli/ includes $name, which is not public" ;;
    cjson/cJSON.h) ;;
    sys/*) ;;
    */*) grep -qxF "$name" common ||
        fail "cli/ includes $name, which is not in SNUG_COMMON_SOURCES" ;;
    *) [ ! -e "$SNUG_SOURCE/src/$name" ] || fail "cli/ includes $name of src/" ;;
    esac
done <names
! grep -rn 'include *"[.]' "$SNUG_SOURCE/cli" "$SNUG_SOURCE/src" ||
    fail "an include leaves its folder"
