/*
 * Loops of operations entry by entry. GELU, whose operations nothing else reads, is one loop:
 *
 *     const float *const x4 = scratch;
 *     float *const y = scratch;
 *     for (size_t i = 0; i < 16; i++) {
 *         const float t5 = x4[i] * 0.707106769f;
 *         const float t6 = erff(t5);
 *         const float t7 = t6 + 1.0f;
 *         const float t8 = x4[i] * 0.5f;
 *         y[i] = t8 * t7;
 *     }
 */
#ifndef SNUG_C_CODE_ENTRIES_H
#define SNUG_C_CODE_ENTRIES_H

#include "c_code/program.h"

/* Writes the loop whose last operation is node `root`, entry by entry. */
void snug_c_write_entries(snug_c_program *program, size_t root);

#endif
