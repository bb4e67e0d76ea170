/* The number of threads of OpenBLAS, which is the whole process's and so the tool's to choose. */
#ifndef SNUG_CLI_THREADS_H
#define SNUG_CLI_THREADS_H

#include <stddef.h>

/* Does nothing where another BLAS is linked. */
void cli_threads_set(size_t threads);

#endif
