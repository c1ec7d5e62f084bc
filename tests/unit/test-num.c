/* Text of doubles: known cases; tests/cli/num.t compares a million random ones with Python. */
#include "base/num.h"
#include "operations.h"
#include "tap.h"

#include <float.h>
#include <math.h>

static void test_format(void)
{
    /* Shortest digits as in the papers on the problem (Steele & White, Gay, Giulietti); forms as ECMA-262 §6.1.6.1.20,
     * without the "+". */
    static const struct {
        double value;
        const char *text;
    } cases[] = {{0.1, "0.1"},
                 {0, "0"},
                 {-0.0, "-0"},
                 {12, "12"},
                 {-1.5, "-1.5"},
                 {1e300, "1e300"},
                 {5e-324, "5e-324"},
                 {DBL_MAX, "1.7976931348623157e308"},
                 {DBL_MIN, "2.2250738585072014e-308"},
                 {2.225073858507201e-308, "2.225073858507201e-308"},
                 {9007199254740991, "9007199254740991"},
                 {9007199254740992, "9007199254740992"},
                 {9007199254740993e3, "9007199254740993000"},
                 {1e21, "1e21"},
                 {1e20, "100000000000000000000"},
                 {999999999999999900000., "999999999999999900000"},
                 {123456789012345680000., "123456789012345680000"},
                 {0.000001, "0.000001"},
                 {0.0000001, "1e-7"},
                 {1.5e-7, "1.5e-7"},
                 {0.00001234, "0.00001234"},
                 {1e23, "1e23"},
                 {2e23, "2e23"},
                 {4.35, "4.35"},
                 {0.3, "0.3"},
                 {0.1 + 0.2, "0.30000000000000004"},
                 {2.0 / 3, "0.6666666666666666"},
                 {1.2345678901234567e-200, "1.2345678901234567e-200"},
                 {2251799813685248.5, "2251799813685248.5"},
                 {189.95, "189.95"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[NUM_TEXT_MAX];
        const size_t length = num_format(text, cases[i].value);
        check_text(text, cases[i].text, cases[i].text);
        if (length != strlen(text))
            check(false, "the length of %s", text);
    }
}

static double parsed(const char *text)
{
    struct error error = {0};
    double value = NAN;
    return num_parse(&value, text, strlen(text), &error) == 0 ? value : NAN;
}

static void test_parse(void)
{
    check(parsed("0.1") == 0.1 && parsed("-12.5e1") == -125 && parsed("1E2") == 100 && signbit(parsed("-0")) != 0,
          "plain and exponent forms");
    check(parsed("1.7976931348623157e308") == DBL_MAX && parsed("4.9406564584124654e-324") == 0x1p-1074 &&
              parsed("1e-400") == 0 && parsed("0e999999999999") == 0,
          "the ends of the range");
    /* Halfway cases: 2^53 + 1 goes to even, a digit far behind decides. */
    check(parsed("9007199254740993") == 9007199254740992 &&
              parsed("9007199254740993.00000000000000000000000000000000000000000001") == 9007199254740994,
          "ties and just past them");
    char text[2000] = "0.";
    /* Half of the smallest double, exactly: 751 digits behind 323 zeros, from 2^-1075 = 5^1075 / 10^1075. */
    unsigned char digit[1100] = {1};
    size_t count = 1;
    for (int i = 0; i < 1075; i++) {
        unsigned carry = 0;
        for (size_t j = 0; j < count; j++) {
            carry += digit[j] * 5u;
            digit[j] = (unsigned char)(carry % 10);
            carry /= 10;
        }
        if (carry != 0)
            digit[count++] = (unsigned char)carry;
    }
    memset(text + 2, '0', 1075 - count);
    for (size_t i = 0; i < count; i++)
        text[2 + 1075 - 1 - i] = (char)('0' + digit[i]);
    text[2 + 1075] = '\0';
    check(parsed(text) == 0, "half of the smallest double goes to even: zero");
    memcpy(text + 2 + 1075, "000000000000000000000000000000000000000000000000001", 52);
    check(parsed(text) == 0x1p-1074, "the least more goes to the smallest double");
    static const char *const bad[] = {"",    "-",   "01",  "1.", ".5", "+1",    "1e",
                                      "nan", "inf", "0x1", "1 ", " 1", "1e309", "-1e309"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        check(isnan(parsed(bad[i])), "'%s' is refused", bad[i]);
}

static void test_int(void)
{
    struct error error = {0};
    int64_t value = 7;
    check(num_parse_int(&value, "-9223372036854775808", INT64_MIN, INT64_MAX, &error) == 0 && value == INT64_MIN,
          "the lowest integer");
    check(num_parse_int(&value, "12", 1, 12, &error) == 0 && value == 12, "an integer at its bound");
    check(num_parse_int(&value, "13", 1, 12, &error) == -1 && value == 12, "past its bound");
    check_text(error.text, "13 is not between 1 and 12", "the message names the range");
    error_clear(&error);
    check(num_parse_int(&value, "9223372036854775808", INT64_MIN, INT64_MAX, &error) == -1, "past 64 bits");
    static const char *const bad[] = {"", "-", "1.0", "1e3", " 1", "1 ", "+1", "x"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        error_clear(&error);
        check(num_parse_int(&value, bad[i], INT64_MIN, INT64_MAX, &error) == -1 && error.code == EXIT_USAGE,
              "'%s' is not a whole number", bad[i]);
    }
}

/* "f BITS": the text of a double; "p TEXT": the bits of a number, "!" when refused. */
static void answer(char *line, char *out, size_t size)
{
    struct error error = {0};
    double value = 0;
    uint64_t bits;
    if (line[0] == 'f') {
        bits = strtoull(line + 2, NULL, 16);
        memcpy(&value, &bits, sizeof value);
        num_format(out, value);
    } else if (num_parse(&value, line + 2, strlen(line + 2), &error) != 0) {
        (void)snprintf(out, size, "!");
    } else {
        memcpy(&bits, &value, sizeof bits);
        (void)snprintf(out, size, "%016llx", (unsigned long long)bits);
    }
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "operations") == 0)
        return operations_serve(answer);
    test_format();
    test_parse();
    test_int();
    return done();
}
