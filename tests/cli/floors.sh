# The floors of the house: no source includes what stands above it, or beside it in another room.
# docs/ARCHITECTURE.md draws the floors.
. "$SNUG_SOURCE/tests/cli/lib/assert.sh"

floor_of() {
    case $1 in
    core) echo 1 ;;
    math) echo 2 ;;
    activations | losses | optim | init | data | theory) echo 3 ;;
    layers) echo 4 ;;
    model) echo 5 ;;
    report | export) echo 6 ;;
    train) echo 7 ;;
    cli) echo 8 ;;
    *) fail "$1 stands on no floor: name it here and in docs/ARCHITECTURE.md" ;;
    esac
}

# The room to which a public header belongs. Handles of layers, losses and optimizers are core's, as
# the kinds are; experiment.h has a function of the room report, and all its others of train.
room_of_header() {
    case $1 in
    status.h | memory.h | kind.h | layer.h | file.h) echo core ;;
    activation.h) echo activations ;;
    bench.h) echo math ;;
    data.h) echo data ;;
    model.h) echo model ;;
    experiment.h) echo report ;;
    train.h) echo train ;;
    snug.h) echo cli ;;
    *) fail "snug/$1 belongs to no room: name it here" ;;
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
    room=${file#src/}
    room=${room%%/*}
    case $name in
    snug/*) other=$(room_of_header "${name#snug/}") ;;
    */*.h) other=${name%%/*} ;;
    *) continue ;;
    esac
    case $other in cjson | sanitizer | sys) continue ;; esac
    [ -e "$SNUG_SOURCE/src/$name" ] || [ -e "$SNUG_SOURCE/include/$name" ] ||
        echo "$file: $name is not there, or not by its path from src/" >>wrong
    height=$(floor_of "$room")
    other_height=$(floor_of "$other")
    if [ "$room" != "$other" ] && [ "$other_height" -ge "$height" ]; then
        echo "$file: includes $name from a floor that is not below" >>wrong
    fi
done <all
equals "includes against the floors" "$(cat wrong)" ""

# Each foreign library has one room; the compiler's header for sanitizers has one file.
equals "users of sanitizers" "$(sed -n 's|^\(.*\) sanitizer/.*$|\1|p' all | sort -u)" src/core/guard.h
equals "users of BLAS" "$(sed -n 's|^src/\([^/]*\)/.* cblas.h$|\1|p' all | sort -u)" math
equals "users of zlib and libcsv" \
    "$(sed -nE 's|^src/([^/]*)/.* (zlib\|csv)\.h$|\1|p' all | sort -u)" data

# The tool stands on the public headers alone, and each is one that is installed.
includes cli >tool
holds "$(wc -l <tool) > 20"
awk '{ print $2 }' tool | sort -u >names
while read -r name; do
    case $name in
    snug/*) [ -e "$SNUG_SOURCE/include/$name" ] || fail "cli/ includes $name, which is not public" ;;
    cjson/cJSON.h) ;;
    sys/*) ;;
    */*) fail "cli/ includes $name: it uses the public headers only" ;;
    *) [ ! -e "$SNUG_SOURCE/src/$name" ] || fail "cli/ includes $name of src/" ;;
    esac
done <names
! grep -rn 'include *"[.]' "$SNUG_SOURCE/cli" "$SNUG_SOURCE/src" || fail "an include leaves its folder"
