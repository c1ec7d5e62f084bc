/* The expression language: what tn-expr(7) says, case by case. Answers worked out by hand. */
#include "expr/expr.h"
#include "operations.h"
#include "record/record.h"
#include "tap.h"

#include <stdlib.h>

static struct record record;
static struct buf scratch;

static void scan(const char *line)
{
    struct error error = {0};
    record.scratch = &scratch;
    if (record_scan(&record, line, strlen(line), &error) != 0)
        check(false, "%s: %s", line, error.text);
}

/* "yes", "no", or the message. */
static const char *ask(const char *text)
{
    static char answer[1024];
    struct error error = {0};
    struct expr *expr = expr_parse(text, &error);
    const int result = expr == NULL ? -1 : expr_test(expr, &record, &error);
    expr_free(expr);
    if (result >= 0)
        return result == 1 ? "yes" : "no";
    if (error.code != (expr == NULL ? EXIT_USAGE : EXIT_INPUT))
        return "the wrong exit code";
    (void)snprintf(answer, sizeof answer, "%s%s%s", error.text, error.hint[0] != '\0' ? " — " : "", error.hint);
    return answer;
}

static void expect(const char *text, const char *answer)
{
    check_text(ask(text), answer, text);
}

static const char bar[] =
    "{\"type\":\"bar\",\"time\":\"2024-01-02T14:30:00Z\",\"symbol\":\"AAPL\",\"interval\":\"1m\",\"open\":187.15,"
    "\"high\":188.44,\"low\":0.1,\"close\":100.00000001,\"volume\":82488700,\"rsi_14\":57.123456789012345,"
    "\"sma_50\":null,\"final\":true,\"note\":\"say \\\"hi\\\"\",\"big\":123456789012345678,\"third\":0.333333333333,"
    "\"bbands_20_2.5_upper\":190,\"tags\":[1],\"more\":{\"a\":1},\"start\":\"2024-01-02T09:30:00-05:00\",\"word\":"
    "\"2024-13\"}";

static void test_comparison(void)
{
    scan(bar);
    static const char *const yes[] = {"close > 100",
                                      "close >= 100.00000001",
                                      "close == 100.00000001",
                                      "close = 1.0000000001e2",
                                      "close != 100",
                                      "low <= 0.1",
                                      "100 < close",
                                      "volume == 82488700.0",
                                      "close < open",
                                      "rsi_14 == 57.123456789012345",
                                      "rsi_14 > 57.1234",
                                      "symbol == 'AAPL'",
                                      "symbol = \"AAPL\"",
                                      "symbol < 'AB'",
                                      "symbol > 'AAP'",
                                      "symbol != 'aapl'",
                                      "final",
                                      "final == true",
                                      "final != false",
                                      "note == 'say \"hi\"'",
                                      "note == \"say \\\"hi\\\"\"",
                                      "note == note",
                                      "bbands_20_2.5_upper == 190",
                                      "big > 123456789012345600",
                                      "-1 < 0",
                                      "close > -0.5"};
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
        expect(yes[i], "yes");
    static const char *const no[] = {"close > 100.00000001", "close < 100",    "close == 100", "symbol == 'MSFT'",
                                     "symbol > 'AAPL '",     "final == false", "not final",    "!final",
                                     "symbol == ''"};
    for (size_t i = 0; i < sizeof no / sizeof *no; i++)
        expect(no[i], "no");
    /* 0.1 + 0.2 is 0.3 here, as it is not in doubles; 9007199254740993 is not 9007199254740992 where it fits. */
    expect("low + 0.2 == 0.3", "yes");
    expect("low * 3 == 0.3", "yes");
    expect("92233720368.54775807 == 92233720368.54775806", "no");
}

static void test_time(void)
{
    scan(bar);
    expect("time >= '2024-01-02'", "yes");
    expect("time < '2024-01-03'", "yes");
    expect("time == '2024-01-02T15:30:00+01:00'", "yes");
    expect("time == start", "yes");
    expect("start >= '2024-01-02T14:30:00.000000001Z'", "no");
    expect("time > '2024-01-02T14'", "yes"); /* that is no time: by bytes, where the longer one is behind */
    expect("time < '2024-02'", "yes");
    expect("time < '2024-02-30'", "time < '2024-02-30', column 8: '2024-02-30' is not a date");
}

static void test_logic(void)
{
    scan(bar);
    /* Kleene's tables: U is a comparison with what is not known. The answer of U is no, that of `not U` too. */
    static const struct {
        const char *text, *answer;
    } cases[] = {{"true and true", "yes"},
                 {"true and false", "no"},
                 {"false or true", "yes"},
                 {"false or false", "no"},
                 {"sma_50 > 1", "no"},
                 {"not sma_50 > 1", "no"},
                 {"sma_50 > 1 and true", "no"},
                 {"not (sma_50 > 1 and true)", "no"},
                 {"not (sma_50 > 1 and false)", "yes"},
                 {"not (false and sma_50 > 1)", "yes"},
                 {"sma_50 > 1 or true", "yes"},
                 {"true or sma_50 > 1", "yes"},
                 {"not (sma_50 > 1 or false)", "no"},
                 {"absent", "no"},
                 {"absent == 1", "no"},
                 {"absent != 1", "no"},
                 {"absent + 1 > 0", "no"},
                 {"abs(absent) >= 0", "no"},
                 {"max(1, absent) > 0", "no"},
                 {"absent == null", "yes"},
                 {"sma_50 == null", "yes"},
                 {"null != sma_50", "no"},
                 {"close != null", "yes"},
                 {"tags != null and more != null", "yes"},
                 {"sma_50 + 1 = null", "yes"},
                 {"null", "no"},
                 {"null == null", "yes"},
                 {"close > 100 && volume > 1000 || false", "yes"},
                 {"true or false and false", "yes"}, /* and binds tighter */
                 {"(true or false) and false", "no"},
                 {"not false and true", "yes"},
                 {"not close > 1000", "yes"},
                 {"not not true", "yes"},
                 {"symbol == 'MSFT' and symbol > 1", "no"}, /* the second side is left alone */
                 {"(close > open) == false", "yes"},
                 {"(close > 1 and sma_50 > 1) == null", "yes"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect(cases[i].text, cases[i].answer);
}

static void test_arithmetic(void)
{
    scan(bar);
    static const char *const yes[] = {"1 + 2 * 3 == 7",
                                      "(1 + 2) * 3 == 9",
                                      "10 - 2 - 3 == 5",
                                      "100 / 10 / 5 == 2",
                                      "7 % 4 == 3",
                                      "-7 % 4 == -3",
                                      "7.5 % 2 == 1.5",
                                      "--1 == 1",
                                      "-(1 + 1) == -2",
                                      "2 - -1 == 3",
                                      "1 / 3 > 0.33333333 and 1 / 3 < 0.33333334",
                                      "(high - low) / open > 1",
                                      "abs(-3.5) == 3.5",
                                      "abs(low - high) == high - low",
                                      "max(1, 3, 2) == 3",
                                      "min(open, high, low) == low",
                                      "max(abs(open - close), 0.01) > 87",
                                      "1 / 0 == null",
                                      "1 % 0 == null",
                                      "1e308 * 10 == null",
                                      "92233720368 + 92233720368 == 184467440736",
                                      "big * 2 > big",
                                      "0.00000001 * 0.5 == 5e-9",
                                      "third * 3 < 1"};
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
        expect(yes[i], "yes");
}

static void test_refusals(void)
{
    scan(bar);
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"symbol > 100", "'symbol' is text and '100' is a number: they cannot be compared"},
        {"final > close", "'final' is true or false and 'close' is a number: they cannot be compared"},
        {"final < final", "'final' is true or false and 'final' is true or false: they cannot be compared"},
        {"tags == 1", "'tags' is an array and '1' is a number: they cannot be compared"},
        {"symbol + 1 > 2", "'symbol' is text; a number is needed"},
        {"close", "'close' is a number; true or false is needed"},
        {"close and true", "'close' is a number; true or false is needed"},
        {"-symbol > 1", "'symbol' is text; a number is needed"},
        {"max(1, symbol) > 1", "'symbol' is text; a number is needed"},
        {"", "the expression is empty"},
        {"   ", "the expression is empty"},
        {"close >", "close >, column 8: a field or value is missing"},
        {"close >> 100", "close >> 100, column 8: a field or value is missing before '>'"},
        {"(close > 1", "(close > 1, column 11: ')' is missing"},
        {"close > 1)", "close > 1), column 10: an operator is missing before ')'"},
        {"close > 1 AND open > 1",
         "close > 1 AND open > 1, column 11: an operator is missing before 'AND' — did you mean 'and'?"},
        {"close > 1 adn open > 1",
         "close > 1 adn open > 1, column 11: an operator is missing before 'adn' — did you mean 'and'?"},
        {"close <> 1", "close <> 1, column 7: '<>' is not an operator — write !="},
        {"close > 1 & open > 1", "close > 1 & open > 1, column 11: '&' is not an operator — write and"},
        {"close => 1", "close => 1, column 7: '=>' is not an operator — write >="},
        {"close > .5", "close > .5, column 9: '.5' is not a number — write 0.5"},
        {"close > 01", "close > 01, column 9: '01' is not a number"},
        {"close > 5x", "close > 5x, column 9: '5x' is not a number"},
        {"close > 1e999", "close > 1e999, column 9: '1e999' is too large"},
        {"close > $1", "close > $1, column 9: unexpected '$'"},
        {"close > é", "close > é, column 9: unexpected 'é'"},
        {"'é' == 'x", "'é' == 'x, column 8: the text has no closing '"},
        {"symbol == 'a\\n'", "symbol == 'a\\n', column 13: a backslash must precede a quote or a backslash"},
        {"sma(20) > 1", "sma(20) > 1, column 1: no function 'sma' — an expression sees one record only; "
                        "tn-signal scan sees past bars"},
        {"mix(1, 2) > 1", "mix(1, 2) > 1, column 1: no function 'mix' — did you mean 'max'?"},
        {"abs(1, 2) > 1", "abs(1, 2) > 1, column 1: abs takes 1 argument, not 2"},
        {"max(1) > 1", "max(1) > 1, column 1: max takes 2 to 8 arguments, not 1"},
        {"max(1, 2", "max(1, 2, column 9: a comma or ')' is missing"},
        {"1 < close < 5", "1 < close < 5, column 11: a comparison has two sides — write a < b and b < c"},
        {"close + 1", "'close + 1' is a number, not a condition — compare it with something: close > 100"},
        {"'text'", "''text'' is text, not a condition — compare it with something: close > 100"},
        {"close > 'a' + 1", "close > 'a' + 1, column 9: ''a'' is text; a number is needed"},
        {"'a' > 1", "'a' > 1, column 1: ''a'' is text and '1' is a number: they cannot be compared"},
        {"close + 1 and true", "close + 1 and true, column 1: 'close + 1' is a number; true or false is needed"},
        {"close > null", "close > null, column 9: null can only be == or !="},
        {"true < final", "true < final, column 1: true or false can only be == or !="},
        {"type == bar",
         "type == bar, column 9: 'bar' without quotes is the name of a field — write \"bar\" with quotes"},
        {"symbol == AAPL",
         "symbol == AAPL, column 11: 'AAPL' without quotes is the name of a field — write \"AAPL\" with quotes"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect(cases[i].text, cases[i].message);

    char text[EXPR_TEXT_MAX + 2];
    memset(text, '(', sizeof text - 1);
    text[200] = '\0';
    check(strstr(ask(text), "nested deeper than 64") != NULL, "deep parentheses are refused");
    memset(text, '-', 200);
    check(strstr(ask(text), "nested deeper than 64") != NULL, "many signs are refused");
    memset(text, '!', 200);
    check(strstr(ask(text), "nested deeper than 64") != NULL, "many negations are refused");
    memset(text, ' ', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    expect(text, "an expression has at most 4096 bytes");
    for (int i = 0; i < 600; i++)
        memcpy(text + 2 * i, i % 2 == 0 ? "1+" : "2*", 3);
    memcpy(text + 1200, "1>0", 4);
    check(strstr(ask(text), "at most 512 parts") != NULL, "many parts are refused");
    for (int i = 0; i < 120; i++)
        memcpy(text + 9 * i, "(1>0) or ", 10);
    text[9 * 120 - 4] = '\0';
    check_text(ask(text), "yes", "an expression of 480 parts");
}

/* The place of a field is remembered: lines of other shapes must not be misread by it. */
static void test_changing_lines(void)
{
    struct error error = {0};
    struct expr *expr = expr_parse("close > 100 and symbol == 'A'", &error);
    scan("{\"type\":\"bar\",\"symbol\":\"A\",\"close\":101}");
    check(expr_test(expr, &record, &error) == 1, "first line");
    scan("{\"type\":\"bar\",\"close\":101,\"symbol\":\"A\"}");
    check(expr_test(expr, &record, &error) == 1, "fields in another order");
    scan("{\"type\":\"bar\"}");
    check(expr_test(expr, &record, &error) == 0, "no fields");
    scan("{\"type\":\"bar\",\"closed\":999,\"close\":99,\"symbol\":\"A\"}");
    check(expr_test(expr, &record, &error) == 0, "a longer name in its place");
    scan("{\"type\":\"bar\",\"close\":1e999,\"symbol\":\"A\"}");
    check(expr_test(expr, &record, &error) == -1 && error.code == EXIT_INPUT, "a number out of range is an error");
    check_text(error.text, "field 'close': '1e999' is too large", "and the message names the field");
    expr_free(expr);
    expr_free(NULL);
}

static void test_missing_field(void)
{
    struct error error = {0};
    struct expr *expr = expr_parse("close > 100 and (clsoe > 1 or vwap == null)", &error);
    require(expr != NULL);
    check(expr_missing_field(expr) == NULL, "no record, no missing field");
    scan("{\"type\":\"bar\",\"close\":99}");
    (void)expr_test(expr, &record, &error);
    check(expr_missing_field(expr) == NULL, "a field that was not asked for is not missing");
    scan("{\"type\":\"bar\",\"close\":101}");
    (void)expr_test(expr, &record, &error);
    check(expr_missing_field(expr) != NULL, "one that was and is nowhere is");
    check_text(expr_missing_field(expr), "clsoe", "by its name; vwap, compared with null, may be absent");
    scan("{\"type\":\"bar\",\"close\":101,\"clsoe\":2}");
    (void)expr_test(expr, &record, &error);
    check(expr_missing_field(expr) == NULL, "one record that has it is enough");
    expr_free(expr);
}

/* "EXPRESSION<tab>RECORD": yes, no, or "!" when the record does not fit; anything else is a message. */
static void answer(char *line, char *out, size_t size)
{
    struct error error = {0};
    char *tab = strchr(line, '\t');
    const char *text = "no tab";
    if (tab != NULL) {
        *tab = '\0';
        scan(tab + 1);
        struct expr *expr = expr_parse(line, &error);
        const int result = expr == NULL ? -2 : expr_test(expr, &record, &error);
        text = result == 1 ? "yes" : result == 0 ? "no" : result == -1 ? "!" : error.text;
        expr_free(expr);
    }
    (void)snprintf(out, size, "%s", text);
}

int main(int argc, char **argv)
{
    buf_init(&scratch, 1 << 20);
    if (argc > 1 && strcmp(argv[1], "operations") == 0)
        return operations_serve(answer);
    test_comparison();
    test_time();
    test_logic();
    test_arithmetic();
    test_refusals();
    test_changing_lines();
    test_missing_field();
    buf_clear(&scratch);
    return done();
}
