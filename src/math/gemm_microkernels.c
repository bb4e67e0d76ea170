/*
 * Includes the template once for each CPU path, with the parameters of that path; the template's
 * comment describes them. A tile has as many rows as the registers allow: each row takes a register
 * for each vector of columns, and a few more hold B's vectors and the entry of A.
 *
 *     path       registers   tile of 1 vector    tile of 2 vectors   sums in registers
 *     portable   16 x 4      12 rows             6 rows              12
 *     avx2       16 x 8      12 rows             6 rows              12
 *     avx512     32 x 16     16 rows             12 rows             16, or 24
 */
#include <stdint.h>
#include <string.h> /* IWYU pragma: keep */

#include "cpu/simd.h"
#include "math/gemm_microkernels.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/*
 * GCC keeps the array of sums in registers only if its loops are unrolled before it decides on
 * registers, which this asks for. clang does so by itself.
 */
#if defined(__GNUC__) && !defined(__clang__)
#define UNROLL _Pragma("GCC unroll 16")
#else
#define UNROLL
#endif

#define ROWS_TO_6(X) X(1) X(2) X(3) X(4) X(5) X(6)
#define ROWS_TO_12(X) ROWS_TO_6(X) X(7) X(8) X(9) X(10) X(11) X(12)
#define ROWS_TO_16(X) ROWS_TO_12(X) X(13) X(14) X(15) X(16)

#define PATH(name) name##_portable
#define FUSED(a, b, c) ((a) * (b) + (c))
#define QUARTERS(from, row) (*(const vec_portable *)(from))
#define LANES 4
#define ROWS_1 12
#define ROWS_2 6
#define EACH_ROW_1 ROWS_TO_12
#define EACH_ROW_2 ROWS_TO_6
#define SUMS 12
#define WIDE 8
#define TARGET
#define LOW 0, 4, 1, 5
#define HIGH 2, 6, 3, 7
#define LOW_PAIRS 0, 1, 4, 5
#define HIGH_PAIRS 2, 3, 6, 7
#include "math/gemm_microkernel.inc.h"

#if defined(__x86_64__)
/* The 8 numbers from lane_mask + 8 - n on are a mask of a vector's first n lanes. */
static const int32_t lane_mask[16] = {-1, -1, -1, -1, -1, -1, -1, -1};

#define PATH(name) name##_avx2
#define FUSED(a, b, c) _mm256_fmadd_ps(_mm256_set1_ps(a), (__m256)(b), (__m256)(c))
#define QUARTERS(from, row)                                                                        \
    _mm256_insertf128_ps(_mm256_castps128_ps256(_mm_loadu_ps(from)), _mm_loadu_ps((from) + (row)), \
                         1)
#define LANES 8
#define ROWS_1 12
#define ROWS_2 6
#define EACH_ROW_1 ROWS_TO_12
#define EACH_ROW_2 ROWS_TO_6
#define SUMS 12
#define WIDE 8
#define TARGET SNUG_TARGET_AVX2
#define LOW 0, 8, 1, 9, 4, 12, 5, 13
#define HIGH 2, 10, 3, 11, 6, 14, 7, 15
#define LOW_PAIRS 0, 1, 8, 9, 4, 5, 12, 13
#define HIGH_PAIRS 2, 3, 10, 11, 6, 7, 14, 15
#define READ_PART(lanes, from)                                                                     \
    _mm256_maskload_ps(                                                                            \
        from, _mm256_loadu_si256((const __m256i *)(const void *)(lane_mask + 8 - (lanes))))
#include "math/gemm_microkernel.inc.h"

#define PATH(name) name##_avx512
#define FUSED(a, b, c) _mm512_fmadd_ps(_mm512_set1_ps(a), (__m512)(b), (__m512)(c))
#define QUARTERS(from, row)                                                                        \
    _mm512_insertf32x4(                                                                            \
        _mm512_insertf32x4(_mm512_insertf32x4(_mm512_castps128_ps512(_mm_loadu_ps(from)),          \
                                              _mm_loadu_ps((from) + (row)), 1),                    \
                           _mm_loadu_ps((from) + 2 * (row)), 2),                                   \
        _mm_loadu_ps((from) + 3 * (row)), 3)
#define LANES 16
#define ROWS_1 16
#define ROWS_2 12
#define EACH_ROW_1 ROWS_TO_16
#define EACH_ROW_2 ROWS_TO_12
#define SUMS 24
#define WIDE 16
#define TARGET SNUG_TARGET_AVX512
#define LOW 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29
#define HIGH 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31
#define LOW_PAIRS 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29
#define HIGH_PAIRS 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31
#define LANE_MASK(lanes) ((__mmask16)((1U << (lanes)) - 1))
#define READ_PART(lanes, from) _mm512_maskz_loadu_ps(LANE_MASK(lanes), from)
#define WRITE_PART(lanes, to, vector) _mm512_mask_storeu_ps(to, LANE_MASK(lanes), (__m512)(vector))
#include "math/gemm_microkernel.inc.h"
#endif

const snug_microkernels *snug_microkernels_chosen(void) {
#if defined(__x86_64__)
    switch (snug_cpu_path()) {
    case SNUG_CPU_AVX512:
        return &tiles_avx512;
    case SNUG_CPU_AVX2:
        return &tiles_avx2;
    default:
        break;
    }
#endif
    return &tiles_portable;
}
