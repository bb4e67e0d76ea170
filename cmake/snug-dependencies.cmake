# Finds the dependencies of the library. Read by the build and, installed beside snug-config.cmake,
# by the programs that link the static library; so it makes the same targets in both.

set(THREADS_PREFER_PTHREAD_FLAG ON)
include(CMakeFindDependencyMacro)

set(SNUG_MISSING "")
find_package(Threads QUIET)
if(NOT Threads_FOUND)
    list(APPEND SNUG_MISSING "POSIX threads (Debian: build-essential)")
endif()

# Makes the target snug::<name> of a header and a library, or notes that it is missing.
function(snug_find name title header library package)
    if(TARGET snug::${name})
        return()
    endif()
    string(TOUPPER SNUG_${name} prefix)
    find_path(${prefix}_INCLUDE_DIR ${header} PATH_SUFFIXES ${ARGN})
    find_library(${prefix}_LIBRARY ${library} PATH_SUFFIXES ${ARGN})
    mark_as_advanced(${prefix}_INCLUDE_DIR ${prefix}_LIBRARY)
    if(NOT ${prefix}_INCLUDE_DIR OR NOT ${prefix}_LIBRARY)
        set(SNUG_MISSING ${SNUG_MISSING} "${title} (Debian: ${package})" PARENT_SCOPE)
        return()
    endif()
    add_library(snug::${name} UNKNOWN IMPORTED)
    set_target_properties(snug::${name} PROPERTIES
        IMPORTED_LOCATION "${${prefix}_LIBRARY}"
        INTERFACE_INCLUDE_DIRECTORIES "${${prefix}_INCLUDE_DIR}")
endfunction()

snug_find(openblas "OpenBLAS with its header cblas.h" cblas.h openblas libopenblas-dev
          openblas openblas-pthread openblas-serial openblas-openmp)
snug_find(cjson "cJSON" cjson/cJSON.h cjson libcjson-dev)
snug_find(zlib "zlib" zlib.h z zlib1g-dev)
snug_find(zstd "Zstandard" zstd.h zstd libzstd-dev)
snug_find(csv "libcsv" csv.h csv libcsv-dev)

set(SNUG_DEPENDENCIES snug::openblas snug::cjson snug::zlib snug::zstd snug::csv Threads::Threads m)
if(SNUG_HAVE_ONNX)
    snug_find(protobuf_c "protobuf-c" protobuf-c/protobuf-c.h protobuf-c libprotobuf-c-dev)
    list(APPEND SNUG_DEPENDENCIES snug::protobuf_c)
endif()

# An installed package reports to its user through find_package; the build stops here.
if(SNUG_MISSING AND NOT CMAKE_FIND_PACKAGE_NAME STREQUAL "snug")
    list(JOIN SNUG_MISSING "\n  " SNUG_MISSING)
    message(FATAL_ERROR "Snug needs, and does not find:\n  ${SNUG_MISSING}\n"
                        "scripts/setup.sh installs all of it with apt.")
endif()
