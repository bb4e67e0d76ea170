/* Products by tiles that stay in registers. */
#include <string.h>

#include "math/gemm.h"
#include "math/gemm_tiles.h"
#include "math/simd.h"

enum {
    WIDEST = 32,  /* columns of a tile on the widest path: 2 vectors of 16 floats */
    DEEPEST = 512 /* rows of a packed panel of B: 64 KiB on the widest path */
};

/* The part of a product that is at work: rows l to l + k of op(B). */
typedef struct slab {
    const snug_product *p;
    const snug_tiles *tiles;
    size_t blocks; /* of C's rows: as even as they can be, for tiles[rows] */
    size_t first, k;
    bool add;
    float *panel; /* DEEPEST x WIDEST */
} slab;

/*
 * B is read where it lies while its rows are near each other. Far rows share too few sets of the
 * cache, and a transposed A competes for it; then copying a panel pays, if enough rows use it.
 */
static bool packs(const snug_product *p) {
    return p->transpose_b ||
           (p->m > 2 * SNUG_TILE_ROWS && (p->ldb >= 512 || (p->transpose_a && p->n > 64)));
}

/* The panel of op(B)'s columns j to j + columns, with zeros up to `width`. */
static void pack(const slab *s, size_t j, size_t columns, size_t width) {
    const snug_product *p = s->p;
    if (columns < width) {
        memset(s->panel, 0, s->k * width * sizeof(float));
    }
    if (p->transpose_b) {
        s->tiles->transpose(columns, s->k, p->b + j * p->ldb + s->first, p->ldb, s->panel, width);
        return;
    }
    const float *from = p->b + s->first * p->ldb + j;
    for (size_t l = 0; l < s->k; l++, from += p->ldb) {
        float *to = s->panel + l * width;
        if (columns == WIDEST) { /* a size that is known makes moves, not a call */
            memcpy(to, from, WIDEST * sizeof(float));
        } else {
            memcpy(to, from, columns * sizeof(float));
        }
    }
}

/* The tile at C's columns j to j + columns, without its rows. */
static snug_tile tile_at(const slab *s, size_t j) {
    const snug_product *p = s->p;
    snug_tile tile = {.k = s->k, .c_row = p->ldc, .add = s->add};
    tile.a_row = p->transpose_a ? 1 : p->lda;
    tile.a_step = p->transpose_a ? p->lda : 1;
    tile.a = p->a + s->first * tile.a_step;
    tile.c = p->c + j;
    tile.b = p->b + s->first * p->ldb + j;
    tile.b_step = p->ldb;
    tile.bias = p->bias != NULL && s->first == 0 ? p->bias + j : NULL;
    return tile;
}

/* A tile with fewer columns than its vectors have lanes: by way of whole rows of sums. */
static void multiply_narrow(snug_tile_fn *multiply, const snug_tile *tile, size_t rows,
                            size_t columns) {
    float sums[SNUG_TILE_ROWS * WIDEST];
    snug_tile whole = *tile;
    whole.c = sums;
    whole.c_row = WIDEST;
    whole.add = false;
    multiply(&whole);
    for (size_t j = 0; j < columns; j++) {
        float *c = tile->c + j;
        for (size_t i = 0; i < rows; i++, c += tile->c_row) {
            *c = sums[i * WIDEST + j] + (tile->add ? *c : 0.0F);
        }
    }
}

/* One column of tiles: C's columns j to j + columns. */
static void multiply_panel(const slab *s, size_t j, size_t columns) {
    const snug_product *p = s->p;
    size_t lanes = s->tiles->lanes, vectors = columns > lanes ? 2 : 1, width = vectors * lanes;
    size_t least = p->m / s->blocks, larger = p->m % s->blocks;
    float bias[WIDEST];
    snug_tile tile = tile_at(s, j);
    if (columns < width || packs(p)) {
        pack(s, j, columns, width);
        tile.b = s->panel;
        tile.b_step = width;
    }
    if (columns < width && tile.bias != NULL) {
        memset(bias, 0, sizeof bias);
        tile.bias = memcpy(bias, tile.bias, columns * sizeof(float));
    }
    for (size_t block = 0; block < s->blocks; block++) {
        size_t rows = least + (block < larger ? 1 : 0);
        snug_tile_fn *multiply = s->tiles->tile[rows][vectors - 1];
        if (columns < width) {
            multiply_narrow(multiply, &tile, rows, columns);
        } else {
            multiply(&tile);
        }
        tile.a += rows * tile.a_row;
        tile.c += rows * tile.c_row;
    }
}

/* As many of C's first columns as wide tiles of a single row cover; answers how many. */
static size_t multiply_row(const slab *s) {
    size_t width = s->tiles->wide * s->tiles->lanes, j = 0;
    if (s->p->m != 1 || s->p->transpose_b) {
        return 0;
    }
    for (; j + width <= s->p->n; j += width) {
        snug_tile tile = tile_at(s, j);
        s->tiles->wide_row(&tile);
    }
    return j;
}

void snug_gemm_tiled(const snug_product *p) {
    if (p->m == 0) {
        return;
    }
    float panel[DEEPEST * WIDEST] __attribute__((aligned(64)));
    const snug_tiles *tiles = snug_tiles_chosen();
    size_t width = 2 * tiles->lanes;
    bool whole = !packs(p) && p->n % tiles->lanes == 0;
    size_t slabs = whole || p->k == 0 ? 1 : (p->k + DEEPEST - 1) / DEEPEST;
    size_t least = p->k / slabs, deeper = p->k % slabs;
    slab s = {.p = p, .tiles = tiles, .add = p->add, .panel = panel};
    s.blocks = (p->m + tiles->rows - 1) / tiles->rows;
    for (size_t i = 0; i < slabs; i++) {
        s.k = least + (i < deeper ? 1 : 0);
        for (size_t j = multiply_row(&s); j < p->n; j += width) {
            multiply_panel(&s, j, p->n - j < width ? p->n - j : width);
        }
        s.first += s.k;
        s.add = true;
    }
}
