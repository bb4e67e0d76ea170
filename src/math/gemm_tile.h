/*
 * The inner loop of a matrix product, for one width of vectors. Included once a CPU path by
 * gemm_tiles.c, which defines before
 *
 *     LANES    floats in a vector: 4, 8 or 16
 *     ROWS     the most rows of a tile: as many as leave registers for an entry of A and two of B
 *     WIDE     the vectors of a tile of one row: sums side by side hide how long an addition takes
 *     PATH(x)  the name x of this path
 *     TARGET   the attribute that lets the compiler use the path's instructions
 *     LOW, HIGH  the lanes of two vectors interleaved: the lower halves, the upper halves
 */

typedef float PATH(reg) __attribute__((vector_size(LANES * sizeof(float))));
typedef float PATH(vec)
    __attribute__((vector_size(LANES * sizeof(float)), aligned(sizeof(float)), may_alias));

/* The bias, or 0, and C where it is added to. */
SNUG_INLINE void PATH(start)(const int rows, const int vectors, const snug_tile *t,
                             PATH(reg) * sums) {
    UNROLL
    for (int j = 0; j < vectors; j++) {
        PATH(reg) start = {0.0F};
        if (t->bias != NULL) {
            start = *(const PATH(vec) *)(t->bias + j * LANES);
        }
        UNROLL
        for (int i = 0; i < rows; i++) {
            sums[i * vectors + j] = start;
        }
    }
    if (t->add) {
        const float *c = t->c;
        UNROLL
        for (int i = 0; i < rows; i++, c += t->c_row) {
            UNROLL
            for (int j = 0; j < vectors; j++) {
                sums[i * vectors + j] += *(const PATH(vec) *)(c + j * LANES);
            }
        }
    }
}

SNUG_INLINE void PATH(store)(const int rows, const int vectors, const snug_tile *t,
                             const PATH(reg) * sums) {
    float *c = t->c;
    const size_t c_row =
        t->c_row; /* read once: what is stored might be *t, for all the compiler knows */
    UNROLL
    for (int i = 0; i < rows; i++, c += c_row) {
        UNROLL
        for (int j = 0; j < vectors; j++) {
            *(PATH(vec) *)(c + j * LANES) = sums[i * vectors + j];
        }
    }
}

/* C := (C) + A B (+ bias) for `rows` rows and `vectors` vectors of columns, both known when compiled. */
SNUG_INLINE void PATH(tile)(const int rows, const int vectors, const snug_tile *t) {
    PATH(reg) sums[ROWS * 2];
    const float *a = t->a, *b = t->b;
    const size_t a_row = t->a_row, a_step = t->a_step, b_step = t->b_step;
    PATH(start)(rows, vectors, t, sums);
    for (size_t k = t->k; k > 0; k--) {
        PATH(reg) right[WIDE];
        UNROLL
        for (int j = 0; j < vectors; j++) {
            right[j] = *(const PATH(vec) *)(b + j * LANES);
        }
        UNROLL
        for (int i = 0; i < rows; i++) {
            float left = a[(size_t)i * a_row];
            UNROLL
            for (int j = 0; j < vectors; j++) {
                sums[i * vectors + j] += left * right[j];
            }
        }
        a += a_step;
        b += b_step;
    }
    PATH(store)(rows, vectors, t, sums);
}

#define TILE(rows)                                                                                 \
    TARGET static void PATH(tile_##rows##_1)(const snug_tile *t) {                                 \
        PATH(tile)(rows, 1, t);                                                                    \
    }                                                                                              \
    TARGET static void PATH(tile_##rows##_2)(const snug_tile *t) {                                 \
        PATH(tile)(rows, 2, t);                                                                    \
    }
EACH_ROW(TILE)
#undef TILE

TARGET static void PATH(wide_row)(const snug_tile *t) {
    PATH(tile)(1, WIDE, t);
}

/* to[j][i] = from[i][j], LANES x LANES: interleaving halves, once a bit of the index. */
SNUG_INLINE void PATH(transpose_square)(const float *from, size_t from_row, float *to,
                                        size_t to_row) {
    PATH(reg) rows[LANES], turned[LANES];
    for (size_t i = 0; i < LANES; i++) {
        rows[i] = *(const PATH(vec) *)(from + i * from_row);
    }
    for (int width = 1; width < LANES; width *= 2) {
        for (int i = 0; i < LANES / 2; i++) {
            turned[2 * i] = __builtin_shufflevector(rows[i], rows[i + LANES / 2], LOW);
            turned[2 * i + 1] = __builtin_shufflevector(rows[i], rows[i + LANES / 2], HIGH);
        }
        for (int i = 0; i < LANES; i++) {
            rows[i] = turned[i];
        }
    }
    for (size_t i = 0; i < LANES; i++) {
        *(PATH(vec) *)(to + i * to_row) = rows[i];
    }
}

TARGET static void PATH(transpose)(size_t rows, size_t columns, const float *from, size_t from_row,
                                   float *to, size_t to_row) {
    size_t whole_rows = rows - rows % LANES, whole_columns = columns - columns % LANES;
    for (size_t i = 0; i < whole_rows; i += LANES) {
        for (size_t j = 0; j < whole_columns; j += LANES) {
            PATH(transpose_square)(from + i * from_row + j, from_row, to + j * to_row + i, to_row);
        }
    }
    for (size_t i = 0; i < rows; i++) {
        for (size_t j = i < whole_rows ? whole_columns : 0; j < columns; j++) {
            to[j * to_row + i] = from[i * from_row + j];
        }
    }
}

#define ENTRY(rows) {PATH(tile_##rows##_1), PATH(tile_##rows##_2)},
static const snug_tiles PATH(tiles) = {
    .lanes = LANES,
    .rows = ROWS,
    .wide = WIDE,
    .tile = {{NULL, NULL}, EACH_ROW(ENTRY)},
    .wide_row = PATH(wide_row),
    .transpose = PATH(transpose),
};
#undef ENTRY

#undef LANES
#undef ROWS
#undef WIDE
#undef PATH
#undef TARGET
#undef LOW
#undef HIGH
#undef EACH_ROW
