/*
 * The scaled complementary error function, by which expectations of e^z over one half of a normal
 * distribution are computed without overflow. E e^z over z < 0 for z ~ N(m, v) is
 *
 *     e^(m + v / 2) erfc(x) / 2 = e^(-m^2 / (2 v)) erfcx(x) / 2      with x = (m + v) / sqrt(2 v)
 *
 * of which the left side overflows for v above 1400, times an erfc(x) that has become 0. Faddeeva's
 * function w(i x) is another name for erfcx(x).
 */
#ifndef SNUG_THEORY_ERFCX_H
#define SNUG_THEORY_ERFCX_H

/*
 * Returns erfcx(x) = e^(x^2) erfc(x), with a relative error of a few units in the last place. For
 * large x it falls like 1 / (x sqrt(pi)), where erfc(x) alone would have become 0. It overflows to
 * infinity below -26.6.
 */
double snug_erfcx(double x);

#endif
