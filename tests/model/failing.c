/* The failing allocator of the core's tests, for this program too. */
#include "../core/failing.c"
