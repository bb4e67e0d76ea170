#include <stdlib.h>
#include <string.h>

#include "cpu/cpu.h"

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

atomic_int snug_cpu_chosen = SNUG_CPU_COUNT;

snug_cpu snug_cpu_wanted(const char *name) {
    snug_cpu best = snug_cpu_best();
    for (int i = 0; name != NULL && i < (int)best; i++) {
        if (strcmp(name, snug_cpu_name((snug_cpu)i)) == 0) {
            return (snug_cpu)i;
        }
    }
    return best;
}

void snug_cpu_force(snug_cpu path) {
    snug_cpu best = snug_cpu_best();
    atomic_store_explicit(&snug_cpu_chosen, (int)(path < best ? path : best), memory_order_relaxed);
}

snug_cpu snug_cpu_choose(void) {
    snug_cpu path = snug_cpu_wanted(getenv("SNUG_CPU"));
    atomic_store_explicit(&snug_cpu_chosen, (int)path, memory_order_relaxed);
    return path;
}

#if defined(__x86_64__)
/* Bits of the control register MXCSR: denormal results become 0, denormal operands count as 0. */
enum { FLUSH = 0x8000 | 0x0040 };
#endif

unsigned snug_cpu_flush_denormals(void) {
#if defined(__x86_64__)
    unsigned state = _mm_getcsr();
    _mm_setcsr(state | FLUSH);
    return state;
#else
    return 0;
#endif
}

/* Sets the two bits alone: what else the thread has changed in the register stays. */
void snug_cpu_restore(unsigned state) {
#if defined(__x86_64__)
    _mm_setcsr((_mm_getcsr() & ~(unsigned)FLUSH) | (state & FLUSH));
#else
    (void)state;
#endif
}
