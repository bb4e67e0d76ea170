/* Products by tiles that stay in registers. */
#include <string.h>

#include "math/gemm.h"
#include "math/gemm_microkernels.h"
#include "math/simd.h"
#include "math/vector.h"

enum {
    WIDEST = 32,  /* columns of a tile on the widest path: 2 vectors of 16 floats */
    DEEPEST = 256 /* rows of a packed panel of B: 32 KiB on the widest path, 16 KiB on the others */
};

/*
 * n in `count` parts, as even as they can be: the first `larger` of them have one more than
 * `least`.
 */
typedef struct parts {
    size_t count, least, larger;
} parts;

/*
 * As few as hold at most `most` each, 0 being no limit; a division takes as long as a small tile.
 */
static parts split(size_t n, size_t most) {
    if (n <= most || most == 0) {
        return (parts){1, n, 0};
    }
    size_t count = 1 + (n - 1) / most;
    return (parts){count, n / count, n % count};
}

/* The part of a product that is at work: rows first to first + k of op(B). */
typedef struct slab {
    const snug_product *p;
    const snug_microkernels *tiles;
    size_t first, k;
    bool add;
    float *panel; /* DEEPEST x WIDEST */
} slab;

/*
 * Whether rows of B lie so far apart that they share too few sets of the cache, and each has its
 * page.
 */
static bool far_apart(const snug_product *p) {
    return p->ldb >= 512;
}

/*
 * B is read where it lies while its rows are few and near each other; otherwise, or where a
 * transposed A competes for the cache, copying a panel pays, if enough rows of C use it.
 */
static bool packs(const snug_product *p) {
    const size_t few = 24;
    return p->transpose_b ||
           (p->m > few && (far_apart(p) || p->k > DEEPEST || (p->transpose_a && p->ldb > 64)));
}

/* The panel of op(B)'s columns j to j + columns, with zeros up to `width`. */
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

/* The tile at C's column j, with so many lanes of its last vector, without its rows. */
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

/* One column of tiles: C's columns j to j + columns. */
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

/* As many of a single row's first columns as wide tiles cover; answers how many. */
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

/* Rows and columns of C whose sums in double are held at a time. */
enum { DEEP_ROWS = 128, DEEP_COLUMNS = 2 * WIDEST };

/* What a part of a deep product sums up; `part` is of C. */
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

/* Sums over so many rows of A and B that they are made in blocks; see math/reduce.h. */
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
