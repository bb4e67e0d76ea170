/* The rows that models are trained on, and those that they predict. */
#include <math.h>
#include <stdbool.h>

#include "program.h"
#include "recipes.h"

static const char *const colours[] = {"red", "blue", "green", "violet"};

static void write_targets(FILE *file, size_t row, size_t colour, double sum) {
    const double part = 0.25 + 0.5 / (1 + exp(-sum));
    fprintf(file, ",k%zu,%s,%.3f,%.3f,%zu,%.6f,%.6f", row % 2 == 0 ? row % 3 : colour,
            sum + uniform(-1, 1) > 0 ? "yes" : "no", 1000 + 50 * sum, sum * sum, below(5), part,
            1 - part);
}

/*
 * Writes rows of a table: numbers with missing values, seconds since 1970, a column of few and one
 * of many categories, and targets of each kind. New rows have categories that others lack.
 */
static void write_table(const char *name, size_t rows, bool with_targets) {
    FILE *file = open_file(name, "", "w");
    fprintf(file, "a,b,time,colour,town%s\n",
            with_targets ? ",class,pair,value,other,count,part,rest" : "");
    for (size_t i = 0; i < rows; i++) {
        const double a = uniform(-3, 3), b = 100 + 10 * a + uniform(-20, 20);
        const size_t colour = below(with_targets ? 3 : 4), town = below(with_targets ? 12 : 14);
        if (below(7) > 0) {
            fprintf(file, "%.4f", a);
        }
        fprintf(file, ",%.4f,%zu,%s,town%zu", b, 1700000000 + below(100000),
                below(9) == 0 ? "" : colours[colour], town);
        if (with_targets) {
            write_targets(file, i, colour, a + (double)colour - (double)(town % 3));
        }
        fputc('\n', file);
    }
    if (fclose(file) != 0) {
        fail(name, "cannot be written");
    }
}

void write_tables(void) {
    enum { TRAINING_ROWS = 80, NEW_ROWS = 40 };
    write_table("table.csv", TRAINING_ROWS, true);
    write_table("new.csv", NEW_ROWS, false);
}
