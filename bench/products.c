/*
 * The products of linear maps by the library's own tiles and by OpenBLAS, which tells from how many
 * weights on OpenBLAS repays: SNUG_GEMM_LARGE in src/math/gemm.h. In one thread, with kernels that
 * suit the CPU (SkylakeX for AVX-512, Haswell for AVX2), which an older OpenBLAS may not find
 * itself:
 *
 *     OPENBLAS_NUM_THREADS=1 OPENBLAS_CORETYPE=SkylakeX build/release/bench/products [SECONDS]
 *
 * SECONDS are those of each side in a round, 0.05 if not given.
 */
#include <stdint.h>

#include <snug/kind.h> /* IWYU pragma: keep */

#include "bench_timing.h"
#include "cpu/cpu.h"
#include "math/gemm.h"
#include "math/gemm_driver.h"
#include "math/openblas.h"

enum { BATCHES = 3, MOST_WEIGHTS = 4096 * 1024 };

static const size_t batches[BATCHES] = {16, 128, 512};

/* Inputs x outputs; the last is the largest. */
static const struct {
    size_t inputs, outputs;
} weights[] = {{32, 32},     {64, 128},    {128, 128},  {256, 256},   {784, 256},
               {512, 512},   {1024, 512},  {768, 1024}, {1024, 1024}, {1536, 1024},
               {2048, 1024}, {2048, 2048}, {4096, 1024}};

/* Which of a linear map's sizes are m, n and k. */
enum { ROWS, INPUTS, OUTPUTS, DIMENSIONS };

static const struct {
    const char *name;
    bool transpose_a, transpose_b;
    int m, n, k;
} kinds[] = {{"forward", false, false, ROWS, OUTPUTS, INPUTS},
             {"weight gradient", true, false, INPUTS, OUTPUTS, ROWS},
             {"input gradient", false, true, ROWS, INPUTS, OUTPUTS}};

enum {
    KINDS = sizeof kinds / sizeof *kinds,
    SHAPES = sizeof weights / sizeof *weights,
    PRODUCTS = SHAPES * BATCHES * KINDS
};

enum { TILED, OPENBLAS, SIDES };

typedef struct measured {
    snug_product product;
    double seconds[SIDES];
} measured;

static float a[MOST_WEIGHTS], b[MOST_WEIGHTS], c[MOST_WEIGHTS];

static snug_product product_of(size_t kind, const size_t sizes[DIMENSIONS]) {
    snug_product p = {.transpose_a = kinds[kind].transpose_a,
                      .transpose_b = kinds[kind].transpose_b,
                      .m = sizes[kinds[kind].m],
                      .n = sizes[kinds[kind].n],
                      .k = sizes[kinds[kind].k],
                      .a = a,
                      .b = b,
                      .c = c};
    p.lda = p.transpose_a ? p.m : p.k;
    p.ldb = p.transpose_b ? p.k : p.n;
    p.ldc = p.n;
    return p;
}

static void run_tiled(const void *product) {
    snug_gemm_tiled(product);
}

static void run_openblas(const void *product) {
    snug_gemm_openblas(product);
}

static void measure(measured *m, double seconds) {
    bench_side sides[SIDES] = {
        [TILED] = {.run = run_tiled, .work = &m->product},
        [OPENBLAS] = {.run = run_openblas, .work = &m->product},
    };
    bench_alternate(sides, SIDES, seconds);
    for (int i = 0; i < SIDES; i++) {
        m->seconds[i] = bench_median(sides[i].times);
    }
}

/* The side that is chosen with OpenBLAS from `large` weights on. */
static int chosen(const measured *m, size_t large) {
    snug_product p = m->product;
    p.large = p.n * (p.transpose_a ? p.m : p.k) >= large;
    return snug_gemm_suits_openblas(&p) ? OPENBLAS : TILED;
}

/* Its time beside that of the faster one. */
static double excess(const measured *m, size_t large) {
    double faster = m->seconds[m->seconds[OPENBLAS] < m->seconds[TILED] ? OPENBLAS : TILED];
    return m->seconds[chosen(m, large)] / faster;
}

static void print_row(const char *name, const measured *m) {
    const snug_product *p = &m->product;
    double operations = 2e-9 * (double)p->m * (double)p->n * (double)p->k;
    printf("%-16s %5zu %5zu %5zu %8.1f %9.1f %6.2f  %s%s\n", name, p->m, p->n, p->k,
           operations / m->seconds[TILED], operations / m->seconds[OPENBLAS],
           m->seconds[OPENBLAS] / m->seconds[TILED],
           chosen(m, SNUG_GEMM_LARGE) == OPENBLAS ? "OpenBLAS" : "own",
           excess(m, SNUG_GEMM_LARGE) > 1.05 ? ", the slower" : "");
    fflush(stdout);
}

static void measure_all(measured table[PRODUCTS], double seconds) {
    measured *m = table;
    for (size_t i = 0; i < SHAPES; i++) {
        for (size_t j = 0; j < BATCHES; j++) {
            for (size_t kind = 0; kind < KINDS; kind++, m++) {
                m->product =
                    product_of(kind, (const size_t[DIMENSIONS]){batches[j], weights[i].inputs,
                                                                weights[i].outputs});
                measure(m, seconds);
                print_row(kinds[kind].name, m);
            }
        }
    }
}

static double total_excess(const measured table[PRODUCTS], size_t large) {
    double sum = 0;
    for (size_t i = 0; i < PRODUCTS; i++) {
        sum += excess(&table[i], large);
    }
    return sum;
}

static void print_summary(const measured table[PRODUCTS]) {
    size_t good = 0, best = SIZE_MAX; /* never OpenBLAS */
    for (size_t i = 0; i < PRODUCTS; i++) {
        good += excess(&table[i], SNUG_GEMM_LARGE) <= 1.05;
    }
    for (size_t i = 0; i < SHAPES; i++) {
        size_t large = weights[i].inputs * weights[i].outputs;
        best = total_excess(table, large) < total_excess(table, best) ? large : best;
    }
    printf(
        "\nThe faster one (within 5%%) is chosen for %zu of %d products; least time is lost with "
        "OpenBLAS from %zu weights on (now %zu).\n",
        good, PRODUCTS, best, SNUG_GEMM_LARGE);
}

int main(int argc, char **argv) {
    static measured table[PRODUCTS];
    double seconds = bench_seconds(argc, argv);
    const snug_random normal = {.seed = 1};
    snug_random_normal(&normal, 0, MOST_WEIGHTS, a);
    snug_random_normal(&normal, MOST_WEIGHTS, MOST_WEIGHTS, b);
    if (!snug_openblas_knows_cpu(snug_cpu_path())) {
        printf("OpenBLAS does not know this CPU and is slow: set OPENBLAS_CORETYPE=%s\n\n",
               snug_openblas_core_for(snug_cpu_path()));
    }
    printf("GFLOP/s of own tiles and of OpenBLAS, how many times as fast the tiles are, and what "
           "snug_gemm() chooses\n\n");
    printf("product              m     n     k      own  OpenBLAS  ratio  choice\n");
    measure_all(table, seconds);
    print_summary(table);
    return EXIT_SUCCESS;
}
