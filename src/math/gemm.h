/*
 * Matrix products C = A B, the operation that training spends most of its time in.
 *
 * Two implementations compute them:
 *
 * - The library's own, gemm_driver.c over gemm_microkernels.c. It reads A and B where they are
 *   stored. Most products of a small network are too small to repay a copy of both operands, which
 *   is the first thing that a BLAS does.
 * - OpenBLAS, which is faster where the weights outgrow the caches of the CPU: there its copies pay
 *   (bench/products.c measures both side by side).
 *
 * The choice depends on the shape of the product and on the CPU path alone, so that a product has
 * the same bits each time it is computed.
 */
#ifndef SNUG_MATH_GEMM_H
#define SNUG_MATH_GEMM_H

#include <stdbool.h>
#include <stddef.h>

#include "math/gemm_product.h"

/* Computes the product by the implementation that suits it. */
void snug_gemm(const snug_product *product);

/* The least number of weights for which OpenBLAS is faster, as bench/products measures. */
#define SNUG_GEMM_LARGE ((size_t)1 << 20)

/*
 * Returns whether a matrix of so many weights repays the copies that OpenBLAS makes of both
 * operands; a plan asks this once for each layer. Always false where OpenBLAS does not know this
 * CPU and runs kernels of an older one.
 */
bool snug_gemm_is_large(size_t weights);

/* Returns whether snug_gemm() chooses OpenBLAS: for large products, neither thin nor deep. */
bool snug_gemm_suits_openblas(const snug_product *product);

/* Computes the product by OpenBLAS, whatever its shape. */
void snug_gemm_openblas(const snug_product *product);

/* Computes the product by three loops that sum in double: what the tests compare with. */
void snug_gemm_reference(const snug_product *product);

#endif
