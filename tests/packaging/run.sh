#!/usr/bin/env bash
# What a program that uses Snug meets: headers, exported symbols, and the three ways to build with
# it. usage: run.sh headers|exports|common|install|pkg-config|find_package|add_subdirectory
# ctest gives: CMAKE, CC, CXX, SOURCE, BUILD, CONFIG, VERSION, and the built SNUG_LIBRARY
# (libsnug.so), SNUG_COMMON (libsnug_common.a) and SNUG_TOOL.
set -euo pipefail

packaging=$BUILD/packaging
prefix=$packaging/prefix
here=$SOURCE/tests/packaging

run_consumer() { # PROGRAM: the SELU of -1 and a sum of probabilities
    local said
    said=$("$1")
    [ "$said" = "-1.11133 1" ] || { echo "$1 says: $said"; exit 1; }
}

headers() {
    local strict=(-Wall -Wextra -Wpedantic -Werror -fsyntax-only -I "$SOURCE/include")
    local header
    for header in "$SOURCE"/include/snug/*.h; do
        "$CC" -std=c99 "${strict[@]}" -x c "$header"
        "$CC" -std=c11 "${strict[@]}" -x c "$header"
        "$CXX" -std=c++17 "${strict[@]}" -x c++ "$header"
        if grep -n '#include' "$header" | grep -Ev '<(snug/[a-z_]+|std[a-z]+)\.h>'; then
            echo "$header includes more than the C library and Snug"
            exit 1
        fi
    done
}

exports() {
    local symbols others
    symbols=$(nm -D --defined-only "$SNUG_LIBRARY" | awk '{print $NF}')
    echo "$symbols" | grep -qx snug_version || { echo "snug_version is not exported"; exit 1; }
    others=$(echo "$symbols" | grep -v '^snug_' || true)
    [ -z "$others" ] || { echo "exported without snug_: $others"; exit 1; }
    local undeclared=() symbol
    for symbol in $symbols; do
        grep -qw "$symbol" "$SOURCE"/include/snug/*.h || undeclared+=("$symbol")
    done
    [ ${#undeclared[@]} = 0 ] || { echo "exported but not public: ${undeclared[*]}"; exit 1; }
}

# What the tool is linked to beside the shared library holds no state but caches, of which each copy
# may have its own, and takes everything else from the shared library.
common() {
    local state exported defined missing
    state=$(objdump -t "$SNUG_COMMON" |
        sed -nE 's/^.* O (\.t?(bss|data)|\*COM\*)\t[0-9a-f]+ +([a-z_]+)(\.[0-9]+)?$/\3/p' | sort)
    [ "$state" = "$(printf '%s\n' c_locale counter once)" ] ||
        { echo "variables of $SNUG_COMMON: $state"; exit 1; }
    exported=$(nm -D --defined-only "$SNUG_LIBRARY" | awk '{ print $NF }' | sort)
    defined=$(nm -g --defined-only "$SNUG_COMMON" | awk 'NF == 3 { print $3 }' | sort -u)
    echo "$defined" | grep -qx snug_file_create || { echo "$SNUG_COMMON lacks files"; exit 1; }
    missing=$(comm -12 <(echo "$exported") <(echo "$defined"))
    [ -z "$missing" ] || { echo "defined twice: $missing"; exit 1; }
    missing=$(nm -u "$SNUG_COMMON" | awk '/ U snug_/ { print $2 }' | sort -u |
        comm -23 - <(printf '%s\n%s\n' "$exported" "$defined" | sort))
    [ -z "$missing" ] || { echo "neither there nor exported: $missing"; exit 1; }
    grep -q "NEEDED *libsnug\.so" <<<"$(objdump -p "$SNUG_TOOL")" || {
        echo "a tool without it"
        exit 1
    }
}

install_prefix() {
    rm -rf "$packaging"
    mkdir -p "$packaging"
    "$CMAKE" --install "$BUILD" --config "$CONFIG" --prefix "$prefix" >"$packaging/install.log"
    local library
    library=$(find "$prefix" -name libsnug.so)
    dirname "$library" >"$packaging/libdir"
    if [ -x "$prefix/bin/snug" ]; then
        "$prefix/bin/snug" --help >"$packaging/help"
    fi
}

pkg_config() {
    local libdir flags
    libdir=$(cat "$packaging/libdir")
    export PKG_CONFIG_PATH=$libdir/pkgconfig
    [ "$(pkg-config --modversion snug)" = "$VERSION" ]
    flags=(-std=c11 "-DEXPECTED_VERSION=\"$VERSION\"" "$here/consumer.c")
    # The words of pkg-config are separate arguments.
    # shellcheck disable=SC2046
    "$CC" "${flags[@]}" $(pkg-config --cflags --libs snug) "-Wl,-rpath,$libdir" \
        -o "$packaging/pkg_config_shared"
    run_consumer "$packaging/pkg_config_shared"
    # The static library alone: a directory without the shared one.
    mkdir -p "$packaging/static"
    cp "$libdir/libsnug.a" "$packaging/static"
    # shellcheck disable=SC2046
    "$CC" "${flags[@]}" $(pkg-config --cflags snug) -L "$packaging/static" \
        $(pkg-config --static --libs snug | sed "s|-L$libdir[^ ]*||") \
        -o "$packaging/pkg_config_static"
    if ldd "$packaging/pkg_config_static" | grep libsnug; then
        echo "the static program asks for the shared library"
        exit 1
    fi
    run_consumer "$packaging/pkg_config_static"
}

consumer_project() { # NAME CMAKE_ARGUMENT...: builds the project of this folder
    local out=$packaging/$1
    rm -rf "$out"
    "$CMAKE" -S "$here" -B "$out" -DCMAKE_BUILD_TYPE=Debug "-DCMAKE_C_COMPILER=$CC" \
        "-DSNUG_EXPECTED_VERSION=$VERSION" "${@:2}"
    "$CMAKE" --build "$out" -j2
    run_consumer "$out/consumer_snug"
    run_consumer "$out/consumer_static"
}

case $1 in
headers) headers ;;
exports) exports ;;
common) common ;;
install) install_prefix ;;
pkg-config) pkg_config ;;
find_package) consumer_project find_package "-DCMAKE_PREFIX_PATH=$prefix" ;;
# The library as it is without its optional parts.
add_subdirectory)
    consumer_project add_subdirectory "-DSNUG_SOURCE=$SOURCE" -DSNUG_WITH_ONNX=OFF
    ;;
*) echo "unknown: $1" >&2; exit 2 ;;
esac
