/* The scaled complementary error function, against values computed with 40 digits by mpmath. */
#include <math.h>

#include "support.h"
#include "support/suite.h"
#include "theory/erfcx.h"

static const double points[][2] = {
    {-26.0, 7.6577249314905683515e+293},
    {-7.5, 5.3714879118739174678e+24},
    {-1.0, 5.0089800807622834663},
    {-0.25, 1.3586423701047221152},
    {0.0, 1.0},
    {1e-09, 0.9999999988716208339},
    {0.1, 0.89645697996912663666},
    {0.5, 0.61569034419292587487},
    {1.0, 0.42758357615580700441},
    {2.5, 0.21080636406114358065},
    {4.0, 0.13699945762506138989},
    {7.0, 0.07980005432915293349},
    {9.99, 0.056196640706858820155},
    {9.9999999, 0.056140993299753809864},
    {10.0, 0.056140992743822585858},
    {10.5, 0.053491899746564116726},
    {26.0, 0.021683584850562906616},
    {70.71067811865476, 0.007978047962713619658},
    {10000.0, 0.000056418958072680841152},
    {1e+150, 5.6418958354775629776e-151},
};

START_TEST(values_have_all_but_the_last_digits) {
    double x = points[_i][0], y = points[_i][1];
    expect_close("erfcx", snug_erfcx(x), y, 4e-15 * y);
}
END_TEST

START_TEST(both_formulas_agree_where_they_meet) {
    double below = snug_erfcx(nextafter(10.0, 0.0)), above = snug_erfcx(10.0);
    expect_close("erfcx", below, above, 4e-15 * above);
}
END_TEST

START_TEST(infinite_numbers_give_the_limits) {
    ck_assert(snug_erfcx(INFINITY) == 0.0);
    ck_assert(isinf(snug_erfcx(-30.0)));
    ck_assert(isnan(snug_erfcx(NAN)));
}
END_TEST

static Suite *erfcx_suite(void) {
    Suite *suite = suite_create("erfcx");
    TCase *tests = tcase_create("values");
    tcase_add_loop_test(tests, values_have_all_but_the_last_digits, 0,
                        sizeof points / sizeof *points);
    tcase_add_test(tests, both_formulas_agree_where_they_meet);
    tcase_add_test(tests, infinite_numbers_give_the_limits);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(erfcx_suite)
