"""Prints draws.inc: draws of spaces by Philox4x32-10, as Salmon et al. 2011 define it.

usage: tests/tune/draws.py >tests/tune/draws.inc
"""

PURPOSE = 4  # SNUG_PURPOSE_TUNE of src/math/random.h
MASK = 0xFFFFFFFF


def philox(counter, key):
    """The four numbers that Philox4x32-10 makes of a counter and a key."""
    c, k = list(counter), list(key)
    for _ in range(10):
        first, second = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [second >> 32 ^ c[1] ^ k[0], second & MASK, first >> 32 ^ c[3] ^ k[1], first & MASK]
        k = [k[0] + 0x9E3779B9 & MASK, k[1] + 0xBB67AE85 & MASK]
    return c


def draw(seed, trial, dimension):
    """Where the value of a dimension is in its distribution."""
    block = dimension // 4
    counter = block & MASK, block >> 32, trial, PURPOSE
    bits = philox(counter, (seed & MASK, seed >> 32))[dimension % 4]
    return (bits + 0.5) / 2**32


for seed in 0, 42, 2**40 + 3:
    for trial in 1, 2, 1000:
        for dimension in 0, 1, 6:
            print(f"{{{seed}U, {trial}, {dimension}, {draw(seed, trial, dimension)!r}}},")
