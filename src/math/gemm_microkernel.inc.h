/*
 * The microkernels of one CPU path: a template, not a header. gemm_microkernels.c includes it once
 * for each path and defines these macros before; the template undefines them at its end.
 *
 *     LANES             floats in a vector: 4, 8 or 16
 *     EACH_ROW_1(X)     X(1) X(2) ... X(ROWS_1), for the rows of tiles of one vector of columns
 *     EACH_ROW_2(X)     X(1) X(2) ... X(ROWS_2), for the rows of tiles of two vectors of columns
 *     ROWS_1, ROWS_2    the most rows of such tiles: as many as leave registers for an entry of A
 *                       and the vectors of B
 *     SUMS              the most sums of a tile, in vectors
 *     WIDE              the vectors of the widest tile of one row; there are also tiles of WIDE / 2
 *                       and WIDE / 4. Sums next to each other hide how long an addition takes
 *     PATH(x)           the name x of this path: x_avx2
 *     TARGET            the attribute that lets the compiler use the instructions of the path
 *     FUSED(a, b, c)    a b + c of a number and two vectors, rounded once where the path has an
 *                       instruction for that
 *     QUARTERS(from, row)       a vector of LANES / 4 groups of four floats, read from `from`,
 *                               from + row, from + 2 row ...
 *     LOW, HIGH                 indices for __builtin_shufflevector(): within each group of four,
 *                               the lower (upper) two lanes of two vectors, interleaved
 *     LOW_PAIRS, HIGH_PAIRS     within each group of four, the lower (upper) two lanes of one
 *                               vector, then those of the other
 *
 * and, on paths that have such instructions,
 *
 *     READ_PART(lanes, from)            the first lanes of a vector from memory, 0 in the others
 *     WRITE_PART(lanes, to, vector)     the first lanes of a vector to memory
 *
 * A number of rows, vectors or lanes that is a constant parameter of an inlined function is known
 * to the compiler: each loop over it disappears, and the array of sums becomes registers.
 */

/* A vector in registers, and one in memory, which may be at any address of a float. */
typedef float PATH(reg) __attribute__((vector_size(LANES * sizeof(float))));
typedef float PATH(vec)
    __attribute__((vector_size(LANES * sizeof(float)), aligned(sizeof(float)), may_alias));

/*
 * Reads the first `lanes` lanes of a vector; the others are 0. Memory beyond them is not touched:
 * it may belong to nobody.
 */
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

/* Writes the first `lanes` lanes of a vector, and nothing beyond them. */
TARGET SNUG_INLINE void PATH(write)(size_t lanes, float *to, PATH(reg) vector) {
    if (lanes == LANES) {
        *(PATH(vec) *)to = vector;
        return;
    }
#ifdef WRITE_PART
    WRITE_PART(lanes, to, vector);
#else
    /* Half a vector, a quarter, ...: each copy has a length that the compiler knows. */
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

/*
 * Sets the sums to what they start with: the bias or 0, plus C where the product is added to it.
 * The bias as a start costs nothing, while adding it afterwards would be a pass over C of its own.
 */
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
                PATH(reg) old;
                PATH(read)(lanes, c + j * LANES, &old);
                sums[i * vectors + j] += old;
            }
        }
    }
}

/* Stores the sums in C; the last vector of each row has `lanes` lanes. */
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
 * Computes C := (C +) A B (+ bias) for `blocks` blocks of `rows` rows, one below the other, and
 * `vectors` vectors of columns.
 *
 * One step of k is an outer product: it reads one row of B (`right`) and one entry of A for each
 * row of C (`left`, the same in all lanes), and adds left * right to every sum:
 *
 *                     right[0]        right[1]
 *      left 0   sums[0] += ...   sums[1] += ...
 *      left 1   sums[2] += ...   sums[3] += ...
 *      left 2   ...
 *
 * With r rows and v vectors, r + v reads feed r v multiplications, and no sum waits for the one
 * next to it; memory sees C only before the first step and after the last.
 */
TARGET SNUG_INLINE void PATH(tile)(const int rows, const int vectors,
                                   const snug_microkernel_call *t, size_t blocks) {
    /* Copies: as far as the compiler knows, storing into C could change *t. */
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
        /* Two calls, of which the first knows that its vectors are whole and tests nothing. */
        if (lanes == LANES) {
            PATH(store)(rows, vectors, LANES, c, c_row, sums);
        } else {
            PATH(store)(rows, vectors, lanes, c, c_row, sums);
        }
        block_a += (size_t)rows * a_row;
        c += (size_t)rows * c_row;
    }
}

/* Functions of each number of rows that the driver may need: tile_1_1 ... tile_12_2. */
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

/* Tiles of a single row. */
#define WIDE_ROW(name, vectors)                                                                    \
    TARGET static void PATH(name)(const snug_microkernel_call *t, size_t blocks) {                 \
        PATH(tile)(1, vectors, t, blocks);                                                         \
    }
WIDE_ROW(row, WIDE)
WIDE_ROW(half_row, WIDE / 2)
WIDE_ROW(quarter_row, WIDE / 4)
#undef WIDE_ROW

/* Packs a panel of `vectors` vectors of columns, of which the last has `lanes` lanes. */
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

/* See snug_microkernels.pack. */
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
 * Transposes LANES x 4 numbers: to[j][i] = from[i][j]. Shuffles that cross groups of four lanes are
 * slow, so that the groups get to where they belong while they are read, and the shuffles stay
 * within them. With 8 lanes, where 52 is row 5, column 2:
 *
 *     rows[0]   00 01 02 03   40 41 42 43        to[0]   00 10 20 30   40 50 60 70
 *     rows[1]   10 11 12 13   50 51 52 53   ->   to[1]   01 11 21 31   41 51 61 71
 *     rows[2]   20 21 22 23   60 61 62 63        to[2]   02 12 22 32   42 52 62 72
 *     rows[3]   30 31 32 33   70 71 72 73        to[3]   03 13 23 33   43 53 63 73
 *
 * pairs[0] is then 00 10 01 11   40 50 41 51.
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

/* See snug_microkernels.transpose. Rows beyond whole vectors are moved one number at a time. */
TARGET static void PATH(transpose)(size_t rows, size_t columns, const float *from, size_t from_row,
                                   float *to, size_t to_row) {
    size_t whole_rows = columns < 4 ? 0 : rows - rows % LANES;
    for (size_t i = 0; i < whole_rows; i += LANES) {
        for (size_t j = 0; j < columns; j += 4) {
            /* The last four columns may overlap others, which are then written twice. */
            size_t first = j + 4 <= columns ? j : columns - 4;
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

/* The table that snug_microkernels_chosen() returns on this path. */
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
