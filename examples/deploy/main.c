/*
 * Predicts some rows by an exported network, and prints for each its class, and each probability
 * as the bits of the float and in billionths: the same on every machine. run.sh compares them.
 */
#include <string.h>

#include "board.h"
#include "net.h"
#include "rows.h" /* rows[ROWS][NET_INPUTS], made of the table by run.sh */

/* Prints a number in a base of 10 or 16, and a character. */
static void print_number(uint32_t number, uint32_t base, char end) {
    char text[16], *digit = text + sizeof text;
    *--digit = '\0';
    *--digit = end;
    do {
        *--digit = "0123456789abcdef"[number % base];
        number /= base;
    } while (number > 0);
    board_print(digit);
}

static void print_float(float x) {
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    print_number(bits, 16, ' ');
    print_number((uint32_t)(x * 1e9f + 0.5f), 10, ' ');
}

static void print_named(const char *name, uint32_t number) {
    board_print(name);
    print_number(number, 10, '\n');
}

/* Counts a loop of 2000 instructions, by which run.sh checks the counter. */
static uint32_t count_known_loop(void) {
    board_count_begin();
#ifdef __arm__
    uint32_t i = 1000;
    __asm__ volatile("1: subs %0, %0, #1\n bne 1b" : "+r"(i) : : "cc");
#endif
    return board_count_end();
}

int main(void) {
    static float in[NET_INPUTS], out[NET_OUTPUTS];
    uint32_t count = 0, stack = 0;
    for (int r = 0; r < ROWS; r++) {
        for (int i = 0; i < NET_INPUTS; i++) {
            in[i] = (float)rows[r][i];
        }
        board_stack_begin();
        board_count_begin();
        net_predict(in, out);
        count = board_count_end();
        stack = board_stack_end();
        print_number((uint32_t)net_class(out), 10, ' ');
        for (int i = 0; i < NET_OUTPUTS; i++) {
            print_float(out[i]);
        }
        board_print("\n");
    }
    print_named("# loop ", count_known_loop());
    print_named("# instructions ", count);
    print_named("# stack ", stack);
    return 0;
}
