/* Numbers as people write them, in plain notation. */
#include <string.h>

#include "core/number.h"
#include "schema/notation.h"
#include "support/suite.h"

static const snug_notation plain = {0}, comma = {.decimal = ','}, formatted = {.formatted = true},
                           formatted_comma = {.decimal = ',', .formatted = true};

static const struct {
    const snug_notation *notation;
    const char *cell, *plain; /* NULL: it is no number */
} cells[] = {
    {&plain, "1.5", "1.5"},
    {&plain, "1,5", NULL},
    {&plain, "$5", NULL},
    {&comma, "1,5", "1.5"},
    {&comma, " -0,25 ", "-0.25"},
    {&comma, ",5", ".5"},
    {&comma, "7,", "7."},
    {&comma, "+1,5E-3", "+1.5E-3"},
    {&comma, "12", "12"},
    {&comma, "1.5", NULL},
    {&comma, "1,5,5", NULL},
    {&comma, "1,5x", NULL},
    {&comma, ",", NULL},
    {&comma, "1.234,5", NULL},
    {&comma, "1,5 %", NULL},
    {&formatted, "1.5", "1.5"},
    {&formatted, "1,234", "1234"},
    {&formatted, "12,345,678.25", "12345678.25"},
    {&formatted, "1'234.5", "1234.5"},
    {&formatted,
     "1\xE2\x80\x99"
     "234",
     "1234"},
    {&formatted, "1 234 567", "1234567"},
    {&formatted,
     "1\xC2\xA0"
     "234\xC2\xA0\xE2\x82\xAC",
     "1234"},
    {&formatted,
     "1\xE2\x80\xAF"
     "234.5",
     "1234.5"},
    {&formatted, "$1,234.50", "1234.50"},
    {&formatted, "-$5", "-5"},
    {&formatted, "$-5", "-5"},
    {&formatted, "- 5 \xC2\xA3", "-5"},
    {&formatted, "\xC2\xA5 100", "100"},
    {&formatted, "45%", "45"},
    {&formatted, "%45.5", "45.5"},
    {&formatted, "1,234e3", "1234e3"},
    {&formatted, "1,23", NULL},
    {&formatted, "1,2345", NULL},
    {&formatted, "0,123", NULL},
    {&formatted, "1234,567", NULL},
    {&formatted, "1,234 567", NULL},
    {&formatted, "1.234.567", NULL},
    {&formatted, "$5%", NULL},
    {&formatted, "5-", "-5"},
    {&formatted, "1,234.50 -", "-1234.50"},
    {&formatted, "5-%", "-5"},
    {&formatted, "(1,234.50)", "-1234.50"},
    {&formatted, "($5)", "-5"},
    {&formatted, "$ ( 5 )", "-5"},
    {&formatted, "(5%)", "-5"},
    {&formatted, "(1.5e3)", "-1.5e3"},
    {&formatted,
     "\xE2\x88\x92"
     "5",
     "-5"},
    {&formatted, "5\xE2\x88\x92", "-5"},
    {&formatted_comma, "(1.234,5)", "-1234.5"},
    {&formatted, "(5", NULL},
    {&formatted, "5)", NULL},
    {&formatted, "()5", NULL},
    {&formatted, "(-5)", NULL},
    {&formatted, "-(5)", NULL},
    {&formatted, "((5))", NULL},
    {&formatted, "(5-)", NULL},
    {&formatted, "-5-", NULL},
    {&formatted, "5+", NULL},
    {&formatted, "5(", NULL},
    {&formatted, "()", NULL},
    {&comma, "(5)", NULL},
    {&comma, "5-", NULL},
    {&comma,
     "\xE2\x88\x92"
     "5",
     NULL},
    {&formatted, "$", NULL},
    {&formatted, "5 USD", NULL},
    {&formatted, "10-12", NULL},
    {&formatted_comma, "1.234,50 \xE2\x82\xAC", "1234.50"},
    {&formatted_comma, "1 234,5", "1234.5"},
    {&formatted_comma, "1.234", "1234"},
    {&formatted_comma, "1,5%", "1.5"},
    {&formatted_comma, "1.5", NULL},
};

START_TEST(rewrites_numbers) {
    char buffer[SNUG_PLAIN_SIZE];
    const char *got = snug_notation_rewrite(cells[_i].notation, cells[_i].cell, buffer);
    bool number = snug_cell_classify(got) == SNUG_CELL_NUMBER;
    ck_assert_msg(number == (cells[_i].plain != NULL), "%s: %s", cells[_i].cell, got);
    if (number) {
        ck_assert_str_eq(got, cells[_i].plain);
    }
}
END_TEST

/* What is no number keeps its characters: names and markers of missing values are read from it. */
START_TEST(leaves_other_cells_alone) {
    static const char *const others[] = {"",    " ",    "NA",    "-",       "?",
                                         "inf", "a, b", "1,2;3", "18.00.00"};
    char buffer[SNUG_PLAIN_SIZE];
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        ck_assert_ptr_eq(snug_notation_rewrite(&comma, others[i], buffer), others[i]);
        ck_assert_ptr_eq(snug_notation_rewrite(&formatted_comma, others[i], buffer), others[i]);
    }
}
END_TEST

/* The minus that is behind the digits comes before them, if there is space. */
START_TEST(does_not_write_a_minus_past_the_buffer) {
    char buffer[SNUG_PLAIN_SIZE + 1], cell[SNUG_PLAIN_SIZE + 8];
    buffer[SNUG_PLAIN_SIZE] = 'x';
    for (size_t n = SNUG_PLAIN_SIZE - 4; n + 1 < sizeof cell; n++) {
        memset(cell, '7', n);
        cell[n] = '-';
        cell[n + 1] = 0;
        const char *got = snug_notation_rewrite(&formatted, cell, buffer);
        ck_assert_int_eq(buffer[SNUG_PLAIN_SIZE], 'x');
        ck_assert_ptr_eq(got, n + 1 < SNUG_PLAIN_SIZE ? buffer : cell);
    }
}
END_TEST

/* A number of more characters than the buffer holds. */
START_TEST(does_not_write_past_the_buffer) {
    char buffer[SNUG_PLAIN_SIZE + 1], cell[SNUG_PLAIN_SIZE + 8];
    buffer[SNUG_PLAIN_SIZE] = 'x';
    for (size_t n = SNUG_PLAIN_SIZE - 4; n < sizeof cell; n++) {
        memset(cell, '7', n);
        cell[1] = ',';
        cell[n] = 0;
        const char *got = snug_notation_rewrite(&comma, cell, buffer);
        ck_assert_int_eq(buffer[SNUG_PLAIN_SIZE], 'x');
        ck_assert_ptr_eq(got, n < SNUG_PLAIN_SIZE ? buffer : cell);
    }
}
END_TEST

START_TEST(knows_the_plain_notation) {
    ck_assert(snug_notation_is_plain(&plain));
    ck_assert(snug_notation_is_plain(&(snug_notation){.decimal = '.'}));
    ck_assert(!snug_notation_is_plain(&comma));
    ck_assert(!snug_notation_is_plain(&formatted));
}
END_TEST

static Suite *notation_suite(void) {
    Suite *suite = suite_create("notation");
    TCase *tests = tcase_create("rewriting");
    tcase_add_loop_test(tests, rewrites_numbers, 0, (int)(sizeof cells / sizeof *cells));
    tcase_add_test(tests, leaves_other_cells_alone);
    tcase_add_test(tests, does_not_write_past_the_buffer);
    tcase_add_test(tests, does_not_write_a_minus_past_the_buffer);
    tcase_add_test(tests, knows_the_plain_notation);
    suite_add_tcase(suite, tests);
    return suite;
}

REGISTER_SUITE(notation_suite)
