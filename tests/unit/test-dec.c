/* Exact decimals: the edges by hand; tests/cli/dec.t compares a million random operations with Python. */
#include "base/dec.h"
#include "operations.h"
#include "tap.h"

#include <math.h>

static const char *parsed(const char *text)
{
    static char shown[600];
    struct error error = {0};
    dec value = 77;
    if (dec_parse(&value, text, strlen(text), &error) != 0) {
        (void)snprintf(shown, sizeof shown, "%s%s", error.text, value == 77 ? "" : " (result touched)");
        return shown;
    }
    dec_format(shown, value);
    return shown;
}

static const char *rounded(const char *text)
{
    static char shown[64];
    struct error error = {0};
    dec value;
    bool cut;
    if (dec_parse_rounded(&value, &cut, text, strlen(text), &error) != 0)
        return "refused";
    const size_t length = dec_format(shown, value);
    (void)snprintf(shown + length, sizeof shown - length, "%s", cut ? " cut" : "");
    return shown;
}

static void test_parse(void)
{
    static const char *const same[] = {"0",
                                       "1",
                                       "-12.5",
                                       "0.00000001",
                                       "92233720368.54775807",
                                       "-92233720368.54775807",
                                       "12345678.12345678",
                                       "100",
                                       "189.95",
                                       "99999999.99999999",
                                       "100000000.5"};
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        check_text(parsed(same[i]), same[i], same[i]);
    static const char *const forms[][2] = {
        {"-0", "0"},
        {"1.50", "1.5"},
        {"1e2", "100"},
        {"1E+2", "100"},
        {"1.5e-3", "0.0015"},
        {"0.0000000100000000000", "0.00000001"},
        {"0e999999999999999999999", "0"},
        {"1000000000000e-12", "1"},
        {"0.000000000000000000001e21", "1"},
        {"92233720368.54775808", "'92233720368.54775808' is out of range"},
        {"1e11", "'1e11' is out of range"},
        {"1e400000000000000000", "'1e400000000000000000' is out of range"},
        {"0.000000001", "'0.000000001' has more than 8 fraction digits"},
        {"1e-9", "'1e-9' has more than 8 fraction digits"},
    };
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        check_text(parsed(forms[i][0]), forms[i][1], forms[i][0]);
    static const char *const bad[] = {"",    "-",    "+1",  "01",  "1.",  ".5",   "1e",    "1e+",  " 1",  "1 ",
                                      "NaN", "0x10", "1,5", "--1", "1.e", "1..2", "1e2.0", "00.5", "-.5", "Infinity"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char want[64];
        (void)snprintf(want, sizeof want, "'%s' is not a number", bad[i]);
        check_text(parsed(bad[i]), want, want);
    }
    struct error error = {0};
    dec value;
    check(dec_parse(&value, "1\0", 2, &error) == -1, "a NUL inside is not a number");
    check_text(rounded("0.123456785"), "0.12345678 cut", "a tie goes to the even neighbour below");
    check_text(rounded("0.123456775"), "0.12345678 cut", "a tie goes to the even neighbour above");
    check_text(rounded("0.1234567850000000000000000001"), "0.12345679 cut", "past the tie goes up");
    check_text(rounded("0.000000004"), "0 cut", "below half of the last digit gives zero");
    check_text(rounded("-0.000000006"), "-0.00000001 cut", "the sign survives rounding");
    check_text(rounded("189.95"), "189.95", "an exact value is not called rounded");
    check_text(rounded("92233720368.547758075"), "refused", "rounding may not leave the range");
}

static void test_arithmetic(void)
{
    dec r = 77;
    check(dec_add(&r, DEC_MAX, 1) == -1 && dec_add(&r, -DEC_MAX, -1) == -1 && r == 77, "sums out of range are refused");
    check(dec_add(&r, DEC_NONE, 1) == -1 && dec_multiply(&r, 1, DEC_NONE, ROUND_DOWN) == -1 &&
              dec_subtract(&r, DEC_NONE, -1) == -1 && dec_round(&r, DEC_NONE, 1, ROUND_DOWN) == -1 && r == 77,
          "what is not known gives no result");
    check(dec_divide(&r, DEC_ONE, 0, ROUND_DOWN) == -1 && r == 77, "division by zero is refused");
    check(dec_multiply(&r, DEC_MAX, DEC_MAX, ROUND_DOWN) == -1 && r == 77, "a product out of range is refused");
    check(dec_multiply_divide(&r, DEC_MAX, DEC_MAX, DEC_MAX, ROUND_DOWN) == 0 && r == DEC_MAX,
          "the product inside a × b ÷ c may pass the range");
    /* 1 ÷ 3 and 2 ÷ 3 in every direction */
    static const struct {
        enum rounding rounding;
        dec up, down; /* of 2/3 and -2/3 */
    } thirds[] = {{ROUND_HALF_EVEN, 66666667, -66666667}, {ROUND_HALF_UP, 66666667, -66666667},
                  {ROUND_DOWN, 66666666, -66666666},      {ROUND_UP, 66666667, -66666667},
                  {ROUND_FLOOR, 66666666, -66666667},     {ROUND_CEILING, 66666667, -66666666}};
    for (size_t i = 0; i < sizeof thirds / sizeof *thirds; i++) {
        dec a = 0, b = 0;
        check(dec_divide(&a, 2 * DEC_ONE, 3 * DEC_ONE, thirds[i].rounding) == 0 && a == thirds[i].up &&
                  dec_divide(&b, -2 * DEC_ONE, 3 * DEC_ONE, thirds[i].rounding) == 0 && b == thirds[i].down,
              "two thirds, rounding %zu", i);
    }
    check(dec_round(&r, 250000000, DEC_ONE, ROUND_HALF_EVEN) == 0 && r == 2 * DEC_ONE, "2.5 to even is 2");
    check(dec_round(&r, 350000000, DEC_ONE, ROUND_HALF_EVEN) == 0 && r == 4 * DEC_ONE, "3.5 to even is 4");
    check(dec_round(&r, -250000000, DEC_ONE, ROUND_HALF_UP) == 0 && r == -3 * DEC_ONE, "-2.5 half up is -3");
    check(dec_round(&r, 10060000000, 12500000, ROUND_FLOOR) == 0 && r == 10050000000, "100.6 to eighths down is 100.5");
    r = 77;
    check(dec_round(&r, DEC_MAX, DEC_ONE, ROUND_UP) == -1 && r == 77, "rounding out of the range is refused");
}

static void test_double(void)
{
    dec r = 77;
    check(dec_from_double(&r, 0.1, ROUND_HALF_EVEN) == 0 && r == 10000000, "0.1 is ten million units");
    check(dec_from_double(&r, 0.1, ROUND_UP) == 0 && r == 10000001, "the double 0.1 is a little above 1/10");
    check(dec_from_double(&r, 5e-324, ROUND_CEILING) == 0 && r == 1, "the smallest double still rounds up");
    check(dec_from_double(&r, -0.0, ROUND_UP) == 0 && r == 0, "minus zero is zero");
    r = 77;
    check(dec_from_double(&r, NAN, ROUND_DOWN) == -1 && dec_from_double(&r, INFINITY, ROUND_DOWN) == -1 &&
              dec_from_double(&r, 1e11, ROUND_DOWN) == -1 && dec_from_double(&r, 1e308, ROUND_DOWN) == -1 && r == 77,
          "no decimal for NaN, infinity and what is too large");
    check(dec_to_double(150000000) == 1.5 && isnan(dec_to_double(DEC_NONE)), "1.5 and none as doubles");
    check(dec_to_double(DEC_MAX) == 92233720368.54775807 && dec_to_double(-DEC_MAX) == -92233720368.54775807,
          "the largest as doubles");
}

/* "p TEXT", "q TEXT", "f UNITS", "+ A B", "- A B", "* A B ROUNDING", "/ A B ROUNDING", "m A B C ROUNDING", "a A B
 * INCREMENT", "n A B C D" (A × B + C × D), "r A INCREMENT ROUNDING", "d BITS ROUNDING", "t A": the result in units, "!"
 * when refused. */
static void answer(char *line, char *out, size_t size)
{
    struct error error = {0};
    const char *text = line + 2;
    dec a[4] = {0}, result = 0;
    int n = 0, failed = -1;
    bool cut = false;
    double value;
    switch (line[0]) {
    case 'p':
        failed = dec_parse(&result, text, strlen(text), &error);
        break;
    case 'q':
        failed = dec_parse_rounded(&result, &cut, text, strlen(text), &error);
        break;
    case 'd': {
        char *rest;
        const uint64_t bits = strtoull(text, &rest, 16);
        memcpy(&value, &bits, sizeof value);
        failed = dec_from_double(&result, value, (enum rounding)strtol(rest, NULL, 10));
        break;
    }
    default:
        for (char *p = line + 1; *p == ' ' && n < 4; n++)
            a[n] = strtoll(p, &p, 10);
        break;
    }
    switch (line[0]) {
    case 'f':
        dec_format(out, a[0]);
        return;
    case 't':
        value = dec_to_double(a[0]);
        memcpy(&a[0], &value, sizeof value);
        (void)snprintf(out, size, "%016llx", (unsigned long long)a[0]);
        return;
    case '+':
        failed = dec_add(&result, a[0], a[1]);
        break;
    case '-':
        failed = dec_subtract(&result, a[0], a[1]);
        break;
    case '*':
        failed = dec_multiply(&result, a[0], a[1], (enum rounding)a[2]);
        break;
    case '/':
        failed = dec_divide(&result, a[0], a[1], (enum rounding)a[2]);
        break;
    case 'm':
        failed = dec_multiply_divide(&result, a[0], a[1], a[2], (enum rounding)a[3]);
        break;
    case 'a':
        failed = dec_multiply_round(&result, a[0], a[1], a[2]);
        break;
    case 'n':
        failed = dec_narrow(&result, (__int128)a[0] * a[1] + (__int128)a[2] * a[3]);
        break;
    case 'r':
        failed = dec_round(&result, a[0], a[1], (enum rounding)a[2]);
        break;
    default:
        break;
    }
    if (failed != 0)
        (void)snprintf(out, size, "!");
    else
        (void)snprintf(out, size, "%lld%s", (long long)result, cut ? " cut" : "");
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "operations") == 0)
        return operations_serve(answer);
    test_parse();
    test_arithmetic();
    test_double();
    return done();
}
