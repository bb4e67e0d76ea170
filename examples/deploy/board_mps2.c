/*
 * The board MPS2 with the image AN386, a Cortex-M4, as qemu has it: start, printing, and counters.
 * Printing and the end of the program are semihosting: requests to the debugger, or to qemu.
 */
#include "board.h"
#include "mps2.h"

int main(void);
void board_start(void);

/* ---- semihosting ----------------------------------------------------------------------------- */

enum { SYS_WRITE0 = 0x04, SYS_EXIT_EXTENDED = 0x20, STOPPED_APPLICATION_EXIT = 0x20026 };

static void request(uint32_t operation, const void *argument) {
    register uint32_t r0 __asm__("r0") = operation;
    register const void *r1 __asm__("r1") = argument;
    __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
}

void board_print(const char *string) {
    request(SYS_WRITE0, string);
}

static void leave(uint32_t status) {
    const uint32_t block[2] = {STOPPED_APPLICATION_EXIT, status};
    request(SYS_EXIT_EXTENDED, block);
    for (;;) {
    }
}

/* ---- counting -------------------------------------------------------------------------------- */

/*
 * qemu -icount shift=6 lets each instruction take 64 ns of the machine's time. The timer counts
 * down at 25 MHz, every 40 ns: an instruction is 1.6 ticks. (The time that instructions take in a
 * processor is no matter of qemu: it knows no pipeline.)
 */
#define SYSTICK_CONTROL (*(volatile uint32_t *)0xe000e010)
#define SYSTICK_RELOAD (*(volatile uint32_t *)0xe000e014)
#define SYSTICK_CURRENT (*(volatile uint32_t *)0xe000e018)

enum { SYSTICK_MOST = 0xffffff, SYSTICK_ON = 5 /* by the processor's clock */ };

static uint32_t begin;

void board_count_begin(void) {
    SYSTICK_RELOAD = SYSTICK_MOST;
    SYSTICK_CURRENT = 0;
    SYSTICK_CONTROL = SYSTICK_ON;
    begin = SYSTICK_CURRENT;
}

uint32_t board_count_end(void) {
    const uint32_t ticks = (begin - SYSTICK_CURRENT) & SYSTICK_MOST;
    return (ticks * 5 + 4) / 8;
}

/* ---- the stack ------------------------------------------------------------------------------- */

#define PATTERN 0x5afe5afeu

static uint32_t *painted_end __attribute__((used));

/*
 * In assembly, because it needs nothing of the stack itself: what it paints ends at the caller's
 * frame, where that of the function begins which is called next.
 */
__attribute__((naked)) void board_stack_begin(void) {
    __asm__("ldr r0, =stack_limit\n"
            "ldr r1, =0x5afe5afe\n"
            "mov r2, sp\n"
            "1: cmp r0, r2\n"
            "bhs 2f\n"
            "str r1, [r0], #4\n"
            "b 1b\n"
            "2: ldr r1, =painted_end\n"
            "str r0, [r1]\n"
            "bx lr\n");
}

uint32_t board_stack_end(void) {
    const uint32_t *word = stack_limit;
    while (word < painted_end && *word == PATTERN) {
        word++;
    }
    return (uint32_t)(painted_end - word) * (uint32_t)sizeof *word;
}

/* ---- start ----------------------------------------------------------------------------------- */

/* Turns the floating-point unit on: full access to the coprocessors 10 and 11. */
#define CPACR (*(volatile uint32_t *)0xe000ed88)

/* Returns how many words are between two addresses of the linker's. */
static uint32_t words_between(const uint32_t *from, const uint32_t *to) {
    return (uint32_t)(((uintptr_t)to - (uintptr_t)from) / sizeof *from);
}

void board_start(void) {
    const uint32_t data = words_between(data_start, data_end);
    const uint32_t bss = words_between(bss_start, bss_end);
    CPACR |= 0xfu << 20;
    __asm__ volatile("dsb\n isb" ::: "memory");
    for (uint32_t i = 0; i < data; i++) {
        data_start[i] = data_load[i];
    }
    for (uint32_t i = 0; i < bss; i++) {
        bss_start[i] = 0;
    }
    leave((uint32_t)main());
}

static void fault(void) {
    board_print("fault\n");
    leave(1);
}

/* What the processor reads when it starts: the stack, the first function, and those for faults. */
__attribute__((section(".vectors"), used)) static const struct {
    uint32_t *stack;
    void (*start)(void);
    void (*faults[14])(void);
} vectors = {stack_top, board_start, {fault, fault, fault, fault, fault}};
