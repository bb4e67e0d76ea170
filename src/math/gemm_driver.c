/*
 * How a product is cut up. The microkernel computes one tile of C: up to 16 rows and 1 or 2 vectors
 * of columns, whose sums stay in registers while it walks along k. Around it there are three loops:
 *
 *                        k                    n                            n
 *                  +-----------+        +--+--+--+--+                +--+--+--+--+
 *                  |           |        |  |##|  |  | \  slab        |  |  |  |  |
 *      C :=     m  |###########|  x   k |  |##|  |  | /  of k   =  m |  |##|  |  |  <- tile
 *                  |           |        |  |  |  |  |                |  |  |  |  |
 *                  +-----------+        +--+--+--+--+                +--+--+--+--+
 *                        A                panels  B                        C
 *
 * - slabs of k: at most DEEPEST rows of B at a time, so that a panel of B stays in the first cache
 *   (32 KiB or more) while all rows of C use it. The sums go on from slab to slab: each starts with
 *   what the one before stored in C, so that cutting k changes no bits;
 * - panels of n: the columns of one tile. A panel is read where B is stored, or copied to the stack
 *   first where that repays (packs());
 * - blocks of m: the rows of one tile, one below the other, all on the same panel.
 *
 * A single row has no rows that could share a panel; for it there are wide tiles (multiply_row()).
 */
#include <string.h>

#include "math/gemm_driver.h"
#include "math/gemm_microkernels.h"
#include "math/vector.h"

enum {
    WIDEST = 32,  /* columns of a tile on the widest path: 2 vectors of 16 floats */
    DEEPEST = 256 /* rows of a packed panel of B: 32 KiB on the widest path, 16 KiB on the others */
};

/*
 * n in `count` parts, as even as possible: the first `larger` of them have least + 1, the others
 * have `least`. Even parts, because a tile of 1 row that is left over would take nearly as long as
 * one of 12.
 */
typedef struct parts {
    size_t count, least, larger;
} parts;

/*
 * Splits n into as few parts as have at most `most` each; most = 0 means no limit. The first case
 * avoids the division, which takes as long as a small tile.
 */
static parts split(size_t n, size_t most) {
    if (n <= most || most == 0) {
        return (parts){1, n, 0};
    }
    size_t count = 1 + (n - 1) / most;
    return (parts){count, n / count, n % count};
}

/* The slab that is computed: the rows first .. first + k - 1 of op(B). */
typedef struct slab {
    const snug_product *p;
    const snug_microkernels *tiles;
    size_t first, k;
    bool add;     /* to C: always, but in the first slab of a product that overwrites C */
    float *panel; /* space for a packed panel, DEEPEST x WIDEST floats */
} slab;

/*
 * Returns whether the rows of B are 2 KiB apart or more. A panel takes only a few neighboring
 * floats of each row; at such distances these fall into few sets of the cache, where they displace
 * each other, and each is on a page of memory of its own, which the CPU has to look up.
 */
static bool far_apart(const snug_product *p) {
    return p->ldb >= 512;
}

/*
 * Returns whether panels of B are copied. A transposed B always is, because the microkernel needs
 * neighboring columns side by side. Any other B is read where it is stored as long as its rows are
 * few and close to each other. Otherwise a copy repays, as it does where a transposed A, which is
 * read across its rows, competes for the cache, but only if more than 24 rows of C use the copy
 * (measured).
 */
static bool packs(const snug_product *p) {
    const size_t few = 24;
    return p->transpose_b ||
           (p->m > few && (far_apart(p) || p->k > DEEPEST || (p->transpose_a && p->ldb > 64)));
}

/* Copies the columns j .. j + columns - 1 of the slab to the panel, with zeros up to `width`. */
static void pack(const slab *s, size_t j, size_t columns, size_t width) {
    const snug_product *p = s->p;
    if (!p->transpose_b) {
        s->tiles->pack(s->k, columns, p->b + s->first * p->ldb + j, p->ldb, s->panel);
        return;
    }
    if (columns < width) {
        memset(s->panel, 0, s->k * width * sizeof(float));
    }
    s->tiles->transpose(columns, s->k, p->b + j * p->ldb + s->first, p->ldb, s->panel, width);
}

/*
 * Returns the call for the tile at the top of C's column j, whose last vector has `lanes` columns.
 * Transposing A only exchanges its two strides. The bias starts the sums of the first slab.
 */
static snug_microkernel_call tile_at(const slab *s, size_t j, size_t lanes) {
    const snug_product *p = s->p;
    snug_microkernel_call tile = {.k = s->k, .c_row = p->ldc, .lanes = lanes, .add = s->add};
    tile.a_row = p->transpose_a ? 1 : p->lda;
    tile.a_step = p->transpose_a ? p->lda : 1;
    tile.a = p->a + s->first * tile.a_step;
    tile.c = p->c + j;
    tile.b = p->b + s->first * p->ldb + j;
    tile.b_step = p->ldb;
    tile.bias = p->bias != NULL && s->first == 0 ? p->bias + j : NULL;
    return tile;
}

/*
 * Computes C's columns j .. j + columns - 1 in the slab, all rows. A panel that is narrower than
 * its vectors is always packed: a microkernel reads whole vectors of B, which could end outside of
 * it.
 */
static void multiply_panel(const slab *s, size_t j, size_t columns) {
    const snug_product *p = s->p;
    size_t lanes = s->tiles->lanes, vectors = columns > lanes ? 2 : 1, width = vectors * lanes;
    const parts blocks = split(p->m, s->tiles->rows[vectors - 1]);
    snug_microkernel_call tile = tile_at(s, j, columns - (width - lanes));
    if (columns < width || packs(p)) {
        pack(s, j, columns, width);
        tile.b = s->panel;
        tile.b_step = width;
    }
    snug_microkernel_fn *const *of_rows = s->tiles->tile[vectors - 1];
    if (blocks.larger > 0) {
        size_t rows = blocks.larger * (blocks.least + 1);
        of_rows[blocks.least + 1](&tile, blocks.larger);
        tile.a += rows * tile.a_row;
        tile.c += rows * tile.c_row;
    }
    of_rows[blocks.least](&tile, blocks.count - blocks.larger);
}

/*
 * Computes the first columns of a product of one row by wide tiles, and returns how many columns
 * that were; 0 if there are more rows. One row in a tile of two vectors would be two sums that each
 * wait for the addition before; in up to 16 vectors side by side the additions overlap.
 */
static size_t multiply_row(const slab *s) {
    const snug_microkernels *tiles = s->tiles;
    size_t j = 0;
    if (s->p->m != 1 || s->p->transpose_b) {
        return 0;
    }
    for (size_t i = 0; i < SNUG_WIDE_ROWS; i++) {
        size_t width = (tiles->wide >> i) * tiles->lanes;
        for (; j + width <= s->p->n; j += width) {
            snug_microkernel_call tile = tile_at(s, j, tiles->lanes);
            tiles->row[i](&tile, 1);
        }
    }
    return j;
}

/*
 * Computes a product that is not deep. k stays whole where B can be read from end to end at once.
 */
static void multiply(const snug_product *p) {
    float panel[DEEPEST * WIDEST] __attribute__((aligned(64)));
    const snug_microkernels *tiles = snug_microkernels_chosen();
    size_t width = 2 * tiles->lanes;
    bool whole = !packs(p) && !far_apart(p) && p->n % tiles->lanes == 0;
    const parts slabs = split(p->k, whole ? 0 : DEEPEST);
    slab s = {.p = p, .tiles = tiles, .add = p->add, .panel = panel};
    for (size_t i = 0; i < slabs.count; i++) {
        s.k = slabs.least + (i < slabs.larger ? 1 : 0);
        for (size_t j = multiply_row(&s); j < p->n; j += width) {
            multiply_panel(&s, j, p->n - j < width ? p->n - j : width);
        }
        s.first += s.k;
        s.add = true;
    }
}

/* The part of C whose sums in double are on the stack at a time: 64 KiB. */
enum { DEEP_ROWS = 128, DEEP_COLUMNS = 2 * WIDEST };

/*
 * Computes `part`, some rows and columns of the deep product `whole`: blocks of SNUG_ROWS_A_BLOCK
 * rows of A and B are summed in float, and the blocks' sums in double.
 */
static void multiply_deep_part(const snug_product *whole, const snug_product *part) {
    double totals[DEEP_ROWS * DEEP_COLUMNS] = {0.0};
    float sums[DEEP_ROWS * DEEP_COLUMNS];
    snug_product block = *part;
    block.add = false;
    block.c = sums;
    block.ldc = part->n;
    for (size_t left = whole->k; left > 0; left -= block.k) {
        block.k = left < SNUG_ROWS_A_BLOCK ? left : SNUG_ROWS_A_BLOCK;
        multiply(&block);
        snug_add_to_totals(part->m * part->n, sums, totals);
        block.a += block.k * block.lda;
        block.b += block.k * block.ldb;
        block.bias = NULL;
    }
    for (size_t i = 0; i < part->m; i++) {
        float *row = part->c + i * part->ldc;
        for (size_t j = 0; j < part->n; j++) {
            row[j] = (float)(totals[i * part->n + j] + (part->add ? (double)row[j] : 0.0));
        }
    }
}

/* Computes a deep product, part after part; math/reduce.h gives the reason. */
static void multiply_deep(const snug_product *p) {
    for (size_t i = 0; i < p->m; i += DEEP_ROWS) {
        for (size_t j = 0; j < p->n; j += DEEP_COLUMNS) {
            snug_product part = *p;
            part.m = p->m - i < DEEP_ROWS ? p->m - i : DEEP_ROWS;
            part.n = p->n - j < DEEP_COLUMNS ? p->n - j : DEEP_COLUMNS;
            part.a += i;
            part.b += j;
            part.bias = p->bias != NULL ? p->bias + j : NULL;
            part.c += i * p->ldc + j;
            multiply_deep_part(p, &part);
        }
    }
}

void snug_gemm_tiled(const snug_product *p) {
    if (p->m == 0) {
        return;
    }
    if (snug_gemm_is_deep(p)) {
        multiply_deep(p);
    } else {
        multiply(p);
    }
}
