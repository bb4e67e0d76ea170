/* What the parts of export_models share: failing, random numbers, strings that grow. */
#ifndef SNUG_TESTS_PEERS_PROGRAM_H
#define SNUG_TESTS_PEERS_PROGRAM_H

#include <stddef.h>
#include <stdio.h>

#include <snug/status.h>

enum { LONGEST_TEXT = 4096, LONGEST_NAME = 128 };

/* Ends the program with an error message. */
_Noreturn void fail(const char *what, const char *why);

/* Returns zeroed memory; ends the program where there is none. */
void *allocate(size_t count, size_t size);

/* Opens the file of a name with an ending; ends the program where that fails. */
FILE *open_file(const char *name, const char *ending, const char *mode);

/* Starts the random numbers at a seed. */
void seed_numbers(size_t seed);

/* Returns a random number from 0 to n - 1, and one between two numbers. */
size_t below(size_t n);
double uniform(double low, double high);

/* A string that grows. All zero: empty. */
typedef struct text {
    char bytes[LONGEST_TEXT];
    size_t length;
} text;

/* Appends to it, as by printf(). */
void add(text *t, const char *format, ...) SNUG_PRINTF(2, 3);

#endif
