# How everything of ours is compiled, as the interface target snug_flags.

add_library(snug_flags INTERFACE)
target_compile_features(snug_flags INTERFACE c_std_11)
target_compile_definitions(snug_flags INTERFACE _POSIX_C_SOURCE=200809L)
target_compile_options(snug_flags INTERFACE -fopenmp-simd
    -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes
    $<$<BOOL:${SNUG_WERROR}>:-Werror>)

set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_C_VISIBILITY_PRESET hidden)

if(SNUG_LTO)
    include(CheckIPOSupported)
    check_ipo_supported(RESULT SNUG_LTO_WORKS OUTPUT SNUG_LTO_TROUBLE LANGUAGES C)
    if(SNUG_LTO_WORKS)
        set(CMAKE_INTERPROCEDURAL_OPTIMIZATION ON)
        # The static library must serve linkers that know nothing of this compiler's LTO.
        target_compile_options(snug_flags INTERFACE $<$<C_COMPILER_ID:GNU>:-ffat-lto-objects>)
    else()
        message(WARNING "SNUG_LTO: the compiler cannot: ${SNUG_LTO_TROUBLE}")
    endif()
endif()

if(SNUG_SANITIZE)
    set(sanitize -fsanitize=${SNUG_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_compile_options(snug_flags INTERFACE ${sanitize})
    target_link_options(snug_flags INTERFACE ${sanitize})
endif()
if(SNUG_EXACT_ALLOCATIONS)
    target_compile_definitions(snug_flags INTERFACE SNUG_EXACT_ALLOCATIONS)
endif()
if(SNUG_FUZZ)
    # The checks keep clang from vectorizing, of which it would warn.
    target_compile_options(snug_flags INTERFACE -fsanitize=fuzzer-no-link -Wno-pass-failed)
endif()
if(SNUG_COVERAGE)
    # Threads count at the same time.
    target_compile_options(snug_flags INTERFACE --coverage -fprofile-update=atomic)
    target_link_options(snug_flags INTERFACE --coverage)
endif()

# The folders of loops over long arrays: no errno or trap semantics. NaN, infinities and signed
# zeros stay as IEEE 754 has them, and what is fused to multiply-adds the source says
# (src/cpu/simd.h).
set(SNUG_KERNELS "/src/((activations|layers|losses|optim|schedules|math)/|data/gather)[^/]*\\.c$")
set(SNUG_KERNEL_FLAGS -ffp-contract=off -fno-math-errno -fno-trapping-math
    $<IF:$<CONFIG:Debug>,-O2,-O3>)
if(SNUG_SANITIZE)
    # The sanitizers' checks keep clang from vectorizing, of which it then warns.
    list(APPEND SNUG_KERNEL_FLAGS $<$<C_COMPILER_ID:Clang>:-Wno-pass-failed>)
endif()
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|amd64|AMD64)$")
    set(SNUG_X86_64 ON)
    list(APPEND SNUG_KERNEL_FLAGS -mprefer-vector-width=512)
endif()

function(snug_kernel_flags)
    set(kernels ${ARGN})
    list(FILTER kernels INCLUDE REGEX "${SNUG_KERNELS}")
    set_source_files_properties(${kernels} PROPERTIES COMPILE_OPTIONS "${SNUG_KERNEL_FLAGS}")
    # Tiles have no remainders, and no intrinsics but those of x86_64.
    if(NOT SNUG_X86_64)
        set_property(SOURCE src/math/gemm_microkernels.c APPEND PROPERTY
            COMPILE_OPTIONS -ffp-contract=fast)
    endif()
endfunction()
