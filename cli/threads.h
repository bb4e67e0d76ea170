/* OpenBLAS's settings, which are the whole process's and so the tool's to choose. */
#ifndef SNUG_CLI_THREADS_H
#define SNUG_CLI_THREADS_H

#include <stddef.h>

/* Does nothing where another BLAS is linked. */
void cli_threads_set(size_t threads);

/*
 * OpenBLAS chooses its kernels before main() begins, and takes those of a CPU of 2004 ("Prescott")
 * for a CPU that is newer than itself: then this starts the program again with OPENBLAS_CORETYPE
 * set to what the CPU can do. A variable that is set already stays.
 */
void cli_blas_settle(char **argv);

#endif
