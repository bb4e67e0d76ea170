/*
 * Quartiles without sorting: the values that have given ranks are found digit by digit, as a radix
 * sort would. A float is read as an integer that orders as the floats do. Each pass over the rows
 * counts, for each rank, how the values that share the digits found so far divide by the next
 * digit, and so finds that digit. No value is kept, and data in a file is read a few times,
 * whatever its size.
 */
#include <stdint.h>
#include <string.h>

#include "core/memory.h"
#include "core/status.h"
#include "data/column_stats.h"
#include "data/dataset.h"

enum {
    KEY_BITS = 32,
    RANKS = 6,     /* the value below each of three quantiles, and the one above it */
    MANY_BITS = 8, /* bits of a digit: 4 passes, 12 KiB of counts a column */
    FEW_BITS = 4,  /* 8 passes, 768 bytes a column */
    TILE = 16      /* columns that are counted together: a cache line of each row */
};

#define MOST_COUNTS ((size_t)64 << 20) /* bytes, with digits of MANY_BITS */

static const double shares[RANKS / 2] = {0.25, 0.5, 0.75};

/* Where the search for the ranks of one column is. */
typedef struct search {
    uint32_t prefix[RANKS]; /* the digits found so far */
    size_t rank[RANKS];     /* from 0, among the values that have the prefix */
    size_t values;
} search;

typedef struct selection {
    search *searches; /* columns */
    size_t *counts;   /* columns x RANKS x digits; ranks of one prefix share the first's */
    unsigned bits;    /* of a digit */
    unsigned shift;   /* how many bits of a key are right of the digit that is looked for */
} selection;

/*
 * Integers in the order of the floats: those below 0 with all bits turned, the others with the
 * sign.
 */
static uint32_t key_of(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits >> 31 ? ~bits : bits | (uint32_t)1 << 31;
}

static double value_of(uint32_t key) {
    uint32_t bits = key >> 31 ? key ^ (uint32_t)1 << 31 : ~key;
    float value;
    memcpy(&value, &bits, sizeof value);
    return (double)value;
}

/*
 * Counts one value at each prefix that it has: at most one, as equal prefixes share their counts.
 */
static void count(const search *s, size_t *counts, unsigned bits, unsigned shift, float value) {
    uint32_t key = key_of(value);
    uint64_t prefix = (uint64_t)key >> shift >> bits;
    uint32_t digit = key >> shift & (((uint32_t)1 << bits) - 1);
    for (size_t r = 0; r < RANKS; r++) {
        if (s->prefix[r] == prefix) {
            counts[(r << bits) + digit]++;
            return;
        }
    }
}

static void add_counts(void *user, const float *x, size_t rows, size_t columns) {
    const selection *s = user;
    for (size_t first = 0; first < columns; first += TILE) {
        size_t end = columns - first < TILE ? columns : first + TILE;
        for (size_t i = 0; i < rows; i++) {
            const float *row = x + i * columns;
            for (size_t j = first; j < end; j++) {
                if (row[j] == row[j]) {
                    count(&s->searches[j], s->counts + (j * RANKS << s->bits), s->bits, s->shift,
                          row[j]);
                }
            }
        }
    }
}

/* How far the quantile of a share is behind the first of n > 0 sorted values. */
static double position(size_t n, double share) {
    return share * (double)(n - 1);
}

/* After the first pass, which counted all values of the column: which ranks are looked for. */
static void set_ranks(search *s, const size_t *counts, size_t digits) {
    for (size_t d = 0; d < digits; d++) {
        s->values += counts[d];
    }
    for (size_t q = 0; q < RANKS / 2 && s->values > 0; q++) {
        size_t below = (size_t)position(s->values, shares[q]);
        s->rank[2 * q] = below;
        s->rank[2 * q + 1] = below + 1 < s->values ? below + 1 : below;
    }
}

/*
 * Appends to each prefix the digit that its rank falls on. The last first: others keep their
 * prefix.
 */
static void find_digits(search *s, const size_t *counts, unsigned bits) {
    const size_t digits = (size_t)1 << bits;
    for (size_t r = RANKS; r-- > 0;) {
        size_t shared = 0, digit = 0;
        while (s->prefix[shared] != s->prefix[r]) {
            shared++;
        }
        const size_t *of = counts + (shared << bits);
        for (; digit + 1 < digits && s->rank[r] >= of[digit]; digit++) {
            s->rank[r] -= of[digit];
        }
        s->prefix[r] = s->prefix[r] << bits | (uint32_t)digit;
    }
}

static snug_status find_keys(const snug_dataset *data, selection *s) {
    const size_t columns = data->storage->columns, digits = (size_t)1 << s->bits;
    for (s->shift = KEY_BITS; s->shift > 0;) {
        bool first = s->shift == KEY_BITS;
        s->shift -= s->bits;
        memset(s->counts, 0, columns * RANKS * digits * sizeof *s->counts);
        if (snug_dataset_each_block(data, add_counts, s) != SNUG_OK) {
            return snug_error_status();
        }
        for (size_t j = 0; j < columns; j++) {
            const size_t *counts = s->counts + j * RANKS * digits;
            if (first) {
                set_ranks(&s->searches[j], counts, digits);
            }
            find_digits(&s->searches[j], counts, s->bits);
        }
    }
    return SNUG_OK;
}

static double quantile(const search *s, size_t q) {
    double place = position(s->values, shares[q]);
    double below = value_of(s->prefix[2 * q]), above = value_of(s->prefix[2 * q + 1]);
    return below + (place - (double)(size_t)place) * (above - below);
}

snug_status snug_column_quartiles(const snug_dataset *data, double *median, double *width) {
    const size_t columns = data->storage->columns, most = MOST_COUNTS / sizeof(size_t) / RANKS;
    selection s = {.bits = columns <= most >> MANY_BITS ? MANY_BITS : FEW_BITS};
    size_t counts;
    if (!snug_multiply(columns, (size_t)RANKS << s.bits, &counts)) {
        return snug_fail_memory(columns);
    }
    s.searches = snug_alloc(columns, sizeof *s.searches);
    s.counts = snug_alloc(counts, sizeof *s.counts);
    snug_status status =
        s.searches != NULL && s.counts != NULL ? find_keys(data, &s) : SNUG_ERROR_MEMORY;
    for (size_t j = 0; j < columns && status == SNUG_OK; j++) {
        median[j] = quantile(&s.searches[j], 1);
        width[j] = quantile(&s.searches[j], 2) - quantile(&s.searches[j], 0);
    }
    snug_release(s.searches);
    snug_release(s.counts);
    return status;
}
