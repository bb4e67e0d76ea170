/*
 * The inner loop of a matrix product, for one width of vectors. Included once a CPU path by
 * gemm_tiles.c, which defines before
 *
 *     LANES    floats in a vector: 4, 8 or 16
 *     EACH_ROW_1(X), EACH_ROW_2(X)  X(1) X(2) ... for the rows of a tile of one vector and of two:
 *     as many
 *              as leave registers for an entry of A and the vectors of B
 *     ROWS_1, ROWS_2  the last of them
 *     SUMS     the most sums of a tile, in vectors
 *     WIDE     the vectors of the widest tile of one row, there being those of WIDE / 2 and WIDE /
 *     4 too:
 *              sums side by side hide how long an addition takes
 *     PATH(x)  the name x of this path
 *     TARGET   the attribute that lets the compiler use the path's instructions
 *     FUSED(a, b, c)  a b + c of a number and two vectors, rounded once where the path has an
 *     instruction
 *              for it
 *     QUARTERS(from, row)  a vector of LANES / 4 times four floats that lie `row` apart
 *     LOW, HIGH  the lanes of two vectors interleaved in each quarter of four: the lower halves,
 *     the upper
 *              halves
 *     LOW_PAIRS, HIGH_PAIRS  the lower, or upper, halves of each quarter of two vectors
 *
 * and where instructions do it
 *
 *     READ_PART(lanes, from), WRITE_PART(lanes, to, vector)  a vector's first lanes alone
 */

typedef float PATH(reg) __attribute__((vector_size(LANES * sizeof(float))));
typedef float PATH(vec)
    __attribute__((vector_size(LANES * sizeof(float)), aligned(sizeof(float)), may_alias));

/* A vector whose first `lanes` lanes come from memory; the others are 0. */
TARGET SNUG_INLINE void PATH(read)(size_t lanes, const float *from, PATH(reg) * vector) {
    if (lanes == LANES) {
        *vector = *(const PATH(vec) *)from;
        return;
    }
#ifdef READ_PART
    *vector = (PATH(reg))READ_PART(lanes, from);
#else
    *vector = (PATH(reg)){0.0F};
    for (size_t i = 0; i < lanes; i++) {
        (*vector)[i] = from[i];
    }
#endif
}

TARGET SNUG_INLINE void PATH(write)(size_t lanes, float *to, PATH(reg) vector) {
    if (lanes == LANES) {
        *(PATH(vec) *)to = vector;
        return;
    }
#ifdef WRITE_PART
    WRITE_PART(lanes, to, vector);
#else
    /* in halves of halves: each copy has a length that is known when compiled */
    const char *from = (const char *)&vector;
    for (size_t part = LANES / 2; part > 0; part /= 2) {
        if ((lanes & part) != 0) {
            memcpy(to, from, part * sizeof(float));
            to += part;
            from += part * sizeof(float);
        }
    }
#endif
}

/* The bias, or 0, and C where it is added to. */
TARGET SNUG_INLINE void PATH(start)(const int rows, const int vectors,
                                    const snug_microkernel_call *t, const float *c,
                                    PATH(reg) * sums) {
    UNROLL
    for (int j = 0; j < vectors; j++) {
        const size_t lanes = j < vectors - 1 ? LANES : t->lanes;
        PATH(reg) start = {0.0F};
        if (t->bias != NULL) {
            PATH(read)(lanes, t->bias + j * LANES, &start);
        }
        UNROLL
        for (int i = 0; i < rows; i++) {
            sums[i * vectors + j] = start;
        }
    }
    if (t->add) {
        UNROLL
        for (int i = 0; i < rows; i++, c += t->c_row) {
            UNROLL
            for (int j = 0; j < vectors; j++) {
                const size_t lanes = j < vectors - 1 ? LANES : t->lanes;
                PATH(reg) before;
                PATH(read)(lanes, c + j * LANES, &before);
                sums[i * vectors + j] += before;
            }
        }
    }
}

TARGET SNUG_INLINE void PATH(store)(const int rows, const int vectors, const size_t lanes, float *c,
                                    const size_t c_row, const PATH(reg) * sums) {
    UNROLL
    for (int i = 0; i < rows; i++, c += c_row) {
        UNROLL
        for (int j = 0; j < vectors; j++) {
            PATH(write)(j < vectors - 1 ? LANES : lanes, c + j * LANES, sums[i * vectors + j]);
        }
    }
}

/*
 * C := (C) + A B (+ bias) for `blocks` blocks of `rows` rows, one below the other, and `vectors`
 * vectors of columns; rows and vectors are known when compiled.
 */
TARGET SNUG_INLINE void PATH(tile)(const int rows, const int vectors,
                                   const snug_microkernel_call *t, size_t blocks) {
    /* read once: what is stored might be *t, for all the compiler knows */
    const size_t a_row = t->a_row, a_step = t->a_step, b_step = t->b_step;
    const size_t c_row = t->c_row, lanes = t->lanes, depth = t->k;
    const float *block_a = t->a, *first_b = t->b;
    float *c = t->c;
    for (; blocks > 0; blocks--) {
        PATH(reg) sums[SUMS];
        const float *a = block_a, *b = first_b;
        PATH(start)(rows, vectors, t, c, sums);
        for (size_t k = depth; k > 0; k--) {
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
                    sums[i * vectors + j] = (PATH(reg))FUSED(left, right[j], sums[i * vectors + j]);
                }
            }
            a += a_step;
            b += b_step;
        }
        if (lanes == LANES) {
            PATH(store)(rows, vectors, LANES, c, c_row, sums);
        } else {
            PATH(store)(rows, vectors, lanes, c, c_row, sums);
        }
        block_a += (size_t)rows * a_row;
        c += (size_t)rows * c_row;
    }
}

#define TILE(rows, vectors)                                                                        \
    TARGET static void PATH(tile_##rows##_##vectors)(const snug_microkernel_call *t,               \
                                                     size_t blocks) {                              \
        PATH(tile)(rows, vectors, t, blocks);                                                      \
    }
#define TILE_1(rows) TILE(rows, 1)
#define TILE_2(rows) TILE(rows, 2)
EACH_ROW_1(TILE_1)
EACH_ROW_2(TILE_2)
#undef TILE_2
#undef TILE_1
#undef TILE

#define WIDE_ROW(name, vectors)                                                                    \
    TARGET static void PATH(name)(const snug_microkernel_call *t, size_t blocks) {                 \
        PATH(tile)(1, vectors, t, blocks);                                                         \
    }
WIDE_ROW(row, WIDE)
WIDE_ROW(half_row, WIDE / 2)
WIDE_ROW(quarter_row, WIDE / 4)
#undef WIDE_ROW

/*
 * `vectors` vectors of a panel, of which the last has `lanes` lanes; the number is known when
 * compiled.
 */
TARGET SNUG_INLINE void PATH(pack_vectors)(const int vectors, size_t lanes, size_t rows,
                                           const float *from, size_t from_row, float *to) {
    for (size_t i = 0; i < rows; i++, from += from_row, to += vectors * LANES) {
        UNROLL
        for (int j = 0; j < vectors; j++) {
            PATH(reg) vector;
            PATH(read)(j < vectors - 1 ? LANES : lanes, from + j * LANES, &vector);
            *(PATH(vec) *)(to + j * LANES) = vector;
        }
    }
}

TARGET static void PATH(pack)(size_t rows, size_t columns, const float *from, size_t from_row,
                              float *to) {
    if (columns == 2 * LANES) {
        PATH(pack_vectors)(2, LANES, rows, from, from_row, to);
    } else if (columns > LANES) {
        PATH(pack_vectors)(2, columns - LANES, rows, from, from_row, to);
    } else {
        PATH(pack_vectors)(1, columns, rows, from, from_row, to);
    }
}

/*
 * to[j][i] = from[i][j], LANES x 4. Vector i of the four takes its quarters of four lanes from rows
 * i, i + 4, i + 8 ...; then each quarter is a square of 4 x 4, turned by instructions that leave
 * quarters where they are.
 */
TARGET SNUG_INLINE void PATH(transpose_four)(const float *from, size_t from_row, float *to,
                                             size_t to_row) {
    PATH(reg) rows[4];
    UNROLL
    for (size_t i = 0; i < 4; i++) {
        rows[i] = (PATH(reg))QUARTERS(from + i * from_row, 4 * from_row);
    }
    const PATH(reg) pairs[4] = {__builtin_shufflevector(rows[0], rows[1], LOW),
                                __builtin_shufflevector(rows[2], rows[3], LOW),
                                __builtin_shufflevector(rows[0], rows[1], HIGH),
                                __builtin_shufflevector(rows[2], rows[3], HIGH)};
    UNROLL
    for (size_t j = 0; j < 4; j += 2, to += 2 * to_row) {
        *(PATH(vec) *)to = __builtin_shufflevector(pairs[j], pairs[j + 1], LOW_PAIRS);
        *(PATH(vec) *)(to + to_row) = __builtin_shufflevector(pairs[j], pairs[j + 1], HIGH_PAIRS);
    }
}

TARGET static void PATH(transpose)(size_t rows, size_t columns, const float *from, size_t from_row,
                                   float *to, size_t to_row) {
    size_t whole_rows = columns < 4 ? 0 : rows - rows % LANES;
    for (size_t i = 0; i < whole_rows; i += LANES) {
        for (size_t j = 0; j < columns; j += 4) {
            size_t first =
                j + 4 <= columns ? j : columns - 4; /* the last four may overlap others */
            const float *four = from + i * from_row + first;
            PATH(transpose_four)(four, from_row, to + first * to_row + i, to_row);
        }
    }
    for (size_t i = whole_rows; i < rows; i++) {
        for (size_t j = 0; j < columns; j++) {
            to[j * to_row + i] = from[i * from_row + j];
        }
    }
}

#define ENTRY_1(rows) PATH(tile_##rows##_1),
#define ENTRY_2(rows) PATH(tile_##rows##_2),
static const snug_microkernels PATH(tiles) = {
    .lanes = LANES,
    .wide = WIDE,
    .rows = {ROWS_1, ROWS_2},
    .tile = {{NULL, EACH_ROW_1(ENTRY_1)}, {NULL, EACH_ROW_2(ENTRY_2)}},
    .row = {PATH(row), PATH(half_row), PATH(quarter_row)},
    .pack = PATH(pack),
    .transpose = PATH(transpose),
};
#undef ENTRY_2
#undef ENTRY_1

#undef LANES
#undef ROWS_1
#undef ROWS_2
#undef EACH_ROW_1
#undef EACH_ROW_2
#undef SUMS
#undef WIDE
#undef PATH
#undef FUSED
#undef TARGET
#undef QUARTERS
#undef LOW
#undef HIGH
#undef LOW_PAIRS
#undef HIGH_PAIRS
#undef READ_PART
#undef WRITE_PART
