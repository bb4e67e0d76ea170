# Tests: the unit suites, the examples, the tool's scripts and the packaging. `ctest` runs them all.

find_package(PkgConfig QUIET)
if(PkgConfig_FOUND)
    pkg_check_modules(CHECK QUIET IMPORTED_TARGET check)
endif()
if(NOT TARGET PkgConfig::CHECK)
    message(FATAL_ERROR "The tests need pkg-config and Check (Debian: pkg-config, check); "
                        "scripts/setup.sh installs them, and -DSNUG_BUILD_TESTS=OFF does without.")
endif()

# OpenBLAS in one thread: the tests run beside each other, and the results do not depend on cores. A
# test of Check may take longer than its 4 seconds where a sanitizer or a busy machine slows it.
function(snug_add_test name label)
    add_test(NAME ${name} COMMAND ${ARGN})
    set_tests_properties(${name} PROPERTIES
        TIMEOUT 600 LABELS ${label}
        ENVIRONMENT "OPENBLAS_NUM_THREADS=1;CK_DEFAULT_TIMEOUT=120")
endfunction()

# What the test programs share, among it main(), which runs every suite that a file registers.
file(GLOB sources CONFIGURE_DEPENDS tests/support/*.c)
add_library(snug_test_support OBJECT ${sources})
target_include_directories(snug_test_support PRIVATE src tests)
target_compile_definitions(snug_test_support PRIVATE SNUG_TEST_DIR="${PROJECT_SOURCE_DIR}/tests")
target_link_libraries(snug_test_support PRIVATE
    snug::static ${SNUG_DEPENDENCIES} PkgConfig::CHECK snug_flags)

# One program a directory: tests/<directory>/*.c make test_<directory>.
file(GLOB folders CONFIGURE_DEPENDS tests/*)
list(FILTER folders EXCLUDE REGEX "/(vectors|cli|repo|golden|packaging|peers|support|fuzz|kill)$")
foreach(folder IN LISTS folders)
    file(GLOB sources CONFIGURE_DEPENDS ${folder}/*.c)
    cmake_path(GET folder FILENAME name)
    if(sources)
        add_executable(test_${name} ${sources})
        target_include_directories(test_${name} PRIVATE src tests)
        target_compile_definitions(test_${name} PRIVATE
            SNUG_TEST_DIR="${PROJECT_SOURCE_DIR}/tests")
        target_link_libraries(test_${name} PRIVATE snug_test_support
            snug::static ${SNUG_DEPENDENCIES} PkgConfig::CHECK snug_flags)
        snug_add_test(unit_${name} unit test_${name})
    endif()
endforeach()

# Programs in C are made of the random models with which graphs are tested.
if(TARGET test_c_code)
    target_sources(test_c_code PRIVATE
        tests/graph/random_model.c tests/graph/random_table.c tests/graph/support.c)
endif()

# Runs that are killed and resumed. It is a test of its own, beside the test programs, which
# Valgrind runs: it starts hundreds of processes.
file(GLOB sources CONFIGURE_DEPENDS tests/kill/*.c)
if(sources)
    add_executable(kill_and_resume ${sources})
    target_include_directories(kill_and_resume PRIVATE src tests)
    target_link_libraries(kill_and_resume PRIVATE snug_test_support
        snug::static ${SNUG_DEPENDENCIES} PkgConfig::CHECK snug_flags)
    snug_add_test(kill kill kill_and_resume)
endif()

# Every example runs, where its files are.
if(SNUG_BUILD_EXAMPLES)
    file(GLOB examples CONFIGURE_DEPENDS examples/*.c)
    foreach(example IN LISTS examples)
        cmake_path(GET example STEM name)
        snug_add_test(example_${name} example examples_${name})
        set_tests_properties(example_${name} PROPERTIES
            WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}/examples)
    endforeach()
    # Each experiment runs in its short form, on a table that is here.
    file(GLOB experiments CONFIGURE_DEPENDS examples/experiments/*.c)
    file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/scratch)
    foreach(experiment IN LISTS experiments)
        cmake_path(GET experiment STEM name)
        snug_add_test(experiment_${name} example experiments_${name} --quick
            --data ${PROJECT_SOURCE_DIR}/examples/data/digits.csv
            --out ${PROJECT_BINARY_DIR}/scratch/experiment_${name}.svg)
    endforeach()
    snug_add_test(experiment_help example experiments_mapping --help)
endif()

# The tool's scripts, each in a directory of its own that starts empty. Under a sanitizer they all
# run but for these: contributing builds a copy of the sources without one, and so tests nothing
# more.
set(SNUG_SCRIPTS_WITHOUT_SANITIZER contributing)

# A sanitizer's report goes into a file beside the script's directory, and lib/assert.sh fails for
# it whatever exit status the script expects; the report's own is one that the tool never has.
set(SNUG_SANITIZER_STATUS 86)

# snug_report_to(TEST PREFIX): where a test's sanitizers write their reports.
function(snug_report_to test prefix)
    foreach(sanitizer ASAN UBSAN LSAN TSAN)
        set_property(TEST ${test} APPEND PROPERTY ENVIRONMENT
            ${sanitizer}_OPTIONS=exitcode=${SNUG_SANITIZER_STATUS}:log_path=${prefix})
    endforeach()
    set_property(TEST ${test} APPEND PROPERTY ENVIRONMENT
        SNUG_SANITIZER_STATUS=${SNUG_SANITIZER_STATUS} SNUG_REPORTS=${prefix})
endfunction()

# snug_add_scripts(FOLDER): tests/FOLDER/*.sh, each in a directory of its own that starts empty.
function(snug_add_scripts folder)
    file(GLOB scripts CONFIGURE_DEPENDS tests/${folder}/*.sh)
    foreach(script IN LISTS scripts)
        cmake_path(GET script STEM name)
        if(SNUG_SANITIZE AND name IN_LIST SNUG_SCRIPTS_WITHOUT_SANITIZER)
            continue()
        endif()
        set(test ${folder}_${name})
        set(scratch ${PROJECT_BINARY_DIR}/scratch/${test})
        snug_add_test(${test} ${folder}
            sh -c "rm -rf \"$1\" && mkdir -p \"$1\" && cd \"$1\" && exec bash \"$2\""
            sh ${scratch} ${script})
        set_property(TEST ${test} APPEND PROPERTY ENVIRONMENT
            SNUG=$<TARGET_FILE:snug_tool> SNUG_SOURCE=${PROJECT_SOURCE_DIR} SNUG_SCRATCH=${scratch})
        if(SNUG_SANITIZE)
            snug_report_to(${test} ${scratch}.report)
        endif()
    endforeach()
endfunction()

# cli: the tool's commands. repo: rules that the sources and the pages keep.
if(TARGET snug_tool)
    snug_add_scripts(cli)
    snug_add_scripts(repo)
endif()

# A network on a Cortex-M4, as qemu has one; skipped where the compiler or qemu is missing.
if(TARGET snug_tool)
    snug_add_test(example_deploy example bash ${PROJECT_SOURCE_DIR}/examples/deploy/run.sh)
    set_property(TEST example_deploy APPEND PROPERTY ENVIRONMENT SNUG=$<TARGET_FILE:snug_tool>)
    set_tests_properties(example_deploy PROPERTIES SKIP_RETURN_CODE 77)
endif()

# What the comparisons with PyTorch and scikit-learn load: see tests/peers/run.sh.
add_library(peers_bridge MODULE tests/peers/bridge.c)
set_target_properties(peers_bridge PROPERTIES
    PREFIX "" OUTPUT_NAME bridge LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/peers)
target_link_libraries(peers_bridge PRIVATE snug::snug snug_flags)

# What exports models for other runtimes: see tests/peers/run_export.sh.
if(SNUG_HAVE_ONNX)
    file(GLOB sources CONFIGURE_DEPENDS tests/peers/onnx/*.c)
    add_executable(peers_export_models ${sources})
    set_target_properties(peers_export_models PROPERTIES
        OUTPUT_NAME export_models RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/peers)
    target_include_directories(peers_export_models PRIVATE src)
    target_link_libraries(peers_export_models PRIVATE
        snug::static ${SNUG_DEPENDENCIES} snug_flags m)
endif()

# Programs of others, which link the library without a sanitizer's runtime or gcov's.
if(SNUG_INSTALL AND NOT SNUG_SANITIZE AND NOT SNUG_COVERAGE)
    find_program(SNUG_CXX NAMES c++ g++ clang++ REQUIRED
                 DOC "C++ compiler that tests the headers (Debian: g++)")
    foreach(name headers exports install pkg-config find_package add_subdirectory)
        snug_add_test(packaging_${name} packaging
            bash ${PROJECT_SOURCE_DIR}/tests/packaging/run.sh ${name})
        set_property(TEST packaging_${name} APPEND PROPERTY ENVIRONMENT
            CMAKE=${CMAKE_COMMAND} CC=${CMAKE_C_COMPILER} CXX=${SNUG_CXX}
            SOURCE=${PROJECT_SOURCE_DIR} BUILD=${PROJECT_BINARY_DIR} CONFIG=$<CONFIG>
            SNUG_LIBRARY=$<TARGET_FILE:snug> VERSION=${PROJECT_VERSION})
    endforeach()
    if(TARGET snug_tool)
        snug_add_test(packaging_common packaging
            bash ${PROJECT_SOURCE_DIR}/tests/packaging/run.sh common)
        set_property(TEST packaging_common APPEND PROPERTY ENVIRONMENT
            SNUG_LIBRARY=$<TARGET_FILE:snug> SNUG_COMMON=$<TARGET_FILE:snug_common>
            SNUG_TOOL=$<TARGET_FILE:snug_tool> SOURCE=${PROJECT_SOURCE_DIR}
            BUILD=${PROJECT_BINARY_DIR})
    endif()
    set_tests_properties(packaging_install PROPERTIES FIXTURES_SETUP snug_prefix)
    set_tests_properties(packaging_pkg-config packaging_find_package packaging_add_subdirectory
        PROPERTIES FIXTURES_REQUIRED snug_prefix)
endif()
