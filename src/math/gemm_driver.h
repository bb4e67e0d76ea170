/*
 * The library's own matrix products: C is cut into tiles that fit into vector registers, and the
 * microkernels (math/gemm_microkernels.h) compute one tile after the other.
 */
#ifndef SNUG_MATH_GEMM_DRIVER_H
#define SNUG_MATH_GEMM_DRIVER_H

#include "math/gemm_product.h"

/*
 * Computes the product without OpenBLAS, whatever its shape.
 *
 * Each number of C is the sum of its
 * products in the order of k, whatever the other dimensions are, so that a row of C has the same
 * bits in a batch of any size. (A deep product sums in blocks of rows: see math/reduce.h.)
 *
 * The work needs at most 140 KiB of stack and no allocation, so that it cannot fail.
 */
void snug_gemm_tiled(const snug_product *product);

#endif
