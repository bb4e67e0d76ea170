# Fuzz targets: tests/fuzz/NAME.c makes the program fuzz/NAME of the build directory, which
# scripts/fuzz.sh runs on the corpus tests/fuzz/corpus/NAME.

if(NOT CMAKE_C_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "SNUG_FUZZ needs libFuzzer, which is clang's: -DCMAKE_C_COMPILER=clang")
endif()

file(GLOB targets CONFIGURE_DEPENDS tests/fuzz/*.c)
foreach(source IN LISTS targets)
    cmake_path(GET source STEM name)
    add_executable(fuzz_${name} ${source})
    set_target_properties(fuzz_${name} PROPERTIES
        OUTPUT_NAME ${name} RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/fuzz)
    target_include_directories(fuzz_${name} PRIVATE src tests/fuzz)
    target_link_libraries(fuzz_${name} PRIVATE snug::static ${SNUG_DEPENDENCIES} snug_flags)
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
endforeach()
