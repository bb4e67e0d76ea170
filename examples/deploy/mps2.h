/*
 * Where the linker put the sections of the program, and the end of the stack: names that the linker
 * script, mps2.ld, defines. Only their addresses mean something.
 *
 *     FLASH   vectors, code, constants, the first values of variables
 *     RAM     variables, those that begin as 0, free memory, the stack, which grows downwards
 */
#ifndef MPS2_H
#define MPS2_H

#include <stdint.h>

extern uint32_t data_load[];              /* the first values of variables, in FLASH */
extern uint32_t data_start[], data_end[]; /* variables */
extern uint32_t bss_start[], bss_end[];   /* variables that begin as 0 */
extern uint32_t stack_limit[];            /* the lowest address that the stack may have */
extern uint32_t stack_top[];              /* the end of RAM */

#endif
