/* The board that is this computer. */
#include <stdio.h>

#include "board.h"

void board_print(const char *string) {
    fputs(string, stdout);
}

void board_count_begin(void) {}

uint32_t board_count_end(void) {
    return 0;
}

void board_stack_begin(void) {}

uint32_t board_stack_end(void) {
    return 0;
}
