/* What the program needs of the machine that it runs on: a Cortex-M4, or a computer with files. */
#ifndef BOARD_H
#define BOARD_H

#include <stdint.h>

/* Prints a string. */
void board_print(const char *string);

/* Begins to count instructions, and returns how many there were since; 0: it cannot count. */
void board_count_begin(void);
uint32_t board_count_end(void);

/*
 * Fills the memory below the stack with a pattern, and returns how many bytes of it have been
 * overwritten since: what a call needed of the stack. 0: the board cannot know.
 */
void board_stack_begin(void);
uint32_t board_stack_end(void);

#endif
