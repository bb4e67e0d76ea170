#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "random_table.h"
#include "support.h"

random_table random_columns(uint64_t *state, bool classes, size_t class_count) {
    random_table t = {.count = 1 + draw(state, COLUMNS_MAX),
                      .missing = draw(state, 2) == 0,
                      .classes = classes,
                      .class_count = class_count};
    for (size_t i = 0; i < t.count; i++) {
        t.types[i] = (column_type)draw(state, TYPES);
        t.categories[i] = 2 + draw(state, 9);
    }
    t.types[0] = t.count == 1 ? NUMBER : t.types[0];
    return t;
}

/* Prints a cell; rows to be predicted also have unknown categories. */
static void print_cell(const random_table *t, size_t i, uint64_t *state, bool unknown, char *cell) {
    float z;
    fill_normal(draw(state, 1 << 20), 1, &z);
    if (t->missing && draw(state, 6) == 0) {
        cell[0] = '\0';
    } else if (t->types[i] == NUMBER) {
        snprintf(cell, CELL, "%.5g", 20 + 3 * (double)z);
    } else if (t->types[i] == WIDE) {
        snprintf(cell, CELL, "%.3f", 1.6e9 + 900 * (double)z);
    } else if (unknown && draw(state, 5) == 0) {
        snprintf(cell, CELL, "other");
    } else {
        snprintf(cell, CELL, "c%zu", draw(state, t->categories[i]));
    }
}

void write_table(const random_table *t, const char *name, size_t rows, uint64_t *state,
                 cells *kept) {
    FILE *file = fopen(name, "w");
    ck_assert_ptr_nonnull(file);
    for (size_t i = 0; i < t->count; i++) {
        fprintf(file, "x%zu,", i);
    }
    fprintf(file, "target\n");
    for (size_t k = 0; k < rows; k++) {
        for (size_t i = 0; i < t->count; i++) {
            char cell[CELL];
            print_cell(t, i, state, kept != NULL, cell);
            if (kept == NULL && k < t->categories[i] && t->types[i] == CATEGORY) {
                snprintf(cell, sizeof cell, "c%zu", k); /* training has all */
            }
            if (kept != NULL) {
                memcpy(kept[k][i], cell, CELL);
            }
            fprintf(file, "%s,", cell);
        }
        if (t->classes) {
            fprintf(file, "k%zu\n", k < t->class_count ? k : draw(state, t->class_count));
        } else {
            fprintf(file, "0.%zu\n", draw(state, 9));
        }
    }
    fclose(file);
}

void encode_row(const snug_model_graph *m, char (*row)[CELL], float *x) {
    for (size_t i = 0; i < m->column_count; i++) {
        const snug_export_column *column = &m->columns[i];
        const char *cell = row[i];
        ck_assert_int_eq(column->name[1], '0' + (char)i);
        if (cell[0] == '\0') {
            x[i] = NAN;
        } else if (column->categories.count == 0) {
            x[i] = (float)(strtod(cell, NULL) - column->offset);
        } else {
            size_t k = 0;
            while (k < column->categories.count && strcmp(column->categories.items[k], cell) != 0) {
                k++;
            }
            x[i] = k < column->categories.count ? (float)k : -3;
        }
    }
}
