/* Tables: the expected texts are written by hand from the rules in table.h and RFC 4180. */
#include "tap.h"

#include "base/time.h"
#include "show/table.h"

#include <math.h>
#include <string.h>

static struct error error;

static const struct column columns[] = {
    {.key = "symbol", .kind = COLUMN_TEXT},
    {.key = "entered", .kind = COLUMN_TIME},
    {.key = "price", .kind = COLUMN_DEC, .digits = 2},
    {.key = "pnl", .title = "P&L", .kind = COLUMN_DEC, .sign = true},
    {.key = "share", .kind = COLUMN_FRACTION, .digits = 1},
    {.key = "ratio", .kind = COLUMN_DOUBLE, .digits = 2, .sign = true},
    {.key = "n", .kind = COLUMN_COUNT},
    {.key = "extra", .kind = COLUMN_RAW, .data_only = true},
    {.key = "note", .kind = COLUMN_TEXT},
};

static struct table *sample(void)
{
    struct table *table = table_new("sample", columns, 9, &error);
    table_text(table, "AAPL");
    table_time(table, INT64_C(1605882600) * TIME_SECOND); /* 2020-11-20T14:30:00Z */
    table_dec(table, 101 * DEC_ONE + DEC_ONE / 2);
    table_dec(table, -3 * DEC_ONE);
    table_double(table, 0.0534);
    table_double(table, 1.005);
    table_count(table, 12);
    table_text(table, "{\"a\":1}");
    table_text(table, "plain");
    table_text(table, "日本");
    table_time(table, TIME_NONE);
    table_dec(table, 7 * DEC_ONE + DEC_ONE / 8);
    table_dec(table, 12 * DEC_ONE + DEC_ONE / 4);
    table_double(table, NAN);
    table_double(table, -0.0001);
    table_count(table, 0);
    table_none(table);
    table_text(table, "say \"x, y\"\n=1");
    return table;
}

static const char *rendered(const struct table *table, const struct style *style)
{
    static struct buf out = {.maximum = 1 << 20};
    buf_reset(&out);
    if (table_render(table, style, &out, &error) != 0)
        return error.text;
    return out.p == NULL ? "" : out.p;
}

static void test_formats(void)
{
    struct table *table = sample();
    struct style style = {.format = FORMAT_TABLE};
    check(table_rows(table) == 2, "two rows");
    check_text(rendered(table, &style),
               "symbol  entered             price     P&L  share  ratio   n  note\n"
               "AAPL    2020-11-20 14:30  101.500   -3.00  5.3 %  +1.00  12  plain\n"
               "日本    –                   7.125  +12.25      –   0.00   0  say \"x, y\" =1\n",
               "aligned: points under points, wide characters take two cells, nothing is -0");
    style.format = FORMAT_JSON;
    check_text(
        rendered(table, &style),
        "{\"type\":\"sample\",\"symbol\":\"AAPL\",\"entered\":\"2020-11-20T14:30:00Z\",\"price\":101.5,\"pnl\":-3,"
        "\"share\":0.0534,\"ratio\":1.005,\"n\":12,\"extra\":{\"a\":1},\"note\":\"plain\"}\n"
        "{\"type\":\"sample\",\"symbol\":\"日本\",\"entered\":null,\"price\":7.125,\"pnl\":12.25,\"share\":null,"
        "\"ratio\":-0.0001,\"n\":0,\"extra\":null,\"note\":\"say \\\"x, y\\\"\\n=1\"}\n",
        "JSON: stable keys, exact figures, null for what is not known");
    style.format = FORMAT_CSV;
    check_text(rendered(table, &style),
               "symbol,entered,price,pnl,share,ratio,n,extra,note\n"
               "AAPL,2020-11-20T14:30:00Z,101.5,-3,0.0534,1.005,12,\"{\"\"a\"\":1}\",plain\n"
               "日本,,7.125,12.25,,-0.0001,0,,\"say \"\"x, y\"\"\n=1\"\n",
               "CSV: RFC 4180 quoting");
    style.format = FORMAT_TSV;
    check_text(rendered(table, &style),
               "symbol\tentered\tprice\tpnl\tshare\tratio\tn\textra\tnote\n"
               "AAPL\t2020-11-20T14:30:00Z\t101.5\t-3\t0.0534\t1.005\t12\t\"{\"\"a\"\":1}\"\tplain\n"
               "日本\t\t7.125\t12.25\t\t-0.0001\t0\t\t\"say \"\"x, y\"\"\n=1\"\n",
               "TSV: the same with tabs");
    style = (struct style){.format = FORMAT_TABLE, .ascii = true, .zone = zone_open("America/New_York", &error)};
    check_text(rendered(table, &style),
               "symbol  entered             price     P&L  share  ratio   n  note\n"
               "AAPL    2020-11-20 09:30  101.500   -3.00  5.3 %  +1.00  12  plain\n"
               "??      -                   7.125  +12.25      -   0.00   0  say \"x, y\" =1\n",
               "ASCII only, and times in New York");
    zone_free(style.zone);
    table_free(table);
}

static void test_hostile(void)
{
    static const struct column one[] = {{.key = "t", .kind = COLUMN_TEXT}};
    static const char *const text[] = {"=1+1", "+x", "-x", "@x", "-12.5", "+3", "\tx", "a=b", "\rx"};
    struct table *table = table_new(NULL, one, 1, &error);
    for (size_t i = 0; i < sizeof text / sizeof *text; i++)
        table_text(table, text[i]);
    struct style style = {.format = FORMAT_CSV};
    check_text(rendered(table, &style), "t\n'=1+1\n'+x\n'-x\n'@x\n-12.5\n+3\n'\tx\na=b\n\"'\rx\"\n",
               "fault-075: cells that a spreadsheet would run are prefixed, numbers are not");
    table_free(table);

    table = table_new(NULL, one, 1, &error);
    table_text(table, "a\033[31mred\033]0;title\007b\x7f\x01");
    table_text(table, "c\302\233"
                      "2Jd\342\200\256e");
    style.format = FORMAT_TABLE;
    check_text(rendered(table, &style), "t\naredb\nc2Jde\n", "fault-076: terminal escapes are stripped");
    style = (struct style){.format = FORMAT_CSV, .terminal = true};
    check_text(rendered(table, &style), "t\naredb\nc2Jde\n", "fault-076: of data that go to a terminal, too");
    style.format = FORMAT_JSON;
    check_text(rendered(table, &style), "{\"t\":\"aredb\"}\n{\"t\":\"c2Jde\"}\n", "fault-076: and of JSON");
    style.terminal = false;
    check(strstr(rendered(table, &style), "\\u001b[31mred") != NULL, "fault-082: elsewhere data are whole");
    table_free(table);
}

static void test_colour(void)
{
    static const struct column two[] = {{.key = "a", .kind = COLUMN_DEC, .sign = true},
                                        {.key = "b_c", .kind = COLUMN_TEXT}};
    struct table *table = table_new(NULL, two, 2, &error);
    table_dec(table, DEC_ONE);
    table_text(table, "x");
    table_tone(table, TONE_WARNING);
    table_dec(table, -DEC_ONE);
    table_text(table, "y");
    const struct style style = {.format = FORMAT_TABLE, .color = true};
    check_text(rendered(table, &style),
               " \033[1ma\033[0m  \033[1mb c\033[0m\n\033[32m+1\033[0m  \033[33mx\033[0m\n\033[31m-1\033[0m  y\n",
               "colour goes with signs, never alone");
    table_free(table);

    static const struct column some[] = {{.key = "a", .kind = COLUMN_TEXT},
                                         {.key = "b", .kind = COLUMN_TEXT, .optional = true},
                                         {.key = "c", .kind = COLUMN_TEXT, .right = true}};
    table = table_new(NULL, some, 3, &error);
    table_text(table, "x");
    table_none(table);
    table_text(table, "1 %");
    check_text(rendered(table, &(struct style){.format = FORMAT_TABLE}), "a    c\nx  1 %\n",
               "an optional column without a value is left out, text may stand right");
    check_text(rendered(table, &(struct style){.format = FORMAT_CSV}), "a,b,c\nx,,1 %\n", "but not of the data");
    table_free(table);

    table = table_new("none", two, 2, &error);
    check_text(rendered(table, &(struct style){.format = FORMAT_JSON}), "", "no rows are no JSON lines");
    check_text(rendered(table, &(struct style){.format = FORMAT_CSV}), "a,b_c\n", "and a CSV with its heading");
    table_free(table);
}

/* symbol(6) entered(16) price(6) why(12) id(3): 43 and 4 gaps of 2 are 51 wide. Without why (folded) 37; without id,
 * whose rank is highest, 32; hours less, 26; without price 18. */
static void test_width(void)
{
    static const struct column some[] = {{.key = "symbol", .kind = COLUMN_TEXT},
                                         {.key = "entered", .kind = COLUMN_TIME, .rank = 1},
                                         {.key = "price", .kind = COLUMN_DEC, .digits = 2, .rank = 2},
                                         {.key = "why", .kind = COLUMN_TEXT, .fold = true},
                                         {.key = "id", .kind = COLUMN_COUNT, .rank = 9}};
    struct table *table = table_new(NULL, some, 5, &error);
    table_text(table, "AAPL");
    table_time(table, INT64_C(1605882600) * TIME_SECOND);
    table_dec(table, 101 * DEC_ONE + DEC_ONE / 2);
    table_text(table, "stop of 95.5");
    table_count(table, 123);
    static const struct {
        int width;
        const char *expected;
    } rows[] = {
        {51,
         "symbol  entered            price  why            id\nAAPL    2020-11-20 14:30  101.50  stop of 95.5  123\n"},
        {50, "symbol  entered            price   id\nAAPL    2020-11-20 14:30  101.50  123\n    stop of 95.5\n"},
        {36, "symbol  entered            price\nAAPL    2020-11-20 14:30  101.50\n    stop of 95.5\n"
             "not shown, too narrow: id (-O csv\n    has all)\n"},
        {31, "symbol  entered      price   id\nAAPL    2020-11-20  101.50  123\n    stop of 95.5\n"},
        {20, "symbol  entered\nAAPL    2020-11-20\n    stop of 95.5\nnot shown, too narrow:\n    price, id (-O csv\n   "
             " has "
             "all)\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct style style = {.format = FORMAT_TABLE, .width = rows[i].width};
        check(strcmp(rendered(table, &style), rows[i].expected) == 0, "%d columns wide", rows[i].width);
    }
    const struct style style = {.format = FORMAT_CSV, .width = 20};
    check_text(rendered(table, &style),
               "symbol,entered,price,why,id\nAAPL,2020-11-20T14:30:00Z,101.5,stop of 95.5,123\n",
               "data have all, whatever the width");
    table_free(table);
}

/* what(4) a(3) b(3) c(3): 19 with their gaps; of 14 only two fit beside the first. */
static void test_stack(void)
{
    static const struct column some[] = {{.key = "what", .kind = COLUMN_TEXT},
                                         {.key = "a", .kind = COLUMN_COUNT},
                                         {.key = "b", .kind = COLUMN_COUNT},
                                         {.key = "c", .kind = COLUMN_COUNT}};
    struct table *table = table_new(NULL, some, 4, &error);
    table_stack(table);
    table_text(table, "days");
    for (int i = 1; i <= 3; i++)
        table_count(table, 111 * i);
    check_text(rendered(table, &(struct style){.format = FORMAT_TABLE, .width = 19}),
               "what    a    b    c\ndays  111  222  333\n", "side by side where there is room");
    check_text(rendered(table, &(struct style){.format = FORMAT_TABLE, .width = 14}),
               "what    a    b\ndays  111  222\n\nwhat    c\ndays  333\n", "else below each other");
    check_text(rendered(table, &(struct style){.format = FORMAT_TABLE, .width = 5}),
               "what    a\ndays  111\n\nwhat    b\ndays  222\n\nwhat    c\ndays  333\n", "one at least");
    table_free(table);
}

int main(void)
{
    test_stack();
    test_width();
    test_formats();
    test_hostile();
    test_colour();
    return done();
}
