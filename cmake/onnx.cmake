# ONNX files, an optional part: protobuf-c's compiler makes the C of onnx.proto, which Debian's
# libonnx-dev installs, while Snug is built. Sets SNUG_HAVE_ONNX; the sources see the same name as a
# definition and include <onnx.pb-c.h>. Without it the functions of ONNX files fail with a message
# that names what is missing.

set(SNUG_WITH_ONNX AUTO CACHE STRING "Read and write ONNX files: AUTO (if possible), ON or OFF")
set_property(CACHE SNUG_WITH_ONNX PROPERTY STRINGS AUTO ON OFF)

set(SNUG_HAVE_ONNX OFF)
if(SNUG_WITH_ONNX)
    find_program(SNUG_PROTOC_C protoc-c DOC "Compiler of protobuf-c")
    find_path(SNUG_ONNX_PROTO_DIR onnx.proto PATH_SUFFIXES onnx DOC "Directory of onnx.proto")
    # The names that cmake/snug-dependencies.cmake looks the library up by.
    find_path(SNUG_PROTOBUF_C_INCLUDE_DIR protobuf-c/protobuf-c.h)
    find_library(SNUG_PROTOBUF_C_LIBRARY protobuf-c)
    mark_as_advanced(SNUG_PROTOC_C SNUG_ONNX_PROTO_DIR
                     SNUG_PROTOBUF_C_INCLUDE_DIR SNUG_PROTOBUF_C_LIBRARY)
    if(SNUG_PROTOC_C AND SNUG_ONNX_PROTO_DIR
       AND SNUG_PROTOBUF_C_INCLUDE_DIR AND SNUG_PROTOBUF_C_LIBRARY)
        set(SNUG_HAVE_ONNX ON)
    elseif(NOT SNUG_WITH_ONNX STREQUAL "AUTO")
        message(FATAL_ERROR
            "SNUG_WITH_ONNX=${SNUG_WITH_ONNX} needs protoc-c, protobuf-c with its header and "
            "onnx.proto (Debian: protobuf-c-compiler, libprotobuf-c-dev, libonnx-dev); "
            "scripts/setup.sh --export installs them.")
    endif()
endif()

# snug_add_onnx(TARGET): generates onnx.pb-c.c and onnx.pb-c.h and compiles them into the target.
# Everything of ours that is compiled with snug_flags may include the header; a target that does
# must link a library that holds TARGET's objects, so that the header is there first.
function(snug_add_onnx target)
    set(directory ${PROJECT_BINARY_DIR}/onnx)
    file(MAKE_DIRECTORY ${directory})
    add_custom_command(
        OUTPUT ${directory}/onnx.pb-c.c ${directory}/onnx.pb-c.h
        COMMAND ${SNUG_PROTOC_C} --c_out=${directory} --proto_path=${SNUG_ONNX_PROTO_DIR}
                ${SNUG_ONNX_PROTO_DIR}/onnx.proto
        DEPENDS ${SNUG_ONNX_PROTO_DIR}/onnx.proto
        COMMENT "Generating the C of onnx.proto"
        VERBATIM)
    target_sources(${target} PRIVATE ${directory}/onnx.pb-c.c ${directory}/onnx.pb-c.h)
    # Generated code: its warnings are not ours.
    set_source_files_properties(${directory}/onnx.pb-c.c PROPERTIES COMPILE_OPTIONS -w)
    target_compile_definitions(snug_flags INTERFACE SNUG_HAVE_ONNX)
    target_include_directories(snug_flags SYSTEM INTERFACE ${directory})
endfunction()
